"""The mean log-likelihood of data under a mixture, enclosed."""

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.npmle.problem import Problem
from emtheory.numerics.npmle.ratios import Ratios

_BITS = 128
"""Of the arithmetic with sums over all points."""


def mean_log_likelihood(problem: Problem, given: Ratios) -> flint.arb:
    """Return a ball around n⁻¹ Σ log p̂(x_i), from the a_i of a mixture: p̂(x_i) = n_i/(n a_i (2πσ²)^{m/2})."""
    with arb_precision(_BITS):
        total = flint.arb(0)
        rows = zip(
            problem.counts.tolist(),
            given.alpha.mid.tolist(),
            given.alpha.rad.tolist(),
            given.shift.tolist(),
            strict=True,
        )
        for count, mid, rad, shift in rows:
            total += count * ((flint.arb(mid, rad) * (problem.n / flint.arb(count))).log() + shift)
        variance = 2 * flint.arb.pi() * flint.arb(to_fmpq(problem.variance))
        result: flint.arb = -total / problem.n - given.offset - problem.m * variance.log() / 2
        return result
