"""Phase diagrams of EM for two means: each plotted point is a certified enclosure."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from emtheory.reports.charts.chart import Chart, row_of
from emtheory.reports.progress import progress
from emtheory.reports.render.panels import Curve, Panel

_DIGITS = 11
"""Of each point: more than ten are promised."""
_FIRST, _LAST = Fraction(1, 2), Fraction(3)
"""Separations at which the weight is computed."""
_STEPS = 20
"""Steps up to which separations are computed."""
_ERROR = Fraction(1, 100)
"""That is to be reached."""


def spurious_chart(points: int) -> Chart:
    """Return the known weight at which the spurious fixed points vanish, against the separation.

    Parameters
    ----------
    points
        At least 2, equally spaced from 1/2 to 3.
    """
    places = [_FIRST + (_LAST - _FIRST) * i / (points - 1) for i in range(points)]
    values = _values("spurious_threshold", [(mu, {}) for mu in places], "separations")
    x = np.array([float(mu) for mu in places])
    curve = Curve("fixed points below 0 merge; there are none above", x, _middles(values))
    panel = Panel("Known weight: where the spurious fixed point vanishes", "separation μ", "weight w", (curve,))
    return Chart((panel,), [row_of(value, separation=str(mu)) for mu, value in zip(places, values, strict=True)])


def separation_chart(points: int) -> Chart:
    """Return the separation for which t steps from infinity leave an error of 1 %, against t.

    Parameters
    ----------
    points
        The largest t, of which no more than 20 are drawn.
    """
    steps = range(1, min(points, _STEPS) + 1)
    asked = [(Fraction(1), {"t": Fraction(t), "error": _ERROR}) for t in steps]
    values = _values("separation_needed", asked, "numbers of steps")
    curve = Curve("1 % after t steps from infinity", np.array(steps, dtype=float), _middles(values))
    panel = Panel("Balanced: how far apart the means must be", "steps t", "separation μ", (curve,))
    return Chart((panel,), [row_of(value, t=t, error=str(_ERROR)) for t, value in zip(steps, values, strict=True)])


CHARTS: Mapping[str, Callable[[int], Chart]] = MappingProxyType(
    {"spurious-weight": spurious_chart, "separation-needed": separation_chart}
)
"""Name of the files → the chart."""


def _values(quantity: str, asked: list[tuple[Fraction, dict[str, Fraction]]], what: str) -> list[Enclosure]:
    family = find_family("two-means")
    values = []
    with progress(len(asked), what) as advance:
        for mu, arguments in asked:
            case = family.case({"separation": mu})
            values.append(evaluate(family.full_name(quantity), case, arguments, _DIGITS, "ball"))
            advance()
    return values


def _middles(values: list[Enclosure]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    middles = np.array([float(value.midpoint) for value in values])
    if not all(map(math.isfinite, middles)):
        raise ValueError("a point of a phase diagram is infinite")
    return middles
