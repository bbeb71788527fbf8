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


@pytest.mark.parametrize("name", ["exact", pytest.param("algebra", marks=pytest.mark.long)])
def test_every_claim_comes_out_as_it_is(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Of the others it is looked at where their certificates are made."""
    assert check(capsys, name) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "share", "open_at_most"), [("exact", 1, 0), ("points", 1, 0), ("intervals", 1, 0), ("natural", 4, 2)]
)
def test_claims_come_out_as_they_are_and_their_certificates_are_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, share: int, open_at_most: int
) -> None:
    """All points, intervals and exact claims are; of natural ones, up to infinity, not all that a theorem decides.

    Natural ones are dear: of these it is every fourth.
    """
    head, *claims = (FOLDER / f"{name}.toml").read_text(encoding="utf-8").split("[[claim]]")
    some = [claim for number, claim in enumerate(claims) if number % (2 * share) < 2]  # A true and a false one in turn.
    (tmp_path / f"{name}.toml").write_text("[[claim]]".join([head, *some]), encoding="utf-8")
    made = tmp_path / "made"
    left = check(capsys, name, "--jobs", "1", "--certificates", str(made), folder=tmp_path, share=share)
    assert len(left) <= open_at_most
    assert main(["verify", str(made), "--json"]) in (0, 4, 6)
    found = Counter(each["outcome"] for each in json.loads(capsys.readouterr().out)["certificates"])
    assert found.total() >= KINDS[name][1] / share - open_at_most
    assert found["accepted"] >= (0.95 if name == "natural" else 1) * found.total()
    assert found.keys() <= {"accepted", "not covered", "not decided"}


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
