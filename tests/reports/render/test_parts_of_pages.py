import re
from typing import Any

from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from emtheory.reports.checking.claim_document import cases_text
from emtheory.reports.render.graph import dependency_figure, neighbour_figure
from emtheory.reports.render.inline_figure import inline_figure
from emtheory.reports.render.markdown import code
from emtheory.reports.render.number_tables import Cell, tables_of
from emtheory.reports.render.prose import margin_text
from emtheory.reports.render.prose import markdown_text as text
from emtheory.theory.claim import Claim

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
    edges = re.findall(r'data-from="(\w+)" data-to="(\w+)"', svg)
    assert sorted(edges) == [("base", "middle"), ("base", "top"), ("middle", "top")]


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
    svg = (
        '<?xml version="1.0"?>\n<svg><g id="a"/><g id="b"/><g id="c"/><use href="#a"/><path clip-path="url(#b)"/></svg>'
    )
    made = '<g id="one-0"/><g id="one-1"/><g/><use href="#one-0"/><path clip-path="url(#one-1)"/></svg>'
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


GAPS = {
    "spectral_gap": ("0.16", "exact"),
    "contraction_factor": ("0.84", "exact"),
    "lloyd_radius": ("1.1", "certified"),
}
ROW = {
    "k": 2,
    "weights": "7/10, 3/10",
    "d": 1,
    "quantities": {name: {"value": value, "level": level} for name, (value, level) in GAPS.items()}
    | {"asymptotic_rate": {"value": None, "reason": "too slow"}}
    | {"strong_convexity_radius": {"value": "inf", "level": "exact", "note": "everywhere"}},
    "floating": {"population_factor": "0.84", "sample_factor": "0.85", "low": "0.8", "high": "0.9"}
    | {"contains_exact": False},
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
