"""Files that would be waited for, have no end, or take too long or too much memory: each is answered, and the next."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from hashlib import sha256
from importlib import resources
from pathlib import Path

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.certificates.certificate import certify
from emtheory.reports.certificates.file import MAX_BYTES, read_certificate
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.reports.certificates.forgeries import sealed
from tests.reports.conftest import Run

POINT = Claim("point", "posterior_power(m=1) > 0", k=(2,), weights=("4/5", "1/5"), radius="1")
UNENDING = "exp(log(posterior_power(m=1))) >= posterior_power(m=1)"
"""Both sides are equal, which no digits show."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A true certificate, after such that are none, in the order of their names."""
    os.mkfifo(tmp_path / "a-pipe.json")
    (tmp_path / "b-endless.json").symlink_to("/dev/zero")
    (tmp_path / "c-terminal.json").symlink_to("/dev/tty")
    (tmp_path / "z-true.json").write_text(sealed(certify(POINT, decide_claim(POINT))))
    return tmp_path


def of_many_components(statement: str, k: int) -> str:
    """A certificate that says that a statement holds for k components, and nothing about why."""
    document = deepcopy(certify(POINT, decide_claim(POINT)))
    document["claim"] |= {"k": [k], "weights": f"one-heavy:1/{2 * k}", "statement": statement}
    (case,) = document["cases"]
    weights = [f"1/{2 * k}", *[f"{2 * k - 1}/{2 * k * (k - 1)}"] * (k - 1)]
    case |= {"k": k, "d": k - 1, "weights_sha256": sha256(",".join(weights).encode()).hexdigest()}
    (cell,) = case["cells"]
    anything = {"lower": "-inf", "upper": "inf"}
    link = cell["comparisons"][0] | {"comparison": statement, "margin": None, "left": anything, "right": anything}
    cell |= {"quantities": [], "comparisons": [link]}
    return sealed(document | {"margin": None})


Verify = Callable[..., dict[str, tuple[str, str]]]


@pytest.fixture
def verify(run: Run) -> Verify:
    """What `emtheory verify` says: name of a file → outcome and reason."""

    def outcomes(*arguments: object) -> dict[str, tuple[str, str]]:
        result = run("verify", "--json", *arguments)
        found = json.loads(result.out)["certificates"]
        said = {Path(each["file"]).name: (each["outcome"], each["reason"]) for each in found}
        codes = {"rejected": 1, "bad": 2, "not decided": 6, "not covered": 4, "accepted": 0}
        assert result.code == next(codes[name] for name in codes if name in [outcome for outcome, _ in said.values()])
        return said

    return outcomes


def test_what_is_no_regular_file_is_not_read(folder: Path, run: Run, verify: Verify) -> None:
    assert [outcome for outcome, _ in verify(folder).values()] == ["bad", "bad", "bad", "accepted"]
    found = json.loads(run("replay", folder, "--json").out)["certificates"]
    assert [each["ok"] for each in found] == [False, False, False, True]
    assert all("no regular file" in each["problem"] or "cannot be read" in each["problem"] for each in found[:3])


def test_data_that_have_no_end_are_not_read(folder: Path, run: Run) -> None:
    (folder / "data.csv").write_text("0.5,1\n-1,0.25\n0.75,-0.5\n1,1\n")
    case = ("--k", "3", "--weights", "1/2,3/10,1/5", "--radius", "1/100")
    assert run("certify-data", folder / "data.csv", *case, "--out", folder, "--json").code in (0, 4)
    (certificate,) = folder.glob("data*.json")
    for name in ("a-pipe.json", "b-endless.json"):
        assert run("replay", certificate, "--data", folder / name).code == 2
        (folder / name).rename(folder / f"{name}.csv")
        refused = run("certify-data", folder / f"{name}.csv", *case)
        refused.assert_one_line_error(2, "no regular file")


def test_limits_end_what_takes_too_long_or_has_no_end(folder: Path, verify: Verify) -> None:
    (folder / "long.json").write_text(of_many_components(UNENDING.replace(">= p", f">= {'1*' * 300}p"), 40))
    (folder / "equal.json").write_text(of_many_components(UNENDING, 2))
    said = verify("--timeout", "0.5", folder / "long.json", folder / "z-true.json")
    assert said["long.json"] == ("not decided", "it takes longer than 0.5 s")
    assert said["z-true.json"][0] == "accepted"
    assert verify(folder / "equal.json")["equal.json"][0] == "not decided"


def test_limits_end_what_takes_too_much_memory(folder: Path, verify: Verify) -> None:
    (folder / "large.json").write_text(f"[{'[],' * 1_300_000}[]]")
    (folder / "y.json").write_bytes((folder / "z-true.json").read_bytes())
    files = [folder / name for name in ("y.json", "large.json", "z-true.json")]
    said = verify("--memory", "120", *files)
    assert said["large.json"] == ("not decided", "it takes too much memory")
    assert said["y.json"][0] == said["z-true.json"][0] == "accepted"
    assert verify(folder / "large.json")["large.json"][0] == "bad"


def test_whoever_reads_may_stop(folder: Path) -> None:
    """As `head` does, after a line: there is no traceback."""
    read, write = os.pipe()
    os.close(read)
    program = resources.files("emtheory.reports.certificates") / "verify"
    command = [sys.executable, str(program), str(folder / "z-true.json")]
    made = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (made.returncode, made.stderr) == (141, "")


def test_other_files_are_not_certificates(tmp_path: Path) -> None:
    path, start = tmp_path / "x.json", b'{"format": "emtheory certificate", "version": '
    for content in (
        *(b"", b"hello", b'{"schema": 1}', b"[1, 2]", b"7", b"[" * 200_000, b"\xff\xfe{}", b" " * (MAX_BYTES + 1)),
        *(start + rest for rest in (b"NaN}", b"1" * 10_000 + b"}", b'1, "version": 1}', b'1, "x":' + b'{"a":' * 10**5)),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"x\.json: "):
            read_certificate(path)
