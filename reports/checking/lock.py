"""The lock of a claims file: what was found out once, so that a later run can say what has drifted."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from emtheory.numerics.arithmetic.decimal_text import bound
from emtheory.numerics.errors import InputError
from emtheory.numerics.level import LEVELS, REQUIRABLE
from emtheory.reports.checking.cache import claim_fingerprint
from emtheory.reports.checking.checking import Checked
from emtheory.reports.checking.record import Record
from emtheory.reports.decide.verdict import INCONCLUSIVE
from emtheory.reports.text_file import read_text

MAX_BYTES = 50_000_000
"""A choice: both sides of up to `emtheory.reports.checking.record.MAX_FINDINGS` cases stand in it, so that it is larger
than its claims file; it is parsed whole, in memory."""

_Number = Annotated[str, Field(max_length=5000, pattern=r"^-?(inf|[0-9]+(\.[0-9]+)?(e[+-]?[0-9]{1,6})?)$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class LockedSide(_Strict):
    """One side of a comparison at one case: where, what, and its enclosure as decimals."""

    case: str
    expression: str
    lower: _Number
    upper: _Number


class Locked(_Strict):
    """What a lock says about one claim."""

    fingerprint: str
    verdict: str
    level: Literal["kernel", "proved", "certified", "supported", "observed"] | None
    enclosures: list[LockedSide]


class _Lock(_Strict):
    format: Literal["emtheory lock"]
    version: Literal[1]
    claims: dict[str, Locked]


Lock = Mapping[str, Locked]


def lock_text(results: Sequence[Checked], kept: Lock) -> str:
    """Return the content of a lock file: the results, and of the claims `kept` those that were not checked."""
    entries = dict(kept) | {checked.claim.id: _locked(checked) for checked in results}
    lock = _Lock(format="emtheory lock", version=1, claims=dict(sorted(entries.items())))
    return json.dumps(lock.model_dump(), indent=1, ensure_ascii=False) + "\n"


def read_lock(path: Path) -> Lock:
    """Read a lock file; InputError if it cannot be read, or is not one of this version."""
    text = read_text(path, "a lock file", MAX_BYTES)
    try:
        return _Lock.model_validate_json(text).claims
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))[:100]
        raise InputError(f"{path}: is not a lock file of this version ({place}: {first['msg']})") from None


def drifts(lock: Lock, results: Sequence[Checked], *, partial: bool) -> list[str]:
    """Return what has drifted from a lock, a line each; claims are missed only if all were selected (not `partial`)."""
    found = {checked.claim.id: checked for checked in results}
    lines = [] if partial else [f"claim {name!r} has vanished" for name in lock if name not in found]
    for name, checked in found.items():
        if name in lock:
            lines += [f"claim {name!r}: {change}" for change in _changes(lock[name], checked)]
        else:
            lines.append(f"claim {name!r} is new")
    return lines


def _changes(locked: Locked, checked: Checked) -> Iterator[str]:
    if locked.fingerprint != claim_fingerprint(checked.claim):
        yield "says something else than it did, under the same id"
        return
    record = checked.record
    if _rank(record.verdict, record.level) < _rank(locked.verdict, locked.level) or (
        _holds(record.verdict) is not _holds(locked.verdict) and locked.verdict != INCONCLUSIVE
    ):
        yield f"the verdict was {_told(locked.verdict, locked.level)} and is {_told(record.verdict, record.level)}"
    recorded = {(side.case, side.expression): side for side in locked.enclosures}
    for side in _sides(record):
        before = recorded.get((side.case, side.expression))
        if before is not None and not _overlap(before, side):
            yield (
                f"{side.expression} at {side.case} was in [{before.lower}, {before.upper}] "
                f"and is in [{side.lower}, {side.upper}]"
            )


def _locked(checked: Checked) -> Locked:
    record = checked.record
    return Locked(
        fingerprint=claim_fingerprint(checked.claim),
        verdict=record.verdict,
        level=record.level,  # type: ignore[arg-type]
        enclosures=list(_sides(record)),
    )


def _sides(record: Record) -> Iterator[LockedSide]:
    """Each side that was enclosed, once; over a cell of an interval the enclosure depends on how it was cut."""
    seen: set[tuple[str, str]] = set()
    for finding in record.findings:
        case = ", ".join(f"{name} = {_plain(value)}" for name, value in finding["case"].items())
        for comparison in finding["comparisons"]:
            for side in (comparison["left"], comparison["right"]):
                if (case, side["expression"]) not in seen:
                    seen.add((case, side["expression"]))
                    yield LockedSide(case=case, expression=side["expression"], lower=side["lower"], upper=side["upper"])


def _plain(value: Any) -> str:
    return ",".join(value) if isinstance(value, list | tuple) else str(value)


def _overlap(first: LockedSide, second: LockedSide) -> bool:
    ends = sorted((bound(side.lower), bound(side.upper)) for side in (first, second))
    return all(upper >= lower for (_, upper), (lower, _) in pairwise(ends))


def _rank(verdict: str, level: str | None) -> int:
    """Strength of a verdict: 0 for none, more for better evidence."""
    return 0 if verdict == INCONCLUSIVE or level is None else len(REQUIRABLE) - REQUIRABLE.index(level)


def _holds(verdict: str) -> bool | None:
    return None if verdict == INCONCLUSIVE else verdict in LEVELS


def _told(verdict: str, level: str | None) -> str:
    return verdict if level is None or level == verdict else f"{verdict} ({level})"
