"""Outside each hypothesis of a printed conclusion, alone, that conclusion is false; or why there is no such case."""

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

import numpy as np
import pytest

from emtheory.reports.proofs.measured import NEEDED
from emtheory.theory.derivations import derive, names, statement_of
from emtheory.theory.proof.formula import Proposition
from emtheory.theory.proof.structure import supposed
from tests.theory.derivations.outside import extensions, others, population, samples, shapes
from tests.theory.derivations.outside.models import CASES, plane
from tests.theory.derivations.outside.reading import OUTSIDE, READINGS, Letters, allowed, said
from tests.theory.derivations.statement_values import holds, opposite

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
    statement = statement_of(name)
    k = None if statement.general else min(max(3, statement.smallest_k), statement.largest_k)
    proved = derive(name, k).statement
    printed = {hypothesis for grounds in proved.grounds for hypothesis in grounds}
    assert printed == set(NEEDED.get(name, {})), "each hypothesis has a case, or a reason, in needed.toml"
    for hypothesis, entry in NEEDED.get(name, {}).items():
        kind, _, case = entry.partition(": ")
        if kind == "none":
            assert EXISTS[case]()
        elif kind != "open":
            number = int(kind) - 1
            assert hypothesis in proved.grounds[number]
            assert any(
                is_false(proved, number, letters) for letters in places(name, hypothesis, case, proved, number)
            ), case


IN_MODELS = (
    *("contraction-bound", "convexity-radius", "convexity-three", "convexity-two", "covariance-blocks"),
    *("descent", "global-convergence", "gradient-em", "sidak-bound", "stationary-point", "sublinear-rate"),
    "weight-change",
)
"""Derivations of which the letters of every conclusion are known in the models that a reading is given for."""


@pytest.mark.statement(*IN_MODELS)
@pytest.mark.parametrize("name", IN_MODELS)
def test_every_conclusion_holds_in_models_and_its_opposite_does_not(name: str) -> None:
    statement = statement_of(name)
    conclusions = derive(name, None if statement.general else statement.largest_k).statement.conclusions
    found = [letters(model) for model, letters in READINGS[name]]
    for number, conclusion in enumerate(conclusions, start=1):
        assert [said(conclusion, letters, number) for letters in found] == [True] * len(found), conclusion
        assert False in [said(opposite(conclusion), letters, number) for letters in found], conclusion


PREMISES = {
    ("data-law", 5, 0): {"c": "1/20", "sigma": "1/2"},
    ("sample-constants", 1, 0): {"D": "1001", "R": "4/5", "sigma": "3/4"},
    ("sample-constants", 4, 0): {"D": "6", "R": "7/10", "sigma": "1/5", "n": "1001", "delta_4": "2/5"},
    ("sample-ball", 4, 0): {
        **{"R": "6", "epsilon": "53", "n": "6", "p": "1/10", "q": "1/20", "rho": "2/5", "t": "0"},
    },
    ("sample-ball", 4, 1): {
        **{"R": "13/20", "epsilon": "1/30", "n": "1001", "p": "1/10", "q": "3/50", "rho": "18/5", "t": "0"},
    },
}
"""Of a conclusion about numbers alone: which premise fails at a point where the others hold."""


@pytest.mark.long
@pytest.mark.parametrize("place", PREMISES, ids=str)
def test_outside_each_premise_a_conclusion_about_numbers_is_false(place: tuple[str, int, int]) -> None:
    name, number, of = place
    proved = derive(name, None).statement
    point = {str(each.symbol): each.symbol for each in proved.variables}
    values = {point[letter]: float(Fraction(value)) for letter, value in PREMISES[place].items()}
    conclusion = proved.conclusions[number - 1]
    assert allowed(proved.variables, {letter: float(Fraction(value)) for letter, value in PREMISES[place].items()})
    assert [holds(premise, values, 0) for premise in supposed(conclusion)].count(False) == 1
    assert not holds(supposed(conclusion)[of], values, 0)
    assert not holds(conclusion.args[1], values, 1e-9)


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
