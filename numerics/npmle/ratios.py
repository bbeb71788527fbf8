"""What the gradient function is made of: for each point the inverse of the mixture's density there, as balls.

With E(x, t) = exp(−‖x − t‖²/2σ²), D(t) + 1 = Σ_i a_i E(x_i, t), where a_i = (n_i/n) Σ_j w_j / Σ_j w_j E(x_i, θ_j).
Proofs: section 19 of docs/error-bounds.md.
"""

from dataclasses import dataclass
from functools import cached_property

import flint
import numpy as np

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.ball_arrays import BallArray
from emtheory.numerics.arithmetic.exponential import EXPONENTIAL_ERROR, exponential
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import SLACK, TINY, UNIT, FloatArray, rounding_factor
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.npmle.problem import Mixing, Problem

_LARGEST_SHIFT = 2.0**36
"""Of an exponent: up to this it is known to 2^−10 or better in double precision."""
_HIGHEST = 300
"""Of exponents that are left where they are: e^300 times any number of points does not overflow."""
_BITS = 128
"""Of the arithmetic with sums over all points."""
_BLOCK = 2**20
"""Pairs of points and atoms at a time."""


@dataclass(frozen=True, eq=False)
class Ratios:
    """a_i = α_i e^{s_i + offset}, with whole numbers s_i ≤ 300 and an offset that is 0 for all but bad fits."""

    alpha: BallArray
    shift: FloatArray
    offset: float

    @cached_property
    def bounds(self) -> FloatArray:
        """Upper bounds of a_i e^{−offset}."""
        result: FloatArray = self.alpha.magnitude * exponential(self.shift) * SLACK + TINY
        return result

    @cached_property
    def least(self) -> FloatArray:
        """Lower bounds of a_i e^{−offset}, or nearly 0."""
        result: FloatArray = (self.alpha.mid - self.alpha.rad) * exponential(self.shift) * (1 - 2.0**-40) - TINY
        return result


def ratios(problem: Problem, mixing: Mixing, moved: float = 0.0) -> Ratios:
    """Return the a_i; CannotAnswerError if points are so far from all atoms that double precision does not see them.

    With `moved` they hold for all atoms within that distance in each coordinate, in units of σ, of those given, and all
    weights that are off by as much relatively.
    """
    size = max(1, _BLOCK // mixing.k)
    parts = [_sums(problem, mixing, slice(first, first + size), moved) for first in range(0, len(problem.points), size)]
    sums, errors, shifts = (np.concatenate(each) for each in zip(*parts, strict=True))
    middle = problem.counts / problem.n * mixing.total / sums
    relative = (errors + moved + 6 * UNIT) * (1 + 2 * errors) * SLACK
    offset = max(0.0, float(shifts.max()) - _HIGHEST)
    return Ratios(BallArray(middle, middle * relative * SLACK + TINY), shifts - offset, offset)


def _sums(problem: Problem, mixing: Mixing, rows: slice, moved: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return Σ_j w_j e^{s_i − q_ij}, bounds of its relative errors, and the whole numbers s_i."""
    steps = (problem.points[rows, None, :] - mixing.atoms) * problem.scale
    q = np.square(steps).sum(axis=2) / 2
    shift = np.rint((q - np.log(mixing.weights)).min(axis=1))
    if float(abs(shift).max()) > _LARGEST_SHIFT:
        raise CannotAnswerError(
            f"a point of the data is {np.sqrt(2 * shift.max()):.3g} standard deviations of the kernel from every atom: "
            "nothing can be certified beyond 370000"
        )
    exponents = shift[:, None] - q
    terms = mixing.weights * exponential(exponents)
    drift = moved * (abs(steps).sum(axis=2) + problem.m * moved) + moved
    lost = exponent_error(q, abs(shift)[:, None], problem.m) + EXPONENTIAL_ERROR + UNIT + 1.1 * drift
    sums = terms.sum(axis=1)
    errors = (terms * lost).sum(axis=1) / sums + rounding_factor(mixing.k)
    if moved and float(np.where(exponents > -700, drift, 0).max()) > 2.0**-10:
        raise CannotAnswerError("the box of atoms is too large for its exponents")
    return sums, errors * SLACK + TINY, shift


def exponent_error(q: FloatArray, shift: FloatArray, m: int) -> FloatArray:
    """Return a bound of what rounding makes of e^{s − q}, relatively, q = ‖x − t‖²/2σ² in m dimensions: below 2^−10."""
    result: FloatArray = 1.1 * (10 + m) * UNIT * (q + shift)
    return result


def mean_log_likelihood(problem: Problem, given: Ratios) -> flint.arb:
    """Return a ball around n⁻¹ Σ log p̂(x_i), from the a_i of a mixture: p̂(x_i) = n_i/(n a_i (2πσ²)^{m/2})."""
    alpha = zip(given.alpha.mid.tolist(), given.alpha.rad.tolist(), given.shift.tolist(), strict=True)
    with arb_precision(_BITS):
        total = flint.arb(0)
        for count, (mid, rad, shift) in zip(problem.counts.tolist(), alpha, strict=True):
            total += count * ((flint.arb(mid, rad) * (problem.n / flint.arb(count))).log() + shift)
        variance = 2 * flint.arb.pi() * flint.arb(to_fmpq(problem.variance))
        result: flint.arb = -total / problem.n - given.offset - problem.m * variance.log() / 2
        return result
