"""The `exact` route: what is known of two means without an integral."""

from fractions import Fraction

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.two_means.case import checked_interval, checked_start, two_means


def em_map(case: Case, digits: int) -> Enclosure:
    """M(0) = (2W − 1)(2W₀ − 1)μ, and M(±μ) = ±μ where the fit is the truth or balanced, and v = 1."""
    p = two_means(case)
    if p.theta == 0:
        return _known((2 * p.fit_weight - 1) * (2 * p.truth_weight - 1) * p.separation, digits)
    if p.theta in p.fixed:
        return _known(p.theta, digits)
    raise _beyond("M(θ)")


def em_iterate(case: Case, digits: int, start: Fraction | float, t: Fraction) -> Enclosure:
    """The start itself, where t = 0 or it is a fixed point."""
    steps = checked_start(start, t)
    if isinstance(start, Fraction) and (steps == 0 or start in two_means(case).fixed):
        return _known(start, digits)
    raise _beyond("an iterate")


def fixed_point_count(case: Case, digits: int, low: Fraction | float, high: Fraction | float) -> Enclosure:
    """Of a fit with v ≥ 1 to N(0, 1), where 0 is the only one: M(0) = 0, and M′ < E X²/v ≤ 1 elsewhere."""
    p = two_means(case)
    low, high = checked_interval(low, high)
    if p.separation == 0 and p.fit_variance >= 1:
        return _known(Fraction(int(low <= 0 <= high)), digits)
    raise _beyond("the number of fixed points")


def basin_boundary(case: Case, digits: int) -> Enclosure:
    """0 for a balanced fit with 1 + μ² > v: M is odd, M′(0) > 1, and M″ = −2 E[X³ tanh sech²]/v² < 0 for θ > 0.

    So there is one fixed point above 0, and M > θ in between.
    """
    p = two_means(case)
    if p.fit_weight == Fraction(1, 2) and 1 + p.separation**2 > p.fit_variance:
        return _known(Fraction(0), digits)
    raise _beyond("the boundary")


def _known(value: Fraction, digits: int) -> Enclosure:
    return exact_enclosure(rational(value), digits)


def _beyond(what: str) -> CannotAnswerError:
    return CannotAnswerError(f"{what} has no closed form there")
