"""Checks side by side, with a limit of time or memory, and with a cache."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.side_by_side import LostProcessError
from emtheory.reports.checking import cache, checking
from emtheory.reports.checking.checking import Checked, check_claims
from emtheory.reports.checking.effort import Effort
from emtheory.reports.decide import claim as claim_module
from emtheory.reports.decide.verdict import Verdict
from emtheory.theory.claim import Claim

THREE = ("1/2", "3/10", "1/5")
SLOW = Claim("slow", "worst_convexity_radius > 1/10", k=(5,), weights="linear", line=7)
FAST = [Claim(f"fast-{n}", f"spectral_gap > 7/100 - 1/{n}", weights=THREE, line=n) for n in range(1, 9)]
PLACE, ENDS = Path("some.toml"), {"W": ("7/10", "9/10"), "radius": ("1/4", "1/2")}
BOX = Claim("box", "posterior_power(m=1) >= (2*W-1)**2/2", k=(2,), weights="one-heavy:W", for_all=ENDS)


def no_warning(text: str) -> NoReturn:
    pytest.fail(text)


def check(claims: list[Claim], effort: Effort) -> list[Checked]:
    return list(check_claims([(PLACE, claim) for claim in claims], effort, no_warning))


def test_order_verdicts_and_certificates_do_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    """With a timeout all pieces into which a box is cut go to other processes."""
    texts, records = [], []
    for name, effort in {"here": Effort(), "there": Effort(jobs=2, timeout=60)}.items():
        (tmp_path / name).mkdir()
        found = check([*FAST, BOX], replace(effort, certificates=tmp_path / name))
        assert [each.claim.id for each in found] == [claim.id for claim in (*FAST, BOX)]
        texts.append((tmp_path / name / "box.json").read_bytes())
        records.append([replace(each.record, seconds=0.0) for each in found])
    assert records[0] == records[1]
    assert records[0][-1].verdict == "certified"
    assert texts[0] == texts[1]


def test_a_claim_that_takes_too_long_is_inconclusive_and_not_kept_and_the_others_go_on(tmp_path: Path) -> None:
    start = time.monotonic()
    first, slow, last = check([FAST[0], SLOW, FAST[1]], Effort(timeout=0.5, cache=tmp_path))
    assert len(list(tmp_path.rglob("*.json"))) == 2
    assert time.monotonic() - start < 60
    assert first.record.ok
    assert last.record.ok
    assert slow.record.verdict == "inconclusive"
    assert "not decided within 0.5 s (--timeout)" in slow.record.reason
    assert slow.record.line == 7


def test_whatever_goes_wrong_with_a_claim_ends_no_check_of_others(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    true, wrong = Claim("true", "1 < 2", weights=THREE), Claim("wrong", "2 < 3", weights=THREE)
    original, errors = claim_module.decide_claim, list[Exception]()

    def decide_claim(claim: Claim, *arguments: object, **options: object) -> Verdict:
        if claim.id == "wrong":
            raise errors[-1]
        return original(claim, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(claim_module, "decide_claim", decide_claim)
        for error, status, reason in (
            (ZeroDivisionError("matrix is numerically singular"), 3, "internal error (ZeroDivisionError: matrix is"),
            (InputError("column 1: division by zero"), 2, "column 1: division by zero"),
            (CannotAnswerError("not today"), None, "not today"),
            (LostProcessError(9), None, "the process was lost"),
            (MemoryError(), None, "the process was lost: it needs too much memory"),
        ):
            errors.append(error)
            first, failed, last = check([true, wrong, replace(true, id="last")], Effort(cache=folder))
            assert first.record.ok
            assert last.record.ok
            assert (failed.record.error, failed.record.level, failed.record.ok) == (status, None, False)
            assert failed.record.reason.startswith(reason)
    assert check([wrong], Effort(cache=folder))[0].record.ok  # What went wrong is not kept.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of claims that are decided, not read from the cache."""
    decided: list[str] = []
    original = checking.check_claim

    def check_claim(claim: Claim, effort: Effort) -> object:
        decided.append(claim.id)
        return original(claim, effort)

    monkeypatch.setattr(checking, "check_claim", check_claim)
    return decided


def test_a_second_check_reads_the_cache(folder: Path, counted: list[str]) -> None:
    first = check(FAST, Effort(cache=folder))
    assert len(counted) == len(FAST)
    second = check(FAST, Effort(cache=folder))
    assert len(counted) == len(FAST)
    assert [c.record for c in first] == [c.record for c in second]
    assert [c.verdict is None for c in second] == [True] * len(FAST)
    assert [path for path in folder.rglob("*") if path.suffix != ".json" and not path.is_dir()] == []


def test_changed_code_or_digits_decide_anew(folder: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    check([FAST[0]], Effort(cache=folder))
    check([FAST[0]], Effort(cache=folder, digits_max=50))
    monkeypatch.setattr(checking, "code_fingerprint", lambda *_: "other code")
    check([FAST[0]], Effort(cache=folder))
    assert len(counted) == 3


def test_evidence_is_kept_with_the_claim_as_it_is_written(folder: Path, tmp_path: Path, counted: list[str]) -> None:
    check([FAST[0]], Effort(cache=folder))
    wanted = [Effort(cache=folder, page=True), Effort(cache=folder, certificates=tmp_path)]
    (made,) = check([FAST[0]], wanted[0])  # Without evidence what is kept does not do.
    assert len(counted) == 2
    (kept_one,) = check([FAST[0]], wanted[1])
    assert len(counted) == 2
    assert made.evidence == kept_one.evidence
    assert json.loads((tmp_path / f"{FAST[0].id}.json").read_text()) == made.evidence["certificate"]
    (renamed,) = check([replace(FAST[0], id="new", title="t")], wanted[0])
    assert (len(counted), renamed.evidence["document"]["title"]) == (3, "t")


DAMAGES: tuple[Callable[[bytes], bytes], ...] = (
    lambda entry: entry[:-20],
    lambda entry: entry.replace(b'"verdict": "proved"', b'"verdict": "certified"'),
    *(lambda _, content=content: content for content in (b"\xff\x00" * 50, b"[" * 100_000, b"[]")),
)


def test_a_damaged_entry_is_not_believed(folder: Path, counted: list[str]) -> None:
    check([FAST[0]], Effort(cache=folder))
    (path,) = folder.rglob("*.json")
    whole = path.read_bytes()
    for number, damaged in enumerate(DAMAGES, start=2):
        path.write_bytes(damaged(whole))
        assert path.read_bytes() != whole
        warnings: list[str] = []
        (again,) = check_claims([(PLACE, FAST[0])], Effort(cache=folder), warnings.append)
        assert (again.record.verdict, len(counted)) == ("proved", number)
        (told,) = warnings
        assert "damaged and not used" in told


def test_an_entry_moved_to_another_claim_is_not_believed(folder: Path) -> None:
    true, false = Claim("a", "spectral_gap == 7/100", weights=THREE), Claim("b", "spectral_gap == 8/100", weights=THREE)
    check([true], Effort(cache=folder))
    (path,) = folder.rglob("*.json")
    other = cache.entry_path(folder, false, checking.code_fingerprint("theory", "numerics", "reports"), None)
    other.parent.mkdir(exist_ok=True)
    os.link(path, other)
    warnings: list[str] = []
    (checked,) = check_claims([(PLACE, false)], Effort(cache=folder), warnings.append)
    assert checked.record.verdict == "refuted"
    assert len(warnings) == 1
