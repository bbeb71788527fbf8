"""What a sweep has computed, in an SQLite file that survives being killed.

The process that runs the sweep is the only writer of a run; every answer is a transaction of its own, so nothing
finished is lost. Two runs may share a file: SQLite locks it, and an answer that is there is never replaced.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, fields
from pathlib import Path

from emtheory.numerics.errors import InputError
from emtheory.numerics.sweep.cell import Cell, Row

VERSION = 1
"""Of the table, kept in the file: to be raised when its columns or their meaning change, so that no program misreads a
store."""
_APPLICATION = 0x656D7468
"""The bytes "emth", by which a store is told from other SQLite files."""

_BUSY_SECONDS = 60
"""How long to wait for another run that writes to the file: its transactions take milliseconds, on a network file
system more."""
_COLUMNS = tuple(field.name for field in fields(Row))
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE cells (key TEXT PRIMARY KEY, cell TEXT NOT NULL, {", ".join(_COLUMNS)}) WITHOUT ROWID;
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {VERSION};
COMMIT;
"""


class Store:
    """Rows by key; made by `open_store`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> Row | None:
        """Return what came of a cell, or None if it was not computed."""
        query = f"SELECT {', '.join(_COLUMNS)} FROM cells WHERE key = ?"  # noqa: S608 - our own column names
        found = self._connection.execute(query, (key,)).fetchone()
        return None if found is None else Row(*found)

    def put(self, key: str, cell: Cell, row: Row) -> None:
        """Keep a row by its `cell_key`, with its request for readers; it may replace an error, never an answer."""
        self._connection.execute(_PUT, (key, json.dumps(cell.as_json()), *astuple(row)))


_PUT = (
    f"INSERT INTO cells VALUES ({', '.join('?' * (len(_COLUMNS) + 2))}) "  # noqa: S608 - our own column names
    f"ON CONFLICT (key) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS)} "
    "WHERE cells.error IS NOT NULL"
)


@contextmanager
def open_store(path: Path | None) -> Iterator[Store]:
    """Open a store, making it if there is none; without a path it lives in memory.

    InputError if the file is no store of this version, cannot be written, or the disk is full; at once where that can
    be known, else when it happens. What was finished before stays in the file.
    """
    try:
        with closing(sqlite3.connect(path or ":memory:", timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
            _prepare(connection, path)
            yield Store(connection)
    except sqlite3.Error as error:
        raise InputError(f"store {path}: {error}") from None


def _prepare(connection: sqlite3.Connection, path: Path | None) -> None:
    def pragma(name: str) -> int:
        return int(connection.execute(f"PRAGMA {name}").fetchone()[0])

    empty = pragma("schema_version") == 0
    if empty and pragma("user_version") == pragma("application_id") == 0:
        try:
            connection.executescript(_SCHEMA)
        except sqlite3.OperationalError:
            if pragma("application_id") != _APPLICATION:  # else another run has just made it
                raise
    if pragma("application_id") != _APPLICATION:
        raise InputError(f"store {path} is an SQLite file of another program; name a new file")
    if pragma("user_version") != VERSION:
        raise InputError(
            f"store {path} has version {pragma('user_version')}; this program writes version {VERSION}: name a new file"
        )
    # Finds a file that cannot be written, or whose folder cannot: only a change makes SQLite open its journal there.
    connection.executescript(f"BEGIN IMMEDIATE; PRAGMA user_version = {VERSION}; ROLLBACK;")
