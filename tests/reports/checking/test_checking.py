"""Checks side by side, with limits and a cache, on a cluster, and the keys of what is kept."""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, make_dataclass, replace
from fractions import Fraction
from math import factorial
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, NoReturn

import pytest

from emtheory.numerics import fingerprint
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.side_by_side import LostProcessError
from emtheory.reports.checking import cache, checking, kept, tasks
from emtheory.reports.checking.cache import claim_fingerprint
from emtheory.reports.checking.checking import Checked, check_claims
from emtheory.reports.checking.effort import Effort
from emtheory.reports.checking.tasks import Task, result_of, task_key, workshop
from emtheory.reports.decide import claim as claim_module
from emtheory.reports.decide.verdict import Verdict
from emtheory.theory.claim import Claim, FreeConstant

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
    assert (first.record.ok, last.record.ok) == (True, True)
    assert (slow.record.verdict, slow.record.line) == ("inconclusive", 7)
    assert "not decided within 0.5 s (--timeout)" in slow.record.reason


def test_what_goes_wrong_with_a_claim_ends_no_check_of_others(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
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
            assert (first.record.ok, last.record.ok) == (True, True)
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


CLAIM = Claim("x", "spectral_gap > 0", weights=("1/2", "3/10", "1/5"))
OTHER = {"statement": "spectral_gap > 1/100", "k": (3, 4), "weights": "linear", "d": 5, "radius": "1"} | {
    "amplitudes": ("1",),
    "for_all": {"radius": ("0", "1")},
    "assume": ("k > 2",),
    "expect": "refuted",
    "sharpen": FreeConstant("c", "largest", ("0", "1")),
}
FOR_THE_READER = dict.fromkeys(("id", "title", "source", "quote", "reading", "chapter", "model_file"), "y") | {
    "line": 7
}
OF_FAMILY = Claim("x", "em_map > 0", k=(), family="two-means", values={"theta": "1"})
DERIVED = Claim("x", derivation="gradient")
OTHER_KINDS = ("family", "values", "derivation", "general")
"""Fields that only claims on a family and claims by derivation have."""


@dataclass(frozen=True)
class ClaimToCome(Claim):
    """A claim with fields that claims do not have yet."""

    setting: str = ""
    definitions: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)


def test_every_field_is_in_the_key_but_those_for_the_reader() -> None:
    assert {each.name for each in fields(Claim)} == {*OTHER, *FOR_THE_READER, *OTHER_KINDS}
    changed = [replace(CLAIM, **{name: value}) for name, value in OTHER.items()]
    changed += [DERIVED, replace(DERIVED, derivation="hessian"), replace(DERIVED, general=True)]
    changed += [OF_FAMILY, replace(OF_FAMILY, family="three-means"), replace(OF_FAMILY, values={"theta": "2"})]
    keys = [claim_fingerprint(each) for each in (CLAIM, *changed)]
    assert len(set(keys)) == len(keys)
    for name, value in FOR_THE_READER.items():
        assert claim_fingerprint(replace(CLAIM, **{name: value})) == claim_fingerprint(CLAIM)


def test_a_field_to_come_is_in_the_key_where_it_is_given() -> None:
    given = {each.name: getattr(CLAIM, each.name) for each in fields(CLAIM)}
    some = ({}, {"setting": "a"}, {"setting": "b"}, {"definitions": {"p": (Fraction(1, 2),)}})
    keys = [claim_fingerprint(ClaimToCome(**given, **more)) for more in (*some, {"definitions": {"p": (1,)}})]
    assert keys[0] == claim_fingerprint(CLAIM)
    assert len(set(keys)) == len(keys)
    # Lock files of earlier versions hold the same keys.
    assert keys[0] == "77808270f6174057c57f96b6504582155050290ba85255e50b8123d8372fd0f2"


def test_modules_that_are_loaded_from_elsewhere_are_in_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, helper = tmp_path / "families" / "some.py", tmp_path / "helper.py"
    source.parent.mkdir()
    source.write_text("1")
    helper.write_text("1")
    keys = [fingerprint.code_fingerprint()]
    for name, path in (("helper", helper), ("emtheory.numerics.families.some", source)):
        module = ModuleType(name)
        module.__file__ = str(path)
        monkeypatch.setitem(sys.modules, name, module)
        keys.append(fingerprint.code_fingerprint())
    for path in (source, helper):
        path.write_text("2")
        keys.append(fingerprint.code_fingerprint())
    assert keys[0] == keys[1]  # A module that nothing of the package comes from does not count.
    assert len(set(keys)) == len(keys) - 1


def test_sources_of_every_kind_count_and_those_behind_links(tmp_path: Path) -> None:
    package, elsewhere = tmp_path / "package", tmp_path / "elsewhere"
    package.mkdir()
    for name in ("module.py", "deep/er/module.py", "proof.v", "compiled.so"):
        (elsewhere / name).parent.mkdir(parents=True, exist_ok=True)
        (elsewhere / name).write_text("1")
    (package / "link").symlink_to(elsewhere)
    (elsewhere / "round").symlink_to(package)
    assert [each.read_text() for each in fingerprint._sources(package)] == ["1"] * 4


MONTHS = 90 * 24 * 3600


def test_only_what_is_ours_and_unused_is_forgotten(tmp_path: Path) -> None:
    unused, used, new = (kept.path_of(tmp_path, kept.digest([name])) for name in ("unused", "used", "new"))
    for path, content in ((unused, "unused"), (used, "used"), (new, "new")):
        kept.store(path, content)
    others = [tmp_path / "notes.json", unused.parent / "notes.json", unused.parent / f"{unused.stem}.json.bak"]
    for path in others:
        path.write_text("not ours", encoding="utf-8")
    left_over = unused.with_suffix(".123.tmp")
    left_over.write_text("of a run that was killed", encoding="utf-8")
    for path in (unused, used, left_over, *others):
        os.utime(path, (time.time() - MONTHS,) * 2)
    assert kept.load(used) == "used"
    told: list[str] = []
    kept.prepare(tmp_path, told.append)
    assert not unused.exists()
    assert not left_over.exists()
    assert all(path.exists() for path in (used, new, *others))
    assert kept.load(unused) is None
    assert told == []
    kept.prepare(used / "none", told.append)
    assert told == [f"{used / 'none'}: this folder cannot be made (Not a directory): nothing is kept"]


One, Other = (make_dataclass(name, [("value", int)], frozen=True) for name in ("One", "Other"))


def key(*arguments: Any, function: Callable[..., Any] = max) -> str:
    return task_key(Task("any", function, arguments))


def test_the_key_is_that_of_function_arguments_and_code(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = (Claim("a", "k == 3"), Claim("a", "k == 3", weights="linear"))
    some = (1, "1", None, Fraction(1), (1, 2), One(1), Other(1), {"value": 1}, *claims)
    different = [key(), *map(key, some), key(1, 2), key(1, function=min)]
    assert len(set(different)) == len(different)
    assert key((1, 2)) == key([1, 2])
    assert key({"a": 1}) == key(MappingProxyType({"a": 1}))
    assert task_key(Task("one name", max, (1,))) == task_key(Task("another", max, (1,)))
    monkeypatch.setattr(tasks, "_code", lambda: ("other code",))
    assert key(1) not in different


def test_results_are_kept_as_they_are_read_back(tmp_path: Path) -> None:
    task = Task("six", factorial, (3,))
    warnings: list[str] = []
    with workshop(1, tmp_path, warnings.append) as start:
        assert start(task) is start(task)
        first = result_of(start(task))
        pair = result_of(start(Task("pair", divmod, (7, 2)))).value
    assert (first.value, first.reused, pair) == (6, False, [3, 1])
    with workshop(1, tmp_path, warnings.append) as start:
        again = result_of(start(task))
        assert result_of(start(Task("other", factorial, (4,)))).value == 24
    assert (again.value, again.reused, again.seconds) == (6, True, first.seconds)
    assert warnings == []


@pytest.mark.usefixtures("no_workers")
def test_what_is_no_result_is_not_believed(tmp_path: Path) -> None:
    task = Task("six", factorial, (3,))
    path = tasks.kept.path_of(tmp_path, task_key(task))
    tasks.kept.store(path, {"value": 7})
    warnings: list[str] = []
    with workshop(1, tmp_path, warnings.append) as start:
        assert result_of(start(task)).value == 6
    assert len(warnings) == 1
