import re
from typing import Any

from defusedxml.ElementTree import fromstring

from emtheory.reports.render.graph import dependency_figure

HOSTILE = '"><script>&'


def entry(name: str, *depends: str, verdict: str = "proved") -> dict[str, Any]:
    return {"id": name, "title": f"{name} {HOSTILE}", "verdict": verdict, "depends": list(depends)}


def columns(svg: str) -> dict[str, int]:
    return {name: int(x) for x, name in re.findall(r'<text x="(\d+)" y="\d+">([^<]*)</text>', svg)}


def test_what_rests_on_nothing_stands_left() -> None:
    svg = dependency_figure([entry("top", "middle", "base"), entry("middle", "base"), entry("base"), entry("alone")])
    at = columns(svg)
    assert at["base"] < at["middle"] < at["top"]
    assert "alone" not in at
    assert svg.count('class="edge"') == 3


def test_boxes_do_not_overlap() -> None:
    svg = dependency_figure([entry("base"), *(entry(f"e{i}", "base") for i in range(5))])
    places = re.findall(r'<rect x="(\d+)" y="(\d+)"', svg)
    assert len(places) == len(set(places)) == 6


def test_it_is_well_formed_whatever_the_titles() -> None:
    root = fromstring(dependency_figure([entry("a"), entry("b", "a", verdict="refuted")]))
    links = [element for element in root if element.tag.endswith("}a")]
    assert [(link.get("href"), link.get("class")) for link in links] == [("#a", "proved"), ("#b", "refuted")]
    assert HOSTILE in links[0][0].text


def test_nothing_to_draw() -> None:
    assert "<rect" not in dependency_figure([entry("alone")])
