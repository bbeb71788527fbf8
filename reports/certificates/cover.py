"""Whether the cells of a certificate leave out nothing of a domain."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.reports.certificates.certificate import point_document
from emtheory.reports.certificates.file import CellRecord, RejectedError
from emtheory.reports.decide.boxes.cell import BOX_METHODS, INFINITE, Sides, halves
from emtheory.reports.decide.cell import ALGEBRA, POINT
from emtheory.reports.decide.domain import Question
from emtheory.reports.language.span import Span


def is_cover(cells: Sequence[CellRecord], question: Question) -> bool:
    """Whether the cells are boxes, each once, that leave nothing out of the domain, or one cell that is all of it."""
    methods = [cell.method for cell in cells]
    if all(span.is_single for span in question.spans.values()):
        return methods in ([POINT], [ALGEBRA]) and is_inside(cells[0], question.spans)
    if methods == [ALGEBRA] or not set(methods) <= BOX_METHODS:
        return methods == [ALGEBRA]
    infinite, whole = _whole(question.spans)
    boxes = [_images(cell.stretch, infinite) for cell in cells]
    return len({tuple(box.items()) for box in boxes}) == len(boxes) and fills(boxes, whole)


def is_sample(cells: Sequence[CellRecord], question: Question, case: Case) -> bool:
    """Whether the cells are the points that every such domain is sampled at."""
    expected = [point_document(question, place) for place in question.places(case)]
    return [cell.point for cell in cells] == expected


def is_inside(cell: CellRecord, spans: Mapping[str, Span]) -> bool:
    """Whether a cell lies in the domain, of which the method `ALGEBRA` takes all."""
    if cell.method == ALGEBRA:
        return True
    if cell.method == POINT:
        point = cell.point or {}
        return point.keys() == spans.keys() and all(Fraction(point[name]) in span for name, span in spans.items())
    infinite, whole = _whole(spans)
    box = _images(cell.stretch, infinite)
    return box.keys() == spans.keys() and all(
        whole[name][0] <= box[name][0] <= box[name][1] <= whole[name][1] for name in spans
    )


def _whole(spans: Mapping[str, Span]) -> tuple[Collection[str], Sides]:
    """The variables without an upper end, and the domain with these by their images."""
    infinite = frozenset(name for name, span in spans.items() if span.upper is None)
    return infinite, {name: _image(span.lower, span.upper, name in infinite) for name, span in spans.items()}


def sides(record: object) -> Sides:
    """Return the box that is recorded, of a tail with its lower end twice; RejectedError if none is."""
    return {
        name: (Fraction(lower), Fraction(lower if upper == INFINITE else upper))
        for name, (lower, upper) in _recorded(record).items()
    }


def _recorded(record: object) -> Mapping[str, Sequence[str]]:
    if not isinstance(record, dict):
        raise RejectedError("cells: one does not say which box it is about")
    return record


def _images(record: object, infinite: Collection[str]) -> Sides:
    """A recorded box, of those variables that have no upper end by their images."""
    return {
        name: _image(Fraction(lower), None if upper == INFINITE else Fraction(upper), name in infinite)
        for name, (lower, upper) in _recorded(record).items()
    }


def _image(lower: Fraction, upper: Fraction | None, mapped: bool) -> tuple[Fraction, Fraction]:
    """The ends under r ↦ r/(1 + r), which takes ∞ to 1, or as they are."""
    if not mapped and upper is None:
        raise RejectedError("cells: one has no upper end where the domain has one")
    if not mapped:
        return lower, upper or Fraction(0)
    return lower / (1 + lower), Fraction(1) if upper is None else upper / (1 + upper)


def fills(boxes: Sequence[Sides], whole: Sides) -> bool:
    """Whether boxes, all in the same variables, leave out nothing of a box.

    Where none of them contains it, it is cut along a face of one that reaches into it, and each part is looked at.
    """
    if any(box.keys() != whole.keys() for box in boxes):
        return False
    waiting = [(whole, list(boxes))]
    while waiting:
        part, near = waiting.pop()
        near = [box for box in near if all(_meet(box[name], part[name]) for name in part)]
        if not near:
            return False
        if any(all(box[n][0] <= part[n][0] and part[n][1] <= box[n][1] for n in part) for box in near):
            continue
        faces = [
            (name, end) for name in part for end in near[len(near) // 2][name] if part[name][0] < end < part[name][1]
        ]
        waiting += [(half, near) for half in halves(part, *faces[0])]
    return True


def _meet(first: tuple[Fraction, Fraction], second: tuple[Fraction, Fraction]) -> bool:
    """Whether two intervals have more than an end in common, or one is a point of the other."""
    low, high = max(first[0], second[0]), min(first[1], second[1])
    return low < high or (low == high and second[0] == second[1])
