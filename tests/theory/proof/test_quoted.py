"""A conclusion of one derivation as a step of another: its premises have to be there."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
import sympy

from emtheory.theory.derivations import derive
from emtheory.theory.derivations.samples import finite_sample, sample_limit
from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.derivation import Derivation, check
from emtheory.theory.proof.formula import REAL, Proposition, Variable, related
from emtheory.theory.proof.made import made
from emtheory.theory.proof.quoted import quoted
from emtheory.theory.proof.step import assumption

X, Y, A, B = sympy.symbols("x y a b", real=True)
F = sympy.Function("f")
STATEMENT = Proposition(
    (
        related(X**2, "<=", Y),
        sympy.Implies(
            sympy.And(related(X, "<=", Y), related(0, "<=", X), evaluate=False),
            related(F(X), "<=", Y**2),
            evaluate=False,
        ),
    ),
    (Variable(X, REAL), Variable(Y, REAL)),
    ("weights",),
)
VALUES = {"x": A, "y": B + 1, "f(x)": B}
KNOWN = (assumption("", related(A, "<=", B + 1), label="order"), assumption("", related(0, "<=", A), label="sign"))


def test_what_is_said_at_the_values_and_what_it_rests_on() -> None:
    plain = quoted("As", STATEMENT, 0, {"x": A, "y": B}, label="square")
    assert (plain.formula, plain.uses) == (related(A**2, "<=", B), ())
    step = quoted("So", STATEMENT, 1, VALUES, ("sign", "order"), label="so")
    assert step.formula == related(B, "<=", (B + 1) ** 2)
    assert step.uses == ("sign", "order")
    assert "quotation" in str(check(step, KNOWN))
    with pytest.raises(DerivationError, match="what is quoted says"):
        check(replace(step, formula=related(B, "<=", (B + 2) ** 2)), KNOWN)


def test_a_premise_too_few_or_too_many_or_a_variable_without_a_value() -> None:
    step = quoted("", STATEMENT, 1, VALUES, ("order", "sign"), label="so")
    nearly = assumption("", related(A, "<=", B + 2), label="order")
    with pytest.raises(DerivationError, match=r"no step says|does not need"):
        check(step, (nearly, KNOWN[1]))
    with pytest.raises(DerivationError, match="no step says 0 <= a"):
        check(quoted("", STATEMENT, 1, VALUES, ("order",), label="so"), KNOWN)
    with pytest.raises(DerivationError, match="does not need 0 <= a"):
        check(quoted("", STATEMENT, 0, VALUES, ("sign",), label="so"), KNOWN)
    with pytest.raises(DerivationError, match="no value for y"):
        quoted("", STATEMENT, 1, {"x": A, "f(x)": B}, label="so")


@pytest.mark.long
@pytest.mark.parametrize(("factor", "message"), [((2, 1), "no step says|does not need"), ((1, 2), "combination")])
def test_the_theorem_notices_a_change_of_what_it_puts_together(
    monkeypatch: pytest.MonkeyPatch, factor: tuple[int, int], message: str
) -> None:
    """A statement that asks for more than is known, or that says less."""
    limit = derive("sample-limit", None).statement
    premise, said = limit.conclusions[1].args
    above = said.rhs
    changed = sympy.Implies(
        premise.xreplace({above: factor[0] * above}), related(said.lhs, "<=", factor[1] * above), evaluate=False
    )
    other = replace(limit, conclusions=(limit.conclusions[0], changed, *limit.conclusions[2:]))

    def remade(make: Callable[[], Derivation]) -> object:
        return SimpleNamespace(statement=other) if make is sample_limit.derive_general else made(make)

    monkeypatch.setattr(finite_sample, "made", remade)
    with pytest.raises(DerivationError, match=message):
        finite_sample.derive_general()
