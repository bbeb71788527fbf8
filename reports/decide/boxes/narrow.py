"""When a box is too narrow to be bisected, and in which variable it is."""

import math
from collections.abc import Sequence
from fractions import Fraction

from emtheory.reports.decide.boxes.cell import Sides

SMALLEST = Fraction(1, 2**10)
"""A cell narrower than this part of its window in every variable is not bisected any more with the same digits."""
SMALLEST_UNKNOWN = Fraction(1, 64)
"""The same where the statement has no enclosure at all, as where a weight may be zero."""


def widest(spread: Sequence[float], sides: Sides, window: Sides) -> str | None:
    """Return the variable to bisect a cell in; None if it is too narrow."""
    wide = [name for name in sides if not is_narrow({name: sides[name]}, {name: window[name]}, SMALLEST)]
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
