"""What rests on what, drawn: the dependency graph of the entries, and the neighbours of one, as SVG text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from emtheory.reports.render.prose import plain_prose

__all__ = ["dependency_figure", "neighbour_figure"]

_WIDTH, _HEIGHT = 226, 58
"""Of a box, in units of the drawing: room for three lines of a title in letters of 12."""
_COLUMN, _ROW = 282, 66
"""From one box to the next, across and down. A choice: the gap across is for the arrows, and a wider one makes
everything smaller where the drawing is fitted to the page."""
_MARGIN = 8
"""Around the drawing, so that the lines of the outer boxes are not cut."""
_LETTERS = 32
"""In a line of a box."""

Entry = Mapping[str, Any]
Place = tuple[int, int]


def dependency_figure(entries: Sequence[Entry], href: Callable[[str], str]) -> str:
    """Draw the entries that rest on others or that others rest on.

    Parameters
    ----------
    entries
        Entries of the report's document, each after those it rests on or not, without circles.
    href
        Id → address of the entry.

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
    columns = [list(members) for _, members in groupby(sorted(shown, key=lambda e: depth_of(e["id"])), _depth(depth))]
    return _drawing(_ordered(columns, supports), supports, href, "Which statement rests on which")


def neighbour_figure(entry: Entry, entries: Sequence[Entry], href: Callable[[str], str]) -> str:
    """Draw one entry between those that it rests on and those that rest on it; empty if there are none.

    Parameters
    ----------
    entry, entries
        The one, and all.
    href
        Id → address of the entry.
    """
    below = [other for other in entries if other["id"] in entry["depends"]]
    above = [other for other in entries if entry["id"] in other["depends"]]
    if not below and not above:
        return ""
    supports = {entry["id"]: tuple(other["id"] for other in below)} | {other["id"]: (entry["id"],) for other in above}
    columns = [column for column in (below, [entry], above) if column]
    return _drawing(columns, supports, href, "What the statement rests on, and what rests on it")


def _depth(depth: Mapping[str, int]) -> Callable[[Entry], int]:
    return lambda entry: depth[entry["id"]]


def _ordered(columns: Sequence[list[Entry]], supports: Mapping[str, Sequence[str]]) -> list[list[Entry]]:
    """Put each entry near those that it rests on, so that fewer arrows cross."""
    row: dict[str, float] = {}
    ordered = []
    for column in columns:
        middle = {
            entry["id"]: sum(row[name] for name in supports[entry["id"]]) / max(len(supports[entry["id"]]), 1)
            for entry in column
        }
        ordered.append(sorted(column, key=lambda entry, middle=middle: middle[entry["id"]]))  # type: ignore[misc]
        row.update({entry["id"]: number for number, entry in enumerate(ordered[-1])})
    return ordered


def _drawing(
    columns: Sequence[Sequence[Entry]],
    supports: Mapping[str, Sequence[str]],
    href: Callable[[str], str],
    label: str,
) -> str:
    highest = max(map(len, columns), default=0)
    place = {
        entry["id"]: (_MARGIN + i * _COLUMN, _MARGIN + j * _ROW)
        for i, column in enumerate(columns)
        for j, entry in enumerate(column)
    }
    titles = {entry["id"]: plain_prose(entry["title"]) for column in columns for entry in column}
    width = _MARGIN * 2 + _COLUMN * (max(len(columns), 1) - 1) + _WIDTH
    height = _MARGIN * 2 + _ROW * highest
    edges = (_edge(support, name, place) for name in place for support in supports.get(name, ()) if support in place)
    boxes = (
        _box(entry, place[entry["id"]], titles, supports.get(entry["id"], ()), href)
        for column in columns
        for entry in column
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


def _edge(support: str, name: str, place: Mapping[str, Place]) -> str:
    (left, top), (u, bottom) = place[support], place[name]
    x, y, v = left + _WIDTH, top + _HEIGHT // 2, bottom + _HEIGHT // 2
    tip, bend = u - 8, (u - x) // 2
    return (
        f"<path data-from={quoteattr(support)} data-to={quoteattr(name)} "
        f'd="M{x} {y}C{x + bend} {y} {tip - bend} {v} {tip} {v}M{u} {v}l-9 -4v8z"/>'
    )


def _box(
    entry: Entry, place: Place, titles: Mapping[str, str], supports: Sequence[str], href: Callable[[str], str]
) -> str:
    x, y = place
    name, title = entry["id"], titles[entry["id"]]
    rests = f", rests on: {'; '.join(titles[support] for support in supports)}" if supports else ""
    said = f"{title}: {entry['verdict']}{rests}"
    return (
        f"<a href={quoteattr(href(name))} data-node={quoteattr(name)} class={quoteattr(entry['verdict'])}>"
        f"<title>{escape(said)}</title>"
        f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="5"/>{"".join(_lines(title, x, y))}</a>'
    )


def _lines(title: str, x: int, y: int) -> Iterator[str]:
    """Yield a title in three lines at most; what is cut is in the box's full title."""
    lines = wrap(title, _LETTERS, max_lines=3, placeholder=" …") or [title]
    top = y + _HEIGHT // 2 + 4 - 8 * (len(lines) - 1)
    for number, line in enumerate(lines):
        yield f'<text x="{x + 8}" y="{top + 16 * number}">{escape(line)}</text>'
