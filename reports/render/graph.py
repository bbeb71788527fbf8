"""What rests on what, drawn: the dependency graph of the entries, and the neighbours of one, as SVG text."""

from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from grandalf.graphs import Edge, Graph, Vertex
from grandalf.layouts import SugiyamaLayout, VertexViewer

from emtheory.reports.render.prose import plain_prose

_PAGE = 960
"""Width of a drawing: that of the page's column, in units of the drawing, which are pixels unless it is fitted."""
_WIDEST, _NARROWEST = 226, 150
"""Of a box; it is as high as its title in letters of 12 needs. A choice: where there are so many columns that a box
would be narrower, its words would be torn, and the drawing is wider than the page and scrolls."""
_LINE = 16
"""From one line of a title to the next."""
_ACROSS, _GAP = 44, 8
"""Between two boxes: across, with room for the arrows, and down."""
_MARGIN = 8
"""Around the drawing, so that the lines of the outer boxes are not cut."""
_ROUNDS = 4
"""Passes in which the layers are ordered so that fewer arrows cross. A choice: a drawing takes milliseconds."""
_LETTER = 7
"""Width of a letter of 12: more than most are wide, so that a line of them fits into its box."""

Entry = Mapping[str, Any]


class Place(NamedTuple):
    """A box: its left upper corner, its width, and the lines of its title."""

    x: int
    y: int
    width: int
    lines: tuple[str, ...]

    @property
    def height(self) -> int:
        """From its upper edge to its lower one."""
        return _LINE * len(self.lines) + 12

    @property
    def middle(self) -> int:
        """The height at which arrows come and go."""
        return self.y + self.height // 2


def dependency_figure(entries: Sequence[Entry], href: Callable[[str], str]) -> str:
    """Draw as SVG the entries that rest on others or bear them, each right of what it rests on, coloured by verdict."""
    supports = {entry["id"]: tuple(entry["depends"]) for entry in entries}
    used = {name for names in supports.values() for name in names}
    shown = [entry for entry in entries if entry["depends"] or entry["id"] in used]
    return _drawing(shown, supports, href, "Which statement rests on which")


def neighbour_figure(entry: Entry, entries: Sequence[Entry], href: Callable[[str], str]) -> str:
    """Draw one entry between those that it rests on and those that rest on it; empty if there are none."""
    below = [other for other in entries if other["id"] in entry["depends"]]
    above = [other for other in entries if entry["id"] in other["depends"]]
    if not below and not above:
        return ""
    supports = {entry["id"]: tuple(other["id"] for other in below)} | {other["id"]: (entry["id"],) for other in above}
    shown = [*below, entry, *above]
    return _drawing(shown, supports, href, "What the statement rests on, and what rests on it", brief=True)


def _drawing(
    entries: Sequence[Entry],
    supports: Mapping[str, Sequence[str]],
    href: Callable[[str], str],
    label: str,
    *,
    brief: bool = False,
) -> str:
    """Draw boxes and arrows; where it is brief, only the figure of all says of a box what it rests on."""
    titles = {entry["id"]: plain_prose(entry["title"]) for entry in entries}
    pairs = [(below, name) for name in titles for below in supports.get(name, ()) if below in titles]
    place, paths, width, height = _laid_out(titles, pairs)
    edges = (
        f'<path data-from={quoteattr(below)} data-to={quoteattr(name)} d="{path}"/>'
        for (below, name), path in zip(pairs, paths, strict=True)
    )
    boxes = (
        _box(
            entry,
            place[entry["id"]],
            f"{titles[entry['id']]}: {entry['verdict']}" if brief else _said(entry, titles, supports),
            href,
        )
        for entry in entries
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="group" '
            f'aria-label="{label}" class="graph">',
            *edges,
            *boxes,
            "</svg>",
        ]
    )


def _laid_out(
    titles: Mapping[str, str], pairs: Sequence[tuple[str, str]]
) -> tuple[dict[str, Place], list[str], int, int]:
    """Return the boxes, the arrows of the pairs, and the width and height of all: the method of Sugiyama, in layers."""
    vertices = {name: Vertex(name) for name in titles}
    edges = [Edge(vertices[below], vertices[name]) for below, name in pairs]
    for each in vertices.values():
        each.view = VertexViewer(_GAP, 0)
    layouts = [SugiyamaLayout(part) for part in Graph(list(vertices.values()), edges).C]
    for layout in layouts:
        layout.xspace, layout.yspace = _GAP, _ACROSS
        layout.init_all(optimize=True)
    layers = max((len(layout.layers) for layout in layouts), default=1)
    box = max(_NARROWEST, min(_WIDEST, (_PAGE - 2 * _MARGIN - _ACROSS * (layers - 1)) // layers))
    lines = {name: tuple(wrap(title, (box - 2 * _MARGIN) // _LETTER)) or (title,) for name, title in titles.items()}
    place: dict[str, Place] = {}
    bends: dict[Edge, list[tuple[int, int]]] = {}
    top = _MARGIN
    for layout in layouts:
        for vertex in layout.g.sV:
            # The library draws downwards: what it calls width is here the height of a box.
            vertex.view.w, vertex.view.h = _LINE * len(lines[vertex.data]) + 12, box
        layout.draw(_ROUNDS)
        drawn = [each for layer in layout.layers for each in layer]
        down = top - min(each.view.xy[0] - each.view.w / 2 for each in drawn)
        for vertex in layout.g.sV:
            middle, x = vertex.view.xy
            corner = _MARGIN + round(x - box / 2), round(middle - vertex.view.w / 2 + down)
            place[vertex.data] = Place(*corner, box, lines[vertex.data])
        for edge, passed in layout.ctrls.items():
            bends[edge] = [
                (_MARGIN + rank * (box + _ACROSS), round(passed[rank].view.xy[0] + down)) for rank in sorted(passed)
            ][1:-1]
        top = max(round(each.view.xy[0] + each.view.w / 2 + down) for each in drawn) + _GAP
    paths = [
        _arrow(place[below], bends.get(edge, []), place[name]) for edge, (below, name) in zip(edges, pairs, strict=True)
    ]
    return place, paths, 2 * _MARGIN + _ACROSS * (layers - 1) + box * layers, top


def _arrow(start: Place, bends: Sequence[tuple[int, int]], end: Place) -> str:
    """Return a curve from the right of a box to the left of another, straight across the layers between."""
    u, v = end.x, end.middle
    x, y = start.x + start.width, start.middle
    path = f"M{x} {y}"
    for left, level in (*bends, (u - 8, v)):
        bend = (left - x) // 2
        path += f"C{x + bend} {y} {left - bend} {level} {left} {level}"
        x, y = left + start.width, level
        path += f"H{x}" if left != u - 8 else ""
    return f"{path}M{u} {v}l-9 -4v8z"


def _said(entry: Entry, titles: Mapping[str, str], supports: Mapping[str, Sequence[str]]) -> str:
    below = [titles[name] for name in supports.get(entry["id"], ())]
    rests = f", rests on: {'; '.join(below)}" if below else ""
    weakest, of_all = entry.get("weakest"), entry.get("weakest_of_all")
    trusted = f", to be trusted: {weakest}" if weakest else ""
    trusted += f", and {of_all} with all that it rests on" if weakest and of_all != weakest else ""
    return f"{titles[entry['id']]}: {entry['verdict']}{trusted}{rests}"


def _box(entry: Entry, place: Place, said: str, href: Callable[[str], str]) -> str:
    name = entry["id"]
    # The title, all of it, line by line.
    lines = (
        f'<text x="{place.x + 8}" y="{place.y + 2 + _LINE * number}">{escape(line)}</text>'
        for number, line in enumerate(place.lines, start=1)
    )
    return (
        f"<a href={quoteattr(href(name))} data-node={quoteattr(name)} class={quoteattr(entry['verdict'])}>"
        f"<title>{escape(said)}</title>"
        f'<rect x="{place.x}" y="{place.y}" width="{place.width}" height="{place.height}" rx="5"/>'
        f"{''.join(lines)}</a>"
    )
