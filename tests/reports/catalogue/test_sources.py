"""Statements by others, and the certificates of the whole catalogue: how they come out, and that they are accepted."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emtheory.numerics.level import STRENGTH
from emtheory.numerics.quantities import QUANTITIES
from emtheory.reports.catalogue.entry import PASSED, claims_of, entry_verdicts
from emtheory.reports.catalogue.examination import ACCEPTED, examination_tasks, examined
from emtheory.reports.catalogue.mutants import mutants_of_claim
from emtheory.reports.catalogue.selected import is_about_paper, report_entries, sources_document
from emtheory.reports.certificates.certificate import certificate_text, certify
from emtheory.reports.certificates.file import read_certificate
from emtheory.reports.certificates.replay import replay
from emtheory.reports.checking.claim_document import claim_document
from emtheory.reports.checking.tasks import Task
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.report.stages import Scope, plan_stages
from emtheory.theory.claim import Claim, Entry
from emtheory.theory.claims import PAPER, catalogue, sources
from tests.tiers import first_every_day

Done = Callable[[Task], Any]

STATEMENTS = [claim for entry in catalogue(PAPER) for claim in claims_of(entry) if claim.statement]
OTHER_CLAIMS = [
    claim
    for source in sources()
    if source != PAPER
    for entry in catalogue(source)
    for claim in claims_of(entry)
    if claim.statement
]
"""Those of the other sources, which are about two and three means."""
UNKNOWN = "fitted_boundary", "spurious_threshold", "basin_boundary"
"""Quantities of families that are beyond it."""
SLOW = (
    *(f"dtz-{name}" for name in ("rate/sharp", "rate/box", "every-dimension/along", "every-dimension/sharp")),
    *(f"bwy-contraction/{name}" for name in ("box", "sharp-below", "sharp-above")),
    *(f"jin-gap/{name}" for name in ("3", "4", "5", "6", "more")),
    *("dwivedi-unbalanced/box", "dwivedi-unbalanced/sharp", "wb-weight/gain", "wb-weight/step", "xfd-trap/exponent"),
    *("dwivedi-exponents/fitted-near-lower", "xhm-known-weights/count", "xhm-threshold/beyond"),
)
"""Claims of other sources that are decided and not verified, for seconds each; others of their kind it is given."""

LATE = (
    *(f"open-question-4-convexity/infinite-{name}" for name in ("seven", "eight", "heavy", "near")),
    *("open-question-4-convexity/curvature", "open-question-4-convexity/all-of-it", "theorem-finite-sample/hundreds"),
    *("beyond-convexity-radius/half", "beyond-stationary-point/all-weights", "theorem-finite-sample/uniform"),
    *("beyond-tied-convergence/mass", "beyond-lloyd-basin/outside", "open-question-4/how-sharp"),
    *("open-question-4-convexity/infinite-ninety-nine", "open-question-4/pl-constant", "foundation-pl/ratio"),
    *("beyond-power-bound/worst-factor", "beyond-settled-weights/path-negative", "theorem-finite-sample/far"),
    *(f"beyond-normal-landscape/{name}" for name in ("no-fixed-point", "slope")),
    *(f"beyond-lloyd-basin/{name}" for name in ("inside-hundred", "inside")),
    *(f"beyond-contraction-bound/{name}" for name in ("sharp-for-three", "all-heavy-weights")),
    *("beyond-convexity-radius/ray", "lemma-1/constant"),
)
"""Claims of kinds that others are of, too, which take seconds to a minute: `emtheory report` has them verified like
all others, and a certificate that is rejected is a failure there."""

NOT_COVERED = {
    "beyond-simplex-kept/away-from-the-origin": "level: one is not decided exactly",
    "beyond-settled-weights/path-negative": "models with several coordinates",
    "beyond-settled-weights/three": "models with several coordinates",
    "experiment-1/first": "trajectories that leave the regular simplex",
    "experiment-1/second": "trajectories that leave the regular simplex",
}
"""What the verifier says of certificates that are beyond it, but for those of samples, which prove nothing."""

OBSERVED = "evidence of level observed, which proves nothing"

DOCS = Path(__file__).parents[3] / "docs" / "certificates.md"


def is_sampled(claim: Claim) -> bool:
    """Whether a statement is about a quantity that is known from samples only."""
    return any(quantity.sampled and f"{name}(" in claim.statement for name, quantity in QUANTITIES.items())


SAMPLED = [claim for claim in STATEMENTS if is_sampled(claim)]
PROVED = [claim for claim in STATEMENTS if not is_sampled(claim)]


def test_at_least_95_per_cent_are_accepted() -> None:
    """Which ones are, each by itself, is tested below."""
    beyond = [claim for claim in PROVED if claim.id in NOT_COVERED]
    accepted = len(PROVED) - len(beyond)
    assert len(beyond) == len(NOT_COVERED)
    assert accepted >= 0.95 * len(STATEMENTS)
    told = " ".join(DOCS.read_text(encoding="utf-8").split())
    assert f"that are no derivations it accepts all but {len(STATEMENTS) - accepted}, " in told
    assert f"and rejects none. Not covered are {len(SAMPLED)} of level `observed`" in told


def test_of_those_on_families_at_least_95_per_cent_are_accepted() -> None:
    """They are verified where they are examined, in `test_sources`."""
    covered = [claim for claim in OTHER_CLAIMS if not any(name in claim.statement for name in UNKNOWN)]
    assert all(claim.family in ("two-means", "three-means") for claim in OTHER_CLAIMS)
    assert len(covered) >= 0.95 * len(OTHER_CLAIMS)
    told = " ".join(DOCS.read_text(encoding="utf-8").split())
    beyond = f"it accepts all but {len(OTHER_CLAIMS) - len(covered)}, and rejects none. Not covered are 3 of"
    assert f"Of those of the other sources, all on two or three means, {beyond} `fitted_boundary`" in told


@pytest.mark.long
@pytest.mark.parametrize("claim", [claim for claim in PROVED if claim.id not in LATE], ids=lambda claim: claim.id)
def test_certificates_of_the_catalogue_are_accepted(claim: Claim, done: Done, tmp_path: Path) -> None:
    """Every tenth is replayed, too."""
    found = done(*examination_tasks(claim))
    said = found["document"]["standalone"]
    if claim.id in NOT_COVERED:
        assert said == {"outcome": "not covered", "reason": NOT_COVERED[claim.id]}
    else:
        assert said["outcome"] == ACCEPTED, said["reason"]
    if PROVED.index(claim) % 10 == 0:
        (tmp_path / "claim.json").write_text(certificate_text(found["certificate"]), encoding="utf-8")
        replayed = replay(*read_certificate(tmp_path / "claim.json"))
        recorded = [found["certificate"][key] for key in ("verdict", "level", "margin")]
        assert [replayed.outcome, STRENGTH.get(replayed.level), replayed.margin] == recorded


def test_what_samples_show_is_not_accepted(done: Done) -> None:
    """Of one of them, as the others have the same level and take long."""
    (claim,) = (claim for claim in SAMPLED if claim.id == "key-experiments/two")
    assert done(*examination_tasks(claim))["document"]["standalone"] == {"outcome": "not covered", "reason": OBSERVED}


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
