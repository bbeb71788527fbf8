"""Expressions of limits at an edge: simplified as they are put together, and rid of powers of the radius below them."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from operator import add, mul, sub, truediv

from emtheory.reports.language.expression import Expression, Number, Operation, Symbol

ZERO_LIMIT, ONE_LIMIT = Number(Fraction(0)), Number(Fraction(1))
_LARGEST_POWER = 8
"""Of r² that is looked for below a fraction."""
_OF_NUMBERS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {"+": add, "-": sub, "*": mul, "/": truediv}


def cleared(expression: Expression) -> tuple[Expression, int]:
    """Return an expression times r^{2n} that has no division by an even power of r in its terms; and n.

    Parameters
    ----------
    expression
        Any.
    """
    if isinstance(expression, Operation) and expression.name in ("+", "-"):
        parts = [cleared(operand) for operand in expression.operands]
        most = max(count for _, count in parts)
        raised = [operation("*", part, _even_power(most - count)) for part, count in parts]
        return Operation(expression.name, tuple(raised)), most
    if isinstance(expression, Operation) and expression.name == "*":
        parts = [cleared(operand) for operand in expression.operands]
        return Operation("*", tuple(part for part, _ in parts)), sum(count for _, count in parts)
    if isinstance(expression, Operation) and expression.name == "/":
        numerator, divisor = expression.operands
        powers = [n for n in range(1, _LARGEST_POWER + 1) if divisor == _even_power(n)]
        if powers:
            part, count = cleared(numerator)
            return part, count + powers[0]
    return expression, 0


def _even_power(n: int) -> Expression:
    return Operation("**", (Symbol("radius"), Number(Fraction(2 * n)))) if n else ONE_LIMIT


def operation(name: str, left: Expression, right: Expression) -> Expression:
    """Return an operation without terms that are zero and factors that are one; of numbers, a number.

    Parameters
    ----------
    name, left, right
        The operation, ``+``, ``-``, ``*``, ``/`` or ``**``.
    """
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
