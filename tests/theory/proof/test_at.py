"""Values at a point: derivatives by different variables there are different."""

import pytest
import sympy
from sympy import Derivative, Subs

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.at import At
from emtheory.theory.proof.check import check
from emtheory.theory.proof.step import equation
from emtheory.theory.proof.words import definition

P, Q = sympy.symbols("p q", real=True)
T = sympy.Function("T", real=True)(P, Q)
ORIGIN = (P, Q), (0, 0)
NAMED = definition("", T, P + 3 * Q)


def slope(kind: type[Subs], variable: sympy.Symbol) -> sympy.Expr:
    return kind(Derivative(T, variable), *ORIGIN)


def test_derivatives_by_two_variables_are_not_equal() -> None:
    assert slope(At, P) != slope(At, Q)
    assert slope(At, P) == slope(At, P)
    assert hash(slope(At, P)) == hash(slope(At, P))
    assert slope(At, P) != slope(Subs, P)


def test_each_has_its_own_value() -> None:
    values = sympy.ImmutableMatrix([slope(At, P), slope(At, Q)])
    assert check(equation("", values, sympy.ImmutableMatrix([1, 3])), (NAMED,)) is not None
    for wrong in ((3, 3), (1, 1), (3, 1)):
        with pytest.raises(DerivationError):
            check(equation("", values, sympy.ImmutableMatrix(wrong)), (NAMED,))


def test_what_sympy_takes_for_equal_is_refused() -> None:
    """The control: the checker would otherwise say that 1 = 3."""
    assert slope(Subs, P) == slope(Subs, Q)
    with pytest.raises(DerivationError, match="at equal values of two variables"):
        check(equation("", slope(Subs, P), sympy.S.One), (NAMED,))
    nested = Subs(Derivative(Subs(Derivative(T, P), P, 0), Q), Q, 0)
    with pytest.raises(DerivationError, match="at equal values of two variables"):
        check(equation("", nested, sympy.S.Zero), (NAMED,))
    apart = Subs(Derivative(T, P), (P, Q), (0, 1))
    assert check(equation("", apart, sympy.S.One), (NAMED,)) is not None
