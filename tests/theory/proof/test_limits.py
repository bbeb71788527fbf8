"""Limits by continuity: what they prove, and what is a little wrong."""

import pytest
import sympy

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.derivation import check
from emtheory.theory.proof.formula import related
from emtheory.theory.proof.step import LATER, limit
from emtheory.theory.proof.step_parts import Step
from emtheory.theory.proof.words import prose

RADIUS = sympy.Symbol("r", nonnegative=True)
SIZE = sympy.Function("S", real=True)
FIRST, SECOND, T = sympy.symbols("y_1 y_2 t", positive=True)
F, ITERATE = sympy.Function("f", real=True), sympy.Function("r", positive=True)
FACTS = (
    prose("", related(sympy.Limit(F(RADIUS) / RADIUS**4, RADIUS, 0), "==", 3), label="order"),
    prose("", related(sympy.Limit(T * ITERATE(T) ** 2, T, sympy.oo), "==", 2), label="rate"),
    prose("", related(sympy.Limit(ITERATE(T), T, sympy.oo), "==", 0), label="to 0"),
    prose("", related(sympy.Limit(SIZE(T), T, sympy.oo), "==", 0), label="of any sign"),
)


def _limit(of: sympy.Expr, value: int, shape: sympy.Expr, along: str = "to 0") -> Step:
    places = {"order": FIRST, "rate": SECOND}
    return limit("", sympy.Limit(of, T, sympy.oo), sympy.Integer(value), shape, places, along=(along,))


def test_limits_by_continuity() -> None:
    assert check(_limit(T**2 * F(ITERATE(T)), 12, FIRST * SECOND**2), FACTS) is not None
    for of, value, shape, along in (
        (T**2 * F(ITERATE(T)), 6, FIRST * SECOND**2, "to 0"),
        (T * F(ITERATE(T)), 12, FIRST * SECOND**2, "to 0"),
        (T**2 * F(ITERATE(T)), 12, FIRST * SECOND**2, "of any sign"),
        (T**3 * F(ITERATE(T)), 12, T * FIRST * SECOND**2, "to 0"),
        (T**2 * F(ITERATE(T)) / T, 12, FIRST / SECOND, "to 0"),
    ):
        with pytest.raises(DerivationError):
            check(_limit(of, value, shape, along), FACTS)


def test_limits_of_powers_and_one_step_later() -> None:
    rate, small = T * ITERATE(T) ** 2, {"to 0": FIRST}
    later = rate.xreplace({T: T + 1})
    known = (*FACTS, prose("", related(F(RADIUS), "==", 2 * RADIUS**4 + RADIUS**5), label="size"))
    fact = prose("", related(sympy.Limit(RADIUS, RADIUS, 0), "==", 0), label="radius")
    for of, value, shape, places in (
        (later / rate, 1, LATER(SECOND) / SECOND, {"rate": SECOND}),
        (sympy.sqrt(rate), sympy.sqrt(2), sympy.sqrt(SECOND), {"rate": SECOND}),
    ):
        assert check(limit("", sympy.Limit(of, T, sympy.oo), value, shape, places), known) is not None
        with pytest.raises(DerivationError):
            check(limit("", sympy.Limit(of, T, sympy.oo), 2 * value, shape, places), known)
    grows = prose("", related(sympy.Limit(SIZE(T), T, sympy.oo), "==", sympy.oo), label="grows")
    for of, value in ((SIZE(T) - SIZE(T) + 1, sympy.oo), (SIZE(T), sympy.oo), (SIZE(T) ** 2, 4)):
        infinite = limit("", sympy.Limit(of, T, sympy.oo), value, of.xreplace({SIZE(T): FIRST}), {"grows": FIRST})
        with pytest.raises(DerivationError, match="no finite limit"):
            check(infinite, (grows,))
    for power in (-1, sympy.S.Half):
        with pytest.raises(DerivationError, match="made of powers"):
            check(limit("", sympy.Limit(ITERATE(T) ** power, T, sympy.oo), 0, FIRST**power, small), known)
    of, places = sympy.Limit(F(RADIUS) / RADIUS**4, RADIUS, 0), {"radius": FIRST}
    assert check(limit("", of, 2, 2 + FIRST, places, given=("size",)), (*known, fact)) is not None
    for value, given in ((3, ("size",)), (2, ())):
        with pytest.raises(DerivationError):
            check(limit("", of, value, value + FIRST, places, given=given), (*known, fact))
