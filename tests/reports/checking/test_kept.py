"""Results kept from earlier runs are forgotten when no run uses them any more."""

import os
import time
from pathlib import Path

from emtheory.reports.checking import kept

MONTHS = 90 * 24 * 3600


def stored(folder: Path, name: str) -> Path:
    path = kept.path_of(folder, kept.digest([name]))
    kept.store(path, name)
    return path


def age(path: Path) -> None:
    then = time.time() - MONTHS
    os.utime(path, (then, then))


def test_only_what_is_ours_and_unused_is_forgotten(tmp_path: Path) -> None:
    unused, used, new = (stored(tmp_path, name) for name in ("unused", "used", "new"))
    others = [tmp_path / "notes.json", unused.parent / "notes.json", unused.parent / f"{unused.stem}.json.bak"]
    for path in others:
        path.write_text("not ours", encoding="utf-8")
    left_over = unused.with_suffix(".123.tmp")
    left_over.write_text("of a run that was killed", encoding="utf-8")
    for path in (unused, used, left_over, *others):
        age(path)
    assert kept.load(used) == "used"
    kept.forget_unused(tmp_path)
    assert not unused.exists()
    assert not left_over.exists()
    assert all(path.exists() for path in (used, new, *others))
    assert kept.load(unused) is None


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    kept.forget_unused(tmp_path / "none")
