"""Exact numbers as text for people."""

from fractions import Fraction
from typing import Any

from emtheory.numerics.arithmetic.closed_form import Exact

_LONGEST = 160
"""Characters beyond which an exact form is no longer readable, and left out."""


def readable_form(number: Exact) -> str | None:
    """Return the number in surds and cosines, e.g. ``(3 - sqrt(5))/40``, or None where that would be too long."""
    if number.value is not None:
        text = str(number.value)
        return text if len(text) <= _LONGEST else None
    if _terms(number.key) > _LONGEST // 4:
        return None
    text = str(_expression(number.key))
    return text if len(text) <= _LONGEST else None


def _terms(key: Any) -> int:
    """Count the leaves of an expression."""
    if isinstance(key, Fraction):
        return 1
    return len(key[2]) if key[0] == "cos" else sum(_terms(part) for part in key[1:] if not isinstance(part, int))


def _expression(key: Any) -> Any:
    """Build the SymPy expression of an `Algebraic.key`."""
    # SymPy takes a third of a second to load, and only irrational numbers need it.
    import sympy  # noqa: PLC0415

    if isinstance(key, Fraction):
        return sympy.Rational(key.numerator, key.denominator)
    operation, *parts = key
    if operation == "cos":
        order, terms = parts
        return sympy.Add(
            *(_expression(value) * sympy.cos(2 * sympy.pi * sympy.Rational(shift, order)) for shift, value in terms)
        )
    if operation == "**":
        return _expression(parts[0]) ** parts[1]
    functions = {
        "+": sympy.Add,
        "*": sympy.Mul,
        "/": lambda numerator, denominator: numerator / denominator,
        "sqrt": sympy.sqrt,
        "asin": sympy.asin,
        "pi": lambda: sympy.pi,
    }
    return functions[operation](*map(_expression, parts))
