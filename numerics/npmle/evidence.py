"""What is certified of a mixing distribution on given data: how far it is from the best there is, and what that one is.

`search` finds what `prove` then shows; a verifier calls `prove` alone.
"""

from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.npmle.atoms import Atoms, locate_atoms
from emtheory.numerics.npmle.gradient import bound_gradient
from emtheory.numerics.npmle.problem import Mixing, Problem
from emtheory.numerics.npmle.propose import propose
from emtheory.numerics.npmle.ratios import mean_log_likelihood, ratios

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

    Parameters
    ----------
    problem
        The data and the kernel.
    fit
        Mixing distribution of another program, or None.
    gap
        How near the maximum the best one is to be, at most.
    locate
        Whether its atoms are to be located.
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


def prove(
    problem: Problem, mixing: Mixing, better: Mixing | None, around: FloatArray | None, tolerance: float
) -> Evidence:
    """Return what follows for data from what a search has found.

    CannotAnswerError if something does not follow; the message says what.

    Parameters
    ----------
    problem, mixing
        The data, the kernel, and the mixing distribution that it is about.
    better
        Another one to compare it with, or None.
    around
        Half-widths of cubes around the atoms of `better` (or else of `mixing`), if these are to be located.
    tolerance
        For largest values.
    """
    atoms = None if around is None else locate_atoms(problem, better or mixing, around)
    return _evidence(problem, mixing, better, atoms, tolerance)


def _evidence(
    problem: Problem, mixing: Mixing, better: Mixing | None, atoms: Atoms | None, tolerance: float
) -> Evidence:
    likelihood = mean_log_likelihood(problem, ratios(problem, mixing))
    with arb_precision(128):
        lower, upper = flint.arb(0), bound_gradient(problem, mixing, tolerance).gap
        if better is not None:
            difference = mean_log_likelihood(problem, ratios(problem, better)) - likelihood
            above = difference + bound_gradient(problem, better, tolerance).gap
            lower = difference if difference.lower() > 0 else lower
            upper = above if above.upper() < upper.upper() else upper
        ends = max(ball_bounds(lower)[0], Fraction(0)), max(ball_bounds(upper)[1], Fraction(0))
    return Evidence(mixing, ball_bounds(likelihood), ends, better, atoms, tolerance)
