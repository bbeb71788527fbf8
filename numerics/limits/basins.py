"""Where basins of EM end when θ alone is fitted, and the fixed points of a fit to one normal."""

import math
from fractions import Fraction

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.program import numbers_of
from emtheory.numerics.level import Level
from emtheory.numerics.models.exact_values import known_fixed_points
from emtheory.numerics.models.fixed_points import fixed_points, narrowed
from emtheory.numerics.models.float_values import NUMPY, float_fixed_points, observed
from emtheory.numerics.models.packaged import packaged_models

_ACCURACY = 30.0
"""L by which precision is chosen where fixed points are counted."""
_GUARD_DIGITS = 3
"""Of fixed points, beyond the digits asked for: as many more are printed."""
_ALL = Enclosure(-math.inf, -math.inf, Level.CERTIFIED, "ball")
"""That there is but one fixed point."""


def fixed_point_count(case: Case, digits: int, low: Fraction | float, high: Fraction | float) -> Enclosure:
    """Of a fit with v ≥ 1 to N(0, 1), where 0 is the only one: M(0) = 0, and M′ < E X²/v ≤ 1 elsewhere."""
    p = case.rationals
    if p["separation"] != 0 or p["fit_variance"] < 1 or low > high:
        raise CannotAnswerError("the number of fixed points has no closed form there")
    return exact_enclosure(rational(int(low <= 0 <= high)), digits)


def exact_boundary(case: Case, digits: int) -> Enclosure:
    """0 for a balanced fit with 1 + μ² > v: M is odd, M′(0) > 1, and M″ = −2 E[X³ tanh sech²]/v² < 0 for θ > 0.

    So there is one fixed point above 0, and M > θ in between.
    """
    p = case.rationals
    if p["fit_weight"] != Fraction(1, 2) or 1 + p["separation"] ** 2 <= p["fit_variance"]:
        raise CannotAnswerError("the boundary has no closed form there")
    return exact_enclosure(rational(0), digits)


def basin_boundary(case: Case, digits: int) -> Enclosure:
    """The infimum of the starts from which EM converges to the largest fixed point: the one before it, or −∞.

    M increases, so that every sequence of iterates is monotone, and between two neighbouring simple fixed points it
    leads away from one and to the other.
    """
    model, exact = packaged_models()["two-means"], {**case.rationals, "theta": Fraction(0)}
    with arb_precision(working_bits(_ACCURACY)):
        found = fixed_points(model, numbers_of(exact), -math.inf, math.inf, known_fixed_points(model, exact))
    if len(found) < 2:
        return _ALL
    point, accuracy = found[-2], 2 * (digits + _GUARD_DIGITS) * math.log(10)
    for _ in range(3):
        if point.lower < point.upper:
            with arb_precision(working_bits(accuracy)):
                point = narrowed(model, numbers_of(exact), point, accuracy)
        enclosure = Enclosure(point.lower, point.upper, Level.CERTIFIED, "ball")
        if point.lower == point.upper or enclosure.has_digits(digits + _GUARD_DIGITS):
            return enclosure
        accuracy *= 2
    raise CannotAnswerError(f"the boundary is not known to {digits} digits; it may be zero")


def basin_boundary_float(case: Case, digits: int) -> Enclosure:
    """Return it in double precision."""
    values = numbers_of({**case.rationals, "theta": Fraction(0)}, NUMPY)
    roots = float_fixed_points(packaged_models()["two-means"], values, -math.inf, math.inf)
    return observed(roots[-2]) if len(roots) > 1 else Enclosure(-math.inf, -math.inf, Level.OBSERVED, "float")
