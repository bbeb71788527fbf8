"""Expressions of limits at an edge: simplified as they are put together, and rid of positive divisors."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction

from emtheory.reports.language.expression import ONE, Call, Expression, Number, Operation, Symbol, rewritten

Divisors = Counter[Expression]
"""What divides, and how often."""

_POWERS = range(1, 17)
"""Of the radius, that are looked for below a fraction."""


def cleared(expression: Expression) -> tuple[Expression, Divisors]:
    """Return an expression times positive factors, so that none of these divides its terms; and how often each is.

    They are r and KL, which are positive but at the radius 0.
    """
    if isinstance(expression, Operation) and expression.name in ("+", "-"):
        parts = [cleared(operand) for operand in expression.operands]
        most = parts[0][1] | parts[1][1]
        raised = [part * _product(most - divisors) for part, divisors in parts]
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
            return part / number, others + divisors
    return expression, Counter()


def without_ratio(expression: Expression, ratio: Callable[[], Expression]) -> Expression:
    """Return an expression with pl_ratio written out."""
    return rewritten(expression, lambda part: ratio() if part == Call("pl_ratio") else None)


def _factors(divisor: Expression) -> tuple[Fraction, Divisors] | None:
    """A divisor as a number times powers of what is positive; None if it is no such thing."""
    match divisor:
        case Number(value) if value:
            return value, Counter()
        case Call("kl_divergence"):
            return Fraction(1), Counter({divisor: 1})
        case Symbol("radius"):
            return Fraction(1), Counter({divisor: 1})
        case Operation("**", (Symbol("radius") as radius, Number(value))) if value in _POWERS:
            return Fraction(1), Counter({radius: int(value)})
        case Operation("*", (left, right)):
            first, second = _factors(left), _factors(right)
            return first and second and (first[0] * second[0], first[1] + second[1])
    return None


def _product(divisors: Divisors) -> Expression:
    total: Expression = ONE
    for factor, count in divisors.items():
        total = total * factor**count
    return total
