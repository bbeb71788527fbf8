"""Two means as θ → ∞: what EM's map, its slope and KL are for every larger θ (docs/error-bounds.md, section 15)."""

from collections.abc import Mapping, Sequence

import flint

from emtheory.numerics.limits.orbits import modulus

Tail = tuple[int, Sequence[tuple[flint.arb, flint.arb]]]
"""n, and pairs of balls between which c_0, c_1, … are: the value is θⁿ Σ c_i/θⁱ."""


def em_map_tail(p: Mapping[str, flint.arb]) -> Tail:
    """E|X| − [0, C]/θ²."""
    zero, odds = flint.arb(0), p["fit_weight"] / (1 - p["fit_weight"])
    loss = _density() * p["fit_variance"] ** 2 * flint.arb.pi() ** 2 / 24 * (1 + odds.max(1 / odds))
    return 0, [2 * (modulus(p["separation"]),), (zero, zero), (-loss, zero)]


def em_map_derivative_tail(p: Mapping[str, flint.arb]) -> Tail:
    """[0, C]/θ³."""
    twice = (p["fit_weight"] / (1 - p["fit_weight"])).log()
    return -3, [(flint.arb(0), _density() * p["fit_variance"] ** 2 * (flint.arb.pi() ** 2 / 6 + twice * twice / 2))]


def kl_divergence_tail(p: Mapping[str, flint.arb]) -> Tail:
    """θ²/(2v) − θE|X|/v, and what is bounded."""
    v, second = p["fit_variance"], 1 + p["separation"] * p["separation"]
    # −h is between −½ log(2πe E X²) and −½ log(2πe), h being the entropy of the truth.
    known = second / (2 * v) + v.log() / 2 - flint.arb(1) / 2
    least = p["fit_weight"].min(1 - p["fit_weight"])
    slope = -modulus(p["separation"]) / v
    return 2, [2 * (1 / (2 * v),), 2 * (slope,), (known - second.log() / 2, known - least.log())]


def _density() -> flint.arb:
    """The largest density that a mixture of normals with the variance 1 may have."""
    return (2 * flint.arb.pi()).rsqrt()
