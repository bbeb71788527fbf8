"""A piece of a box of several variables, with everything that is needed to decide a statement on it again."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from emtheory.reports.decide.boxes.tuning import TUNING

BOX = "box"
"""Every point of a box, by mean value forms on models with proved errors."""

TAIL = "tail"
"""The same for every radius from that of the box on, by bounds that hold out there."""
BOX_METHODS = frozenset({BOX, TAIL})
INFINITE = "inf"
"""The end of a tail, as text."""


Sides = Mapping[str, tuple[Fraction, Fraction]]
"""Variable → the two ends of its interval."""


@dataclass(frozen=True)
class BoxCell:
    """One piece of a cover in several variables, its faces included.

    `sides`: the piece; `digits`: to how many digits models are computed; `window`: the box that the models are made
    for; `tail`: the variable of which both ends are the same and stand for every larger value, too; empty if there is
    none.
    """

    sides: Sides
    digits: int
    window: Sides
    tail: str = ""

    @property
    def method(self) -> str:
        """`BOX` or `TAIL`."""
        return TAIL if self.tail else BOX

    @cached_property
    def centre(self) -> Mapping[str, Fraction]:
        """The point in the middle."""
        return {name: (lower + upper) / 2 for name, (lower, upper) in self.sides.items()}


def halves(sides: Sides, name: str) -> tuple[Sides, Sides]:
    """Cut a box in one variable."""
    lower, upper = sides[name]
    at = (lower + upper) / 2
    return {**sides, name: (lower, at)}, {**sides, name: (at, upper)}


def hull_of(boxes: "list[Sides]") -> Sides:
    """Return the smallest box around several."""
    return {name: (min(box[name][0] for box in boxes), max(box[name][1] for box in boxes)) for name in boxes[0]}


def common(first: Sides, second: Sides) -> Sides | None:
    """Return what two boxes have in common; None if it is no more than a face of the first."""
    sides = {name: (max(low, second[name][0]), min(high, second[name][1])) for name, (low, high) in first.items()}
    flat = (low > high or (low == high and first[name][0] < first[name][1]) for name, (low, high) in sides.items())
    return None if any(flat) else sides


def sides_text(sides: Sides, tail: str = "") -> dict[str, list[str]]:
    """Return the ends as exact text."""
    texts = {name: [str(end) for end in ends] for name, ends in sides.items()}
    return texts | {tail: [texts[tail][0], INFINITE]} if tail else texts


def widest(spread: Sequence[float], sides: Sides, window: Sides) -> str | None:
    """Return the variable to bisect a cell in; None if it is too narrow."""
    wide = [name for name in sides if not is_narrow({name: sides[name]}, {name: window[name]}, TUNING.smallest)]
    if not wide:
        return None
    spreads = dict(zip(sides, spread, strict=True))
    known = all(math.isfinite(value) for value in spreads.values()) and any(spreads[name] > 0 for name in wide)
    if known:
        return max(wide, key=spreads.__getitem__)
    return max(wide, key=lambda name: _part(sides[name], window[name]))


def is_narrow(sides: Sides, window: Sides, part: Fraction) -> bool:
    """Whether a cell is not wider than a part of its window in any variable."""
    return all(_part(sides[name], window[name]) <= part for name in sides)


def _part(ends: tuple[Fraction, Fraction], whole: tuple[Fraction, Fraction]) -> Fraction:
    return (ends[1] - ends[0]) / (whole[1] - whole[0]) if whole[0] < whole[1] else Fraction(0)
