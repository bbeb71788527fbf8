"""Tables to models: those of the documentation verbatim, and what is none says where and why."""

import copy
import json
import pickle
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import sympy

from emtheory.theory.errors import InputError, ModelError
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


def test_a_model_is_read() -> None:
    model = read_model("scales", SCALES)
    theta, v, w = sympy.Symbol("theta", real=True), *sympy.symbols("v w", positive=True)
    assert model.estimated == (theta, v)
    assert [each.name for each in model.parameters] == ["theta", "v", "mu", "w"]
    assert model.parameters[-1].default == "1/2"
    assert [each.weight for each in model.fit] == [w, 1 - w]
    assert model.fit[1].laws[0].arguments == (-theta, v)


def test_a_mean_may_be_linear_in_earlier_coordinates() -> None:
    model = read_model("two-regressions", REGRESSIONS)
    assert str(model.fit[1].laws[1].arguments[0]) == "-theta*x"


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
    "weights", [("w**2", "1 - w**2"), ("exp(mu)/(1 + exp(mu))", "1/(1 + exp(mu))"), ("1/sqrt(2)", "1 - sqrt(2)/2")]
)
def test_weights_that_sum_to_one_in_other_forms_are_accepted(weights: tuple[str, str]) -> None:
    table = copy.deepcopy(dict(SCALES))
    for component, weight in zip(table["fit"], weights, strict=True):
        component["weight"] = weight
    table["data"][0]["x"] = "normal(mu + w, 1)"
    assert isinstance(read_model("scales", table), MixtureModel)


def _set(*keys: Any) -> Callable[[Any], None]:
    """What puts the last of `keys` where the others lead, or for None removes what is there."""
    *path, last, value = keys

    def change(table: Any) -> None:
        for key in path:
            table = table[key]
        if value is None:
            del table[last]
        else:
            table[last] = value

    return change


MALFORMED = [
    ("unknown", _set("datum", []), "datum: unknown key: did you mean data?"),
    ("no data", _set("data", None), "data is missing"),
    ("no estimate", _set("estimate", None), "estimate is missing"),
    ("title", _set("title", "two\nlines"), "title: a line"),
    ("float", _set("fit", 0, "weight", 0.5), r"fit\[0\]\.weight: weight = 0.5 is a binary float"),
    ("bool", _set("fit", 0, "weight", True), r"fit\[0\]\.weight: .*not an exact number"),
    ("observed text", _set("observed", "x"), "observed: a list"),
    ("four coordinates", _set("observed", ["x", "y", "z", "u"]), "observed: a list of 1 to 3"),
    ("coordinate twice", _set("observed", ["x", "x"]), r"observed\[1\]: 'x': this name is that of a coordinate"),
    ("coordinate j", _set("observed", ["j"]), r"observed\[0\]: 'j': .*an argument of posterior"),
    ("coordinate weight", _set("observed", ["weight"]), r"observed\[0\]: .*a key of components"),
    ("missing law", _set("observed", ["x", "y"]), r"data\[0\]: y is missing"),
    ("component key", _set("fit", 1, "z", "normal(0, 1)"), r"fit\[1\]\.z: unknown key"),
    ("component", _set("fit", 0, "normal"), r"fit\[0\]: a table"),
    ("no component", _set("fit", []), "fit: a list"),
    ("distribution", _set("fit", 0, "x", "norml(theta, v)"), r"fit\[0\]\.x: column 1: .*did you mean normal"),
    ("arity", _set("fit", 0, "x", "normal(theta)"), r"fit\[0\]\.x: column 1: 1 argument is given, and normal\(mean, v"),
    ("named", _set("fit", 0, "x", "normal(mean=theta, variance=v)"), r"column 8: arguments are given by their place"),
    ("no call", _set("fit", 0, "x", "theta"), r"fit\[0\]\.x: column 1: 'theta' is no distribution"),
    ("law a number", _set("fit", 0, "x", 3), r"fit\[0\]\.x: column 1: '3' is no distribution"),
    ("law a list", _set("fit", 0, "x", ["normal(0, 1)"]), r"fit\[0\]\.x: text is wanted"),
    ("undeclared", _set("fit", 0, "x", "normal(thet, v)"), r"fit\[0\]\.x: column 8: unknown name 'thet': did you mean"),
    (
        "own coordinate",
        _set("fit", 0, "x", "normal(x, v)"),
        r"column 8: the mean of x, x, depends on x, which is not an",
    ),
    ("variance of x", _set("fit", 0, "x", "normal(theta, x**2)"), r"column 15: .*only the mean of a normal law"),
    ("variance", _set("fit", 0, "x", "normal(theta, 1 - 2)"), r"column 15: the variance of x, -1, is not positive"),
    ("variance 0", _set("data", 0, "x", "normal(mu, 0)"), "the variance of x, 0, is not positive"),
    ("variance −v", _set("fit", 0, "x", "normal(theta, -v)"), "the variance of x, -v, is not positive"),
    ("laplace fit", _set("fit", 0, "x", "laplace(theta, v)"), "laplace is for data alone"),
    ("sum", _set("fit", 1, "weight", "w"), r"fit: the weights sum to 2\*w, not to 1"),
    ("sum of numbers", _set("data", 1, "weight", "2/5"), "data: the weights sum to 9/10, not to 1"),
    (
        "negative",
        _set("data", 1, "weight", "-1/2"),
        r"data\[1\]\.weight: the weight -1/2 of component 1 is not positive",
    ),
    ("zero", _set("data", 0, "weight", "0"), r"data\[0\]\.weight: the weight 0 of component 0 is not positive"),
    ("weight of x", _set("fit", 0, "weight", "x"), r"fit\[0\]\.weight: column 1: unknown name 'x'"),
    ("estimated in data", _set("data", 0, "x", "normal(theta, 1)"), r"data\[0\]\.x: theta is estimated"),
    ("estimated weight", _set("data", [{"weight": "v/v", "x": "normal(0, v)"}]), r"data\[0\]\.x: v is estimated"),
    ("nothing estimated", _set("estimate", []), "estimate: a list"),
    ("unknown estimate", _set("estimate", ["theta", "nu"]), r"estimate\[1\]: 'nu' is no parameter"),
    ("estimate twice", _set("estimate", ["v", "v"]), r"estimate\[1\]: v is named twice"),
    ("estimate unused", _set("estimate", ["theta", "v", "mu"]), r"data\[0\]\.x: mu is estimated"),
    ("unused", _set("parameters", "nu", "real"), r"parameters\.nu: nu stands neither in the data nor in the fit"),
    ("domain", _set("parameters", "mu", "reel"), r"parameters\.mu\.domain: unknown domain 'reel': did you mean real\?"),
    ("domain key", _set("parameters", "w", "size", "3"), r"parameters\.w\.size: unknown key"),
    ("default", _set("parameters", "w", "default", "1"), r"parameters\.w\.default: 1 is not between 0 and 1"),
    ("default of v", _set("parameters", "v", {"domain": "positive", "default": "0"}), "0 is not above 0"),
    ("default of mu", _set("parameters", "mu", {"domain": "real", "default": "theta"}), "unknown name 'theta'"),
    ("simplex", _set("parameters", "w", {"domain": "simplex"}), r"parameters\.w: size is missing"),
    (
        "simplex size",
        _set("parameters", "w", {"domain": "simplex", "size": 1}),
        r"parameters\.w\.size: an integer from 2",
    ),
    ("key of claims", _set("parameters", "k", "real"), r"parameters\.k: 'k': this name is that of a key of claims"),
    ("function", _set("parameters", "exp", "real"), r"parameters\.exp: .*a function"),
    ("law", _set("parameters", "normal", "real"), r"parameters\.normal: .*a function"),
    ("quantity", _set("parameters", "score", "real"), r"parameters\.score: .*a quantity"),
    ("a coordinate", _set("parameters", "x", "real"), r"parameters\.x: .*a coordinate"),
    (
        "lambda",
        _set("parameters", "lambda", "real"),
        r"parameters\.lambda: 'lambda': this word is reserved in formulas",
    ),
    ("amplitude", _set("parameters", "amplitude_1", "real"), r"parameters\.amplitude_1: .* those of amplitudes"),
    ("letters", _set("parameters", "θ", "real"), r"parameters\.θ: 'θ': a name has"),
    ("parameters", _set("parameters", ["theta"]), "parameters: a table"),
    ("mixed fit", _set("fit", 1, "x", "exponential(v)"), r"fit\[1\]\.x: x is exponential here and normal in the first"),
    ("counts for lines", _set("data", 1, "x", "poisson(1)"), r"data\[1\]\.x: poisson data .* a fit by normal laws"),
]


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in MALFORMED], ids=[case[0] for case in MALFORMED])
def test_what_is_no_model_says_where_and_why(change: Callable[[Any], None], message: str) -> None:
    table = copy.deepcopy(dict(SCALES))
    change(table)
    with pytest.raises(ModelError, match=message) as error:
        read_model("scales", table)
    assert str(error.value) == str(pickle.loads(pickle.dumps(error.value)))  # noqa: S301


@pytest.mark.parametrize(
    ("law", "message"),
    [
        ("normal(theta*x**2, 1)", "is not linear in x"),
        ("normal(exp(x), 1)", "is not linear in x"),
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
