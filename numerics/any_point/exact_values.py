"""The `exact` route of all quantities of tied means: values that algebra, or a proof, decides; level `exact`.

At points that a power of R fixes the posterior is periodic, and what it does not see is exactly zero. If R^gθ = θ, the
exponents have period g, and if the weights have too, γ_{j+g} = γ_j for every X. Then γ̂_m = 0 unless k divides gm, and
the other γ̂_m are those of a mixture of g components with weights kπ_j/g.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import gcd
from types import MappingProxyType

from emtheory.numerics.any_point import exact_values
from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.arithmetic.closed_form import pi_power
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import Level
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus, squared_modulus

_MAXIMA: Mapping[int, tuple[Fraction, Fraction]] = MappingProxyType(
    {
        2: (Fraction(1), Fraction(0)),
        3: (Fraction(3, 2), Fraction(0)),
        4: (Fraction(3, 2), Fraction(3)),
        5: (Fraction(5, 4), Fraction(15, 2)),
    }
)
"""k ↦ a and b."""


def posterior_period(case: Case) -> int:
    """Return the smallest divisor g of k with γ_{j+g} = γ_j for all j and X, at the case's point."""
    k, weights = case.k, case.weights
    excited = [m for m, square in zip(case.frequencies, case.squared_amplitudes, strict=True) if square]
    step = k // gcd(k, *excited)
    return next(g for g in range(step, k + 1, step) if k % g == 0 and weights[g:] == weights[:-g])


def quotient(case: Case, period: int) -> Case:
    """Return the mixture of `period` ≥ 2 components with the same density, its point given by amplitudes.

    ∇²ℓ of `case` has the eigenvalues of ∇²ℓ there and, on every frequency m with k ∤ m·period, β_m = 0: such an m is
    not excited, so nothing couples it to the others.
    """
    index = case.k // period
    weights = tuple(index * weight for weight in case.weights[:period])
    # ρ_m² cos(2πm(i − j)/k) for m = index·n is the part of frequency n.
    amplitudes = None if case.amplitudes is None else case.amplitudes[index - 1 :: index]
    return replace(case, weights=weights, amplitudes=amplitudes)


def dft_modulus(case: Case, digits: int, m: Fraction) -> Enclosure:
    """|π̂_m|, the root of an element of a real cyclotomic field."""
    return exact_enclosure(squared_modulus(case.weights, int(m)).sqrt(), digits + 5)


def spectral_gap(case: Case, digits: int) -> Enclosure:
    """Min over m ≠ 0 of |π̂_m|²."""
    return exact_enclosure(smallest_squared_modulus(case.weights), digits + 5)


def contraction_factor(case: Case, digits: int) -> Enclosure:
    """1 − spectral gap."""
    return exact_enclosure(rational(1) - smallest_squared_modulus(case.weights), digits + 5)


def lloyd_radius(case: Case, digits: int) -> Enclosure:
    """√(k/(k−1)) E max(Z_1..Z_k), k ≤ 5: there E max = (a + bα/π)/√π, α = arcsin(1/3) (derivation `lloyd-radius`)."""
    if case.k not in _MAXIMA:
        raise CannotAnswerError("a closed form is known for k = 2 to 5")
    scale = rational(Fraction(case.k, case.k - 1)).sqrt()
    constant, slope = (scale * rational(value) for value in _MAXIMA[case.k])
    return exact_enclosure(pi_power(-1, constant) + pi_power(-3, slope, 1), digits + 5)


def sublinear_constant(case: Case, digits: int) -> Enclosure:
    """(k − 1)/16: with uniform weights r_t² ~ (k−1)/(2t) and KL = r⁴/(4(k−1)) + O(r⁶) (derivation `kl-expansion`)."""
    if len(set(case.weights)) > 1:
        raise InputError("sublinear_constant is defined for uniform weights only; these are not uniform")
    return exact_enclosure(rational(Fraction(case.k - 1, 16)), digits)


def log_partition(case: Case, digits: int) -> Enclosure:
    """Λ(0) = 0."""
    return _at_origin(case, rational(0))


def kl_divergence(case: Case, digits: int) -> Enclosure:
    """KL = 0 at the origin, where the fitted density is N(0, I)."""
    return _at_origin(case, rational(0))


def posterior_power(case: Case, digits: int, m: Fraction) -> Enclosure:
    """β_m(0) = |π̂_m|², as the posterior at the origin is the prior; 0 where γ̂_m vanishes with a periodic posterior.

    Away from the origin there is no other exact answer.
    """
    if m * posterior_period(case) % case.k:
        return exact_enclosure(rational(0), digits)
    _require_origin(case)
    return exact_enclosure(squared_modulus(case.weights, int(m)), digits + 5)


def hessian_min_eigenvalue(case: Case, digits: int) -> Enclosure:
    """∇²ℓ(0) = AᵀA (derivation `hessian`), whose smallest eigenvalue on the simplex span is the spectral gap.

    It is 0 where the posterior has period 2 < k: the other eigenvalues are that of k = 2, which is not negative
    (`strong_convexity_radius`).
    """
    if case.squared_radius and posterior_period(case) == 2 < case.k:
        return exact_enclosure(rational(0), digits)
    _require_origin(case)
    return exact_enclosure(smallest_squared_modulus(case.weights), digits + 5)


def pl_ratio(case: Case, digits: int) -> Enclosure:
    """Undefined at the origin, where gradient and KL vanish; elsewhere no exact value is known."""
    if case.squared_radius == 0:
        raise InputError(
            "pl_ratio is 0/0 at the origin: give a point away from it, or a domain that assumes radius > 0"
        )
    raise CannotAnswerError("no closed form is known")


def contraction_bound(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """The contraction factor itself, at radius 0 or with a vanishing spectral gap; no exact answer elsewhere."""
    if radius and smallest_squared_modulus(case.weights).sign:
        raise CannotAnswerError("no closed form is known for a positive radius")
    return contraction_factor(case, digits)


def _require_origin(case: Case) -> None:
    if case.squared_radius:
        raise CannotAnswerError("no closed form is known away from the origin")


def _at_origin(case: Case, value: Algebraic) -> Enclosure:
    _require_origin(case)
    return exact_enclosure(value, 1)


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
