"""Expressions as forms on a box of several variables, from those of their symbols and quantities."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.intervals.form_functions import apply_to_forms, to_power, to_variable_power
from emtheory.numerics.intervals.operations import Value
from emtheory.numerics.intervals.taylor_form import ZERO, Box, TaylorForm, constant
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.language.expression import Call, Expression, Operation, Symbol

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
