"""The mean log-likelihood of data under a mixture, enclosed."""

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.npmle.gradient import GradientBound
from emtheory.numerics.npmle.problem import Mixing, Problem
from emtheory.numerics.npmle.ratios import Ratios, ratios

BITS = 128
Ends = tuple[flint.arb, flint.arb]


def mean_log_likelihood(problem: Problem, given: Ratios) -> flint.arb:
    """Return a ball around n⁻¹ Σ log p̂(x_i), which is what the a_i of a mixture tell: p̂(x_i) = n_i/(n a_i (2πσ²)^{m/2})."""
    with arb_precision(BITS):
        total = flint.arb(0)
        rows = zip(
            problem.counts.tolist(), given.alpha.mid.tolist(), given.alpha.rad.tolist(), given.shift.tolist(), strict=True
        )
        for count, mid, rad, shift in rows:
            total += count * ((flint.arb(mid, rad) * (problem.n / flint.arb(count))).log() + shift)
        variance = 2 * flint.arb.pi() * flint.arb(to_fmpq(problem.variance))
        result: flint.arb = -total / problem.n - given.offset - problem.m * variance.log() / 2
        return result


def gap_bounds(problem: Problem, mixing: Mixing, bound: GradientBound, best: Mixing, of_best: GradientBound) -> Ends:
    """Return bounds of how far a mixture is below the maximum over all mixtures, by a better one that is known.

    Parameters
    ----------
    problem, mixing, bound
        The data, the mixture, and what is known of its gradient function.
    best, of_best
        The better one, and the same of it.
    """
    difference = mean_log_likelihood(problem, ratios(problem, best)) - mean_log_likelihood(
        problem, ratios(problem, mixing)
    )
    with arb_precision(BITS):
        above = difference + of_best.gap
        lower = difference if float(difference.lower()) > 0 else flint.arb(0)
        upper = above if float(above.upper()) < float(bound.gap.upper()) else bound.gap
        return lower, upper
