"""The quantities at a point: one expression each, in KL and moments of the posterior.

Every way to follow a quantity is this expression in numbers of its own: balls, mpmath, doubles, and forms on boxes, of
the radius or of amplitudes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
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
