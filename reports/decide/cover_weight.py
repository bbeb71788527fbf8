"""A statement over a whole interval of a parameter of the weights.

Where both sides are rational functions of the parameter, the sign of their difference is decided exactly on the whole
interval; otherwise the interval is subdivided, and both sides are enclosed over each piece.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals import interval
from emtheory.numerics.intervals.operations import Value, as_interval
from emtheory.numerics.level import Level
from emtheory.reports.decide.cell import ENCLOSURE, SIGNS, Cell
from emtheory.reports.decide.confront import decide_links
from emtheory.reports.decide.coverage import Coverage
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.evaluation import calls_of, combine
from emtheory.reports.decide.point import decide_at
from emtheory.reports.decide.verdict import Finding, Link, answer
from emtheory.reports.language import family as families
from emtheory.reports.language.expression import Call, Comparison, Expression, Operation, Symbol
from emtheory.reports.language.rational_function import rational_function, signs
from emtheory.reports.language.span import Span, points

MAX_PIECES = 2000
"""Decided or waiting, before the rest is left undecided. A choice: each takes a few milliseconds, with the enclosures
of what it was cut from."""
_SMALLEST_PART = 2**60
"""A piece narrower than this part of the interval is not bisected: there the two sides touch."""

_PARTS = 64
"""Into so many parts an interval is cut for the margin of a statement that is decided exactly."""

_BITS = 128
"""Of all enclosures: end points of the narrowest pieces have 60 bits or a little more, which leaves as many to the
arithmetic. Always the same, so that a certificate is verified by what made it."""
_DIGITS = 15
"""Digits for the reader; the arithmetic has more, and the same for every piece."""

_LIKELY_DENOMINATOR = 10**6
"""Of the rational number that a constant is compared with, exactly; the 30 digits of its enclosure tell any two of such
fractions apart. A constant with a larger one counts as irrational: the statement is then enclosed over pieces."""


def is_decidable(question: Question, case: Case) -> bool:
    """Whether the only variable is a parameter of the weights, and every quantity has a closed form in it."""
    quantities = {call.quantity for call in calls_of(question.comparison)}
    return (
        question.family is not None
        and set(question.spans) == {question.family[1]}
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
    if whole.lower == whole.upper:
        return Coverage((problem.at(whole.lower),), complete=True, covered="")
    findings: list[Finding] = []
    for span in _split(whole, families.special_value(problem.family, case.k)):
        found = _by_signs(problem, span)
        findings += _by_pieces(problem, span) if found is None else [found]
        if findings[-1].holds is not True:
            break
    holding = [finding for finding in findings if finding.holds]
    if findings[-1].holds is False:
        return Coverage(tuple(findings), complete=False, covered=f"a {problem.parameter} that refutes it")
    exact = all(finding.cell is not None and finding.cell.method == SIGNS for finding in holding)
    how = "exactly" if exact and holding else f"in {len(holding)} {'piece' if len(holding) == 1 else 'pieces'}"
    if findings[-1].holds is None:
        covered = f"part of {whole}, {how}, but not all of it" if holding else f"nothing of {whole}"
        return Coverage(tuple(findings), complete=False, covered=covered)
    return Coverage(tuple(findings), complete=True, covered=f"every {problem.parameter} in {whole}, {how}")


def decide_on_weight_cell(question: Question, case: Case, cell: Cell) -> Finding:
    """Decide a statement on one piece of an interval of a parameter, by the method of the cell and without a search.

    Parameters
    ----------
    question, case
        What is asked, for which `is_decidable` holds, and one of its cases.
    cell
        The piece, and its method, `SIGNS` or `ENCLOSURE`; its digits have no part in this.

    Raises
    ------
    InputError
        If the statement has no value somewhere in it.
    CannotAnswerError
        If its method does not apply.
    """
    problem = _problem(question, case, 1, None)
    span = problem.piece(cell.lower, cell.upper)
    finding = _enclosed(problem, span) if cell.method == ENCLOSURE else _by_signs(problem, span)
    if finding is None:
        raise CannotAnswerError("the statement is not seen to compare rational functions of the parameter there")
    return finding


@dataclass(frozen=True)
class _Problem:
    """What stays the same throughout; `comparison` is the statement of `question` in closed form."""

    question: Question
    comparison: Comparison
    case: Case
    family: str
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
            open_upper=whole.open_upper and upper == whole.upper,
        )

    def at(self, value: Fraction) -> Finding:
        """The statement decided at one value of the parameter."""
        case = self.question.at(self.case, {self.parameter: value})
        return decide_at(self.question.comparison, case, self.digits_max, self.deadline)

    def on(self, span: Span, method: str, links: Sequence[Link] = (), reason: str = "") -> Finding:
        """A finding on a piece."""
        case = self.question.at(self.case, {self.parameter: (span.lower + span.upper) / 2})
        cell = Cell(span.lower, span.upper, method, _DIGITS)
        return Finding(case, self.comparison.texts, tuple(links), reason, _DIGITS, cell=cell)

    def over(self, expression: Expression, span: Span) -> Enclosure:
        """Enclose an expression over an interval; CannotAnswerError if it is not seen to have a value there."""

        def leaf(symbol: Symbol | Call) -> Value:
            if symbol == Symbol(self.parameter):
                lower, upper = (interval.from_rational(end, Level.CERTIFIED) for end in (span.lower, span.upper))
                return interval.Interval(lower.lower, upper.upper, Level.CERTIFIED)
            return _count(symbol, self.case)

        with arb_precision(_BITS):
            return interval.to_enclosure(as_interval(combine(expression, leaf)))


def _problem(question: Question, case: Case, digits_max: int, deadline: float | None) -> _Problem:
    family, parameter = question.family or ("", "")
    comparison = families.in_parameter(question.comparison, family, parameter, case.k)
    return _Problem(question, comparison, case, family, parameter, digits_max, deadline)


def _split(span: Span, value: Fraction) -> Iterator[Span]:
    """Cut an interval where the DFT vanishes, as its modulus has a kink there."""
    if span.lower < value < span.upper:
        yield Span(span.lower, value, span.open_lower)
        yield Span(value, span.upper, open_upper=span.open_upper)
    else:
        yield span


def _by_signs(problem: _Problem, span: Span) -> Finding | None:
    """Decide by the exact signs of left − right; None if that is not a rational function."""
    comparison = problem.comparison
    links: list[Link] = []
    for operator, left, right in zip(comparison.operators, comparison.operands, comparison.operands[1:], strict=False):
        difference = Operation("-", (left, right))
        function = rational_function(difference, problem.parameter, span, partial(_constant, problem.case))
        if function is None:
            return None
        found = signs(function, span)
        failing = [place for sign, place in found.items() if not answer(operator, {sign})]
        if failing:
            place = next((place for place in failing if place is not None), None)
            why = f"it fails, but at irrational values of {problem.parameter} only, for which there is no exact case"
            return problem.on(span, SIGNS, reason=why) if place is None else problem.at(place)
        distance = Fraction(0) if 0 in found else _distance(problem, difference, span)
        hulls = (_hull(problem, left, span), _hull(problem, right, span))
        links.append(Link(operator, *hulls, holds=True, level=Level.EXACT, distance=distance))
    return problem.on(span, SIGNS, links)


def _distance(problem: _Problem, difference: Expression, span: Span) -> Bound:
    """A lower bound of the modulus of a difference over an interval, from enclosures over equal parts of it."""
    step = (span.upper - span.lower) / _PARTS
    parts = (Span(span.lower + i * step, span.lower + (i + 1) * step) for i in range(_PARTS))
    hulls = [_hull(problem, difference, part) for part in parts]
    return min(max(hull.lower, -hull.upper, Fraction(0)) for hull in hulls)


def _hull(problem: _Problem, expression: Expression, span: Span) -> Enclosure:
    """Enclose an expression over an interval for the reader; nothing is decided by it."""
    try:
        return problem.over(expression, span)
    except CannotAnswerError:
        return Enclosure(-math.inf, math.inf, Level.CERTIFIED, "statement")


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
        middle = (piece.lower + piece.upper) / 2
        narrow = (piece.upper - piece.lower) * _SMALLEST_PART <= span.upper - span.lower
        late = problem.deadline is not None and time.monotonic() > problem.deadline
        if finding.holds is False:
            return [*decided, problem.at(middle)]
        if finding.holds:
            decided.append(finding)
        elif late or narrow or len(decided) + len(waiting) >= MAX_PIECES:
            left_over = Span(piece.lower, max(each.upper for each in (piece, *waiting)))
            why = f"{problem.parameter} in {left_over} is left undecided"
            return [*decided, problem.on(left_over, ENCLOSURE, reason=why)]
        else:
            waiting += [problem.piece(middle, piece.upper), problem.piece(piece.lower, middle)]
    return decided


def _enclosed(problem: _Problem, piece: Span) -> Finding:
    try:
        links = decide_links(problem.comparison, lambda expression: problem.over(expression, piece))
    except CannotAnswerError as error:
        return problem.on(piece, ENCLOSURE, reason=str(error))
    return problem.on(piece, ENCLOSURE, links)


def _constant(case: Case, expression: Expression) -> Fraction | None:
    """Return the value of an expression without the parameter if it is rational, be it the cosine of 2π/3."""
    try:
        with arb_precision(_BITS):
            value = combine(expression, lambda symbol: _count(symbol, case))
            if not isinstance(value, Algebraic) or value.value is not None:
                return value.value if isinstance(value, Algebraic) else None
            guess = value.enclose(30)[0].limit_denominator(_LIKELY_DENOMINATOR)
            return guess if (value - rational(guess)).sign == 0 else None
    except (CannotAnswerError, InputError):
        return None


def _count(symbol: Symbol | Call, case: Case) -> Value:
    if symbol not in (Symbol("k"), Symbol("d")):
        raise CannotAnswerError(f"{symbol} has no closed form here")
    return rational(case.k if symbol == Symbol("k") else case.d)
