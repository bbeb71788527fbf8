"""Expressions of limits at an edge: simplified as they are put together, and rid of positive divisors."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from operator import add, mul, sub, truediv

from emtheory.reports.language.expression import Call, Expression, Number, Operation, Symbol

Divisors = Counter[Expression]
"""What divides, and how often."""

ZERO_LIMIT, ONE_LIMIT = Number(Fraction(0)), Number(Fraction(1))
_SQUARE = Operation("**", (Symbol("radius"), Number(Fraction(2))))
_EVEN_POWERS = range(2, 17, 2)
"""Of the radius, that are looked for below a fraction."""
_OF_NUMBERS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {"+": add, "-": sub, "*": mul, "/": truediv}


def cleared(expression: Expression) -> tuple[Expression, Divisors]:
    """Return an expression times positive factors, so that none of these divides its terms; and how often each is.

    They are r² and KL, which are positive but at the radius 0.
    """
    if isinstance(expression, Operation) and expression.name in ("+", "-"):
        parts = [cleared(operand) for operand in expression.operands]
        most = parts[0][1] | parts[1][1]
        raised = [operation("*", part, _product(most - divisors)) for part, divisors in parts]
        return Operation(expression.name, tuple(raised)), most
    if isinstance(expression, Operation) and expression.name == "*":
        (left, first), (right, second) = map(cleared, expression.operands)
        return Operation("*", (left, right)), first + second
    if isinstance(expression, Operation) and expression.name == "/":
        numerator, divisor = expression.operands
        found = _factors(divisor)
        if found is not None:
            number, divisors = found
            part, others = cleared(numerator)
            return operation("/", part, Number(number)), others + divisors
    return expression, Counter()


def without_ratio(expression: Expression, ratio: Callable[[], Expression]) -> Expression:
    """Return an expression with pl_ratio written out."""
    if isinstance(expression, Operation):
        return replace(expression, operands=tuple(without_ratio(part, ratio) for part in expression.operands))
    return ratio() if isinstance(expression, Call) and expression.quantity == "pl_ratio" else expression


def _factors(divisor: Expression) -> tuple[Fraction, Divisors] | None:
    """A divisor as a number times powers of what is positive; None if it is no such thing."""
    match divisor:
        case Number(value) if value:
            return value, Counter()
        case Call("kl_divergence"):
            return Fraction(1), Counter({divisor: 1})
        case Operation("**", (Symbol("radius"), Number(value))) if value in _EVEN_POWERS:
            return Fraction(1), Counter({_SQUARE: int(value) // 2})
        case Operation("*", (left, right)):
            first, second = _factors(left), _factors(right)
            return first and second and (first[0] * second[0], first[1] + second[1])
    return None


def _product(divisors: Divisors) -> Expression:
    total: Expression = ONE_LIMIT
    for factor, count in divisors.items():
        total = operation("*", total, operation("**", factor, Number(Fraction(count))))
    return total


def operation(name: str, left: Expression, right: Expression) -> Expression:
    """Return an operation without terms that are zero and factors that are one; of numbers, a number."""
    known = name in _OF_NUMBERS and (name, right) != ("/", ZERO_LIMIT)
    if known and isinstance(left, Number) and isinstance(right, Number):
        return Number(_OF_NUMBERS[name](left.value, right.value))
    neutral = ZERO_LIMIT if name in ("+", "-") else ONE_LIMIT
    if right == neutral:
        return left
    if left == neutral and name in ("+", "*"):
        return right
    vanishes = ZERO_LIMIT in (left, right) if name == "*" else name == "/" and left == ZERO_LIMIT
    return ZERO_LIMIT if vanishes else Operation(name, (left, right))
