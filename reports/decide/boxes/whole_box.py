"""A statement over a whole box of several variables: its windows are decided side by side, each by subdivision."""

import time
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, product

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.side_by_side import Calls, one_by_one
from emtheory.reports.decide.boxes.cell import INFINITE, BoxCell, Sides, halves
from emtheory.reports.decide.boxes.family_forms import FamilyProblem, problem_of
from emtheory.reports.decide.boxes.proposals import refuted_somewhere
from emtheory.reports.decide.boxes.reach import unbounded
from emtheory.reports.decide.boxes.search import FAILS_UNSEEN, TOO_MANY, Search, first_digits, nothing_known
from emtheory.reports.decide.boxes.tuning import TUNING
from emtheory.reports.decide.boxes.windows import windows
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.inhabited import has_a_point
from emtheory.reports.decide.verdict import TIME_IS_UP, Coverage, Finding
from emtheory.reports.language.span import Point, points

_SHOWN_BOXES = 3
"""Boxes that are named where some are left over."""
_SHOWN_DIGITS = 6
"""Of the ends of what is left over, rounded outwards."""
_CORNERS = 4
"""That are looked at before a box is."""
_TINY = Fraction(1, 2**400)
"""A radius below which weights that nearly cancel do not hide the sign at 0."""


@dataclass(frozen=True)
class Explored:
    """What a search gives: its findings, of which the last may refute, and of how many cells."""

    findings: tuple[Finding, ...]
    tried: int

    @property
    def refuting(self) -> Finding | None:
        """The finding that refutes the statement."""
        return self.findings[-1] if self.findings and self.findings[-1].holds is False else None


def decide_on_box(
    question: Question, case: Case, digits_max: int, deadline: float | None, calls: Calls = one_by_one
) -> Coverage | None:
    """Decide a statement for every point of a box where the assumptions hold.

    None if a variable has no upper end, and no value of it is found from which on the statement holds. InputError if
    the statement has no value somewhere in the box; LostProcessError if a process was lost.
    """
    ends = question.spans.items()
    whole = {name: (span.lower, span.lower if span.upper is None else span.upper) for name, span in ends}
    tail, name = None, unbounded(question)
    if name:
        tail, refuting = tail_of(question, case, whole, deadline)
        if tail is None:
            return None if refuting is None else _refuted(refuting)
        whole = {**whole, name: (whole[name][0], tail[name][1])}
    decided, undecided = list[Finding](), list[Finding]()
    with closing(_explored(question, case, (whole, tail), (digits_max, deadline), calls)) as explored:
        for each in explored:
            if each.refuting is not None:
                return _refuted(each.refuting)
            for finding in each.findings:
                (undecided if finding.holds is None else decided).append(finding)
    if undecided and _is_quick(question):
        with closing(calls(explore_points, [(question, case, digits_max)], deadline)) as looked:
            refuting = next((each.refuting for each in looked if each is not None), None)
        if refuting is not None:
            return _refuted(refuting)
    if not undecided and not has_a_point(question, case):
        raise InputError(f"{case.subject}: no case was found where the assumptions hold: the domain may be empty")
    covered = f"every point of {_text(whole, name)}, in {len(decided)} boxes"
    if undecided:
        boxes = [finding.box.sides for finding in undecided if finding.box is not None]
        shown = "; ".join(map(_text, boxes[:_SHOWN_BOXES])) + ("; …" if len(boxes) > _SHOWN_BOXES else "")
        left_over = f"left over {'is 1 box' if len(boxes) == 1 else f'are {len(boxes)} boxes'}: {shown}"
        covered = f"{covered}, but {left_over}"
        undecided = [replace(finding, reason=f"{left_over}: {finding.reason}") for finding in undecided]
    return Coverage((*decided, *undecided), complete=not undecided, covered=covered)


def explore_points(question: Question, case: Case, digits_max: int, seconds: float | None) -> Explored:
    """Look at points of a box until the statement fails at one; what holds there is no evidence for the box."""
    search = Search(problem_of(question, case), digits_max, _deadline(seconds))

    def decide(point: Point, digits: int) -> Finding | None:
        return search.at_point(point, min(digits_max, digits))

    refuting = refuted_somewhere(question.comparison, question.spans, decide) or _beside_zero(search)
    return Explored(() if refuting is None else (refuting,), 0)


def _beside_zero(search: Search) -> Finding | None:
    """The finding at a radius so small that what sides are at 0 tells more than points elsewhere, if it fails there."""
    spans = search.problem.question.spans
    if [*spans] != ["radius"] or spans["radius"].lower or isinstance(search.problem, FamilyProblem):
        return None
    finding = search.at_point({"radius": _TINY}, search.digits_max)
    return finding if finding is not None and finding.holds is False else None


def explore_ends(question: Question, case: Case, digits_max: int, seconds: float | None) -> Explored:
    """Look at the ends of an interval, where bounds are mostly sharp."""
    search = Search(problem_of(question, case), digits_max, _deadline(seconds))
    ((name, span),) = question.spans.items()
    ends = (end for end in (span.lower, span.upper) if end is not None and end in span)
    found = [search.at_point({name: end}, digits_max) for end in ends]
    failing = tuple(each for each in found if each is not None and each.holds is False)
    return Explored(failing[:1], 0)


def explore_window(
    question: Question, case: Case, window: Sides, tail: str, digits_max: int, most: int, seconds: float | None
) -> Explored:
    """Decide a statement on a window of a box, until it fails in it."""
    search = Search(problem_of(question, case), digits_max, _deadline(seconds), tail, most)
    findings: list[Finding] = []
    for finding in search.cover(window):
        findings.append(finding)
        if finding.holds is False:
            break
    return Explored(tuple(findings), search.tried)


def tail_of(
    question: Question, case: Case, whole: Sides, deadline: float | None
) -> tuple[Sides | None, Finding | None]:
    """Return a box of the other variables with a value of one from which on a statement is seen to hold; or to fail."""
    problem, name = problem_of(question, case), unbounded(question)
    start = TUNING.first_tail
    while start <= TUNING.last_tail:
        window: Sides = {**whole, name: 2 * (max(start, whole[name][0]),)}
        search = Search(problem, TUNING.first_digits, deadline, tail=name, most=TUNING.tail_cells)
        findings = list(search.cover(window))
        failing = (finding for finding in findings if finding.holds is False or finding.reason == FAILS_UNSEEN)
        refuting = next(failing, None)
        if refuting is not None:
            return None, refuting
        if all(finding.holds for finding in findings):
            return window, None
        start *= 2
    return None, None


def _explored(
    question: Question, case: Case, parts: tuple[Sides, Sides | None], limits: tuple[int, float | None], calls: Calls
) -> Generator[Explored, None, None]:
    """Look at points, and then at all windows, in order; what is not done in time, or is too much, is undecided."""
    (whole, tail), (digits_max, deadline) = parts, limits
    problem, digits = problem_of(question, case), first_digits(question, digits_max)
    of_family, at_once = isinstance(problem, FamilyProblem), None
    few = [(question, case, whole, "", digits_max, TUNING.at_once)]
    if of_family and deadline is None and tail is None:
        # Where few boxes show it, no place is looked for at which it fails; an error is one when its turn comes.
        search, corners = Search(problem, TUNING.probe_digits, None), islice(points(question.spans), _CORNERS)
        with suppress(InputError, CannotAnswerError):
            found = [search.at_point(corner, TUNING.probe_digits) for corner in corners]
            if all(each is None or each.holds is not False for each in found):
                with closing(calls(explore_window, few, None)) as looked:
                    at_once = next(looked)
        if at_once is not None and all(finding.holds for finding in at_once.findings):
            yield at_once
            return
    look = explore_ends if _is_quick(question) else explore_points
    with closing(calls(look, [(question, case, digits_max)], deadline)) as looked:
        yield from (each for each in looked if each is not None)
    name = unbounded(question)
    # Where the tail begins at the lower end, nothing is before it.
    cut = [] if name and whole[name][0] == whole[name][1] else list(windows(problem, whole, digits))
    if of_family and cut:
        if at_once is None:
            with closing(calls(explore_window, few, deadline)) as looked:
                at_once = next(looked)
        if at_once is not None and not any(finding.reason == TOO_MANY for finding in at_once.findings):
            yield at_once
            cut = []
        else:
            cut = list(_halved(whole))
    boxes = [(window, "") for window in cut]
    boxes += [] if tail is None else [(tail, name)]
    tried = 0
    given = [(question, case, *each, digits_max, TUNING.cells) for each in boxes]
    with closing(calls(explore_window, given, deadline)) as done:
        for window, endless in boxes:
            explored = next(done) if tried <= TUNING.cells else None
            tried += 0 if explored is None else explored.tried
            if explored is None or tried > TUNING.cells:
                reason = TOO_MANY if tried > TUNING.cells else TIME_IS_UP
                left = nothing_known(problem, BoxCell(window, digits, window, endless), reason)
                explored = Explored((left,), 0)
            yield explored


def _is_quick(question: Question) -> bool:
    """Whether a search tells sooner than points where a statement fails: in one variable, with edges at its ends."""
    return len(question.spans) == 1 and question.family is None


def _halved(whole: Sides) -> Iterator[Sides]:
    """Cut a box into two in each variable."""
    parts = [
        [each[name] for each in halves(whole, name)] if lower < upper else [(lower, upper)]
        for name, (lower, upper) in whole.items()
    ]
    return (dict(zip(whole, ends, strict=True)) for ends in product(*parts))


def _refuted(finding: Finding) -> Coverage:
    covered = "nothing" if finding.holds is None else "a point that refutes it"
    return Coverage((finding,), complete=False, covered=covered)


def _deadline(seconds: float | None) -> float | None:
    return None if seconds is None else time.monotonic() + seconds


def _text(sides: Sides, endless: str = "") -> str:
    texts = {
        name: f"{decimal_text(lower, _SHOWN_DIGITS, 'down')}, {decimal_text(upper, _SHOWN_DIGITS, 'up')}]"
        for name, (lower, upper) in sides.items()
    }
    if endless:
        texts[endless] = f"{decimal_text(sides[endless][0], _SHOWN_DIGITS, 'down')}, {INFINITE})"
    return ", ".join(f"{name} in [{text}" for name, text in texts.items())
