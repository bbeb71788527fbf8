"""Several hundred claims with known truth (see `generate` and `brute_force`): no verdict is wrong, none is missing."""

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
from emtheory.theory.claim import Claim

FOLDER = Path(__file__).parent


def check(name: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    assert main(["check", str(FOLDER / name), "--json", "--no-cache"]) in (0, 1, 4)
    claims: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["claims"]
    return claims


@pytest.mark.parametrize(
    ("name", "levels", "least"),
    [
        ("exact.toml", {"proved"}, 200),
        ("points.toml", {"proved", "certified"}, 150),
        pytest.param("intervals.toml", {"proved", "certified"}, 120, marks=pytest.mark.long),
        pytest.param("algebra.toml", {"proved"}, 300, marks=pytest.mark.long),
    ],
)
def test_every_claim_comes_out_as_it_is(
    capsys: pytest.CaptureFixture[str], name: str, levels: set[str], least: int
) -> None:
    claims = check(name, capsys)
    assert [claim for claim in claims if not claim["ok"]] == []
    assert {claim["level"] for claim in claims} <= levels
    counts = Counter(claim["expected"] for claim in claims)
    assert counts.total() >= least
    assert min(counts["holds"], counts["refuted"]) >= least / 4


def test_some_algebraic_claims_come_out_as_they_are() -> None:
    for claim in load_claims(FOLDER / "algebra.toml")[::12]:
        verdict = decide_claim(claim)
        assert verdict.ok, (claim.id, verdict.reason)
        assert verdict.level == Level.EXACT


def undecided(claims: list[Claim]) -> list[str]:
    """The claims that are left open, of which none is wrong and none that is false."""
    left = []
    for claim in claims:
        verdict = decide_claim(claim)
        if claim.expect == "refuted":
            assert verdict.outcome == "refuted", (claim.id, claim.statement, verdict.reason)
            assert verdict.level is not None
            assert verdict.level >= Level.CERTIFIED
        else:
            assert verdict.outcome != "refuted", (claim.id, claim.statement, verdict.reason)
            left += [] if verdict.outcome in ("certified", "proved") else [claim.id]
    return left


def natural_claims() -> list[Claim]:
    claims = load_claims(FOLDER / "natural.toml")
    assert len(claims) >= 240
    assert min(Counter(claim.expect for claim in claims).values()) >= 110
    assert sum("inf" in ends for claim in claims for ends in claim.for_all.values()) >= 200
    return claims


@pytest.mark.parametrize(("every", "open_at_most"), [(25, 0), pytest.param(1, 2, marks=pytest.mark.long)])
def test_natural_claims_are_told_from_what_is_slightly_off(every: int, open_at_most: int) -> None:
    assert len(undecided(natural_claims()[::every])) <= open_at_most


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
    for name in generate.FILES:
        written, stored = generate.corpus_file(name), (FOLDER / name).read_text(encoding="utf-8")
        # Another libm may round the last digit of a bound otherwise.
        differences[name] = sum(a != b for a, b in zip(written.splitlines(), stored.splitlines(), strict=True))
    assert all(count <= 10 for count in differences.values()), differences


def test_the_truth_uses_nothing_of_the_program() -> None:
    for name in ("generate.py", "brute_force.py", "algebra.py", "natural.py"):
        source = (FOLDER / name).read_text(encoding="utf-8")
        assert not re.search(r"^(import|from) emtheory", source, flags=re.MULTILINE)
