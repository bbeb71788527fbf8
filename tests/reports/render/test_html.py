from collections.abc import Sequence
from typing import Any

from defusedxml import ElementTree

from emtheory.reports.catalogue.entry import claims_of, entry_verdicts
from emtheory.reports.catalogue.examination import pending
from emtheory.reports.catalogue.selected import report_entries
from emtheory.reports.render.html import derivation_id, render_html
from emtheory.reports.report.layout import report_document
from emtheory.reports.report.stages import Extras
from emtheory.theory.claim import PROPER, Entry
from emtheory.theory.claims import PAPER, catalogue, sources
from emtheory.theory.mathml import mathml


def test_formulas_are_mathml_and_escape_their_text() -> None:
    formula = mathml(r"\left. x \right|_{\substack{ t=0 }} < \text{<script>}")
    assert formula.startswith("<math")
    assert "substack" not in formula
    assert "<script>" not in formula


def test_both_limits_of_a_double_sum_are_told_apart() -> None:
    formula = mathml(r"\sum_{\substack{0 \leq i \leq k - 1\\0 \leq j \leq k - 1}} g_i")
    text = "".join(ElementTree.fromstring(formula).itertext())
    assert "k−1,0" in text.replace(" ", "").replace("\u2005", "")


def undecided(entries: Sequence[Entry]) -> dict[str, Any]:
    """Return the document of a report of which nothing is decided yet."""
    run: dict[str, Any] = {"time": "now", "seconds": 1.0, "machine": "any", "reused": 0}
    run |= {key: {} for key in ("versions", "stages", "work", "claims")}
    verdicts = entry_verdicts(entries, [pending(claim) for entry in entries for claim in claims_of(entry)])
    return report_document(verdicts, (), Extras(), run, pending=("claims", "numbers", "laws", "mutants", "figures"))


def catalogue_page(derivations: Sequence[dict[str, Any]], *, settled: bool = True) -> str:
    """Return the page on all statements about the paper, with derivations; settled ones are shown as undecided, too."""
    document = undecided(report_entries())
    for entry in document["entries"]:
        entry |= {"ok": settled, "status": "ok" if settled else "pending"}
    owners = {claim["derivation"]: entry["id"] for entry in document["entries"] for claim in entry["claims"]}
    placed = [one | {"entry": owners.get(derivation_id(one), document["entries"][0]["id"])} for one in derivations]
    return render_html(document | {"derivations": placed}, {})


def test_the_first_screen_answers_only_what_came_out_as_expected() -> None:
    answer = "No start does, and none loses the rate"
    assert answer in catalogue_page(())
    page = catalogue_page((), settled=False)
    assert answer not in page
    assert page.count("Not settled in this run") == 3


def test_every_answer_rests_on_statements_that_there_are_and_the_paper_comes_before_its_summary() -> None:
    overview = sources()[PAPER].overview
    assert overview is not None
    known = {entry.id: entry for entry in catalogue(PAPER)}
    for answer in overview.answers:
        assert {known[name].expected for name in answer.rests_on} == {
            "refuted" if "false" in answer.question else "holds"
        }
    groups = [entry.group for entry in catalogue(PAPER)]
    assert list(dict.fromkeys(groups))[:2] == list(PROPER)
    assert next(iter(known)) == "theorem-population"
