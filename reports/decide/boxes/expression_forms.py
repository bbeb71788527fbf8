"""Expressions as mean value forms on a box of several variables, from those of their symbols and quantities."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.intervals.form_functions import apply_to_forms, to_power, to_variable_power
from emtheory.numerics.intervals.taylor_form import ZERO, Box, TaylorForm, constant
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.language.expression import Call, Expression, Operation, Symbol


@dataclass(frozen=True)
class ExpressionForms(ABC):
    """Forms on one cell, at Arb's precision in force."""

    cell: BoxCell

    @cached_property
    def domain(self) -> Box:
        """Where the forms are valid."""
        ends = self.cell.sides.values()
        return Box(tuple((a + b) / 2 for a, b in ends), tuple((b - a) / 2 for a, b in ends))

    def form(self, expression: Expression) -> TaylorForm:
        """Return the form of an expression.

        InputError if it certainly has no value somewhere on the cell; CannotAnswerError if that is not known, or a
        quantity cannot be enclosed.
        """
        if expression not in self._remembered:
            self._remembered[expression] = self._made(expression)
        return self._remembered[expression]

    @cached_property
    def _remembered(self) -> dict[Expression, TaylorForm]:
        """Forms that were asked for: sides of a statement have parts in common, and are looked at in several ways."""
        return {}

    def _made(self, expression: Expression) -> TaylorForm:
        if isinstance(expression, Symbol):
            return self._symbol(expression.name)
        if isinstance(expression, Call):
            return self._quantity(expression)
        if not isinstance(expression, Operation):
            return constant(rational(expression.value), self.domain)
        if expression.name != "**":
            return apply_to_forms(expression.name, [self.form(operand) for operand in expression.operands])
        base, exponent = map(self.form, expression.operands)
        if all(value == ZERO for value in exponent.coefficients[1:]):
            return to_power(base, exponent.coefficients[0])
        return to_variable_power(base, exponent)

    def variable(self, name: str) -> TaylorForm:
        """Return the form of a variable of the box."""
        index = list(self.cell.sides).index(name)
        slopes = [rational(int(i == index)) for i in range(len(self.cell.sides))]
        return TaylorForm((rational(self.cell.centre[name]), *slopes), self.domain)

    @abstractmethod
    def _symbol(self, name: str) -> TaylorForm: ...

    @abstractmethod
    def _quantity(self, call: Call) -> TaylorForm: ...
