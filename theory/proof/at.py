"""Values of expressions at exact points: sums over components are written out in numbers and not in symbols."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache, singledispatch
from hashlib import blake2b
from math import prod
from types import MappingProxyType
from typing import Any, TypeAlias

import mpmath
import sympy

from emtheory.theory.errors import DerivationError
from emtheory.theory.sums import settled

Value: TypeAlias = Fraction | mpmath.mpf | mpmath.mpc | sympy.Expr
"""A number: a fraction, one to many digits, or what SymPy leaves as it is."""

Lookup = Callable[[sympy.Basic], Fraction]
"""The value of a symbol, or of a member of a family."""

_PRIME = 8191
"""Denominator of values. A choice: few of them are equal, and sums of products stay short."""

_WHOLE = 2**16
"""Of larger numbers nothing is found to be a power."""

DIGITS = 60
"""Of what is no fraction."""

_REAL = mpmath.MPContext()
"""Arithmetic with numbers to so many digits, of its own: what SymPy does is many times slower."""
_REAL.dps = DIGITS
_INEXACT = (_REAL.mpf, _REAL.mpc)
_IMAGES: Mapping[Any, Callable[..., Any]] = MappingProxyType(
    {sympy.Pow: _REAL.power, **{getattr(sympy, name): getattr(_REAL, name) for name in ("exp", "log", "cos", "sin")}}
)
"""Functions that numbers to many digits are put in without SymPy."""

_BINDERS = (sympy.Derivative, sympy.Integral, sympy.Limit, sympy.Subs, sympy.Sum, sympy.Product)


class At(sympy.Subs):  # type: ignore[misc]  # SymPy is untyped
    """`sympy.Subs` that is equal to another one only if it is of the same expression, variables and point.

    SymPy takes the derivatives of f(x, y) by x and by y at (0, 0) for equal: it gives all variables that have the same
    value one name, and so what is differentiated by. That would prove 1 = 3 of x + 3y.
    """

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.expr, self.variables, self.point)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, At) and self._hashable_content() == other._hashable_content()

    def __hash__(self) -> int:
        return int(super().__hash__())


def refuse_mistakable(side: sympy.Basic) -> None:
    """Raise DerivationError if SymPy may take a value of a derivative in a formula for that of another."""
    for part in side.atoms(sympy.Subs):
        nested = any(not isinstance(inner, At) for inner in part.expr.atoms(sympy.Subs))
        if (
            not isinstance(part, At)
            and part.expr.has(sympy.Derivative)
            and (nested or len({*part.point}) < len(part.point))
        ):
            raise DerivationError(
                f"SymPy takes values of derivatives at equal values of two variables for equal: {part}"
            )


def scattered(name: sympy.Basic, number: int) -> Fraction:
    """Return one of the values of a symbol or member of a family: a fraction in (0, 1), of an integer one of 1 to 7."""
    place = int.from_bytes(blake2b(f"{name} {number}".encode(), digest_size=8).digest(), "big")
    return Fraction(1 + place % 7) if name.is_integer else Fraction(1 + place % (_PRIME - 1), _PRIME)


def entries_at(side: sympy.Basic, of: Lookup) -> list[sympy.Expr]:
    """Return the values of the entries of a matrix, or that of an expression alone."""
    return [_number(value(entry, of)) for entry in (side if isinstance(side, sympy.MatrixBase) else [side])]


@singledispatch
def value(part: Any, of: Lookup) -> Value:
    """Return the value of an expression; what may bind variables SymPy writes without them first, if it can."""
    if isinstance(part, sympy.Function | sympy.Max | sympy.Min):
        return _image(part.func, *(value(each, of) for each in part.args))
    if not part.args:
        return _short(part)
    done = settled(part)
    if not (isinstance(done, type(part)) or done.has(part)):
        return value(done, of)
    free = done.free_symbols
    names = {name for name in done.atoms(sympy.Indexed, sympy.Symbol) if name.free_symbols <= free}
    return _short(done.xreplace({name: _number(value(name, of)) for name in names}))


@value.register
def _(part: sympy.Rational, of: Lookup) -> Value:
    return Fraction(int(part.p), int(part.q))


@value.register
def _(part: sympy.Symbol, of: Lookup) -> Value:
    return of(part)


@value.register
def _(part: sympy.Indexed, of: Lookup) -> Value:
    return of(part.func(part.base, *(_number(value(index, of)) for index in part.indices)))


@value.register
def _(part: sympy.Add, of: Lookup) -> Value:
    return _folded(sympy.Add, (value(each, of) for each in part.args))


@value.register
def _(part: sympy.Mul, of: Lookup) -> Value:
    return _folded(sympy.Mul, (value(each, of) for each in part.args))


@value.register
def _(part: sympy.Pow, of: Lookup) -> Value:
    base, exponent = value(part.base, of), value(part.exp, of)
    if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 1 and base:
        return base ** int(exponent)
    return _image(sympy.Pow, base, exponent)


@value.register
def _(part: sympy.Piecewise, of: Lookup) -> Value:
    for inner, condition in part.args:
        known = condition.subs({name: _number(of(name)) for name in condition.free_symbols})
        if known == sympy.true:
            return value(inner, of)
        if known != sympy.false:
            break
    return sympy.nan


@value.register
def _(part: sympy.Sum, of: Lookup) -> Value:
    return _over_indices(sympy.Add, part, part.limits, of)


@value.register
def _(part: sympy.Product, of: Lookup) -> Value:
    return _over_indices(sympy.Mul, part, part.limits, of)


def _over_indices(together: type[sympy.Expr], part: sympy.Expr, limits: tuple[sympy.Tuple, ...], of: Lookup) -> Value:
    """A sum or product over indices, of which the first go through their values for each of the last."""
    if not limits:
        return value(part.function, of)
    *inner, (index, *ends) = limits
    low, high = (value(end, of) for end in ends)
    if not isinstance(low, Fraction) or not isinstance(high, Fraction) or high < low - 1:
        return value.dispatch(object)(part, of)

    def within(number: int) -> Value:
        return _over_indices(together, part, tuple(inner), lambda name: Fraction(number) if name == index else of(name))

    return _folded(together, map(within, range(int(low), int(high) + 1)))


def _folded(together: type[sympy.Expr], values: Iterable[Value]) -> Value:
    """A sum or product, of fractions as such."""
    found = [*values]
    fold = sum if together is sympy.Add else prod
    exact = fold([each for each in found if isinstance(each, Fraction)], start=Fraction(together is sympy.Mul))
    inexact = [each for each in found if isinstance(each, _INEXACT)]
    others = [each for each in found if isinstance(each, sympy.Expr)]
    if others:
        return _short(together(*others, *map(_number, inexact), _number(exact)))
    if not inexact or (together is sympy.Mul and not exact):
        return exact
    return fold(inexact, start=_inexact(exact))


@lru_cache(maxsize=16384, typed=True)  # A fraction equals an inexact number of the same value.
def _image(function: Callable[..., sympy.Expr], *values: Value) -> Value:
    """A function of numbers, exact only of whole ones: SymPy would look for powers in the others."""
    exact = all(isinstance(each, Fraction) and abs(each.numerator) < _WHOLE > each.denominator for each in values)
    if exact:
        return _short(function(*map(_number, values)))
    if function in _IMAGES and not any(isinstance(each, sympy.Expr) for each in values):
        with suppress(ZeroDivisionError, ValueError):  # SymPy says what is not finite.
            return _IMAGES[function](*map(_inexact, values))
    return _short(function(*(_number(each).evalf(DIGITS) for each in values)))


def _inexact(number: Value) -> Value:
    return _REAL.mpf(number.numerator) / number.denominator if isinstance(number, Fraction) else number


def _short(number: sympy.Expr) -> Value:
    """A number as a fraction, or to many digits; what binds variables as it is."""
    if isinstance(number, sympy.Rational):
        return Fraction(int(number.p), int(number.q))
    if number.has(*_BINDERS):
        return number
    done = number.evalf(DIGITS)
    parts = [done] if done.is_Float else done.as_real_imag()
    if not all(isinstance(part, sympy.Float | sympy.Integer) for part in parts):
        return done
    real, *imaginary = (_REAL.convert(part if part.is_Float else int(part)) for part in parts)
    return _REAL.mpc(real, *imaginary) if any(imaginary) else real


def _number(number: Value) -> sympy.Expr:
    if isinstance(number, Fraction):
        return sympy.Rational(number.numerator, number.denominator)
    if isinstance(number, _INEXACT):
        real, imaginary = (sympy.Float(part, DIGITS) for part in (number.real, number.imag))
        return real + imaginary * sympy.I if number.imag else real
    return number
