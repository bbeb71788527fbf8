"""A statement with logarithms or exponentials over an interval: exactly, by the signs of slopes and of values at ends.

Where left − right has the sign of a sum of logarithms whose derivative is algebraic, the zeros of the derivative cut
the interval into pieces on which the sum rises or falls, so that its values at the ends, or its limits there, tell its
signs in between.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise

from emtheory.numerics.algebra.decomposition import samples
from emtheory.numerics.algebra.log_sum import LogSum
from emtheory.numerics.algebra.point import sign_at
from emtheory.numerics.algebra.polynomial import Polynomial, key
from emtheory.numerics.algebra.real_root import Coordinate, ends
from emtheory.numerics.errors import InputError
from emtheory.numerics.level import Level
from emtheory.reports.decide.exact.findings import proof, refutation_at, refutation_beside, without_value
from emtheory.reports.decide.exact.problem import AlgebraicProblem, holds
from emtheory.reports.decide.verdict import Finding, answer
from emtheory.reports.language.algebraic import Place
from emtheory.reports.language.logarithmic import side_and_sum

_STEPS = 60
"""Points that approach an end, each at half the distance, at which a sign is looked for. A choice: a value that is not
seen after so many is at 10⁻¹⁸ of the piece from its end."""


@dataclass(frozen=True, eq=False)
class _Difference:
    """left − right on a cell: the sign of side·total, which rises where slope is 1; no total where side is the sign."""

    side: int
    total: LogSum | None = None
    slope: int = 0


_Ends = tuple[Coordinate | None, Coordinate | None]
"""Of a cell; None for an infinite one."""
_Signs = tuple[set[int], Level]


def decide_by_slopes(problem: AlgebraicProblem, deadline: float | None) -> Finding | None:
    """Decide a statement in one variable; None if it has more, or the values at the ends of some piece are not known.

    InputError if the statement has no value somewhere in the domain; CannotAnswerError if the statement is not of this
    kind.
    """
    if problem.assumptions or len(problem.ranges) != 1 or problem.base is not None:
        return None
    known: dict[str, Polynomial] = {}
    while True:
        fresh: dict[str, Polynomial] = {}
        cells: list[tuple[Coordinate, list[_Difference]]] = []
        for sample in samples(list(known.values()), list(problem.ranges.values())):
            if deadline is not None and time.monotonic() > deadline:
                return None
            (place,) = sample.point or ()
            cells.append((place, _differences(problem, place, known, fresh, inside=sample.full)))
        if not fresh:
            return _conclusion(problem, cells)
        known |= fresh


def _differences(
    problem: AlgebraicProblem,
    at: Coordinate,
    known: dict[str, Polynomial],
    fresh: dict[str, Polynomial],
    *,
    inside: bool,
) -> list[_Difference]:
    """Each link's difference at a sample; polynomials asked for that are not known are added to `fresh`."""

    def sign_of_factor(polynomial: Polynomial) -> int:
        if key(polynomial) not in known:
            fresh[key(polynomial)] = polynomial
        return sign_at(polynomial, (at,))

    place = problem.place(sign_of_factor)
    try:
        found = [side_and_sum(left, right, place) for left, right in pairwise(problem.comparison.operands)]
    except InputError as error:
        raise without_value(error, problem, (at,)) from None
    if inside:
        # Cuts where the logarithms add up to 0, at which the sum may vanish by algebra alone.
        for _, total in found:
            if total is not None:
                total.product(place.sign_of).sign(place.sign_of)
    return [
        _Difference(side, total, total.slope(place.sign_of) if inside and total is not None else 0)
        for side, total in found
    ]


def _conclusion(problem: AlgebraicProblem, cells: Sequence[tuple[Coordinate, list[_Difference]]]) -> Finding | None:
    """Put together what is known of each cell: points, and the pieces between them."""
    (whole,) = problem.ranges.values()
    operators = problem.comparison.operators
    found: list[set[int]] = [set() for _ in operators]
    levels: list[list[Level]] = []
    for index, (at, differences) in enumerate(cells):
        before = cells[index - 1][0] if index else whole.lower
        after = cells[index + 1][0] if index + 1 < len(cells) else whole.upper
        known = [_signs(problem, difference, at, (before, after)) for difference in differences]
        if not all(answer(operator, signs) for operator, (signs, _) in zip(operators, known, strict=True)):
            return _refutation(problem, at, (before, after), known)
        for seen, (signs, _) in zip(found, known, strict=True):
            seen.update(signs)
        levels.append([level for _, level in known])
    # What rises from an exact 0 over a piece, or falls to one, has its sign at the other end of it, too.
    shared = [[max(near) for near in zip(*levels[max(0, i - 1) : i + 2], strict=True)] for i in range(len(levels))]
    return proof(problem, found, min(min(each) for each in shared))


def _refutation(problem: AlgebraicProblem, at: Coordinate, cell: _Ends, known: Sequence[_Signs]) -> Finding | None:
    """A point of a cell where the statement fails; None if it is not known to, or no such point is found."""
    if isinstance(at, Fraction):
        places = (at, *_towards(at, cell[0]), *_towards(at, cell[1])) if cell else (at,)
        (name,) = problem.ranges
        whole = problem.question.spans[name]
        refuted = (refutation_at(problem, (place,)) for place in places if place in whole)
        return next((finding for finding in refuted if finding is not None), None)
    signs = tuple(min(each) for each, _ in known)
    return None if holds(problem.comparison, signs) else refutation_beside(problem, (at,), signs)


def _signs(problem: AlgebraicProblem, difference: _Difference, at: Coordinate, cell: _Ends) -> _Signs:
    """The signs of a difference on the cell of a sample, all three of them if it is not known which.

    The level is exact if nothing but signs of polynomials and values that are exactly 0 tells them.
    """
    if difference.total is None:
        return {difference.side}, Level.EXACT
    if not difference.slope:
        sign = difference.side * _sign(problem, difference.total, at)
        return {sign}, Level.CERTIFIED if sign else Level.EXACT
    at_ends = [_sign_at_end(problem, difference.total, end, side) for end, side in zip(cell, (1, -1), strict=True)]
    least, most = at_ends if difference.slope > 0 else at_ends[::-1]
    if least is not None and least >= 0:
        return {difference.side}, Level.CERTIFIED if least else Level.EXACT
    if most is not None and most <= 0:
        return {-difference.side}, Level.CERTIFIED if most else Level.EXACT
    return {-1, 0, 1}, Level.CERTIFIED


def _sign(problem: AlgebraicProblem, total: LogSum, at: Coordinate) -> int:
    place: Place = problem.place(partial(_sign_of_factor, at))
    return total.sign_at(at, place.sign_of)


def _sign_at_end(problem: AlgebraicProblem, total: LogSum, at: Coordinate | None, side: int) -> int | None:
    """The sign of the limit at the lower end of a piece, side 1, or the upper one, −1; None if it is not known."""
    if at is None:
        return None if side > 0 else total.sign_of_limit(None, side)
    place: Place = problem.place(partial(_sign_of_factor, at))
    there = total.at_end(place.sign_of)
    if there is not None:
        return there.sign_at(at, place.sign_of)
    return total.sign_of_limit(at, side) if isinstance(at, Fraction) else None


def _sign_of_factor(at: Coordinate, polynomial: Polynomial) -> int:
    return sign_at(polynomial, (at,))


def _towards(at: Coordinate, end: Coordinate | None) -> Iterator[Fraction]:
    """Points from a rational sample towards an end of its cell."""
    (start, _) = ends(at)
    for step in range(1, _STEPS):
        if end is None:
            yield start + 2**step
        else:
            limit = ends(end)[0 if start < ends(end)[0] else 1]
            yield limit + (start - limit) / 2**step
