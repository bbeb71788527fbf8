"""Weights that depend on variables of ``for_all``: a family with a parameter, or expressions; and log-ratios."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial, reduce
from operator import add, mul, neg, sub, truediv
from typing import Any

from emtheory.numerics.algebra.polynomial import ring_of
from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.weights import Weights, difference_set, parse_weights
from emtheory.reports.language.algebraic import Place
from emtheory.reports.language.expression import (
    ONE,
    TWO,
    Call,
    Comparison,
    Expression,
    Number,
    Operation,
    Symbol,
    subexpressions,
)
from emtheory.reports.language.parser import parse_expression

CLOSED_FORMS = ("dft_modulus", "spectral_gap", "contraction_factor")
"""The quantities that follow from the DFT of the weights."""

FAMILIES = ("one-heavy", "difference-set", "geometric")
"""The families with a parameter."""

MAX_COMPONENTS = 12
"""A choice: the sums have k² terms, and the degrees of what decides them grow with that of the cosines."""

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


def family_weights(family: str, parameter: str, k: int) -> tuple[Expression, ...]:
    """Return the weights of a family as expressions in its parameter."""
    variable = Symbol(parameter)
    if family == "geometric":
        powers = [variable**j if j else ONE for j in range(k)]
        total = reduce(add, powers)
        return tuple(power / total for power in powers)
    members = _special_components(family, k)
    return tuple(variable / len(members) if j in members else (ONE - variable) / (k - len(members)) for j in range(k))


def in_parameter(comparison: Comparison, family: str, parameter: str, k: int) -> Comparison:
    """Return a statement with the quantities of `CLOSED_FORMS` written in the family's parameter."""
    variable, n = Symbol(parameter), len(_special_components(family, k))

    def parts(m: Expression) -> tuple[Expression, Expression]:
        """N and S with |π̂_m|² = N²/S."""
        if family != "geometric":
            return k * variable - n, Number(Fraction(n * (k - n) * (k - 1)))
        cosine = Operation("cos", (2 * m * Symbol("pi") / k,))
        return ONE - variable, ONE - 2 * variable * cosine + variable**2

    def squared(m: Expression) -> Expression:
        numerator, square = parts(m)
        return numerator**2 / square

    def modulus(m: Expression) -> Expression:
        numerator, square = parts(m)
        return Operation("abs", (numerator,)) / Operation("sqrt", (square,))

    return _in_closed_form(comparison, squared, modulus, lambda: squared(Number(Fraction(k // 2))))


def in_weights(comparison: Comparison, weights: Sequence[Expression], k: int) -> Comparison:
    """Return a statement with the quantities of `CLOSED_FORMS` written in the weights, unless these are too many."""
    if k > MAX_COMPONENTS:
        return comparison
    squared = partial(_squared_modulus, weights)

    def gap() -> Expression:
        moduli = tuple(squared(Number(Fraction(m))) for m in range(1, k // 2 + 1))
        return Operation("min", moduli) if len(moduli) > 1 else moduli[0]

    return _in_closed_form(comparison, squared, lambda m: Operation("sqrt", (squared(m),)), gap)


def _in_closed_form(
    comparison: Comparison,
    squared: Callable[[Expression], Expression],
    modulus: Callable[[Expression], Expression],
    gap: Callable[[], Expression],
) -> Comparison:
    """A statement with what |π̂_m|², |π̂_m| and their least square are; the square may be rational where |π̂_m| is not."""

    def closed(expression: Expression) -> Expression | None:
        match expression:
            case Operation("**", (Call("dft_modulus") as call, power)) if power == TWO:
                return squared(dict(call.arguments)["m"])
            case Call("dft_modulus"):
                return modulus(dict(expression.arguments)["m"])
            case Call("spectral_gap"):
                return gap()
            case Call("contraction_factor"):
                return ONE - gap()
        return None

    return comparison.rewritten(closed)


def _special_components(family: str, k: int) -> Collection[int]:
    return difference_set(k) if family == "difference-set" else frozenset({0})


def _squared_modulus(weights: Sequence[Expression], frequency: Expression) -> Expression:
    k = len(weights)
    terms: list[Expression] = []
    for shift in range(k // 2 + 1):
        correlation = _sum([weights[j] * weights[(j + shift) % k] for j in range(k)])
        turn = Fraction(2 * shift, k) * frequency * Symbol("pi")
        terms.append((1 if 2 * shift in (0, k) else 2) * Operation("cos", (turn,)) * correlation)
    return _sum(terms)


def _sum(terms: Sequence[Expression]) -> Expression:
    """Summed by halves, so that operations are not nested deeply."""
    half = len(terms) // 2
    return _sum(terms[:half]) + _sum(terms[half:]) if half else terms[0]


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


@dataclass(frozen=True)
class WeightChart:
    """Weights as expressions of variables, and log π_j = Σ_i exponents[j][i]·ratios[i] + the same for all j."""

    weights: tuple[Expression, ...]
    ratios: tuple[Expression, ...]
    exponents: tuple[tuple[int, ...], ...]


def chart_of(weights: VaryingWeights, k: int) -> WeightChart:
    """Return the chart of weights that vary: the ratio of geometric ones, else of the different ones to the first."""
    written = weights.written(k)
    if isinstance(weights, FamilyWeights) and weights.family == "geometric":
        ratio = Operation("log", (Symbol(weights.parameter),))
        return WeightChart(written, (ratio,), tuple((j,) for j in range(k)))
    first, *others = dict.fromkeys(written)
    ratios = tuple(Operation("log", (other / first,)) for other in others)
    return WeightChart(written, ratios, tuple(tuple(int(weight == other) for other in others) for weight in written))
