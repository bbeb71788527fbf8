"""Tables to models: those of the documentation verbatim, and what is none says where and why."""

import copy
import json
import pickle
import time
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sympy

from emtheory.theory.errors import InputError, ModelError
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.model import MixtureModel, canonical_text
from emtheory.theory.mixtures.reading import model_of, read_model

SCALES: Mapping[str, Any] = {
    "title": "two normals whose variance is fitted too",
    "observed": ["x"],
    "data": [{"weight": "1/2", "x": "normal(mu, 1)"}, {"weight": "1/2", "x": "normal(-mu, 1)"}],
    "fit": [{"weight": "w", "x": "normal(theta, v)"}, {"weight": "1 - w", "x": "normal(-theta, v)"}],
    "estimate": ["theta", "v"],
    "parameters": {"theta": "real", "v": "positive", "mu": "real", "w": {"domain": "unit", "default": "1/2"}},
}
REGRESSIONS: Mapping[str, Any] = {
    "observed": ["x", "y"],
    "data": [{"weight": "1/2", "x": "normal(0, 1)", "y": f"normal({sign}truth*x, 1)"} for sign in ("", "-")],
    "fit": [{"weight": "1/2", "x": "normal(0, 1)", "y": f"normal({sign}theta*x, 1)"} for sign in ("", "-")],
    "estimate": ["theta"],
    "parameters": {"theta": "real", "truth": "real"},
}
RATES: Mapping[str, Any] = {
    "data": [{"weight": 1, "x": "poisson(3)"}],
    "fit": [{"weight": f"p_{j}", "x": f"poisson({rate})"} for j, rate in enumerate(("a", "b", "7"))],
    "estimate": ["p", "a", "b"],
    "parameters": {"a": "positive", "b": "positive", "p": {"domain": "simplex", "size": 3}},
}


def test_a_simplex_stands_for_all_weights_but_the_last() -> None:
    model = read_model("rates", RATES)
    assert model.estimate == ("p_0", "p_1", "a", "b")
    assert model.dependent == (("p_2", 1 - sympy.Symbol("p_0", positive=True) - sympy.Symbol("p_1", positive=True)),)
    with_defaults = copy.deepcopy(dict(RATES))
    with_defaults["parameters"]["p"]["default"] = ["1/2", Fraction(1, 3), Decimal("0.5") / 3]
    with pytest.raises(ModelError, match=r"parameters\.p\.default: the weights sum to"):
        read_model("rates", with_defaults)
    with_defaults["parameters"]["p"]["default"][2] = "1/6"
    assert [each.default for each in read_model("rates", with_defaults).parameters[:2]] == ["1/2", "1/3"]


@pytest.mark.parametrize(("name", "table"), [("scales", SCALES), ("regressions", REGRESSIONS), ("rates", RATES)])
def test_the_canonical_text_defines_the_same_model(name: str, table: Mapping[str, Any]) -> None:
    model = read_model(name, table)
    assert model_of(model.text) == model
    assert model.text == canonical_text(name, json.loads(model.text, parse_int=str) | {"name": name})
    turned = {key: table[key] for key in reversed(list(table))}
    turned["parameters"] = dict(reversed(turned["parameters"].items()))
    assert read_model(name, turned) == model
    assert pickle.loads(pickle.dumps(model)) == model  # noqa: S301


@pytest.mark.parametrize(
    "weights",
    [
        ("w**2", "1 - w**2"),
        ("exp(mu)/(1 + exp(mu))", "1/(1 + exp(mu))"),
        ("1/sqrt(2)", "1 - sqrt(2)/2"),
        ("cos(mu)**2", "sin(mu)**2"),
    ],
)
def test_weights_that_sum_to_one_in_other_forms_are_accepted(weights: tuple[str, str]) -> None:
    table = copy.deepcopy(dict(SCALES))
    for component, weight in zip(table["fit"], weights, strict=True):
        component["weight"] = weight
    table["data"][0]["x"] = "normal(mu + w, 1)"
    assert isinstance(read_model("scales", table), MixtureModel)
    table["fit"][1]["weight"] += "*(1 + mu**2)"
    with pytest.raises(ModelError, match=r"fit: the weights sum to .*, not to 1"):
        read_model("scales", table)


MALFORMED = tomllib.loads(Path(__file__).with_name("malformed.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("change", "message"), MALFORMED.items())
def test_what_is_no_model_says_where_and_why(change: str, message: str) -> None:
    table = inner = copy.deepcopy(dict(SCALES))
    path, _, value = change.partition(" =")
    *keys, last = (int(key) if key.isdecimal() else key for key in path.split("."))
    for key in keys:
        inner = inner[key]
    if value:
        inner[last] = tomllib.loads(f"value ={value}")["value"]
    else:
        del inner[last]
    with pytest.raises(ModelError, match=message) as error:
        read_model("scales", table)
    assert str(error.value) == str(pickle.loads(pickle.dumps(error.value)))  # noqa: S301


@pytest.mark.parametrize(
    ("law", "message"),
    [
        ("normal(theta*x**2, 1)", "is not linear in x"),
        ("normal(theta/x, 1)", "is not linear in x"),
        ("normal(y, 1)", "which is not an earlier coordinate"),
        ("exponential(x)", "only the mean of a normal law"),
        ("binomial(5/2, 1/2)", "is not an integer from 1"),
        ("binomial(theta, 1/2)", "is not an integer from 1"),
        ("binomial(3, 3/2)", "is not between 0 and 1"),
        ("poisson(-3)", "is not positive"),
    ],
)
def test_laws_of_later_coordinates(law: str, message: str) -> None:
    table = copy.deepcopy(dict(REGRESSIONS))
    table["fit"][0]["y"] = law
    with pytest.raises(ModelError, match=message) as error:
        read_model("regressions", table)
    assert error.value.path == ("fit", 0, "y")


def test_what_is_independent_may_have_other_laws_than_normal_ones() -> None:
    table = copy.deepcopy(dict(REGRESSIONS))
    for component in (*table["data"], *table["fit"]):
        component["x"] = "exponential(2)"
    with pytest.raises(ModelError, match="which is not normal"):
        read_model("regressions", table)
    for component in (*table["data"], *table["fit"]):
        component["y"] = component["y"].replace("*x", "")
    assert read_model("regressions", table).fit[0].laws[0].kind == "exponential"


@pytest.mark.parametrize(
    ("data", "fit", "accepted"),
    [
        ("laplace(0, 1)", "normal(a, 1)", True),
        ("exponential(1)", "normal(a, 1)", True),
        ("uniform(0, 1)", "exponential(a)", True),
        ("uniform(-1, 1)", "exponential(a)", False),
        ("normal(0, 1)", "exponential(a)", False),
        ("binomial(5, 1/2)", "poisson(a)", True),
        ("poisson(1)", "binomial(5, 1/(1 + a))", False),
        ("binomial(6, 1/2)", "binomial(5, 1/(1 + a))", False),
        ("binomial(4, 1/2)", "binomial(5, 1/(1 + a))", True),
        ("binomial(4, 1/2)", "normal(a, 1)", False),
    ],
)
def test_a_fit_can_have_every_value_of_the_data(data: str, fit: str, accepted: bool) -> None:
    table = {
        "data": [{"weight": 1, "x": data}],
        "fit": [{"weight": 1, "x": fit}],
        "estimate": ["a"],
        "parameters": {"a": "positive"},
    }
    if accepted:
        assert read_model("one", table).fit[0].weight == 1
    else:
        with pytest.raises(ModelError, match=r"^data\[0\]\.x: .*the divergence from it is infinite"):
            read_model("one", table)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "{", '{"name": 1}', "null", '{"name":"a"}', "x" * 300_000, "[" * 9000]
)
def test_what_is_no_canonical_text_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        model_of(text)


@pytest.mark.parametrize("name", ["", "a b", "-a", "é", "a" * 100, "a.b", 3])
def test_names_of_models(name: Any) -> None:
    with pytest.raises(ModelError, match="is no name of a model"):
        read_model(name, SCALES)


def test_what_would_take_long_to_multiply_out_is_refused_at_once() -> None:
    count = 24
    normal = [{"weight": 1, "x": "normal(0, 1)"}]
    simplex = {"p": {"domain": "simplex", "size": count}, "a": "real"}
    last = f"p_{count - 1}**12"
    fit = [{"weight": last, "x": "normal(a, 1)"}, {"weight": f"1 - {last}", "x": "normal(-a, 1)"}]
    with pytest.raises(ModelError, match="multiplied out, this has more than 500 terms"):
        read_model("m", {"data": normal, "fit": fit, "estimate": ["a"], "parameters": simplex})
    positive = {f"v{j}": "positive" for j in range(count)}
    fit = [{"weight": f"1/(1 + {name})", "x": "normal(a, 1)"} for name in positive]
    with pytest.raises(ModelError, match="too many different denominators"):
        read_model("m", {"data": normal, "fit": fit, "estimate": ["a"], "parameters": {**positive, "a": "real"}})
    total = " + ".join(f"exp({name})" for name in positive)
    fit = [{"weight": f"exp({name})/({total})", "x": "normal(a, 1)"} for name in positive]
    made = read_model("m", {"data": normal, "fit": fit, "estimate": ["a"], "parameters": {**positive, "a": "real"}})
    assert len(made.fit) == count


def _with(**keys: Any) -> dict[str, Any]:
    return {**copy.deepcopy(dict(SCALES)), **keys}


def test_shorthands_are_put_in_as_if_their_formulas_stood_there() -> None:
    table = _with(definitions={"far": "2*near", "near": "theta + mu", "unused": "abs(-mu)*exp(1)"})
    table["fit"][0]["x"] = "normal(far, v)"
    theta, mu = sympy.symbols("theta mu", real=True)
    model = read_model("scales", table)
    assert (model.fit[0].laws[0].arguments[0] - 2 * (theta + mu)).expand() == 0
    assert dict(model.dependent)["unused"] == sympy.E * sympy.Abs(mu)
    assert read_model("scales", {**table, "definitions": dict(reversed(table["definitions"].items()))}) == model


def _doubled(count: int, step: str) -> dict[str, str]:
    return {"d0": "theta + mu", **{f"d{n + 1}": step.format(f"d{n}") for n in range(count)}}


@pytest.mark.parametrize(
    ("definitions", "message"),
    [
        ({"a": "b", "b": "a + 1"}, "definitions.a: these shorthands are written in each other: a, b"),
        ({"a": "a"}, "definitions.a: these shorthands"),
        ({"a": "nu"}, "definitions.a: column 1: unknown name 'nu'"),
        ({"theta": "mu"}, "definitions.theta: .*a parameter"),
        ({"x": "mu"}, "definitions.x: .*a coordinate"),
        ({"score": "mu"}, "definitions.score: .*a quantity"),
        ({"a": ["mu"]}, "definitions.a: text is wanted"),
        (["a"], "definitions: a table"),
        ({f"a{n}": "mu" for n in range(41)}, "definitions: a table of at most 40"),
        (_doubled(30, "{0}*{0}"), "multiplied out, this has more than 500 terms"),
        (_doubled(30, "sqrt({0})"), "more than 3 functions and roots"),
        (_doubled(30, "{0} + exp({0})"), "more than 3 functions and roots|exp of an exponential"),
    ],
)
def test_what_is_no_shorthand_says_where(definitions: Any, message: str) -> None:
    start = time.process_time()
    with pytest.raises(ModelError, match=message):
        read_model("scales", _with(definitions=definitions))
    assert time.process_time() - start < 2


def _orbit(**keys: Any) -> dict[str, Any]:
    fit = {"weights": ["w", "1 - w"], "mean": ["theta"], "generator": [["-1"]], "variance": "v", **keys}
    return _with(fit={key: value for key, value in fit.items() if value is not None})


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (_orbit(weights=None), "fit.weights: a list of 1 to 24 weights"),
        (_orbit(weights=["w", "w"]), r"fit: the weights sum to 2\*w"),
        (_orbit(weights=["w", "-1"]), r"fit.weights\[1\]: the weight -1 of component 1"),
        (_orbit(weights=["w"]), "fit.generator: its power 1 is not the identity"),
        (_orbit(generator=[["1/2"]]), "fit.generator: its power 2 is not the identity"),
        (_orbit(generator=[["mu"]]), r"fit.generator\[0\]\[0\]: column 1: unknown name 'mu'"),
        (_orbit(generator=[["1", "0"]]), "fit.generator: a matrix with 1 rows of 1 numbers"),
        (_orbit(generator=None), "fit: generator, a matrix, or maps"),
        (_orbit(maps=[[["1"]], [["-1"]]]), "fit: generator, a matrix, or maps"),
        (_orbit(generator=None, maps=[[["1"]]]), "fit.maps: a list of 2 matrices"),
        (_orbit(mean="theta"), "fit.mean: a list of 1 formulas"),
        (_orbit(mean=["exp(theta)"]), r"fit: theta is estimated and stands in exp\(theta\)"),
        (_orbit(variance="-v"), "fit: the variance of x, -v, is not positive"),
        (_orbit(group="cyclic"), "fit.group: unknown key"),
    ],
)
def test_what_is_no_orbit_says_where(table: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        read_model("scales", table)
    assert len(read_model("scales", _orbit()).fit) == 2


def _vectors(**keys: Any) -> dict[str, Any]:
    table = {
        "dimension": "d",
        "data": [{"weight": "1/2", "mean": "mu"}, {"weight": "1/2", "mean": "-mu"}],
        "fit": [{"weight": "1/2", "mean": "theta"}, {"weight": "1/2", "mean": "-theta"}],
        "estimate": ["theta"],
        "parameters": {"theta": "vector", "mu": "vector"},
    }
    return {**table, **keys}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (_vectors(observed=["x"]), "observed: coordinates are named in models without a dimension"),
        (_vectors(dimension="n"), "dimension: 'd', an integer"),
        (_vectors(dimension=0), "dimension: 'd', an integer"),
        (_vectors(dimension=10**9), "dimension: 'd', an integer"),
        (_vectors(dimension=[2, 5]), "dimension: 2 coordinates are written, and d = 2 has no other"),
        (_vectors(data=[{"weight": 1, "x": "normal(0, 1)"}]), r"data\[0\].x: unknown key"),
        (_vectors(data=[{"weight": 1, "mean": "mu + 1"}]), r"data\[0\].mean: 'mu [+] 1' is no vector"),
        (_vectors(data=[{"weight": 1, "mean": "e1*mu"}]), "is no vector"),
        (_vectors(data=[{"weight": 1, "mean": "exp(mu)"}]), "is no vector"),
        (_vectors(data=[{"weight": 1, "mean": "mu + e4"}]), "e4 is beyond reach"),
        (_vectors(data=[{"weight": 1, "mean": "theta + mu"}]), r"data\[0\].mean: theta is estimated"),
        (
            _vectors(fit={"weights": ["1"], "mean": ["theta"], "generator": [["1"]]}),
            "fit: a list of 1 to 24 components",
        ),
        (_vectors(parameters={"theta": "vector", "mu": "vector", "e1": "real"}), "parameters.e1: .*a unit vector"),
        (
            _vectors(parameters={"theta": "vector", "mu": {"domain": "vector", "default": "1"}}),
            "vectors are for models",
        ),
        (_with(parameters={**SCALES["parameters"], "theta": "vector"}), "theta.domain: vectors are for models"),
    ],
)
def test_what_is_no_model_in_every_dimension_says_where(table: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        read_model("m", table)


def test_vectors_have_their_coordinates_and_one_across() -> None:
    model = read_model("m", _vectors())
    assert (model.observed, model.estimate) == (("x1", "x2", "x3"), ("theta_1", "theta_2", "theta_3"))
    assert [law.arguments[0] for law in model.data[0].laws] == [*sympy.symbols("mu_1 mu_2", real=True), 0]
    line = read_model("m", _vectors(data=[{"weight": 1, "mean": "e1"}], parameters={"theta": "vector"}))
    assert line.observed == ("x1", "x2")
    assert read_model("m", _vectors(dimension=2)).observed == ("x1", "x2")
    assert model_of(model.text) == model


def test_frequencies_of_alleles_are_fitted_by_counting_genes() -> None:
    """Ceppellini, Siniscalco and Smith (1955): each homozygote has two of the genes, each heterozygote one."""
    weights = ("w**2", "2*w*(1 - w)", "(1 - w)**2")
    fit = [{"weight": weight, "x": f"normal({j}, 1)"} for j, weight in enumerate(weights)]
    data = [{"weight": "1", "x": "normal(0, 1)"}]
    model = read_model("genotypes", {"data": data, "fit": fit, "estimate": ["w"], "parameters": {"w": "unit"}})
    both, one = (Mean((0,), (j,)).symbol for j in (0, 1))
    assert sympy.expand(em_step(model).update["w"] - both - one / 2) == 0
