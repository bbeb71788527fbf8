"""Outside each hypothesis of a printed conclusion, alone, that conclusion is false; or why there is no such case."""

from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pytest

from emtheory.reports.proofs.measured import NEEDED
from emtheory.theory.derivations import derive, names, statement_of
from emtheory.theory.proof.formula import Proposition
from tests.theory.derivations.outside import extensions, others, population, samples, shapes
from tests.theory.derivations.outside.models import CASES, plane
from tests.theory.derivations.outside.reading import OUTSIDE, READINGS, Letters, allowed, said
from tests.theory.derivations.statement_values import opposite

EVERY_DAY = (
    "contraction-bound",
    "descent",
    "global-convergence",
    "stein-identity",
    "pl-inequality",
    "sample-curvature",
)
LONG = frozenset(NEEDED) - {*EVERY_DAY}
"""These are derived, and their models made, in the long tier; a new derivation is not among them."""

assert all((population, extensions, others, samples, shapes))


def negative() -> bool:
    return bool((plane((3.0, -1.0, -1.0)).densities(plane().theta, plane().nodes).sum(axis=1) < 0).any())


def cauchy() -> bool:
    """The mean of |X| up to a bound grows by as much for each ten times the bound."""
    up_to = [np.log1p(10.0 ** (2 * n)) / np.pi for n in (3, 6, 9)]
    return bool(np.allclose(np.diff(up_to), 6 * np.log(10) / np.pi))


def singular() -> bool:
    """Two parameters of which the means depend on one: no θ' is the only best one."""
    return bool(np.linalg.matrix_rank(np.einsum("j,jap,jaq->pq", np.full(3, 1 / 3), *[plane().maps * [1, 0]] * 2)) < 2)


def unbounded() -> bool:
    """‖∇ℓ(su)‖/s³ a hundred times as large at a tenth of s."""
    small, large = (np.linalg.norm(plane().gradient(s * plane().h)) / s**3 for s in (1e-3, 1e-2))
    return bool(abs(small / large - 100) < 1)


EXISTS = {
    "for weights 3, −1, −1 the density of the fit is negative somewhere, and has no logarithm": negative,
    "for independent Cauchy coordinates $X$ has no mean": cauchy,
    "if $N$ is singular no M-step is the only best one": singular,
    "if $Au ≠ 0$ there is no $c$": unbounded,
}
"""Why there is nothing of which the statement could speak → a check."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name in LONG else name for name in names()]
)
def test_each_hypothesis_is_needed(name: str) -> None:
    k = statement_of(name).shown[0]
    proved = derive(name, k).statement
    printed = {hypothesis for grounds in proved.grounds for hypothesis in grounds}
    assert printed == set(NEEDED.get(name, {})), "each hypothesis has a case, or a reason, in needed.toml"
    for hypothesis, entry in NEEDED.get(name, {}).items():
        kind, _, case = entry.partition(": ")
        if kind == "none":
            assert EXISTS[case]()
        else:
            number = int(kind) - 1
            assert hypothesis in proved.grounds[number]
            assert any(
                is_false(proved, number, letters) for letters in places(name, hypothesis, case, proved, number)
            ), case


IN_MODELS = (
    *("contraction-bound", "convexity-radius", "convexity-square", "convexity-three"),
    *("convexity-two", "covariance-blocks", "covariance-convexity", "covariance-descent"),
    *("descent", "global-convergence", "gradient-em", "hessian"),
    *("jacobian", "matched-covariance", "posterior-curvature", "sample-divergence"),
    *("sample-moments", "sidak-bound", "stationary-point", "sublinear-rate"),
    *("three-fitted-weights", "triangle-step", "two-fitted-weights", "weight-change"),
)
"""Derivations of which the letters of every conclusion are known in the models that a reading is given for."""


@pytest.mark.statement(*IN_MODELS)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] * (name == "convexity-radius")) for name in IN_MODELS]
)
def test_every_conclusion_holds_in_models_and_its_opposite_does_not(name: str) -> None:
    statement = statement_of(name)
    conclusions = derive(name, None if statement.general else statement.largest_k).statement.conclusions
    found = [letters(model) for model, letters in READINGS[name]]
    for number, conclusion in enumerate(conclusions, start=1):
        assert [said(conclusion, letters, number) for letters in found] == [True] * len(found), conclusion
        assert False in [said(opposite(conclusion), letters, number) for letters in found], conclusion


def test_that_the_start_is_not_0_is_printed_and_needed() -> None:
    """D(t) < 3r(0)²/σ(0)² is false for θ_0 = 0."""
    proved = derive("two-fitted-weights", 2).statement
    letters = extensions.with_weights(plane((0.7, 0.3), (0.0, 0.0)))
    passed, bound = (float(letters["D"](3)), 3 * letters["r"](0) ** 2 / letters["sigma"](0) ** 2)
    assert "$r(t) > 0$" in proved.text
    assert said(proved.conclusions[3], {"sides": (4, passed, bound)}, 4) is False


def places(name: str, hypothesis: str, case: str, proved: Proposition, number: int) -> Iterator[Letters]:
    """Yield the letters in models in which the case is given, next to ones in which the conclusion holds."""
    if case in OUTSIDE.get((name, hypothesis), {}):
        model, letters = OUTSIDE[name, hypothesis][case]
        yield letters(model)
        return
    change = CASES[hypothesis][case]
    for model, letters in READINGS[name]:
        if said(proved.conclusions[number], letters(model), number + 1):
            with suppress(ValueError, np.linalg.LinAlgError):
                yield letters(change(model))


def is_false(proved: Proposition, number: int, letters: Letters) -> bool:
    return allowed(proved.variables, letters) and said(proved.conclusions[number], letters, number + 1) is False
