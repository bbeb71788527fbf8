"""Weights that depend on variables of ``for_all``: a family with a parameter, or a list of expressions."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import add, mul, neg, sub, truediv
from typing import Any

from emtheory.numerics.algebra.polynomial import ring_of
from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.weights import Weights, parse_weights
from emtheory.reports.language.algebraic import Place
from emtheory.reports.language.expression import Comparison, Expression, Number, Operation, Symbol, subexpressions
from emtheory.reports.language.family import family_weights, in_parameter
from emtheory.reports.language.fourier_of_weights import in_weights
from emtheory.reports.language.parser import parse_expression

_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": truediv,
    "neg": neg,
    "min": min,
    "max": max,
    "abs": abs,
}
MAX_EXPONENT = 1000
"""Of integer powers in a weight. A choice: those of a geometric family with as many components."""


@dataclass(frozen=True)
class FamilyWeights:
    """A weight family with its parameter, such as ``one-heavy:W``."""

    family: str
    parameter: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """The variables that the weights depend on."""
        return (self.parameter,)

    def at(self, k: int, point: Mapping[str, Fraction]) -> Weights:
        """Return the weights at a point; InputError if they are none."""
        return parse_weights(f"{self.family}:{point[self.parameter]}", k)

    def written(self, k: int) -> tuple[Expression, ...]:
        """Return an expression for each weight."""
        return family_weights(self.family, self.parameter, k)

    def in_closed_form(self, comparison: Comparison, k: int) -> Comparison:
        """Return a statement with those quantities in closed form that have one in the parameter."""
        return in_parameter(comparison, self.family, self.parameter, k)


@dataclass(frozen=True)
class WeightExpressions:
    """An expression for each weight, such as ``W`` and ``1-W``.

    `expressions`, `texts`: the weights, and how they were written; `parameters`: the variables that the weights depend
    on.
    """

    expressions: tuple[Expression, ...]
    texts: tuple[str, ...]
    parameters: tuple[str, ...]

    def at(self, k: int, point: Mapping[str, Fraction]) -> Weights:
        """Return the weights at a point; InputError, which names the point, if one has no value or is not positive."""
        place = ", ".join(f"{name} = {point[name]}" for name in self.parameters)
        values = []
        for index, (expression, text) in enumerate(zip(self.expressions, self.texts, strict=True)):
            try:
                value = rational_value(expression, point, k)
            except ZeroDivisionError:
                raise InputError(f"weight {text} of component {index} divides by zero at {place}") from None
            if value <= 0:
                raise InputError(f"weight {text} of component {index} is {value}, which is not positive, at {place}")
            values.append(value)
        return parse_weights(values, k)

    def written(self, k: int) -> tuple[Expression, ...]:
        """Return an expression for each weight."""
        return self.expressions

    def in_closed_form(self, comparison: Comparison, k: int) -> Comparison:
        """Return a statement with those quantities in closed form that have one in the weights."""
        return in_weights(comparison, self.expressions, k)


VaryingWeights = FamilyWeights | WeightExpressions


def weight_expressions(texts: Sequence[str], variables: Sequence[str], k: int) -> WeightExpressions:
    """Return weights that are given as expressions.

    InputError if one is not a rational expression in the variables, or they do not add up to 1 whatever these are.
    """
    expressions = []
    for index, text in enumerate(texts):
        try:
            expression = parse_expression(text, variables)
            check_rational(expression, (*variables, "k"), "a weight")
        except InputError as error:
            raise InputError(f"weight {index}, {text[:60]!r}: {error}") from None
        expressions.append(expression)
    if len(expressions) != k:
        raise InputError(f"{len(expressions)} weights were given for k = {k} components")
    used = tuple(name for name in variables if any(Symbol(name) in set(subexpressions(each)) for each in expressions))
    _check_sum(expressions, used, k)
    return WeightExpressions(tuple(expressions), tuple(texts), used)


def check_rational(expression: Expression, names: Sequence[str], what: str) -> None:
    """Check that an expression is rational in variables, but for minima and absolute values.

    `what`: how an error names it. InputError if something else stands in it.
    """
    part = _stranger(expression, names)
    if part is not None:
        name = getattr(part, "name", getattr(part, "quantity", ""))
        raise InputError(
            f"{name} is not part of {what}, which is made of {', '.join((*names, 'numbers'))} by + - * /, "
            f"powers with integer exponents up to ±{MAX_EXPONENT}, min, max and abs"
        )


def is_rational(expression: Expression, names: Collection[str]) -> bool:
    """Whether `check_rational` finds nothing."""
    return _stranger(expression, names) is None


def _stranger(expression: Expression, names: Collection[str]) -> Expression | None:
    """What in an expression is not rational in the variables, nor a minimum or absolute value."""
    for part in subexpressions(expression):
        match part:
            case Number() | Operation(name="+" | "-" | "*" | "/" | "neg" | "min" | "max" | "abs"):
                continue
            case Operation("**", (_, exponent)) if abs(_integer(exponent) or 0) in range(1, MAX_EXPONENT + 1):
                continue
            case Symbol(name) if name in names:
                continue
        return part
    return None


def _check_sum(expressions: Sequence[Expression], names: Sequence[str], k: int) -> None:
    """Check that weights add up to 1: as rational functions, or where they are not at a point that is looked at."""
    total = reduce(lambda left, right: Operation("+", (left, right)), expressions)
    if any(isinstance(part, Operation) and part.name in ("min", "max", "abs") for part in subexpressions(total)):
        return  # Every case that is made of them is checked.

    def constant(expression: Expression) -> Algebraic:
        return rational(rational_value(expression, {}, k))

    # Neither sums nor quotients depend on signs, but on what is zero.
    place = Place(ring_of(tuple(names)), lambda _: 1, constant)
    try:
        value = place.value(total)
    except CannotAnswerError as error:
        raise InputError(f"it cannot be told whether the weights sum to 1: {error}") from None
    above, below = value.numerator.polynomial, value.denominator.polynomial
    if above != below:
        text = f"{above}" if below == 1 else f"({above})/({below})"
        raise InputError(f"the weights sum to {text.replace('^', '**')}, not to 1")


def _integer(exponent: Expression) -> int | None:
    """An integer that is written as one, perhaps with a sign."""
    match exponent:
        case Number(value) if value.denominator == 1:
            return int(value)
        case Operation("neg", (Number(value),)) if value.denominator == 1:
            return -int(value)
    return None


def rational_value(expression: Expression, point: Mapping[str, Fraction], k: int) -> Fraction:
    """Return the value of a rational expression at a point; ZeroDivisionError if it divides by zero there."""
    match expression:
        case Number(value):
            return value
        case Symbol(name):
            return Fraction(k) if name == "k" else point[name]
        case Operation("**", (base, exponent)):
            return rational_value(base, point, k) ** (_integer(exponent) or 0)
        case Operation(name, operands):
            result: Fraction = _OPERATIONS[name](*(rational_value(operand, point, k) for operand in operands))
            return result
    raise ValueError("a quantity in a weight")
