"""Expressions that are rational functions of one variable, and the signs that they take on an interval, exactly."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from operator import add, mul, neg, sub
from typing import Any

from sympy import QQ, Poly
from sympy.polys.fields import field

from emtheory.reports.language.expression import Expression, Operation, Symbol, subexpressions
from emtheory.reports.language.span import Span

MAX_DEGREE = 60
"""Of numerator and denominator. A choice: signs at this degree take some hundredths of a second, more with larger
coefficients; a function of higher degree is enclosed instead, over pieces."""

_FIELD, _VARIABLE = field("W", QQ)
_FIELD_OPERATIONS: Mapping[str, Callable[..., Any]] = {"+": add, "-": sub, "*": mul, "neg": neg}

Function = Any
"""An element of SymPy's field of rational functions over ℚ in one variable."""

Constant = Callable[[Expression], Fraction | None]
"""Gives the rational value of an expression without the variable, or None if it has none."""

Signs = Mapping[int, Fraction | None]
"""Sign that occurs → a rational place where it does, or None if all such places are irrational."""


def rational_function(expression: Expression, variable: str, span: Span, constant: Constant) -> Function | None:
    """Return an expression as a rational function of a variable.

    Parameters
    ----------
    expression
        Without quantities.
    variable
        Its one variable.
    span
        Where the variable lies.
    constant
        What evaluates the parts without the variable.

    Returns
    -------
    Function or None
        None if it is not one of moderate degree, a denominator vanishes in the closed span, or the argument of an
        ``abs`` changes its sign there.
    """
    if expression == Symbol(variable):
        return _VARIABLE
    if Symbol(variable) not in set(subexpressions(expression)):
        value = constant(expression)
        return None if value is None else _FIELD(QQ(value.numerator, value.denominator))
    if not isinstance(expression, Operation):
        return None
    first, *others = expression.operands
    left = rational_function(first, variable, span, constant)
    if left is None:
        return None
    if expression.name == "**":
        exponent = constant(others[0]) if Symbol(variable) not in set(subexpressions(others[0])) else None
        return None if exponent is None else _power(left, exponent, span)
    rights = [rational_function(other, variable, span, constant) for other in others]
    result = None if any(right is None for right in rights) else _combined(expression.name, left, rights, span)
    return result if result is not None and _degree(result) <= MAX_DEGREE else None


def signs(function: Function, span: Span) -> Signs:
    """Return the signs that a rational function takes on an interval in whose closure it has no pole.

    Its zeros are isolated by rational intervals; between them the sign is constant, so that one place tells it.
    """
    numerator, denominator = (Poly(part.as_expr(), _FIELD.symbols[0]) for part in (function.numer, function.denom))
    zeros = _zeros(numerator, span) if numerator.degree() > 0 else []
    ends = [span.lower, *(end for zero in zeros for end in zero), span.upper]
    between = [(low + high) / 2 for low, high in zip(ends[::2], ends[1::2], strict=True)]
    found: dict[int, Fraction | None] = {}
    for place in (span.lower, span.upper, *between, *(low for low, high in zeros if low == high)):
        if place in span:
            found[_sign(numerator, place) * _sign(denominator, span.lower)] = place
    if any(low < high for low, high in zeros):
        found.setdefault(0, None)
    return found


def _zeros(polynomial: Poly, span: Span) -> list[tuple[Fraction, Fraction]]:
    """Disjoint intervals in the closed span, in order, one for each zero; a point where that is known as rational."""
    precision = QQ(1, 1000)
    while True:
        bounds = {"inf": _rational(span.lower), "sup": _rational(span.upper)}
        isolated = [zero for zero, _ in polynomial.intervals(eps=precision, **bounds)]
        ends = sorted((Fraction(int(low.p), int(low.q)), Fraction(int(high.p), int(high.q))) for low, high in isolated)
        zeros = [next(((end, end) for end in zero if _sign(polynomial, end) == 0), zero) for zero in ends]
        if all(first[1] < second[0] for first, second in pairwise(zeros)):
            return zeros
        precision /= 1000


def _combined(name: str, left: Function, rights: list[Function], span: Span) -> Function | None:
    if name in _FIELD_OPERATIONS:
        return _FIELD_OPERATIONS[name](left, *rights)
    if name == "/":
        return None if 0 in signs(rights[0], _closure(span)) else left / rights[0]
    if name == "abs":
        taken = set(signs(left, span))
        return left if taken <= {0, 1} else -left if taken <= {0, -1} else None
    return None


def _power(base: Function, exponent: Fraction, span: Span) -> Function | None:
    if exponent.denominator != 1 or abs(exponent) * _degree(base) > MAX_DEGREE:
        return None
    if exponent < 0 and 0 in signs(base, _closure(span)):
        return None
    return base ** int(exponent)


def _closure(span: Span) -> Span:
    return Span(span.lower, span.upper)


def _degree(function: Function) -> int:
    return int(max(0, function.numer.degree(), function.denom.degree()))


def _sign(polynomial: Poly, place: Fraction) -> int:
    value = polynomial.eval(_rational(place))
    return bool(value > 0) - bool(value < 0)


def _rational(value: Fraction) -> Any:
    return QQ.to_sympy(QQ(value.numerator, value.denominator))
