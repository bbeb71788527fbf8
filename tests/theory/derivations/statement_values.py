"""Statements of derivations at numbers: whether a formula holds for given values of everything that occurs in it."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf

import sympy
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from emtheory.theory.derivations import derive
from emtheory.theory.proof.formula import related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.sums import COUNT

Values = Mapping[sympy.Basic, float]


def symbols(name: str, k: int | None = None) -> dict[str, sympy.Basic]:
    """The variables of a statement, for every k if there is none, by their names."""
    return {str(variable.symbol): variable.symbol for variable in derive(name, k).statement.variables}


def named(name: str, values: Mapping[str, float], k: int | None = None) -> Values:
    """Values of the variables of a statement that are given by their names."""
    known = symbols(name, k)
    return {known[symbol]: value for symbol, value in values.items()}


def coefficients(expression: sympy.Expr, numbers: Mapping[str, float]) -> list[float]:
    """Those of 1, r, r², … in an expansion without its remainder, which holds an unknown function.

    The other symbols are given by their names.
    """
    expansion = expression.xreplace(dict.fromkeys(expression.atoms(AppliedUndef), sympy.S.Zero))
    known = {name: numbers[str(name)] for name in expansion.free_symbols if str(name) in numbers}
    (radius,) = expansion.free_symbols - known.keys()
    return [float(value) for value in reversed(sympy.Poly(expansion.subs(known), radius).all_coeffs())]


def holds(formula: Boolean, values: Values, tolerance: float = 1e-9, k: int | None = None) -> bool:
    """Whether a relation, or an implication or equivalence of relations, holds up to a relative tolerance.

    Values are given for symbols, members of families, values of functions, expectations, limits and whatever else
    stands in the formula as a whole; sums over components are written out for k components.
    """
    if isinstance(formula, sympy.Implies):
        premise, conclusion = formula.args
        return not holds(premise, values, -tolerance, k) or holds(conclusion, values, tolerance, k)
    if isinstance(formula, sympy.And):
        return all(holds(part, values, tolerance, k) for part in formula.args)
    if isinstance(formula, sympy.Equivalent):
        return len({holds(part, values, tolerance, k) for part in formula.args}) == 1
    left, right = (_number(side, values, k) for side in formula.args)
    if inf in (left, right):
        return bool((formula.rel_op == "==") == (left == right))
    slack = tolerance * max(1.0, abs(left), abs(right))
    return {
        "==": abs(left - right) <= abs(slack),
        "<=": left <= right + slack,
        "<": left < right + slack,
        ">=": left >= right - slack,
        ">": left > right - slack,
        "!=": abs(left - right) > slack,
    }[formula.rel_op]


_BINDERS = (sympy.Limit, sympy.Sum, sympy.Integral, Mean)


def _exact(value: float) -> sympy.Expr:
    return sympy.oo if value == inf else sympy.Float(value, 30)


def _number(side: sympy.Expr, values: Values, k: int | None) -> float:
    # What binds a variable first, then counters, as values of functions are given for numbers, and then the rest at
    # once, the largest part first: what is known as a whole is not put together from its parts.
    side = side.xreplace({part: _exact(value) for part, value in values.items() if isinstance(part, _BINDERS)})
    side = side.xreplace({part: sympy.Integer(value) for part, value in values.items() if isinstance(value, int)})
    if k is not None:
        side = side.subs(COUNT, k).doit()
    side = side.xreplace({part: _exact(value) for part, value in values.items()})
    if side is sympy.oo:
        return inf
    number = complex(side.evalf(20))
    assert abs(number.imag) < 1e-9 * max(1, abs(number.real))
    return number.real


def opposite(formula: sympy.Basic) -> sympy.Basic:
    """Turn a relation round, or, for an equation, a twentieth of the right side added to it."""
    if isinstance(formula, sympy.Implies):
        return sympy.Implies(formula.args[0], opposite(formula.args[1]), evaluate=False)
    if formula.rhs is sympy.oo:
        return related(formula.lhs, "<", sympy.oo)
    if isinstance(formula, sympy.Eq):
        return related(formula.lhs, "==", formula.rhs * sympy.Rational(21, 20) + sympy.Rational(1, 20))
    return related(formula.lhs, {"<=": ">", "<": ">="}[formula.rel_op], formula.rhs)


def assert_sharp(
    conclusions: Iterable[sympy.Basic], found: Sequence[Values], tolerance: float, k: int | None = None
) -> None:
    """Each conclusion holds at all values found, and its opposite does not."""
    for conclusion in conclusions:
        assert all(holds(conclusion, values, tolerance, k) for values in found), conclusion
        wrong = opposite(conclusion)
        assert not all(holds(wrong, values, tolerance, k) for values in found), wrong
