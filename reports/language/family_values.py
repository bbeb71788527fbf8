"""The variables of a family in a claim: numbers, vectors, what ``for_all`` ranges over, or expressions in that."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from emtheory.numerics.arithmetic.constant import Real, real_number
from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.families import find_family
from emtheory.numerics.family import Family
from emtheory.numerics.names import is_model
from emtheory.reports.language.expression import (
    ONE,
    ZERO,
    Call,
    Expression,
    Number,
    Operation,
    Symbol,
    formula_text,
    operation,
    subexpressions,
)
from emtheory.reports.language.parser import parse_expression
from emtheory.reports.language.varying_weights import check_rational, is_rational, rational_value
from emtheory.theory.errors import TextError
from emtheory.theory.near_miss import near_misses


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
            found[coordinate] = part
    return found


def _parts(expression: Expression, units: Sequence[str]) -> tuple[Expression, ...]:
    """What each unit vector is multiplied by in an expression that is linear in them, without other terms."""
    match expression:
        case Symbol(name) if name in units:
            return tuple(ONE if each == name else ZERO for each in units)
        case Number(value) if value == 0:
            return (ZERO,) * len(units)
        case Operation("neg", (inner,)):
            return tuple(-each for each in _parts(inner, units))
        case Operation("+" | "-" as sign, (left, right)):
            pairs = zip(_parts(left, units), _parts(right, units), strict=True)
            return tuple(operation(sign, *pair) for pair in pairs)
        case Operation("*", (left, right)) if _is_number(left, units):
            return tuple(each * left for each in _parts(right, units))
        case Operation("*" | "/" as name, (left, right)) if _is_number(right, units):
            return tuple(operation(name, each, right) for each in _parts(left, units))
    raise TextError(expression.column, f"a vector is wanted, such as t*e1, a sum of multiples of {', '.join(units)}")


def _is_number(expression: Expression, units: Sequence[str]) -> bool:
    return not any(isinstance(part, Symbol) and part.name in units for part in subexpressions(expression))


@dataclass(frozen=True)
class FamilyValues:
    """What the variables of a family are, in terms of the variables of ``for_all``.

    `name`: of the family; `expressions`: variable of the family → its value; those that have none are left out;
    `parameters`: the variables of ``for_all``.
    """

    name: str
    expressions: Mapping[str, Expression]
    parameters: tuple[str, ...]

    @property
    def family(self) -> Family:
        """The family itself; what is sent to another process is its name."""
        return find_family(self.name)

    def at(self, point: Mapping[str, Fraction]) -> Case:
        """Return the case at a point; InputError, which names the point, if a variable leaves its domain there."""
        try:
            values = {name: _value(name, each, point) for name, each in self.expressions.items()}
            others = {name: value for name, value in point.items() if name not in values}
            return self.family.case(values, others)
        except ZeroDivisionError:
            problem = "a variable divides by zero"
        except InputError as error:
            problem = str(error)
        place = ", ".join(f"{name} = {value}" for name, value in point.items())
        raise InputError(f"{problem}{f', at {place}' if place else ''}")

    def expression(self, name: str) -> Expression | None:
        """Return the value of a variable of the family or of ``for_all``; None if it has none."""
        return Symbol(name) if name in self.parameters else self.expressions.get(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that a statement may speak of."""
        return tuple(dict.fromkeys((*self.expressions, *self.parameters)))


def family_values(name: str, values: Mapping[str, str], variables: Sequence[str]) -> FamilyValues:
    """Read the variables of a family in a claim.

    InputError if there is no such family or variable, or a value is no rational expression in the variables.
    """
    family = find_family(name)
    known = [variable.name for variable in family.variables]
    for given in values:
        if given not in (valid := [*known, *dict(family.vectors)]):
            raise InputError(f"{given[:40]!r} is no variable of {family.label}{near_misses(given, valid)}")
    given_values = coordinates_of(family, values, (*variables, *known))
    expressions: dict[str, Expression] = {}
    for variable in family.variables:
        if variable.name in given_values and variable.name in variables:
            raise InputError(f"{variable.name} is given both as a value and in for_all")
        if variable.name in given_values:
            try:
                names = (*variables, *(each for each in known if each != variable.name))
                value = given_values[variable.name]
                parsed = parse_expression(value, names) if isinstance(value, str) else value
                if not is_model(name) or any(isinstance(part, Call) for part in subexpressions(parsed)):
                    check_rational(parsed, names, "a value")
            except InputError as error:
                raise InputError(f"{variable.name}: {error}") from None
            expressions[variable.name] = parsed
        elif variable.name in variables:
            expressions[variable.name] = Symbol(variable.name)
        elif variable.default is not None:
            expressions[variable.name] = parse_expression(str(variable.default))
    resolved = {each: _resolved(value, expressions, variables) for each, value in expressions.items()}
    return FamilyValues(name, {each: _short(value) for each, value in resolved.items()}, tuple(variables))


def _value(name: str, expression: Expression, point: Mapping[str, Fraction]) -> Real:
    """The value of an expression at a point: a fraction, or the formula of a number that is none."""
    if is_rational(expression, point):
        return rational_value(expression, point, 0)
    return real_number(formula_text(expression, point), name)


def _short(expression: Expression) -> Expression:
    """A number in place of an expression without variables, so that 1/2 is 1/2 however it is written."""
    if any(isinstance(part, Symbol) and part.name != "pi" for part in subexpressions(expression)):
        return expression
    try:
        value = _value("a value", expression, {})
    except ZeroDivisionError:
        raise InputError("a value divides by zero") from None
    return Number(value) if isinstance(value, Fraction) else expression


def _resolved(expression: Expression, values: Mapping[str, Expression], variables: Sequence[str]) -> Expression:
    """An expression with other variables of the family replaced by their values."""
    if isinstance(expression, Operation):
        return replace(expression, operands=tuple(_resolved(each, values, variables) for each in expression.operands))
    if not isinstance(expression, Symbol) or expression.name in (*variables, "pi"):
        return expression
    value = values.get(expression.name)
    if value is None:
        raise InputError(f"{expression.name} has no value: give it, or let for_all range over it")
    others = [
        part.name for part in subexpressions(value) if isinstance(part, Symbol) and part.name not in (*variables, "pi")
    ]
    if others:
        raise InputError(f"{expression.name} is itself written in {others[0]}: write it in what for_all ranges over")
    return value
