"""What is found about a whole domain: a proof, a point that refutes a statement, or one where it has no value."""

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import product

from emtheory.numerics.algebra.exp_sum import Place
from emtheory.numerics.algebra.real_root import Coordinate
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals import interval
from emtheory.numerics.intervals.operations import Value, as_interval
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.cell import Sides
from emtheory.reports.decide.exact.problem import BITS, AlgebraicProblem, Signs
from emtheory.reports.decide.point import DIGITS_MAX, combine, decide_at
from emtheory.reports.decide.verdict import ANYTHING, Finding, Link, Whole, answer
from emtheory.reports.language.expression import Call, Expression, Symbol

_DIGITS = 15
"""For the reader; nothing is computed to so many."""

_FEW_DIGITS = 6
"""Of quantities at a point where it is known that a statement fails, for the reader."""

_PARTS = 64
"""Into so many parts an interval is cut for the margin of a statement that is decided exactly."""
_PARTS_OF_BOX = 16
"""Into so many a box of several variables is cut, or into a few more: there expressions are longer."""

Leaf = Callable[[Symbol | Call], Value]

Found = Sequence[Collection[int]]
"""For each link of a chain, the signs that left − right takes in the domain."""


def refutation_at(problem: AlgebraicProblem, point: Sequence[Coordinate]) -> Finding | None:
    """Return the statement decided at a rational point where it fails, by itself; None should that not tell."""
    values = {name: place for name, place in zip(problem.ranges, point, strict=True) if isinstance(place, Fraction)}
    case = problem.question.at(problem.case, {**problem.fixed, **values})
    finding = decide_at(problem.question.comparison, case, DIGITS_MAX)
    return finding if finding.holds is False else None


def refutation_beside(
    problem: AlgebraicProblem, point: Sequence[Place], signs: Signs, level: Level = Level.EXACT
) -> Finding:
    """Return the finding that a statement fails at a point with irrational coordinates."""
    narrow = [place if isinstance(place, Fraction) else place.within(Fraction(1, 2**BITS)) for place in point]
    box: Sides = {
        name: (place, place) if isinstance(place, Fraction) else (place.lower, place.upper)
        for name, place in zip(problem.ranges, narrow, strict=True)
    }
    found = [{sign} for sign in signs]
    return _on_whole(problem, box, found, dict(_texts(problem, narrow)), level)


def refutation_everywhere(problem: AlgebraicProblem, found: Found, level: Level = Level.EXACT) -> Finding:
    """Return the finding that a statement fails on all of a domain that nothing is assumed of: in its middle, too.

    Where few digits of quantities show it there, the finding is that: with what both sides are.
    """
    place = {name: span.middle for name, span in problem.question.spans.items()}
    case = problem.question.at(problem.case, {**problem.fixed, **place})
    with suppress(CannotAnswerError):
        finding = decide_at(problem.question.comparison, case, _FEW_DIGITS)
        if finding.holds is False:
            return finding
    return _on_whole(problem, None if place else {}, found, {name: str(at) for name, at in place.items()}, level)


def proof(problem: AlgebraicProblem, found: Found, level: Level = Level.EXACT) -> Finding:
    """Return the finding that a statement holds everywhere; InputError if assumptions leave nothing of the domain."""
    if not any(found):
        raise InputError(
            f"k = {problem.case.k}: the assumptions hold nowhere: a claim about no case is an error, not a pass"
        )
    box: dict[str, tuple[Fraction, Fraction]] = {}
    for name, each in problem.ranges.items():
        if each.lower is not None and each.upper is not None:
            box[name] = (each.lower, each.upper)
    return _on_whole(problem, box if len(box) == len(problem.ranges) else None, found, {}, level)


def _on_whole(
    problem: AlgebraicProblem, box: Sides | None, found: Found, place: dict[str, str], level: Level
) -> Finding:
    """A finding about the whole domain, with enclosures of the sides over a box, if it is bounded."""
    links = []
    for (operator, left, right), signs in zip(problem.comparison.pairs, found, strict=True):
        distance: Bound | None = Fraction(0)
        if 0 not in signs:
            distance = None if box is None else distance_over(left, right, box, problem.leaf)
        sides = hull_over(left, box, problem.leaf), hull_over(right, box, problem.leaf)
        links.append(Link(operator, *sides, answer(operator, signs), level, distance))
    domain = {name: str(span) for name, span in problem.question.spans.items()}
    return Finding(problem.case, problem.comparison.texts, tuple(links), digits=_DIGITS, whole=Whole(domain, place))


def without_value(error: InputError, problem: AlgebraicProblem, point: Sequence[Coordinate]) -> InputError:
    """Return an error that tells where an expression has no value."""
    place = ", ".join(f"{name} = {text}" for name, text in _texts(problem, point))
    return InputError(f"{error} at {place}, which is in the domain")


def _texts(problem: AlgebraicProblem, point: Sequence[Place]) -> Iterator[tuple[str, str]]:
    for name, place in zip(problem.ranges, point, strict=True):
        yield name, str(place) if isinstance(place, Fraction) else place.text(name)


def over(expression: Expression, box: Sides, leaf: Leaf) -> Enclosure:
    """Enclose an expression over a box.

    InputError if it certainly has no value somewhere in the box; CannotAnswerError if it is not seen to have one
    everywhere.
    """

    def value(symbol: Symbol | Call) -> Value:
        if isinstance(symbol, Symbol) and symbol.name in box:
            ends = [interval.from_rational(end, Level.CERTIFIED) for end in box[symbol.name]]
            return interval.Interval(ends[0].lower, ends[1].upper, Level.CERTIFIED)
        return leaf(symbol)

    with arb_precision(BITS):
        return interval.to_enclosure(as_interval(combine(expression, value)))


def hull_over(expression: Expression, box: Sides | None, leaf: Leaf) -> Enclosure:
    """Enclose an expression over a box for the reader: by everything where `over` does not, or without bounds."""
    try:
        if box is not None:
            return over(expression, box, leaf)
    except (CannotAnswerError, InputError):
        pass  # Nothing is decided by it: an expression may have no value in the closed box though it has in the domain.
    return ANYTHING


def distance_over(left: Expression, right: Expression, box: Sides, leaf: Leaf) -> Bound | None:
    """Return a lower bound of |left − right| over a box, from enclosures over equal parts of it, if it has one."""
    difference = left - right
    count = _PARTS if len(box) == 1 else math.ceil(_PARTS_OF_BOX ** (1 / max(1, len(box))))
    cut = [
        [(low + (high - low) * i / count, low + (high - low) * (i + 1) / count) for i in range(count)]
        for low, high in box.values()
    ]
    hulls = [hull_over(difference, dict(zip(box, part, strict=True)), leaf) for part in product(*cut)]
    if any(-hull.lower == hull.upper == math.inf for hull in hulls):
        return None
    return min(max(hull.lower, -hull.upper, Fraction(0)) for hull in hulls)
