"""Values at a point: derivatives by different variables there are different."""

from fractions import Fraction

import pytest
import sympy
from sympy import Derivative, Subs

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.at import DIGITS, At, entries_at, scattered
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


X, Y = sympy.symbols("x y", positive=True)
J = sympy.Symbol("j", integer=True, nonnegative=True)
FAMILY = sympy.IndexedBase("p", positive=True)


@pytest.mark.parametrize(
    "expression",
    [
        X / 3 - Y**3 / X,
        sympy.sqrt(X + 2) * (1 - sympy.sqrt(3) * sympy.I) - sympy.I * Y,
        sympy.exp(-X) * sympy.log(Y) / sympy.cos(X * Y) + 0 * sympy.sin(X),
        (X - 1) ** Y * sympy.cosh(X) ** sympy.Rational(-2, 3),
        sympy.Max(X - Y, Y - X) + sympy.Abs(sympy.log(X)),
        sympy.Sum(FAMILY[J] ** 2 * sympy.exp(J * X), (J, 0, 3)),
        sympy.Product(1 + FAMILY[J] / sympy.sqrt(X), (J, 1, 4)),
        sympy.Sum(sympy.exp(2 * sympy.pi * sympy.I * J / 5), (J, 0, 4)) + X,
    ],
    ids=str,
)
def test_values_at_points_are_those_that_sympy_has(expression: sympy.Expr) -> None:
    def of(name: sympy.Basic) -> Fraction:
        return scattered(name, 1)

    written = expression.doit()
    names = written.atoms(sympy.Indexed) | {X, Y}
    expected = written.xreplace({name: sympy.Rational(*of(name).as_integer_ratio()) for name in names}).evalf(DIGITS)
    (found,) = entries_at(expression, of)
    assert abs(complex(found) - complex(expected)) < 1e-14
    assert abs((found - expected).evalf(DIGITS, chop=True)) < sympy.Float(10) ** (5 - DIGITS)
    assert [value.is_Rational for value in entries_at(X / 3 - Y**3 / X, of)] == [True]
