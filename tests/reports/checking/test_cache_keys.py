"""Keys of what is kept: all that a verdict or a task's result depends on is in them, also what is to come.

Results kept from earlier runs are forgotten when no run uses them any more.
"""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, make_dataclass, replace
from fractions import Fraction
from math import factorial
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import pytest

from emtheory.numerics import fingerprint
from emtheory.reports.checking import kept, tasks
from emtheory.reports.checking.cache import claim_fingerprint
from emtheory.reports.checking.tasks import Task, result_of, task_key, workshop
from emtheory.theory.claim import Claim, FreeConstant

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
    kept.forget_unused(tmp_path)
    assert not unused.exists()
    assert not left_over.exists()
    assert all(path.exists() for path in (used, new, *others))
    assert kept.load(unused) is None
    kept.forget_unused(tmp_path / "none")


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
