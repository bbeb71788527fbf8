"""Quantities over the simplex ray, or over all directions, that algebra, or a proof, decides."""

import math
from fractions import Fraction

from emtheory.numerics.any_point import exact_values
from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus


def worst_contraction_factor(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """At radius 0 the contraction factor itself; no exact answer at others."""
    if radius:
        raise CannotAnswerError("no closed form is known for a positive radius")
    return exact_values.contraction_factor(case, digits)


def strong_convexity_radius(case: Case, digits: int, fraction: Fraction) -> Enclosure:
    """The cases in which it is 0 or ∞ by proof.

    If fraction·gap exceeds the gap, the inequality fails at the origin already and the radius is 0. For k = 2 and
    fraction 0 it never fails: λ(r) = 1 − E[X² sech²(rX + a)] with tanh a = π_0 − π_1, and sech² < 1 except at one point
    (or everywhere, if r = a = 0), so λ(r) > 1 − E X² = 0, or λ = 0 at that single (r, a).
    """
    if fraction > 1 and smallest_squared_modulus(case.weights).sign > 0:
        return exact_enclosure(rational(0), digits)
    if case.k == 2 and (not fraction or case.weights[0] == case.weights[1]):
        note = "k = 2: λ(r) = 1 − E[X² sech²(rX + a)] ≥ 1 − E X² = 0 for every r"
        return Enclosure(math.inf, math.inf, Level.EXACT, "exact", note=note)
    raise CannotAnswerError("no closed form is known")


def worst_direction_min_eigenvalue(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """At radius 0 the spectral gap; no exact answer at others."""
    return exact_values.hessian_min_eigenvalue(case.at_radius(radius), digits)


def worst_contraction_radius(case: Case, digits: int, factor: Fraction) -> Enclosure:
    """0 where the bound fails at the origin already, and ∞ for a factor of at least 1, as β_m ≥ 0."""
    if factor >= 1:
        return Enclosure(math.inf, math.inf, Level.EXACT, "exact", note="1 − βₘ ≤ 1 everywhere")
    return _zero_if_below(case, 1 - factor, digits)


def worst_pl_radius(case: Case, digits: int, constant: Fraction) -> Enclosure:
    """0 where the bound exceeds the gap, to which pl_ratio tends at the origin along the worst direction."""
    return _zero_if_below(case, constant, digits)


def _zero_if_below(case: Case, bound: Fraction, digits: int) -> Enclosure:
    """0 if the gap is below the bound."""
    if (smallest_squared_modulus(case.weights) - rational(bound)).sign < 0:
        return exact_enclosure(rational(0), digits)
    raise CannotAnswerError("no closed form is known")
