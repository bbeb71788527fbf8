"""Files that would be waited for, have no end, or take too long or too much memory: each is answered, and the next."""

import json
import os
import subprocess
import sys
from copy import deepcopy
from hashlib import sha256
from importlib import resources
from pathlib import Path

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.certificates.certificate import certify
from emtheory.reports.certificates.file import MAX_BYTES, read_certificate
from emtheory.reports.cli import main
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.reports.certificates.forgeries import sealed

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


def outcomes(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, tuple[str, str]]:
    """What `emtheory verify` says: name of a file → outcome and reason."""
    capsys.readouterr()
    code = main(["verify", "--json", *map(str, arguments)])
    found = json.loads(capsys.readouterr().out)["certificates"]
    said = {Path(each["file"]).name: (each["outcome"], each["reason"]) for each in found}
    codes = {"rejected": 1, "bad": 2, "not decided": 6, "not covered": 4, "accepted": 0}
    assert code == next(codes[name] for name in codes if name in [outcome for outcome, _ in said.values()])
    return said


def test_what_is_no_regular_file_is_not_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = outcomes(capsys, folder)
    assert [outcome for outcome, _ in said.values()] == ["bad", "bad", "bad", "accepted"]
    assert main(["replay", str(folder), "--json"]) == 2
    found = json.loads(capsys.readouterr().out)["certificates"]
    assert [each["ok"] for each in found] == [False, False, False, True]
    assert all("no regular file" in each["problem"] or "cannot be read" in each["problem"] for each in found[:3])


def test_data_that_have_no_end_are_not_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data.csv").write_text("0.5,1\n-1,0.25\n0.75,-0.5\n1,1\n")
    command = ["certify-data", str(folder / "data.csv"), "--k", "3", "--weights", "1/2,3/10,1/5", "--radius", "1/100"]
    assert main([*command, "--out", str(folder), "--json"]) in (0, 4)
    (certificate,) = folder.glob("data*.json")
    for name in ("a-pipe.json", "b-endless.json"):
        assert main(["replay", str(certificate), "--data", str(folder / name)]) == 2
        (folder / name).rename(folder / f"{name}.csv")
        assert main([*command[:1], str(folder / f"{name}.csv"), *command[2:]]) == 2
    assert "no regular file" in capsys.readouterr().err


def test_limits_end_what_takes_too_long(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "long.json").write_text(of_many_components(UNENDING.replace(">= p", f">= {'1*' * 300}p"), 40))
    said = outcomes(capsys, "--timeout", "0.5", folder / "long.json", folder / "z-true.json")
    assert said["long.json"] == ("not decided", "it takes longer than 0.5 s")
    assert said["z-true.json"][0] == "accepted"


def test_limits_end_what_takes_too_much_memory(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "large.json").write_text(f"[{'[],' * 2_000_000}[]]")
    (folder / "y.json").write_bytes((folder / "z-true.json").read_bytes())
    files = [folder / name for name in ("y.json", "large.json", "z-true.json")]
    said = outcomes(capsys, "--memory", "150", *files)
    assert said["large.json"] == ("not decided", "it takes too much memory")
    assert said["y.json"][0] == said["z-true.json"][0] == "accepted"
    assert outcomes(capsys, *files)["large.json"][0] == "bad"


def test_effort_has_an_end(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "equal.json").write_text(of_many_components(UNENDING, 2))
    assert outcomes(capsys, folder / "equal.json")["equal.json"][0] == "not decided"


def test_whoever_reads_may_stop(folder: Path) -> None:
    """As `head` does, after a line: there is no traceback."""
    read, write = os.pipe()
    os.close(read)
    verify = resources.files("emtheory.reports.certificates") / "verify"
    command = [sys.executable, str(verify), str(folder / "z-true.json")]
    run = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (run.returncode, run.stderr) == (141, "")


HOSTILE = {
    "empty": b"",
    "not JSON": b"hello",
    "another JSON": b'{"schema": 1}',
    "a list": b"[1, 2]",
    "a number": b"7",
    "too deep": b"[" * 200_000,
    "too deep inside": b'{"format": "emtheory certificate", "version": 1, "x": ' + b'{"a":' * 100_000,
    "not a number": b'{"format": "emtheory certificate", "version": NaN}',
    "a huge number": b'{"format": "emtheory certificate", "version": ' + b"1" * 10_000 + b"}",
    "twice the same key": b'{"format": "emtheory certificate", "version": 1, "version": 1}',
    "not UTF-8": b"\xff\xfe{}",
    "too large": b" " * (MAX_BYTES + 1),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_other_files_are_not_certificates(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"x\.json: "):
        read_certificate(path)
