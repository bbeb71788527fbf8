"""Phase diagrams of EM for two means: each plotted point is a certified enclosure."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from emtheory.numerics.level import Level
from emtheory.numerics.limits.tangency import threshold_over
from emtheory.reports.progress import progress
from emtheory.reports.render.chart import Chart, row_of
from emtheory.reports.render.panels import Curve, Panel

_DIGITS = 11
"""Of each point: more than ten are promised."""
_FIRST, _LAST = Fraction(1, 2), Fraction(3)
"""Separations at which the weight is computed."""
_PARTS, _LEAST_PARTS, _BAND_BITS, _BAND_ACCURACY = 4, 16, 80, 25.0
"""Intervals between two of them on which the weight is bounded, with so many bits and such an L."""
_STEPS = 20
"""Steps up to which separations are computed."""
_ERROR = Fraction(1, 100)
"""That is to be reached."""
_EDGE, _HALF = Fraction(1, 20), Fraction(1, 2)
"""The smallest weight to start from, and that of the symmetry."""
_LAWS = ((Fraction(1), Fraction(7, 10)), (Fraction(2), Fraction(7, 10)), (Fraction(1), Fraction(11, 20)))
"""μ and W₀ of the data whose basins are drawn."""


def spurious_chart(points: int) -> Chart:
    """Return the known weight at which the spurious fixed points vanish, against the separation."""
    places = [_FIRST + (_LAST - _FIRST) * i / (points - 1) for i in range(points)]
    values = _values("spurious_threshold", [({"separation": mu}, {}) for mu in places], "separations")
    x = np.array([float(mu) for mu in places])
    curve = Curve("fixed points below 0 merge; there are none above", x, _middles(values))
    panel = Panel("Known weight: where the spurious fixed point vanishes", "separation μ", "weight w", (curve,))
    return Chart((panel,), [row_of(value, separation=str(mu)) for mu, value in zip(places, values, strict=True)])


def band_chart(points: int) -> Chart:
    """Return bounds on that weight for every separation, on at least 16 intervals, four between two of the points."""
    count = max(_PARTS * (points - 1), _LEAST_PARTS)
    places = [_FIRST + (_LAST - _FIRST) * i / count for i in range(count + 1)]
    bounds = []
    with progress(count, "intervals") as advance, arb_precision(_BAND_BITS):
        for low, high in pairwise(places):
            ball = to_arb(low).union(to_arb(high))
            found = threshold_over(ball, _BAND_ACCURACY)
            if not found.is_finite():
                raise CannotAnswerError(f"the curve is not enclosed from μ = {low} to {high}")
            bounds.append(Enclosure(*ball_bounds(found), Level.CERTIFIED, "ball"))
            advance()
    x = np.array([float(mu) for mu in places for _ in (0, 1)][1:-1])
    curves = [
        Curve("1 − w* at most", x, np.repeat([1 - float(each.lower) for each in bounds], 2)),
        Curve("1 − w* at least", x, np.repeat([1 - float(each.upper) for each in bounds], 2), colour=1),
    ]
    panel = Panel("The same for every separation", "separation μ", "1 − w*", tuple(curves), ("linear", "log"))
    rows = [
        row_of(each, separation_low=str(low), separation_high=str(high))
        for (low, high), each in zip(pairwise(places), bounds, strict=True)
    ]
    return Chart((panel,), rows)


def separation_chart(points: int) -> Chart:
    """Return the separation for which t steps from infinity leave an error of 1 %, against t."""
    steps = range(1, min(points, _STEPS) + 1)
    asked = [({"separation": Fraction(1)}, {"t": Fraction(t), "error": _ERROR}) for t in steps]
    values = _values("separation_needed", asked, "numbers of steps")
    curve = Curve("1 % after t steps from infinity", np.array(steps, dtype=float), _middles(values))
    panel = Panel("Balanced: how far apart the means must be", "steps t", "separation μ", (curve,))
    return Chart((panel,), [row_of(value, t=t, error=str(_ERROR)) for t, value in zip(steps, values, strict=True)])


def fitted_chart(points: int) -> Chart:
    """Return the boundary of the truth's basin when the weight is fitted, too, in the plane of starts (W, θ).

    `points`: of each curve, at least 2, equally spaced from W = 1/20 to 19/20. The curve is its own image under (θ, W)
    ↦ (−θ, 1 − W), by which the right half follows from the left one.
    """
    weights = [_EDGE + (1 - 2 * _EDGE) * i / (points - 1) for i in range(points)]
    left = [weight for weight in weights if weight <= _HALF]
    curves, rows = [], []
    for colour, (mu, truth) in enumerate(_LAWS):
        laws = [{"separation": mu, "truth_weight": truth, "fit_weight": weight} for weight in left]
        values = _values("fitted_boundary", [(law, {}) for law in laws], "weights")
        values += [_negated(value) for value in reversed(values[: points // 2])]
        label = f"μ = {mu}, W₀ = {truth}: the truth attracts from above"
        curves.append(Curve(label, np.array([float(weight) for weight in weights]), _middles(values), colour=colour))
        rows += [
            row_of(value, separation=str(mu), truth_weight=str(truth), start_weight=str(weight))
            for weight, value in zip(weights, values, strict=True)
        ]
    return Chart((Panel("Weight fitted: where EM goes", "start weight W", "start θ", tuple(curves)),), rows)


def _negated(value: Enclosure) -> Enclosure:
    return replace(value, lower=-value.upper, upper=-value.lower)


CHARTS: Mapping[str, Callable[[int], Chart]] = MappingProxyType(
    {
        "spurious-weight": spurious_chart,
        "spurious-weight-band": band_chart,
        "separation-needed": separation_chart,
        "fitted-basin": fitted_chart,
    }
)
"""Name of the files → the chart."""


def _values(
    quantity: str, asked: Sequence[tuple[dict[str, Fraction], dict[str, Fraction]]], what: str
) -> list[Enclosure]:
    family = find_family("two-means")
    values = []
    with progress(len(asked), what) as advance:
        for variables, arguments in asked:
            case = family.case(variables)
            values.append(evaluate(family.full_name(quantity), case, arguments, _DIGITS, "ball"))
            advance()
    return values


def _middles(values: list[Enclosure]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    middles = np.array([float(value.midpoint) for value in values])
    if not all(map(math.isfinite, middles)):
        raise ValueError("a point of a phase diagram is infinite")
    return middles
