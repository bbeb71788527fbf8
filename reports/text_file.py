"""Text from a file of a user's, of bounded size and UTF-8; and files that are written whole or not at all."""

import json
import os
import re
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from emtheory.numerics.errors import InputError

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def without_controls(text: str) -> str:
    """Return text with � for what no file or terminal should be given: controls, and lone surrogates."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def read_text(path: Path, what: str, largest: int) -> str:
    """Return the text of a file without the mark that some editors begin UTF-8 with; InputError as `read_exactly`."""
    return read_exactly(path, what, largest).removeprefix("\ufeff")


def read_exactly(path: Path, what: str, largest: int) -> str:
    """Return all of a file; InputError if it cannot be read, is a directory, has more bytes, or is not UTF-8."""
    try:
        if path.is_dir():
            raise InputError(f"{path}: cannot be read: it is a directory, not {what}")
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    if len(data) > largest:
        raise InputError(f"{path}: is larger than {largest // 10**6} MB")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 text (byte {error.start})") from None


def read_json(path: Path, what: str, largest: int) -> Any:
    """Return what is in a file of JSON; InputError as `read_text`, or if it is none."""
    text = read_text(path, what, largest)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is not valid JSON: {str(error)[:120]}") from None


def make_folder(folder: Path | None) -> None:
    """Make a folder for files, if one is named, before anything is computed; InputError if it takes none."""
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: this folder cannot be made ({error.strerror})") from None
    check_writable(folder, str(folder))


def check_writable(folder: Path, what: str) -> None:
    """Write and remove a file in a folder, as permissions tell less; InputError, which names `what`, if it fails."""
    try:
        TemporaryFile(dir=folder).close()
    except OSError as error:
        raise InputError(f"{what}: it cannot be written to ({error.strerror})") from None


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file through a temporary one beside it: an OSError or interruption leaves the previous file whole."""
    data = content.encode() if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:  # a full disk, for one, does not say which file
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        temporary.unlink(missing_ok=True)
