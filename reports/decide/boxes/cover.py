"""A statement over a whole box of several variables, decided by subdivision.

The box is cut into windows on which models are short; within each, cells are bisected in the variable that adds most to
the width of what is undecided, until the statement is decided, or shown to fail in the middle of one.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise, product

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.boxes.interpolation import largest_near_zero
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.decide.boxes.cell import BoxCell, Sides, halves, hull_of
from emtheory.reports.decide.boxes.decision import Examined, examine
from emtheory.reports.decide.boxes.forms import BoxProblem, make_problem, ratio_range
from emtheory.reports.decide.coverage import Coverage
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.point import decide_at
from emtheory.reports.decide.verdict import Finding
from emtheory.reports.language.expression import AMPLITUDE
from emtheory.reports.language.span import Point, points

MAX_CELLS = 20_000
"""Boxes tried before the rest is left undecided, as many as a certificate may have cells."""
_FIRST_DIGITS = 4
"""Of the first models; what they leave open is tried with half as many again."""
DIGITS_MAX = 16
"""Of models. A choice: boxes that stay undecided with more are those on which both sides touch."""
_PROBE_DIGITS = 6
"""Of the points that are looked at first, where a statement that is false may fail by a wide margin."""
_SMALLEST = Fraction(1, 2**10)
"""A cell narrower than this part of its window in every variable is not bisected any more with the same digits."""
_SMALLEST_UNKNOWN = Fraction(1, 64)
"""The same where the statement has no enclosure at all, as where a weight may be zero."""
_LOG_RATIO = 1.6
"""Width of a window in a log-ratio of weights, divided by half the range of its coefficients; a choice, as the next:
wider windows take fewer places in all, but longer polynomials."""
_SMALLEST_WINDOW = Fraction(1, 128)
"""A window of weights that is narrower is not cut any more: near it a weight may be zero."""
_RADIUS_RATIO = Fraction(15, 8)
"""Of the ends of a window of radii or amplitudes."""
_SHOWN_BOXES = 3
"""Boxes that are named where some are left over."""
_SHOWN_DIGITS = 6
"""Of the ends of what is left over, rounded outwards."""
_BITS = 64
"""Of what windows are chosen with."""


def decide_on_box(question: Question, case: Case, digits_max: int, deadline: float | None) -> Coverage:
    """Decide a statement for every point of a box where the assumptions hold.

    Parameters
    ----------
    question, case
        What is asked, for which `emtheory.reports.decide.boxes.forms.is_followed` holds, and one of its cases.
    digits_max, deadline
        How far points and models are refined, and a reading of `time.monotonic` after which what is left stays
        undecided.

    Raises
    ------
    InputError
        If the statement has no value somewhere in the box.
    """
    search = _Search(make_problem(question, case), digits_max, deadline)
    for point in points(question.spans):
        finding = search.at_point(point, min(digits_max, _PROBE_DIGITS))
        if finding is not None and finding.holds is False:
            return _refuted(finding)
        search.inhabited = search.inhabited or finding is not None
    whole = {name: (span.lower, span.top) for name, span in question.spans.items()}
    decided: list[Finding] = []
    undecided: list[Finding] = []
    for window in windows(search.problem, whole, search.first_digits):
        for finding in search.cover(window):
            if finding.holds is False:
                return _refuted(finding)
            (undecided if finding.holds is None else decided).append(finding)
    if not search.inhabited and not undecided:
        raise InputError(f"k = {case.k}: no case was found where the assumptions hold: the domain may be empty")
    covered = f"every point of {_text(whole)}, in {len(decided)} boxes"
    if undecided:
        boxes = [finding.box.sides for finding in undecided if finding.box is not None]
        shown = "; ".join(map(_text, boxes[:_SHOWN_BOXES])) + ("; …" if len(boxes) > _SHOWN_BOXES else "")
        left_over = f"left over {'is 1 box' if len(boxes) == 1 else f'are {len(boxes)} boxes'}: {shown}"
        covered = f"{covered}, but {left_over}"
        undecided = [replace(finding, reason=f"{left_over}: {finding.reason}") for finding in undecided]
    return Coverage((*decided, *undecided), complete=not undecided, covered=covered)


def windows(problem: BoxProblem, whole: Sides, digits: int) -> Iterator[Sides]:
    """Cut a box into windows on which models are short.

    Parameters
    ----------
    problem, whole
        What is asked, and the box.
    digits
        Of the models.
    """
    accuracy = digits * math.log(10)
    pieces: list[list[Sides]] = []
    amplitudes = [name for name in whole if name == "radius" or name.startswith(AMPLITUDE)]
    for name in amplitudes:
        index = 0 if name == "radius" else int(name.removeprefix(AMPLITUDE)) - 1
        with arb_precision(_BITS):
            near = (
                largest_near_zero(problem.mixture, problem.functions, index, accuracy + 2)
                if problem.functions
                else None
            )
        pieces.append([{name: ends} for ends in _point_windows(*whole[name], near)])
    weights = {name: ends for name, ends in whole.items() if name not in amplitudes}
    if weights:
        pieces.append(list(_weight_windows(problem, weights)))
    for parts in product(*pieces):
        joined = {name: ends for part in parts for name, ends in part.items()}
        yield {name: joined[name] for name in whole}


def _point_windows(lower: Fraction, upper: Fraction, near: Fraction | None) -> Iterator[tuple[Fraction, Fraction]]:
    """Intervals of radii: one up to `near`, from there on in a geometric sequence; one only if nothing is modelled."""
    if near is None or upper <= near:
        yield lower, upper
        return
    if lower < near:
        yield lower, near
        lower = near
    # As many as needed, of about the same ratio.
    count = math.ceil(math.log(upper / lower) / math.log(_RADIUS_RATIO)) if upper > lower else 1
    ends = [lower, *(_rounded(float(lower) * float(upper / lower) ** (i / count)) for i in range(1, count)), upper]
    yield from pairwise(ends)


def _rounded(radius: float) -> Fraction:
    """A dyadic number of eight binary digits nearby."""
    exponent = math.frexp(radius)[1] - 8
    return Fraction(round(math.ldexp(radius, -exponent))) * Fraction(2) ** exponent


def _weight_windows(problem: BoxProblem, sides: Sides) -> Iterator[Sides]:
    """Bisect a box of weights until every log-ratio varies little."""
    ratios = problem.chart.ratios if problem.chart and problem.functions else ()
    with arb_precision(_BITS):
        try:
            widths = [
                (upper - lower) * float(problem.mixture.half_range(i))
                for i, (lower, upper) in enumerate(ratio_range(problem, ratio, sides) for ratio in ratios)
            ]
        except CannotAnswerError:
            widths = [math.inf]
    name = max(sides, key=lambda each: sides[each][1] - sides[each][0])
    lower, upper = sides[name]
    if max(widths, default=0.0) <= _LOG_RATIO / 2 or upper - lower < _SMALLEST_WINDOW:
        yield sides
        return
    for half in halves(sides, name):
        yield from _weight_windows(problem, half)


@dataclass
class _Search:
    """What stays the same throughout a search, how many cells were tried, and whether a point is in the domain."""

    problem: BoxProblem
    digits_max: int
    deadline: float | None
    tried: int = 0
    inhabited: bool = False

    @property
    def first_digits(self) -> int:
        return min(_FIRST_DIGITS, self.digits_max)

    def at_point(self, point: Point, digits_max: int) -> Finding | None:
        """The statement at a point; None if an assumption is not seen to hold there, or if time is up."""
        if self._stopped:
            return None
        question = self.problem.question
        try:
            place = question.at(self.problem.case, point)
        except InputError:  # Where assumptions cut the box, the weights may be none.
            return None
        for assumption in question.local_assumptions:
            if decide_at(assumption, place, digits_max, self.deadline).holds is not True:
                return None
        return decide_at(question.comparison, place, digits_max, self.deadline)

    def cover(self, window: Sides) -> Iterator[Finding]:
        """Yield findings on cells that make up a window, until one fails; the last ones may be undecided."""
        digits, pieces = self.first_digits, [window]
        while pieces:
            stuck: list[Examined] = []
            yield from self._with_digits(window, pieces, digits, stuck)
            pieces = [_sides(examined.finding) for examined in stuck]
            if digits >= min(DIGITS_MAX, self.digits_max):
                yield from (examined.finding for examined in stuck)
                return
            digits = min(digits + (digits + 1) // 2, DIGITS_MAX, self.digits_max)
            window = hull_of(pieces) if pieces else window

    def _with_digits(
        self, window: Sides, pieces: Sequence[Sides], digits: int, stuck: list[Examined]
    ) -> Iterator[Finding]:
        memo: dict[object, object] = {}
        waiting = list(reversed(pieces))
        while waiting:
            sides = waiting.pop()
            cell = BoxCell(sides, digits, window)
            if self._stopped:
                yield replace(self._nothing(cell), reason=self._stopped)
                continue
            self.tried += 1
            examined = examine(self.problem, cell, memo)
            self.inhabited = self.inhabited or (examined.inside and not examined.finding.premises)
            if examined.finding.holds:
                yield examined.finding
                continue
            middle = replace(cell, sides={name: 2 * (value,) for name, value in cell.centre.items()})
            at_centre = examined if examined.finding.holds is False else examine(self.problem, middle, memo)
            if at_centre.finding.holds is False:
                point = self.at_point(cell.centre, self.digits_max)
                if point is not None and point.holds is False:
                    yield point
                    return
            name = _widest(examined, sides, window)
            hopeless = not examined.finding.links and _is_narrow(sides, window, _SMALLEST_UNKNOWN)
            if name is None or hopeless or _needs_digits(examined, at_centre):
                stuck.append(examined)
            else:
                waiting += reversed(halves(sides, name))

    @property
    def _stopped(self) -> str:
        if self.deadline is not None and time.monotonic() > self.deadline:
            return "the time is up"
        return f"{MAX_CELLS} boxes did not suffice" if self.tried >= MAX_CELLS else ""

    def _nothing(self, cell: BoxCell) -> Finding:
        case = self.problem.place(cell.centre)
        return Finding(case, self.problem.question.comparison.texts, (), "", cell.digits, box=cell)


def _needs_digits(examined: Examined, at_centre: Examined) -> bool:
    """Whether a cell is wide for the errors of its models rather than for its size."""
    if at_centre.finding.holds is not None or not at_centre.inside:
        return False
    open_links = [link.difference for link in at_centre.finding.links if link.holds is None]
    error = max((float(each.upper - each.lower) for each in open_links if each is not None), default=0.0)
    return sum(examined.spread) <= error


def _widest(examined: Examined, sides: Sides, window: Sides) -> str | None:
    """The variable to bisect; None if the cell is too narrow."""
    wide = [name for name in sides if not _is_narrow({name: sides[name]}, {name: window[name]}, _SMALLEST)]
    if not wide:
        return None
    spread = dict(zip(sides, examined.spread, strict=True))
    known = all(math.isfinite(value) for value in spread.values()) and any(spread[name] > 0 for name in wide)
    if known:
        return max(wide, key=spread.__getitem__)
    return max(wide, key=lambda name: _part(sides[name], window[name]))


def _is_narrow(sides: Sides, window: Sides, part: Fraction) -> bool:
    return all(_part(sides[name], window[name]) <= part for name in sides)


def _part(ends: tuple[Fraction, Fraction], whole: tuple[Fraction, Fraction]) -> Fraction:
    return (ends[1] - ends[0]) / (whole[1] - whole[0]) if whole[0] < whole[1] else Fraction(0)


def _refuted(finding: Finding) -> Coverage:
    return Coverage((finding,), complete=False, covered="a point that refutes it")


def _sides(finding: Finding) -> Sides:
    if finding.box is None:
        raise ValueError("a finding on a box has one")
    return finding.box.sides


def _text(sides: Sides) -> str:
    return ", ".join(
        f"{name} in [{decimal_text(lower, _SHOWN_DIGITS, 'down')}, {decimal_text(upper, _SHOWN_DIGITS, 'up')}]"
        for name, (lower, upper) in sides.items()
    )
