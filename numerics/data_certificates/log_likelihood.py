"""The mean log-likelihood of given data at a fixed point, enclosed."""

from collections.abc import Iterable
from fractions import Fraction

import flint
import numpy as np

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.exponential import EXPONENTIAL_ERROR
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import SLACK, TINY, UNIT, exact_sum, rounding_factor, scaled_product
from emtheory.numerics.data_certificates.complement import Complement
from emtheory.numerics.data_certificates.cumulants import norm_bound, posterior_error, posteriors
from emtheory.numerics.data_certificates.fixed_point import FixedPoint
from emtheory.numerics.data_certificates.points import Points
from emtheory.numerics.samples.posterior_sums import Workers, alone
from emtheory.numerics.samples.simplex import FloatArray

_BITS = 128
"""Of the arithmetic with sums over all points."""


def log_partition(points: Points, theta: FloatArray, share: Workers = alone) -> flint.arb:
    """Return a ball around (1/n) Σ_i log Σ_j π_j e^{⟨x_i, U_jθ⟩}.

    Logarithms are taken of a product over each block, held as mantissa and power of two.
    """

    def work(run: Iterable[FloatArray]) -> list[tuple[FloatArray, float, int]]:
        results = []
        for block in run:
            _, peak, total = posteriors(points, block, theta)
            results.append((np.array(peak.sum()), *scaled_product(total)))
        return results

    error = posterior_error(points, norm_bound(theta))
    peaks, mantissas, powers = zip(*share(work, points.blocks), strict=True)
    longest = max(len(norms) for norms in points.norms)
    exponents = error.exponent_constant + error.exponent_slope * points.powers[1]
    largest = float(np.abs(points.log_weights).max()) + norm_bound(theta) * points.powers[1]
    lost = exponents + EXPONENTIAL_ERROR + (points.k + 1) * UNIT + 2 * rounding_factor(longest + 1) * (largest + 1)
    with arb_precision(_BITS):
        logs = sum((flint.arb(mantissa).log() for mantissa in mantissas), start=flint.arb(0))
        whole = logs + sum(powers) * flint.arb.const_log2() + flint.arb(float(exact_sum(peaks)))
        mean: flint.arb = whole / points.n + flint.arb(0, lost * SLACK + TINY)
        return mean


def log_likelihood(
    points: Points, complement: Complement, point: FixedPoint, share: Workers = alone
) -> tuple[Fraction, Fraction]:
    """Return bounds of the mean over the data of log p_θ at a fixed point θ, in nats.

    The gradient vanishes there, and the Hessian is at most 1 + (1/n) Σ ‖x_i‖² in norm.
    """
    partition = log_partition(points, point.near, share)
    moved = (1 + points.powers[2]) * point.error**2 / 2 * SLACK
    with arb_precision(_BITS):
        near = sum((flint.arb(x) * flint.arb(x) for x in point.near.tolist()), start=flint.arb(0))
        beyond = sum(
            (
                flint.arb(x, e) * flint.arb(x, e)
                for x, e in zip(complement.mean.tolist(), complement.error.tolist(), strict=True)
            ),
            start=flint.arb(0),
        )
        square = flint.arb(complement.mean_square, complement.mean_square_error)
        d = points.span + len(complement.mean)
        value = partition - (near - beyond + square + d * (2 * flint.arb.pi()).log()) / 2 + flint.arb(0, moved)
        return ball_bounds(value)
