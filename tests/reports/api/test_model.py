"""Models in Python, and everything about one that people see: its name and no definition."""

import json
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import emtheory
from emtheory.reports.certificates.certificate import write_certificate
from emtheory.reports.decide.claim import decide_claim
from tests.reports.checking.test_model_files import MODELS, claim, write

TWO_MEANS: Mapping[str, Any] = {
    "data": [{"weight": "1/2", "x": "normal(mu, 1)"}, {"weight": "1/2", "x": "normal(-mu, 1)"}],
    "fit": [{"weight": "1/2", "x": "normal(theta, 1)"}, {"weight": "1/2", "x": "normal(-theta, 1)"}],
    "estimate": ["theta"],
    "parameters": {"theta": "real", "mu": "real"},
}


def test_a_model_made_in_python_is_that_of_a_file(tmp_path: Path) -> None:
    read = emtheory.models(write(tmp_path, MODELS))["two-regressions"]
    made = emtheory.Model(
        observed=["x", "y"],
        data=[{"weight": "1/2", "x": "normal(0, 1)", "y": f"normal({sign}truth*x, 1)"} for sign in ("", "-")],
        fit=[{"weight": "1/2", "x": "normal(0, 1)", "y": f"normal({sign}theta*x, 1)"} for sign in ("", "-")],
        estimate=["theta"],
        parameters={"truth": "real", "theta": "real"},
        name="two-regressions",
    )
    assert (made, hash(made), made.text) == (read, hash(read), read.text)
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301
    assert repr(made) == "<Model two-regressions: theta, truth; EM renews theta>"
    with pytest.raises(AttributeError, match="a model is not changed"):
        made.name = "other"  # type: ignore[misc]


def test_values_agree_with_the_family_that_comes_with_the_package() -> None:
    model = emtheory.Model(**TWO_MEANS)
    ours = model.evaluate("em_iterate(theta, t=3)", at={"theta": "7/10", "mu": "6/5"}, digits=30)
    known = emtheory.evaluate("em_iterate", family="two-means", separation="6/5", start="7/10", t=3, digits=30)
    assert (ours.value, ours.level, ours.quantity) == (known.value, "certified", "em_iterate(theta)")
    assert model.evaluate("em_map", {"theta": "0.7", "mu": "1.2"}, digits=9).enclosure.midpoint != 0


def test_a_statement_may_speak_of_the_last_weight_of_a_simplex() -> None:
    model = emtheory.Model(
        data=[{"weight": 1, "x": "normal(0, 1)"}],
        fit=[{"weight": f"p_{j}", "x": f"normal({mean}, 1)"} for j, mean in enumerate((-1, 0, 1))],
        estimate=["p"],
        parameters={"p": {"domain": "simplex", "size": 3, "default": ["1/4", "1/2", "1/4"]}},
    )
    statements = {"p_2 == 1/4": "proved", "em_map(p_0) > p_2/2": "certified", "em_map(p_1) < p_2": "refuted"}
    claims = [emtheory.Claim(text, text, k=(), family=model.text) for text in statements]
    assert {record.id: record.verdict for record in emtheory.check(claims)} == statements
    with pytest.raises(
        emtheory.InputError, match=r"em_map\(p_2\) is not known: valid are em_map\(p_0\), em_map\(p_1\)"
    ):
        model.evaluate("em_map(p_2)")


def test_what_is_no_quantity_point_or_model_says_where() -> None:
    point = {"theta": 1, "mu": 1}
    for quantity, at, message in (
        ("em_map(mu)", point, r"em_map\(mu\) is not known: valid are em_map\(theta\)"),
        ("em_rate(theta)", point, "em_rate takes no arguments"),
        ("posterior(0, 1)", point, r"arguments of a quantity are given by name: posterior\(j=…, x=…\)"),
        ("em_iterate(theta, t=1/2)", point, "t = 1/2 must be an integer"),
        ("em_iterate(theta, t=theta)", point, "unknown name 'theta'"),
        ("em_map + 1", point, "is no quantity"),
        ("", point, "the quantity is empty"),
        ("em_rate", {"theta": 1}, "em_rate needs mu"),
        ("em_rate", point | {"nu": 1}, "'nu' is no variable of model: it has theta, mu"),
        ("em_rate", point | {"theta": 0.5}, "theta = 0.5 is a binary float"),
    ):
        with pytest.raises(emtheory.InputError, match=message) as error:
            emtheory.Model(**TWO_MEANS).evaluate(quantity, at)
        assert '{"' not in str(error.value)
    with pytest.raises(emtheory.InputError, match=r"^fit\[1\]\.x: column 8: unknown name 'thet'"):
        emtheory.Model(**{**TWO_MEANS, "fit": [TWO_MEANS["fit"][0], {"weight": "1/2", "x": "normal(thet, 1)"}]})


@pytest.mark.parametrize(("operator", "outcome"), [(">", "certified"), ("<", "refuted")])
def test_a_claim_on_a_model_is_decided_certified_and_replayed(tmp_path: Path, operator: str, outcome: str) -> None:
    model = emtheory.Model(**TWO_MEANS)
    values = {"theta": "sqrt(2)/3", "mu": "1"}
    made = emtheory.Claim("a", f"em_map(theta) {operator} theta", k=(), family=model.text, values=values)
    record = emtheory.check(made)["a"]
    assert (record.verdict, '{"' in json.dumps(record.reason)) == (outcome, False)
    assert record.as_json()["domain"] == {**values, "model": "model", "for_all": {}, "covered": "every case"}
    name = write_certificate(tmp_path, made, decide_claim(made))
    assert name is not None
    replayed = emtheory.replay(tmp_path)
    assert [each.problem for each in replayed] == [""]
    content = json.loads((tmp_path / name).read_text())
    assert emtheory.Model.from_text(content["claim"]["family"]) == model


def test_a_changed_model_does_not_meet_an_old_verdict(tmp_path: Path) -> None:
    text = claim("em_map(theta) > theta", theta="1/2", mu="1", v="1").replace("1/2\n", '"1/2"\n')
    first = emtheory.check(write(tmp_path, text), cache=tmp_path / "cache")["a"]
    flatter = text.replace("normal(mu, 1)", "normal(mu/4, 1)").replace("normal(-mu, 1)", "normal(-mu/4, 1)")
    second = emtheory.check(write(tmp_path, flatter), cache=tmp_path / "cache")["a"]
    assert (first.verdict, second.verdict) == ("certified", "refuted")
