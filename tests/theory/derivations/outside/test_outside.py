"""Outside each hypothesis of a printed conclusion, alone, that conclusion is false; or why there is no such case."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from emtheory.reports.proofs.measured import NEEDED
from emtheory.theory.derivations import derive, names, statement_of
from emtheory.theory.proof.formula import Proposition
from emtheory.theory.proof.structure import supposed
from tests.theory.derivations.outside import extensions, others, population, samples, shapes
from tests.theory.derivations.outside.models import CASES, plane
from tests.theory.derivations.outside.reading import OUTSIDE, READINGS, Letters, allowed, said, values_of
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


def tiered(derivations: Iterable[str]) -> list[Any]:
    return [pytest.param(name, marks=pytest.mark.long) if name in LONG else name for name in derivations]


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


@pytest.mark.parametrize("name", tiered(names()))
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


IN_PART = {
    "amplitude-derivatives": (1,),
    "asymptotic-factor": (1, 2, 4, 5),
    "convexity-four": (2, 3),
    "convexity-heavy": (1,),
    "data-law": (1,),
    "degenerate-law": (1, 3, 4),
    "degenerate-maximum": (1, 2, 3),
    "degenerate-sample": (1, 2, 3),
    "em-operator": (2, 5),
    "finite-sample": (1, 2, 3, 4, 7),
    "fisher-information": (1,),
    "free-means": (1, 3, 4, 5),
    "gradient": (1, 3),
    "linear-tying": (1, 2, 3),
    "lost-rate": (1,),
    "matrix-a": (3,),
    "necessity": (1, 4),
    "pl-inequality": (1, 2, 3, 5),
    "sample-ball": (1, 2, 5),
    "sample-hessian": (1,),
    "sample-mean": (1, 2, 3),
    "sample-net": (2,),
    "sample-shells": (3,),
    "sample-steps": (1,),
    "sample-tails": (1, 4),
    "secant-mean": (1, 2),
    "simplex-classification": (1, 2, 3),
    "spectral-mean": (1, 2, 3, 5),
    "stein-identity": (1, 4, 5, 6, 7),
    "symmetric-sample": (1, 2, 3, 4),
    "tied-convergence": (1, 2, 3),
    "unknown-covariance": (1, 2, 3, 4, 5, 6, 7, 8),
    "unknown-weights": (1, 2),
}
"""Derivations of which the letters of some conclusions are → the numbers of those that nothing near holds for."""


@pytest.mark.parametrize("name", tiered(READINGS))
def test_every_conclusion_holds_in_models_and_its_opposite_does_not(name: str) -> None:
    statement = statement_of(name)
    conclusions = derive(name, None if statement.general else statement.largest_k).statement.conclusions
    found = [letters(model) for model, letters in READINGS[name]]
    for number, conclusion in enumerate(conclusions, start=1):
        held = [said(conclusion, letters, number) for letters in found]
        assert False not in held, conclusion
        if number in IN_PART.get(name, (number,)):
            assert True in held, conclusion
            assert name in IN_PART or None not in held, conclusion
            assert False in [said(opposite(conclusion), letters, number) for letters in found], conclusion


EVEN = (1 / 3, 1 / 3, 1 / 3)
HEAVY = (0.9, 0.05, 0.05)
PREMISES: dict[tuple[str, int, int], dict[str, Any]] = {
    ("approximate-maps", 4, 0): {"weights": EVEN, "sigma": 0.0},
    ("approximate-maps", 5, 0): {"weights": EVEN},
    ("contraction-bound", 4, 0): {"weights": HEAVY, "rho": 0.0},
    ("convexity-four", 1, 0): {"theta": 0.1},
    ("convexity-radius", 2, 0): {"c": 2.0},
    ("convexity-square", 2, 0): {"theta": 22.0},
    ("convexity-three", 2, 0): {"weights": EVEN},
    ("convexity-two", 3, 0): {"weights": (0.5, 0.5), "theta": 0.0, "H": lambda r: 0.0},
    ("data-law", 5, 0): {"c": 0.05, "sigma": 0.5},
    ("degenerate-law", 2, 0): {"theta": 3.0},
    ("degenerate-sample", 2, 0): {"rho": 0.0, "x": 0.001, "eta": 0.0},
    ("descent", 2, 0): {"t": 0},
    ("flat-spectrum", 2, 0): {"size": 2, "weights": (0.3, 0.3, 0.2, 0.2)},
    ("flat-spectrum", 3, 0): {"size": 2, "weights": (0.3, 0.3, 0.2, 0.2)},
    ("flat-spectrum", 3, 1): {"size": 2, "weights": (0.25, 0.25, 0.25, 0.25)},
    ("flat-spectrum", 5, 0): {"size": 2, "weights": (0.3, 0.3, 0.2, 0.2)},
    ("free-means", 2, 0): {},
    ("lost-rate", 1, 0): {"weights": HEAVY, "theta": 0.1},
    ("normal-landscape", 2, 0): {"δ": 0.0, "F": 0.0},
    ("sample-ball", 4, 0): {"R": 6.0, "epsilon": 53.0, "n": 6, "p": 0.1, "q": 0.05, "rho": 0.4, "t": 0},
    ("sample-ball", 4, 1): {"R": 0.65, "epsilon": 1 / 30, "n": 1001, "p": 0.1, "q": 0.06, "rho": 3.6, "t": 0},
    ("sample-constants", 1, 0): {"D": 1001, "R": 0.8, "sigma": 0.75},
    ("sample-constants", 4, 0): {"D": 6, "R": 0.7, "sigma": 0.2, "n": 1001, "delta_4": 0.4},
    ("sample-contraction", 2, 0): {"R": 0.001},
    ("sample-limit", 1, 1): {"x": 0.001},
    ("sample-limit", 2, 1): {"x": 0.001, "r_1": 0.01},
    ("sample-limit", 2, 3): {"r_1": 0.001},
    ("sample-moments", 3, 0): {"weights": EVEN, "theta": 0.1, "q": 0.9},
    ("sample-steps", 1, 0): {"b": 10.0},
    ("spectral-mean", 4, 0): {"weights": (0.4, 0.3, 0.1, 0.15, 0.05)},
    ("spectral-mean", 5, 0): {"weights": (0.4, 0.3, 0.1, 0.15, 0.05)},
    ("symmetric-sample", 1, 0): {"points": 0.6, "r": 0.0},
    ("symmetric-sample", 2, 0): {"points": 0.6, "r": 0.0},
    ("symmetric-sample", 4, 0): {"points": 0.6, "r": 0.0},
    ("unknown-weights", 5, 1): {},
}
"""Which premise of a conclusion fails alone in a model, or at a point: what is other there than in a reading."""


@pytest.mark.long
@pytest.mark.parametrize("place", PREMISES, ids=str)
def test_outside_each_premise_a_conclusion_is_false(place: tuple[str, int, int]) -> None:
    name, number, of = place
    statement = statement_of(name)
    proved = derive(name, None if statement.general else statement.largest_k).statement
    conclusion = proved.conclusions[number - 1]
    outcomes = []
    for letters in around(name, dict(PREMISES[place])):
        with suppress(KeyError):
            values, k = values_of(conclusion, letters), letters.get("k")
            kept = [holds(premise, values, 0, k) for premise in supposed(conclusion)]
            alone = kept.count(False) == 1 and not kept[of] and allowed(proved.variables, letters)
            outcomes.append(alone and not holds(conclusion.args[1], values, 0, k))
    assert any(outcomes)


def around(name: str, other: dict[str, Any]) -> Iterator[Letters]:
    """Yield the letters of models that are other than those of readings in what is given; else what is given."""
    theta, points, weights = other.pop("theta", 1.0), other.pop("points", 1.0), other.pop("weights", None)
    more = {"size": other.pop("size")} if "size" in other else {}
    for model, letters in READINGS.get(name, ()):
        moved = replace(model, theta=theta * model.theta, nodes=points * model.nodes)
        turns_too = weights is not None and len(weights) != len(model.weights)
        moved = plane(weights, tuple(moved.theta)) if turns_too else moved
        yield {**letters(replace(moved, weights=np.array(weights or model.weights)), **more), **other}
    yield other


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
