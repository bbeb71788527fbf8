"""A statement over a whole domain, decided exactly: by signs of polynomials on the cells that they cut it into."""

import time
from collections.abc import Collection, Iterator
from functools import partial

from emtheory.numerics.algebra.bernstein import Box, sign_on_open_box
from emtheory.numerics.algebra.decomposition import samples
from emtheory.numerics.algebra.point import AlgebraicPoint, is_rational, sign_at
from emtheory.numerics.algebra.polynomial import Polynomial, key
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.decide.algebraic_problem import AlgebraicProblem, Signs, algebraic_problem, holds
from emtheory.reports.decide.cover_slopes import decide_by_slopes
from emtheory.reports.decide.coverage import Coverage
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.verdict import Finding
from emtheory.reports.decide.whole_domain import proof, refutation_at, refutation_beside, without_value

MAX_BOXES = 256
"""Cells of a box of two or more variables that are tried by Bernstein's form, before it is decomposed by projections.
A choice: each takes about a millisecond, and where two sides keep a distance most boxes need fewer."""


def decide_by_algebra(question: Question, case: Case, deadline: float | None = None) -> Coverage | None:
    """Decide a statement on a whole domain, where it and what restricts the domain are algebraic in the variables.

    Parameters
    ----------
    question, case
        What is asked, and one of its cases.
    deadline
        A reading of `time.monotonic` after which nothing more is tried.

    Returns
    -------
    Coverage or None
        One finding; None if this is not for algebra, or beyond it.

    Raises
    ------
    InputError
        If the statement has no value somewhere in the domain, or assumptions leave nothing of it.
    """
    finding = decide_exactly(question, case, deadline)
    if finding is None:
        return None
    names = ", ".join(question.spans)
    if finding.holds is False:
        return Coverage((finding,), complete=False, covered=f"a {names} that refutes it")
    domain = " × ".join(map(str, question.spans.values()))
    assumed = ", where the assumptions hold" if question.local_assumptions else ""
    return Coverage((finding,), complete=True, covered=f"every {names} in {domain}{assumed}, exactly")


def decide_exactly(question: Question, case: Case, deadline: float | None = None) -> Finding | None:
    """Return the finding of `decide_by_algebra`; without a deadline it is the same every time."""
    problem = algebraic_problem(question, case)
    if problem is None:
        return None
    try:
        return _by_boxes(problem, deadline) or _by_projection(problem, deadline)
    except CannotAnswerError:
        pass  # Not algebraic throughout, or of too high a degree.
    try:
        return decide_by_slopes(problem, deadline) if len(problem.ranges) == 1 else None
    except CannotAnswerError:
        return None


def _by_projection(problem: AlgebraicProblem, deadline: float | None) -> Finding | None:
    """Decide on samples of cells, cut by all polynomials whose signs were asked for on any of them."""
    known: dict[str, Polynomial] = {}
    while True:
        fresh: dict[str, Polynomial] = {}
        found: list[set[int]] = [set() for _ in problem.comparison.operators]
        failing: Finding | None = None
        left_out = False
        for sample in samples(list(known.values()), list(problem.ranges.values())):
            if deadline is not None and time.monotonic() > deadline:
                return None
            if sample.point is None:
                left_out = True
                continue
            signs = _signs_at(problem, sample.point, known, fresh)
            if fresh:
                break
            if signs is not None and not holds(problem.comparison, signs):
                if is_rational(sample.point):
                    return refutation_at(problem, sample.point)
                failing = failing or refutation_beside(problem, sample.point, signs)
            for seen, sign in zip(found, signs or (), strict=False):
                seen.add(sign)
        if not fresh:
            if failing is not None or (left_out and not problem.keeps_limits):
                return failing
            return proof(problem, found)
        known |= fresh


def _signs_at(
    problem: AlgebraicProblem, point: AlgebraicPoint, known: Collection[str], fresh: dict[str, Polynomial]
) -> Signs | None:
    """The signs at a point; polynomials asked for that are not known are added to `fresh`."""

    def sign_of_factor(polynomial: Polynomial) -> int:
        name = key(polynomial)
        if name not in known:
            fresh[name] = polynomial
        return sign_at(polynomial, point)

    try:
        return problem.signs(sign_of_factor)
    except InputError as error:
        raise without_value(error, problem, point) from None


def _by_boxes(problem: AlgebraicProblem, deadline: float | None) -> Finding | None:
    """Decide on open boxes and their faces by Bernstein's form, bisected; None if that does not end soon."""
    waiting = problem.faces if len(problem.ranges) > 1 else []
    if not waiting:
        return None
    found: list[set[int]] = [set() for _ in problem.comparison.operators]
    whole, tried = waiting[0], 0
    while waiting:
        if tried + len(waiting) > MAX_BOXES or (deadline is not None and time.monotonic() > deadline):
            return None
        box = waiting.pop()
        tried += 1
        middle = tuple((lower + upper) / 2 for lower, upper in box)
        try:
            signs = problem.signs(partial(_sign_on, box))
        except CannotAnswerError:
            waiting += _halves(box, whole)
            continue
        except InputError as error:
            raise without_value(error, problem, middle) from None
        if signs is not None and not holds(problem.comparison, signs):
            return refutation_at(problem, middle)
        for seen, sign in zip(found, signs or (), strict=False):
            seen.add(sign)
    return proof(problem, found)


def _sign_on(box: Box, polynomial: Polynomial) -> int:
    sign = sign_on_open_box(polynomial, box)
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
