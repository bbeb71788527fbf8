"""Every rule proves what follows by it and nothing else."""

import pytest
import sympy
from sympy import Interval, Rational

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.derivation import check
from emtheory.theory.proof.formula import related
from emtheory.theory.proof.step import PLACE, Step, combination, inequality, instance, monotone
from emtheory.theory.proof.words import assumption, prose
from emtheory.theory.sums import component, family, total

A, B, X = sympy.symbols("a b x", real=True)
J = component("j")
G, Z = family("g", positive=True), family("z")


def proved(step: Step, *earlier: Step) -> str:
    evidence = check(step, earlier)
    assert evidence is not None
    return evidence.method


def refused(message: str, step: Step, *earlier: Step) -> None:
    with pytest.raises(DerivationError, match=message):
        check(step, earlier)


def test_what_may_be_0_divides_nothing() -> None:
    """r² ≤ r²(1 + x), which is so at r = 0 for every x, says 0 ≤ x for r > 0 only."""
    r = sympy.Symbol("r", nonnegative=True)
    given = prose("", related(r**2, "<=", r**2 * (1 + X)), label="given")
    said = prose("", related(r * A, "==", r * X), label="said")
    assumed = assumption("", related(0, "<", r), label="assumed")
    refused("may be negative", combination("", 0, "<=", X, {"given": r**-2}), given)
    assert proved(combination("", 0, "<=", X, {"given": r**-2}, within=("assumed",)), given, assumed)
    refused("may not be defined", combination("", A, "==", X, {"said": 1 / r}), said)
    assert proved(combination("", A, "==", X, {"said": 1 / r}, within=("assumed",)), said, assumed)
    refused("could not be decided", inequality("", 0, "<", r**-2))


def test_sums_are_increasing_for_positive_weights() -> None:
    every = prose("", related(Z[J], "<=", 1), label="every")
    weighted = monotone("", total(G[J] * Z[J], J), "<=", total(G[J], J), total(G[J] * PLACE, J), "every")
    assert proved(weighted, every)
    refused(
        "not seen to increase",
        monotone("", total(Z[J] * Z[J], J), "<=", total(Z[J], J), total(Z[J] * PLACE, J), "every"),
        every,
    )


def test_a_domain_is_inherited() -> None:
    """What is proved for some x only may not be used for others by way of a step in between."""
    general = inequality("", X, "<=", 1, domain={X: Interval(0, 1)}, label="general")
    doubled = combination("", 2 * X, "<=", 2, {"general": 2}, label="doubled")
    refused("outside its domain", instance("", related(6, "<=", 2), "doubled", {X: Rational(3)}), general, doubled)
