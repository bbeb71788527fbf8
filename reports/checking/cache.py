"""Verdicts kept from earlier runs. An entry counts only if it is whole and made by the very same code."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from emtheory.reports.checking.record import Record
from emtheory.theory.claim import Claim

_MAX_BYTES = 2_000_000


def default_cache() -> Path:
    """Return the folder for cached verdicts: ``$XDG_CACHE_HOME/emtheory``, by default ``~/.cache/emtheory``."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(home) if Path(home).is_absolute() else Path.home() / ".cache") / "emtheory"


def claim_fingerprint(claim: Claim) -> str:
    """Return a SHA-256 digest of all that a claim says: not of its id, title, source and place in the file."""
    said = {
        "statement": claim.statement,
        "derivation": claim.derivation,
        "k": claim.k,
        "weights": claim.weights,
        "d": claim.d,
        "radius": claim.radius,
        "amplitudes": claim.amplitudes,
        "for_all": dict(claim.for_all),
        "assume": claim.assume,
        "expect": claim.expect,
    }
    return _digest(said)


def entry_path(folder: Path, claim: Claim, code: str, digits_max: int | None) -> Path:
    """Return the file for the verdict on a claim by a code (its fingerprint) with a limit of digits."""
    key = _digest([claim_fingerprint(claim), code, digits_max])
    return folder / key[:2] / f"{key}.json"


def load(path: Path) -> Record | None:
    """Return the verdict stored at `path`, or None if there is none.

    Raises
    ------
    ValueError
        If there is one and it is damaged.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(error.strerror) from None
    try:
        document = json.loads(data)
        content = document["record"]
        if document["key"] != path.stem or document["digest"] != _digest([path.stem, content]):
            raise ValueError("its digest does not match its content")
        return Record(**(content | {"findings": tuple(content["findings"])}))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {str(error)[:100]}") from None


def store(path: Path, record: Record) -> None:
    """Store a verdict; a reader sees a whole entry or none. Where it cannot be written, nothing is stored."""
    content = record.as_document()
    entry = {"key": path.stem, "digest": _digest([path.stem, content]), "record": content}
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with suppress(OSError):  # A read-only or full disk costs time in the next run, not the verdict of this one.
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(entry), encoding="utf-8")
        temporary.replace(path)


def _digest(value: Mapping[str, Any] | list[Any]) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
