"""From the text of a formula to an exact expression of SymPy, by an allow-list over Python's syntax tree.

SymPy evaluates as it builds, so that what is built is bounded first: numbers by their digits, powers by their
exponents, sums by the terms that they have when they are multiplied out, functions by how they stand in each other.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb
from types import MappingProxyType
from typing import Any

import sympy
from sympy.printing.str import StrPrinter

from emtheory.theory.errors import TextError
from emtheory.theory.near_miss import near_misses
from emtheory.theory.syntax import MAX_DEPTH, number_of, syntax_tree, written

FUNCTIONS: Mapping[str, Callable[[sympy.Expr], sympy.Expr]] = MappingProxyType(
    {"sqrt": sympy.sqrt, "exp": sympy.exp, "log": sympy.log, "cos": sympy.cos, "sin": sympy.sin, "abs": sympy.Abs}
)
"""The functions of formulas."""

MAX_EXPONENT = 12
"""Of powers, up to the sign. A choice: beyond moments that anyone writes down."""
MAX_TERMS = 500
"""Of a numerator or denominator that is multiplied out. A choice: with it SymPy divides in seconds."""
MAX_BITS = 1000
"""Of numerator and denominator of a number, and of all coefficients. A choice: three hundred digits."""
MAX_CALLS_WITHIN = 3
"""Of functions and roots in the argument of another. A choice: SymPy decides signs of constants by their minimal
polynomials, the degree of which doubles with each root."""

_EXAMPLE = "one such as 1 - w"


@dataclass(frozen=True)
class Bounded:
    """An expression, and bounds of what it takes to multiply it out, also where it stands by a name in others.

    `value`: the expression; `bits`: of its numbers; `above`, `below`: terms of numerator and denominator; `calls`:
    functions and roots in it; `grows`: whether there is an exponential in it.
    """

    value: sympy.Expr
    bits: int = 1
    above: int = 1
    below: int = 1
    calls: int = 0
    grows: bool = False


class _Printer(StrPrinter):  # type: ignore[misc]  # SymPy has no types.
    def _print_Exp1(self, expression: sympy.Expr) -> str:
        return "exp(1)"

    def _print_Abs(self, expression: sympy.Expr) -> str:
        return f"abs({self._print(expression.args[0])})"


def formula_text(expression: sympy.Expr) -> str:
    """Return an expression as a text that `expression_of` makes it of, as statements may have it, too."""
    return str(_Printer().doprint(expression))


@dataclass(frozen=True)
class Called:
    """A formula that is a call, such as ``normal(mu, 1)``: its `name`, `arguments`, and the `columns` they begin in."""

    name: str
    arguments: tuple[sympy.Expr, ...]
    columns: tuple[int, ...]


Named = Mapping[str, "sympy.Expr | Bounded"]
"""Name → what it stands for in formulas."""


def expression_of(text: str, names: Named) -> sympy.Expr:
    """Return the expression that a text is; parameters and errors are those of `bounded_expression_of`."""
    return bounded_expression_of(text, names).value


def bounded_expression_of(text: str, names: Named) -> Bounded:
    """Return the expression that a text of up to 2,000 characters is; InputError, or TextError with a column."""
    tree, enclosed = syntax_tree(text, "formula", "a formula", _EXAMPLE)
    return _build(tree, enclosed, names, 0)


def call_of(text: str, calls: Mapping[str, Sequence[str]], names: Named) -> Called:
    """Return the call, of those in `calls` (name → names of arguments), that a text is; InputError or TextError."""
    tree, enclosed = syntax_tree(text, "distribution", "a distribution", "one such as normal(mu, 1)")
    known = ", ".join(_shown(name, arguments) for name, arguments in calls.items())
    match tree:
        case ast.Call(func=ast.Name(id=name)) if name not in calls:
            hint = near_misses(name, calls, f"valid are {known}")
            raise TextError(tree.col_offset, f"unknown distribution {name[:40]!r}{hint}")
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if len(arguments) == len(calls[name]):
            values = tuple(_build(each, enclosed, names, 0).value for each in arguments)
            return Called(name, values, tuple(each.col_offset for each in arguments))
        case ast.Call(func=ast.Name(id=name), keywords=[keyword, *_]):
            wanted = _shown(name, calls[name])
            raise TextError(keyword.col_offset, f"arguments are given by their place, without names: {wanted}")
        case ast.Call(func=ast.Name(id=name), args=arguments):
            count = "1 argument is" if len(arguments) == 1 else f"{len(arguments)} arguments are"
            raise TextError(tree.col_offset, f"{count} given, and {_shown(name, calls[name])} is wanted")
    raise TextError(tree.col_offset, f"{written(tree, enclosed)!r} is no distribution: valid are {known}")


def _shown(name: str, arguments: Sequence[str]) -> str:
    return f"{name}({', '.join(arguments)})"


def _build(node: ast.expr, text: str, names: Named, depth: int) -> Bounded:
    column = node.col_offset
    if depth > MAX_DEPTH:
        raise TextError(column, f"operations are nested more than {MAX_DEPTH} deep")

    def part(inner: ast.expr) -> Bounded:
        return _build(inner, text, names, depth + 1)

    match node:
        case ast.Constant():
            return _number(node, text)
        case ast.Name(id=name):
            value = _named(name, column, names)
            return value if isinstance(value, Bounded) else Bounded(value, above=len(sympy.Add.make_args(value)))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=keywords) if name in FUNCTIONS:
            if len(arguments) != 1 or keywords:
                raise TextError(column, f"{name} takes one value")
            return _function(name, part(arguments[0]), column)
        case ast.Call(func=ast.Name(id=name)):
            raise _unknown(name, column, names)
        case ast.UnaryOp(op=ast.UAdd() | ast.USub() as sign, operand=operand):
            inner = part(operand)
            return inner if isinstance(sign, ast.UAdd) else replace(inner, value=-inner.value)
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _OPERATIONS:
            return _OPERATIONS[type(operation)](part(left), part(right), column)
    raise TextError(column, f"{written(node, text)!r} is not part of a formula")


def _number(node: ast.Constant, text: str) -> Bounded:
    number = number_of(node, text)
    bounds = Bounded(sympy.S.Zero, max(number.numerator.bit_length(), number.denominator.bit_length()))
    return _bounded(lambda: sympy.Rational(number.numerator, number.denominator), node.col_offset, bounds)


def _named(name: str, column: int, names: Named) -> sympy.Expr | Bounded:
    if name in names:
        return names[name]
    if name == "pi":
        return sympy.pi
    raise _unknown(name, column, names)


def _sum(left: Bounded, right: Bounded, column: int) -> Bounded:
    plain = left.below == right.below == 1
    above = left.above + right.above if plain else left.above * right.below + right.above * left.below
    return _bounded(lambda: left.value + right.value, column, _joined(left, right, above, left.below * right.below))


def _difference(left: Bounded, right: Bounded, column: int) -> Bounded:
    return _sum(left, replace(right, value=-right.value), column)


def _product(left: Bounded, right: Bounded, column: int) -> Bounded:
    bounds = _joined(left, right, left.above * right.above, left.below * right.below)
    return _bounded(lambda: left.value * right.value, column, bounds)


def _quotient(left: Bounded, right: Bounded, column: int) -> Bounded:
    bounds = _joined(left, right, left.above * right.below, left.below * right.above)
    return _bounded(lambda: left.value / right.value, column, bounds)


def _joined(left: Bounded, right: Bounded, above: int, below: int) -> Bounded:
    calls, grows = left.calls + right.calls, left.grows or right.grows
    return Bounded(sympy.S.Zero, left.bits + right.bits + 1, above, below, calls, grows)


def _power(base: Bounded, power: Bounded, column: int) -> Bounded:
    exponent = power.value
    if not (exponent.is_Rational and exponent.q in (1, 2) and abs(exponent) <= MAX_EXPONENT):
        raise TextError(column, f"an exponent is an integer or half of one, from −{MAX_EXPONENT} to {MAX_EXPONENT}")
    times = int(sympy.ceiling(abs(exponent)))
    above, below = comb(base.above + times - 1, times), comb(base.below + times - 1, times)
    if exponent < 0:
        above, below = below, above
    root = exponent.q == 2
    if root:
        _check_calls(base, column)
    bounds = Bounded(sympy.S.Zero, base.bits * max(times, 1), above, below, base.calls + root, base.grows)
    return _bounded(lambda: base.value**exponent, column, bounds)


_OPERATIONS: Mapping[type[ast.operator], Callable[[Bounded, Bounded, int], Bounded]] = MappingProxyType(
    {ast.Add: _sum, ast.Sub: _difference, ast.Mult: _product, ast.Div: _quotient, ast.Pow: _power}
)


def _function(name: str, inner: Bounded, column: int) -> Bounded:
    _check_calls(inner, column)
    if inner.grows and name in ("exp", "cos", "sin"):
        raise TextError(column, f"{name} of an exponential is not part of a formula")
    bits = inner.bits
    if name == "exp":  # SymPy makes powers of logarithms with a factor.
        factors = [term.as_coeff_Mul() for term in sympy.Add.make_args(inner.value)]
        bits *= max(1, sympy.ceiling(sum(abs(factor) for factor, rest in factors if rest.has(sympy.log))))
    bounds = Bounded(sympy.S.Zero, bits, calls=inner.calls + 1, grows=inner.grows or name == "exp")
    return _bounded(lambda: FUNCTIONS[name](inner.value), column, bounds)


def _check_calls(inner: Bounded, column: int) -> None:
    if inner.calls > MAX_CALLS_WITHIN:
        raise TextError(column, f"more than {MAX_CALLS_WITHIN} functions and roots in the argument of another")


def _bounded(value: Callable[[], sympy.Expr], column: int, bounds: Bounded) -> Bounded:
    """What is built within bounds; `value` is asked for it after they have been looked at."""
    if bounds.bits > MAX_BITS:
        raise TextError(column, f"a number with more than {MAX_BITS} bits")
    if max(bounds.above, bounds.below) > MAX_TERMS:
        raise TextError(column, f"multiplied out, this has more than {MAX_TERMS} terms")
    made = value()
    if made.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo):
        raise TextError(column, "this divides by zero, or has no finite value")
    if made.has(sympy.I):
        raise TextError(column, "this is not a real number")
    return replace(bounds, value=made)


def _unknown(name: str, column: int, names: Mapping[str, Any]) -> TextError:
    if "e1" in names and name[0] == "e" and name[1:].isdecimal():
        return TextError(column, f"{name[:60]} is beyond reach: vectors are linear in e1, e2 and e3 at most")
    known = (*names, *FUNCTIONS, "pi")
    hint = near_misses(name, known, f"valid are {', '.join(known)}")
    return TextError(column, f"unknown name {name[:60]!r}{hint}")
