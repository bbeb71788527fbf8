"""What is certified of a mixing distribution on given data: how far it is from the best there is, and what that one is.

A fit of normal mixtures is compared with all mixtures of its kernels, N(t, Σ_j) for every place t and the covariance
Σ_j of each component. Proofs: section 19 of docs/error-bounds.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from importlib.util import find_spec

import flint
import numpy as np

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.ball_arrays import BallArray
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import EXPONENTIAL_ERROR, SLACK, TINY, UNIT, FloatArray, exponential
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.fit import Fit
from emtheory.numerics.fit_certificates.gaussian import GaussianFamily
from emtheory.numerics.fit_certificates.polish import Candidate
from emtheory.numerics.fit_certificates.statistics import BITS, in_doubles
from emtheory.numerics.npmle.atoms import Atoms, locate_atoms
from emtheory.numerics.npmle.gradient import Envelope, bound_gradient, envelope, gradient_cover
from emtheory.numerics.npmle.problem import (
    HIGHEST,
    LARGEST_SHIFT,
    MOST_DIMENSIONS,
    Mixing,
    Problem,
    Ratios,
    check_spread,
    mean_log_likelihood,
    ratios,
)
from emtheory.numerics.npmle.propose import propose

DEFAULT_GAPS = {1: Fraction(1, 10**8), 2: Fraction(1, 10**6), 3: Fraction(1, 10**3)}
"""By dimension, of a search that is not told how near to come."""
_KNOWN_TO = 50
"""Part of the gap asked for up to which the largest value of the gradient function is found. A choice."""

Interval = tuple[Fraction, Fraction]


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is certified: `gap`, by how much the maximum over all mixing distributions is larger than the likelihood.

    `better`: another mixing distribution by which the gap is known better, or None; `atoms`: of the best one, or None;
    `tolerance`: up to which largest values were looked for.
    """

    mixing: Mixing
    log_likelihood: Interval
    gap: Interval
    better: Mixing | None
    atoms: Atoms | None
    tolerance: float


def search(problem: Problem, fit: Mixing | None, gap: Fraction, *, locate: bool) -> tuple[Evidence, str]:
    """Certify a fit, or find and certify the best mixing distribution; and tell why its atoms are not located.

    CannotAnswerError if the data are too far apart, or the fit too far from them.

    `problem`: the data and the kernel; `fit`: mixing distribution of another program, or None; `gap`: how near the
    maximum the best one is to be, at most; `locate`: whether its atoms are to be located.
    """
    tolerance = float(min(gap, DEFAULT_GAPS[problem.m])) / _KNOWN_TO
    best = propose(problem, float(gap))
    atoms, reason = None, ""
    if locate:
        try:
            atoms = locate_atoms(problem, best)
            best = atoms.mixing
        except CannotAnswerError as error:
            reason = str(error)
    return _evidence(problem, fit or best, best if fit else None, atoms, tolerance), reason


def _evidence(
    problem: Problem, mixing: Mixing, better: Mixing | None, atoms: Atoms | None, tolerance: float
) -> Evidence:
    def looked_at(each: Mixing) -> tuple[flint.arb, flint.arb]:
        own = ratios(problem, each)
        return mean_log_likelihood(problem, own), bound_gradient(gradient_cover(problem, own), tolerance).gap

    with arb_precision(128):
        lower, (likelihood, upper) = flint.arb(0), looked_at(mixing)
        if better is not None:
            reached, rest = looked_at(better)
            difference = reached - likelihood
            above = difference + rest
            lower = difference if difference.lower() > 0 else lower
            upper = above if above.upper() < upper.upper() else upper
        ends = max(ball_bounds(lower)[0], Fraction(0)), max(ball_bounds(upper)[1], Fraction(0))
    return Evidence(mixing, ball_bounds(likelihood), ends, better, atoms, tolerance)


_NEAR = {1: 1e-6, 2: 1e-6, 3: 1e-3}
"""By dimension: relative, for the largest value of D + 1, and how near the best mixture of one kernel comes. In three a
series leaves out a millionth."""
_MOST_SEARCHED = 20_000
"""Rows for which the best mixture of one kernel is looked for. A choice: some seconds."""
_LARGEST_CHANGE = 2.0**-10
"""Of the exponent of an E(z, t) by rounding: up to this e^c is at most 1 + 1.001c."""
_BLOCK = 2**15
"""Rows that are looked at together."""


@dataclass(frozen=True, eq=False)
class KernelOfFit:
    """The gradient function of a kernel: its component, data in its coordinates, the a_i, δ and mRδ."""

    family: GaussianFamily
    component: int
    problem: Problem
    ratios: Ratios
    moved: float
    change: float

    def gap(self, given: Ratios) -> flint.arb:
        """Return a ball whose upper end is at least log(1 + sup D_j) for a mixture, and at least 0."""
        found = bound_gradient(gradient_cover(self.problem, given), _NEAR[self.problem.m])
        with arb_precision(BITS):
            return found.gap + flint.arb(self.change)

    def envelope(self) -> Envelope | None:
        """Return bounds of D_j on boxes in its coordinates, up to two; None where it is beyond doubles."""
        found = envelope(gradient_cover(self.problem, self.ratios))
        if found is None:
            return None
        more = 1.01 * self.change
        lower, upper = found.lower - more * (1 + found.lower), found.upper + more * (1 + found.upper)
        return Envelope(found.centres, found.half_width, lower, upper)

    def places(self, z: FloatArray) -> FloatArray:
        """Return where places in its coordinates are, rounded."""
        back = np.linalg.inv(self.family.whitening[self.component])
        result: FloatArray = self.family.means[self.component] + z @ back.T
        return result


def gap_to_best(kernels: Sequence[KernelOfFit]) -> tuple[Fraction, Fraction]:
    """Bound by how much the mean log-likelihood of the best mixture of the kernels of a fit is larger.

    Where they are one, the best is looked for, so that it is known from both sides.
    """
    with arb_precision(BITS):
        upper = reduce(flint.arb.max, (kernel.gap(kernel.ratios).upper() for kernel in kernels))
        lower, first = flint.arb(0), kernels[0]
        if len(kernels) == 1 and first.problem.n <= _MOST_SEARCHED and find_spec("scipy"):
            best = ratios(first.problem, propose(first.problem, _NEAR[first.problem.m]), 2 * first.moved)
            ahead = mean_log_likelihood(first.problem, best) - mean_log_likelihood(first.problem, first.ratios)
            lower, upper = ahead.lower().max(lower), upper.min((ahead + first.gap(best)).upper())
        return ball_bounds(lower)[0], ball_bounds(upper)[1]


def kernels_of_fit(given: Candidate, rows: FloatArray) -> list[KernelOfFit]:
    """Return the different kernels of a fit; CannotAnswerError tells why it is not compared with their mixtures."""
    if not isinstance(given, Fit):
        raise CannotAnswerError("only a fit given by weights, means and covariances is compared, not that of a model")
    n, d = rows.shape
    if d > MOST_DIMENSIONS:
        raise CannotAnswerError(f"in {d} dimensions space cannot be covered; in up to {MOST_DIMENSIONS} it is")
    family, kernels = given.family(), list[KernelOfFit]()
    with arb_precision(BITS):
        own = in_doubles(family.coefficients(family.centre), *family.shape)
        norms = [
            sum((flint.arb(x).log() for x in np.diagonal(turn).tolist()), -(2 * flint.arb.pi()).log() * d / 2)
            for turn in family.whitening
        ]
    features = [family.features(np.asarray(rows[first : first + _BLOCK])) for first in range(0, n, _BLOCK)]
    peaks, sums, errors = (
        np.concatenate(each) for each in zip(*(_density((own * each).sum(1)) for each in features), strict=True)
    )
    for j, turn in enumerate(family.whitening):
        if any((turn == other).all() for other in family.whitening[:j]):
            continue
        z = [each[j, 1 : 1 + d] for each in features]
        problem = Problem(np.concatenate([each.mid for each in z], axis=1).T, np.ones(n), Fraction(1))
        check_spread(problem, problem.points, "the data")
        moved = max(float(each.rad.max()) for each in z)
        change = d * (float(np.ptp(problem.points, axis=0).max()) + 3 * moved) * moved * SLACK
        # p(x | t, Σ_j) = e^{constant} E(z, t), over the density of the fit: sums e^{peaks}.
        constant = float(norms[j].mid())
        shift = np.rint(constant - peaks)
        rounded = UNIT * (4 * abs(constant) + 4 * abs(peaks) + 8) + errors + EXPONENTIAL_ERROR
        if not (max(change, float(rounded.max())) < _LARGEST_CHANGE and float(abs(shift).max()) < LARGEST_SHIFT):
            raise CannotAnswerError("the data are too far apart, or from the fit, for double precision")
        middle = exponential(constant - peaks - shift) / (sums * n)
        alpha = BallArray(middle, middle * rounded * (1 + 2 * _LARGEST_CHANGE) + TINY)
        offset = max(0.0, float(shift.max()) - HIGHEST)
        kernels.append(KernelOfFit(family, j, problem, Ratios(alpha, shift - offset, offset), moved, change))
    return kernels


def _density(logs: BallArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return P, S and what log(S e^P) is off by, the logarithm of the density, from those of components (k × n)."""
    peak = logs.mid.max(axis=0)
    below = logs.mid - peak
    errors = (logs.rad + UNIT * abs(below)).max(axis=0) * SLACK + EXPONENTIAL_ERROR + (len(below) + 2) * UNIT
    return peak, exponential(below).sum(axis=0), errors
