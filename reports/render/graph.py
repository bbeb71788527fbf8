"""What rests on what, drawn: the dependency graph of the entries, and the neighbours of one, as SVG text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from emtheory.reports.render.prose import plain_prose

__all__ = ["dependency_figure", "neighbour_figure"]

_WIDTH = 226
"""Of a box, in units of the drawing; it is as high as its title in letters of 12 needs."""
_LINE = 16
"""From one line of a title to the next."""
_COLUMN, _GAP = 282, 8
"""From one box to the next: across from edge to edge, and down between them. A choice: across there is room for the
arrows, and more makes everything smaller where the drawing is fitted to the page."""
_MARGIN = 8
"""Around the drawing, so that the lines of the outer boxes are not cut."""
_LETTERS = 32
"""In a line of a box."""

Entry = Mapping[str, Any]


class Place(NamedTuple):
    """A box: its left upper corner, and the lines of its title."""

    x: int
    y: int
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
    titles = {entry["id"]: plain_prose(entry["title"]) for column in columns for entry in column}
    place = {name: box for i, column in enumerate(columns) for name, box in _places(i, column, titles)}
    width = _MARGIN * 2 + _COLUMN * (max(len(columns), 1) - 1) + _WIDTH
    height = _MARGIN + max((box.y + box.height for box in place.values()), default=0)
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


def _places(number: int, column: Sequence[Entry], titles: Mapping[str, str]) -> Iterator[tuple[str, Place]]:
    """Yield the boxes of a column, one below the other."""
    y = _MARGIN
    for entry in column:
        title = titles[entry["id"]]
        box = Place(_MARGIN + number * _COLUMN, y, tuple(wrap(title, _LETTERS)) or (title,))
        yield entry["id"], box
        y += box.height + _GAP


def _edge(support: str, name: str, place: Mapping[str, Place]) -> str:
    x, y = place[support].x + _WIDTH, place[support].middle
    u, v = place[name].x, place[name].middle
    tip, bend = u - 8, (u - x) // 2
    return (
        f"<path data-from={quoteattr(support)} data-to={quoteattr(name)} "
        f'd="M{x} {y}C{x + bend} {y} {tip - bend} {v} {tip} {v}M{u} {v}l-9 -4v8z"/>'
    )


def _box(
    entry: Entry, place: Place, titles: Mapping[str, str], supports: Sequence[str], href: Callable[[str], str]
) -> str:
    name, title = entry["id"], titles[entry["id"]]
    rests = f", rests on: {'; '.join(titles[support] for support in supports)}" if supports else ""
    weakest, of_all = entry.get("weakest"), entry.get("weakest_of_all")
    trusted = f", to be trusted: {weakest}" if weakest else ""
    trusted += f", and {of_all} with all that it rests on" if weakest and of_all != weakest else ""
    said = f"{title}: {entry['verdict']}{trusted}{rests}"
    return (
        f"<a href={quoteattr(href(name))} data-node={quoteattr(name)} class={quoteattr(entry['verdict'])}>"
        f"<title>{escape(said)}</title>"
        f'<rect x="{place.x}" y="{place.y}" width="{_WIDTH}" height="{place.height}" rx="5"/>'
        f"{''.join(_lines(place))}</a>"
    )


def _lines(place: Place) -> Iterator[str]:
    """Yield the title, all of it, line by line."""
    for number, line in enumerate(place.lines, start=1):
        yield f'<text x="{place.x + 8}" y="{place.y + 2 + _LINE * number}">{escape(line)}</text>'
