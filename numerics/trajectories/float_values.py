"""Quantities of EM's trajectory in double precision: on the ray by one recursion, elsewhere in the amplitudes."""

from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import Level
from emtheory.numerics.ray.dynamics import keeps_simplex
from emtheory.numerics.ray.scan import by
from emtheory.numerics.trajectories import float_amplitudes

_TOLERANCE = Fraction(1, 10**6)
"""To which the limit of the factor is measured: what double precision gives with room."""


def iterations_to_kl(case: Case, digits: int, eps: Fraction) -> Enclosure:
    """Steps of population EM, iterated."""
    if not (case.on_simplex and keeps_simplex(case)):
        steps = Fraction(float_amplitudes.steps_to_kl(case, eps))
        return Enclosure(steps, steps, Level.OBSERVED, "float")
    return by("float", "iterations_to_kl")(case, digits, eps)


def asymptotic_rate(case: Case, digits: int) -> Enclosure:
    """Limit of the factor of population EM, measured on its trajectory."""
    if not (case.on_simplex and keeps_simplex(case)):
        ratio = Fraction(float_amplitudes.limiting_ratio(case, float(_TOLERANCE)))
        return Enclosure(ratio - _TOLERANCE, ratio + _TOLERANCE, Level.OBSERVED, "float", note="measured")
    return by("float", "asymptotic_rate")(case, digits)
