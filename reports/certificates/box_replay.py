"""Boxes of a certificate decided once more, with the parameters recorded: many at once where Taylor models do it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from emtheory.reports.certificates.cover import sides
from emtheory.reports.certificates.file import CellRecord, RejectedError
from emtheory.reports.decide.boxes.cell import TAIL, TAYLOR, BoxCell
from emtheory.reports.decide.boxes.decision import examine
from emtheory.reports.decide.boxes.family_forms import FamilyProblem
from emtheory.reports.decide.boxes.forms import BoxProblem, Memo
from emtheory.reports.decide.boxes.model_decision import model_boxes
from emtheory.reports.decide.boxes.reach import unbounded
from emtheory.reports.decide.boxes.tail_forms import SMALLEST_START
from emtheory.reports.decide.boxes.tuning import TUNING
from emtheory.reports.decide.verdict import Finding


def finding_on_box(problem: BoxProblem | FamilyProblem, record: CellRecord, memo: Memo) -> Finding:
    """Decide a statement on a box once more; RejectedError if a search would take no such cell."""
    if record.method == TAYLOR:
        raise RejectedError("method: Taylor models do not decide the statement there")
    return examine(problem, _cell(problem, record), memo).finding


def findings_by_models(
    problem: BoxProblem | FamilyProblem, records: Sequence[CellRecord], memo: Memo
) -> Mapping[int, Finding]:
    """Decide a statement on all boxes that are recorded to be decided by Taylor models; index → what is found."""
    found: dict[int, Finding] = {}
    if not isinstance(problem, BoxProblem):
        return found
    groups = defaultdict(list)
    for index, record in enumerate(records):
        if record.method == TAYLOR:
            cell = _cell(problem, record)
            groups[tuple(cell.window.items()), cell.digits].append((index, cell))
    for group in groups.values():
        for start in range(0, len(group), TUNING.together):
            indices, cells = zip(*group[start : start + TUNING.together], strict=True)
            outcomes = model_boxes(problem, cells, memo)
            pairs = zip(indices, outcomes, strict=True)
            found |= {index: each.finding for index, each in pairs if each.finding is not None}
    return found


def _cell(problem: BoxProblem | FamilyProblem, record: CellRecord) -> BoxCell:
    box, window = sides(record.stretch), sides(record.window)
    names = list(problem.question.spans)
    if record.digits is None or record.digits > TUNING.digits:
        raise RejectedError("digits: they are more than a search would take")
    if (
        list(box) != names
        or list(window) != names
        or not all(window[name][0] <= box[name][0] <= box[name][1] <= window[name][1] for name in names)
    ):
        raise RejectedError("window: it does not contain the box, or is in other variables")
    tail = unbounded(problem.question) if record.method == TAIL else ""
    if record.method == TAIL and not (tail and box[tail][0] >= SMALLEST_START):
        raise RejectedError("stretch: a tail begins at 1 or more, in a variable without an upper end")
    return BoxCell(box, record.digits, window, tail, record.method == TAYLOR)
