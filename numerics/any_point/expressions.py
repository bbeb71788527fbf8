"""The quantities at a point: one expression each, in KL and moments of the posterior, for the numbers of any route."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.moments import HessianMoments, Number, hessian_blocks, squared_gradient


@dataclass(frozen=True, eq=False)
class Point:
    """The point of a case in the numbers of a route.

    `number` converts an exact number, `root` gives its root; `least` is the smallest of the eigenvalues of a symmetric
    matrix and of other numbers; `divergence` is KL, and `moments` those of the posterior up to degree 2, for powers, or
    4, for couplings.
    """

    case: Case
    number: Callable[[Fraction], Number]
    root: Callable[[Fraction], Number]
    least: Callable[[Sequence[Sequence[Number]], Sequence[Number]], Number]
    divergence: Callable[[], Number]
    moments: Callable[[int], HessianMoments]


def log_partition(at: Point) -> Number:
    """Λ(θ) = E log Σ_j π_j exp⟨X, R^j θ⟩ = ‖θ‖²/2 − KL."""
    return at.number(at.case.squared_radius) / 2 - at.divergence()


def kl_divergence(at: Point) -> Number:
    """KL(N(0, I) ‖ p_θ)."""
    return at.divergence()


def posterior_power(at: Point, m: Fraction) -> Number:
    """β_m(θ) = E|γ̂_m|²."""
    return at.moments(2).power(int(m))


def pl_ratio(at: Point) -> Number:
    """½‖∇ℓ‖² / KL, with ‖∇ℓ‖² = Σ β_m² ρ_m²."""
    return squared_gradient(at.case, at.moments(2), at.number) / (2 * at.divergence())


def hessian_min_eigenvalue(at: Point) -> Number:
    """λ_min(∇²ℓ) on the simplex span."""
    blocks = hessian_blocks(at.case, at.moments(4), at.number, at.root)
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
