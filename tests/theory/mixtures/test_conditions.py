"""Conditions of a model: what the declared domains imply is decided, and nothing else is."""

from typing import Any

import numpy as np
import pytest
import sympy

from emtheory.theory.mixtures.conditions import ASSUMED, DECIDED, OPEN, conditions_of, is_positive
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.means import Mean, means_in
from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.mixtures.reading import read_model

UNITS = {"w": "unit", "u": "unit", "r": "positive"}


def on_a_line(first: str, second: str, data: str, weights: tuple[str, str] = ("w", "1 - w"), **domains: str) -> Any:
    return {
        "data": [{"weight": "1", "x": data}],
        "fit": [{"weight": w, "x": law} for w, law in zip(weights, (first, second), strict=True)],
        "estimate": [*domains],
        "parameters": {**domains, **{p: d for p, d in UNITS.items() if p in f"{weights} {data.partition('(')[2]}"}},
    }


REGRESSION = {
    "observed": ["x", "y"],
    "data": [{"weight": "1", "x": "normal(0, 1)", "y": "normal(x, 1)"}],
    "fit": [{"weight": "1/2", "x": "normal(0, 1)", "y": f"normal({mean}, 1)"} for mean in ("a + b*x", "c")],
    "estimate": ["a", "b", "c"],
    "parameters": dict.fromkeys("abc", "real"),
}
NORMALS = ("normal(a, 1)", "normal(b, 1)")
MEANS = {"a": "real", "b": "real"}
HALVES = ("1/2", "1/2")
CASES = [
    (on_a_line(*NORMALS, "normal(0, 1)", **MEANS), "the weight 1 - w is positive", DECIDED),
    (on_a_line(*NORMALS, "normal(0, 1)", ("u**2", "1 - u**2"), **MEANS), "the weight 1 - u**2 is positive", DECIDED),
    (on_a_line(*NORMALS, "normal(0, 1)", ("2*u", "1 - 2*u"), **MEANS), "the weight 1 - 2*u is positive", ASSUMED),
    (on_a_line(*NORMALS, "normal(0, 1 - u/2)", HALVES, **MEANS), "the variance 1 - u/2 is positive", DECIDED),
    (on_a_line(*NORMALS, "normal(0, r - 1)", HALVES, **MEANS), "the variance r - 1 is positive", ASSUMED),
    (on_a_line(*NORMALS, "uniform(u, 2)", HALVES, **MEANS), "high - low = 2 - u is positive", DECIDED),
    (on_a_line(*NORMALS, "uniform(r, 2)", HALVES, **MEANS), "high - low = 2 - r is positive", ASSUMED),
    (
        on_a_line("poisson(a)", "poisson(b)", "poisson(1)", HALVES, a="positive", b="positive"),
        "em_map(b) stays in the domain of b",
        DECIDED,
    ),
    (
        on_a_line("binomial(4, a)", "binomial(4, b)", "binomial(3, 1/2)", HALVES, a="unit", b="unit"),
        "em_map(b) stays in the domain of b",
        DECIDED,
    ),
    (
        on_a_line(*NORMALS, "normal(0, 1)", ("3/4*v", "1 - 3/4*v"), **MEANS, v="unit"),
        "em_map(v) stays in the domain of v",
        OPEN,
    ),
    (
        on_a_line("normal(a, 1)", "normal(1, 1)", "normal(0, 1)", a="positive"),
        "em_map(a) stays in the domain of a",
        OPEN,
    ),
    (REGRESSION, "-E[γ_0 x]^2 + E[γ_0 x^2]*E[γ_0] is not 0, so that the step is unique", DECIDED),
]


@pytest.mark.parametrize(("table", "text", "standing"), CASES)
def test_what_the_domains_imply_is_decided(table: Any, text: str, standing: str) -> None:
    assert {each.text: each.standing for each in conditions_of(read_model("m", table))}[text] == standing


@pytest.mark.parametrize("table", [REGRESSION, *(CASES[n][0] for n in (7, 9))])
def test_what_is_decided_to_be_positive_is(table: Any) -> None:
    """For posteriors of any kind, not only for those of mixtures."""
    model, rng = read_model("m", table), np.random.default_rng(1)
    update = em_step(model).update.values()
    denominators = [sympy.fraction(sympy.together(value))[1] for value in update]
    wanted = [
        sign * each
        for value in (*denominators, *update, *(1 - each for each in update))
        for sign, each in ((1, value), (-1, value))
    ]
    positive = [each for each in wanted if is_positive(each, model)]
    assert 0 < len(positive) < len(wanted)
    for _ in range(20):
        values = drawn(model, {mean for each in positive for mean in means_in(each)}, rng)
        assert all(each.subs(values) > 0 for each in positive)


def drawn(model: MixtureModel, means: set[Mean], rng: np.random.Generator) -> dict[sympy.Symbol, float]:
    """Means of few observations, with posteriors that have nothing to do with them."""
    kind = model.fit[0].laws[0].kind
    x = rng.normal(size=(2, 4)) if kind == "normal" else rng.integers(0, 4, size=(2, 4))
    posteriors = rng.dirichlet([0.3] * len(model.fit), size=4).T
    weights = rng.dirichlet([1] * 4)
    return {
        mean.symbol: float(
            weights
            @ (
                np.prod([x[s] ** a for s, a in enumerate(mean.x)], axis=0)
                * np.prod(posteriors[[*mean.posteriors]], axis=0)
            )
        )
        for mean in means
    }
