"""Formulas to SymPy, where nothing is run, and conditions: what declared domains imply is decided, and nothing else."""

import random
import time
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from emtheory.theory.errors import InputError, TextError
from emtheory.theory.mixtures.conditions import ASSUMED, DECIDED, OPEN, conditions_of, is_positive
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.expression import FUNCTIONS, expression_of
from emtheory.theory.mixtures.means import Mean, means_in
from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.mixtures.reading import read_model

X = sympy.Symbol("x", real=True)
V = sympy.Symbol("v", positive=True)
NAMES: Mapping[str, sympy.Expr] = {"x": X, "v": V}
SECONDS = 2
"""Of the processor, for one formula: a hundred times what any takes."""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", sympy.Rational(1, 10)),
        ("1e-6 + 1/3", sympy.Rational(1000003, 3000000)),
        ("cos(2*pi/3)", sympy.Rational(-1, 2)),
        ("sqrt(8)/2 - sqrt(2)", 0),
        ("2**(1/2) * 2**(3/2)", 4),
        ("-x**2 + 3*x - +v", -(X**2) + 3 * X - V),
        ("exp(-v/2)*sin(x)/abs(x)", sympy.exp(-V / 2) * sympy.sin(X) / sympy.Abs(X)),
        (" \tlog( v )\n", sympy.log(V)),
    ],
)
def test_formulas_are_exact(text: str, value: sympy.Expr) -> None:
    assert expression_of(text, NAMES) == value


NO_FORMULA = tomllib.loads(Path(__file__).with_name("no_formula.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "place"), NO_FORMULA.items())
def test_what_is_no_formula_says_where(text: str, place: tuple[int, str]) -> None:
    column, problem = place
    with pytest.raises(TextError, match=problem.replace("*", r"\*")) as caught:
        expression_of(text, NAMES)
    assert caught.value.column == column


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "1" * 5000, "(" * 60 + ")" * 60, "-" * 500 + "x", "9" * 1001])
def test_what_is_empty_or_long_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        expression_of(text, NAMES)


_ATOMS = ("x", "v", "pi", "0", "1", "2", "3/7", "0.3", "1e30", "1e-30", "99999999999999999999", "(-1)", "q")
_EXPONENTS = ("2", "12", "(-1)", "(1/2)", "(-11/2)", "100", "x")


def _formula(source: random.Random, depth: int) -> str:
    if depth == 0 or source.random() < 0.15:
        return source.choice(_ATOMS)
    match source.choice(("binary", "binary", "binary", "power", "call")):
        case "power":
            return f"({_formula(source, depth - 1)})**{source.choice(_EXPONENTS)}"
        case "call":
            return f"{source.choice(tuple(FUNCTIONS))}({_formula(source, depth - 1)})"
    return f"({_formula(source, depth - 1)}{source.choice('+-*/')}{_formula(source, depth - 1)})"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InputError):
        assert expression_of(text, NAMES).free_symbols <= {X, V}


@given(st.integers(0, 10**9), st.integers(1, 6))
def test_random_formulas_have_their_values_or_are_refused_at_once(seed: int, depth: int) -> None:
    source = random.Random(seed)  # noqa: S311
    text = _formula(source, depth)
    point = {"x": source.uniform(0.1, 2), "v": source.uniform(0.1, 2)}
    start = time.process_time()
    try:
        value: sympy.Expr | None = expression_of(text, NAMES)
    except InputError:
        value = None
    assert time.process_time() - start < SECONDS, text
    if value is None:
        return
    assert value.free_symbols <= {X, V}
    got = value.subs({NAMES[name]: sympy.Rational(number) for name, number in point.items()}).evalf()
    expected = _by_mpmath(text, point)
    if expected is not None and got.is_Float:
        assert abs(complex(got) - expected) <= 1e-6 * (1 + abs(expected))


def _by_mpmath(text: str, point: Mapping[str, float]) -> complex | None:
    """The same by mpmath's functions on Python's own reading of the text; None where it is out of their reach."""
    import mpmath

    found = []
    for digits in (60, 90):  # They differ where the cosine of a number of sixty digits is asked for.
        with mpmath.workdps(digits):
            functions = {name: getattr(mpmath, name) for name in ("sqrt", "exp", "log", "cos", "sin")}
            # The text is ours, from the generator above.
            numbers = {name: mpmath.mpf(number) for name, number in point.items()}
            names = {**functions, "abs": abs, "pi": mpmath.pi, "mpf": mpmath.mpf, **numbers}
            exact = "".join(f"mpf('{part}')" if part[:1].isdigit() else part for part in _tokens(text))
            try:
                value = eval(exact, {"__builtins__": {}}, names)  # noqa: S307
            except (ArithmeticError, ValueError):
                return None
            found.append(complex(value) if abs(value) < 1e15 else None)
    one, other = found
    return None if one is None or other is None or abs(one - other) > 1e-9 * (1 + abs(one)) else other


def _tokens(text: str) -> list[str]:
    import re

    return re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?|[a-z]+|\*\*|.", text)


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
