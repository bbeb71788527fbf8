"""The names of the package, models in Python, and what results show in a notebook."""

import doctest
import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path
from typing import Any

import pytest

import emtheory
from emtheory.numerics.sweep.cell import Row
from emtheory.reports.api.report import Report
from emtheory.reports.certificates.certificate import write_certificate
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.exit_code import ExitCode
from emtheory.theory.proof.derivation import Derivation
from emtheory.theory.proof.formula import Proposition
from emtheory.theory.proof.words import prose
from tests.reports.checking.test_model_files import MODELS, claim, write
from tests.reports.report.small_report import Page

ROOT = Path(__file__).parents[3]
VERBS = (
    *("certify_data", "certify_fit", "check", "derive", "evaluate"),
    *("replay", "report", "simulate", "sweep", "trajectory"),
)
HEAVY = ("sympy", "numpy", "flint", "mpmath", "click", "pydantic", "scipy", "emtheory.numerics", "emtheory.reports")


def test_importing_the_package_and_its_light_names_imports_nothing_else() -> None:
    """And whatever is imported later, the public names are shown alone."""
    code = (
        "import sys, emtheory; dir(emtheory), emtheory.__version__, emtheory.Claim, emtheory.DerivationError\n"
        f"print([name for name in {HEAVY} if name in sys.modules])\n"
        "from emtheory import evaluate; import emtheory.theory.claim, emtheory.reports.cli\n"
        "import emtheory.reports.api.evaluate as room; print(*dir(emtheory)); print('flint' in sys.modules)\n"
        "print(room.evaluate is evaluate, emtheory.theory.claim.Claim is emtheory.Claim)"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["[]", *sorted(emtheory.__all__), "True", "True", "True"]


def test_every_public_name_is_there() -> None:
    for name in set(emtheory.__all__) - {"__version__"}:
        value = getattr(emtheory, name)
        assert value.__name__ == name
        assert value.__doc__
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = emtheory.nothing


def test_errors_that_people_meet_are_public() -> None:
    from emtheory.numerics import errors as numerics_errors
    from emtheory.reports.checking import selection
    from emtheory.theory import errors as theory_errors

    for module in (numerics_errors, theory_errors, selection):
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, Exception):
                assert getattr(emtheory, name) is value


@pytest.mark.parametrize("verb", VERBS)
def test_the_example_of_each_verb(verb: str) -> None:
    (example,) = doctest.DocTestFinder(recurse=False).find(getattr(emtheory, verb), verb, globs={})
    failed, tried = doctest.DocTestRunner().run(example)
    assert failed == 0
    assert tried >= 1


def test_the_documented_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "api.md"), module_relative=False)
    assert failed == 0
    assert tried >= 1


@pytest.mark.long
def test_a_users_code_is_type_checked(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(
        "import emtheory\n"
        "text: str = emtheory.evaluate('spectral_gap', 2, ['1/2', '1/2']).value\n"
        "fine: bool = emtheory.check(emtheory.Claim('pi', 'pi > 3')).ok\n"
        "emtheory.evaluate('kl_divergence', 2, 'uniform', radius=0.5)\n"
        "emtheory.trajectory(2, [0.5, 0.5])\n"
        "emtheory.nothing_of_the_kind(3)\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--cache-dir", "cache", "user.py"]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    lines = [line.partition(": ")[0] for line in made.stdout.splitlines() if ": error: " in line]
    assert lines == ["user.py:4", "user.py:5", "user.py:5", "user.py:6"], made.stdout


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
    said = r"em_map\(p_2\) is not known: valid are em_map\(p_0\), em_map\(p_1\)"
    with pytest.raises(emtheory.InputError, match=said):
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
    assert [each.problem for each in emtheory.replay(tmp_path)] == [""]
    content = json.loads((tmp_path / str(name)).read_text())
    assert emtheory.Model.from_text(content["claim"]["family"]) == model


def test_a_changed_model_does_not_meet_an_old_verdict(tmp_path: Path) -> None:
    text = claim("em_map(theta) > theta", theta="1/2", mu="1", v="1").replace("1/2\n", '"1/2"\n')
    first = emtheory.check(write(tmp_path, text), cache=tmp_path / "cache")["a"]
    flatter = text.replace("normal(mu, 1)", "normal(mu/4, 1)").replace("normal(-mu, 1)", "normal(-mu/4, 1)")
    second = emtheory.check(write(tmp_path, flatter), cache=tmp_path / "cache")["a"]
    assert (first.verdict, second.verdict) == ("certified", "refuted")


HOSTILE = '</td></table><script>alert(1)</script><img src=x onerror="alert(2)">&\''


def results() -> Any:
    return emtheory.check(emtheory.Claim("a", "pi > 3"), emtheory.Claim("b", "contraction_factor < 1/2"))


def replays(folder: Path) -> Any:
    emtheory.check(emtheory.Claim("a", "pi > 3"), certificates=folder)
    (folder / "b.json").write_text("{}")
    return emtheory.replay(folder)


SHOWN: dict[str, Callable[[Path], Any]] = {
    "answer": lambda _: emtheory.evaluate("kl_divergence", 3, "uniform", radius=1, digits=10),
    "results": lambda _: results(),
    "record": lambda _: results()["b"],
    "derivation": lambda _: emtheory.derive("dft", 3),
    "trajectory": lambda _: emtheory.trajectory(4, "linear", radius=1, steps=2, digits=4),
    "sweep": lambda _: emtheory.sweep([2, 3], "linear", "spectral_gap"),
    "simulate": lambda _: emtheory.simulate(3, "linear", n=100, iterations=3, no_factor=True),
    "replay": replays,
    "report": lambda folder: Report(folder, ExitCode.OK, (("a", "proved", True),)),
}


KEPT = ("answer", "results", "trajectory", "sweep", "simulate")
NO_TRUTH_VALUE = ("answer", "results", "record", "replay", "report")


@pytest.mark.parametrize("name", SHOWN)
def test_results_are_whole_pieces_of_html_and_cannot_be_changed_but_kept(name: str, tmp_path: Path) -> None:
    shown = SHOWN[name](tmp_path)
    page = Page(shown._repr_html_())
    assert page.left_open == []
    assert page.tags.isdisjoint({"script", "style", "link", "iframe", "img"})
    assert not any(attribute.startswith("on") for attribute in page.attributes)
    assert "color" not in shown._repr_html_()
    assert page.text.strip()
    with pytest.raises(FrozenInstanceError):
        setattr(shown, fields(shown)[0].name, None)
    if name in KEPT:
        assert repr(pickle.loads(pickle.dumps(shown))) == repr(shown)  # noqa: S301 - our own
    if name in NO_TRUTH_VALUE:
        with pytest.raises(TypeError, match="no truth value"):
            bool(shown)


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    path = tmp_path / HOSTILE.replace("/", "")
    path.write_text("{}")
    results = emtheory.check(emtheory.Claim(HOSTILE, "contraction_factor < 1/2", title=HOSTILE))
    said = Proposition((), note=HOSTILE)
    for shown, times in (
        (replace(SHOWN["answer"](tmp_path), quantity=HOSTILE, value=HOSTILE, level=HOSTILE), 3),
        (results, 1),
        (results[HOSTILE], 1),
        (Derivation(HOSTILE, HOSTILE, said, HOSTILE, HOSTILE, 3, (prose(HOSTILE),)), 5),
        (replace(SHOWN["sweep"](tmp_path), rows=(Row(error=HOSTILE),) * 2), 1),
        (replace(SHOWN["simulate"](tmp_path), law=HOSTILE), 1),
        (emtheory.replay(path), 1),
        (Report(tmp_path, ExitCode.OK, ((HOSTILE, HOSTILE, True),)), 2),
    ):
        page = Page(shown._repr_html_())
        assert page.tags.isdisjoint({"script", "img"})
        assert page.text.count("alert(1)") >= times, type(shown)
