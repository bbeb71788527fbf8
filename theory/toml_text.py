"""TOML that people write: parsed within bounds, with the line and column of each value."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import Any

from emtheory.theory.errors import InputError
from emtheory.theory.errors import Path as Keys

MAX_DOTS_IN_KEY = 50
"""tomllib takes quadratic time in the parts of a dotted key."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\r\n]+")


@dataclass(frozen=True)
class Spot:
    """Where a value stands in a text: line and column, both from 1, and whether columns within it can be told."""

    line: int
    column: int
    plain: bool = False

    def within(self, column: int | None) -> str:
        """Return ``line:column`` of a place in the value, or of its beginning."""
        return f"{self.line}:{self.column + (column - 1 if self.plain and column else 0)}"


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """Return the tables of a text, decimals as such; InputError, which names the path, if it is not TOML."""
    for number, line in enumerate(text.split("\n"), start=1):
        if any(part.count(".") > MAX_DOTS_IN_KEY for part in re.split(r"[=,{}\[\]#]", line)):
            raise InputError(f"{path}:{number}: a key or text with more than {MAX_DOTS_IN_KEY} dots")
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: is not valid TOML: {error}") from None
    except (ValueError, InvalidOperation):
        raise InputError(f"{path}: is not valid TOML: a number has too many digits") from None
    except RecursionError:
        raise InputError(f"{path}: is nested too deeply") from None


def words(path: Path) -> Mapping[str, str]:
    """Return a file of the package that says something of each of its keys."""
    return MappingProxyType(parse_toml(path.read_text(encoding="utf-8"), path))


def spots(text: str) -> Mapping[Keys, Spot]:
    """Return where the values of a text that was parsed stand, by the keys and indices that lead to them."""
    reader = _Reader(text)
    reader.document()
    return reader.found


def spot_of(keys: Keys, known: Mapping[Keys, Spot]) -> Spot | None:
    """Return where a value stands, or the innermost of those around it; None if none is known."""
    places = (known.get(keys[:length]) for length in range(len(keys), 0, -1))
    return next((place for place in places if place is not None), None)


@dataclass
class _Reader:
    """A position that moves through a text, and what it has met."""

    text: str
    position: int = 0
    found: dict[Keys, Spot] = field(default_factory=dict)
    lengths: dict[Keys, int] = field(default_factory=dict)
    line: int = 1
    begins: int = 0
    counted: int = 0

    def document(self) -> None:
        table: Keys = ()
        while self._skip():
            if self._take("[["):
                spot, keys = self._spot(), self._keys()
                outer = self._resolved(keys[:-1])
                index = self.lengths.get((*outer, keys[-1]), 0)
                self.lengths[(*outer, keys[-1])] = index + 1
                table = (*outer, keys[-1], index)
                self.found.setdefault(table[:-1], spot)
                self.found[table] = spot
                self._take("]]")
            elif self._take("["):
                spot, keys = self._spot(), self._keys()
                table = self._resolved(keys)
                self.found[table] = spot
                self._take("]")
            else:
                self._pair(table)

    def _resolved(self, keys: Keys) -> Keys:
        """The path of a header, with the index of the last table where it goes through an array of tables."""
        path: Keys = ()
        for key in keys:
            path = (*path, key)
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
        return path

    def _pair(self, table: Keys) -> None:
        keys = self._keys()
        self._take("=")
        self._skip()
        for length in range(1, len(keys)):
            self.found.setdefault((*table, *keys[:length]), self._spot())
        self._value((*table, *keys))

    def _value(self, keys: Keys) -> None:
        if string := _STRING.match(self.text, self.position):
            quotes = 3 if string[0].startswith(('"""', "'''")) else 1
            plain = quotes == 1 and "\\" not in string[0]
            spot = self._spot()
            self.found[keys] = Spot(spot.line, spot.column + quotes, plain)
            self.position = string.end()
            return
        self.found[keys] = self._spot()
        if self._take("["):
            index = 0
            while self._skip() and not self._take("]"):
                self._value((*keys, index))
                index += 1
                self._skip()
                self._take(",")
        elif self._take("{"):
            while self._skip() and not self._take("}"):
                self._pair(keys)
                self._skip()
                self._take(",")
        elif scalar := _SCALAR.match(self.text, self.position):
            self.position = scalar.end()
        else:  # Not reached in TOML.
            self.position += 1

    def _keys(self) -> Keys:
        """A dotted key, up to what follows it."""
        keys: Keys = ()
        while self._skip():
            if string := _STRING.match(self.text, self.position):
                keys, self.position = (*keys, *tomllib.loads(f"{string[0]} = 0")), string.end()
            elif bare := _BARE.match(self.text, self.position):
                keys, self.position = (*keys, bare[0]), bare.end()
            self._skip()
            if not self._take("."):
                break
        return keys

    def _skip(self) -> bool:
        """Go beyond blanks and comments; whether anything is left."""
        blank = _BLANK.match(self.text, self.position)
        self.position = blank.end() if blank else self.position
        return self.position < len(self.text)

    def _take(self, sign: str) -> bool:
        taken = self.text.startswith(sign, self.position)
        self.position += len(sign) if taken else 0
        return taken

    def _spot(self) -> Spot:
        # Each character is looked at once, however long a line is.
        self.line += self.text.count("\n", self.counted, self.position)
        self.begins = self.text.rfind("\n", self.counted, self.position) + 1 or self.begins
        self.counted = self.position
        return Spot(self.line, self.position - self.begins + 1)
