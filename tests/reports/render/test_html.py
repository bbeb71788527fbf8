import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from defusedxml import ElementTree

from emtheory.reports.catalogue.entry import claims_of, entry_verdicts
from emtheory.reports.catalogue.examination import pending
from emtheory.reports.catalogue.selected import report_entries, select_entries
from emtheory.reports.render.html import _first_sentence, derivation_id, render_html
from emtheory.reports.report.layout import report_document
from emtheory.reports.report.stages import Extras
from emtheory.theory.claim import PROPER, Entry
from emtheory.theory.claims import PAPER, catalogue, sources
from emtheory.theory.derivations import derive
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


def test_long_formulas_may_be_broken_before_signs_and_short_ones_are_whole() -> None:
    terms = " + ".join(rf"\frac{{a_{{{i}}}}}{{b}}" for i in range(12))
    parts = re.findall("<math.*?</math>", mathml(f"x = {terms}"))
    assert len(parts) > 1
    assert all('<mo form="infix">+</mo>' in part for part in parts[1:])
    assert "".join(ElementTree.fromstring(f"<p>{' '.join(parts)}</p>").itertext()).count("+") == 11
    assert mathml("x = y + 1").count("<math") == 1


def test_fences_stretch_only_around_what_is_tall() -> None:
    assert "<mi>(</mi>" in mathml(r"f{\left(x \right)}")
    assert "<mo>(</mo>" in mathml(r"f{\left(\frac{x}{2} \right)}")


def test_the_first_sentence_ends_in_no_formula_and_before_a_capital() -> None:
    assert (
        _first_sentence("With $N(0. I_d)$. it is, i.e. so. $k = 4$ is not. More.")
        == "With $N(0. I_d)$. it is, i.e. so."
    )
    assert _first_sentence("No end") == "No end"


def undecided(entries: Sequence[Entry]) -> dict[str, Any]:
    """Return the document of a report of which nothing is decided yet."""
    run = {
        "time": "now",
        "seconds": 1.0,
        "machine": "any",
        "versions": {},
        "reused": 0,
        "stages": {},
        "work": {},
        "claims": {},
    }
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


def test_statements_of_several_sources_are_filtered_by_source() -> None:
    document = undecided([*select_entries("wu_zhou"), *select_entries("weinberger_bresler")])
    page = render_html(document, {})
    counted = Counter(re.findall(r"<article [^>]*data-source=([^ >]*)", page))
    assert counted == {source["name"]: source["here"] for source in document["sources"] if source["here"]}
    assert set(counted) == {"wu_zhou", "weinberger_bresler"}
    for source in document["sources"]:
        option = f"<option value={source['name']}>{source['title']} ({source['here']})</option>"
        assert (option in page) == bool(source["here"])
        assert source["verdicts"] == ({"pending": source["here"]} if source["here"] else {})
        assert not source["here"] or f"this one: {source['here']} pending" in page


def test_there_is_no_filter_by_source_where_there_is_one_and_no_table_of_nothing_false() -> None:
    page = render_html(undecided(select_entries("wu_zhou")), {})
    assert 'class="stacked corrections"' not in page
    assert "name=chapter" not in page
    assert "name=source" not in page
    assert "data-source" not in page


def test_a_theorem_is_quoted_once_for_all_that_cite_it_and_a_derivation_for_one_k_stands_on_its_own_page() -> None:
    names = (("matched-covariance", None), ("dft", None), ("dft", 3))
    made = [derive(name, k).as_json() for name, k in names]
    page = catalogue_page(made)
    cited = Counter(step["theorem"] for one in made[:2] for step in one["steps"] if step["theorem"])
    assert max(cited.values()) > 1
    assert page.count("<dt id=cited-") == len(cited)
    assert page.count("cites <a href=") == sum(cited.values())
    assert set(re.findall('href="?#(cited-[^ ">]*)', page)) == set(re.findall("<dt id=(cited-[^ >]*)", page))
    assert page.count("id=derivation-dft-general>") == 1
    assert "id=derivation-dft-3>" not in page
