"""A statement over a whole interval of a parameter of the weights: both sides are enclosed over pieces of it."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.operations import Value
from emtheory.reports.decide.cell import ENCLOSURE, Cell
from emtheory.reports.decide.confront import decide_links
from emtheory.reports.decide.coverage import Coverage
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.evaluation import calls_of
from emtheory.reports.decide.hull import over
from emtheory.reports.decide.point import decide_at
from emtheory.reports.decide.verdict import Finding, Link
from emtheory.reports.language import family as families
from emtheory.reports.language.expression import Call, Comparison, Expression, Symbol
from emtheory.reports.language.span import Span, points
from emtheory.reports.language.varying_weights import FamilyWeights

MAX_PIECES = 2000
"""Decided or waiting, before the rest is left undecided. A choice: each takes a few milliseconds, with the enclosures
of what it was cut from."""
_SMALLEST_PART = 2**60
"""A piece narrower than this part of the interval is not bisected: there the two sides touch."""

_DIGITS = 15
"""Digits for the reader; the arithmetic has more, and the same for every piece."""


def is_decidable(question: Question, case: Case) -> bool:
    """Whether the only variable is a parameter of the weights, and every quantity has a closed form in it."""
    quantities = {call.quantity for call in calls_of(question.comparison)}
    return (
        set(question.spans) == set(question.parameters)
        and len(question.spans) == 1
        and all(span.upper is not None for span in question.spans.values())
        and not case.has_point
        and quantities <= set(families.CLOSED_FORMS)
    )


def decide_on_weights(question: Question, case: Case, digits_max: int, deadline: float | None) -> Coverage:
    """Decide a statement for every value of a parameter of the weights in an interval.

    Parameters
    ----------
    question, case
        What is asked, for which `is_decidable` holds, and one of its cases.
    digits_max, deadline
        How far quantities are refined at single values, and a reading of `time.monotonic` after which no piece is
        bisected any more.

    Returns
    -------
    Coverage
        A finding for each piece up to the first that fails or is left undecided.

    Raises
    ------
    InputError
        If the statement has no value somewhere in the interval.
    """
    problem = _problem(question, case, digits_max, deadline)
    whole = problem.span
    if whole.lower == whole.top:
        return Coverage((problem.at(whole.lower),), complete=True, covered="")
    findings: list[Finding] = []
    weights = question.weights
    special = families.special_value(weights.family, case.k) if isinstance(weights, FamilyWeights) else whole.lower
    for span in _split(whole, special):
        findings += _by_pieces(problem, span)
        if findings[-1].holds is not True:
            break
    holding = [finding for finding in findings if finding.holds]
    if findings[-1].holds is False:
        return Coverage(tuple(findings), complete=False, covered=f"a {problem.parameter} that refutes it")
    how = f"in {len(holding)} {'piece' if len(holding) == 1 else 'pieces'}"
    if findings[-1].holds is None:
        covered = f"part of {whole}, {how}, but not all of it" if holding else f"nothing of {whole}"
        return Coverage(tuple(findings), complete=False, covered=covered)
    return Coverage(tuple(findings), complete=True, covered=f"every {problem.parameter} in {whole}, {how}")


def decide_on_weight_cell(question: Question, case: Case, cell: Cell) -> Finding:
    """Decide a statement on one piece of an interval of a parameter, without a search.

    Parameters
    ----------
    question, case
        What is asked, for which `is_decidable` holds, and one of its cases.
    cell
        The piece; its digits have no part in this.

    Raises
    ------
    InputError
        If the statement has no value somewhere in it.
    """
    problem = _problem(question, case, 1, None)
    return _enclosed(problem, problem.piece(cell.lower, cell.upper))


@dataclass(frozen=True)
class _Problem:
    """What stays the same throughout; `comparison` is the statement of `question` in closed form."""

    question: Question
    comparison: Comparison
    case: Case
    parameter: str
    digits_max: int
    deadline: float | None

    @property
    def span(self) -> Span:
        return self.question.spans[self.parameter]

    def piece(self, lower: Fraction, upper: Fraction) -> Span:
        """A part of the interval, with the ends that belong to the interval."""
        whole = self.span
        return Span(
            lower,
            upper,
            open_lower=whole.open_lower and lower == whole.lower,
            open_upper=whole.open_upper and upper == whole.top,
        )

    def at(self, value: Fraction) -> Finding:
        """The statement decided at one value of the parameter."""
        case = self.question.at(self.case, {self.parameter: value})
        return decide_at(self.question.comparison, case, self.digits_max, self.deadline)

    def on(self, span: Span, links: Sequence[Link] = (), reason: str = "") -> Finding:
        """A finding on a piece."""
        case = self.question.at(self.case, {self.parameter: (span.lower + span.top) / 2})
        cell = Cell(span.lower, span.top, ENCLOSURE, _DIGITS)
        return Finding(case, self.comparison.texts, tuple(links), reason, _DIGITS, cell=cell)

    def over(self, expression: Expression, span: Span) -> Enclosure:
        """Enclose an expression over an interval; CannotAnswerError if it is not seen to have a value there."""
        return over(expression, {self.parameter: (span.lower, span.top)}, lambda leaf: _count(leaf, self.case))


def _problem(question: Question, case: Case, digits_max: int, deadline: float | None) -> _Problem:
    (parameter,) = question.parameters
    comparison = question.in_closed_form(question.comparison, case.k)
    return _Problem(question, comparison, case, parameter, digits_max, deadline)


def _split(span: Span, value: Fraction) -> Iterator[Span]:
    """Cut an interval where the DFT vanishes, as its modulus has a kink there."""
    if span.lower < value < span.top:
        yield Span(span.lower, value, span.open_lower)
        yield Span(value, span.top, open_upper=span.open_upper)
    else:
        yield span


def _by_pieces(problem: _Problem, span: Span) -> list[Finding]:
    """Decide by enclosures over pieces, each bisected until it is decided; the last finding is the one that fails."""
    for point in points({problem.parameter: span}):
        finding = problem.at(point[problem.parameter])
        if finding.holds is False:
            return [finding]
    decided: list[Finding] = []
    waiting = [span]
    while waiting:
        piece = waiting.pop()
        finding = _enclosed(problem, piece)
        middle = (piece.lower + piece.top) / 2
        narrow = (piece.top - piece.lower) * _SMALLEST_PART <= span.top - span.lower
        late = problem.deadline is not None and time.monotonic() > problem.deadline
        if finding.holds is False:
            return [*decided, problem.at(middle)]
        if finding.holds:
            decided.append(finding)
        elif late or narrow or len(decided) + len(waiting) >= MAX_PIECES:
            left_over = Span(piece.lower, max(each.top for each in (piece, *waiting)))
            why = f"{problem.parameter} in {left_over} is left undecided"
            return [*decided, problem.on(left_over, reason=why)]
        else:
            waiting += [problem.piece(middle, piece.top), problem.piece(piece.lower, middle)]
    return decided


def _enclosed(problem: _Problem, piece: Span) -> Finding:
    try:
        links = decide_links(problem.comparison, lambda expression: problem.over(expression, piece))
    except CannotAnswerError as error:
        return problem.on(piece, reason=str(error))
    return problem.on(piece, links)


def _count(symbol: Symbol | Call, case: Case) -> Value:
    if symbol not in (Symbol("k"), Symbol("d")):
        raise CannotAnswerError(f"{symbol} has no closed form here")
    return rational(case.k if symbol == Symbol("k") else case.d)
