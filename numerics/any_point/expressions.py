"""The quantities at a point: one expression each, in KL and moments of the posterior.

Every way to follow a quantity is this expression in numbers of its own: balls, mpmath, doubles, and forms on boxes, of
the radius or of amplitudes.

At points that a power of R fixes the posterior is periodic, and what it does not see is exactly zero. If R^gθ = θ, the
exponents have period g, and if the weights have too, γ_{j+g} = γ_j for every X. Then γ̂_m = 0 unless k divides gm, and
the other γ̂_m are those of a mixture of g components with weights kπ_j/g.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from math import gcd
from types import MappingProxyType

from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.moments import (
    Groups,
    HessianMoments,
    Number,
    Product,
    frequency_groups,
    hessian_blocks,
    squared_gradient,
)


@dataclass(frozen=True, eq=False)
class Point:
    """A point in numbers of some kind.

    `groups`: frequencies that are not told apart; `total`, `product`, `twice_divergence`: ‖θ‖², (m, n, c) ↦ ρ_mρ_n√c,
    and 2KL, divided by `unit` if there is one: forms of the radius take r², so that nothing is 0/0 at the origin;
    `moments`: those of the posterior up to degree 2, for powers, or 4, for couplings; `least`: the smallest of the
    eigenvalues of a symmetric matrix and of other numbers.
    """

    case: Case
    groups: Groups
    total: Number
    product: Product
    twice_divergence: Callable[[], Number]
    moments: Callable[[int], HessianMoments]
    least: Callable[[Sequence[Sequence[Number]], Sequence[Number]], Number]
    unit: Number = None

    def whole(self, value: Number) -> Number:
        """Return what was divided by the unit."""
        return value if self.unit is None else self.unit * value


def point_in(
    case: Case,
    number: Callable[[Fraction], Number],
    root: Callable[[Fraction], Number],
    least: Callable[[Sequence[Sequence[Number]], Sequence[Number]], Number],
    divergence: Callable[[], Number],
    moments: Callable[[int], HessianMoments],
) -> Point:
    """Return the point of a case in the numbers of a route, which `number` and `root` make of rational ones."""

    @cache
    def amplitude(m: int) -> Number:
        return root(case.squared_amplitudes[m - 1])

    @cache
    def factor(c: int) -> Number:
        return root(Fraction(c))

    def product(m: int, n: int, c: int) -> Number:
        return amplitude(m) * amplitude(n) * factor(c)

    total = number(case.squared_radius)
    return Point(case, frequency_groups(case), total, product, lambda: 2 * divergence(), moments, least)


def log_partition(at: Point) -> Number:
    """Λ(θ) = E log Σ_j π_j exp⟨X, R^j θ⟩ = ‖θ‖²/2 − KL."""
    return at.whole(at.total - at.twice_divergence()) / 2


def kl_divergence(at: Point) -> Number:
    """KL(N(0, I) ‖ p_θ)."""
    return at.whole(at.twice_divergence()) / 2


def posterior_power(at: Point, m: Fraction) -> Number:
    """β_m(θ) = E|γ̂_m|²."""
    return at.moments(2).power(int(m))


def pl_ratio(at: Point) -> Number:
    """½‖∇ℓ‖² / KL, with ‖∇ℓ‖² = Σ β_m² ρ_m²."""
    return squared_gradient(at.groups, at.moments(2), at.product) / at.twice_divergence()


def hessian_min_eigenvalue(at: Point) -> Number:
    """λ_min(∇²ℓ) on the simplex span."""
    blocks = hessian_blocks(at.case, at.groups, at.moments(4), lambda m, n, c: at.whole(at.product(m, n, c)))
    return at.least(blocks.radial, blocks.simple)


EXPRESSIONS: Mapping[str, Callable[..., Number]] = MappingProxyType(
    {each.__name__: each for each in (log_partition, kl_divergence, posterior_power, hessian_min_eigenvalue, pl_ratio)}
)
"""Name → the quantity, a function of a `Point` and the arguments by name."""


def leading_divergence(case: Case) -> Fraction:
    """Return about the size of KL, to leading order and with what is left of it for uniform weights.

    On the simplex r²k/(2(k−1))·(Σπ_j² − 1/k) + r⁴/(4(k−1)); elsewhere the least that frequencies leave of it.
    """
    k, square = case.k, case.squared_radius
    overlap = sum((len(members) * weight**2 for weight, members in case.classes.items()), Fraction(0)) - Fraction(1, k)
    if case.on_simplex:
        return square * overlap * Fraction(k, 2 * (k - 1)) + square**2 / (4 * (k - 1))
    return square * overlap / (2 * k) + square**2 / (4 * k)


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
