"""Boxes of a certificate decided once more, with the parameters recorded."""

from emtheory.reports.certificates.cover import sides
from emtheory.reports.certificates.file import CellRecord, RejectedError
from emtheory.reports.decide.boxes.cell import TAIL, BoxCell
from emtheory.reports.decide.boxes.decision import examine
from emtheory.reports.decide.boxes.family_forms import FamilyProblem
from emtheory.reports.decide.boxes.forms import BoxProblem, Memo
from emtheory.reports.decide.boxes.reach import unbounded
from emtheory.reports.decide.boxes.tail_forms import SMALLEST_START
from emtheory.reports.decide.boxes.tuning import TUNING
from emtheory.reports.decide.verdict import Finding


def finding_on_box(problem: BoxProblem | FamilyProblem, record: CellRecord, memo: Memo) -> Finding:
    """Decide a statement on a box once more; RejectedError if a search would take no such cell."""
    return examine(problem, _cell(problem, record), memo).finding


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
    return BoxCell(box, record.digits, window, tail)
