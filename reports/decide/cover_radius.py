"""A statement over a whole interval of radii, decided by subdivision."""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.case import Case
from emtheory.numerics.intervals.basic_functions import window_ratio
from emtheory.reports.decide.cell import MODEL, ORIGIN, Cell
from emtheory.reports.decide.cell_decision import decide_on_cell
from emtheory.reports.decide.cell_forms import Memo, has_forms
from emtheory.reports.decide.coverage import Coverage
from emtheory.reports.decide.point import decide_at, decide_once
from emtheory.reports.decide.verdict import Finding
from emtheory.reports.language.expression import Comparison

MAX_CELLS = 20_000
"""Pieces tried before the rest is left undecided."""
_FIRST_DIGITS = 3
"""Of the first models, which are short and decide most of an interval; what they leave open is tried with twice as
many."""
_POINT_DIGITS = 30
"""Of the first expansions at the origin. A choice: those that it leaves open are tried with all the digits allowed."""
_LARGEST_ORIGIN = Fraction(1, 2)
"""Radius at which expansions at the origin are tried first; it is halved until one succeeds. A choice: a smaller one
leaves more to models, a larger one costs more trials that fail."""
_BESIDE_ORIGIN = Fraction(1, 2**12)
"""A radius at which the power of it that sides differ by shows."""
_FAR, _MOST_COMPONENTS = 6, 16
"""The power from which on boxes, whose rests near 0 are sharper, are tried first, and up to which k. Choices: sides
mostly differ by a lower one."""
_HALVINGS = 60
"""Of the radius up to which expansions are tried; what is left open then is narrow enough to be told as such."""
_FURTHER_HALVINGS = 340
"""Where weights nearly cancel, the sign at the origin shows on a much smaller scale, if not everywhere."""
_TRIMMING = 4
"""Bisections where the centre is undecided, too: they find where more digits are needed."""
_BITS_A_DIGIT = 4
"""Bisections otherwise: pieces much narrower than a model is accurate tell nothing new."""
_LARGEST_DENOMINATOR = 1000
"""Of the fraction tried in a cell that stays undecided: where a statement is false at one radius only, that radius is
likely short. A choice: the larger, the nearer the fraction is to the middle of the cell and the longer."""
_PROBE_DIGITS = 6
"""Of quantities at the ends, which are looked at first."""
_SHOWN_DIGITS = 12
"""Of the ends of what is left over, rounded outwards. A choice: bisection makes the numbers themselves long."""

Stretch = tuple[Fraction, Fraction]


def agree_far(comparison: Comparison, case: Case) -> bool:
    """Whether sides agree at the radius 0 to so high a power of it that models are too coarse some way off.

    Parameters
    ----------
    comparison, case
        The statement and the mixture; the case's point is not used.
    """
    if case.k > _MOST_COMPONENTS or not has_forms(comparison, case):
        return False
    near = decide_on_cell(comparison, case, Cell(Fraction(0), _BESIDE_ORIGIN, ORIGIN, _POINT_DIGITS))
    return any(link.power >= _FAR for link in near.links)


def decide_on_interval(
    comparison: Comparison,
    case: Case,
    radii: Stretch,
    digits_max: int,
    deadline: float | None = None,
    open_ends: tuple[bool, bool] = (False, False),
) -> Coverage | None:
    """Decide a statement for every radius in an interval.

    Near the origin an expansion decides it; elsewhere models are refined, in width and accuracy, where they leave it
    open. Where it fails on a cell, or at a cell's centre, a radius there is evaluated by itself and refutes it.

    Parameters
    ----------
    comparison, case
        The statement and the mixture; the case's point is not used.
    radii
        The ends.
    digits_max
        Digits up to which points and models are refined.
    deadline
        A reading of `time.monotonic` after which what is left stays undecided.
    open_ends
        Which of the ends do not belong to the interval.

    Returns
    -------
    Coverage or None
        None if nothing encloses a quantity over an interval, or both sides may well be equal everywhere.

    Raises
    ------
    InputError
        If the statement has no value somewhere in the interval.
    """
    outside = tuple(end for end, is_open in zip(radii, open_ends, strict=True) if is_open)
    problem = _Problem(comparison, case, digits_max, deadline, outside, {})
    lower, upper = radii
    if lower == upper:
        return Coverage((problem.at_point(lower),), complete=True, covered=f"the radius {lower}")
    ends = [end for end in radii if end not in outside]
    if not has_forms(comparison, case):
        return None
    at_ends = [problem.at_end(end) for end in ends]
    failing = [finding for finding in at_ends if finding.holds is False]
    if failing:
        return Coverage((failing[0],), complete=False, covered="a radius that refutes it")
    if any(finding.holds is None and finding.links for finding in at_ends):
        return None
    findings = [finding for finding in at_ends if finding.case.radius == 0]
    for finding in _cover(problem, lower, upper):
        if finding.holds is False:
            return Coverage((finding,), complete=False, covered="a radius that refutes it")
        findings.append(finding)
    undecided = _merged(finding for finding in findings if finding.holds is None)
    decided = [finding for finding in findings if finding.holds]
    covered = f"every radius in [{lower}, {upper}], in {len(decided)} cells"
    if undecided:
        left_over = f"left over are the radii in {', '.join(map(_short, undecided))}"
        covered = f"{covered}, but {left_over}"
        undecided = [replace(finding, reason=f"{left_over}: {finding.reason}") for finding in undecided]
    findings = sorted(decided + undecided, key=lambda finding: _cell(finding).lower)
    return Coverage(tuple(findings), complete=not undecided, covered=covered)


@dataclass(frozen=True)
class _Problem:
    """What stays the same throughout a search."""

    comparison: Comparison
    case: Case
    digits_max: int
    deadline: float | None
    outside: tuple[Fraction, ...]
    memo: Memo

    def guess(self, undecided: Finding) -> Finding:
        """A short fraction in a cell, if the statement fails there: it may be false at that radius only."""
        cell = _cell(undecided)
        radius = ((cell.lower + cell.upper) / 2).limit_denominator(_LARGEST_DENOMINATOR)
        inside = cell.lower <= radius <= cell.upper and radius not in self.outside
        point = self.at_point(radius) if inside else undecided
        return point if point.holds is False else undecided

    @property
    def late(self) -> bool:
        return self.deadline is not None and time.monotonic() > self.deadline

    def at_end(self, radius: Fraction) -> Finding:
        """The finding at an end, of which few digits tell mostly that the statement does not fail there."""
        if radius:
            probe = decide_once(self.comparison, self.case.at_radius(radius), min(_PROBE_DIGITS, self.digits_max))
            if probe.holds:
                return probe
        return self.at_point(radius)

    def at_point(self, radius: Fraction) -> Finding:
        return decide_at(self.comparison, self.case.at_radius(radius), self.digits_max, self.deadline)

    def on(self, cell: Cell) -> Finding:
        return decide_on_cell(self.comparison, self.case, cell, self.memo)

    def witness(self, failing: Finding) -> Finding:
        """The point in the middle of a cell on which the statement fails, if it is seen to fail there by itself."""
        point = self.at_point((_cell(failing).lower + _cell(failing).upper) / 2)
        return point if point.holds is False else failing


def _cover(problem: _Problem, lower: Fraction, upper: Fraction) -> Iterator[Finding]:
    """Yield findings on cells that make up the interval, but for the radius 0, until one fails."""
    near = _near_origin(problem, lower, min(upper, _LARGEST_ORIGIN))
    if near is not None:
        yield near
        lower = _cell(near).upper
    pending = deque(
        (*window, min(_FIRST_DIGITS, problem.digits_max)) for window in _windows(problem.case, lower, upper)
    )
    tried = 0
    while pending:
        first, last, digits = pending.popleft()
        stuck: list[Finding] = []
        stack = [(first, last, 0)]
        while stack:
            left, right, depth = stack.pop()
            cell, middle = Cell(left, right, MODEL, digits, (first, last)), (left + right) / 2
            if problem.late or tried >= MAX_CELLS:
                why = "the time is up" if problem.late else f"{MAX_CELLS} cells did not suffice"
                yield Finding(problem.case.at_radius(right), problem.comparison.texts, (), why, digits, cell=cell)
                continue
            tried += 1
            finding = problem.on(cell)
            if finding.holds is not None:
                yield finding if finding.holds else problem.witness(finding)
                continue
            centre = problem.on(replace(cell, lower=middle, upper=middle))
            if centre.holds is False:
                yield problem.witness(centre)
            elif depth < (_BITS_A_DIGIT * digits if centre.holds else _TRIMMING):
                stack += [(middle, right, depth + 1), (left, middle, depth + 1)]
            else:
                stuck.append(finding)
        for finding in _merged(stuck):
            if digits >= problem.digits_max:
                yield problem.guess(finding)
            else:
                pending.append((_cell(finding).lower, _cell(finding).upper, min(2 * digits, problem.digits_max)))


def _near_origin(problem: _Problem, lower: Fraction, upper: Fraction) -> Finding | None:
    """Decide [lower, radius] by expansions for the largest radius that is tried with success; None if there is none.

    If the origin itself is in question, a small radius is returned undecided.
    """
    undecided = None
    for digits in sorted({min(_POINT_DIGITS, problem.digits_max), problem.digits_max}):
        radius = upper
        for halvings in range(_HALVINGS + _FURTHER_HALVINGS):
            if radius <= lower or (undecided is not None and problem.late):
                break
            cell = Cell(lower, radius, ORIGIN, digits)
            finding = problem.on(cell)
            edge = finding if radius in problem.outside else problem.on(replace(cell, lower=radius))
            failing = next((found for found in (finding, edge) if found.holds is False), None)
            if failing is not None:
                return problem.witness(failing)
            if finding.holds:
                return finding
            undecided = finding if halvings < _HALVINGS else undecided
            radius = _rounded(radius / 2)
    return undecided if lower == 0 else None


def _windows(case: Case, lower: Fraction, upper: Fraction) -> Iterator[Stretch]:
    """Cut an interval into pieces on which models are short."""
    ratio = window_ratio(case)
    while lower < upper:
        following = _rounded(lower * ratio)
        following = upper if following * ratio > upper * ratio else following
        yield lower, following
        lower = following


def _rounded(radius: Fraction) -> Fraction:
    """A dyadic number of twelve binary digits nearby."""
    scale = Fraction(2) ** (12 - radius.numerator.bit_length() + radius.denominator.bit_length())
    return round(radius * scale) / scale


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """Join undecided findings on neighbouring cells."""
    result: list[Finding] = []
    for finding in sorted(findings, key=lambda finding: _cell(finding).lower):
        if result and _cell(result[-1]).upper == _cell(finding).lower:
            cell = replace(_cell(result[-1]), upper=_cell(finding).upper, window=None)
            known = result[-1].reason
            reason = known if finding.reason in known else f"{known}; {finding.reason}"
            result[-1] = replace(finding, links=(), reason=reason, cell=cell)
        else:
            result.append(finding)
    return result


def _short(finding: Finding) -> str:
    cell = _cell(finding)
    return f"[{decimal_text(cell.lower, _SHOWN_DIGITS, 'down')}, {decimal_text(cell.upper, _SHOWN_DIGITS, 'up')}]"


def _cell(finding: Finding) -> Cell:
    if finding.cell is None:
        raise ValueError("a finding on an interval has a cell")
    return finding.cell
