"""Whether what is recorded in a certificate is what was found: letter by letter, or where it is not."""

import json
from fractions import Fraction
from typing import Any

from emtheory.reports.certificates.certificate import Json, versions
from emtheory.reports.certificates.file import RejectedError

_LONGEST_SHOWN = 100
"""Characters of a value in a rejection, which names two of them."""


def require_versions(recorded: Json) -> None:
    """Raise RejectedError that says what a certificate was made with, if that is not what is installed."""
    for name, installed in versions().items():
        if recorded.get(name) != installed:
            was = (
                f"it was made with {name} {recorded[name]}"
                if name in recorded
                else f"it does not say with which {name}"
            )
            raise RejectedError(f"versions.{name}: {was}, and {installed} is installed: check its claim anew")
    require_equal("versions", recorded, versions())


def require_equal(place: str, recorded: object, found: object) -> None:
    """Raise a RejectedError that names the first place where JSON values differ."""
    if isinstance(recorded, dict) and isinstance(found, dict) and recorded.keys() == found.keys():
        for name, part in recorded.items():
            require_equal(f"{place}.{name}".lstrip("."), part, found[name])
    elif isinstance(recorded, list) and isinstance(found, list) and len(recorded) == len(found):
        for index, (left, right) in enumerate(zip(recorded, found, strict=True)):
            require_equal(f"{place}.{index}".lstrip("."), left, right)
    elif recorded != found or type(recorded) is not type(found):
        raise RejectedError(f"{place}: {_shown(recorded)} is recorded, and {_shown(found)} was found")


def require_between(place: str, recorded: Any, tight: Any, loose: Any) -> None:
    """Raise a RejectedError unless recorded JSON is `tight` or `loose`, or between them where texts are numbers."""
    if tight == loose or type(recorded) is not type(tight):
        require_equal(place, recorded, tight)
    elif isinstance(tight, dict) and recorded.keys() == tight.keys():
        for name, part in recorded.items():
            require_between(f"{place}.{name}".lstrip("."), part, tight[name], loose[name])
    elif isinstance(tight, list) and len(recorded) == len(tight):
        for index, parts in enumerate(zip(recorded, tight, loose, strict=True)):
            require_between(f"{place}.{index}".lstrip("."), *parts)
    elif not isinstance(tight, str):
        require_equal(place, recorded, tight)
    else:
        ends = sorted((tight, loose), key=Fraction)
        if not Fraction(ends[0]) <= Fraction(recorded) <= Fraction(ends[1]):
            found = " to ".join(map(_shown, ends))
            raise RejectedError(f"{place}: {_shown(recorded)} is recorded, and {found} was found")


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
