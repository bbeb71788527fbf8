"""Folders that are replaced whole or not at all."""

import json
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from emtheory.numerics.errors import InputError
from emtheory.reports.report.document import PROGRAM


def check_replaceable(folder: Path, known: Collection[str]) -> None:
    """Raise InputError unless `folder` is free, empty, or an earlier report with no other than the `known` files.

    InputError also if nothing can be written beside it.
    """
    _check_writable(folder)
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder; give a folder for the report")
    names = sorted(path.name for path in folder.iterdir())
    if not names:
        return
    if not _is_report(folder):
        raise InputError(f"{folder} is not empty and not an earlier report: give another folder, or remove it first")
    foreign = [name for name in names if name not in known]
    if foreign:
        raise InputError(
            f"{folder} holds {foreign[0]!r}, which is not part of a report and would be lost: move it away"
        )


@contextmanager
def replaced_directory(folder: Path) -> Iterator[Path]:
    """Yield a new folder beside `folder` to be filled; it takes the place of `folder` if the block succeeds.

    OSError if the parent is not writable; `folder` is left as it was.
    """
    target = folder.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    mark = secrets.token_hex(4)
    new, old = (target.with_name(f".{target.name}.{mark}.{name}") for name in ("new", "old"))
    try:
        new.mkdir()
        yield new
        if target.exists():
            target.rename(old)
        try:
            new.rename(target)
        except BaseException:
            if old.exists():
                old.rename(target)
            raise
    except OSError as error:  # who asked for the folder knows nothing of another beside it
        raise OSError(error.errno, error.strerror or str(error), str(folder)) from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)


def _check_writable(folder: Path) -> None:
    """Make and remove a folder where the new report will be, or in the nearest place: permissions tell less."""
    place = folder.resolve().parent
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        Path(mkdtemp(prefix=f".{folder.name}.", dir=place)).rmdir()
    except OSError as error:
        raise InputError(f"{folder} cannot be written: no folder can be made in {place} ({error.strerror})") from None


def _is_report(folder: Path) -> bool:
    try:
        document = json.loads((folder / "report.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and document.get("program") == PROGRAM and "schema" in document
