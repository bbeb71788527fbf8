"""How a statement depends on its free constant: the slope of its sides, by the rules of the calculus.

The truth of a statement is monotone in a constant where the slope has one sign between the ends that are asked for;
whether it has, on the whole domain, is decided like any statement, with the constant as one more variable if the slope
depends on it.
"""

from collections.abc import Callable, Mapping

from emtheory.numerics.errors import InputError
from emtheory.reports.language.expression import ONE, ZERO, Comparison, Expression, Operation, Symbol, subexpressions
from emtheory.theory.claim import LARGEST


def monotonicity(comparison: Comparison, constant: str, side: str) -> list[Comparison]:
    """Return statements, one for each link, that show that a statement fails for every constant beyond one that fails.

    InputError if a link is an equality, or the constant stands where there is no slope.
    """
    result = []
    for operator, left, right in zip(comparison.operators, comparison.operands, comparison.operands[1:], strict=False):
        if operator in ("==", "!="):
            raise InputError(f"sharpen: a constant in a comparison by {operator} has no best value")
        slope = _slope(left - right, constant)
        # What must not be negative has to fall with a constant whose largest value is sought.
        falls = (operator in (">", ">=")) == (side == LARGEST)
        result.append(Comparison((slope, ZERO), ("<=" if falls else ">=",), (f"slope in {constant}", "0")))
    return result


def has_constant(expression: Expression, constant: str) -> bool:
    """Whether a constant stands in an expression."""
    return Symbol(constant) in set(subexpressions(expression))


def _slope(expression: Expression, constant: str) -> Expression:
    if expression == Symbol(constant):
        return ONE
    if not isinstance(expression, Operation) or not has_constant(expression, constant):
        if has_constant(expression, constant):
            raise InputError(f"sharpen: the constant {constant!r} stands in an argument of a quantity")
        return ZERO
    rule = _RULES.get(expression.name)
    if rule is None:
        raise InputError(f"sharpen: the constant {constant!r} stands in {expression.name}, which need not have a slope")
    return rule(expression, *(_slope(operand, constant) for operand in expression.operands))


def _of_power(power: Operation, base_slope: Expression, exponent_slope: Expression) -> Expression:
    base, exponent = power.operands
    by_base = exponent * base ** (exponent - 1) * base_slope
    return by_base + (power * Operation("log", (base,)) * exponent_slope if exponent_slope != ZERO else ZERO)


_RULES: Mapping[str, Callable[..., Expression]] = {
    "neg": lambda value, slope: -slope,
    "+": lambda value, left, right: left + right,
    "-": lambda value, left, right: left - right,
    "*": lambda value, left, right: left * value.operands[1] + value.operands[0] * right,
    "/": lambda value, above, below: (above - value * below) / value.operands[1],
    "**": _of_power,
    "exp": lambda value, slope: value * slope,
    "log": lambda value, slope: slope / value.operands[0],
    "sqrt": lambda value, slope: slope / (2 * value),
    "sin": lambda value, slope: Operation("cos", value.operands) * slope,
    "cos": lambda value, slope: -Operation("sin", value.operands) * slope,
}
"""Operation → its slope, from itself and the slopes of its operands."""
