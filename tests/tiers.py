"""What the everyday tests leave to the long ones: cases of a test that is tried with many, and examples drawn."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ALL_EXAMPLES = 100
"""Hypothesis's own default of `max_examples`, which the numbers of `examples` are in proportion to."""

MORE_EXAMPLES = 60
"""`max_examples` of the profile of the long tier, which has to end within half an hour on slow machines."""

SOME_EXAMPLES = 20
"""`max_examples` of the everyday profile: a fifth."""

FEWEST_EXAMPLES = 2
"""With one, hypothesis would try the simplest and nothing else."""


def examples(number: int, **others: Any) -> settings:
    """Settings of a property test: `number` examples at most, three fifths of them in the long tier, a fifth every day.

    `others` are hypothesis's.
    """
    share = number * settings().max_examples // ALL_EXAMPLES
    return settings(max_examples=max(FEWEST_EXAMPLES, share), **others)


def first_every_day(number: int, cases: Sequence[Any]) -> list[Any]:
    """Cases for `pytest.mark.parametrize`: the first ones every day, the others in the long tier."""
    later = [case if isinstance(case, tuple) else (case,) for case in cases[number:]]
    return [*cases[:number], *(pytest.param(*case, marks=pytest.mark.long) for case in later)]


TOOK_LONG = frozenset(Path(__file__).with_name("long.txt").read_text(encoding="utf-8").splitlines())
"""Tests of the long tier for the only reason that each took more than half a second of a slow machine.

A line is what pytest calls the test. Other tests of its file, or other cases of it, are tried every day.
"""
