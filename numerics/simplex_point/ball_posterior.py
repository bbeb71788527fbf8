"""Moments of the posterior's Fourier transform on a regular simplex, enclosed in ball arithmetic."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

import flint
import numpy as np

from emtheory.numerics.arithmetic.trapezoid import discretisation_error
from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.ball_inner import Array, OuterRule, plan_outer, right_end
from emtheory.numerics.simplex_point.ball_laplace import laplace_tables, raised
from emtheory.numerics.simplex_point.ball_partition import weight_counts, weight_normals
from emtheory.numerics.simplex_point.moments import Nodes, PosteriorMoments, cumulants_from_moments


def ball_posterior_moments(case: Case, s: flint.arb, accuracy: float, degree: int) -> PosteriorMoments:
    """Return the moments up to degree 2, for powers, or 4, for couplings, as balls of radius about e^{−accuracy}.

    The deviation s = r√(k/(k−1)) > 0 of the exponents may be a wide ball; CannotAnswerError if the tables would be too
    large.
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
    (tables,) = laplace_tables([weight_normals(weights, s)], outer, degree)
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
