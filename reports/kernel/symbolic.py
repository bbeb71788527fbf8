"""Expressions of the statement language in SymPy, and polynomials of SymPy as terms of Rocq."""

from collections.abc import Callable
from fractions import Fraction

import sympy

from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.terms import number
from emtheory.reports.language.expression import Call, Expression, Number, Operation, Symbol

Leaf = Callable[[Symbol | Call], sympy.Expr]

_OPERATIONS: dict[str, Callable[..., sympy.Expr]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "**": lambda left, right: left**right,
    "neg": lambda operand: -operand,
    "abs": sympy.Abs,
    "sqrt": sympy.sqrt,
    "log": sympy.log,
    "exp": sympy.exp,
    "cos": sympy.cos,
    "sin": sympy.sin,
    "min": sympy.Min,
    "max": sympy.Max,
}


def symbolic(expression: Expression, leaf: Leaf) -> sympy.Expr:
    """Return an expression in SymPy, where `leaf` gives the values of symbols other than pi, and of quantities."""
    match expression:
        case Number(value):
            return sympy.Rational(value.numerator, value.denominator)
        case Symbol("pi"):
            return sympy.pi
        case Symbol() | Call():
            return leaf(expression)
        case Operation(name, operands):
            return _OPERATIONS[name](*(symbolic(operand, leaf) for operand in operands))
    raise NotExportedError(f"{expression} has no form in Rocq")


def polynomial_term(polynomial: sympy.Expr, names: dict[sympy.Symbol, str]) -> str:
    """Return a polynomial with rational coefficients as a term, powers written out, symbols by their names."""
    if not names:
        return number(Fraction(int(polynomial.p), int(polynomial.q)))
    terms = []
    for exponents, coefficient in sympy.Poly(polynomial, *names).terms():
        value = number(Fraction(int(coefficient.p), int(coefficient.q)))
        powers = [f"{name} ^ {power}" for name, power in zip(names.values(), exponents, strict=True) if power]
        terms.append(" * ".join([value, *powers]))
    return f"({' + '.join(terms)})"
