"""Numbers that a chart is drawn at, and curves of enclosures."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np

from emtheory.numerics.enclosure import Enclosure
from emtheory.reports.render.panels import Curve

STEPS = 40
"""Between the ends of a curve. A choice: enough for curves as smooth as these, each point of which is an evaluation."""

_FEWEST_SHOWN = 1e-300
"""Smaller values are drawn as zero: double precision, which figures are drawn in, ends there."""

Placed = tuple[Fraction | int, Enclosure]
"""An abscissa, and the value there."""


def even(lower: Fraction, upper: Fraction) -> list[Fraction]:
    """Return numbers at equal distances, both ends among them."""
    return [lower + (upper - lower) * Fraction(i, STEPS) for i in range(STEPS + 1)]


def curve_of(label: str, points: Sequence[Placed], colour: int = 0, *, predicted: bool = False) -> Curve:
    """Return values as a curve, with their bounds as bars."""
    x = np.array([float(place) for place, _ in points])
    low, value, high = (
        np.array([_float(getattr(one, end)) for _, one in points]) for end in ("lower", "midpoint", "upper")
    )
    return Curve(label, x, value, low, high, predicted=predicted, colour=colour)


def weakest(values: Iterable[Enclosure]) -> str:
    """Return the weakest level among values; exact if there is none."""
    level = min((value.level for value in values), default=None)
    return "exact" if level is None else str(level)


def _float(number: Fraction) -> float:
    try:
        return 0.0 if abs(number) < _FEWEST_SHOWN else float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")
