"""A statement on a family on a box that reaches an end of a variable, 0 or 1, where its sides may touch.

The family's quantities are expanded there (`emtheory.numerics.family.Expansion`), with coefficients that are exact in
its other variables, and put together as at the radius 0.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property, partial

import flint

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.family import Divided, Expansion
from emtheory.numerics.intervals.interval import from_ball, to_enclosure
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant, hull
from emtheory.numerics.level import Level
from emtheory.numerics.quantity import resolve
from emtheory.reports.decide.boxes.family_forms import FamilyForms
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.edges.expanded_sides import Edge, ExpandedSides
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

_POWERS = 8
"""Of a difference of variables that are divided out. A choice, as elsewhere: larger ones are seldom written."""
ATTEMPTS = ((4, 0.3), (16, 0.12), (8, 0.2), (3, 0.5), (2, 0.5), (1, 0.5))
"""Pairs of a number of exact terms and how far from the end it is tried: choices. With more terms the rest is smaller
near the end and larger elsewhere."""
_ACCURACY = 9.0
"""L of the rest, which is small where the box is."""


@dataclass(frozen=True)
class FamilySides(ExpandedSides[FamilyForms]):
    """Sides of a statement on a family, written in the variables of the box."""

    def _given(self, name: str) -> Expression:
        """A variable of the family or of the box in those of the box."""
        found = self.forms.problem.values.expression(name)
        return Symbol(name) if found is None else found

    def _replaced(self, expression: Expression) -> Expression:
        return rewritten(expression, lambda part: self._given(part.name) if isinstance(part, Symbol) else None)

    def _written(self, left: Expression, right: Expression) -> tuple[Expression, ...]:
        return self._replaced(left), self._replaced(right)

    def _asked(
        self, comparison: Comparison, spans: Mapping[str, Span], assumptions: tuple[Comparison, ...]
    ) -> Question:
        return replace(super()._asked(comparison, spans, assumptions), family=None)


def touching(forms: FamilyForms) -> "Iterator[TouchingForms]":
    """Yield the ways to look at a statement where an identity of the family has p = v."""
    family = forms.problem.values.family
    for identity in family.divided:
        call = Call(family.full_name(identity.quantity))
        yield TouchingForms(forms, identity, call, cache(partial(forms.quantity, call, resolve(identity.form))))


@dataclass(frozen=True)
class TouchingForms(FamilySides):
    """Sides of a statement in powers of x = |p − v|, at Arb's precision in force.

    `identity`, `call`, `quotient`: q − v = (p − v)·D, or q = (p − v)ⁿ·D, with q and D; `sign`: that of p − v, 0 where
    it may be either.
    """

    identity: Divided
    call: Call
    quotient: Callable[[], TaylorForm]
    sign: int = 0

    @property
    def applies(self) -> bool:
        """Whether the identity holds for the variables as they are given, and p = v is no edge with an expansion."""
        expanded = {(each.variable, Number(each.at)) for each in self.forms.problem.values.family.expansions}
        at_edge = (self.identity.variable, self._target) in expanded
        return not at_edge and self.forms.meets(self.identity.conditions)

    def _excess(self, left: Expression, right: Expression, *, strict: bool) -> Fraction | None:
        if strict or self.call not in {*subexpressions(left), *subexpressions(right)}:
            return None
        if self.sign:
            return super()._excess(left, right, strict=strict)
        there = {self._moving: self._target, self.call: ZERO if self.identity.power else self._target}
        if not self.forms.form(rewritten(left - right, there.get)).vanishes:
            return None
        sides = [replace(self, sign=sign) for sign in (1, -1)]
        found = [each._excess(left, right, strict=strict) for each in sides if hull(each._x).upper >= 0]
        return None if None in found else Fraction(0)

    @property
    def is_open(self) -> bool:
        """False: p may be v."""
        return False

    @property
    def _variable(self) -> str:
        """None: exact terms are in p and v themselves."""
        return ""

    @property
    def _terms(self) -> int:
        return _POWERS

    @cached_property
    def _moving(self) -> Expression:
        """p."""
        return self._given(self.identity.variable)

    @cached_property
    def _target(self) -> Expression:
        """v."""
        target = self.identity.target
        return Number(target) if isinstance(target, Fraction) else self._given(target)

    @cached_property
    def _x(self) -> TaylorForm:
        return self.forms.form(self._moving - self._target) * self.sign

    def _varies(self, expression: Expression) -> bool:
        return any(isinstance(part, Call) or part == self._moving for part in subexpressions(expression))

    def _split(self, expression: Expression) -> Edge:
        if expression == self._moving:
            return self._symbol()
        try:
            return super()._split(expression)
        except CannotAnswerError:
            return Edge((), self.forms.form(expression))

    def _symbol(self) -> Edge:
        return self._total(self._exact(self._target), self._exact(Number(Fraction(self.sign)), 1))

    def _quantity(self, call: Call) -> Edge:
        if call != self.call:
            raise CannotAnswerError(f"no identity divides {call.label}")
        power = self.identity.power
        divided = Edge((ZERO,) * (power or 1), self.quotient() * self.sign ** (power or 1))
        return divided if power else self._total(self._exact(self._target), divided)


def family_edges(forms: FamilyForms) -> "Iterator[FamilyEdgeForms]":
    """Yield the ways to look at a statement at ends of a family's variables."""
    values = forms.problem.values
    for point, at in dict.fromkeys((each.variable, each.at) for each in values.family.expansions):
        if point in values.expressions:
            yield from (FamilyEdgeForms(forms, point, at, *attempt) for attempt in ATTEMPTS)


@dataclass(frozen=True)
class FamilyEdgeForms(FamilySides):
    """Sides of a statement on a family where a variable tends to an end, at Arb's precision in force.

    `point`, `at`: the variable of the family that expansions are in, and what it tends to; `exact_terms`: the number of
    exact terms of an expansion; `reach`: how far the point may be from there.
    """

    point: str
    at: Fraction
    exact_terms: int
    reach: float

    @property
    def applies(self) -> bool:
        """Whether what the family expands is near the end on the box, and tends to it with one variable of it."""
        return self._end is not None

    @property
    def _variable(self) -> str:
        return "" if self._end is None else self._end[0]

    @cached_property
    def _end(self) -> tuple[str, Fraction, int] | None:
        """The variable of the box that tends to an end of its range, that end, and 1, or −1 if it does from below."""
        given, spans = self._given(self.point), self.forms.problem.question.spans
        found = [
            (name, end, sign)
            for name in self.forms.cell.sides
            for end, sign in ((spans[name].lower, 1), (spans[name].upper, -1))
            if end == (self.at if given == Symbol(name) else 0) and Symbol(name) in subexpressions(given)
        ]
        # Ranges of the variables come last, as they cost more.
        near = len(found) == 1 and abs(self.forms.hulls[self.point] - int(self.at)) <= self.reach
        return found[0] if near and self._expansions else None

    @cached_property
    def _expansions(self) -> Mapping[str, Expansion]:
        """Quantity by its full name → how it is expanded."""
        values = self.forms.problem.values
        here = (each for each in values.family.expansions if (each.variable, each.at) == (self.point, self.at))
        expansions = (each for each in here if self.exact_terms in each.terms)
        found = (each for each in expansions if self.forms.meets(each.conditions))
        return {values.family.full_name(each.quantity): each for each in found}

    @property
    def is_open(self) -> bool:
        """Whether the end is left out."""
        span = self.forms.problem.question.spans[self._variable]
        return span.open_lower if self._sign > 0 else span.open_upper

    @property
    def _terms(self) -> int:
        return self.exact_terms

    def _varies(self, expression: Expression) -> bool:
        return any(isinstance(part, Call) or part == Symbol(self._variable) for part in subexpressions(expression))

    @property
    def _sign(self) -> int:
        return 1 if self._end is None else self._end[2]

    def _symbol(self) -> Edge:
        end = Fraction(0) if self._end is None else self._end[1]
        return self._total(self._exact(Number(end)), self._exact(Number(Fraction(self._sign)), 1))

    def _quantity(self, call: Call) -> Edge:
        expansion = self._expansions.get(call.quantity)
        if expansion is None:
            raise CannotAnswerError(f"{call.label} is not expanded where a variable is 0")
        given = self._given(expansion.variable)
        point = self._split(given / self._given(expansion.divisor) if expansion.divisor else given)
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
        return self._total(total, self._product(factor, Edge((), constant(rest, self.forms.domain))))

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
    def _x(self) -> TaylorForm:
        """What tends to 0."""
        end = Fraction(0) if self._end is None else self._end[1]
        return (self.forms.variable(self._variable) - end) * self._sign

    def _apart(self, difference: Edge) -> Fraction | None:
        """A bound of a difference that its forms do not have, as they are not defined where the end is."""
        least = to_enclosure(hull(self._lowered(difference, 0).rest)).lower
        return Fraction(least) if least > 0 else None
