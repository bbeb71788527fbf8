"""The sides of a statement as Taylor forms on a cell of radii."""

import math
from collections.abc import MutableMapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from emtheory.numerics import evaluate as quantities
from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.precision import working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.intervals.basic_functions import BasicFunction, expand, make_window
from emtheory.numerics.intervals.form_functions import apply_to_forms, to_power, to_variable_power
from emtheory.numerics.intervals.interval import from_enclosure
from emtheory.numerics.intervals.operations import Value
from emtheory.numerics.intervals.ray_form import RayForm, expansion_form, model_form
from emtheory.numerics.intervals.taylor_form import ZERO, Domain, TaylorForm, constant
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import resolve
from emtheory.reports.decide.cell import ORIGIN, Cell
from emtheory.reports.decide.evaluation import arguments_of, calls_of, case_of, combine
from emtheory.reports.language.expression import Call, Comparison, Expression, Operation, Symbol, depends_on_point

Memo = MutableMapping[object, Any]
"""What cells of one statement and case share: expansions, models and constants."""

_GUARD_BITS = 160
"""What turning Chebyshev sums into powers, and the arithmetic of the statement, may cost."""

ORIGIN_ORDER = 4
"""Expansions at the origin are exact below this power of s²."""


def has_forms(comparison: Comparison, case: Case) -> bool:
    """Whether every quantity in a statement can be followed over an interval of radii."""
    return all(
        not any(depends_on_point(argument) for _, argument in call.arguments)
        and (find_quantity(call.quantity).constant_on_ray or _is_followed(call, case))
        for call in calls_of(comparison)
        if depends_on_point(call)
    )


def _is_followed(call: Call, case: Case) -> bool:
    return bool(find_quantity(call.quantity).form) and ray_form(call).covers(case)


def ray_form(call: Call) -> RayForm:
    """Return the recipe by which a quantity that has one is followed over a cell."""
    form: RayForm = resolve(find_quantity(call.quantity).form)
    return form


def accuracy_of(digits: int) -> float:
    """L, when errors are to be about e^{−L}."""
    return digits * math.log(10)


def precision_bits(digits: int) -> int:
    """Arb's precision for forms to so many digits."""
    return working_bits(accuracy_of(digits)) + _GUARD_BITS


@dataclass(frozen=True)
class CellForms:
    """Forms of expressions on one cell, at Arb's precision in force; the memo is shared by cells and added to."""

    comparison: Comparison
    case: Case
    cell: Cell
    memo: Memo

    @cached_property
    def domain(self) -> Domain:
        """Where the forms are valid."""
        lower, upper = self.cell.lower, self.cell.upper
        if self.cell.method == ORIGIN:
            return Domain(Fraction(0), lower, upper, 2 * ORIGIN_ORDER, punctured=True)
        half = (upper - lower) / 2
        return Domain(lower + half, -half, half, 1, punctured=False)

    @cached_property
    def radius(self) -> TaylorForm:
        """The radius itself."""
        higher = [ZERO] * (self.domain.order - 1)
        return TaylorForm((rational(self.domain.centre), rational(1), *higher), self.domain)

    def form(self, expression: Expression) -> TaylorForm:
        """Return the form of an expression.

        InputError if it certainly has no value somewhere on the cell; CannotAnswerError if that is not known, or a
        quantity cannot be enclosed.
        """
        if not depends_on_point(expression):
            return constant(combine(expression, self._constant), self.domain)
        if isinstance(expression, Call):
            return self._quantity(expression)
        if not isinstance(expression, Operation):
            return self.radius
        if expression.name == "*":
            expression = _one_quotient(expression)
        if expression.name != "**":
            return apply_to_forms(expression.name, [self.form(operand) for operand in expression.operands])
        base, exponent = expression.operands
        if not depends_on_point(exponent):
            return to_power(self.form(base), combine(exponent, self._constant))
        return to_variable_power(self.form(base), self.form(exponent))

    def _quantity(self, call: Call) -> TaylorForm:
        if find_quantity(call.quantity).constant_on_ray:
            return constant(self._value(call, self.case.at_radius(Fraction(1))), self.domain)
        return ray_form(call).form(self.case, arguments_of(call, self.case), self.radius, self._basic_function)

    def _constant(self, leaf: Symbol | Call) -> Value:
        if isinstance(leaf, Symbol):
            return rational(self.case.k if leaf.name == "k" else self.case.d)
        return self._value(leaf, case_of(leaf, self.case))

    def _value(self, call: Call, case: Case) -> Value:
        key = (call, self.cell.digits)
        if key not in self.memo:
            self.memo[key] = quantities.evaluate(call.quantity, case, arguments_of(call, case), self.cell.digits)
        enclosure: Enclosure = self.memo[key]
        return from_enclosure(enclosure) if enclosure.exact is None else enclosure.exact

    def _basic_function(self, function: BasicFunction) -> TaylorForm:
        if self.cell.method == ORIGIN:
            if function not in self.memo:
                self.memo[function] = expand(self.case, function, ORIGIN_ORDER)
            return expansion_form(self.memo[function], self.case, self.domain)
        key = (self.cell.window, self.cell.digits)
        if key not in self.memo:
            calls = [call for call in calls_of(self.comparison) if find_quantity(call.quantity).form]
            needed = [f for call in calls for f in ray_form(call).functions(self.case, arguments_of(call, self.case))]
            ends = self.cell.window or (self.cell.lower, self.cell.upper)
            self.memo[key] = make_window(self.case, list(dict.fromkeys(needed)), *ends, accuracy_of(self.cell.digits))
        return model_form(self.memo[key], function, self.domain)


def _one_quotient(product: Operation) -> Operation:
    """Write a·(b/c) as (a·b)/c, so that zeros of a cancel those of c."""
    for factor, other in zip(product.operands, reversed(product.operands), strict=True):
        if isinstance(factor, Operation) and factor.name == "/":
            numerator, denominator = factor.operands
            above = Operation("*", (other, numerator), product.column)
            return Operation("/", (above, denominator), factor.column)
    return product
