"""`emtheory report`, `claims` and `show`: what is selected, what is printed, and how to check one statement."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import emtheory
from emtheory.reports.catalogue.selected import select_entries, with_supports
from emtheory.reports.checking.claim_document import python_line
from emtheory.theory.claim import Claim
from emtheory.theory.claims import catalogue, sources
from tests.reports.conftest import Run

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


def test_as_json_it_is_what_the_report_has(run: Run) -> None:
    document = json.loads(run("show", "uniform-two-components", "--json").out)
    statement = document["statement"]
    assert (statement["id"], statement["verdict"]) == ("uniform-two-components", "refuted")
    assert statement["command"] == "emtheory show uniform-two-components"
    in_python = emtheory.show("uniform-two-components", jobs=1)
    assert in_python.ok
    assert str(in_python).startswith(statement["title"].split("$")[0])
    assert {**in_python.as_json(), "seconds": 0}.keys() == {*document, "seconds"}
    assert in_python.statement["claims"][0]["witness"] == statement["claims"][0]["witness"]
    with pytest.raises(emtheory.NothingSelectedError):
        emtheory.show("no-such")


def test_the_line_of_python_makes_the_claim_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for claim in (
        Claim("a 'b'", "contraction_factor <= 17/20", k=(2,), weights="one-heavy:4/5"),
        Claim("range", "spectral_gap == 0", k=(2, 3, 4, 5)),
        Claim("list", "spectral_gap > 0", k=(3, 5, 8, 9), weights="linear"),
        Claim("box", "spectral_gap >= 0", k=(3,), weights=("W", "1/2", "1/2-W"), for_all={"W": ("1/8", "1/4")}),
        Claim("two", "em_map > theta", k=(), family="two-means", values={"theta": "1/2", "separation": "1"}),
    ):
        made: list[Claim] = []
        monkeypatch.setattr(emtheory, "check", made.append)
        exec(python_line(replace(claim, title="t")), {"emtheory": emtheory})  # noqa: S102 (what is tested)
        assert made == [claim]
