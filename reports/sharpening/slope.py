"""How a statement depends on its free constant: the slope of its sides, by the rules of the calculus.

The truth of a statement is monotone in a constant where the slope has one sign between the ends that are asked for;
whether it has, on the whole domain, is decided like any statement, with the constant as one more variable if the slope
depends on it.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

from emtheory.numerics.errors import InputError
from emtheory.reports.language.expression import Comparison, Expression, Number, Operation, Symbol, subexpressions
from emtheory.theory.claim import LARGEST

_ZERO, _ONE = Number(Fraction(0)), Number(Fraction(1))


def monotonicity(comparison: Comparison, constant: str, side: str) -> list[Comparison]:
    """Return statements, one for each link, that show that a statement fails for every constant beyond one that fails.

    InputError if a link is an equality, or the constant stands where there is no slope.
    """
    result = []
    for operator, left, right in zip(comparison.operators, comparison.operands, comparison.operands[1:], strict=False):
        if operator in ("==", "!="):
            raise InputError(f"sharpen: a constant in a comparison by {operator} has no best value")
        slope = _slope(Operation("-", (left, right)), constant)
        # What must not be negative has to fall with a constant whose largest value is sought.
        falls = (operator in (">", ">=")) == (side == LARGEST)
        result.append(Comparison((slope, _ZERO), ("<=" if falls else ">=",), (f"slope in {constant}", "0")))
    return result


def has_constant(expression: Expression, constant: str) -> bool:
    """Whether a constant stands in an expression."""
    return Symbol(constant) in set(subexpressions(expression))


def _slope(expression: Expression, constant: str) -> Expression:
    if expression == Symbol(constant):
        return _ONE
    if not isinstance(expression, Operation) or not has_constant(expression, constant):
        if has_constant(expression, constant):
            raise InputError(f"sharpen: the constant {constant!r} stands in an argument of a quantity")
        return _ZERO
    rule = _RULES.get(expression.name)
    if rule is None:
        raise InputError(f"sharpen: the constant {constant!r} stands in {expression.name}, which need not have a slope")
    return rule(expression, *(_slope(operand, constant) for operand in expression.operands))


def _of_quotient(quotient: Operation, above: Expression, below: Expression) -> Expression:
    return _operation("/", _operation("-", above, _operation("*", quotient, below)), quotient.operands[1])


def _of_power(power: Operation, base_slope: Expression, exponent_slope: Expression) -> Expression:
    base, exponent = power.operands
    one_less = Number(exponent.value - 1) if isinstance(exponent, Number) else Operation("-", (exponent, _ONE))
    by_base: Expression = _ZERO
    if base_slope != _ZERO:
        by_base = _operation("*", _operation("*", exponent, Operation("**", (base, one_less))), base_slope)
    by_exponent: Expression = _ZERO
    if exponent_slope != _ZERO:
        by_exponent = _operation("*", Operation("*", (power, Operation("log", (base,)))), exponent_slope)
    return _operation("+", by_base, by_exponent)


def _times(factor: Callable[[Operation], Expression]) -> "Callable[..., Expression]":
    """The chain rule for a function of one operand."""
    return lambda value, slope: _operation("*", factor(value), slope)


_RULES: Mapping[str, Callable[..., Expression]] = {
    "neg": lambda value, slope: _operation("neg", slope),
    "+": lambda value, left, right: _operation("+", left, right),
    "-": lambda value, left, right: _operation("-", left, right),
    "*": lambda value, left, right: _operation(
        "+", _operation("*", left, value.operands[1]), _operation("*", value.operands[0], right)
    ),
    "/": _of_quotient,
    "**": _of_power,
    "exp": _times(lambda value: value),
    "log": _times(lambda value: Operation("/", (_ONE, value.operands[0]))),
    "sqrt": _times(lambda value: Operation("/", (Number(Fraction(1, 2)), value))),
    "sin": _times(lambda value: Operation("cos", value.operands)),
    "cos": _times(lambda value: Operation("neg", (Operation("sin", value.operands),))),
}
"""Operation → its slope, from itself and the slopes of its operands."""


def _operation(name: str, *operands: Expression) -> Expression:
    """The operation, without terms that are zero and factors that are one."""
    if name == "neg" and isinstance(operands[0], Number):
        return Number(-operands[0].value)
    if name in ("+", "-"):
        return _sum(name, *operands)
    if name == "*" and _ZERO not in operands and _ONE in operands:
        return operands[1] if operands[0] == _ONE else operands[0]
    vanishes = _ZERO in operands if name == "*" else name == "/" and operands[0] == _ZERO
    return _ZERO if vanishes else Operation(name, operands)


def _sum(name: str, left: Expression, right: Expression) -> Expression:
    if right == _ZERO:
        return left
    if left == _ZERO:
        return right if name == "+" else _operation("neg", right)
    return Operation(name, (left, right))
