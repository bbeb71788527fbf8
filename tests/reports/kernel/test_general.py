"""The theorems for every dimension: their files, and what of the catalogue they cover, without Rocq."""

import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from emtheory.numerics.level import Level
from emtheory.reports.catalogue.entry import entry_verdicts, foundations, with_ancestors
from emtheory.reports.catalogue.examination import Examined
from emtheory.reports.kernel import check, general, proved_entries
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.proved_entries import NAME, theorem_page
from emtheory.reports.kernel.rocq_program import Receipt
from emtheory.theory.claim import Claim, Entry
from emtheory.theory.claims import catalogue

ENTRIES = {entry.id: entry for entry in catalogue()}


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The files, to be changed."""
    files = dict(general.sources())
    monkeypatch.setattr(general, "sources", lambda: MappingProxyType(files))
    return files


def test_the_files_are_those_listed_in_their_order_and_assume_nothing() -> None:
    assert {path.stem for path in general.FOLDER.glob("*.v")} == set(general.sources())
    seen: set[str] = set()
    for name, text in general.sources().items():
        assert not re.findall(r"\b(?:Axiom|Parameter|Admitted|Conjecture|admit|Unset Guard|bypass_check)\b", text), name
        imported = " ".join(re.findall(r"^From EM Require Import ([^.]*)\.$", text, re.MULTILINE)).split()
        assert set(imported) <= seen, name
        seen.add(name)
    theorems = dict(re.findall(r"^Theorem (\w+)_proved : (\w+)\.$", general.sources()["Theorems"], re.MULTILINE))
    assert theorems == {name: name for name in general.statements()}
    assert all(stated.words.endswith(".") for stated in general.statements().values())


def test_rocq_accepted_the_files_as_they_are(changed: dict[str, str]) -> None:
    """Else `make kernel`, which has it check them and renews the record."""
    assert general.recorded() == "8.20.1"
    changed["Vectors"] += "\n"
    assert general.recorded() == "8.20.1"
    changed["Vectors"] += "Lemma more : True. Proof. by []. Qed.\n"
    assert general.recorded() is None


def test_statements_of_the_catalogue_are_covered_as_long_as_nothing_changes() -> None:
    """At least 25 statements, the main theorem and the paper's lemmas on population EM among them."""
    for name, covered in proved_entries.covered().items():
        assert proved_entries.theorems_of(ENTRIES[name]) == covered.statements != ()
    assert len(proved_entries.covered()) >= 25
    main = {"theorem-population", "lemma-1", "lemma-3", "lemma-5", "beyond-contraction-bound"}
    assert main <= proved_entries.covered().keys()
    entry = ENTRIES["lemma-1"]
    assert proved_entries.theorems_of(replace(entry, reading=f"{entry.reading} And more.")) == ()
    assert proved_entries.theorems_of(replace(entry, title="Another")) == ()


CHANGED = [
    ("Statements", "<= (1 - expR (- rho ^+ 2) * sigma2) * norm theta", "<= (1 - sigma2) * norm theta"),
    ("Statements", "Definition weights := (forall j, 0 < w j)", "Definition weights := (forall j, 0 <= w j)"),
    ("Densities", "ln (gauss_density (X t) / mixture", "ln (2 * gauss_density (X t) / mixture"),
]


@pytest.mark.parametrize(("file", "old", "new"), CHANGED)
def test_another_meaning_lapses_it(
    changed: dict[str, str], monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str
) -> None:
    entry = ENTRIES["open-question-4"]
    names = proved_entries.covered()[entry.id].statements
    before = general.meaning_of(names)
    assert old in changed[file]
    changed[file] = changed[file].replace(old, new)
    monkeypatch.setattr(proved_entries, "recorded", lambda: "8.20.1")
    assert general.meaning_of(names) != before
    assert proved_entries.theorems_of(entry) == ()


def found(claim: Claim, outcome: str, level: Level | None) -> Examined:
    return Examined(claim.id, outcome, level, "reason", {"level": outcome}, {"level": outcome, "derivations": []})


def judged(entry: Entry, outcome: str, level: Level | None) -> Any:
    alone = replace(entry, depends=(), instances=(), hypotheses=(), controls=(), corrected=(), disproofs=())
    return entry_verdicts([alone], [found(claim, outcome, level) for claim in alone.claims])[0]


def test_only_what_is_proved_has_the_level() -> None:
    entry = ENTRIES["lemma-1"]
    proved = judged(entry, "proved", Level.EXACT)
    assert (proved.in_kernel, foundations(proved)) == (True, ["kernel"])
    for outcome, level in (("certified", Level.CERTIFIED), ("refuted", Level.EXACT), ("inconclusive", None)):
        other = judged(entry, outcome, level)
        assert (other.in_kernel, other.theorems) == (False, ())
    assert not judged(ENTRIES["proposition-1"], "proved", Level.EXACT).in_kernel


def test_theorems_rest_on_no_other_statement() -> None:
    weak = {"id": "weak", "depends": [], "foundations": ["prose"]}
    own = {"id": "own", "depends": ["weak"], "foundations": ["kernel"]}
    assert with_ancestors([weak, own])[1]["weakest_of_all"] == "prose"
    assert with_ancestors([weak, own | {"theorems": [{"name": "x"}]}])[1]["weakest_of_all"] == "kernel"


def test_what_a_derivation_belongs_to_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The derivation says more than the theorems, so that it is not exported; a stranger of its name is nothing."""
    checked = []
    monkeypatch.setattr(check, "check_theory", lambda seconds: checked.append(seconds) or Receipt("8.20.1", {}, 1.0))
    (claim,) = ENTRIES["lemma-1"].claims
    with pytest.raises(NotExportedError, match=r"lemma-1 says is proved in Rocq 8\.20\.1, .* polyak_lojasiewicz"):
        check.check_claim(None, replace(claim, title="as in a certificate"), refuted=False)
    assert len(checked) == 1
    for other in (replace(claim, derivation="descent"), replace(claim, id="mine"), *ENTRIES["proposition-1"].claims):
        with pytest.raises(NotExportedError, match="has no export") as told:
            check.check_claim(None, other, refuted=False)
        assert "is proved in Rocq" not in str(told.value)
    assert len(checked) == 1


def test_the_page_is_generated() -> None:
    assert (Path(__file__).parents[3] / "docs" / NAME).read_text(encoding="utf-8") == theorem_page()
