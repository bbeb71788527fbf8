"""Λ = E log S on a regular simplex, enclosed in ball arithmetic; S = Σ π_j e^{sZ_j}, Z i.i.d. normal."""

from collections.abc import Mapping
from fractions import Fraction

import flint
import numpy as np

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.trapezoid import discretisation_error
from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.ball_inner import Array, OuterRule, laplace_end, plan_outer, right_end
from emtheory.numerics.simplex_point.ball_laplace import Normals, laplace_tables, raised

MOMENTS_MATCHED = 3
"""E e^{−wT} − E e^{−wS} = O(w³) when T and S have the same first two moments."""


def log_normal_match(weights: Mapping[Fraction, int], s: flint.arb) -> tuple[flint.arb, flint.arb]:
    """Return μ and σ² of the log-normal T = e^{μ + σZ} with E T = E S and E T² = E S².

    E S = e^{s²/2} and E S² = e^{s²}(1 + p(e^{s²} − 1)) with p = Σ π_j².
    """
    square = s * s
    variance = (power_sum(weights) * square.expm1()).log1p()
    return (square - variance) / 2, variance


def weight_counts(case: Case) -> dict[Fraction, int]:
    """Return distinct weight → number of components that carry it."""
    return {weight: len(components) for weight, components in case.classes.items()}


def weight_normals(weights: Mapping[Fraction, int], s: flint.arb) -> Normals:
    """Return log π + sZ for the distinct weights π."""
    means = tuple(flint.arb(to_fmpq(weight)).log() for weight in weights)
    return Normals(means, s, sum(weights.values()))


def power_sum(weights: Mapping[Fraction, int]) -> flint.fmpq:
    """Σ π_j²."""
    exact = ((to_fmpq(weight), count) for weight, count in weights.items())
    return sum((count * weight * weight for weight, count in exact), start=flint.fmpq(0))


def log_partition_excess(weights: Mapping[Fraction, int], s: flint.arb, accuracy: float) -> flint.arb:
    """Return a ball around E log S − μ = ∫ (E e^{−e^u T} − E e^{−e^u S}) du, of radius e^{−accuracy} if s is exact.

    CannotAnswerError if the tables would be too large.
    """
    mu, variance = log_normal_match(weights, s)
    k = sum(weights.values())
    deviation = float(s.mid())
    right = max(
        right_end(weights, deviation, accuracy), laplace_end(float(variance.mid()) ** 0.5, accuracy) - float(mu.mid())
    )
    outer = plan_outer(k, deviation, accuracy, 1, MOMENTS_MATCHED, right)
    components = weight_normals(weights, s)
    tables, (log_normal,) = laplace_tables([components, Normals((mu,), variance.sqrt())], outer, 0)
    product = np.full(outer.count, flint.arb(1), dtype=object)
    for table, count in zip(tables, weights.values(), strict=True):
        product *= raised(table[0], count)
    reference = log_normal[0]
    error = excess_discretisation(outer, s, mu, variance, k) + left_tail(outer, s, mu, variance, k)
    total = log_concave_sum(reference, accuracy) - log_concave_sum(product, accuracy)
    return outer.step * total + flint.arb(0, error.upper())


def kl_at(case: Case, s: flint.arb, accuracy: float) -> flint.arb:
    """KL = ‖θ‖²/2 − μ − (E log S − μ); the first two terms cancel at small radii and are combined.

    The deviation s = r√(k/(k−1)) > 0 may be a wide ball; the error is absolute, so a small KL needs more accuracy.
    """
    weights = weight_counts(case)
    _, variance = log_normal_match(weights, s)
    return (variance - s * s / case.k) / 2 - log_partition_excess(weights, s, accuracy)


def excess_discretisation(outer: OuterRule, s: flint.arb, mu: flint.arb, variance: flint.arb, k: int) -> flint.arb:
    """Bound the discretisation error of ∫ (E e^{−e^u T} − E e^{−e^u S}) du.

    Move the contour of every Gaussian so that the phase of e^u T and e^u S is at most a: this multiplies the measures
    by at most e^{b²/2σ²} and e^{kb²/2s²} (b the shift) and keeps their integral 1, so both terms may be compared with
    e^{−e^u}. As |e^{−wt} − e^{−w}| ≤ |∫_1^t |w|e^{−x Re w} dx|, the integral over an edge is at most |log t|/cos a, and
    E|log S| ≤ s E max|Z_j| ≤ s√(2 log 2k), E|log T| ≤ |μ| + σ.
    """
    shift = flint.arb(outer.shift) ** 2 / 2
    sums = (k * shift / s**2).exp() * s * (2 * flint.arb(2 * k).log()).sqrt()
    reference = (shift / variance).exp() * (abs(mu) + variance.sqrt())
    return discretisation_error((sums + reference) / flint.arb(outer.angle).cos(), outer.strip, flint.arb(outer.step))


def left_tail(outer: OuterRule, s: flint.arb, mu: flint.arb, variance: flint.arb, k: int) -> flint.arb:
    """Bound the terms left of the first node.

    For n ≤ 3 the difference is ±(E R_n(wT) − E R_n(wS)), R_n the remainder of e^{−x}, 0 ≤ R_n(x) ≤ x^p for n − 1 ≤ p ≤
    n. Hence for every p in (0, 3] it is at most w^p max(E S^p, E T^p), where E S^p ≤ k^{max(0, 1−p)} e^{p²s²/2} by
    Minkowski's inequality (p ≥ 1) or subadditivity (p < 1). The bounds are summed as a geometric series.
    """
    edge = outer.node(-1)
    exponent = min(float(MOMENTS_MATCHED), float(-edge / s.mid() ** 2))
    power = flint.arb(exponent)
    moment = (power**2 * s**2 / 2).exp() * flint.arb(k) ** (1 - power).max(flint.arb(0))
    moment += (power * mu + power**2 * variance / 2).exp()
    return outer.step * (power * edge).exp() * moment / -(-power * outer.step).expm1()


def log_concave_sum(values: Array, accuracy: float) -> flint.arb:
    """Sum a decreasing log-concave positive function over the nodes and all further ones to the right.

    exp(−e^{u+sz})φ(z) is log-concave in (u, z), hence ψ is in u (Prékopa), and a product of such functions too: the
    ratio q of successive values decreases, and what follows a value v is at most vq/(1 − q).
    """
    negligible = flint.arb(-accuracy - 3).exp()
    last = next((index for index in range(1, len(values)) if values[index] < negligible), len(values) - 1)
    ratio = (values[last] / values[last - 1]).upper()
    if not 0 < ratio < 1:
        return flint.arb(0, flint.arb.pos_inf())
    tail = (values[last] * ratio / (1 - ratio)).upper()
    return sum(values[: last + 1], start=flint.arb(tail / 2, tail / 2))
