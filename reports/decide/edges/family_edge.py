"""A statement on a family on a box that reaches an end of a variable, 0 or 1, where its sides may touch.

The family's quantities are expanded there (`emtheory.numerics.family.Expansion`), with coefficients that are exact in
its other variables, and put together as at the radius 0.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial
from itertools import islice, pairwise

import flint

from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.family import Divided, Expansion
from emtheory.numerics.intervals.form_functions import apply_to_forms
from emtheory.numerics.intervals.interval import from_ball, to_enclosure
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant, signs_of
from emtheory.numerics.level import Level
from emtheory.numerics.quantity import resolve
from emtheory.reports.decide.boxes.expression_forms import difference_of
from emtheory.reports.decide.boxes.family_forms import Factored, FamilyForms, Pair
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.edges.expanded_sides import ExpandedSides
from emtheory.reports.decide.edges.expansions import Edge
from emtheory.reports.decide.verdict import ANYTHING, Link, answer
from emtheory.reports.language.expression import (
    ONE,
    ZERO,
    Call,
    Comparison,
    Expression,
    Number,
    Operation,
    Symbol,
    rewritten,
    subexpressions,
)
from emtheory.reports.language.parser import parse_expression
from emtheory.reports.language.span import Span

_LARGEST_POWER = 8
"""A choice, as elsewhere: larger ones are seldom written."""

ATTEMPTS = ((4, 0.3), (16, 0.12), (8, 0.2), (3, 0.5), (2, 0.5), (1, 0.5))
"""Pairs of a number of exact terms and how far from the end it is tried: choices. With more terms the rest is smaller
near the end and larger elsewhere."""
_FURTHER = 3
"""Exact terms of what is exact beyond those of expansions, where a root is taken of powers of x."""
_ACCURACY = 9.0
"""L of the rest, which is small where the box is."""


_ANYWHERE = -math.inf, math.inf
_QUOTIENT = Symbol("(q − v)/(p − v)")
"""What an identity says of a quantity q, or q/(p − v)ⁿ: no variable has such a name."""


@dataclass(frozen=True)
class QuotientForms(FamilyForms):
    """Forms of expressions in which the quotient of an identity may stand."""

    divided: Callable[[], TaylorForm]

    def _symbol(self, name: str) -> TaylorForm:
        return self.divided() if name == _QUOTIENT.name else super()._symbol(name)


@dataclass(frozen=True)
class TouchingForms:
    """Sides of a statement on a family as powers of a difference of variables, at Arb's precision in force."""

    forms: FamilyForms

    @property
    def applies(self) -> bool:
        """Whether the family has an identity that holds for its variables as they are given."""
        return any(True for _ in self._identities())

    def distance(self, operator: str, left: Expression, right: Expression) -> Bound | None:
        """Return 0, a lower bound of how far the sides are apart, where a comparison holds; None if it is open."""
        divided = self._divided(operator, left, right)
        holds = any(answer(operator, signs_of(self._form(operator, *each))) for each in divided)
        return Fraction(0) if holds else None

    def links(self, comparison: Comparison) -> tuple[tuple[Link, ...], list[TaylorForm]] | None:
        """Return each comparison with the difference of its sides over a power of |h|; None if h is not 0 in the cell.

        Where h is 0 the sides touch, so that forms of the sides themselves decide nothing.
        """
        forms = []
        for operator, (left, right) in zip(comparison.operators, pairwise(comparison.operands), strict=True):
            found = (each for each in self._divided(operator, left, right) if self._is_met(each[0]))
            forms += [self._form(operator, *each) for each in islice(found, 1)]
        return (
            (tuple(map(_link, comparison.operators, forms)), forms) if len(forms) == len(comparison.operators) else None
        )

    def _divided(self, operator: str, left: Expression, right: Expression) -> Sequence[tuple[Divided, Pair]]:
        """What two sides are over a power of |h|, for each identity by which both are divided."""
        if operator not in ("<=", ">="):
            return ()
        known, sides = self.forms.problem.differences, (left, right)
        if sides not in known:
            known[sides] = tuple(self._differences(self._written(left), self._written(right)))
        signs = [(identity, factored, self._sign(identity)) for identity, factored in known[sides]]
        over = ((identity, [each.over(sign) for each in factored]) for identity, factored, sign in signs)
        return [(identity, (first, second)) for identity, (first, second) in over if first and second]

    def _sign(self, identity: Divided) -> int:
        """The sign of h in the cell where it is not 0; 0 if there are both, or h is no difference of variables."""
        _, variable, target = self._parts(identity)
        (least, largest), (low, high) = map(self._ends, (variable, target))
        return (least >= high) - (largest <= low)

    def _ends(self, place: Expression) -> tuple[float | Fraction, float | Fraction]:
        """Between what a number or a variable is in the cell."""
        if isinstance(place, Number):
            return place.value, place.value
        return self.forms.cell.sides.get(place.name, _ANYWHERE) if isinstance(place, Symbol) else _ANYWHERE

    def _form(self, operator: str, identity: Divided, sides: Pair) -> TaylorForm:
        """The form of the difference of two sides that are divided by a power of |h|."""
        known, key = self.forms.quotients, (operator, identity, sides)
        if key not in known:
            form = partial(self.forms.quantity, self._parts(identity)[0], resolve(identity.form))
            known[key] = difference_of(QuotientForms(self.forms.cell, self.forms.problem, form).form, operator, sides)
        return known[key]

    def _is_met(self, identity: Divided) -> bool:
        """Whether h may be 0 in the cell."""
        _, variable, target = self._parts(identity)
        return 0 in signs_of(self.forms.form(variable - target))

    def _identities(self) -> Iterator[Divided]:
        """The identities that hold, one of those that say the same under several conditions."""
        met = (each for each in self.forms.problem.identities if self.forms.meets(each.conditions))
        return iter({(each.quantity, each.variable, each.target): each for each in met}.values())

    def _differences(self, left: Expression, right: Expression) -> Iterator[tuple[Divided, tuple[Factored, Factored]]]:
        """Yield two sides, or their difference and 0, as one power of h times others, by each identity that does."""
        for identity in self._identities():
            first, second = self._factored(left, identity), self._factored(right, identity)
            # The number 0 is such a power as the other side is.
            first = replace(second, quotient=ZERO) if left == ZERO and second is not None else first
            second = replace(first, quotient=ZERO) if right == ZERO and first is not None else second
            if first is None or second is None or first.power != second.power:
                first = self._factored(left - right, identity)
                second = first and replace(first, quotient=ZERO)
            if first is not None and second is not None:
                yield identity, (first, second)

    def _factored(self, expression: Expression, identity: Divided) -> Factored | None:  # noqa: PLR0911
        """An expression as a power of h times another; None if it is not seen to be one."""
        quantity, variable, target = self._parts(identity)
        if expression == quantity and identity.power is not None:
            return Factored(identity.power, identity.power % 2 == 0, _QUOTIENT)
        differs: dict[Expression, Expression] = {variable: ONE}
        if identity.power is None:
            differs[quantity] = _QUOTIENT
        if target == ZERO and expression in differs:
            return Factored(1, False, differs[expression])
        if not isinstance(expression, Operation):
            return None
        left, right = expression.operands[0], expression.operands[-1]
        if expression.name == "-" and right == target and left in differs:
            return Factored(1, False, differs[left])
        if expression.name == "-" and left == target and right in differs:
            return Factored(1, False, -differs[right])
        if expression.name == "-" and left in differs and right in differs:
            return Factored(1, False, differs[left] - differs[right])
        match expression.name, left, right:  # The target may be the first term of a side.
            case "-", _, Operation("+", (base, rest)) if base == target:
                return self._factored((left - target) - rest, identity)
            case "-", Operation("+", (base, rest)), _ if base == target:
                return self._factored((target - right) + rest, identity)
        first, second = self._factored(left, identity), self._factored(right, identity)
        if first is None:
            return second and replace(second, quotient=left * second.quotient) if expression.name == "*" else None
        if second is None or expression.name not in ("+", "-", "*"):
            return self._image(expression, first, right)
        if first.absolute != second.absolute or (expression.name != "*" and first.power != second.power):
            return None
        quotient = Operation(expression.name, (first.quotient, second.quotient))
        return Factored(first.power + second.power if expression.name == "*" else first.power, first.absolute, quotient)

    @staticmethod
    def _image(expression: Operation, inner: Factored, other: Expression) -> Factored | None:
        """An operation on what is a power of h times another expression, its first operand."""
        quotient = inner.quotient
        match expression.name, other:
            case "neg", _:
                return replace(inner, quotient=-quotient)
            case "abs", _:
                return Factored(inner.power, True, Operation("abs", (quotient,)))
            case (("*" | "/"), _):
                return replace(inner, quotient=Operation(expression.name, (quotient, other)))
            case "**", Number(exponent) if exponent.denominator == 1 and 1 <= exponent <= _LARGEST_POWER:
                return Factored(inner.power * int(exponent), inner.absolute or exponent % 2 == 0, quotient**other)
        return None

    def _parts(self, identity: Divided) -> tuple[Call, Expression, Expression]:
        name, target = self.forms.problem.values.family.full_name(identity.quantity), identity.target
        place = Number(target) if isinstance(target, Fraction) else self._written(Symbol(target))
        return Call(name), self._written(Symbol(identity.variable)), place

    def _written(self, expression: Expression) -> Expression:
        """An expression in the variables of the box, with 1/3 as a number: what μ is may be written in place of μ."""
        known = self.forms.problem.values.expressions

        def number(part: Expression) -> Expression | None:
            match part:
                case Symbol(name):
                    return known.get(name)
                case Operation("/", (Number(above), Number(below))) if below:
                    return Number(above / below)
            return None

        return rewritten(expression, number)


def _link(operator: str, form: TaylorForm) -> Link:
    """A comparison whose sides touch, from the form of their difference over what tends to 0."""
    holds = answer(operator, signs_of(form)) or None
    distance = Fraction(0) if holds else None
    return Link(operator, ANYTHING, ANYTHING, holds, Level.CERTIFIED, distance, to_enclosure(form.range))


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
        """The variable of the box that tends to an end of its range, that end, and 1, or −1 if it does from below."""
        given, spans = self._given(self.point), self.forms.problem.question.spans
        found = [
            (name, end, sign)
            for name in self.forms.cell.sides
            for end, sign in ((spans[name].lower, 1), (spans[name].upper, -1))
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
        span = self.forms.problem.question.spans[self._variable]
        return span.open_lower if self._sign > 0 else span.open_upper

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
