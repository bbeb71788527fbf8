"""What pages, LaTeX and JUnit files are made of."""

import re
from collections.abc import Sequence
from typing import Any

from defusedxml import ElementTree
from defusedxml.ElementTree import fromstring
from hypothesis import example, given
from hypothesis import strategies as st

from emtheory.reports.catalogue.entry import claims_of, entry_verdicts
from emtheory.reports.catalogue.examination import pending
from emtheory.reports.catalogue.selected import report_entries
from emtheory.reports.checking.claim_document import cases_text
from emtheory.reports.render.graph import dependency_figure, neighbour_figure
from emtheory.reports.render.html import derivation_id, render_html
from emtheory.reports.render.inline_figure import inline_figure
from emtheory.reports.render.junit import Problem, TestCase, junit_xml
from emtheory.reports.render.markdown import code
from emtheory.reports.render.number_tables import Cell, tables_of
from emtheory.reports.render.prose import margin_text
from emtheory.reports.render.prose import markdown_text as text
from emtheory.reports.render.report_junit import render_report_junit
from emtheory.reports.report.layout import report_document
from emtheory.reports.report.stages import Extras
from emtheory.theory.claim import PROPER, Claim, Entry
from emtheory.theory.claims import PAPER, catalogue, sources
from emtheory.theory.mathml import mathml


def test_formulas_are_mathml_and_escape_their_text_and_limits_of_a_double_sum_are_told_apart() -> None:
    formula = mathml(r"\left. x \right|_{\substack{ t=0 }} < \text{<script>}")
    assert formula.startswith("<math")
    assert "substack" not in formula
    assert "<script>" not in formula
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
    known = {entry.id: entry for entry in catalogue(PAPER)}
    for answer in overview.answers:
        expected = "refuted" if "false" in answer.question else "holds"
        assert {known[name].expected for name in answer.rests_on} == {expected}
    groups = [entry.group for entry in catalogue(PAPER)]
    assert list(dict.fromkeys(groups))[:2] == list(PROPER)
    assert next(iter(known)) == "theorem-population"


HOSTILE = '"><script>&'


def entry(name: str, *depends: str, verdict: str = "proved") -> dict[str, Any]:
    return {"id": name, "title": f"{name} {HOSTILE}", "verdict": verdict, "depends": list(depends)}


def anchor(name: str) -> str:
    return f"#{name}"


def columns(svg: str) -> dict[str, int]:
    boxes = re.findall(r'data-node="([^"]*)".*?<rect x="(\d+)"', svg, flags=re.DOTALL)
    return {name: int(x) for name, x in boxes}


def test_what_rests_on_nothing_stands_left() -> None:
    entries = [entry("top", "middle", "base"), entry("middle", "base"), entry("base"), entry("alone")]
    svg = dependency_figure(entries, anchor)
    at = columns(svg)
    assert at["base"] < at["middle"] < at["top"]
    assert "alone" not in at
    assert sorted(re.findall(r'data-from="(\w+)" data-to="(\w+)"', svg)) == [
        ("base", "middle"),
        ("base", "top"),
        ("middle", "top"),
    ]


def test_it_is_well_formed_whatever_the_titles_and_says_what_rests_on_what() -> None:
    root = fromstring(dependency_figure([entry("a"), entry("b", "a", verdict="refuted")], anchor))
    links = [element for element in root if element.tag.endswith("}a")]
    assert [(link.get("href"), link.get("class")) for link in links] == [("#a", "proved"), ("#b", "refuted")]
    assert links[1][0].text == f"b {HOSTILE}: refuted, rests on: a {HOSTILE}"


def test_neighbours_stand_on_both_sides() -> None:
    assert "<rect" not in dependency_figure([entry("alone")], anchor)
    assert neighbour_figure(entry("alone"), [entry("alone")], anchor) == ""
    middle = entry("middle", "base")
    entries = [entry("base"), middle, entry("top", "middle", "far"), entry("far")]
    at = columns(neighbour_figure(middle, entries, anchor))
    assert at["base"] < at["middle"] < at["top"]
    assert set(at) == {"base", "middle", "top"}


def test_figures_do_not_share_ids_and_what_nothing_refers_to_has_none() -> None:
    drawn = '<g id="a"/><g id="b"/><g id="c"/><use href="#a"/><path clip-path="url(#b)"/></svg>'
    made = '<g id="one-0"/><g id="one-1"/><g/><use href="#one-0"/><path clip-path="url(#one-1)"/></svg>'
    svg = f'<?xml version="1.0"?>\n<svg>{drawn}'
    assert inline_figure("one", svg) == f'<svg id="figure-one"><style></style>{made}'


@given(st.text())
def test_no_special_character_is_left_bare(content: str) -> None:
    escaped = text(content)
    assert "\n" not in escaped
    bare = re.sub(r"\\[\\`*_{}\[\]<>#|~&!^$]", "", escaped)
    assert not set(bare) & set("\\`*_{}[]<>#|~&!^$")


def test_code_spans_and_what_is_infinite() -> None:
    spans = {"a < b": "`a < b`", "abs(x) | y": r"`abs(x) \| y`", "a ` b": "``a ` b``", "`": "`` ` ``", "a\nb": "`a b`"}
    assert {content: code(content) for content in spans} == spans
    claim = Claim(id="c", statement="k < 4", weights="uniform", for_all={"radius": ("1", "inf")})
    assert cases_text(claim).endswith("every radius in [1, ∞)")
    assert [margin_text(margin) for margin in ("inf", "-inf", "0.1", None)] == ["∞", "−∞", "0.1", "–"]


ROW = {
    "k": 2,
    "weights": "7/10, 3/10",
    "d": 1,
    "quantities": {
        "spectral_gap": {"value": "0.16", "level": "exact"},
        "contraction_factor": {"value": "0.84", "level": "exact"},
        "lloyd_radius": {"value": "1.1", "level": "certified"},
        "asymptotic_rate": {"value": None, "reason": "too slow"},
        "strong_convexity_radius": {"value": "inf", "level": "exact", "note": "everywhere"},
    },
    "floating": {
        "population_factor": "0.84",
        "sample_factor": "0.85",
        "low": "0.8",
        "high": "0.9",
        "contains_exact": False,
    },
}


def test_every_row_of_numbers_has_a_cell_for_each_header_and_what_is_missing_is_a_dash() -> None:
    lacking = ROW | {"floating": {"population_factor": None, "reason": "k is large"}}
    made = tables_of({"numbers": (ROW, lacking), "left_out": ["laws"], "pending": []})["number_tables"]
    factors, radii = made.values()
    assert {len(row) == len(table.headers) for table in (factors, radii) for row in table.rows} == {True}
    assert Cell("–") in factors.rows[0]
    assert "too slow" not in str(factors)
    assert Cell("0.85", "[0.8, 0.9] misses it") in factors.rows[0]
    assert Cell("∞", "exact") in radii.rows[0]


def test_the_document() -> None:
    problems = (None, Problem("failure", "because"), Problem("error", "open"))
    cases = [TestCase("file.toml", "x", problem, 1.5, {"margin": "2"}) for problem in problems]
    (suite,) = ElementTree.fromstring(junit_xml("suite", cases))
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "3", "failures": "1", "errors": "1", "skipped": "0"}
    assert suite[0].attrib == {"classname": "file.toml", "name": "x", "time": "1.500000"}
    assert [(item.get("name"), item.get("value")) for item in suite[0].find("properties")] == [("margin", "2")]


@example('"><script> ]]> \x00\x1b[31m \ud800 a\nb &amp;')
@given(st.text())
def test_any_text_gives_well_formed_xml(text: str) -> None:
    hostile = TestCase(text, text, Problem("failure", text), properties={"text": text})
    root = ElementTree.fromstring(junit_xml(text, [hostile]))
    shown = root.find("testsuite/testcase").get("name")
    assert len(shown) == len(text)


def claim(verdict: str) -> dict[str, Any]:
    decided = verdict not in ("inconclusive", "pending")
    level = verdict if decided else None
    return {"id": "c", "verdict": verdict, "level": level, "margin": None, "reason": "because", "witness": None}


def document_entry(part: str, verdict: str, expected: str = "holds", status: str = "ok") -> dict[str, Any]:
    parts = dict.fromkeys(("claims", "disproofs", "instances", "hypotheses", "controls", "corrected"), ())
    problems = [] if status == "ok" else ["a problem"]
    told = {"id": "e", "verdict": "proved", "expected": expected, "ok": status == "ok", "status": status}
    return told | parts | {"problems": problems, part: [claim(verdict)]}


def kinds(given: dict[str, Any]) -> list[str | None]:
    root = ElementTree.fromstring(render_report_junit({"own": False, "entries": [given]}, {}))
    return [case[1].tag if len(case) > 1 else None for case in root[0]]


def test_kinds_of_problem() -> None:
    for part, verdict, expected, kind in (
        ("claims", "certified", "holds", None),
        ("claims", "refuted", "holds", "failure"),
        ("claims", "refuted", "refuted", None),
        ("claims", "proved", "refuted", None),
        ("claims", "inconclusive", "holds", "error"),
        ("controls", "refuted", "holds", None),
        ("controls", "proved", "holds", "failure"),
        ("instances", "pending", "holds", "error"),
        ("corrected", "refuted", "refuted", "failure"),
    ):
        assert kinds(document_entry(part, verdict, expected))[1] == kind, (part, verdict, expected)
    # A statement that is not settled is no pass.
    for status, kind in (("ok", None), ("failed", "failure"), ("open", "error"), ("pending", "error")):
        assert kinds(document_entry("claims", "proved", status=status))[0] == kind
