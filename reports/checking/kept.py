"""Results kept from earlier runs: JSON files, each named by a digest of all that its content depends on."""

import json
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

from emtheory.numerics.errors import InputError
from emtheory.reports.text_file import make_folder

_MAX_BYTES = 20_000_000
"""More than any result takes; a larger file is not one of ours."""

_WARNING_SHOWN = 80
"""Characters of what is wrong with an entry, which may hold anything, in the one line of a warning."""

_KEPT_SECONDS = 30 * 24 * 3600
"""After which a result that no run has used is forgotten: code that changes leaves behind what no run will ask for."""

_STORED = re.compile(r"[0-9a-f]{64}\.(json|[0-9]+\.tmp)")
"""The names of our files; others in the folder are left alone."""


def default_folder() -> Path:
    """Return the folder for results of earlier runs: ``$XDG_CACHE_HOME/emtheory``, by default ``~/.cache/emtheory``."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(home) if Path(home).is_absolute() else Path.home() / ".cache") / "emtheory"


def digest(value: Mapping[str, Any] | Sequence[Any]) -> str:
    """Return the SHA-256 digest of JSON values, whatever the order of their keys."""
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def content(value: Any) -> Any:
    """Return text, exact numbers, None, or tuples, mappings, dataclasses of these, as JSON that no other value has."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Fraction):
        return {"Fraction": str(value)}
    if isinstance(value, Mapping):
        return {"mapping": [[content(key), content(part)] for key, part in value.items()]}
    if isinstance(value, list | tuple):
        return [content(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {type(value).__name__: [[field.name, content(getattr(value, field.name))] for field in fields(value)]}
    raise TypeError(f"{value!r} cannot be a part of a digest: it has no exact form as text")


def path_of(folder: Path, key: str) -> Path:
    """Return the file for the result with a key, a digest."""
    return folder / key[:2] / f"{key}.json"


def load(path: Path) -> Any:
    """Return JSON values stored at `path`, or None; ValueError if a file is not whole, or has another key."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ValueError(error.strerror) from None
    try:
        entry = json.loads(data)
        if entry["key"] != path.stem or entry["digest"] != digest([path.stem, entry["content"]]):
            raise ValueError("its digest does not match its content")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {str(error)[:_WARNING_SHOWN]}") from None
    with suppress(OSError):  # As for `store`: a disk that cannot be written costs time later on.
        path.touch()
    return entry["content"]


def store(path: Path, stored: Any) -> None:
    """Store JSON values; a reader sees a whole entry or none. Where it cannot be written, nothing is stored."""
    entry = {"key": path.stem, "digest": digest([path.stem, stored]), "content": stored}
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with suppress(OSError):  # A read-only or full disk costs time in the next run, not the result of this one.
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(entry), encoding="utf-8")
        temporary.replace(path)


def prepare(folder: Path, warn: Callable[[str], None]) -> None:
    """Make the folder, and remove what no run has stored or used for a month; `warn` is told if it takes no files."""
    try:
        make_folder(folder)
    except InputError as error:
        warn(f"{error}: nothing is kept")
    oldest = time.time() - _KEPT_SECONDS
    for path in folder.glob("??/*"):
        with suppress(OSError):  # Another run may have removed it.
            if _STORED.fullmatch(path.name) and path.stat().st_mtime < oldest:
                path.unlink()


def damage(path: Path, error: ValueError) -> str:
    """Return the warning about an entry that `load` does not believe."""
    return f"{path}: a cached result is damaged and not used ({str(error)[:_WARNING_SHOWN]})"
