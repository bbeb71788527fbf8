"""How far apart two means must be for EM from infinity to be near enough after so many steps."""

from dataclasses import replace
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.limits.crossing import check_unit_variance, crossing, proposed
from emtheory.numerics.limits.orbits import from_infinity

_LEAST, _MOST = 1 / 50, 6.0
"""Separations between which the one sought is looked for."""


def separation_needed(case: Case, digits: int, t: Fraction, error: Fraction) -> Enclosure:
    """Enclose a separation at which the relative error of θ_t from infinity passes `error`.

    The error is certainly above it at the lower end, and below at the upper end, so that it passes in between. For a
    balanced fit it decreases in the separation (docs/error-bounds.md, section 15), so that it passes nowhere else, and
    this is the smallest separation that suffices; for other weights that is not shown. CannotAnswerError if there is
    none between 1/50 and 6, or the signs are not seen.
    """

    def side(mu: Fraction) -> int:
        found, passed = from_infinity(_moved(case, mu), digits + 8, t, "ball"), (1 + error) * mu
        return -1 if found.lower > passed else int(found.upper < passed)

    return crossing(side, _proposal(case, t, error), digits)


def separation_needed_float(case: Case, digits: int, t: Fraction, error: Fraction) -> Enclosure:
    """Return it in double precision."""
    return proposed(_proposal(case, t, error))


def _proposal(case: Case, t: Fraction, error: Fraction) -> float:
    """The root of θ_t/μ − 1 − error, in double precision."""
    check_unit_variance(case)

    def excess(mu: float) -> float:
        return float(from_infinity(_moved(case, Fraction(mu)), 1, t, "float").midpoint) / mu - 1 - float(error)

    if excess(_LEAST) <= 0 or excess(_MOST) >= 0:
        raise CannotAnswerError(f"no separation from {_LEAST} to {_MOST} has an error of {error} after {t} steps")
    from scipy.optimize import brentq

    return float(brentq(excess, _LEAST, _MOST, xtol=1e-15, rtol=1e-15))


def _moved(case: Case, mu: Fraction) -> Case:
    return replace(case, parameters=tuple({**dict(case.parameters), "separation": mu}.items()))
