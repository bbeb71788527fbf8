"""How a statement depends on its free constant: the slope of its sides, by the rules of the calculus.

The truth of a statement is monotone in a constant that stands in it linearly where the slope has one sign; whether it
has, on the whole domain, is decided like any statement.
"""

from fractions import Fraction

from emtheory.numerics.errors import InputError
from emtheory.reports.language.expression import Comparison, Expression, Number, Operation, Symbol, subexpressions
from emtheory.theory.claim import LARGEST

_ZERO, _ONE = Number(Fraction(0)), Number(Fraction(1))


def monotonicity(comparison: Comparison, constant: str, side: str) -> list[Comparison]:
    """Return statements, one for each link, that show that a statement fails for every constant beyond one that fails.

    Parameters
    ----------
    comparison
        The statement.
    constant, side
        The name of the constant, and ``largest`` or ``smallest``.

    Raises
    ------
    InputError
        If a link is an equality, or the constant does not stand in it linearly.
    """
    result = []
    for operator, left, right in zip(comparison.operators, comparison.operands, comparison.operands[1:], strict=False):
        if operator in ("==", "!="):
            raise InputError(f"sharpen: a constant in a comparison by {operator} has no best value")
        slope = _slope(Operation("-", (left, right)), constant)
        if _has(slope, constant):
            raise InputError(f"sharpen: the constant {constant!r} must stand in the statement linearly, such as c*W")
        # What must not be negative has to fall with a constant whose largest value is sought.
        falls = (operator in (">", ">=")) == (side == LARGEST)
        result.append(Comparison((slope, _ZERO), ("<=" if falls else ">=",), (f"slope in {constant}", "0")))
    return result


def _has(expression: Expression, constant: str) -> bool:
    return Symbol(constant) in set(subexpressions(expression))


def _slope(expression: Expression, constant: str) -> Expression:
    if expression == Symbol(constant):
        return _ONE
    if not isinstance(expression, Operation) or not _has(expression, constant):
        if _has(expression, constant):
            raise InputError(f"sharpen: the constant {constant!r} stands in an argument of a quantity")
        return _ZERO
    match expression.name, expression.operands:
        case "neg", (operand,):
            return _operation("neg", _slope(operand, constant))
        case ("+" | "-") as name, (left, right):
            return _operation(name, _slope(left, constant), _slope(right, constant))
        case "*", (left, right):
            first = _operation("*", _slope(left, constant), right)
            return _operation("+", first, _operation("*", left, _slope(right, constant)))
        case "/", (left, right) if not _has(right, constant):
            return _operation("/", _slope(left, constant), right)
    raise InputError(f"sharpen: the constant {constant!r} must stand in the statement linearly, such as c*W")


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
