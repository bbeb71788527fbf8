"""Which claims did not come out as expected when they were checked last, kept for ``check --lf``."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from emtheory.reports.checking import kept
from emtheory.reports.checking.record import Record


def last_failed(folder: Path, files: Sequence[Path]) -> tuple[str, ...]:
    """Return the ids of the claims of these files that failed last; none if nothing is known or it is damaged."""
    try:
        content = kept.load(_place(folder, files)) or {}
    except ValueError:
        return ()
    failed = content.get("failed", [])
    return tuple(failed) if isinstance(failed, list) and all(isinstance(each, str) for each in failed) else ()


def remember_failed(folder: Path, files: Sequence[Path], records: Iterable[Record]) -> None:
    """Keep which claims failed now; of claims that were not checked what is known stays."""
    failed = dict.fromkeys(earlier := last_failed(folder, files))
    for record in records:
        failed.pop(record.id, None)
        if not record.ok:
            failed[record.id] = None
    if failed or earlier:
        kept.store(_place(folder, files), {"failed": list(failed)})


def _place(folder: Path, files: Sequence[Path]) -> Path:
    return kept.path_of(folder, kept.digest(["last failed", *sorted(map(os.path.realpath, files))]))
