"""The tables of numbers and laws, as headers and cells: one macro shows them all, on paper and on a telephone."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, reduce
from pathlib import Path
from typing import Any, NamedTuple

Row = Mapping[str, Any]


class Cell(NamedTuple):
    """What stands in a table: prose, and a note below it in small letters."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class NumberTable:
    """A table: its name, its headers as prose, and its rows, a cell for each header."""

    label: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what templates show of a report's ``numbers`` and ``laws``, as far as it has them."""
    absent = {*document["pending"], *document["left_out"]}
    made: dict[str, dict[str, NumberTable]] = {"numbers": {}, "laws": {}}
    for label, described in _described().items():
        part, *names = described["rows"].split(".")
        if part in absent:
            continue
        rows = reduce(lambda found, name: found[name], names, document[part])
        columns = described["columns"]
        cells = tuple(tuple(_cell(row, *places) for _, *places in columns) for row in rows)
        made[part][names[0] if names else label] = NumberTable(label, tuple(each[0] for each in columns), cells)
    return {"number_tables": made["numbers"], "law_tables": made["laws"]}


@cache
def _described() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _cell(row: Row, place: str, note: str = "") -> Cell:
    if "{" in place:
        return Cell(place.format_map(row))
    found: Any = row
    for name in place.split("."):
        found = found.get(name)
    if isinstance(found, Mapping):
        value, note = found["value"], found.get("level", "")
        found = None if value is None else value.replace("inf", "∞")
    if found is None:
        return Cell("–")
    contains = "contains" if row.get("floating", {}).get("contains_exact") else "misses"
    return Cell(str(found), note.format_map({**row, "contains": contains}))
