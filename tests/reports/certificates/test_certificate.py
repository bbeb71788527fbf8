"""Certificates as they are written, and files that have no end, or take too long or too much memory."""

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
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.errors import InputError
from emtheory.reports.catalogue.entry import claims_of
from emtheory.reports.certificates.certificate import certificate_name, certify, fingerprint, write_certificate
from emtheory.reports.certificates.file import MAX_BYTES, read_certificate
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.claims import catalogue
from tests.reports.certificates.forgeries import sealed
from tests.reports.conftest import Run

CLAIMS = Path(__file__).with_name("four.toml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    (tmp_path / "claims.toml").write_text(CLAIMS)
    result = run("check", tmp_path / "claims.toml", "--certificates", tmp_path / "certificates")
    assert result.code == 4, result
    return tmp_path / "certificates"


def test_replay_accepts_them_and_rejects_a_changed_one_and_says_where(folder: Path, run: Run) -> None:
    result = run("replay", folder)
    assert (result.code, result.out.splitlines()[-1]) == (0, "3 certificates: 3 accepted, 0 not")
    assert result.out.count("replayed, not proved") == 1
    document = run("replay", folder / "gap.json", "--json").document()
    (replayed,) = document["certificates"]
    assert (document["ok"], replayed["id"], replayed["verdict"], replayed["proved"]) == (True, "gap", "proved", True)
    document = json.loads((folder / "gap.json").read_text())
    document["margin"] = "1"
    document["fingerprint"] = fingerprint(document)
    (folder / "gap.json").write_text(json.dumps(document))
    assert 'gap.json: margin: "1" is recorded, and "0" was found' in run("replay", folder).out
    answer = run("replay", folder, "--json").document(1)
    assert (answer["ok"], sum(not each["ok"] for each in answer["certificates"])) == (False, 1)


def test_what_is_no_certificate_exits_2(folder: Path, run: Run) -> None:
    (folder / "other.json").write_text("{}")
    (folder / "empty").mkdir()
    assert "is not a certificate" in run("replay", folder / "other.json").out
    codes = [run("replay", folder / name).code for name in ("other.json", "missing.json", "empty")]
    assert [*codes, run("replay").code] == [2, 2, 5, 2]


def test_a_certificate_is_for_the_claim_of_the_file(folder: Path, run: Run) -> None:
    claims = folder.parent / "claims.toml"
    assert run("replay", folder, "--claim", claims).code == 0
    claims.write_text(CLAIMS.replace("one-heavy:3/5", "one-heavy:4/5").replace('"gap"', '"gap-2"'))
    result = run("replay", folder, "--claim", claims)
    told = ("the claims file has no 'gap'", "it is not what the claims file says under the id 'a/../../b C'", "sampled")
    assert (result.code, [part for part in told if part not in result.out]) == (1, [])


def test_a_claim_that_is_no_longer_decided_loses_its_certificate(tmp_path: Path) -> None:
    decided = Claim("a", "k == 3")
    assert write_certificate(tmp_path, decided, decide_claim(decided)) == "a.json"
    undecided = Claim("a", "log(2) == 0 * lloyd_radius + log(2)")
    assert write_certificate(tmp_path, undecided, decide_claim(undecided)) is None
    assert [path.name for path in tmp_path.iterdir()] == ["verify"]
    with pytest.raises(ValueError, match="nothing to certify"):
        certify(undecided, decide_claim(undecided))


def test_ids_of_the_catalogue_are_file_names_of_their_own() -> None:
    names = [certificate_name(claim.id).lower() for entry in catalogue() for claim in claims_of(entry)]
    assert len(set(names)) == len(names)


@given(st.text(max_size=120), st.text(max_size=120))
def test_names_are_safe_and_different(first: str, second: str) -> None:
    name = certificate_name(first)
    assert (name.isascii(), name.lower()) == (True, name)
    assert len(name) < 100
    assert not set(name) & set('/\\:*?"<>| ')
    assert not name.startswith((".", "-"))
    assert (certificate_name(second) == name) == (second == first)


def test_a_claim_that_is_kept_has_its_certificate_too(tmp_path: Path, run: Run) -> None:
    """What a cache keeps has no evidence: with certificates the claim is decided anew."""
    (tmp_path / "claims.toml").write_text(CLAIMS.partition('[[claim]]\nid = "open"')[0])
    command = ["check", tmp_path / "claims.toml", "--cache", tmp_path / "kept", "--jobs", "1"]
    for _ in range(2):
        assert run(*command, "--lock", tmp_path / "lock").code == 0
    assert run(*command, "--certificates", tmp_path / "written").code == 0
    assert len(list((tmp_path / "written").glob("*.json"))) == 2
    assert run("replay", tmp_path / "written").code == 0


POINT = Claim("point", "posterior_power(m=1) > 0", k=(2,), weights=("4/5", "1/5"), radius="1")
UNENDING = "exp(log(posterior_power(m=1))) >= posterior_power(m=1)"
"""Both sides are equal, which no digits show."""


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
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


def test_what_is_no_regular_file_is_not_read(hostile: Path, run: Run, verify: Verify) -> None:
    assert [outcome for outcome, _ in verify(hostile).values()] == ["bad", "bad", "bad", "accepted"]
    found = json.loads(run("replay", hostile, "--json").out)["certificates"]
    assert [each["ok"] for each in found] == [False, False, False, True]
    assert all("no regular file" in each["problem"] or "cannot be read" in each["problem"] for each in found[:3])


def test_data_that_have_no_end_are_not_read(hostile: Path, run: Run) -> None:
    (hostile / "data.csv").write_text("0.5,1\n-1,0.25\n0.75,-0.5\n1,1\n")
    case = ("--k", "3", "--weights", "1/2,3/10,1/5", "--radius", "1/100")
    assert run("certify-data", hostile / "data.csv", *case, "--out", hostile, "--json").code in (0, 4)
    (certificate,) = hostile.glob("data*.json")
    for name in ("a-pipe.json", "b-endless.json"):
        assert run("replay", certificate, "--data", hostile / name).code == 2
        renamed = (hostile / name).rename(hostile / f"{name}.csv")
        run("certify-data", renamed, *case).assert_one_line_error(2, "no regular file")


def test_limits_end_what_takes_too_long_or_has_no_end(hostile: Path, verify: Verify) -> None:
    (hostile / "long.json").write_text(of_many_components(UNENDING.replace(">= p", f">= {'1*' * 300}p"), 40))
    (hostile / "equal.json").write_text(of_many_components(UNENDING, 2))
    said = verify("--timeout", "0.5", hostile / "long.json", hostile / "z-true.json")
    assert said["long.json"] == ("not decided", "it takes longer than 0.5 s")
    assert said["z-true.json"][0] == "accepted"
    assert verify(hostile / "equal.json")["equal.json"][0] == "not decided"


def test_limits_end_what_takes_too_much_memory(hostile: Path, verify: Verify) -> None:
    (hostile / "large.json").write_text(f"[{'[],' * 1_300_000}[]]")
    (hostile / "y.json").write_bytes((hostile / "z-true.json").read_bytes())
    files = [hostile / name for name in ("y.json", "large.json", "z-true.json")]
    said = verify("--memory", "120", *files)
    assert said["large.json"] == ("not decided", "it takes too much memory")
    assert said["y.json"][0] == said["z-true.json"][0] == "accepted"
    assert verify(hostile / "large.json")["large.json"][0] == "bad"


def test_whoever_reads_may_stop(hostile: Path) -> None:
    """As `head` does, after a line: there is no traceback."""
    read, write = os.pipe()
    os.close(read)
    program = resources.files("emtheory.reports.certificates") / "verify"
    command = [sys.executable, str(program), str(hostile / "z-true.json")]
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
