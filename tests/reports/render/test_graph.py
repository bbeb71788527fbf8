import re
from typing import Any

from defusedxml.ElementTree import fromstring

from emtheory.reports.render.graph import dependency_figure, neighbour_figure

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


def test_nothing_to_draw() -> None:
    assert "<rect" not in dependency_figure([entry("alone")], anchor)
    assert neighbour_figure(entry("alone"), [entry("alone")], anchor) == ""


def test_neighbours_stand_on_both_sides() -> None:
    middle = entry("middle", "base")
    entries = [entry("base"), middle, entry("top", "middle", "far"), entry("far")]
    at = columns(neighbour_figure(middle, entries, anchor))
    assert at["base"] < at["middle"] < at["top"]
    assert set(at) == {"base", "middle", "top"}
