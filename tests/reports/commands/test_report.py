"""`emtheory report` and `emtheory claims`: what is selected, and what is printed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emtheory.reports.catalogue.selected import select_entries, with_supports
from emtheory.theory.claims import catalogue, sources

Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("no_workers")
QUICK = ("report", "--quick", "--select", "uniform-dft")


def test_json_is_the_document_of_the_report_and_nothing_else(run: Run, tmp_path: Path) -> None:
    out, cache = tmp_path / "report", tmp_path / "cache"
    result = run(*QUICK, "--json", "--jobs", "1", "--out", out, "--cache", cache)
    assert result.code == 0
    assert result.out == (out / "report.json").read_text(encoding="utf-8")
    assert [entry["id"] for entry in json.loads(result.out)["entries"]] == ["uniform-dft"]
    assert list(cache.rglob("*.json"))


def test_a_selection_brings_what_it_rests_on() -> None:
    chosen = select_entries(None, ["theorem-*"])
    assert {entry.id for entry in chosen} == {entry.id for entry in catalogue() if entry.id.startswith("theorem-")}
    closed = with_supports(chosen)
    ids = {entry.id for entry in closed}
    assert {name for entry in closed for name in entry.depends} < ids
    assert ids > {entry.id for entry in chosen}
    assert [entry.id for entry in closed] == [entry.id for entry in catalogue() if entry.id in ids]


def test_claims_of_a_source_and_a_pattern(run: Run) -> None:
    document, listed = json.loads(run("claims", "--json").out)["claims"], run("claims").out
    for claim in document:
        assert set(claim) == {"id", "group", "title", "source", "expected", "depends"}
        assert claim["id"] in listed
    every = [claim["id"] for claim in document]
    found = [json.loads(run("claims", "--source", name, "--json").out)["claims"] for name in sources()]
    assert sorted(claim["id"] for claims in found for claim in claims) == sorted(every)
    lemmas = [claim["id"] for claim in json.loads(run("claims", "--select", "lemma-*", "--json").out)["claims"]]
    assert lemmas == [name for name in every if name.startswith("lemma-")]


def test_mutants_of_a_selection(run: Run) -> None:
    score = json.loads(run("claims", "--select", "quick-check-uniform", "--mutants", "--json").out)
    assert score["mutants"] == score["refuted"] + len(score["survivors"]) > 0
