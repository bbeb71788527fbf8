"""Pieces of HTML for notebooks: every text escaped, no scripts, and the page's own colours, be they light or dark."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice

MOST_ROWS = 500
"""Of a table: a sweep may have a million cells, which no notebook can show."""

_CELL = 'style="text-align: left; vertical-align: top"'


def html_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of texts, or the beginning of it if it is long."""
    head = "".join(f"<th {_CELL}>{escape(text)}</th>" for text in header)
    source = iter(rows)
    shown = list(islice(source, MOST_ROWS))
    body = "".join("<tr>" + "".join(f"<td {_CELL}>{escape(text)}</td>" for text in row) + "</tr>" for row in shown)
    left = sum(1 for _ in source)
    more = html_line(f"and {left} rows more") if left else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def html_line(text: str) -> str:
    """Return a paragraph."""
    return f"<p>{escape(text)}</p>"
