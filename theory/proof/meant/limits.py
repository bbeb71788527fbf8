"""Limits by continuity: of what is made of powers of what has known limits."""

from collections.abc import Mapping

import sympy

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.rules import Evidence, equal
from emtheory.theory.proof.step_parts import LATER


def by_continuity(
    relation: sympy.Rel, shape: sympy.Expr, facts: Mapping[sympy.Symbol, sympy.Rel], along: tuple[sympy.Rel, ...]
) -> Evidence:
    """Prove that an expression has a limit, as sums, products and powers of places, which stand for what has limits.

    `LATER` of a place is the same one step later. Powers are of what has a positive limit, perhaps by one of `along`,
    unless they are whole.

    A fact about w → q serves at what itself tends to q, by one of `along`, and is positive, so that it is not q = 0.
    """
    if not _is_limit(relation):
        raise DerivationError("it says no limit")
    of, variable, end, _ = relation.lhs.args
    values, limits = {}, {}
    for place, fact in facts.items():
        if not _is_limit(fact):
            raise DerivationError(f"{fact} says no limit")
        inner, other, point, _ = fact.lhs.args
        if (other, point) != (variable, end):
            inner = inner.xreplace({other: _tending(point, variable, end, along)})
        values[place], limits[place] = inner, fact.rhs
        if end == sympy.oo:
            values[LATER(place)], limits[LATER(place)] = inner.xreplace({variable: variable + 1}), fact.rhs
    if any(value.has(sympy.oo, -sympy.oo, sympy.zoo, sympy.nan) for value in (*limits.values(), relation.rhs)):
        raise DerivationError("what has no finite limit is not continuous there")
    free = not any(part.has(variable) for part in (shape, *limits.values(), relation.rhs))
    if not (free and _is_continuous(shape, limits, along)):
        raise DerivationError(f"{shape} is not made of powers of what has known limits, free of {variable}")
    if not {*facts} <= shape.free_symbols:
        raise DerivationError("a limit that is used is not needed")
    equal(sympy.Eq(of, shape.xreplace(values), evaluate=False))
    equal(sympy.Eq(relation.rhs, shape.xreplace(limits), evaluate=False))
    return Evidence("continuity", 0)


def _is_continuous(shape: sympy.Expr, limits: Mapping[sympy.Expr, sympy.Expr], along: tuple[sympy.Rel, ...]) -> bool:
    """Whether an expression is continuous in its places at their limits."""
    if shape in limits or not shape.has(*limits):
        return True
    if isinstance(shape, sympy.Pow):
        base, power = shape.args
        whole = power.is_Integer and power.is_positive
        if not (whole or (power.is_Rational and _is_positive(base.xreplace(dict(limits)), along))):
            return False
        return _is_continuous(base, limits, along)
    return isinstance(shape, sympy.Add | sympy.Mul) and all(_is_continuous(part, limits, along) for part in shape.args)


def _is_positive(value: sympy.Expr, facts: tuple[sympy.Rel, ...]) -> bool:
    """Whether a number is positive as it stands, or as a positive one over or times what a fact says to be positive."""
    sizes = [fact.gts - fact.lts for fact in facts if isinstance(fact, sympy.StrictLessThan | sympy.StrictGreaterThan)]
    return bool(value.is_positive) or any(
        sympy.cancel(part).is_positive for size in sizes for part in (value * size, value / size)
    )


def _tending(point: sympy.Expr, variable: sympy.Symbol, end: sympy.Expr, along: tuple[sympy.Rel, ...]) -> sympy.Expr:
    for fact in along:
        if _is_limit(fact) and fact.lhs.args[1:3] == (variable, end) and fact.rhs == point == 0:
            inner: sympy.Expr = fact.lhs.args[0]
            if inner.is_positive:
                return inner
    raise DerivationError(f"nothing positive is said to tend to {point}")


def _is_limit(fact: sympy.Basic) -> bool:
    return isinstance(fact, sympy.Eq) and isinstance(fact.lhs, sympy.Limit)
