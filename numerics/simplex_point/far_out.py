"""Quantities far out on the simplex ray: powers of the radius with proved constants (docs/error-bounds.md, section 9).

With x = 1/r, R_0 Lloyd's radius and H = −Σ log π_j/k, for every r from some radius on

    Λ = r(R_0 − Hx + x²[0, D]),   β_m = 1 − x[0, C],   λ_min(∇²ℓ) = 1 − x[0, E],

for k ≤ 3 even β = 1 − R_0x + x³[0, 4D], and what is made of these follows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import flint

from emtheory.numerics.arithmetic.arb import to_arb, to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError


def expected_maximum(k: int, accuracy: float, power: int = 1) -> flint.arb:
    """Return a ball around ∫ k z^p φ(z) Φ(z)^{k−1} dz, p = 1, 2 or 3.

    The integrand is entire, and Arb's adaptive Gauss-Legendre integration is rigorous on [−Z, Z] (F. Johansson, ICMS
    2018, LNCS 10931). Since 0 ≤ Φ ≤ 1 each of the two tails is at most ∫_Z^∞ kz^pφ(z) dz, which is kφ(Z) for p = 1, and
    for all three p at most (Z² + 2)kφ(Z), as Z ≥ 1.
    """
    end = flint.arb(math.ceil(math.sqrt(2 * (accuracy + math.log(k)))))
    root, norm = flint.arb(2).rsqrt(), k * (2 * flint.arb.pi()).rsqrt()

    def integrand(z: flint.acb, _: bool) -> flint.acb:
        return z**power * (-z * z / 2).exp() * ((-root * z).erfc() / 2) ** (k - 1)

    tolerance = flint.arb(-accuracy).exp() / k
    middle = flint.acb.integral(integrand, -end, end, abs_tol=tolerance, rel_tol=tolerance).real
    beyond = tail(end) if power == 1 else tail(end) * (end**2 + 2)
    return norm * (middle + flint.arb(0, (2 * beyond).upper()))


def tail(end: flint.arb) -> flint.arb:
    """∫_Z^∞ z e^{−z²/2} dz, rounded up."""
    return (-(end**2) / 2).exp().upper()


_ACCURACY, _BITS = 46.0, 128
"""L of E max Z_j, twenty digits, and Arb's precision for it: other constants are known less well."""
_GRAIN = Fraction(1, 1024)
"""To which radii are found: a larger one only makes the ray longer up to which models are needed."""
ONE_FREQUENCY = 3
"""Largest k with one frequency, whose β is the mean of all."""


@dataclass(frozen=True)
class Coefficient:
    """A number between `lloyd`·R_0 + `lower` and `lloyd`·R_0 + `upper`, at every radius from one on."""

    lloyd: int
    lower: flint.arb
    upper: flint.arb


Terms = tuple[int, tuple[Coefficient, ...]]
"""A power of the radius, and coefficients c_0, c_1, …: the value is r^power Σ c_i/r^i."""


@dataclass(frozen=True)
class Prior:
    """What is known of the weights π_j of k components.

    `entropy`, `square`: balls around H = −Σ log π_j/k and Σ (log π_j + H)², or None where a weight may vanish; `alike`:
    whether all β_m are known to be equal.
    """

    k: int
    entropy: flint.arb | None = None
    square: flint.arb | None = None
    alike: bool = False


def prior_of(logarithms: Sequence[tuple[flint.arb, int]]) -> Prior:
    """Return what is needed of the weights, at Arb's precision in force, from log π_j and the number of each class."""
    k = sum(count for _, count in logarithms)
    mean = sum((count * value for value, count in logarithms), start=flint.arb(0)) / k
    square = sum((count * (value - mean) * (value - mean) for value, count in logarithms), start=flint.arb(0))
    return Prior(k, -mean, square)


def pair_bound(k: int) -> flint.arb:
    """Return c with λ_max(∇²Λ) ≤ c/s at every regular simplex, s² = r²k/(k − 1), whatever the weights."""
    return k**2 / (2 * flint.arb.pi().sqrt())


def concavity_bound(prior: Prior, maximum: flint.arb, s: flint.arb) -> flint.arb:
    """Return c with λ_max(∇²Λ) ≤ c/s at the regular simplex of s, decreasing in s; `maximum` is E max(Z_1..Z_k)."""
    if prior.square is None:
        raise CannotAnswerError("a weight may vanish")
    return 2 * maximum * (1 + prior.square / s**2)


@cache
def lloyd_ball(k: int) -> flint.arb:
    """Return R_0 to about twenty digits, whatever Arb's precision is."""
    with arb_precision(_BITS):
        return flint.arb(flint.fmpq(k, k - 1)).sqrt() * expected_maximum(k, _ACCURACY)


def far_out(quantity: str, prior: Prior, start: flint.arb) -> Terms:
    """Return a quantity at a regular simplex for every radius from one on, at Arb's precision in force.

    CannotAnswerError if it is not known far out.

    `quantity`, `prior`: its name, that of β_m for any frequency m that is no multiple of k, and the weights; `start`:
    the radius, positive.
    """
    k = prior.k
    match quantity:
        case "log_partition":
            return 1, _partition(prior)
        case "kl_divergence":
            return 2, (_between(flint.arb(1) / 2), *map(_negative, _partition(prior)))
        case "posterior_power" if k <= ONE_FREQUENCY or prior.alike:
            return 0, (_between(flint.arb(1)), *map(_negative, _mean_lack(prior)))
        case "posterior_power":
            # 1 − β_m ≤ 2E(1 − Σγ²) ≤ 2R_0(k − 1)/(kr).
            lack = 2 * lloyd_ball(k) * (k - 1) / k
        case "squared_gradient":
            # ‖∇ℓ‖² = r² Σ w_mβ_m², between (Σ w_mβ_m)² ≥ (1 − R_0/r)² and r².
            return 2, (_between(flint.arb(1)), _between(-2 * lloyd_ball(k), flint.arb(0)))
        case "hessian_min_eigenvalue":
            spread = flint.arb(flint.fmpq(k, k - 1)).sqrt()
            lack = pair_bound(k)
            if prior.square is not None:
                lack = lack.min(concavity_bound(prior, lloyd_ball(k) / spread, start * spread))
            lack = lack / spread
        case _:
            raise CannotAnswerError(f"{quantity} is not followed to infinity")
    return 0, (_between(flint.arb(1)), _between(-lack, flint.arb(0)))


def at_radius(quantity: str, case: Case) -> flint.arb:
    """Return a ball around a quantity of `far_out`, or pl_ratio, at a large radius, at Arb's precision in force."""
    if quantity == "pl_ratio":
        return at_radius("squared_gradient", case) / (2 * at_radius("kl_divergence", case))
    radius = to_arb(case.squared_radius).sqrt()
    power, terms = far_out(quantity, _prior_of_case(case), radius)
    lloyd, total = lloyd_ball(case.k), flint.arb(0)
    for term in reversed(terms):
        total = term.lloyd * lloyd + term.lower.union(term.upper) + total / radius
    return total * radius**power


def exceeded_beyond(quantity: str, case: Case, bound: Fraction, *, alike: bool) -> Fraction:
    """Return a radius from which on β_m, λ_min(∇²ℓ) or pl_ratio certainly exceeds a bound below 1.

    As KL ≤ ‖θ‖²/2, pl_ratio is at least ‖∇ℓ‖²/r². What is subtracted from 1 falls as the radius grows; it is less where
    all β_m are alike.
    """
    followed = "squared_gradient" if quantity == "pl_ratio" else quantity
    with arb_precision(_BITS):
        prior, lloyd = replace(_prior_of_case(case), alike=alike), lloyd_ball(case.k)

        def exceeds(radius: Fraction) -> bool:
            total, start = flint.arb(0), to_arb(radius)
            for term in reversed(far_out(followed, prior, start)[1]):
                total = term.lloyd * lloyd + term.lower + total / start
            return bool(total > to_fmpq(bound))

        low, high = Fraction(0), Fraction(1)
        while not exceeds(high):
            low, high = high, 2 * high
        while high - low > _GRAIN:
            middle = (low + high) / 2
            low, high = (low, middle) if exceeds(middle) else (middle, high)
    return high


def _prior_of_case(case: Case) -> Prior:
    return prior_of([(to_arb(weight).log(), len(each)) for weight, each in case.classes.items()])


def _partition(prior: Prior) -> tuple[Coefficient, ...]:
    """Λ/r."""
    k, zero = prior.k, flint.arb(0)
    if prior.entropy is None or prior.square is None:
        return (_between(zero, lloyd_ball(k)),)
    shrink = (flint.arb(k - 1) / (k * flint.arb.pi())).sqrt()
    excess = shrink * k * (prior.square / 4 + (k - 1) * flint.arb.pi() ** 2 / 24)
    return Coefficient(1, zero, zero), _between(-prior.entropy), _between(zero, excess)


def _mean_lack(prior: Prior) -> tuple[Coefficient, ...]:
    """(1 − Σ w_mβ_m)r, which is dΛ/dr; as Λ is convex in r, that is at least its mean slope from r/2 to r."""
    first, *others = _partition(prior)
    if not others:
        return (first,)
    return first, _between(flint.arb(0)), _between(-4 * others[-1].upper, flint.arb(0))


def _between(lower: flint.arb, upper: flint.arb | None = None) -> Coefficient:
    return Coefficient(0, lower, lower if upper is None else upper)


def _negative(each: Coefficient) -> Coefficient:
    return Coefficient(-each.lloyd, -each.upper, -each.lower)
