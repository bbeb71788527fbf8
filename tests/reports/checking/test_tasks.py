from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from emtheory.reports.checking import tasks
from emtheory.reports.checking.tasks import Task, result_of, task_key, workshop
from emtheory.theory.claim import Claim


@dataclass(frozen=True)
class Other:
    """Another dataclass with the same content."""

    value: int


@dataclass(frozen=True)
class One:
    """A dataclass."""

    value: int


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
