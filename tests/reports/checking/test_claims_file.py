import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from emtheory.numerics.errors import InputError
from emtheory.reports.checking.claims_file import SCHEMA_FILE, claims_schema, load_claims
from emtheory.reports.decide.claim import decide_claim

VALID = Path(__file__).with_name("valid.toml").read_text(encoding="utf-8")


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "some.claims.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def one_claim(**changes: str) -> str:
    """A file with one valid claim, some keys of it written otherwise or left out."""
    keys = {"id": '"a"', "statement": '"spectral_gap > 0"', "k": "3", "weights": "[0.5, 0.3, 0.2]", **changes}
    lines = [f"{key} = {value}" for key, value in keys.items() if value]
    return "\n".join(["schema = 1", "[[claim]]", *lines])


def test_a_file_becomes_claims(tmp_path: Path) -> None:
    first, second = load_claims(write(tmp_path, VALID))
    told = (first.id, first.k, first.weights, first.expect, first.line)
    assert told == ("rate-k3", (3,), ("1/2", "3/10", "1/5"), "holds", 4)
    told = (second.id, second.k, second.weights, second.d, second.expect, second.line)
    assert told == ("contracts", (2, 3), "one-heavy:3/5", 4, "refuted", 10)
    assert second.for_all == {"radius": ("0", "5.50")}
    assert (second.title, second.source) == ("It contracts", "Theorem 1")


def test_decimals_are_exact_however_a_file_is_saved(tmp_path: Path) -> None:
    # As a binary float 2.64 is 2.640000000000000124…, so this would be refuted. A byte order mark and CRLF say nothing.
    for decimal in ("2.64", "264e-2", '"66/25"'):
        text = one_claim(statement='"radius == 264/100"', radius=decimal)
        (claim,) = load_claims(write(tmp_path, "\ufeff" + text.replace("\n", "\r\n")))
        assert decide_claim(claim).outcome == "proved"


def test_every_error_is_named_with_its_place(tmp_path: Path) -> None:
    text = """\
schema = 1
[[claim]]
id = "first"
statment = "spectral_gap > 0"
k = 3.5
weights = true

[[claim]]
statement = "spectral_gap > 0"
k = []
weights = [0.5, false]
expect = "yes"
"""
    path = write(tmp_path, text)
    with pytest.raises(InputError) as refusal:
        load_claims(path)
    lines = str(refusal.value).splitlines()
    assert all(line.startswith(f"{path}:") for line in lines)
    first = [line for line in lines if line.startswith(f"{path}:2: claim 'first': ")]
    second = [line for line in lines if line.startswith(f"{path}:8: claim number 2: ")]
    assert len(first) + len(second) == len(lines)
    assert {line.split(": ")[2] for line in second} == {"id", "k", "weights", "expect"}
    assert any("'statment': did you mean statement?" in line for line in first)
    assert any("statement: field required" in line for line in first)


def test_every_malformed_statement_of_a_file_is_named(tmp_path: Path) -> None:
    tables = (one_claim(statement='"spectral_gapp > 0"'), one_claim(id='"b"', k="4"), one_claim(id='"b"'))
    text = "\n".join(each.removeprefix("schema = 1\n") for each in tables)
    with pytest.raises(InputError) as refusal:
        load_claims(write(tmp_path, f"schema = 1\n{text}"))
    first, second, third = str(refusal.value).splitlines()
    assert "toml:2: claim 'a': statement: column 1: unknown name 'spectral_gapp': did you mean spectral_gap?" in first
    assert "toml:7: claim 'b': 3 weights were given for k = 4" in second
    assert "toml:12: claim 'b': the id is used before, at " in third


@pytest.mark.parametrize(
    ("text", "message"),
    [
        # Claims, beside those of the corpus of malformed ones.
        (one_claim(id=""), "id: field required"),
        (one_claim(id='"a\\u0007b"'), "id: "),
        (one_claim(k=""), "k: field required"),
        (one_claim(weights='["0.' + "3" * 10_000 + '", 0.5, 0.5]'), "has 10002 characters"),
        (one_claim(weights="[0." + "3" * 10_000 + ", 0.5, 0.5]"), "characters; at most"),
        (one_claim(radius="1e99999999999999999999"), "not valid TOML"),
        (one_claim(title="1"), "title: input should be a valid string, not '1'"),
        ("", "schema: field required: add the line schema = 1"),
        ("schema = 2", "schema: only schema = 1 is known"),
        ('schema = "1"', "schema: only schema = 1 is known"),
        ("schema = 1\nclaims = []", "unknown key 'claims': did you mean claim?"),
        ("schema = 1\nclaim = [3]", "claim number 1"),
        ("schema = 1\n[claim]\nid = 3", "claim: input should be a valid list, not a table"),
        ("\x00", "is not valid TOML"),
        ("schema = 1\nschema = 1", "is not valid TOML"),
        ("x = " + "[" * 100_000, "nested too deeply"),
        ("a." * 100_000 + "b = 1", "more than 50 dots"),
        ('x = {"a"' + '."a"' * 100_000 + " = 1}", "more than 50 dots"),
        ("#" * 5_000_001, "is larger than 5 MB"),
        (b"\xff\xfe\x00", "is not UTF-8 text (byte 0)"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_malformed_file(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as refusal:
        load_claims(path)
    assert str(refusal.value).startswith(str(path))
    assert message in str(refusal.value)
    for other, said in ((tmp_path, "is a directory"), (tmp_path / "missing.toml", r"cannot be read \(No such file")):
        with pytest.raises(InputError, match=said):
            load_claims(other)


ROOT = Path(__file__).parents[3]
SCHEMA = Draft202012Validator(json.loads(claims_schema()))
FILES = [
    ROOT / "reports" / "commands" / "templates" / "claims.toml",
    *sorted((ROOT / "examples").rglob("*.toml")),
    *(ROOT / "tests" / "corpus" / f"{name}.toml" for name in ("exact", "intervals", "points")),
]
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
    claim = {"id": "a", "statement": "spectral_gap > 0", "k": 3, "weights": [0.5, "1/4", 1]}
    assert SCHEMA.is_valid({"schema": 1, "claim": [claim]})
    assert not SCHEMA.is_valid({"schema": 2, "claim": [claim]})
    assert not SCHEMA.is_valid({"schema": 1, "claims": [claim]})


def test_values_of_a_family_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    """And not in one that differs from process to process, as names in a set do."""
    names = ["truth_weight", "separation", "fit_variance", "fit_weight", "theta"]
    for order in (names, names[::-1], sorted(names)):
        values = "\n".join(f'{name} = "1/2"' for name in order)
        path = tmp_path / "a.claims.toml"
        path.write_text(f'schema = 1\n[[claim]]\nid = "a"\nstatement = "em_map > 0"\nfamily = "two-means"\n{values}\n')
        assert list(load_claims(path)[0].values) == order
