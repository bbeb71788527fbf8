"""What rests on what, drawn: the dependency graph of the entries as SVG text."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_WIDTH, _HEIGHT = 220, 24
"""Of a box, in units of the drawing: room for an id of 28 characters in the page's monospaced font of 12."""
_COLUMN, _ROW = 254, 32
"""From one box to the next, across and down. A choice: the gap across is for the edges, and a wider one makes
everything smaller where the drawing is fitted to the page."""
_MARGIN = 8
"""Around the drawing, so that the lines of the outer boxes are not cut."""


def dependency_figure(entries: Sequence[Mapping[str, Any]]) -> str:
    """Draw the entries that rest on others or that others rest on.

    Parameters
    ----------
    entries
        Entries of the report's document, each after those it rests on or not, without circles.

    Returns
    -------
    str
        SVG: a column of boxes for each depth, those that rest on nothing at the left. The class of a box is the
        verdict, so that the page's style colours it.
    """
    supports = {entry["id"]: tuple(entry["depends"]) for entry in entries}
    used = {name for names in supports.values() for name in names}
    depth: dict[str, int] = {}

    def depth_of(name: str) -> int:
        if name not in depth:
            depth[name] = 1 + max((depth_of(support) for support in supports[name]), default=-1)
        return depth[name]

    shown = [entry for entry in entries if entry["depends"] or entry["id"] in used]
    columns: dict[int, list[str]] = {}
    for entry in shown:
        columns.setdefault(depth_of(entry["id"]), []).append(entry["id"])
    place = {
        name: (_MARGIN + column * _COLUMN, _MARGIN + row * _ROW)
        for column, names in columns.items()
        for row, name in enumerate(names)
    }
    width = _MARGIN * 2 + _COLUMN * (max(columns, default=0)) + _WIDTH
    height = _MARGIN * 2 + _ROW * max(map(len, columns.values()), default=0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-label="Which statement rests on which" class="graph">'
    ]
    parts += [_edge(place[support], place[name]) for name in place for support in supports[name]]
    parts += [_box(entry, place[entry["id"]]) for entry in shown]
    return "\n".join([*parts, "</svg>"])


def _edge(start: tuple[int, int], end: tuple[int, int]) -> str:
    x, y = start[0] + _WIDTH, start[1] + _HEIGHT / 2
    u, v = end[0], end[1] + _HEIGHT / 2
    bend = (u - x) / 2
    return f'<path class="edge" d="M{x} {y} C{x + bend} {y} {u - bend} {v} {u} {v}"/>'


def _box(entry: Mapping[str, Any], place: tuple[int, int]) -> str:
    x, y = place
    title = escape(f"{entry['title']}: {entry['verdict']}")
    return (
        f"<a href={quoteattr('#' + entry['id'])} class={quoteattr(entry['verdict'])}><title>{title}</title>"
        f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="5"/>'
        f'<text x="{x + 9}" y="{y + 16}">{escape(entry["id"])}</text></a>'
    )
