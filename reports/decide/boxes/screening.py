"""Boxes of one window, many at a time, bisected until Taylor models decide the statement on them.

What they leave open is for models with more digits, or for `emtheory.reports.decide.boxes.decision`, which knows of
edges where sides touch.
"""

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.decide.boxes.cell import BoxCell, Sides, halves, is_narrow, widest
from emtheory.reports.decide.boxes.forms import BoxProblem, Memo
from emtheory.reports.decide.boxes.model_decision import Modelled, model_boxes
from emtheory.reports.decide.boxes.tuning import TUNING
from emtheory.reports.decide.verdict import Finding

_Errors = tuple[float, ...]
"""Of the boxes that a box comes from, the last ones."""
_Waiting = tuple[Sides, _Errors]


@dataclass
class Left:
    """Boxes on which the errors of models are too large, that are too narrow to be bisected, or for another way."""

    coarse: list[Sides] = field(default_factory=list)
    narrow: list[Sides] = field(default_factory=list)
    other: list[Sides] = field(default_factory=list)


@dataclass(frozen=True)
class Screening:
    """How boxes of a window are screened.

    `problem`, `window`, `digits`, `memo`: what is asked, the window, the digits of the models, and what other cells
    share; `count`: called with a number of boxes that are going to be tried; returns why none may be, or nothing;
    `at_point`: called with the centre of a box; returns the finding there if the statement fails; `otherwise`: called
    with a cell, and whether it is one of the pieces, that models do not decide; returns the finding on it if another
    way that is worth its time does.
    """

    problem: BoxProblem
    window: Sides
    digits: int
    memo: Memo
    count: Callable[[int], str]
    at_point: Callable[[dict[str, Fraction]], Finding | None]
    otherwise: Callable[[BoxCell, bool], Finding | None]

    def run(self, pieces: Sequence[Sides], left: Left) -> Generator[Finding, None, bool]:
        """Yield findings on boxes that make up pieces of the window, until one fails."""
        waiting: list[_Waiting] = [(sides, ()) for sides in reversed(pieces)]
        inhabited = False
        while waiting:
            together = waiting[-TUNING.together :]
            if self.count(len(together)):
                left.other += [sides for sides, _ in waiting]
                return inhabited
            del waiting[-TUNING.together :]
            cells = [BoxCell(sides, self.digits, self.window, taylor=True) for sides, _ in together]
            try:
                outcomes = model_boxes(self.problem, cells, self.memo)
            except (CannotAnswerError, InputError):
                left.other += [sides for sides, _ in (*together, *waiting)]
                return inhabited
            for cell, (_, before), outcome in zip(cells, together, outcomes, strict=True):
                finding = outcome.finding
                inhabited = inhabited or (outcome.inside and not (finding and finding.premises))
                if finding is None or not finding.holds:
                    finding = self._elsewhere(cell, outcome, not before)
                if finding is None:
                    waiting += self._split(cell, before, outcome, left)
                    continue
                yield finding
                if not finding.holds:
                    return inhabited
        return inhabited

    def _elsewhere(self, cell: BoxCell, outcome: Modelled, is_piece: bool) -> Finding | None:
        """The finding in the middle, if the statement fails there, or in another way."""
        if outcome.fails_at_centre or outcome.finding is not None:
            point = self.at_point(cell.centre)
            if point is not None:
                return point
        return self.otherwise(cell, is_piece) if outcome.finding is None else None

    def _split(self, cell: BoxCell, before: _Errors, outcome: Modelled, left: Left) -> list[_Waiting]:
        """Halves that are to be looked at; none if the box is left over."""
        sides, error = cell.sides, outcome.error
        if math.isinf(error) and is_narrow(sides, self.window, TUNING.smallest_unknown):
            left.other.append(sides)
            return []
        # The errors of models fall as fast as the box gets narrow in whichever variable they come from.
        by_errors = error > sum(outcome.spread)
        name = widest([math.inf] * len(sides) if by_errors else outcome.spread, sides, self.window)
        if outcome.finding is not None and outcome.inside:
            left.other.append(sides)
            return []
        if name is None:
            left.narrow.append(sides)
            return []
        if by_errors and math.isfinite(error) and len(before) == len(sides) and error > TUNING.shrinks * before[0]:
            left.coarse.append(sides)
            return []
        errors = (*before, error)[-len(sides) :]
        return [(half, errors) for half in reversed(halves(sides, name))]
