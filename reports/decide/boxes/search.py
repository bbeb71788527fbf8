"""One window of a box, decided by subdivision.

Cells are bisected in the variable that adds most to the width of what is undecided, until the statement is decided, or
shown to fail in the middle of one; what is left is tried with more digits.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from emtheory.numerics.errors import InputError
from emtheory.reports.decide.boxes.cell import BoxCell, Sides, halves, hull_of
from emtheory.reports.decide.boxes.decision import Examined, examine
from emtheory.reports.decide.boxes.family_forms import FamilyProblem
from emtheory.reports.decide.boxes.forms import BoxProblem
from emtheory.reports.decide.coverage import TIME_IS_UP
from emtheory.reports.decide.point import decide_at
from emtheory.reports.decide.verdict import Finding
from emtheory.reports.language.span import Point

MAX_CELLS = 20_000
"""Boxes tried before the rest is left undecided, as many as a certificate may have cells."""
DIGITS_MAX = 16
"""Of models. A choice: boxes that stay undecided with more are those on which both sides touch."""
FAILS_UNSEEN = "it fails there, but no quantity can be computed at a point"
TOO_MANY = f"{MAX_CELLS} boxes did not suffice"
_FIRST_DIGITS = 4
"""Of the first models; what they leave open is tried with half as many again."""
_SMALLEST = Fraction(1, 2**10)
"""A cell narrower than this part of its window in every variable is not bisected any more with the same digits."""
_SMALLEST_UNKNOWN = Fraction(1, 64)
"""The same where the statement has no enclosure at all, as where a weight may be zero."""


def first_digits(digits_max: int) -> int:
    """Return the digits of the first models."""
    return min(_FIRST_DIGITS, digits_max)


def nothing_known(problem: BoxProblem | FamilyProblem, cell: BoxCell, reason: str) -> Finding:
    """Return the finding on a cell that is not decided.

    Parameters
    ----------
    problem, cell
        What is asked, and where.
    reason
        Why.
    """
    texts = problem.question.comparison.texts
    return Finding(problem.place(cell.centre), texts, (), reason, cell.digits, box=cell)


@dataclass
class Search:
    """A search on windows of a box.

    Attributes
    ----------
    problem, digits_max, deadline
        What is asked, digits up to which it is refined, and a reading of `time.monotonic` after which it ends.
    tail
        Whether windows are of a tail.
    most
        Of cells.
    tried, inhabited
        How many cells were tried, and whether a point is known where the assumptions hold.
    """

    problem: BoxProblem | FamilyProblem
    digits_max: int
    deadline: float | None
    tail: bool = False
    most: int = MAX_CELLS
    tried: int = 0
    inhabited: bool = False

    def at_point(self, point: Point, digits_max: int) -> Finding | None:
        """Return the finding at a point; None if an assumption is not seen to hold there, or if time is up.

        Parameters
        ----------
        point
            Where.
        digits_max
            Digits up to which quantities are refined there.
        """
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
        """Yield findings on cells that make up a window, until one fails; some may be undecided."""
        digits, pieces = first_digits(self.digits_max), [window]
        while pieces:
            stuck: list[Examined] = []
            yield from self._with_digits(window, pieces, digits, stuck)
            pieces = [_sides(examined.finding) for examined in stuck]
            if digits >= min(DIGITS_MAX, self.digits_max):
                yield from map(self._undecided, stuck)
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
            cell = BoxCell(sides, digits, window, self.tail)
            if self._stopped:
                yield nothing_known(self.problem, cell, self._stopped)
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
            if hopeless:  # More digits do not make it narrower.
                yield examined.finding
            elif name is None or _needs_digits(examined, at_centre):
                stuck.append(examined)
            else:
                waiting += reversed(halves(sides, name))

    def _undecided(self, examined: Examined) -> Finding:
        """The finding of a cell; where the statement fails on all of it, but at no point that is seen, as undecided."""
        finding = examined.finding
        if finding.holds is not False or finding.box is None:
            return finding
        return nothing_known(self.problem, finding.box, FAILS_UNSEEN)

    @property
    def _stopped(self) -> str:
        if self.deadline is not None and time.monotonic() > self.deadline:
            return TIME_IS_UP
        return TOO_MANY if self.tried >= self.most else ""


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


def _sides(finding: Finding) -> Sides:
    if finding.box is None:
        raise ValueError("a finding on a box has one")
    return finding.box.sides
