"""The `ball` route: rigorous enclosures in Arb, level `certified`.

It covers regular simplices of any k, and other points whose exponents vary in few directions: k = 4 and 5, or 6 if few
digits are wanted. Every value is a ball that contains the truth (docs/error-bounds.md); the accuracy is raised until it
is narrow enough for the digits wanted.

What several quantities of one case are made of is computed once: it belongs to the case, and goes with it. The result
does not depend on what was asked before: the key names all that it depends on beside the case.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Protocol, TypeVar

import flint
import numpy as np

from emtheory.numerics.any_point.ball_product_rule import log_partition as log_partition_at
from emtheory.numerics.any_point.ball_product_rule import ray_divergence, ray_moments, tensor_posterior_moments
from emtheory.numerics.any_point.exact_values import posterior_period, quotient
from emtheory.numerics.any_point.expressions import EXPRESSIONS, Point, leading_divergence, point_in
from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import smallest, to_arb
from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rational import log_of, smallness
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.refined import GUARD_DIGITS, SLACK, refined
from emtheory.numerics.simplex_point.contraction_bound import factor_ball
from emtheory.numerics.simplex_point.far_out import at_radius, expected_maximum
from emtheory.numerics.simplex_point.moments import HessianMoments, frequency_groups
from emtheory.numerics.simplex_point.origin_expansion import expanded_kl, expanded_moments, sufficient_order
from emtheory.numerics.simplex_point.reach import LARGEST_SQUARE, squared_spread
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus

MOST = 4
"""Results kept with a case: KL, and moments of two degrees, at one accuracy, and one more."""

LARGEST = 1 << 16
"""Numbers of a result that is kept, some hundred bytes each."""


class Sized(Protocol):
    """What says how many numbers it holds."""

    @property
    def size(self) -> int:
        """Numbers held."""


Result = TypeVar("Result", bound=Sized | flint.arb)


def shared(case: Case, key: Hashable, make: Callable[[], Result]) -> Result:
    """Return what was made for a case before, by a key of all that it depends on, or make it, at Arb's precision."""
    place = key, flint.ctx.prec
    found: Result | None = case.kept.get(place)
    if found is None:
        found = make()
        if isinstance(found, flint.arb) or found.size <= LARGEST:
            while len(case.kept) >= MOST:
                del case.kept[next(iter(case.kept))]
            case.kept[place] = found
    return found


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
_HESSIAN = "hessian_min_eigenvalue"


def lloyd_radius(case: Case, digits: int) -> Enclosure:
    """√(k/(k−1)) E max(Z_1..Z_k)."""
    scale = Fraction(case.k, case.k - 1)
    return refined(lambda accuracy: to_arb(scale).sqrt() * expected_maximum(case.k, accuracy), digits, 0.0)


def contraction_bound(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """1 − b·spectral_gap with the largest b that derivation `contraction-bound` allows."""
    gap = smallest_squared_modulus(case.weights)
    return refined(lambda _: 1 - gap.ball() * factor_ball(case.k - 1, radius), digits, 0.0)


def _value(name: str, case: Case, digits: int, **arguments: Fraction) -> Enclosure:
    def compute(accuracy: float) -> flint.arb:
        at = on_simplex(case, accuracy) if case.on_simplex else off_simplex(case, accuracy)
        value: flint.arb = EXPRESSIONS[name](at, **arguments)
        return value

    if not case.on_simplex:
        if name == _HESSIAN and (period := posterior_period(case)) < case.k:
            rest = _value(name, quotient(case, period), digits)
            return replace(rest, lower=min(rest.lower, Fraction(0)), upper=min(rest.upper, Fraction(0)))
        return refined(compute, digits, _small_off(name, case) - SLACK + _LITTLE_SLACK, _FEW_GUARD_DIGITS)
    if _squared_deviation(case) > LARGEST_SQUARE:
        with arb_precision(_FAR_BITS):
            far = Enclosure(*ball_bounds(at_radius(name, case)), Level.CERTIFIED, "ball")
        if not far.has_digits(digits):
            raise CannotAnswerError(f"so far out {name} is known by its first terms, to fewer than {digits} digits")
        return far
    squared_spread(case, "ball")
    if name == _HESSIAN and len(frequency_groups(case)) > _MAX_RADIAL_SIZE:
        raise CannotAnswerError(f"more than {_MAX_RADIAL_SIZE} frequencies that differ; the float route can answer")
    return refined(compute, digits, _small(name, case, **arguments), GUARD_DIGITS)


log_partition, kl_divergence, posterior_power, hessian_min_eigenvalue, pl_ratio = (
    partial(_value, name) for name in EXPRESSIONS
)


def on_simplex(case: Case, accuracy: float) -> Point:
    """Return the point of a regular simplex in balls to about e^{−accuracy}, by expansion where that is enough."""
    square, x = to_arb(case.squared_radius), to_arb(_squared_deviation(case))

    def divergence() -> flint.arb:
        order = sufficient_order(x, accuracy + float(x.log().mid()))
        if order is not None:
            return expanded_kl(case, x, order)
        return shared(case, ("KL", accuracy), lambda: ray_divergence(case, square, accuracy))

    def moments(degree: int) -> HessianMoments:
        order = sufficient_order(x, accuracy)
        if order is not None:
            return expanded_moments(case, x, order)
        enough = accuracy - _EXCESS[degree]
        return shared(case, (degree, enough), lambda: ray_moments(case, square, enough, degree))

    return _point(case, accuracy, divergence, moments)


def off_simplex(case: Case, accuracy: float) -> Point:
    """Return any point but the origin in balls to about e^{−accuracy}, by the product rule."""

    def divergence() -> flint.arb:
        made = shared(case, ("Λ", accuracy), lambda: log_partition_at(case.weights, exact_amplitudes(case), accuracy))
        return to_arb(case.squared_radius) / 2 - made

    def moments(degree: int) -> HessianMoments:
        return shared(
            case,
            (degree, accuracy),
            lambda: tensor_posterior_moments(case.weights, exact_amplitudes(case), accuracy, degree),
        )

    return _point(case, accuracy, divergence, moments)


def _point(
    case: Case, accuracy: float, divergence: Callable[[], flint.arb], moments: Callable[[int], HessianMoments]
) -> Point:
    def least(rows: Sequence[Sequence[flint.arb]], others: Sequence[flint.arb]) -> flint.arb:
        return smallest([smallest_eigenvalue(rows, accuracy), *others])

    return point_in(case, to_arb, lambda square: to_arb(square).sqrt(), least, divergence, moments)


def exact_amplitudes(case: Case) -> list[flint.arb]:
    """ρ_m as balls of the precision in force."""
    return [to_arb(square).sqrt() for square in case.squared_amplitudes]


def _squared_deviation(case: Case) -> Fraction:
    """s² = r²k/(k−1)."""
    return case.squared_radius * case.k / (case.k - 1)


def _small(name: str, case: Case, m: Fraction | None = None) -> float:
    """−log of about the size of a quantity on the simplex."""
    divergence = smallness(leading_divergence(case))
    if name == "log_partition":
        return _common(smallness(case.squared_radius / 2), divergence)
    if name in ("posterior_power", _HESSIAN):
        return _common(smallness(_least_power(case, m)), divergence)
    return divergence


def _small_off(name: str, case: Case) -> float:
    """The same off the simplex; Λ is about ‖θ‖²/2 near the origin, and grows like ‖θ‖ far out."""
    half = case.squared_radius / 2
    divergence = -log_of(min(leading_divergence(case), half / 4))
    if name == "log_partition":
        return -log_of(half) if half < 1 else -log_of(half) / 2
    return _common(_POWER, divergence, _LITTLE_SLACK) if name in ("posterior_power", _HESSIAN) else divergence


def _common(small: float, divergence: float, room: float = _LITTLE_MORE) -> float:
    """Return what KL costs for being small if that is little more: quantities then share what they are made of."""
    return divergence if small <= divergence <= small + room else small


def _least_power(case: Case, m: Fraction | None) -> Fraction:
    """Return about the size of β_m, or of the least: |π̂_m|² at the origin, from where it grows like x/k."""
    weights = np.empty(case.k)
    for weight, members in case.classes.items():
        weights[list(members)] = float(weight)
    squares = np.abs(np.fft.fft(weights)) ** 2
    return Fraction(squares[1:].min() if m is None else squares[int(m)]) + _squared_deviation(case) / case.k
