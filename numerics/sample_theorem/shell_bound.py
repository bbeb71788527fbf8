"""How far from 0 a fixed point of EM on n points may be: what the shells' rates say for one n and one probability.

With probability 1 − e^{−nD(1 − log 2)/2} − Σ Ne^{−nI}, the sum over all shells beyond r, no fixed point has a norm
above r in the simplex's span; and EM from every start has no limit points but fixed points.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import pairwise, takewhile

import flint

from emtheory.numerics.any_point import ball_values
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case
from emtheory.numerics.sample_theorem.all_weights import narrowed
from emtheory.numerics.sample_theorem.ball_constants import UndecidedError, chi_square_tail
from emtheory.numerics.sample_theorem.choices import EVERYWHERE, HALF, Question
from emtheory.numerics.sample_theorem.shells import MAX_SPAN, Shell, shell, top_rate, walls, ways
from emtheory.numerics.simplex_point.spectrum import largest_squared_modulus
from emtheory.numerics.weights import Weights

_BITS = 80
"""Precision of sums of probabilities."""
_ARCS = 16
"""Boxes of amplitudes that cover the arc of those with one norm."""
_ROUGH = 4
"""Digits to which it is seen which of them has the largest KL."""
_FINEST = 5
"""How often enclosures of rates are narrowed before it is given up to tell a probability from another."""
_COUNTS = 30
"""A term is narrowed if its width is that of the widest over this at least."""
_NEGLIGIBLE = flint.fmpq(1, 10**20)
"""In three dimensions rates are computed where those of all weights do not make a shell's part of δ so small."""
_TURNED = Fraction(51, 25)
"""By so much in each dimension but one there are more cells if each point is to be between some of the g."""
_SLANT = Fraction(9, 25)
"""η in three dimensions, where bands of cells have one latitude; elsewhere θ is between some of the g."""


@dataclass(frozen=True)
class Exclusion:
    """What is known of fixed points anywhere: how far they are from 0 in the span, and in the rest.

    `radius`: the bound on ‖θ̂‖ in the span; `inner`: that on KL there, to so many digits; `rest`: that on the square of
    the rest of θ̂.
    """

    radius: flint.arb
    inner: Callable[[int], flint.arb]
    rest: flint.arb

    def norm(self) -> flint.arb:
        """Return the bound on ‖θ̂‖."""
        return (self.radius * self.radius + self.rest).sqrt() if self.rest > 0 else self.radius

    def divergence(self, digits: int) -> flint.arb:
        """Return the bound on KL, which is that of the span and half the square of the rest, to so many digits."""
        return self.inner(digits) + self.rest / 2


def exclusion(question: Question, below: flint.arb | None = None) -> Exclusion | None:
    """Return the least bound, at the precision in force, or None if there is none, or none up to `below`."""
    case, share = question.case, _share(question)
    rest = chi_square_tail(case.d - case.k + 1, share) / question.n if case.d >= case.k else flint.arb(0)
    if below is not None and not (_promises(question, below, share) or _narrows(question, below, share)):
        return None
    found = _confined(question, share)
    if found is None or not (below is None or found[1] <= below):
        return None
    shelled, radius, other = found

    def inner(digits: int) -> flint.arb:
        return largest_divergence(case, shelled, digits).min(other)

    return Exclusion(radius, inner, rest)


def _confined(question: Question, probability: Fraction) -> tuple[Fraction, flint.arb, flint.arb] | None:
    """Return the radius in the span that shells leave to fixed points, and bounds on ‖θ̂‖ and KL that are less."""
    weights = question.case.weights
    shelled = _least(weights, question.n, probability)
    if shelled is None:
        return None
    radius = flint.arb(to_fmpq(shelled))
    if _narrows(question, radius, probability):
        start = _least(weights, question.n, probability * EVERYWHERE["shells"])
        if start is not None:
            norm, kl = narrowed(question, flint.arb(to_fmpq(start)), probability)
            return shelled, radius.min(norm), kl
    return shelled, radius, flint.arb("inf")


def _narrows(question: Question, radius: flint.arb, probability: Fraction) -> bool:
    """Whether the bound that is of order n^{−1/4} can be below a radius: from larger balls it is larger."""
    return bool(narrowed(question, radius, probability)[0] < radius)


def _share(question: Question) -> Fraction:
    """The part of δ that the span has."""
    return question.delta * (HALF if question.case.d >= question.case.k else 1)


def says_something(question: Question) -> bool:
    """Whether there is any bound."""
    weights = question.case.weights
    return any(any(_allowed(weights, question.n, _share(question), wide)) for wide in ways(weights))


def reaches(question: Question, radius: flint.arb, probability: Fraction) -> bool:
    """Whether fixed points beyond a radius in the span have at most the probability given, as far as is known."""
    weights = question.case.weights
    if _promises(question, radius, probability):
        for wide in ways(weights):
            if any(_is_at_most(inner, radius) for inner in _allowed(weights, question.n, probability, wide)):
                return True
    found = _confined(question, probability) if _narrows(question, radius, probability) else None
    if found is None or found[1] < radius or found[1] >= radius:
        return found is not None and bool(found[1] < radius)
    raise UndecidedError("a radius is too near to that of the inner ball to be told from it")


def far_steps(question: Question, radius: flint.arb, probability: Fraction, finer: int = 0) -> flint.arb | None:
    """Return a number that the iterates before the first one within a radius of the span do not exceed, or None.

    But with the probability: in steps from shells, as long as `_lengths` says, V = ‖θ‖² + wF falls as derivation
    `sample-steps` says. F is twice the rise of ℓ_n above its least value, which is at a point up to s, the wall below
    the radius, so that F ≤ (‖θ‖ + s)².
    """
    weights, start = question.case.weights, question.radius
    wide, *_ = ways(weights)
    if _is_at_most(start, radius):
        return flint.arb(0)
    if not _promises(question, radius, probability):
        return None
    outside = list(takewhile(lambda ends: not _is_at_most(ends[0], radius), pairwise(walls(weights, wide))))
    lengths = _lengths(question, [shell(weights, outer, wide, finer) for outer, _ in outside], wide, probability)
    if not lengths:
        return None if lengths is None else flint.arb(1)
    (top, _), (_, within) = outside[0], outside[-1]
    if not _is_at_most(within, radius):
        return None
    s, sine = to_fmpq(within), to_fmpq(_SLANT if question.span == MAX_SPAN and not wide else Fraction(0))
    more, less = 2 * sine * sine * s / lengths[-1], lengths[-1] / (2 * s) if sine else 0
    cosine = flint.arb(1 - sine * sine).sqrt()

    def height(wall: Fraction) -> flint.arb:
        r = to_fmpq(min(wall, start))
        return r * r + (1 + more) * (r + s) ** 2

    # From beyond √(2D) the first step is one into that ball; below s² only the last iterate may be.
    total, fall = flint.arb(1 + (start > top)), flint.arb("inf")
    for ends, length in zip(outside, lengths, strict=True):
        for r in map(to_fmpq, ends):
            fall = fall.min((2 * r * cosine + more * length) * length - r * r * less)
        if not fall > 0:
            return None
        total += (height(ends[0]) - height(ends[1])) / fall
    return total + (height(within) - s * s) / fall


def _lengths(question: Question, outside: list[Shell], wide: bool, probability: Fraction) -> list[flint.arb] | None:
    """Return, for each of the shells, than what steps from it and farther out are longer, but with a probability.

    Against a direction whose angle to the point is 0, or of a sine up to `_SLANT`. Each pair of a g and a vertex may
    fail with e^{−n(I/8 + level)}: those far out, where I is large, less often. Its length is (I − I/8 − level)/L.
    """
    found, length, rates = [], flint.arb("inf"), []
    for one in outside:
        enclosed = ((n, flint.arb(low).union(flint.arb(high)), flint.arb(size)) for n, low, high, size in one.rates)
        rates.append([(count, rate, size + 1e-300) for count, rate, size in enclosed])
    left = to_fmpq(probability) - (-question.n * top_rate(question.span)).exp()
    if not left > 0:
        return None

    def level_of(end: int) -> flint.arb:
        # At exact ends of rates, and less the least, as of so many points a ball's exponential might be anything.
        rows = [(row[0], flint.arb(row[end])) for one in outside for row in one.rates]
        least = reduce(flint.arb.min, (rate for _, rate in rows), flint.arb("inf"))
        chances = sum((count * ((least - rate) * question.n / 8).exp() for count, rate in rows), start=flint.arb(0))
        return (to_fmpq(_TURNED) ** (question.span - 1) * chances / left).log() / question.n - least / 8

    level = level_of(1).union(level_of(2))
    for each in rates:
        for _, rate, size in each:
            own = rate / 8 + level
            root = (rate * own).sqrt() if own > 0 else flint.arb(0).union((rate * own).upper().sqrt())
            # Of moments that are those of a normal variable the best multiplier for a level is known.
            length = length.min((2 * (rate - root) if wide else rate - own) / size)
        if not length > 0:
            if length < 0:
                return None
            raise UndecidedError("a rate is too near to its level to be told from it")
        found.append(length)
    return found


def far_iterates(question: Question, finer: int) -> flint.arb | None:
    """Return what `far_steps` says of twice the least radius that fixed points are within but with probability δ."""
    weights, n, delta = question.case.weights, question.n, question.delta
    radius = min(_allowed(weights, n, delta, ways(weights)[0]), default=None)
    return None if radius is None else far_steps(question, flint.arb(to_fmpq(2 * radius)), delta, finer)


def _promises(question: Question, radius: flint.arb, probability: Fraction) -> bool:
    """Whether the shell that the radius is in does not alone exceed the probability: a quick look before all others."""
    weights = question.case.weights
    for wide in ways(weights):
        outer = next((a for a, b in pairwise(walls(weights, wide)) if _is_at_most(b, radius)), None)
        if outer is not None and not _probability(weights, outer, wide, 0, question.n) > to_fmpq(probability):
            return True
    return False


def _is_at_most(wall: Fraction, radius: flint.arb) -> bool:
    """Whether a radius of a shell is at most another; UndecidedError if a ball does not tell."""
    at = to_fmpq(wall)
    if radius >= at or radius < at:
        return bool(radius >= at)
    raise UndecidedError("a radius is too near to that of a shell to be told from it")


def largest_divergence(case: Case, radius: Fraction, digits: int) -> flint.arb:
    """Return a bound on KL at all points of the simplex's span up to a radius: KL grows with every amplitude."""
    r = flint.arb(to_fmpq(radius))
    image = largest_squared_modulus(case.weights).upper().sqrt() * r
    plain = (r * r / 2).min(image * image / 2 + 2 * image * r * r / 3 + r**4 / 4)
    if case.k > MAX_SPAN + 1:
        return plain
    points = [case.at_radius(radius)]  # one amplitude for k ≤ 3
    if case.k > 3:
        corners = [replace(case, radius=None, amplitudes=corner) for corner in arc_corners(radius)]
        # To few digits first: to many a sum over so many nodes takes long.
        rough = [ball_values.kl_divergence(corner, _ROUGH) for corner in corners]
        highest = max(one.lower for one in rough)
        points = [corner for corner, one in zip(corners, rough, strict=True) if one.upper >= highest]
    found = [ball_values.kl_divergence(point, digits) for point in points]
    low, high = (to_fmpq(Fraction(max(ends))) for ends in zip(*((one.lower, one.upper) for one in found), strict=True))
    # Corners of arcs are a little farther out.
    return flint.arb(low).union(flint.arb(high)).min(plain)


def arc_corners(radius: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Return pairs of amplitudes: each pair of the given norm is at most one of them, coordinate by coordinate."""
    found = []
    for arc in range(_ARCS):
        # The circle's points between two have at most the cosine of the one and the sine of the other.
        low, high = Fraction(arc, _ARCS), Fraction(arc + 1, _ARCS)
        found.append((radius * ((1 - low**2) / (1 + low**2)), radius * (2 * high / (1 + high**2))))
    return found


def _least(weights: Weights, n: int, probability: Fraction) -> Fraction | None:
    return min((inner for wide in ways(weights) for inner in _allowed(weights, n, probability, wide)), default=None)


def _allowed(weights: Weights, n: int, probability: Fraction, wide: bool) -> Iterator[Fraction]:
    """Yield the inner radii of shells, from the outermost on, while a fixed point beyond has at most a probability.

    Enclosures of rates are narrowed where they leave it open; UndecidedError if that does not help.
    """
    most = to_fmpq(probability)
    with arb_precision(_BITS):
        total = start = (-n * top_rate(len(weights) - 1)).exp()
    terms: list[flint.arb] = []
    radii: list[Fraction] = []
    for outer, inner in pairwise(walls(weights, wide)):
        radii.append(outer)
        with arb_precision(_BITS):
            crude = not wide and len(weights) == MAX_SPAN + 1
            terms.append(_probability(weights, outer, wide, -1 if crude else 0, n))
            if crude and not terms[-1] <= most * _NEGLIGIBLE:
                terms[-1] = _probability(weights, outer, wide, 0, n)
            total += terms[-1]
            for finer in range(1, _FINEST + 1):
                if total <= most or total > most:
                    break
                widths = [float(term.rad()) for term in terms]
                for i, width in enumerate(widths):
                    if _COUNTS * width >= max(widths):
                        terms[i] = _probability(weights, radii[i], wide, finer, n)
                total = sum(terms, start=start)
            if not (total <= most or total > most):
                raise UndecidedError("a probability is too near to its bound to be told from it")
        if total > most:
            return
        yield inner


def _probability(weights: Weights, outer: Fraction, wide: bool, finer: int, n: int) -> flint.arb:
    total = flint.arb(0)
    with arb_precision(_BITS):
        for count, low, high, _ in shell(weights, outer, wide, finer).rates:
            total += count * (-n * flint.arb(low).union(flint.arb(high))).exp()
    return total
