"""The text of a grid → exact numbers."""

import re
from fractions import Fraction
from math import sqrt

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.errors import InputError

MAX_CELLS = 1_000_000
"""Members of a range, and cells of a grid: they are held in memory, some hundred bytes each."""

_RATIO = sqrt(2)
"""Of neighbours in a logarithmic range: two to the octave."""

_COUNT = re.compile(r"[0-9]{1,18}")


def parse_integers(text: str, what: str) -> tuple[int, ...]:
    """Return the integers that ``2,3,5:64:log`` or ``2:10`` or ``2:20:3`` describes, increasing and distinct.

    ``a:b`` is every integer from a to b, ``a:b:c`` every c-th, ``a:b:log`` two to the octave; b always belongs.
    InputError, which names it `what`, if a part is malformed, or a range is empty or has more than a million members.
    """
    found: set[int] = set()
    for part in text.split(","):
        start, *rest = part.strip().split(":")
        first = _integer(start, part, what)
        if not rest:
            found.add(first)
            continue
        last = _integer(rest[0], part, what)
        if last < first:
            raise InputError(f"{what} {part.strip()!r} is empty: {last} < {first}")
        found |= _between(first, last, rest[1:], part, what)
    return tuple(sorted(found))


def parse_rationals(text: str, what: str) -> tuple[Fraction, ...]:
    """Return the exact numbers that ``1/2,1,2:5:1/2`` describes: ``a:b:c`` runs from a to b in steps of c.

    InputError as for `parse_integers`.
    """
    found: set[Fraction] = set()
    for part in text.split(","):
        ends = [parse_rational(end, what) for end in part.split(":")]
        if len(ends) == 1:
            found.add(ends[0])
            continue
        if len(ends) != 3:
            raise InputError(f"{what} {part.strip()!r}: write a number, or start:end:step such as 0:5:1/2")
        first, last, step = ends
        if step <= 0 or last < first:
            raise InputError(f"{what} {part.strip()!r} is empty: the step must be positive and end ≥ start")
        count = (last - first) // step + 1
        _limit(count, part, what)
        found |= {first + i * step for i in range(count)}
    return tuple(sorted(found))


def _between(first: int, last: int, step: list[str], part: str, what: str) -> set[int]:
    if step == ["log"]:
        if first < 1:
            raise InputError(f"{what} {part.strip()!r}: a logarithmic range starts at 1 or above")
        members, position = {last}, float(first)
        while position < last:
            members.add(round(position))
            position *= _RATIO
        return members
    if len(step) > 1:
        raise InputError(f"{what} {part.strip()!r}: write a, a:b, a:b:step or a:b:log")
    width = _integer(step[0], part, what) if step else 1
    if width < 1:
        raise InputError(f"{what} {part.strip()!r}: the step must be at least 1")
    _limit((last - first) // width + 1, part, what)
    return {*range(first, last + 1, width), last}


def _integer(text: str, part: str, what: str) -> int:
    if not _COUNT.fullmatch(text.strip()):
        raise InputError(f"{what} {part.strip()[:40]!r}: write integers such as 2,3,5:64:log, 2:10 or 2:20:3")
    return int(text)


def _limit(count: int, part: str, what: str) -> None:
    if count > MAX_CELLS:
        raise InputError(f"{what} {part.strip()[:40]!r} has {count} members; at most {MAX_CELLS} are accepted")
