"""Quantities of EM's trajectory that algebra, or a proof, decides."""

from fractions import Fraction

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus, squared_modulus


def iterations_to_kl(case: Case, digits: int, eps: Fraction) -> Enclosure:
    """No step is needed at the origin; away from it there is no exact answer."""
    if case.squared_radius:
        raise CannotAnswerError("no closed form is known away from the origin")
    return exact_enclosure(rational(0), 1)


def asymptotic_rate(case: Case, digits: int) -> Enclosure:
    """1 − min |π̂_m|² over the frequencies m that the point excites.

    ρ_m ← (1 − β_m)ρ_m with 0 < 1 − β_m < 1 for θ ≠ 0, so no amplitude ever vanishes and all tend to 0, where
    β_m → |π̂_m|²; the slowest excited frequency dominates the norm. It is 1, a sublinear rate, if its π̂_m = 0.
    """
    excited = [m for m, square in zip(case.frequencies, case.squared_amplitudes, strict=True) if square]
    if not excited:
        raise InputError("asymptotic_rate is 0/0 at the origin: give a point away from it")
    if len(excited) == len(case.frequencies):
        smallest = smallest_squared_modulus(case.weights)
    else:
        powers = [squared_modulus(case.weights, m) for m in excited]
        smallest = powers[0]
        for power in powers[1:]:
            smallest = power if (power - smallest).sign < 0 else smallest
    return exact_enclosure(rational(1) - smallest, digits + 5)
