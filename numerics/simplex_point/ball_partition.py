"""Λ = E log S on a regular simplex, and moments of the posterior's Fourier transform, enclosed in ball arithmetic.

S = Σ π_j e^{sZ_j} with Z i.i.d. normal.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

import flint
import numpy as np

from emtheory.numerics.arithmetic.arb import to_arb, to_fmpq
from emtheory.numerics.arithmetic.trapezoid import discretisation_error
from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.ball_inner import Array, OuterRule, laplace_end, plan_outer, right_end
from emtheory.numerics.simplex_point.ball_laplace import Normals, laplace_tables, raised
from emtheory.numerics.simplex_point.moments import Nodes, PosteriorMoments, cumulants_from_moments

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
    means = tuple(to_arb(weight).log() for weight in weights)
    return Normals(means, s, sum(weights.values()))


def power_sum(weights: Mapping[Fraction, int]) -> flint.fmpq:
    """Σ π_j²."""
    exact = ((to_fmpq(weight), count) for weight, count in weights.items())
    return sum((count * weight * weight for weight, count in exact), start=flint.fmpq(0))


def log_partition_excess(weights: Mapping[Fraction, int], s: flint.arb, accuracy: float) -> flint.arb:
    """Return E log S − μ = ∫ (E e^{−e^u T} − E e^{−e^u S}) du to e^{−accuracy}; CannotAnswerError if too dear."""
    mu, variance = log_normal_match(weights, s)
    k = sum(weights.values())
    deviation = float(s.mid())
    right = max(
        right_end(weights, deviation, accuracy), laplace_end(float(variance.mid()) ** 0.5, accuracy) - float(mu.mid())
    )
    outer = plan_outer(k, deviation, accuracy, 1, MOMENTS_MATCHED, right)
    # The reference is to be as accurate as the product, from which it is subtracted.
    families = weight_normals(weights, s), Normals((mu,), variance.sqrt(), k)
    tables, (log_normal,) = (laplace_tables(each, outer, 0) for each in families)
    product = np.full(outer.count, flint.arb(1), dtype=object)
    for table, count in zip(tables, weights.values(), strict=True):
        product *= raised(table[0], count)
    reference = log_normal[0]
    error = excess_discretisation(outer, s, mu, variance, k) + left_tail(outer, s, mu, variance, k)
    total = log_concave_sum(reference, accuracy) - log_concave_sum(product, accuracy)
    return outer.step * total + flint.arb(0, error.upper())


def kl_at(case: Case, s: flint.arb, accuracy: float) -> flint.arb:
    """KL = ‖θ‖²/2 − μ − (E log S − μ); the first two terms cancel at small radii and are combined.

    The deviation is s = r√(k/(k−1)) > 0; the error is absolute, so a small KL needs more accuracy.
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


def ball_posterior_moments(case: Case, s: flint.arb, accuracy: float, degree: int) -> PosteriorMoments:
    """Return the moments up to degree 2, for powers, or 4, for couplings, as balls of radius about e^{−accuracy}.

    The deviation of the exponents is s = r√(k/(k−1)) > 0; CannotAnswerError if the tables would be too large.
    """
    nodes = posterior_nodes(weight_counts(case), s, accuracy, degree)
    return PosteriorMoments(case, nodes, root_of_unity(case.k), matrix_product)


def root_of_unity(k: int) -> Callable[[int], flint.acb]:
    """Return j ↦ e^{2πi j/k} at the precision in force."""

    def root(j: int) -> flint.acb:
        sine, cosine = flint.arb.sin_cos_pi_fmpq(flint.fmpq(2 * j, k))
        return flint.acb(cosine, sine)

    return root


def matrix_product(left: Array, right: Array) -> Array:
    """Multiply a complex matrix by a real one, in Arb and not entry by entry; the product is of reals if both are."""
    factor = flint.arb_mat(right.tolist())
    entries = [[flint.acb(entry) for entry in row] for row in left]
    real = flint.arb_mat([[entry.real for entry in row] for row in entries]) * factor
    if all(entry.imag == 0 for row in entries for entry in row):
        return np.array(real.tolist(), dtype=object)
    imaginary = flint.arb_mat([[entry.imag for entry in row] for row in entries]) * factor
    return np.asarray(_complex(np.array(real.tolist(), dtype=object), np.array(imaginary.tolist(), dtype=object)))


def posterior_nodes(weights: Mapping[Fraction, int], s: flint.arb, accuracy: float, degree: int) -> Nodes:
    """Return the nodes of the outer integral with proved errors for each degree N = 2..`degree`.

    The integrand F of a moment whose polynomial of degree N is at most 1 on the posteriors satisfies |F| ≤ Q_N with
    Q_N(u) = E[(e^u S)^N e^{−e^u S}] and ∫Q_N = Γ(N). So the nodes left out miss at most what they miss of Q_N. Weights
    are distinct, with their number of components.
    """
    deviation = float(s.mid())
    fine = accuracy + 2 * degree
    # Where P is e^{−L}, Q_N is up to about L^N times that.
    end = fine + degree * math.log(fine)
    k = sum(weights.values())
    outer = plan_outer(k, deviation, fine, degree, 2, right_end(weights, deviation, end))
    tables = laplace_tables(weight_normals(weights, s), outer, degree)
    product = np.prod([raised(table[0], count) for table, count in zip(tables, weights.values(), strict=True)], axis=0)
    kept = _kept(product, end)
    cumulants = np.stack([cumulants_from_moments(table[1:, :kept] / table[0, :kept]) for table in tables], axis=1)
    mass = flint.arb(outer.step) * product[:kept]
    total = np.array(list(weights.values()), dtype=object) @ cumulants
    errors = [flint.arb(0), flint.arb(0)]
    for n, moment in enumerate(raw_moments(total)[1:], start=2):
        grid = discretisation(outer, s, n, k)
        missing = missing_mass(mass @ moment / math.factorial(n - 1), grid)
        errors.append(flint.arb(0, (grid + missing).upper()))
    return Nodes(mass, cumulants, tuple(errors))


def _kept(product: Array, accuracy: float) -> int:
    """Number of nodes before P falls below e^{−L}; further ones only bring rounding errors."""
    negligible = flint.arb(-accuracy).exp()
    return next((index for index, value in enumerate(product) if not value > negligible), len(product))


def missing_mass(kept: flint.arb, grid: flint.arb) -> flint.arb:
    """Bound h Σ Q_n/Γ(n) over the nodes left out: over all nodes it is at most 1 + the discretisation error."""
    return (1 + grid - kept).upper()


def discretisation(outer: OuterRule, s: flint.arb, n: int, k: int) -> flint.arb:
    """Bound the discretisation error of a moment of degree n, divided by Γ(n).

    With w = u + iv, |F(w)| ≤ E[|e^w S|^n e^{−Re(e^w) S}] = (cos v)^{−n} Q_n(u + log cos v) for |v| < π/2. Moving the
    contour of all k Gaussians by b/s turns the phase v into v − b and multiplies the measure by at most e^{kb²/2s²}.
    """
    edge = (k * flint.arb(outer.shift) ** 2 / (2 * s**2)).exp() / flint.arb(outer.angle).cos() ** n
    return discretisation_error(edge, outer.strip, flint.arb(outer.step))


def raw_moments(cumulants: Array) -> Array:
    """Turn cumulants κ_1.. of shape (p, …), p = 2 or 4, into the raw moments of the same shape."""
    first, second = cumulants[:2]
    square = first * first
    moments = [first, second + square]
    if len(cumulants) == 4:
        third, fourth = cumulants[2:]
        moments.append(third + 3 * first * second + first * square)
        moments.append(fourth + 4 * first * third + 3 * second * second + 6 * square * second + square * square)
    return np.array(moments)


_complex = np.frompyfunc(flint.acb, 2, 1)
