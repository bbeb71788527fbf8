"""Pieces of HTML for notebooks: every text escaped, no scripts, and the page's own colours, be they light or dark."""

from collections.abc import Iterable, Sequence
from html import escape

_CELL = 'style="text-align: left; vertical-align: top"'


def html_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of texts."""
    head = "".join(f"<th {_CELL}>{escape(text)}</th>" for text in header)
    body = "".join("<tr>" + "".join(f"<td {_CELL}>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def html_line(text: str) -> str:
    """Return a paragraph."""
    return f"<p>{escape(text)}</p>"
