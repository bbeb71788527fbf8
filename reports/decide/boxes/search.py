"""One window of a box, decided by subdivision.

Cells are bisected in the variable that adds most to the width of what is undecided, until the statement is decided, or
shown to fail in the middle of one; what is left is tried with more digits.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from emtheory.reports.decide.boxes.cell import BoxCell, Sides, common, halves, hull_of, is_narrow, widest
from emtheory.reports.decide.boxes.decision import Examined, decide_cell
from emtheory.reports.decide.boxes.family_forms import FamilyProblem
from emtheory.reports.decide.boxes.forms import BoxProblem, Memo
from emtheory.reports.decide.boxes.tuning import TUNING
from emtheory.reports.decide.boxes.windows import windows
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.verdict import TIME_IS_UP, Finding
from emtheory.reports.language.span import Point

FAILS_UNSEEN = "it fails there, but no quantity can be computed at a point"
TOO_MANY = f"{TUNING.cells} boxes did not suffice"
_NARROWER = {1: 64, 2: 8, 3: 4}
"""Number of variables → by how much narrower than a cell parts are taken to be. A choice: a quarter or so of what they
are, as forms on them are wider."""
TOUCHES = "its sides seem to touch there"


def first_digits(question: Question, digits_max: int) -> int:
    """Return the digits of the first models."""
    alone = len(question.spans) == 1 and question.family is None
    return min(TUNING.first_digits_alone if alone else TUNING.first_digits, digits_max)


def nothing_known(problem: BoxProblem | FamilyProblem, cell: BoxCell, reason: str) -> Finding:
    """Return the finding on a cell that is not decided."""
    texts = problem.question.comparison.texts
    return Finding(problem.question.place(problem.case, cell.centre), texts, (), reason, cell.digits, box=cell)


@dataclass
class Search:
    """A search on windows of a box.

    `problem`, `digits_max`, `deadline`: what is asked, digits up to which it is refined, and a reading of
    `time.monotonic` after which it ends; `tail`: the variable without an upper end, where windows are of a tail;
    `most`: of cells; `tried`: how many were tried.
    """

    problem: BoxProblem | FamilyProblem
    digits_max: int
    deadline: float | None
    tail: str = ""
    most: int = TUNING.cells
    tried: int = 0

    def at_point(self, point: Point, digits_max: int) -> Finding | None:
        """Return the finding at a point; None if an assumption is not seen to hold there, or if time is up."""
        if self._stopped:
            return None
        question, case = self.problem.question, self.problem.case
        return question.decide_at(case, point, digits_max, self.deadline, TUNING.probe_digits)

    def cover(self, window: Sides) -> Iterator[Finding]:
        """Yield findings on cells that make up a window, until one fails; some may be undecided."""
        yield from self._cover(window, [window], first_digits(self.problem.question, self.digits_max))

    def _cover(self, window: Sides, pieces: Sequence[Sides], digits: int) -> Iterator[Finding]:
        """Yield findings on cells that make up pieces of a window; what is left is looked at with more digits."""
        stuck: list[Examined] = []
        yield from self._with_digits(window, pieces, digits, stuck)
        if self._is_last(digits):
            yield from map(self._undecided, stuck)
            return
        rest = [_sides(examined.finding) for examined in stuck]
        digits = min(digits + (digits + 1) // 2, TUNING.digits, self.digits_max)
        whole = hull_of(rest) if rest else window
        for smaller in [whole] if self.tail else windows(self.problem, whole, digits):
            inside = [part for part in (common(piece, smaller) for piece in rest) if part is not None]
            if inside:
                yield from self._cover(smaller, inside, digits)

    def _failing(self, point: Point) -> Finding | None:
        finding = self.at_point(point, self.digits_max)
        return finding if finding is not None and finding.holds is False else None

    def _with_digits(
        self, window: Sides, pieces: Sequence[Sides], digits: int, stuck: list[Examined]
    ) -> Iterator[Finding]:
        memo: Memo = {}
        narrower = 1 if isinstance(self.problem, FamilyProblem) else _NARROWER.get(len(window), 1)
        waiting = list(reversed(pieces))
        last, looked_at = self._is_last(digits), TUNING.narrow
        while waiting:
            sides = waiting.pop()
            cell = BoxCell(sides, digits, window, self.tail)
            if not last and len(stuck) >= looked_at:
                looked_at *= 2
                if self._touch_along_a_line(stuck):
                    left = [sides, *waiting, *(_sides(each.finding) for each in stuck)]
                    stuck.clear()
                    yield from (nothing_known(self.problem, replace(cell, sides=each), TOUCHES) for each in left)
                    return
            stopped = self._stopped or (TOUCHES if last and len(stuck) >= TUNING.stuck else "")
            if stopped:
                yield nothing_known(self.problem, cell, stopped)
                continue
            self.tried += 1
            examined = decide_cell(self.problem, cell, memo)
            if examined.finding.holds:
                yield examined.finding
                continue
            at_centre = self._at_centre(examined, cell, memo)
            if at_centre is not None and at_centre.finding.holds is False:
                point = self._failing(cell.centre)
                if point is not None:
                    yield point
                    return
            name = widest(examined.spread, sides, window)
            hopeless = not examined.finding.links and is_narrow(sides, window, TUNING.smallest_unknown)
            if hopeless and digits >= TUNING.first_digits:  # More digits do not make it narrower.
                yield examined.finding
            elif hopeless or name is None or (at_centre is not None and _needs_digits(examined, at_centre, narrower)):
                stuck.append(examined)
            else:
                waiting += reversed(_parts(examined, sides, name, window))

    def _touch_along_a_line(self, stuck: Sequence[Examined]) -> bool:
        """Whether sides seem to touch along a line through many cells that need more digits.

        Some of the cells are followed, with more digits, down to parts so narrow that there would be more of these than
        may be tried, if half of the cells have one that stays open for each halving of their sides.
        """
        halvings = math.ceil(math.log2(2 * TUNING.cells / len(stuck)))
        followed = stuck[:: len(stuck) // TUNING.followed]
        return 2 * sum(self._stays_open(_sides(each.finding), halvings) for each in followed) >= len(followed)

    def _stays_open(self, window: Sides, halvings: int) -> bool:
        """Whether an ever narrower part of a cell is open, each side of it halved so many times."""
        sides, memo = window, dict[object, Any]()
        for name in [*window] * halvings:
            cells = (BoxCell(half, TUNING.close_digits, window, self.tail) for half in halves(sides, name))
            still = (cell.sides for cell in cells if decide_cell(self.problem, cell, memo).finding.holds is None)
            found = next(still, None)
            if found is None:
                return False
            sides = found
        return True

    def _at_centre(self, examined: Examined, cell: BoxCell, memo: Memo) -> Examined | None:
        """What is known in the middle of a cell; None if its forms tell that the statement holds there."""
        if examined.margin is not None:
            return None
        if examined.finding.holds is False:
            return examined
        middle = replace(cell, sides={name: 2 * (value,) for name, value in cell.centre.items()})
        return decide_cell(self.problem, middle, memo)

    def _undecided(self, examined: Examined) -> Finding:
        """The finding of a cell; where the statement fails on all of it, but at no point that is seen, as undecided."""
        finding = examined.finding
        if finding.holds is not False or finding.box is None:
            return finding
        return nothing_known(self.problem, finding.box, FAILS_UNSEEN)

    def _is_last(self, digits: int) -> bool:
        return digits >= min(TUNING.digits, self.digits_max)

    @property
    def _stopped(self) -> str:
        if self.deadline is not None and time.monotonic() > self.deadline:
            return TIME_IS_UP
        return TOO_MANY if self.tried >= self.most else ""


def _parts(examined: Examined, sides: Sides, name: str, window: Sides) -> list[Sides]:
    """The parts a cell is cut in: halves, or quarters where halves are seen to stay open."""
    parts = halves(sides, name)
    if examined.margin is None or sum(examined.spread) <= TUNING.hopeless * examined.margin:
        return [*parts]
    spread = [each / 2 if one == name else each for one, each in zip(sides, examined.spread, strict=True)]
    second = widest(spread, parts[0], window)
    return [*parts] if second is None else [part for half in parts for part in halves(half, second)]


def _needs_digits(examined: Examined, at_centre: Examined, narrower: int) -> bool:
    """Whether a cell, or parts of it that are so many times narrower, is wide for the errors of its models."""
    if at_centre.finding.holds is not None or not at_centre.inside:
        return False
    open_links = [link.difference for link in at_centre.finding.links if link.holds is None]
    error = max((float(each.upper - each.lower) for each in open_links if each is not None), default=0.0)
    return sum(examined.spread) <= narrower * error


def _sides(finding: Finding) -> Sides:
    if finding.box is None:
        raise ValueError("a finding on a box has one")
    return finding.box.sides
