"""Expressions as forms on a box of several variables, and comparisons decided from them: no search."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Generic, TypeVar

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.intervals.form_functions import apply_to_forms, to_power, to_variable_power
from emtheory.numerics.intervals.interval import to_enclosure
from emtheory.numerics.intervals.operations import Value, apply, as_interval
from emtheory.numerics.intervals.taylor_form import ZERO, Box, TaylorForm, constant, signs_of
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.verdict import Link, answer
from emtheory.reports.language.expression import (
    ORDERS,
    Call,
    Comparison,
    Expression,
    Operation,
    Symbol,
    difference_inside,
)

Form = TypeVar("Form")


@dataclass(frozen=True)
class ExpressionForms(ABC, Generic[Form]):
    """Forms of a kind on one cell, at Arb's precision in force."""

    cell: BoxCell

    def form(self, expression: Expression) -> Form:
        """Return the form of an expression.

        InputError if it certainly has no value somewhere on the cell; CannotAnswerError if that is not known, or a
        quantity cannot be enclosed.
        """
        if expression not in self._remembered:
            self._remembered[expression] = self._made(expression)
        return self._remembered[expression]

    @cached_property
    def _remembered(self) -> dict[Expression, Form]:
        """Forms that were asked for: sides of a statement have parts in common, and are looked at in several ways."""
        return {}

    @cached_property
    def unsloped(self) -> list[float]:
        """For each variable of the box how much it adds to the width of a form that has no slope in it."""
        return [0.0] * len(self.cell.sides)

    def _made(self, expression: Expression) -> Form:
        if isinstance(expression, Symbol):
            return self._symbol(expression.name)
        if isinstance(expression, Call):
            return self._quantity(expression)
        if not isinstance(expression, Operation):
            return self._number(rational(expression.value))
        if expression.name == "**":
            base, exponent = expression.operands
            return self._raised(self.form(base), exponent)
        return self._applied(expression.name, [self.form(operand) for operand in expression.operands])

    @abstractmethod
    def variable(self, name: str) -> Form:
        """Return the form of a variable of the box."""

    @abstractmethod
    def _number(self, value: Value) -> Form:
        """Return the form of a number."""

    @abstractmethod
    def _applied(self, name: str, operands: Sequence[Form]) -> Form:
        """Return what an operation makes of forms."""

    @abstractmethod
    def _raised(self, base: Form, exponent: Expression) -> Form:
        """Return a form raised to a power."""

    @abstractmethod
    def _symbol(self, name: str) -> Form: ...

    @abstractmethod
    def _quantity(self, call: Call) -> Form: ...


@dataclass(frozen=True)
class MeanValueForms(ExpressionForms[TaylorForm]):
    """Mean value forms around the centre of the cell."""

    @cached_property
    def domain(self) -> Box:
        """Where the forms are valid."""
        ends = self.cell.sides.values()
        return Box(tuple((a + b) / 2 for a, b in ends), tuple((b - a) / 2 for a, b in ends))

    def variable(self, name: str) -> TaylorForm:
        """Return the form of a variable of the box, exact."""
        index = list(self.cell.sides).index(name)
        slopes = [rational(int(i == index)) for i in range(len(self.cell.sides))]
        return TaylorForm((rational(self.cell.centre[name]), *slopes), self.domain)

    def _number(self, value: Value) -> TaylorForm:
        return constant(value, self.domain)

    def _applied(self, name: str, operands: Sequence[TaylorForm]) -> TaylorForm:
        return apply_to_forms(name, operands)

    def _raised(self, base: TaylorForm, exponent: Expression) -> TaylorForm:
        form = self.form(exponent)
        if all(value == ZERO for value in form.coefficients[1:]):
            return to_power(base, form.coefficients[0])
        return to_variable_power(base, form)


def links_by(
    form: Callable[[Expression], TaylorForm], comparison: Comparison
) -> tuple[tuple[Link, ...], list[TaylorForm]]:
    """Decide each comparison of a chain by the forms of its sides; return the forms of the differences too."""
    sides = [form(operand) for operand in comparison.operands]
    differences = [difference_of(form, operator, (left, right)) for operator, left, right in comparison.pairs]
    return tuple(map(link_of, comparison.operators, sides, sides[1:], differences)), differences


def difference_of(
    form: Callable[[Expression], TaylorForm], operator: str, sides: tuple[Expression, Expression]
) -> TaylorForm:
    """Return the form of the difference of two sides that are compared, by whatever tells most for that."""
    inside = difference_inside(*sides) if operator in ORDERS else None
    return form(sides[0]) - form(sides[1]) if inside is None else _extreme(form, inside, operator)


def _extreme(form: Callable[[Expression], TaylorForm], difference: Expression, operator: str) -> TaylorForm:
    """The form of ±max or ±min, or its range if that decides: max(a, 0) is at least 0, which its slopes forget.

    A maximum is below 0 if each operand is: then it is that which reaches farthest beyond 0 that is open, and it is
    along its slopes alone that boxes are to be cut.
    """
    smooth = form(difference)
    if answer(operator, signs_of(smooth)) is not None or not isinstance(difference, Operation):
        return smooth
    negated = difference.name == "neg"
    (extreme,) = difference.operands if negated else (difference,)
    if not isinstance(extreme, Operation):
        return smooth
    operands = [-form(each) if negated else form(each) for each in extreme.operands]
    highest = (extreme.name == "max") != negated
    ranges = constant(apply("max" if highest else "min", [each.range for each in operands]), smooth.domain)
    if answer(operator, signs_of(ranges)) is not None:
        return ranges
    if highest != (operator in ("<", "<=")):
        return smooth
    not_below = [each for each in operands if answer(operator, signs_of(each)) is not True]
    return max(not_below, key=lambda each: _reach(each, highest=highest)) if not_below else smooth


def _reach(form: TaylorForm, *, highest: bool) -> float:
    whole = as_interval(form.range)
    return float(whole.upper) if highest else -float(whole.lower)


def link_of(operator: str, left: TaylorForm, right: TaylorForm, form: TaylorForm) -> Link:
    """Decide a comparison from the forms of its sides."""
    signs = signs_of(form)
    difference = to_enclosure(as_interval(ZERO) if form.vanishes else form.range)
    distance = max(Fraction(0), difference.lower, -difference.upper) if len(signs) == 1 else None
    sides = to_enclosure(left.range), to_enclosure(right.range)
    level = min(difference.level, Level.CERTIFIED)
    return Link(operator, *sides, answer(operator, signs), level, distance, difference)
