"""Limits by continuity: of a polynomial in what has known limits."""

from collections.abc import Mapping

import sympy

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.rules import Evidence, equal


def by_continuity(
    relation: sympy.Rel, shape: sympy.Expr, facts: Mapping[sympy.Symbol, sympy.Rel], along: tuple[sympy.Rel, ...]
) -> Evidence:
    """Prove that an expression has a limit, as a polynomial in places that stand for what has those of some facts.

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
    polynomial = shape.as_poly(*values)
    if polynomial is None or any(part.has(variable) for part in (*polynomial.coeffs(), *limits.values(), relation.rhs)):
        raise DerivationError(f"{shape} is no polynomial in what has known limits, free of {variable}")
    if any(place not in polynomial.free_symbols_in_domain | shape.free_symbols for place in values):
        raise DerivationError("a limit that is used is not needed")
    equal(sympy.Eq(of, shape.xreplace(values), evaluate=False))
    equal(sympy.Eq(relation.rhs, shape.xreplace(limits), evaluate=False))
    return Evidence("continuity of a polynomial", 0)


def _tending(point: sympy.Expr, variable: sympy.Symbol, end: sympy.Expr, along: tuple[sympy.Rel, ...]) -> sympy.Expr:
    for fact in along:
        if _is_limit(fact) and fact.lhs.args[1:3] == (variable, end) and fact.rhs == point == 0:
            inner: sympy.Expr = fact.lhs.args[0]
            if inner.is_positive:
                return inner
    raise DerivationError(f"nothing positive is said to tend to {point}")


def _is_limit(fact: sympy.Basic) -> bool:
    return isinstance(fact, sympy.Eq) and isinstance(fact.lhs, sympy.Limit)
