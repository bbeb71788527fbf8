import re
from itertools import pairwise
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


def test_boxes_do_not_overlap() -> None:
    svg = dependency_figure([entry("base"), *(entry(f"e{i}", "base") for i in range(5))], anchor)
    boxes = [tuple(map(int, box)) for box in re.findall(r'<rect x="(\d+)" y="(\d+)" width="\d+" height="(\d+)"', svg)]
    assert len(boxes) == 6
    column = sorted((y, height) for x, y, height in boxes if x > boxes[0][0])
    assert all(y + height < below for (y, height), (below, _) in pairwise(column))


def test_an_arrow_over_several_layers_runs_between_the_boxes() -> None:
    entries = [entry("a"), entry("b", "a"), entry("c", "b"), entry("d", "c", "a", "e"), entry("e", "a")]
    svg = dependency_figure(entries, anchor)
    boxes = [
        tuple(map(int, found)) for found in re.findall(r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', svg)
    ]
    straight = [tuple(map(int, found)) for found in re.findall(r"(\d+) (\d+)H(\d+)", svg)]
    assert len(straight) == 2 + 1  # a → d crosses two layers, and e, beside b or c, leaves one
    for x, y, end in straight:
        assert not [box for box in boxes if box[0] < end and x < box[0] + box[2] and box[1] <= y <= box[1] + box[3]]


def test_an_entry_stands_near_what_it_rests_on() -> None:
    svg = dependency_figure([entry("a"), entry("b"), entry("on-b", "b"), entry("on-a", "a")], anchor)
    heights = dict(re.findall(r'data-node="([^"]*)".*?<rect x="\d+" y="(\d+)"', svg, flags=re.DOTALL))
    assert heights["a"] == heights["on-a"]
    assert heights["b"] == heights["on-b"]


def test_it_is_well_formed_whatever_the_titles_and_says_what_rests_on_what() -> None:
    root = fromstring(dependency_figure([entry("a"), entry("b", "a", verdict="refuted")], anchor))
    links = [element for element in root if element.tag.endswith("}a")]
    assert [(link.get("href"), link.get("class")) for link in links] == [("#a", "proved"), ("#b", "refuted")]
    assert links[1][0].text == f"b {HOSTILE}: refuted, rests on: a {HOSTILE}"


def test_a_box_says_what_has_to_be_trusted() -> None:
    trusted = {"weakest": "Arb", "weakest_of_all": "prose"}
    svg = dependency_figure([entry("a"), entry("b", "a") | trusted], anchor)
    assert "proved, to be trusted: Arb, and prose with all that it rests on, rests on:" in svg


def test_titles_are_wrapped_to_the_box_and_their_formulas_shown() -> None:
    long = entry("a") | {"title": "A title with $π̂_m$ that goes on and on " * 4}
    svg = dependency_figure([long, entry("b", "a")], anchor)
    lines = re.findall("<text[^>]*>([^<]*)</text>", svg)
    assert all(len(line) <= 32 for line in lines)
    assert "π̂ₘ" in lines[0]
    assert " ".join(lines).count("that goes on and on") == 4
    boxes = [
        (int(y), int(y) + int(height)) for y, height in re.findall(r'<rect [^>]*y="(\d+)"[^>]*height="(\d+)"', svg)
    ]
    heights = [int(y) for y in re.findall(r'<text [^>]*y="(\d+)"', svg)]
    top, bottom = boxes[0]
    assert all(top < height < bottom for height in heights[:-1])


def test_nothing_to_draw() -> None:
    assert "<rect" not in dependency_figure([entry("alone")], anchor)
    assert neighbour_figure(entry("alone"), [entry("alone")], anchor) == ""


def test_neighbours_stand_on_both_sides() -> None:
    middle = entry("middle", "base")
    entries = [entry("base"), middle, entry("top", "middle", "far"), entry("far")]
    at = columns(neighbour_figure(middle, entries, anchor))
    assert at["base"] < at["middle"] < at["top"]
    assert set(at) == {"base", "middle", "top"}
