"""Whether the cells of a certificate leave out nothing of a domain."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.reports.certificates.certificate import point_document
from emtheory.reports.certificates.file import CellRecord, RejectedError
from emtheory.reports.decide.cell import ALGEBRA, ORIGIN, POINT
from emtheory.reports.decide.domain import Question
from emtheory.reports.language.span import Span


def is_cover(cells: Sequence[CellRecord], question: Question) -> bool:
    """Whether the cells follow each other from the lower end to the upper, those that belong to the domain included."""
    methods = [cell.method for cell in cells]
    if not question.spans or methods == [ALGEBRA]:
        return methods in ([POINT], [ALGEBRA])
    if len(question.spans) > 1 or question.local_assumptions:
        return False
    ((name, span),) = question.spans.items()
    reach, reached = span.lower, span.open_lower
    for cell in cells:
        lower, upper = ends(cell, name)
        if cell.method == POINT:
            follows = lower == reach and not reached
        else:
            # An expansion at the origin says nothing about the origin itself.
            follows = lower == reach < upper and (reached or cell.method != ORIGIN or lower > 0)
        if not follows:
            return False
        reach, reached = upper, True
    return reached and reach == span.upper


def is_sample(cells: Sequence[CellRecord], question: Question, case: Case) -> bool:
    """Whether the cells are the points that every such domain is sampled at.

    Parameters
    ----------
    cells
        As they are recorded.
    question, case
        What is asked, and one of its cases.
    """
    expected = [point_document(question, place) for place in question.places(case)]
    return [cell.point for cell in cells] == expected


def is_inside(cell: CellRecord, spans: Mapping[str, Span]) -> bool:
    """Whether a cell lies in the domain, of which the method `ALGEBRA` takes all."""
    if cell.method == ALGEBRA:
        return True
    if cell.method == POINT:
        point = cell.point or {}
        return point.keys() == spans.keys() and all(Fraction(point[name]) in span for name, span in spans.items())
    stretches = ((span, *ends(cell, name)) for name, span in spans.items())
    # An end that does not belong to the domain may be an end of the cell, not all of it.
    return all(
        span.lower <= low <= up and (span.upper is None or up <= span.upper) and (low < up or low in span)
        for span, low, up in stretches
    )


def ends(cell: CellRecord, name: str) -> tuple[Fraction, Fraction]:
    """Return the ends of a cell in its one variable; RejectedError if it does not give them."""
    given = (cell.point or {}).get(name) if cell.method == POINT else cell.stretch
    if given is None:
        raise RejectedError(f"cells: one does not say which {name} it is about")
    return (Fraction(given), Fraction(given)) if isinstance(given, str) else (Fraction(given[0]), Fraction(given[1]))
