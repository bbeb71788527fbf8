"""The `ball` route: rigorous enclosures in Arb, level `certified`.

It covers regular simplices of any k, and other points whose exponents vary in few directions: k = 4 and 5, or 6 if few
digits are wanted.
Every value is a ball that contains the truth (docs/error-bounds.md); the accuracy is raised until it is narrow enough
for the digits wanted.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import flint
import numpy as np

from emtheory.numerics.any_point import ball_quantities
from emtheory.numerics.any_point.periodicity import posterior_period, quotient
from emtheory.numerics.any_point.ray_rule import ray_divergence, ray_moments
from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rational import log_of, smallness
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.refined import SLACK, refined
from emtheory.numerics.shared import shared
from emtheory.numerics.simplex_point.ball_lloyd import expected_maximum
from emtheory.numerics.simplex_point.ball_near_origin import ExpandedMoments, expanded_kl, sufficient_order
from emtheory.numerics.simplex_point.contraction_bound import factor_ball
from emtheory.numerics.simplex_point.far_out import at_radius
from emtheory.numerics.simplex_point.lattice import LARGEST_SQUARE, squared_spread
from emtheory.numerics.simplex_point.moments import HessianMoments, frequency_groups, hessian_blocks, squared_gradient
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus

_FEW_GUARD_DIGITS, _LITTLE_SLACK = 1, 2.5
"""Less off the simplex, where the cost grows with a high power of the digits."""
_POWER = 2.5
"""What is usually lost there as a β_m is small."""
_EXCESS = {2: 3.0, 4: 4.0}
"""What moments of a degree have in excess of the accuracy that they are asked for (measured)."""
_LITTLE_MORE = 5.0
"""Accuracy that a quantity may have in excess for the sake of tables that it shares with KL: a tenth at 15 digits."""
_FAR_BITS = 128
"""Precision far out, where constants are known to twenty digits."""
_MAX_RADIAL_SIZE = 128
"""Largest radial Hessian matrix that is worth its quadratic number of moments: half a minute for 30 digits."""


def lloyd_radius(case: Case, digits: int) -> Enclosure:
    """√(k/(k−1)) E max(Z_1..Z_k)."""

    def radius(accuracy: float) -> flint.arb:
        return _real(Fraction(case.k, case.k - 1)).sqrt() * expected_maximum(case.k, accuracy)

    return refined(radius, digits, 0.0)


def log_partition(case: Case, digits: int) -> Enclosure:
    """Λ(θ) = E log S."""
    half = case.squared_radius / 2
    if not case.on_simplex:
        # About ‖θ‖²/2 near the origin, and growing like ‖θ‖ far out.
        size = log_of(half) if half < 1 else log_of(half) / 2
        return _off_simplex(ball_quantities.log_partition, case, digits, -size)
    small = _common(smallness(half), smallness(_leading_kl(case)))
    return _at_point("log_partition", case, lambda s, accuracy: _real(half) - _kl(case, s, accuracy), digits, small)


def kl_divergence(case: Case, digits: int) -> Enclosure:
    """‖θ‖²/2 − Λ(θ)."""
    if not case.on_simplex:
        return _off_simplex(ball_quantities.kl_divergence, case, digits, _smallness_off_simplex(case))
    small = smallness(_leading_kl(case))
    return _at_point("kl_divergence", case, lambda s, accuracy: _kl(case, s, accuracy), digits, small)


def posterior_power(case: Case, digits: int, m: Fraction) -> Enclosure:
    """β_m(θ) from second moments of the posterior."""
    if not case.on_simplex:
        small = _common(_POWER, _smallness_off_simplex(case), _LITTLE_SLACK)
        return _off_simplex(partial(ball_quantities.posterior_power, m=int(m)), case, digits, small)
    small = _common(smallness(_least_power(case, int(m))), smallness(_leading_kl(case)))

    def power(s: flint.arb, accuracy: float) -> flint.arb:
        result: flint.arb = _moments(case, s, accuracy, 2).power(int(m))
        return result

    return _at_point("posterior_power", case, power, digits, small)


def pl_ratio(case: Case, digits: int) -> Enclosure:
    """½ Σ β_m² ρ_m² / KL."""
    if not case.on_simplex:
        return _off_simplex(ball_quantities.pl_ratio, case, digits, _smallness_off_simplex(case))

    def ratio(s: flint.arb, accuracy: float) -> flint.arb:
        gradient: flint.arb = squared_gradient(case, _moments(case, s, accuracy, 2), _real)
        return gradient / (2 * _kl(case, s, accuracy))

    return _at_point("pl_ratio", case, ratio, digits, smallness(_leading_kl(case)))


def hessian_min_eigenvalue(case: Case, digits: int) -> Enclosure:
    """λ_min(∇²ℓ) on the simplex span, from fourth moments of the posterior."""
    if not case.on_simplex and (period := posterior_period(case)) < case.k:
        rest = hessian_min_eigenvalue(quotient(case, period), digits)
        return replace(rest, lower=min(rest.lower, Fraction(0)), upper=min(rest.upper, Fraction(0)))
    if not case.on_simplex:
        small = _common(_POWER, _smallness_off_simplex(case), _LITTLE_SLACK)
        return _off_simplex(ball_quantities.hessian_min_eigenvalue, case, digits, small)
    if len(frequency_groups(case)) > _MAX_RADIAL_SIZE:
        raise CannotAnswerError(f"more than {_MAX_RADIAL_SIZE} frequencies that differ; the float route can answer")

    def smallest(s: flint.arb, accuracy: float) -> flint.arb:
        blocks = hessian_blocks(case, _moments(case, s, accuracy, 4), _real, lambda square: _real(square).sqrt())
        result = smallest_eigenvalue(blocks.radial, accuracy)
        for eigenvalue in blocks.simple:
            result = result.min(eigenvalue)
        return result

    small = _common(smallness(_least_power(case)), smallness(_leading_kl(case)))
    return _at_point("hessian_min_eigenvalue", case, smallest, digits, small)


def contraction_bound(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """1 − b·spectral_gap with the largest b that derivation `contraction-bound` allows."""
    gap = smallest_squared_modulus(case.weights)
    return refined(lambda _: 1 - gap.ball() * factor_ball(case.k - 1, radius), digits, 0.0)


def _squared_deviation(case: Case) -> Fraction:
    """s² = r²k/(k−1)."""
    return case.squared_radius * case.k / (case.k - 1)


def _moments(case: Case, s: flint.arb, accuracy: float, degree: int) -> HessianMoments:
    """Moments of the posterior, by expansion where that is accurate enough."""
    order = sufficient_order(s * s, accuracy)
    if order is not None:
        return ExpandedMoments(case, s * s, order)
    square = s * s * flint.fmpq(case.k - 1, case.k)
    enough = accuracy - _EXCESS[degree]
    return shared(case, (degree, enough), lambda: ray_moments(case, square, enough, degree))


def _kl(case: Case, s: flint.arb, accuracy: float) -> flint.arb:
    """KL, by expansion where that is accurate enough."""
    order = sufficient_order(s * s, accuracy + float((s * s).log().mid()))
    if order is not None:
        return expanded_kl(case, s * s, order)
    square = s * s * flint.fmpq(case.k - 1, case.k)
    return shared(case, ("KL", accuracy), lambda: ray_divergence(case, square, accuracy))


def _common(small: float, divergence: float, room: float = _LITTLE_MORE) -> float:
    """Return what KL costs for being small if that is little more: quantities then share what they are made of."""
    return divergence if small <= divergence <= small + room else small


def _least_power(case: Case, m: int | None = None) -> Fraction:
    """Return about the size of β_m, or of the least: |π̂_m|² at the origin, from where it grows like x/k."""
    weights = np.empty(case.k)
    for weight, members in case.classes.items():
        weights[list(members)] = float(weight)
    squares = np.abs(np.fft.fft(weights)) ** 2
    return Fraction(squares[1:].min() if m is None else squares[m]) + _squared_deviation(case) / case.k


def _leading_kl(case: Case) -> Fraction:
    """KL to leading order in r, plus the next term, which is all there is for uniform weights."""
    square = _squared_deviation(case)
    gap = sum((len(members) * weight**2 for weight, members in case.classes.items()), Fraction(0)) - Fraction(1, case.k)
    return square * gap / 2 + square**2 * (case.k - 1) / (4 * case.k**2)


def _smallness_off_simplex(case: Case) -> float:
    return -log_of(min(ball_quantities.leading_divergence(case), case.squared_radius / 8))


def _real(value: Fraction) -> flint.arb:
    return flint.arb(to_fmpq(value))


def _at_point(
    quantity: str, case: Case, compute: Callable[[flint.arb, float], flint.arb], digits: int, small: float
) -> Enclosure:
    if _squared_deviation(case) > LARGEST_SQUARE:
        with arb_precision(_FAR_BITS):
            far = Enclosure(*ball_bounds(at_radius(quantity, case)), Level.CERTIFIED, "ball")
        if not far.has_digits(digits):
            raise CannotAnswerError(f"so far out {quantity} is known by its first terms, to fewer than {digits} digits")
        return far
    square = squared_spread(case, "ball")
    return refined(lambda accuracy: compute(_real(square).sqrt(), accuracy), digits, small)


def _off_simplex(compute: Callable[[Case, float], flint.arb], case: Case, digits: int, small: float = 0.0) -> Enclosure:
    return refined(partial(compute, case), digits, small - SLACK + _LITTLE_SLACK, _FEW_GUARD_DIGITS)
