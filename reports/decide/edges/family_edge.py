"""A statement on a family on a box that reaches an end of a variable, 0 or 1, where its sides may touch.

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
from emtheory.numerics.intervals.form_functions import apply_to_forms
from emtheory.numerics.intervals.interval import from_ball
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant
from emtheory.numerics.level import Level
from emtheory.numerics.quantity import resolve
from emtheory.reports.decide.boxes.family_forms import FamilyForms
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.edges.expanded_sides import ExpandedSides
from emtheory.reports.decide.edges.expansions import Edge
from emtheory.reports.language.expression import (
    ONE,
    ZERO,
    Call,
    Comparison,
    Expression,
    Number,
    Symbol,
    rewritten,
    subexpressions,
)
from emtheory.reports.language.parser import parse_expression
from emtheory.reports.language.span import Span

ATTEMPTS = ((4, 0.3), (16, 0.12), (8, 0.2), (3, 0.5), (2, 0.5), (1, 0.5))
"""Pairs of a number of exact terms and how far from the end it is tried: choices. With more terms the rest is smaller
near the end and larger elsewhere."""
_FURTHER = 3
"""Exact terms of what is exact beyond those of expansions, where a root is taken of powers of x."""
_ACCURACY = 9.0
"""L of the rest, which is small where the box is."""


def _place(expansion: Expansion) -> tuple[str, Fraction, int]:
    """What tends where, and which root of it the expansion is in."""
    return expansion.variable, expansion.at, expansion.root


def family_edges(forms: FamilyForms) -> "Iterator[FamilyEdgeForms]":
    """Yield the ways to look at a statement at ends of a family's variables."""
    values = forms.problem.values
    for point, at, root in dict.fromkeys(map(_place, values.family.expansions)):
        if point in values.expressions:
            yield from (FamilyEdgeForms(forms, point, at, root, *attempt) for attempt in ATTEMPTS)


@dataclass(frozen=True)
class FamilyEdgeForms(ExpandedSides[FamilyForms]):
    """Sides of a statement on a family where a variable tends to an end, at Arb's precision in force.

    `point`, `at`: the variable of the family that expansions are in, and what it tends to; `root`: 2 if they are in its
    root, else 1; `exact_terms`: the number of exact terms of an expansion; `reach`: how far the point, or its root, may
    be from there.
    """

    point: str
    at: Fraction
    root: int
    exact_terms: int
    reach: float

    @property
    def applies(self) -> bool:
        """Whether what the family expands is near the end on the box, and tends to it with one variable of it."""
        if self._end is None:
            return False
        # Ranges of the variables come last, as they cost more.
        near = abs(self.forms.hulls[self.point] - int(self.at)) <= self.reach**self.root
        return bool(near and self._expansions)

    @property
    def _variable(self) -> str:
        return "" if self._end is None else self._end[0]

    @cached_property
    def _end(self) -> tuple[str, Fraction, int] | None:
        """The variable of the box that tends to an end of it, that end, and 1, or −1 if it does from below."""
        given = self._given(self.point)
        found = [
            (name, end, sign)
            for name, (lower, upper) in self.forms.cell.sides.items()
            for end, sign in ((lower, 1), (upper, -1))
            if end == (self.at if given == Symbol(name) else 0) and Symbol(name) in subexpressions(given)
        ]
        return found[0] if len(found) == 1 else None

    @cached_property
    def _expansions(self) -> Mapping[str, Expansion]:
        """Quantity by its full name → how it is expanded."""
        values = self.forms.problem.values
        here = (each for each in values.family.expansions if _place(each) == (self.point, self.at, self.root))
        expansions = (each for each in here if self.exact_terms in each.terms)
        found = (each for each in expansions if self.forms.meets(each.conditions))
        return {values.family.full_name(each.quantity): each for each in found}

    def _given(self, name: str) -> Expression:
        """A variable of the family or of the box in those of the box."""
        found = self.forms.problem.values.expression(name)
        return Symbol(name) if found is None else found

    @property
    def is_open(self) -> bool:
        """Whether the end is left out."""
        return self._end is not None and self._end[1] not in self.forms.problem.question.spans[self._end[0]]

    @property
    def _terms(self) -> int:
        return self.exact_terms + (_FURTHER if self.root > 1 else 0)

    def _written(self, left: Expression, right: Expression) -> tuple[Expression, ...]:
        return self._replaced(left), self._replaced(right)

    def _replaced(self, expression: Expression) -> Expression:
        return rewritten(expression, lambda part: self._given(part.name) if isinstance(part, Symbol) else None)

    def _varies(self, expression: Expression) -> bool:
        return any(isinstance(part, Call) or part == Symbol(self._variable) for part in subexpressions(expression))

    @property
    def _sign(self) -> int:
        return 1 if self._end is None else self._end[2]

    def _symbol(self) -> Edge:
        end = Fraction(0) if self._end is None else self._end[1]
        return self._total(self._exact(Number(end)), self._exact(Number(Fraction(self._sign)), self._power_of_x))

    def _quantity(self, call: Call) -> Edge:
        expansion = self._expansions.get(call.quantity)
        if expansion is None:
            raise CannotAnswerError(f"{call.label} is not expanded where a variable is 0")
        given = self._given(expansion.variable)
        point = self._split(given / self._given(expansion.divisor) if expansion.divisor else given)
        if self.root > 1:
            point = self._image("sqrt", point)
        if self.at:
            point = self._difference(point, self._exact(Number(self.at)))
        if not point.zeros:
            raise CannotAnswerError(f"{expansion.variable} is not {self.at} there")
        total, factor = self._exact(ZERO), self._exact(ONE)
        for coefficient in self._coefficients(expansion):
            total = self._total(total, self._product(self._split(coefficient), factor))
            factor = self._product(factor, point)
        balls = self.forms.hulls
        balls = {**balls, expansion.variable: balls[expansion.variable].union(flint.arb(int(self.at)))}
        rest = from_ball(resolve(expansion.rest)(balls, _ACCURACY, self.exact_terms), Level.CERTIFIED)
        return self._total(total, self._product(factor, Edge((), (constant(rest, self.forms.domain),))))

    def _coefficients(self, expansion: Expansion) -> Iterator[Expression]:
        for factors in resolve(expansion.coefficients)(self.exact_terms):
            if isinstance(factors, str):
                yield self._replaced(parse_expression(factors, tuple(self.forms.problem.values.expressions)))
                continue
            coefficient: Expression = ONE
            for name, terms in factors.items():
                coefficient = coefficient * self._polynomial(terms, self._given(name))
            yield coefficient

    @staticmethod
    def _polynomial(terms: Sequence[Fraction], at: Expression) -> Expression:
        value: Expression = ZERO
        for term in reversed(terms):
            value = value * at + term
        return value

    @cached_property
    def _square(self) -> TaylorForm:
        """What tends to 0."""
        end = Fraction(0) if self._end is None else self._end[1]
        distance = (self.forms.variable(self._variable) - end) * self._sign
        return apply_to_forms("sqrt", (distance,)) if self._power_of_x > 1 else distance

    @cached_property
    def _power_of_x(self) -> int:
        """2 if x is the root of the distance from the end, as where what has the root is of odd order; else 1."""
        return 1 + (self.root > 1 and replace(self, root=1)._split(self._given(self.point)).zeros % 2)

    def _asked(
        self, comparison: Comparison, spans: Mapping[str, Span], assumptions: tuple[Comparison, ...]
    ) -> Question:
        return replace(super()._asked(comparison, spans, assumptions), family=None)
