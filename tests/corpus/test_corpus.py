"""Several hundred claims with known truth (see `generate` and `brute_force`): no verdict is wrong, none is missing.

Of their certificates the standalone verifier accepts 95 %, and rejects none.
"""

import json
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from emtheory.numerics.level import Level
from emtheory.reports.checking.claims_file import load_claims
from emtheory.reports.cli import main
from emtheory.reports.decide.claim import decide_claim

FOLDER = Path(__file__).parent
KINDS = {
    "exact": ({"proved"}, 200),
    "points": ({"proved", "certified"}, 150),
    "intervals": ({"proved", "certified"}, 120),
    "algebra": ({"proved"}, 300),
    "natural": ({"proved", "certified"}, 240),
}
"""File → the levels that its claims come out at, and how many there are at least."""


def check(
    capsys: pytest.CaptureFixture[str], name: str, *options: str, folder: Path = FOLDER, share: int = 1
) -> list[dict[str, Any]]:
    """Check a file of claims, and return those that are left open: none is wrong, and none that is false is open."""
    assert main(["check", str(folder / f"{name}.toml"), "--json", "--no-cache", *options]) in (0, 1, 4)
    claims: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["claims"]
    levels, least = KINDS[name]
    left = [claim for claim in claims if not claim["ok"]]
    assert [each for each in left if (each["expected"], each["verdict"]) != ("holds", "inconclusive")] == []
    assert {claim["level"] for claim in claims if claim["ok"]} <= levels
    counts = Counter(claim["expected"] for claim in claims)
    assert counts.total() >= least / share
    assert min(counts["holds"], counts["refuted"]) >= least / 4 / share
    return left


@pytest.mark.parametrize("name", ["exact", "points", pytest.param("algebra", marks=pytest.mark.long)])
def test_every_claim_comes_out_as_it_is(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert check(capsys, name) == []


@pytest.mark.long
def test_claims_come_out_as_they_are_and_95_per_cent_of_their_certificates_are_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All points, intervals and exact claims are; of natural ones, up to infinity, not all that a theorem decides.

    Natural ones are dear: of these it is every fourth.
    """
    head, *claims = (FOLDER / "natural.toml").read_text(encoding="utf-8").split("[[claim]]")
    some = [claim for number, claim in enumerate(claims) if number % 8 < 2]  # A true one and a false one in turn.
    (tmp_path / "natural.toml").write_text("[[claim]]".join([head, *some]), encoding="utf-8")
    together: Counter[str] = Counter()
    for name, open_at_most in (("exact", 0), ("points", 0), ("intervals", 0), ("natural", 2)):
        folder = tmp_path / name
        of, share = (tmp_path, 4) if name == "natural" else (FOLDER, 1)
        left = check(capsys, name, "--jobs", "1", "--certificates", str(folder), folder=of, share=share)
        assert len(left) <= open_at_most
        assert main(["verify", str(folder), "--json"]) in (0, 4, 6)
        found = Counter(each["outcome"] for each in json.loads(capsys.readouterr().out)["certificates"])
        assert found.keys() == {"accepted"} or name == "natural"
        together += found
    assert together.total() >= 500
    assert together["accepted"] >= 0.95 * together.total()
    assert together.keys() <= {"accepted", "not covered", "not decided"}


def test_some_algebraic_claims_come_out_as_they_are() -> None:
    for claim in load_claims(FOLDER / "algebra.toml")[::24]:
        verdict = decide_claim(claim)
        assert verdict.ok, (claim.id, verdict.reason)
        assert verdict.level == Level.EXACT


def test_natural_claims_are_told_from_what_is_slightly_off() -> None:
    """Some of them, of which most are about domains up to infinity."""
    claims = load_claims(FOLDER / "natural.toml")
    assert sum("inf" in ends for claim in claims for ends in claim.for_all.values()) >= 200
    for claim in claims[::35]:
        verdict = decide_claim(claim)
        assert verdict.ok, (claim.id, claim.statement, verdict.reason)
        assert verdict.level is not None
        assert verdict.level >= Level.CERTIFIED


@pytest.mark.parametrize("name", ["statements", "expressions", "cases", "tables", "families"])
def test_every_malformed_claim_is_named_with_its_place(capsys: pytest.CaptureFixture[str], name: str) -> None:
    path = FOLDER / f"malformed_{name}.toml"
    text = path.read_text(encoding="utf-8")
    claims = tomllib.loads(text)["claim"]
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if line == "[[claim]]"]
    assert len(claims) == len(lines) >= 10
    assert main(["check", str(path), "--json", "--no-cache"]) == 2
    output, errors = capsys.readouterr()
    assert json.loads(output)["error"]["message"].splitlines() == [
        error.removeprefix("emtheory: error: ") for error in errors.splitlines()
    ]
    for claim, line in zip(claims, lines, strict=True):
        prefix = f"emtheory: error: {path}:{line}: claim {claim['id']!r}: "
        named = [error for error in errors.splitlines() if error.startswith(prefix)]
        assert named, claim
        title = claim.get("title")
        if isinstance(title, str):
            assert any(title in error for error in named), (title, named)


@pytest.mark.long
def test_the_corpus_is_what_the_script_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    for name in ("generate", "algebra", "natural"):
        sys.modules.pop(name, None)
    generate: Any = __import__("generate")
    differences = {}
    for name in ("exact.toml", "points.toml", "algebra.toml"):  # The sums of the others take a minute.
        written, stored = generate.corpus_file(name), (FOLDER / name).read_text(encoding="utf-8")
        # Another libm may round the last digit of a bound otherwise.
        differences[name] = sum(a != b for a, b in zip(written.splitlines(), stored.splitlines(), strict=True))
    assert all(count <= 10 for count in differences.values()), differences


def test_the_truth_uses_nothing_of_the_program() -> None:
    for name in ("generate.py", "brute_force.py", "algebra.py", "natural.py"):
        source = (FOLDER / name).read_text(encoding="utf-8")
        assert not re.search(r"^(import|from) emtheory", source, flags=re.MULTILINE)
