"""Steps of population EM on the simplex ray, enclosed: x ↦ (1 − β(x))² x for x = s² = r²k/(k − 1).

Few steps take a quadrature each. Where there will be many, β is modelled as a function of t = log x on all of the way
(`emtheory.numerics.arithmetic.chebyshev`): that takes as many quadratures as the model has points, however many steps
there are. By the mean value theorem a step t ↦ t + 2 log(1 − β) multiplies the error of t by 1 − 2β'/(1 − β), which is
below 1 where β rises: errors do not grow. Near the origin an expansion serves.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.any_point.ball_product_rule import ray_moments
from emtheory.numerics.arithmetic.chebyshev import Model, make_grid
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point.float_laplace import float_posterior_moments
from emtheory.numerics.simplex_point.origin_expansion import (
    HIGHEST_ORDER,
    expansion_reach,
    expansion_value,
    power_expansion,
    sufficient_order,
)

_SLOPE = flint.fmpq(3, 2)
"""Bound on |dβ/dx| (docs/error-bounds.md, section 12)."""
_CURVATURE = flint.fmpq(37, 2)
"""Bound on |d²β/dx²| (section 12): near the origin the slope is about that at the origin."""
_FLOAT_ACCURACY = 12.0
"""Of β in double precision, with which steps are only counted beforehand."""
_BITS_PER_POINT = 2
"""A model's polynomial loses log_2(1 + √2) = 1.3 bits for each point, to cancellation among powers of x."""

_ABOVE = 1 + 1e-9
"""The model reaches a little beyond the start, which as a double is rounded."""

Step = Callable[[flint.arb], tuple[flint.arb, flint.arb]]
"""x ↦ balls around β(x) and around x after a step."""


def ray_step(case: Case, end: float, accuracy: float) -> Step:
    """Return the function that makes a step to about e^{−accuracy}, at Arb's precision in force.

    Its `end` is about the least x that is asked for; only the cost depends on it.
    """
    series = power_expansion(case, HIGHEST_ORDER, 1)
    initial_slope = abs(series.coefficients[1].ball())
    ratio = flint.fmpq(case.k - 1, case.k)
    model = _model(case, max(end, expansion_reach(accuracy)), accuracy)

    def step(x: flint.arb) -> tuple[flint.arb, flint.arb]:
        if not x > 0 or sufficient_order(x, accuracy):
            power = expansion_value(series, x)
        elif model is not None and model.covers(x):
            return model.step(x)
        else:
            at_centre: flint.arb = ray_moments(case, x.mid() * ratio, accuracy, 2).power(1)
            slope = flint.arb(_SLOPE).min(initial_slope + x.abs_upper() * _CURVATURE)
            power = at_centre + slope * flint.arb(0, x.rad())
        factor = 1 - power
        return power, x * factor * factor

    return step


@dataclass(frozen=True)
class _PowerModel:
    """β as a function of t = log x for start ≤ t ≤ end, which are exact.

    Polynomials in powers are evaluated at exact points, with so many more bits as these cancel.
    """

    start: flint.arb
    end: flint.arb
    model: Model
    bits: int

    def covers(self, x: flint.arb) -> bool:
        """Whether all of a positive ball certainly lies where the model holds."""
        t = x.log()
        return bool(t >= self.start and t <= self.end)

    def step(self, x: flint.arb) -> tuple[flint.arb, flint.arb]:
        """Return balls around β and the next x for every x of a ball that the model covers."""
        with arb_precision(flint.ctx.prec + self.bits):
            t, scale = x.log(), 2 / (self.end - self.start)
            centre = t.mid()
            power = self.model.at((centre - self.start) * scale - 1)
            # Of β in t, for all t of the ball.
            slope = self.model.slopes((t - self.start) * scale - 1) * scale
            away = t - centre
            everywhere = power + slope * away
            image = centre + 2 * (-power).log1p() + (1 - 2 * slope / (1 - everywhere)) * away
            return everywhere, image.exp()


def _model(case: Case, lowest: float, accuracy: float) -> _PowerModel | None:
    """Return a model down to x = `lowest`, or None if it would take more quadratures than there are steps."""
    highest = float(case.squared_radius * case.k / (case.k - 1))
    if not 0 < lowest < highest:
        return None
    start, end = flint.arb(lowest).log().mid(), flint.arb(_ABOVE * highest).log().mid()
    grid = make_grid(1.0, case.k - 1, (start, end), (Fraction(0), Fraction(1)), accuracy)
    if not _takes_more_steps(case, grid.axis.count, lowest):
        return None
    bits = _BITS_PER_POINT * grid.axis.count
    ratio = flint.fmpq(case.k - 1, case.k)
    with arb_precision(flint.ctx.prec + bits):
        points = grid.axis.points
    values = [ray_moments(case, t.exp() * ratio, accuracy, 2).power(1) for t in points]
    with arb_precision(flint.ctx.prec + bits):
        return _PowerModel(start, end, grid.model(values), bits)


def _takes_more_steps(case: Case, count: int, lowest: float) -> bool:
    """Whether after so many steps x seems to be above `lowest` still, in double precision."""
    ratio = case.k / (case.k - 1)
    radius = math.sqrt(case.squared_radius)
    for _ in range(count):
        try:
            there = case.at_radius(Fraction(radius))
            radius *= 1 - float_posterior_moments(there, 2, _FLOAT_ACCURACY).power(1)
        except CannotAnswerError:
            return False
        if radius * radius * ratio <= lowest:
            return False
    return True
