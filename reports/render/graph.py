"""What rests on what, drawn: the dependency graph of the entries, and the neighbours of one, as SVG text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from emtheory.reports.render.prose import plain_prose

__all__ = ["dependency_figure", "neighbour_figure"]

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
    return _drawing(columns, supports, href, "What the statement rests on, and what rests on it", brief=True)


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
    *,
    brief: bool = False,
) -> str:
    """Draw boxes and arrows; where it is brief, only the figure of all says of a box what it rests on."""
    titles = {entry["id"]: plain_prose(entry["title"]) for column in columns for entry in column}
    count = max(len(columns), 1)
    fitting = (_PAGE - 2 * _MARGIN - _ACROSS * (count - 1)) // count
    box = max(_NARROWEST, min(_WIDEST, fitting))
    place = {
        name: found
        for i, column in enumerate(columns)
        for name, found in _places(_MARGIN + i * (box + _ACROSS), box, column, titles)
    }
    width = 2 * _MARGIN + _ACROSS * (count - 1) + box * count
    height = _MARGIN + max((box.y + box.height for box in place.values()), default=0)
    edges = (_edge(support, name, place) for name in place for support in supports.get(name, ()) if support in place)
    boxes = (
        _box(
            entry,
            place[entry["id"]],
            f"{titles[entry['id']]}: {entry['verdict']}" if brief else _said(entry, titles, supports),
            href,
        )
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


def _places(x: int, width: int, column: Sequence[Entry], titles: Mapping[str, str]) -> Iterator[tuple[str, Place]]:
    """Yield the boxes of a column, one below the other."""
    y = _MARGIN
    for entry in column:
        title = titles[entry["id"]]
        box = Place(x, y, width, tuple(wrap(title, (width - 2 * _MARGIN) // _LETTER)) or (title,))
        yield entry["id"], box
        y += box.height + _GAP


def _edge(support: str, name: str, place: Mapping[str, Place]) -> str:
    x, y = place[support].x + place[support].width, place[support].middle
    u, v = place[name].x, place[name].middle
    tip, bend = u - 8, (u - x) // 2
    return (
        f"<path data-from={quoteattr(support)} data-to={quoteattr(name)} "
        f'd="M{x} {y}C{x + bend} {y} {tip - bend} {v} {tip} {v}M{u} {v}l-9 -4v8z"/>'
    )


def _said(entry: Entry, titles: Mapping[str, str], supports: Mapping[str, Sequence[str]]) -> str:
    below = [titles[name] for name in supports.get(entry["id"], ())]
    rests = f", rests on: {'; '.join(below)}" if below else ""
    weakest, of_all = entry.get("weakest"), entry.get("weakest_of_all")
    trusted = f", to be trusted: {weakest}" if weakest else ""
    trusted += f", and {of_all} with all that it rests on" if weakest and of_all != weakest else ""
    return f"{titles[entry['id']]}: {entry['verdict']}{trusted}{rests}"


def _box(entry: Entry, place: Place, said: str, href: Callable[[str], str]) -> str:
    name = entry["id"]
    return (
        f"<a href={quoteattr(href(name))} data-node={quoteattr(name)} class={quoteattr(entry['verdict'])}>"
        f"<title>{escape(said)}</title>"
        f'<rect x="{place.x}" y="{place.y}" width="{place.width}" height="{place.height}" rx="5"/>'
        f"{''.join(_lines(place))}</a>"
    )


def _lines(place: Place) -> Iterator[str]:
    """Yield the title, all of it, line by line."""
    for number, line in enumerate(place.lines, start=1):
        yield f'<text x="{place.x + 8}" y="{place.y + 2 + _LINE * number}">{escape(line)}</text>'
