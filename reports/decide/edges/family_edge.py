"""A statement on a family on a box that reaches 0 in a variable, where its sides may touch.

The family's quantities are expanded there (`emtheory.numerics.family.Expansion`), with coefficients that are exact in
its other variables, and put together as at the radius 0.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import flint

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.family import Expansion
from emtheory.numerics.intervals.interval import from_ball
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant
from emtheory.numerics.level import Level
from emtheory.numerics.quantity import resolve
from emtheory.reports.decide.boxes.family_forms import FamilyForms
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.edges.expanded_sides import Edge, ExpandedSides
from emtheory.reports.decide.edges.limits import ONE_LIMIT, ZERO_LIMIT, operation
from emtheory.reports.language.expression import Call, Comparison, Expression, Number, Operation, Symbol, subexpressions
from emtheory.reports.language.parser import parse_expression
from emtheory.reports.language.span import Span

ATTEMPTS = ((4, 0.3), (16, 0.12), (3, 0.5), (2, 0.5))
"""Pairs of a number of exact terms and the values of the point up to which it is tried: choices. With more terms the
rest is smaller near 0 and larger elsewhere."""
_ACCURACY = 9.0
"""L of the rest, which is small where the box is."""


@dataclass(frozen=True)
class FamilyEdgeForms(ExpandedSides[FamilyForms]):
    """Sides of a statement on a family where a variable tends to 0, at Arb's precision in force.

    `exact_terms`: the number of exact terms of an expansion; `reach`: values of the point up to which it is tried.
    """

    exact_terms: int
    reach: float

    @property
    def applies(self) -> bool:
        """Whether what the family expands is small on the box, and tends to 0 with one variable of it."""
        return bool(self._variable)

    @cached_property
    def _variable(self) -> str:
        points = {each.variable for each in self._expansions.values()}
        if len(points) != 1:
            return ""
        (point,) = points
        spans = self.forms.problem.question.spans
        ends = [name for name in self.forms.cell.sides if spans[name].lower == 0]
        found = [name for name in ends if Symbol(name) in subexpressions(self._given(point))]
        # Ranges of the variables come last, as they cost more.
        return found[0] if len(found) == 1 and abs(self.forms.hulls[point]) <= self.reach else ""

    @cached_property
    def _expansions(self) -> Mapping[str, Expansion]:
        """Quantity by its full name → how it is expanded."""
        values = self.forms.problem.question.family
        if values is None:
            return {}
        expansions = (each for each in values.family.expansions if self.exact_terms in each.terms)
        found = (each for each in expansions if self.forms.meets(each.conditions))
        return {values.family.full_name(each.quantity): each for each in found if each.variable in values.expressions}

    def _given(self, name: str) -> Expression:
        """A variable of the family or of the box in those of the box."""
        values = self.forms.problem.question.family
        found = None if values is None else values.expression(name)
        return Symbol(name) if found is None else found

    @property
    def is_open(self) -> bool:
        """Whether 0 is left out."""
        return self.forms.problem.question.spans[self._variable].open_lower

    @property
    def _terms(self) -> int:
        return self.exact_terms

    def _written(self, left: Expression, right: Expression) -> tuple[Expression, ...]:
        return self._replaced(left), self._replaced(right)

    def _replaced(self, expression: Expression) -> Expression:
        if isinstance(expression, Symbol):
            return self._given(expression.name)
        if isinstance(expression, Operation):
            return replace(expression, operands=tuple(map(self._replaced, expression.operands)))
        return expression

    def _varies(self, expression: Expression) -> bool:
        return any(isinstance(part, Call) or part == Symbol(self._variable) for part in subexpressions(expression))

    def _symbol(self) -> Edge:
        return self._exact(ONE_LIMIT, 1)

    def _quantity(self, call: Call) -> Edge:
        expansion = self._expansions.get(call.quantity)
        if expansion is None:
            raise CannotAnswerError(f"{call.label} is not expanded where a variable is 0")
        given = self._given(expansion.variable)
        point = self._split(operation("/", given, self._given(expansion.divisor)) if expansion.divisor else given)
        if not point.zeros:
            raise CannotAnswerError(f"{expansion.variable} is not 0 there")
        total, factor = self._exact(ZERO_LIMIT), self._exact(ONE_LIMIT)
        for coefficient in self._coefficients(expansion):
            total = self._total(total, self._product(self._split(coefficient), factor))
            factor = self._product(factor, point)
        balls = self.forms.hulls
        balls = {**balls, expansion.variable: balls[expansion.variable].union(flint.arb(0))}
        rest = from_ball(resolve(expansion.rest)(balls, _ACCURACY, self.exact_terms), Level.CERTIFIED)
        return self._total(total, self._product(factor, Edge((), constant(rest, self.forms.domain))))

    def _coefficients(self, expansion: Expansion) -> Iterator[Expression]:
        for factors in resolve(expansion.coefficients)(self.exact_terms):
            if isinstance(factors, str):
                values = self.forms.problem.question.family
                yield self._replaced(parse_expression(factors, () if values is None else tuple(values.expressions)))
                continue
            coefficient: Expression = ONE_LIMIT
            for name, terms in factors.items():
                coefficient = operation("*", coefficient, self._polynomial(terms, self._given(name)))
            yield coefficient

    @staticmethod
    def _polynomial(terms: Sequence[Fraction], at: Expression) -> Expression:
        value: Expression = ZERO_LIMIT
        for term in reversed(terms):
            value = operation("+", operation("*", value, at), Number(term))
        return value

    @cached_property
    def _square(self) -> TaylorForm:
        """What tends to 0."""
        return self.forms.variable(self._variable)

    def _asked(
        self, comparison: Comparison, spans: Mapping[str, Span], assumptions: tuple[Comparison, ...]
    ) -> Question:
        return replace(super()._asked(comparison, spans, assumptions), family=None)
