"""What results show in Python and in notebooks: tables as text, as HTML and as data frames.

Every text is escaped, there are no scripts, and the colours are the page's own, be they light or dark.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from html import escape
from itertools import islice
from typing import Any, Generic, TypeVar

from emtheory.numerics.errors import require_packages

MOST_ROWS = 500
"""Of a table: a sweep may have a million cells, which no notebook can show."""
_MOST_LINES, _WIDEST = 60, 60
"""Of a table as text, rows and characters of a cell: what a terminal can show."""

Member = TypeVar("Member")

_CELL = 'style="text-align: left; vertical-align: top"'


class Tabular:
    """A result that shows itself as a table with remarks below."""

    _align = "<"

    def _header(self) -> Sequence[str]:
        raise NotImplementedError

    def _rows(self) -> Iterable[Sequence[str]]:
        raise NotImplementedError

    def _remarks(self) -> Iterable[str]:
        return ()

    def _records(self) -> Iterable[Mapping[str, Any]]:
        raise NotImplementedError

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with numbers in the columns that have numbers; it needs pandas."""
        return dataframe(self._records())

    def as_text(self) -> str:
        """Return the whole table as text, as the command line prints it."""
        return self._text(self._rows())

    def __repr__(self) -> str:
        rows, more = _beginning(self._rows(), _MOST_LINES)
        cut = [[text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…" for text in row] for row in rows]
        return self._text(cut, more)

    def _text(self, body: Iterable[Sequence[str]], more: Iterable[str] = ()) -> str:
        rows = [self._header(), *body]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = (
            "  ".join(f"{text:{self._align}{width}}" for text, width in zip(row, widths, strict=True)) for row in rows
        )
        return "\n".join([*map(str.rstrip, lines), *more, *self._remarks()])

    def _repr_html_(self) -> str:
        return html_table(self._header(), self._rows()) + "".join(map(html_line, self._remarks()))


class Drawn:
    """A result that has a chart."""

    def chart(self) -> Any:
        """Return what is drawn, and its data."""
        raise NotImplementedError

    def plot(self, axes: Any = None) -> Any:
        """Draw it on axes of Matplotlib, by default new ones, and return these: a tuple if they are several.

        InputError if there is nothing to draw, or not as many axes as panels.
        """
        return self.chart().plot(axes)


class Judged:
    """A result that may be as it should be or not, and has no truth value: it is asked for `ok`."""

    def __bool__(self) -> bool:
        raise TypeError(f"{type(self).__name__} has no truth value: ask whether it is ok")


class Listed(Tabular, Generic[Member]):
    """A table of results, each of them a row: by its number, or by its id where they have one."""

    @property
    def _members(self) -> Sequence[Member]:
        raise NotImplementedError

    @staticmethod
    def _key(member: Member) -> object:
        return getattr(member, "id", None)

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[Member]:
        return iter(self._members)

    def __getitem__(self, key: int | str) -> Member:
        """Return a result by its number or id; IndexError or KeyError if there is none."""
        if isinstance(key, str):
            return {self._key(member): member for member in self._members}[key]
        return self._members[key]


def dataframe(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Return rows as a pandas DataFrame; columns of decimals or fractions only are numbers, None is not a number.

    InputError if pandas is not installed.
    """
    require_packages("to_dataframe", "pandas")
    import pandas as pd  # noqa: PLC0415 (an extra)

    frame = pd.DataFrame(list(rows))
    for name in frame.columns:
        numbers = pd.to_numeric(frame[name].map(_divided), errors="coerce")
        if frame[name].notna().any() and numbers.notna().equals(frame[name].notna()):
            frame[name] = numbers
    return frame


def _divided(value: Any) -> Any:
    return float(Fraction(value)) if isinstance(value, str) and re.fullmatch(r"-?\d+/\d+", value) else value


def html_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of texts, or the beginning of it if it is long."""
    head = "".join(f"<th {_CELL}>{escape(text)}</th>" for text in header)
    shown, more = _beginning(rows, MOST_ROWS)
    body = "".join("<tr>" + "".join(f"<td {_CELL}>{escape(text)}</td>" for text in row) + "</tr>" for row in shown)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{''.join(map(html_line, more))}"


def _beginning(rows: Iterable[Sequence[str]], most: int) -> tuple[list[Sequence[str]], list[str]]:
    """Return so many rows, and the line that says how many more there are, if any."""
    source = iter(rows)
    shown = list(islice(source, most))
    left = sum(1 for _ in source)
    return shown, [f"and {left} more rows"] if left else []


def html_line(text: str) -> str:
    """Return a paragraph."""
    return f"<p>{escape(text)}</p>"


def html_result(lines: Iterable[str], figure: str | None = None, table: str = "") -> str:
    """Return paragraphs, a figure that is given as a file of SVG, and a table."""
    return "".join(map(html_line, lines)) + (figure[max(figure.find("<svg"), 0) :] if figure else "") + table


def data_line(n: int, d: int, *more: str) -> str:
    """Return which data a result is about."""
    return ", ".join([f"{n} point{'s' if n != 1 else ''} in d = {d}", *more])
