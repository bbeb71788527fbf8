"""Models in claims files: those of the documentation verbatim, and hostile ones, each an error with its place.

The worked models of examples/models: every claim comes out as it is expected.
"""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.api.check import check
from emtheory.reports.checking.claims_file import _ClaimTable, load_claims
from emtheory.reports.checking.model_files import load_models
from emtheory.reports.checking.selection import load_wanted
from emtheory.reports.decide.domain import read_claim
from emtheory.theory.mixtures.names import CLAIM_KEYS
from emtheory.theory.mixtures.reading import model_of
from tests.tiers import first_every_day

DOCUMENTED = """\
schema = 1

[models.scales]
title = "two normals whose variance is fitted too"
observed = ["x"]                                  # the default; up to three coordinates
data = [ { weight = "1/2", x = "normal(mu, 1)" }, { weight = "1/2", x = "normal(-mu, 1)" } ]
fit = [ { weight = "w", x = "normal(theta, v)" }, { weight = "1 - w", x = "normal(-theta, v)" } ]
estimate = ["theta", "v"]                         # what an EM step renews; the other parameters are known
parameters = { theta = "real", v = "positive", mu = "real", w = { domain = "unit", default = "1/2" } }

[models.two-regressions]
observed = ["x", "y"]
data = [ { weight = "1/2", x = "normal(0, 1)", y = "normal(truth*x, 1)" }, { weight = "1/2", x = "normal(0, 1)", y = "normal(-truth*x, 1)" } ]
fit = [ { weight = "1/2", x = "normal(0, 1)", y = "normal(theta*x, 1)" }, { weight = "1/2", x = "normal(0, 1)", y = "normal(-theta*x, 1)" } ]
estimate = ["theta"]
parameters = { theta = "real", truth = "real" }

[[claim]]
id = "contracts"
model = "scales"
statement = "em_rate < 9/10"
theta = "1"                                       # parameters as for families: a number, an expression, or a range of for_all
mu = "1"
for_all = { v = ["9/10", "11/10"] }
"""  # noqa: E501
MODELS = DOCUMENTED.partition("[[claim]]")[0]


def write(folder: Path, text: str, name: str = "some.claims.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def claim(statement: str, model: str = "scales", **keys: str) -> str:
    lines = [f"{key} = {value}" for key, value in keys.items()]
    return "\n".join([MODELS, "[[claim]]", 'id = "a"', f'model = "{model}"', f'statement = "{statement}"', *lines])


def test_the_documented_file_is_read(tmp_path: Path) -> None:
    (only,) = load_claims(write(tmp_path, DOCUMENTED))
    assert model_of(only.family).title == "two normals whose variance is fitted too"
    assert (dict(only.values), only.for_all["v"]) == ({"theta": "1", "mu": "1"}, ("9/10", "11/10"))
    question = read_claim(only)
    assert [call.label for call in question.comparison.operands[:1]] == ["em_rate"]  # type: ignore[union-attr]
    assert set(load_models([write(tmp_path, MODELS)])) == {"scales", "two-regressions"}
    # No parameter has the name of a key of claims.
    assert {name for name, each in _ClaimTable.model_fields.items() if not each.exclude} <= set(CLAIM_KEYS)
    (wide,) = load_claims(write(tmp_path, claim("em_rate < 9", theta="1", mu="1", v="1", for_all="{ w = [0, 1] }")))
    assert str(read_claim(wide).spans["w"]) == "(0, 1)"


def test_models_may_stand_in_files_that_are_listed_or_given(tmp_path: Path) -> None:
    alone = 'schema = 1\nmodel_files = ["scales.toml"]\n' + DOCUMENTED.replace(MODELS, "")
    path = write(tmp_path, alone)
    with pytest.raises(InputError, match=r"scales\.toml: cannot be read"):
        load_claims(path)
    models = write(tmp_path, MODELS, "scales.toml")
    (only,) = load_claims(path)
    assert only.model_file == str(models)
    path = write(tmp_path, alone.replace('model_files = ["scales.toml"]\n', ""))
    with pytest.raises(InputError, match="unknown model 'scales': there are none: write a table"):
        load_claims(path)
    assert load_claims(path, models=load_models([models]))[0].family == only.family
    write(tmp_path, MODELS.replace('"normal(theta, v)"', '"normal(theta, 2*v)"'), "scales.toml")
    with pytest.raises(InputError, match=r"model 'scales' is another one in .*scales\.toml"):
        load_claims(write(tmp_path, f'schema = 1\nmodel_files = ["scales.toml"]\n{MODELS.partition("1")[2]}'))
    write(tmp_path, f'model_files = ["scales.toml"]\n{MODELS}', "scales.toml")
    with pytest.raises(InputError, match="unknown key 'model_files'"):
        load_claims(write(tmp_path, alone))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (claim("em_rate < 1", model="scale", theta="1"), "unknown model 'scale': did you mean scales"),
        (claim("em_rate < 1", theta="1", family='"two-means"'), "family and model: give one of them"),
        (claim("em_rate < 1", theta="1", mu="1", v="1", k="3"), "a claim on a model has neither k nor weights"),
        (claim("em_rate < 1", theta="1", mu="1", v="1", nu="3"), "unknown key 'nu'"),
        (claim("em_rate < 1", theta="1", mu="1"), "em_rate needs v"),
        (claim("em_map < 1", theta="1", mu="1", v="1"), "column 1: em_map of which estimated parameters"),
        (claim("em_rate < 1", theta="1", mu="1", v="-1"), "v = -1 is not above 0"),
        (claim("em_rate < 1", theta="1", mu="1", v="'sqrt(2) - 2'"), "is not above 0"),
        (claim("em_rate < 1", theta="1", mu="'spectral_gap'", v="1"), "spectral_gap is not part of a value"),
        (claim("em_rate < 1", theta="1", mu="'log(-2)'", v="1"), "this is not a real number"),
        (claim("em_rate < 1", theta="1", mu="1", for_all="{ v = [-1, 1] }"), r"for_all v = \[-1, 1\]: v is above 0"),
        (claim("em_rate < 1", theta="1", mu="1", v="1", for_all="{ s = [0, 2] }"), "nothing in the statement depends"),
        (MODELS.replace("schema = 1", "schema = 1\nmodel_files = [3]"), "model_files: a list of paths"),
        ("schema = 1\nmodels = 3", r"models: tables \[models\.NAME\]"),
        (MODELS.replace("[models.scales]", "[models.two-means]"), "this name is that of a family"),
    ],
)
def test_what_is_wrong_with_a_claim_on_a_model(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        load_claims(write(tmp_path, text))
    assert '{"' not in str(error.value)


def test_an_m_step_that_has_no_closed_form_says_where(tmp_path: Path) -> None:
    text = MODELS.replace("normal(theta, v)", "normal(theta, 1 + theta**2)")
    with pytest.raises(InputError, match=r"some\.claims\.toml:3:2: model 'scales': the M-step has no"):
        load_claims(write(tmp_path, text))
    for formula in ("exp(theta)", "2 + sin(theta*mu)", "abs(theta)", "1 + log(v)**2"):
        text = MODELS.replace("normal(theta, v)", f"normal(theta, 1 + {formula})")
        with pytest.raises(InputError, match=r"toml:7:\d+: model 'scales': fit\[0\]\.x: \w+ is estimated and"):
            load_claims(write(tmp_path, text))


def test_a_malformed_model_holds_up_the_whole_file_but_no_selected_claim_on_others(tmp_path: Path) -> None:
    text = DOCUMENTED.replace("normal(theta*x, 1)", "normal(theta*x, 0)")
    other = '[[claim]]\nid = "other"\nmodel = "two-regressions"\nstatement = "em_rate < 1"\ntheta = 1\ntruth = 1\n'
    path = write(tmp_path, text + other)
    for wanted in (None, lambda name: name != "contracts"):
        with pytest.raises(InputError, match=r"model 'two-regressions': .*not positive"):
            load_claims(path, wanted)
    assert [each.id for each in load_claims(path, lambda name: name == "contracts")] == ["contracts"]
    assert [each.id for _, each in load_wanted([path], ["contracts"])] == ["contracts"]


HOSTILE = (
    *("__import__('os').system('touch SENTINEL')", "open('SENTINEL', 'w')", "theta.__class__.__mro__", "(lambda: 0)()"),
    *("[v for v in (1, 2)]", "9**9**9**9", "(((1 + v)**12)**12)**12", "exp(exp(exp(9)))", "1e999999", "1" * 3000),
    *("(" * 300, "-" * 1000 + "1", "sqrt(" * 40 + "2" + ")" * 40, "\0", "nan", "-inf", "<script>alert(1)</script>"),
    *("theta if theta else v", "theta; v", "f'{v}'", "(v := 1)", "not v", "0x10", "1_000", "True", "*v", ""),
    "abs(sqrt(2) + sqrt(3) - sqrt(5) - sqrt(7) + sqrt(11))/0",
)


def _with_orbit(parts: str, weight: str = '"w"') -> str:
    fit = f'fit = {{ weights = [{weight}, "1 - w"], {parts}, variance = "v" }}'
    return re.sub(r"fit = .*theta, v\)\" \} \]", lambda _: fit, MODELS, count=1)


SLOTS: dict[str, Callable[[str], str]] = {
    "weight": lambda given: MODELS.replace('weight = "w"', f"weight = {given}", 1),
    "weight of data": lambda given: MODELS.replace('weight = "1/2"', f"weight = {given}", 1),
    "law": lambda given: MODELS.replace('x = "normal(theta, v)"', f"x = {given}", 1),
    "mean": lambda given: MODELS.replace('"normal(theta, v)"', f'"normal({given[1:-1]}, v)"', 1),
    "variance": lambda given: MODELS.replace('"normal(theta, v)"', f'"normal(theta, {given[1:-1]})"', 1),
    "estimate": lambda given: MODELS.replace('"theta", "v"]', f'"theta", {given}]', 1),
    "parameter": lambda given: MODELS.replace('mu = "real"', f'mu = "real", {given} = "real"', 1),
    "domain": lambda given: MODELS.replace('mu = "real"', f"mu = {given}", 1),
    "default": lambda given: MODELS.replace('default = "1/2"', f"default = {given}", 1),
    "observed": lambda given: MODELS.replace('["x", "y"]', f'["x", {given}]', 1),
    "coordinate": lambda given: MODELS.replace('y = "normal(theta*x', f'{given} = "normal(theta*x', 1),
    "name": lambda given: MODELS.replace("[models.scales]", f"[models.{given}]", 1),
    "shorthand": lambda given: f"{MODELS}definitions = {{ short = {given} }}\n",
    "dimension": lambda given: f"{MODELS}dimension = {given}\n",
    "generator": lambda given: _with_orbit(f'mean = ["theta"], generator = [[{given}]]'),
    "maps": lambda given: _with_orbit(f'mean = ["theta"], maps = [[["1"]], [[{given}]]]'),
    "mean of an orbit": lambda given: _with_orbit(f'mean = [{given}], generator = [["-1"]]'),
    "weight of an orbit": lambda given: _with_orbit('mean = ["theta"], generator = [["-1"]]', given),
}
CASES = [(slot, text) for slot in SLOTS for text in HOSTILE if slot != "name" or not re.fullmatch(r"\w{1,61}", text)]


def test_hostile_models_are_errors_with_their_places(tmp_path: Path) -> None:
    sentinel = tmp_path / "sentinel"
    for slot, hostile in CASES[::5]:
        path = write(tmp_path, SLOTS[slot](json.dumps(hostile.replace("SENTINEL", str(sentinel)))))
        start = time.process_time()
        with pytest.raises(InputError) as error:
            load_claims(path)
        assert time.process_time() - start < 5
        assert not sentinel.exists()
        for line in str(error.value).split("\n"):
            assert re.match(rf"{re.escape(str(path))}:\d+:\d+: model ['\"]", line), line


def test_an_m_step_of_high_degree_is_refused_soon(tmp_path: Path) -> None:
    fit = 'fit = [ { weight = "w", x = "normal(exp(3/10) + theta, 6 + mu + theta)" }, '
    text = re.sub(r"fit = .*theta, v\)\" \}, ", lambda _: fit, MODELS, count=1)
    text = text.replace('"normal(-theta, v)"', '"normal(2 + theta + mu, theta*mu + v + w)"')
    start = time.process_time()
    with pytest.raises(InputError, match="the M-step has no solution in closed form for theta, v"):
        load_claims(write(tmp_path, text))
    assert time.process_time() - start < 30


WORKED = sorted((Path(__file__).resolve().parents[3] / "examples" / "models").glob("*.toml"), reverse=True)


@pytest.mark.parametrize("path", first_every_day(2, WORKED), ids=lambda path: path.stem)
def test_claims_come_out_as_expected(path: Path) -> None:
    results = check(str(path))
    assert [(record.id, record.reason) for record in results if not record.ok] == []
    assert any(record.expected == "refuted" for record in results)
