"""How far from 0 a fixed point of EM on n points may be: what the shells' rates say for one n and one probability.

With probability 1 − e^{−nD(1 − log 2)/2} − Σ Ne^{−nI}, the sum over all shells beyond r, no fixed point has a norm
above r in the simplex's span; and EM from every start has no limit points but fixed points.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import TypeVar

import flint

from emtheory.numerics.any_point import ball_values
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.sample_theorem.ball_constants import chi_square_tail
from emtheory.numerics.sample_theorem.choices import Question
from emtheory.numerics.sample_theorem.shells import GRAIN, MAX_RATES, MAX_SPAN, Shell, in_reach, shell, top, top_rate
from emtheory.numerics.weights import Weights

Real = TypeVar("Real", Fraction, float)

_BITS = 80
"""Precision of sums of probabilities."""
_ARCS = 16
"""Boxes of amplitudes that cover the arc of those with one norm."""
_ROUGH = 4
"""Digits to which it is seen which of them has the largest KL."""
_HALF = Fraction(1, 2)
"""Part of δ for the coordinates outside of the simplex's span, where there are any."""


@dataclass(frozen=True)
class Exclusion:
    """What the shells say: no fixed point has a norm above `radius` in the span, and its rest has the square `rest`."""

    case: Case
    radius: Fraction
    rest: flint.arb

    def norm(self) -> flint.arb:
        """Return the bound on ‖θ̂‖."""
        radius = flint.arb(to_fmpq(self.radius))
        return (radius * radius + self.rest).sqrt() if self.case.d >= self.case.k else radius

    def divergence(self, digits: int) -> flint.arb:
        """Return the bound on KL, which is that of the span and half the square of the rest, to so many digits."""
        found = largest_divergence(self.case, self.radius, digits)
        low, high = (flint.arb(to_fmpq(Fraction(end))) for end in (found.lower, found.upper))
        return low.union(high) + self.rest / 2


def exclusion(question: Question) -> Exclusion | None:
    """Return the least bound, at the precision in force, or None if there is none."""
    case, rest = question.case, flint.arb(0)
    if case.d >= case.k:
        rest = chi_square_tail(case.d - case.k + 1, question.delta * (1 - _HALF)) / question.n
    radius = None
    for one, total in _sums(case.weights, question.n):
        if not total <= to_fmpq(_share(question)):
            break
        radius = one.inner
    return None if radius is None else Exclusion(case, radius, rest)


def _share(question: Question) -> Fraction:
    """The part of δ that the shells have."""
    return question.delta * (_HALF if question.case.d >= question.case.k else 1)


def says_something(question: Question) -> bool:
    """Whether there is any bound."""
    return any(total <= to_fmpq(_share(question)) for _, total in islice(_sums(question.case.weights, question.n), 1))


def reaches(question: Question, radius: flint.arb, probability: Fraction) -> bool:
    """Whether fixed points beyond a radius in the span have at most the probability given, as far as is shown.

    Parameters
    ----------
    question
        n and the weights.
    radius
        Positive.
    probability
        Between 0 and 1.
    """
    if not promises(question, radius, probability):
        return False
    for one, total in _sums(question.case.weights, question.n):
        if not total <= to_fmpq(probability):
            return False
        if flint.arb(to_fmpq(one.inner)) <= radius:
            return True
    return False


def promises(question: Question, radius: flint.arb, probability: Fraction | None = None) -> bool:
    """Whether the shell below a radius alone leaves that open: a quick look before all shells are gone through.

    Parameters
    ----------
    question, radius, probability
        As for `reaches`; by default all of δ that the shells have.
    """
    weights, most = question.case.weights, probability or _share(question)
    if question.span > MAX_SPAN or not radius > 0:
        return False
    lower = radius.lower().fmpq()
    at = min(Fraction(int(lower.p) * GRAIN // int(lower.q), GRAIN), top(question.span))
    if not in_reach(weights, at):
        return False
    with arb_precision(_BITS):
        return bool(_probability(shell(weights, at), question.n) <= to_fmpq(most))


def largest_divergence(case: Case, radius: Fraction, digits: int) -> Enclosure:
    """Return a bound on KL at all points of the simplex's span up to a radius: KL grows with every amplitude.

    Parameters
    ----------
    case
        With at most four components.
    radius
        Positive.
    digits
        Correct significant digits wanted.
    """
    if case.k <= 3:  # one amplitude
        return ball_values.kl_divergence(case.at_radius(radius), digits)
    corners = [replace(case, radius=None, amplitudes=corner) for corner in arc_corners(radius)]
    # To few digits first: to many a sum over so many nodes takes long.
    rough = [ball_values.kl_divergence(corner, _ROUGH) for corner in corners]
    highest = max(one.lower for one in rough)
    largest = [corner for corner, one in zip(corners, rough, strict=True) if one.upper >= highest]
    found = [ball_values.kl_divergence(corner, digits) for corner in largest]
    return replace(found[0], lower=max(one.lower for one in found), upper=max(one.upper for one in found))


def arc_corners(radius: Real) -> list[tuple[Real, Real]]:
    """Return pairs of amplitudes: each pair of the given norm is at most one of them, coordinate by coordinate.

    Parameters
    ----------
    radius
        The norm; the pairs are numbers of its kind.
    """
    found = []
    for arc in range(_ARCS):
        # The circle's points between two have at most the cosine of the one and the sine of the other.
        low, high = Fraction(arc, _ARCS), Fraction(arc + 1, _ARCS)
        found.append((radius * ((1 - low**2) / (1 + low**2)), radius * (2 * high / (1 + high**2))))
    return found


def _sums(weights: Weights, n: int) -> Iterator[tuple[Shell, flint.arb]]:
    """Yield the shells from the outermost, each with a bound on the probability of a fixed point in it or beyond."""
    dimension = len(weights) - 1
    if dimension > MAX_SPAN:
        return
    outer = top(dimension)
    with arb_precision(_BITS):
        total = (-n * top_rate(dimension)).exp()
    computed = 0
    while in_reach(weights, outer) and computed < MAX_RATES[dimension]:
        with arb_precision(_BITS):
            one = shell(weights, outer)
            total += _probability(one, n)
        yield one, total
        outer, computed = one.inner, computed + len(one.rates)


def _probability(one: Shell, n: int) -> flint.arb:
    return sum((count * (-n * flint.arb(rate)).exp() for count, rate in one.rates), start=flint.arb(0))
