"""The signs that the links of a statement take over a whole domain, exactly, or a point where the statement fails."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from emtheory.numerics.algebra.bernstein import Box, sign_on_open_box
from emtheory.numerics.algebra.decomposition import Range, Sample, samples
from emtheory.numerics.algebra.point import AlgebraicPoint, is_rational, sign_at
from emtheory.numerics.algebra.polynomial import Polynomial, key
from emtheory.numerics.algebra.real_root import RealRoot, simplest_between
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.decide.exact.findings import without_value
from emtheory.reports.decide.exact.problem import AlgebraicProblem, Signs, holds

POINTS = 12
"""Tried before anything else. A choice: most of what is false fails at one of them, at a fraction of the time."""

MAX_BOXES = 256
"""Cells of a box of two or more variables that are tried by Bernstein's form, before it is decomposed by projections.
A choice: each takes about a millisecond, and where two sides keep a distance most boxes need fewer."""


@dataclass(frozen=True)
class Survey:
    """What was seen of a domain.

    The signs that each link takes, none where the assumptions leave nothing; and a point where the statement fails,
    with the signs there: one with irrational coordinates only if all are such.
    """

    found: Sequence[Collection[int]]
    failing: tuple[AlgebraicPoint, Signs] | None = None


def survey(problem: AlgebraicProblem, deadline: float | None = None) -> Survey | None:
    """Look at a whole domain.

    None if cells are left out that may change the answer, or the time is up. InputError if the statement has no value
    somewhere in the domain; CannotAnswerError if it is not algebraic, or of too high a degree.
    """

    def late() -> bool:
        return deadline is not None and time.monotonic() > deadline

    return _by_points(problem) or _by_boxes(problem, late) or _by_projection(problem, late)


def _by_points(problem: AlgebraicProblem) -> Survey | None:
    """By some points, at one of which it may fail; whether it is algebraic shows at the first."""
    ranges = list(problem.ranges.values())
    for index in range(1, POINTS + 1):
        # Multiples of the golden ratio's reciprocal, 610/987 or nearly so, fill the interval from 0 to 1 evenly.
        parts = [Fraction(610 * index * (place + 1), 987) % 1 for place in range(len(ranges))]
        point = (
            tuple(map(_number_in, ranges, parts))
            if index > 1
            else tuple(simplest_between(each.lower, each.upper) for each in ranges)
        )
        signs = _signs_at(problem, point, (), {})
        if signs is not None and not holds(problem.comparison, signs):
            return Survey([], (point, signs))
    return None


def _number_in(whole: Range, part: Fraction) -> Fraction:
    """A number with a short denominator inside an interval, further on for a larger part in (0, 1)."""
    if whole.lower is None:
        return (2 * part - 1) / (part * (1 - part)) if whole.upper is None else whole.upper - part / (1 - part)
    if whole.upper is None:
        return whole.lower + part / (1 - part)
    width = whole.upper - whole.lower
    return simplest_between(whole.lower + width * part * (1 - part), whole.lower + width * (1 - (1 - part) ** 2))


def _by_projection(problem: AlgebraicProblem, late: Callable[[], bool]) -> Survey | None:
    """By samples of cells, cut by all polynomials whose signs were asked for on any of them."""
    known: dict[str, Polynomial] = {}
    while True:
        fresh: dict[str, Polynomial] = {}
        found: list[set[int]] = [set() for _ in problem.comparison.operators]
        failing, left_out = None, False
        for sample in _samples(problem, list(known.values())):
            if late():
                return None
            signs = None
            try:
                if sample.point is not None:
                    signs = _signs_at(problem, sample.point, known, fresh)
                left_out = left_out or sample.point is None
            except CannotAnswerError:
                # Only irrational points, none of which is the sample of an open cell, may be left out.
                if sample.point is None or is_rational(sample.point):
                    raise
                left_out = True
            if fresh:
                break
            if sample.point is not None and signs is not None and not holds(problem.comparison, signs):
                failing = failing or (sample.point, signs)
                if is_rational(sample.point):
                    return Survey(found, (sample.point, signs))
            for seen, sign in zip(found, signs or (), strict=False):
                seen.add(sign)
        if not fresh:
            complete = failing is not None or not left_out or problem.keeps_limits
            return Survey(found, failing) if complete else None
        known |= fresh


def _samples(problem: AlgebraicProblem, polynomials: list[Polynomial]) -> Iterator[Sample]:
    """Samples in the variables of the statement, without the base."""
    for sample in samples(polynomials, list(problem.ranges.values()), problem.base):
        based = problem.base is not None and sample.point is not None
        yield replace(sample, point=sample.point[1:]) if based and sample.point else sample


def _signs_at(
    problem: AlgebraicProblem, point: AlgebraicPoint, known: Collection[str], fresh: dict[str, Polynomial]
) -> Signs | None:
    """The signs at a point; polynomials asked for that are not known are added to `fresh`."""

    def sign_of_factor(polynomial: Polynomial) -> int:
        name = key(polynomial)
        if name not in known:
            fresh[name] = polynomial
        return sign_at(polynomial, point if problem.base is None else (problem.base, *point))

    try:
        return problem.signs(sign_of_factor)
    except InputError as error:
        raise without_value(error, problem, point) from None


def _by_boxes(problem: AlgebraicProblem, late: Callable[[], bool]) -> Survey | None:
    """By Bernstein's form on open boxes and their faces, bisected; None if that does not end soon."""
    waiting = problem.faces if len(problem.ranges) > 1 else []
    if not waiting:
        return None
    found: list[set[int]] = [set() for _ in problem.comparison.operators]
    whole, tried = waiting[0], 0
    while waiting:
        if tried + len(waiting) > MAX_BOXES or late():
            return None
        box = waiting.pop()
        tried += 1
        middle = tuple((lower + upper) / 2 for lower, upper in box)
        try:
            signs = problem.signs(partial(_sign_on, box, problem.base))
        except CannotAnswerError:
            waiting += _halves(box, whole)
            continue
        except InputError as error:
            raise without_value(error, problem, middle) from None
        if signs is not None and not holds(problem.comparison, signs):
            return Survey(found, (middle, signs))
        for seen, sign in zip(found, signs or (), strict=False):
            seen.add(sign)
    return Survey(found)


def _sign_on(box: Box, base: RealRoot | None, polynomial: Polynomial) -> int:
    sign = sign_on_open_box(polynomial, box, base)
    if sign is None:
        raise CannotAnswerError("the sign is not seen to be the same all over the box")
    return sign


def _halves(box: Box, whole: Box) -> Iterator[Box]:
    """Cut an open box across the side that is longest as a part of the whole, into two and what is between."""
    parts = [(high - low) / (upper - lower) for (low, high), (lower, upper) in zip(box, whole, strict=True)]
    if not any(parts):
        raise CannotAnswerError("a sign at a point is not seen")
    longest = parts.index(max(parts))
    low, high = box[longest]
    middle = (low + high) / 2
    for part in ((low, middle), (middle, middle), (middle, high)):
        yield (*box[:longest], part, *box[longest + 1 :])
