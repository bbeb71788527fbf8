"""A statement and its domain, where both are algebraic in the variables, and their truth where signs are known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import product

from emtheory.numerics.algebra.bernstein import Box
from emtheory.numerics.algebra.decomposition import Range
from emtheory.numerics.algebra.polynomial import Polynomial, Ring, ring_of
from emtheory.numerics.algebra.quotient import Quotient, base_of
from emtheory.numerics.algebra.real_root import RealRoot
from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.operations import Value
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.point import FIRST_DIGITS, combine, leaf_value
from emtheory.reports.decide.verdict import answer
from emtheory.reports.language.algebraic import Place
from emtheory.reports.language.expression import (
    Call,
    Comparison,
    Expression,
    Operation,
    Symbol,
    calls_of,
    subexpressions,
    varies,
)
from emtheory.reports.language.span import Span
from emtheory.reports.language.varying_weights import CLOSED_FORMS

BITS = 128
"""Of all enclosures: end points of the narrowest pieces have 60 bits or a little more, which leaves as many to the
arithmetic. Always the same, so that a certificate is verified by what made it."""
MAX_ORDER = 30
"""Of cosines that a statement is written in. A choice: their degree is half of Euler's function of it, 4 to 14, and the
degrees of all polynomials are multiplied by that."""

_BASE = "_base"
"""Unlike every variable of a statement."""

Signs = tuple[int, ...]
"""Of left − right for each link of a chain."""


@dataclass(frozen=True)
class AlgebraicProblem:
    """What is asked, in closed form.

    `question`, `case`: what is asked, and one of its cases; `comparison`, `assumptions`: the statement, and what
    restricts the domain beside intervals; `ranges`: the intervals of the other variables; `order`: where cosines of
    multiples of 2π/order stand in the statement that are not square roots; else None; `fixed`: the variables that have
    one value only, or of which nothing speaks; `constants`, `known`: what parts without variables are, and polynomials
    in the ring; they are added to.
    """

    question: Question
    case: Case
    comparison: Comparison
    assumptions: tuple[Comparison, ...]
    ranges: Mapping[str, Range]
    order: int | None = None
    fixed: Mapping[str, Fraction] = field(default_factory=dict)
    constants: dict[Expression, Algebraic] = field(default_factory=dict, compare=False, repr=False)
    known: dict[Expression, Quotient] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def ring(self) -> Ring:
        """Of polynomials in the variables, the base before them."""
        return ring_of((*((_BASE,) if self.order else ()), *self.ranges))

    @cached_property
    def base(self) -> RealRoot | None:
        """The number 2cos(2π/order)."""
        return None if self.order is None else base_of(self.order)

    def signs(self, sign_of_factor: Callable[[Polynomial], int]) -> Signs | None:
        """Return the signs of left − right for each link, where those of irreducible polynomials are known.

        None where an assumption does not hold. InputError if an expression has no value there; CannotAnswerError if one
        is not algebraic, or a sign is not known.
        """
        place = self.place(sign_of_factor)
        for assumption in self.assumptions:
            if not holds(assumption, _signs(assumption, place)):
                return None
        return _signs(self.comparison, place)

    def place(self, sign_of_factor: Callable[[Polynomial], int]) -> Place:
        """Return the place where irreducible polynomials have these signs."""
        return Place(self.ring, sign_of_factor, self.constant, self.order, self.known)

    @property
    def with_all_ranges(self) -> "AlgebraicProblem":
        """The same problem, where also the variables of which nothing speaks range over their intervals."""
        spans = self.question.spans
        fixed = {name: span.lower for name, span in spans.items() if span.is_single}
        ranges = {name: _range(span) for name, span in spans.items() if name not in fixed}
        return replace(self, ranges=ranges, fixed=fixed, constants={}, known={})

    @property
    def keeps_limits(self) -> bool:
        """Whether what holds on a dense part of the domain holds on all of it.

        So it is where all comparisons are closed, the domain is an open part of a box, and nothing is divided by what
        varies, so that all sides are continuous.
        """
        operands = [side for each in (self.comparison, *self.assumptions) for side in each.operands]
        parts = [part for operand in operands for part in subexpressions(operand)]
        divisors = [part.operands[1] for part in parts if isinstance(part, Operation) and part.name in ("/", "**")]
        closed = set(self.comparison.operators) <= {"<=", ">=", "=="}
        is_open = all(set(each.operators) <= {"<", ">", "!="} for each in self.assumptions)
        return closed and is_open and all(map(self._is_positive_constant, divisors))

    @property
    def faces(self) -> list[Box]:
        """The open box and those of its open faces that belong to the domain; none if it has no bounds."""
        sides: list[list[tuple[Fraction, Fraction]]] = []
        for each in self.ranges.values():
            if each.lower is None or each.upper is None:
                return []
            ends = ((each.lower, each.open_lower), (each.upper, each.open_upper))
            sides.append([(each.lower, each.upper), *((end, end) for end, is_open in ends if not is_open)])
        return list(product(*sides))

    def leaf(self, leaf: Symbol | Call) -> Value:
        """Give the value of a symbol or quantity that does not vary and is known exactly; else CannotAnswerError."""
        if isinstance(leaf, Call) and not self._is_constant(leaf):
            raise CannotAnswerError(f"{leaf.label} is not algebraic in the variables")
        if isinstance(leaf, Symbol) and leaf.name in self.ranges:
            raise CannotAnswerError(f"{leaf.name} varies")
        if isinstance(leaf, Symbol) and leaf.name in self.fixed:
            return rational(self.fixed[leaf.name])
        return leaf_value(leaf, self.case, FIRST_DIGITS)

    def _is_constant(self, call: Call) -> bool:
        quantity = find_quantity(call.quantity)
        spans = self.question.spans
        weights_vary = any(not spans[name].is_single for name in self.question.parameters if name in spans)
        return quantity.always_exact and not quantity.needs_point and not weights_vary

    def _is_positive_constant(self, expression: Expression) -> bool:
        return not varies(expression, self.ranges) and self.constant(expression).sign > 0

    def constant(self, expression: Expression) -> Algebraic:
        """Return the value of an expression without variables; CannotAnswerError if it is not algebraic."""
        if expression not in self.constants:
            with arb_precision(BITS):
                value = combine(expression, self.leaf)
            if not isinstance(value, Algebraic):
                raise CannotAnswerError("a constant that is not algebraic")
            self.constants[expression] = value
        return self.constants[expression]


def algebraic_problem(question: Question, case: Case) -> AlgebraicProblem:
    """Return a question in closed form."""
    statements = (question.comparison, *question.local_assumptions)
    comparison, *assumptions = (question.in_closed_form(each, case.k) for each in statements)
    sides = [side for each in (comparison, *assumptions) for side in each.operands]
    # The middle of an interval belongs to it; of what stands nowhere, one value does for all.
    fixed = {
        name: span.lower if span.is_single else span.middle
        for name, span in question.spans.items()
        if span.is_single or not any(varies(side, (name,)) for side in sides)
    }
    ranges = {name: _range(span) for name, span in question.spans.items() if name not in fixed}
    calls = [call for each in statements for call in calls_of(each)]
    needed = case.k <= MAX_ORDER and any(call.quantity in CLOSED_FORMS for call in calls)
    order = case.k if needed and base_of(case.k) is not None else None
    return AlgebraicProblem(question, case, comparison, tuple(assumptions), ranges, order, fixed)


def holds(comparison: Comparison, signs: Signs) -> bool:
    """Whether a chain holds where its sides differ by these signs."""
    return all(answer(operator, {sign}) for operator, sign in zip(comparison.operators, signs, strict=True))


def _range(span: Span) -> Range:
    return Range(span.lower, span.upper, span.open_lower, span.open_upper)


def _signs(comparison: Comparison, place: Place) -> Signs:
    return tuple(place.sign(left, right) for _, left, right in comparison.pairs)
