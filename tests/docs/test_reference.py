"""The reference: what the commands print is valid by the JSON schemas, and every public name is described."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import emtheory
from emtheory.reports.cli import main

pytestmark = pytest.mark.usefixtures("no_workers")

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
CLAIMS = """\
schema = 1
[[claim]]
id = "true"
statement = "spectral_gap == 1/12"
k = 3
weights = "linear"
[[claim]]
id = "false"
statement = "posterior_power(m=1) > 1/10"
k = 3
weights = "one-heavy:1/2"
for_all = { radius = [0, 5] }
"""
FREE = """\
schema = 1
[[claim]]
id = "gap"
statement = "spectral_gap >= c"
k = 3
weights = "linear"
sharpen = { constant = "c", side = "largest", between = ["0", "1"] }
"""
MODELS = """\
schema = 1
[models.one]
data = [ { weight = 1, x = "normal(0, 1)" } ]
fit = [ { weight = "1/2", x = "normal(theta, 1)" }, { weight = "1/2", x = "normal(-theta, 1)" } ]
estimate = ["theta"]
parameters = { theta = "real" }
"""
POINTS = str(SCHEMAS.parents[1] / "examples" / "points.csv")
GALAXIES = str(SCHEMAS.parents[1] / "examples" / "data" / "galaxies.csv")
FIT = {"covariance_type": "tied", "weights": [0.5, 0.5], "means": [[-1, 0], [1, 0]], "covariances": [[1, 0], [0, 1]]}
CASE = ("--k", "3", "--weights", "linear")

COMMANDS = [
    ("evaluate", ("evaluate", "kl_divergence", *CASE, "--radius", "1", "--digits", "5")),
    ("evaluate", ("evaluate", "dft_modulus", *CASE, "--set", "m=1", "--route", "float")),
    ("evaluate", ("evaluate", "em_map", "--models", "MODELS", "--at", "theta=sqrt(2)", "--digits", "5")),
    ("atlas", ("atlas", "--select", "separation-needed", "--points", "2", "--out", "REPORT")),
    ("error", ("evaluate", "kl_divergence", *CASE)),
    ("trajectory", ("trajectory", *CASE, "--radius", "1", "--steps", "1")),
    ("check", ("check", "FILE", "--badge", "BADGE")),
    ("sweep", ("sweep", "--models", "MODELS", "--at", "theta=1,2", "--quantity", "em_rate", "--jobs", "1")),
    ("certify-data", ("certify-data", POINTS, "--k", "2", "--weights", "7/10,3/10", "--radius", "1")),
    ("certify-fit", ("certify-data", POINTS, "--sklearn", "FIT")),
    ("certify-fit", ("certify-data", GALAXIES, "--models", "MODELS", "--at", "theta=1")),
    ("certify-fit", ("certify-data", POINTS, "--sklearn", "FLAT")),
    ("npmle", ("npmle", GALAXIES, "--gap", "1e-3", "--no-locate")),
    ("simulate", ("simulate", *CASE, "--n", "100", "--iterations", "1", "--no-factor")),
    ("experiment", ("simulate", "--experiment", "unknown-covariance")),
    ("derive", ("derive", "convexity-two")),
    ("derivations", ("derive",)),
    ("export", ("export", "uniform-dft/two", "--rocq", "--out", "ROCQ")),
    ("sharpen", ("sharpen", "FREE", "--digits", "2", "--jobs", "1")),
    ("report", ("report", "--select", "uniform-dft", "--quick", "--no-cache", "--jobs", "1", "--out", "REPORT")),
    ("quantities", ("quantities",)),
    ("claims", ("claims", "--select", "lemma-*")),
]


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture
def printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """A command's document, its words in capitals being files of the folder."""
    flat = FIT | {"means": [[0, 0], [0, 0]]}
    written = {"FILE": CLAIMS, "FREE": FREE, "MODELS": MODELS, "FIT": json.dumps(FIT), "FLAT": json.dumps(flat)}
    for name, text in written.items():
        (tmp_path / name).with_suffix(".toml" if "schema" in text else ".json").write_text(text, encoding="utf-8")
    names = {name: str(next(tmp_path.glob(f"{name}.*"))) for name in written}
    names |= {name: str(tmp_path / name) for name in ("BADGE", "REPORT", "ROCQ")}

    def run(arguments: tuple[str, ...]) -> Any:
        main([*(names.get(argument, argument) for argument in arguments), "--json"])
        return json.loads(capsys.readouterr().out)

    return run


@pytest.mark.parametrize(("name", "arguments"), COMMANDS, ids=[" ".join(arguments) for _, arguments in COMMANDS])
def test_documents_are_valid_and_changed_ones_are_not(
    printed: Callable[..., Any], name: str, arguments: tuple[str, ...]
) -> None:
    document, valid = printed(arguments), validator(name)
    valid.validate(document)
    assert [changed for changed in wrong(document) if valid.is_valid(changed)] == []


def wrong(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the document without each of its keys, and with binary floats in place of numbers as text."""
    for key in document:
        yield {name: value for name, value in document.items() if name != key}
    for key in ("value", "lower", "contraction_factor"):
        if document.get(key) is not None:
            yield {**document, key: 0.5}
    if document.get("observed_factor"):
        yield {**document, "predicted_factor": "0.5"}
    if document.get("entries"):
        yield {**document, "entries": [{**document["entries"][0], "verdict": "perhaps"}]}
    if "claims" in document:
        changed = copy.deepcopy(document)
        changed["claims"][0]["expected"] = "perhaps"
        yield changed
    for name in ("comparisons", "diagrams", "steps", "statements"):
        if name in document:
            changed = copy.deepcopy(document)
            changed[name][0].popitem()
            yield changed
    yield {**document, "schema": 2}


def test_badges_and_certificates(printed: Callable[..., Any], tmp_path: Path) -> None:
    printed(("check", "FILE", "--badge", "BADGE", "--certificates", str(tmp_path / "made")))
    validator("badge").validate(json.loads((tmp_path / "BADGE").read_text(encoding="utf-8")))
    validator("replay").validate(printed(("replay", str(tmp_path / "made"))))
    document, valid = printed(("verify", str(tmp_path / "made"))), validator("verify")
    valid.validate(document)
    assert len(document["certificates"]) == 2
    assert [changed for changed in wrong(document) if valid.is_valid(changed)] == []


def test_a_run_in_which_all_is_fitted(printed: Callable[..., Any]) -> None:
    model = ("--means", "free", "--covariance", "full", "--unknown-weights", "--lloyd", "--law", "laplace")
    run = ("simulate", *CASE, "--n", "100", "--iterations", "1", "--no-factor", *model)
    document, valid = printed(run), validator("simulate")
    valid.validate(document)
    assert {"law", "variance", "model", "lloyd"} <= set(document)
    del document["trajectory"][0]["weights"]
    assert not valid.is_valid(document)


def test_every_schema_is_listed_and_tried() -> None:
    names = {path.name.removesuffix(".schema.json") for path in SCHEMAS.iterdir()}
    assert names == {name for name, _ in COMMANDS} | {"badge", "replay", "verify", "claims-file"}
    page = (SCHEMAS.parent / "reference" / "json.md").read_text(encoding="utf-8")
    assert all(f"../schemas/{name}.schema.json" in page for name in names)


def test_every_public_name_is_in_the_reference() -> None:
    page = (SCHEMAS.parent / "reference" / "python.md").read_text(encoding="utf-8")
    for name in set(emtheory.__all__) - {"__version__"}:
        assert f"::: {getattr(emtheory, name).__module__}.{name}\n" in page
