"""Claims files: TOML, validated whole before anything is computed."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails

from numerics.errors import InputError
from numerics.weights import MAX_COMPONENTS
from reports.domain import read_claim
from theory.claim import Claim

MAX_BYTES = 5_000_000
MAX_DOTS_IN_KEY = 50
"""tomllib takes quadratic time in the parts of a dotted key."""

MAX_ERRORS_SHOWN = 100

_HEADER = re.compile(r"[ \t]*\[\[[ \t]*(?:claim|\"claim\"|'claim')[ \t]*\]\]")


def _exact_text(value: object) -> str:
    """Numbers as the text they were written in, so that 2.64 means 264/100."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        raise ValueError("an exact number is wanted: 3, 0.3, or text such as '3/10'")
    return str(value)


def _weights(value: object) -> str | tuple[str, ...]:
    if isinstance(value, list):
        return tuple(map(_exact_text, value))
    if isinstance(value, str):
        return value
    raise ValueError("a list of exact numbers or the name of a family is wanted")


def _known_schema(value: object) -> object:
    if value != 1 or isinstance(value, bool):
        raise ValueError("only schema = 1 is known")
    return value


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


_Exact = Annotated[str, BeforeValidator(_exact_text)]
_Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _ForAll(_Strict):
    radius: Annotated[list[_Exact], Field(min_length=2, max_length=2)]


class _ClaimTable(_Strict):
    id: _Line
    statement: Annotated[str, Field(min_length=1)]
    k: Annotated[list[Annotated[int, Field(ge=2, le=MAX_COMPONENTS)]], BeforeValidator(_as_list), Field(min_length=1)]
    weights: Annotated[str | tuple[str, ...], PlainValidator(_weights)]
    d: int | None = None
    radius: _Exact | None = None
    amplitudes: list[_Exact] | None = None
    for_all: _ForAll | None = None
    expect: Literal["holds", "refuted"] = "holds"
    title: str = ""
    source: str = ""

    def as_claim(self, line: int | None) -> Claim:
        return Claim(
            id=self.id,
            statement=self.statement,
            k=tuple(self.k),
            weights=self.weights,
            d=self.d,
            radius=self.radius,
            amplitudes=None if self.amplitudes is None else tuple(self.amplitudes),
            for_all={} if self.for_all is None else {"radius": (self.for_all.radius[0], self.for_all.radius[1])},
            expect=self.expect,
            title=self.title,
            source=self.source,
            line=line,
        )


class _File(_Strict):
    version: Annotated[Literal[1], BeforeValidator(_known_schema), Field(alias="schema")]
    claim: list[_ClaimTable] = []


def load_claims(path: Path) -> tuple[Claim, ...]:
    """Read a claims file.

    Returns
    -------
    tuple of Claim
        In the order of the file; empty if it has no claim.

    Raises
    ------
    InputError
        If it cannot be read or anything in it is malformed: one line for each error, with its place.
    """
    text = _read(path)
    document = _parse(text, path)
    lines = _header_lines(text, document)
    try:
        tables = _File.model_validate(document).claim
    except ValidationError as error:
        raise _all_of([_explain(part, document, lines, path) for part in error.errors()]) from None
    claims: dict[str, Claim] = {}
    errors = []
    for claim in map(_ClaimTable.as_claim, tables, lines):
        place = f"{place_of(path, claim.line)}: claim {claim.id!r}"
        if claim.id in claims:
            errors.append(f"{place}: the id is used before, at {place_of(path, claims[claim.id].line)}")
        try:
            read_claim(claim)
        except InputError as error:
            errors.append(f"{place}: {error}")
        claims.setdefault(claim.id, claim)
    if errors:
        raise _all_of(errors)
    return tuple(claims.values())


def place_of(path: Path, line: int | None) -> str:
    """Return where a claim stands, as file:line if the line is known."""
    return str(path) if line is None else f"{path}:{line}"


def _all_of(errors: Sequence[str]) -> InputError:
    more = [f"and {len(errors) - MAX_ERRORS_SHOWN} errors more"] if len(errors) > MAX_ERRORS_SHOWN else []
    return InputError("\n".join([*errors[:MAX_ERRORS_SHOWN], *more]))


def _read(path: Path) -> str:
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a directory, not a claims file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    if len(data) > MAX_BYTES:
        raise InputError(f"{path}: is larger than {MAX_BYTES // 10**6} MB")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 text (byte {error.start})") from None


def _parse(text: str, path: Path) -> dict[str, Any]:
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


def _header_lines(text: str, document: Mapping[str, Any]) -> Sequence[int | None]:
    """Line of each ``[[claim]]``, or None for each if the file is written otherwise."""
    headers = [number for number, line in enumerate(text.split("\n"), start=1) if _HEADER.match(line)]
    tables = document.get("claim")
    count = len(tables) if isinstance(tables, list) else 0
    return headers if len(headers) == count else [None] * count


def _explain(error: ErrorDetails, document: Mapping[str, Any], lines: Sequence[int | None], path: Path) -> str:
    place, location = str(path), error["loc"]
    valid: Mapping[str, object] = {"schema": None, "claim": None}
    if location[0] == "claim" and len(location) > 1:
        index = int(location[1])
        table = document["claim"][index]
        name = table.get("id") if isinstance(table, dict) else None
        label = repr(name[:100]) if isinstance(name, str) else f"number {index + 1}"
        place = f"{place_of(path, lines[index])}: claim {label}"
        location, valid = location[2:], _ClaimTable.model_fields
    key = ".".join(map(str, location))[:100]
    if error["type"] == "extra_forbidden":
        close = get_close_matches(key, valid, n=1)
        hint = f"did you mean {close[0]}?" if close else f"valid are {', '.join(valid)}"
        return f"{place}: unknown key {key!r}: {hint}"
    message = error["msg"].removeprefix("Value error, ")
    return f"{place}: {key}: {message[:1].lower()}{message[1:]}"
