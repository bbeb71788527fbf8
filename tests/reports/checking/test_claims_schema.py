"""The JSON schema of claims files takes what the program takes, and editors mark what the program refuses."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from emtheory.reports.checking.claims_file import SCHEMA_FILE, claims_schema

ROOT = Path(__file__).parents[3]
SCHEMA = Draft202012Validator(json.loads(claims_schema()))
FILES = [
    ROOT / "reports" / "commands" / "templates" / "claims.toml",
    *sorted((ROOT / "examples").rglob("*.toml")),
    *(ROOT / "tests" / "corpus" / f"{name}.toml" for name in ("exact", "intervals", "points")),
]
CLAIM = {"id": "a", "statement": "spectral_gap > 0", "k": 3, "weights": "linear"}
NOT_OF_SHAPE = {"table-8", "table-26", "table-31", "table-66", "table-71", "table-72"}
"""3.0 for 3, an empty table of variables, intervals for none, names of families: a schema has them as another does."""


def read(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_it_is_published() -> None:
    """If this fails, run `emtheory claims --docs docs`."""
    assert (ROOT / "docs" / "schemas" / SCHEMA_FILE).read_text(encoding="utf-8") == claims_schema()
    Draft202012Validator.check_schema(json.loads(claims_schema()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_that_the_program_takes_are_valid(path: Path) -> None:
    document = read(path)
    SCHEMA.validate({**document, "claim": document.get("claim", [])[:20]})


def test_tables_that_the_program_refuses_are_not() -> None:
    malformed = read(ROOT / "tests" / "corpus" / "malformed_tables.toml")["claim"]
    taken = {claim.get("id") for claim in malformed if SCHEMA.is_valid({"schema": 1, "claim": [claim]})}
    assert taken == NOT_OF_SHAPE


@pytest.mark.parametrize(
    ("changed", "valid"),
    [
        ({}, True),
        ({"theta": "1"}, False),
        ({"k": None, "weights": None, "family": "two-means", "theta": "1"}, True),
        ({"weights": None}, False),
        ({"expects": "refuted"}, False),
        ({"expect": "false"}, False),
        ({"values": {"theta": "1"}}, False),
        ({"weights": [0.5, "1/4", 1]}, True),
        ({"weights": [[1]]}, False),
        ({"for_all": {"radius": [0, "inf"], "amplitudes": [[0, 1], [0, "1/2"]]}}, True),
        ({"for_all": {"radius": [0]}}, False),
    ],
)
def test_a_claim_with_a_key_changed(changed: Mapping[str, Any], valid: bool) -> None:
    claim = {name: value for name, value in (CLAIM | changed).items() if value is not None}
    assert SCHEMA.is_valid({"schema": 1, "claim": [claim]}) == valid
    assert not SCHEMA.is_valid({"schema": 2, "claim": [claim]})
    assert not SCHEMA.is_valid({"schema": 1, "claims": [claim]})


def test_models_have_their_keys_and_no_others() -> None:
    model = read(ROOT / "examples" / "models" / "poisson.toml")["models"]
    assert SCHEMA.is_valid({"schema": 1, "models": model})
    ((name, table),) = model.items()
    assert not SCHEMA.is_valid({"schema": 1, "models": {name: table | {"fits": []}}})
    assert not SCHEMA.is_valid({"schema": 1, "models": {name: {"data": []}}})
