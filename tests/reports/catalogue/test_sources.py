"""Statements by others: which there are, how they come out, and reports of their own."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from emtheory.reports.catalogue.entry import PASSED, claims_of, entry_verdicts
from emtheory.reports.catalogue.examination import ACCEPTED, examination_tasks, examined
from emtheory.reports.catalogue.mutants import mutants_of_claim
from emtheory.reports.catalogue.selected import is_about_paper, report_entries, sources_document
from emtheory.reports.certificates.certificate import certify
from emtheory.reports.checking.claim_document import claim_document
from emtheory.reports.checking.tasks import Task
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.report.stages import Scope, plan_stages
from emtheory.theory.claim import Claim, Entry
from emtheory.theory.claims import PAPER, catalogue, sources
from tests.reports.certificates.test_catalogue_verified import SLOW, UNKNOWN
from tests.tiers import first_every_day

Done = Callable[[Task], Any]

OTHERS = [name for name in sources() if name != PAPER]
QUICK = "dwivedi-balanced-lower"
ENTRIES = [entry for name in OTHERS for entry in catalogue(name)]


def found_of(claim: Claim, done: Done) -> Any:
    """What is found of a claim; one whose certificate takes the verifier long is decided only."""
    if claim.id not in SLOW:
        return done(*examination_tasks(claim))
    verdict = decide_claim(claim, quotes_theorems=False)
    return {"document": claim_document(claim, verdict), "certificate": certify(claim, verdict)}


def judged(entry: Entry, done: Done) -> str:
    """What comes of an entry, whose certificates the standalone verifier accepts as far as it knows the quantities."""
    found = {claim.id: found_of(claim, done) for claim in claims_of(entry)}
    (verdict,) = entry_verdicts([entry], [examined(claim, found[claim.id], 0.0) for claim in claims_of(entry)])
    for claim in claims_of(entry):
        if claim.id in SLOW:
            continue
        said, unknown = found[claim.id]["document"]["standalone"], [name for name in UNKNOWN if name in claim.statement]
        if unknown:
            assert said == {"outcome": "not covered", "reason": f"the quantity {unknown[0]}"}
        else:
            assert said["outcome"] == ACCEPTED, said["reason"]
    assert verdict.problems == ()
    return verdict.status


@pytest.mark.parametrize(
    "entry", first_every_day(1, sorted(ENTRIES, key=lambda each: each.id != QUICK)), ids=lambda each: each.id
)
def test_statements_come_out_as_expected(entry: Entry, done: Done) -> None:
    assert any(word in entry.source for word in ("as commonly quoted", "abstract", "Beyond the paper"))
    assert judged(entry, done) == PASSED


def test_the_report_is_about_the_paper_unless_another_is_named_and_computes_nothing_of_others() -> None:
    """Every task is about its own statements, and what computes those on families is not even imported."""

    assert report_entries() == catalogue(PAPER)
    assert is_about_paper(report_entries())
    assert not is_about_paper(report_entries("wu_zhou"))
    assert len(report_entries("all")) == len(catalogue())
    assert [entry.id for entry in report_entries(select=["wz-*"])] == ["wz-escape", "wz-monotone"]

    def about(name: str) -> set[str]:
        stages, _ = plan_stages(report_entries(name), Scope(quick=True, jobs=1))
        claims = [
            each for stage in stages for task in stage.tasks for each in task.arguments if isinstance(each, Claim)
        ]
        return {claim.id.split("/")[0] for claim in claims}

    of_paper = about(PAPER)
    assert len(of_paper) > len(ENTRIES)
    assert of_paper <= {entry.id for entry in catalogue(PAPER)}
    assert about("wu_zhou") == {"wz-escape", "wz-monotone"}
    script = (
        "import sys, emtheory.reports.report.run, emtheory.reports.catalogue.selected as selected\n"
        "rooms = ('emtheory.numerics.limits', 'emtheory.numerics.models')\n"
        "print(len(selected.report_entries()) > 9, [name for name in sys.modules if name.startswith(rooms)])"
    )
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "True []"


def test_the_list_of_sources_says_what_is_judged() -> None:
    of_paper = sources_document({entry.id: "proved" for entry in catalogue(PAPER)})
    of_other = sources_document({"wz-escape": "proved", "wz-monotone": "refuted"})
    assert of_paper["about"] is None
    assert of_other["about"]["title"] == "Wu and Zhou (2021)"  # type: ignore[index]
    assert [source["name"] for source in of_paper["sources"]] == list(sources())  # type: ignore[attr-defined]
    (present,) = [source for source in of_other["sources"] if source["here"]]  # type: ignore[attr-defined]
    assert present["entries"] == ["wz-escape", "wz-monotone"]
    assert present["verdicts"] == {"proved": 1, "refuted": 1}


def test_mutants_of_claims_on_a_family_are_made_and_told_apart() -> None:
    (entry,) = [each for each in ENTRIES if each.id == "wz-escape"]
    outcomes = [mutant.outcome for mutant in mutants_of_claim(entry.id, entry.claims[0])]
    assert len(outcomes) >= 4
    assert {"refuted"} <= set(outcomes) <= {"refuted", "implied", "true"}
