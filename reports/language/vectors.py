"""Vectors in named coordinates: ``theta = "t*e1 + s*e2"`` as the values of its coordinates."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from emtheory.numerics.errors import InputError
from emtheory.numerics.family import Family
from emtheory.reports.language.expression import Expression, Number, Operation, Symbol, subexpressions
from emtheory.reports.language.parser import parse_expression
from emtheory.theory.errors import TextError

_Parts = tuple[Expression | None, ...]
"""For each unit vector the expression that it is multiplied by; None for 0."""


def coordinates_of(family: Family, values: Mapping[str, str], names: Sequence[str]) -> Mapping[str, str | Expression]:
    """Return values of variables, with those of its coordinates for each vector.

    The formulas of coordinates are in `names`. InputError if a value is no vector, or a coordinate is given, too.
    """
    vectors = dict(family.vectors)
    found: dict[str, str | Expression] = {name: value for name, value in values.items() if name not in vectors}
    for name in vectors.keys() & values.keys():
        units = [f"e{s + 1}" for s in range(len(vectors[name]))]
        try:
            beyond = next((each for each in re.findall(r"\be[1-9][0-9]*\b", values[name]) if each not in units), None)
            if beyond is not None and beyond not in names:
                raise InputError(f"{beyond} is beyond reach: vectors are in the span of {', '.join(units)} for every d")
            parts = _parts(parse_expression(values[name], (*names, *units)), units)
        except InputError as error:
            raise InputError(f"{name}: {error}") from None
        for coordinate, part in zip(vectors[name], parts, strict=True):
            if coordinate in found:
                raise InputError(f"{coordinate} is given, and so is {name} = {values[name]}: give one of them")
            found[coordinate] = Number(Fraction(0)) if part is None else part
    return found


def _parts(expression: Expression, units: Sequence[str]) -> _Parts:
    """What the unit vectors are multiplied by in an expression that is linear in them, without other terms."""
    match expression:
        case Symbol(name) if name in units:
            return tuple(Number(Fraction(1)) if each == name else None for each in units)
        case Number(value) if value == 0:
            return (None,) * len(units)
        case Operation("neg", (inner,)):
            return tuple(None if each is None else Operation("neg", (each,)) for each in _parts(inner, units))
        case Operation("+" | "-" as sign, (left, right)):
            pairs = zip(_parts(left, units), _parts(right, units), strict=True)
            return tuple(_sum(sign, *pair) for pair in pairs)
        case Operation("*", (left, right)) if _is_number(left, units):
            return tuple(None if each is None else _product(left, each) for each in _parts(right, units))
        case Operation("*" | "/" as name, (left, right)) if _is_number(right, units):
            return tuple(None if each is None else _product(right, each, name) for each in _parts(left, units))
    raise TextError(expression.column, f"a vector is wanted, such as t*e1, a sum of multiples of {', '.join(units)}")


def _is_number(expression: Expression, units: Sequence[str]) -> bool:
    return not any(isinstance(part, Symbol) and part.name in units for part in subexpressions(expression))


def _sum(sign: str, left: Expression | None, right: Expression | None) -> Expression | None:
    if right is None:
        return left
    if left is None:
        return right if sign == "+" else Operation("neg", (right,))
    return Operation(sign, (left, right))


def _product(factor: Expression, part: Expression, name: str = "*") -> Expression:
    if name == "*" and part == Number(Fraction(1)):
        return factor
    return Operation(name, (part, factor))
