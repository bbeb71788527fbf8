"""Which claims are checked: files and folders, and patterns of ids."""

import os
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from emtheory.numerics.errors import InputError, NothingSelectedError
from emtheory.reports.checking.claims_file import claim_place, load_claims, place_of
from emtheory.reports.checking.model_files import Models
from emtheory.reports.checking.record import Located
from emtheory.theory.near_miss import near_misses

SUFFIX = "claims.toml"
"""How the name of a claims file ends, where a folder is searched for them."""


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Return each file named once, and those in folders, not hidden or of environments, whose name ends with `SUFFIX`.

    NothingSelectedError if a folder has no claims file.
    """
    files: dict[str, Path] = {}
    for path in paths:
        found = sorted(_search(path)) if path.is_dir() else [path]
        if not found:
            raise NothingSelectedError(f"{path}: no file in this folder is named …{SUFFIX}")
        for file in found:
            # `Path.resolve` fails on a loop of links, of which reading the file says what is wrong.
            files.setdefault(os.path.realpath(file), file)
    return list(files.values())


def load_wanted(
    files: Sequence[Path], select: Sequence[str] = (), deselect: Sequence[str] = (), models: Models | None = None
) -> list[Located]:
    """Load claims files for `choose`, of which claims that are not selected may be malformed; errors as `load_all`."""
    try:
        return load_all(files, models=models)
    except InputError:
        if not select and not deselect:
            raise
    return load_all(files, lambda identifier: _is_chosen(identifier, select, deselect), models)


def load_all(
    files: Sequence[Path], wanted: Callable[[str], bool] | None = None, models: Models | None = None
) -> list[Located]:
    """Load claims files with models that claims may name; if only some ids are wanted, a file may have no claim.

    InputError, one line for each error of all files, if one is malformed or two claims share an id; else
    NothingSelectedError if a file has no claim.
    """
    claims: dict[str, Located] = {}
    errors, empty = [], []
    for path in files:
        try:
            loaded = load_claims(path, wanted, models)
        except InputError as error:
            errors.append(str(error))
            continue
        if not loaded and wanted is None:
            empty.append(f"{path}: the file has no [[claim]]")
        for claim in loaded:
            if claim.id in claims:
                first, earlier = claims[claim.id]
                place = claim_place(path, claim.id, claim.line)
                errors.append(f"{place}: the id is used before, at {place_of(first, earlier.line)}")
            claims.setdefault(claim.id, (path, claim))
    if errors:
        raise InputError("\n".join(errors))
    if empty:
        raise NothingSelectedError("\n".join(empty))
    return list(claims.values())


def choose(claims: Sequence[Located], select: Sequence[str] = (), deselect: Sequence[str] = ()) -> list[Located]:
    """Return the claims whose id matches a pattern of `select` (all, if there is none) and none of `deselect`.

    NothingSelectedError if a pattern of `select`, such as ``rate-*``, matches none, or none is left.
    """
    matching([claim.id for _, claim in claims], select, "claim")
    chosen = [(path, claim) for path, claim in claims if _is_chosen(claim.id, select, deselect)]
    if not chosen:
        raise NothingSelectedError(f"all {len(claims)} claims are deselected" if claims else "there is no claim")
    return chosen


def matching(ids: Sequence[str], select: Sequence[str], what: str) -> set[str]:
    """Return the ids that match a pattern, all if there is none; NothingSelectedError if one of them matches none."""
    for pattern in select:
        if not any(fnmatchcase(identifier, pattern) for identifier in ids):
            raise NothingSelectedError(f"no {what} has an id like {pattern!r}{near_misses(pattern, ids)}")
    return {each for each in ids if not select or any(fnmatchcase(each, pattern) for pattern in select)}


def _is_chosen(identifier: str, select: Sequence[str], deselect: Sequence[str]) -> bool:
    chosen = not select or any(fnmatchcase(identifier, pattern) for pattern in select)
    return chosen and not any(fnmatchcase(identifier, pattern) for pattern in deselect)


def _search(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        skipped = {name for name in folders if name.startswith(".") or name == "node_modules"}
        skipped |= {name for name in folders if (here / name / "pyvenv.cfg").exists()}
        folders[:] = [name for name in folders if name not in skipped]
        yield from (here / name for name in names if name.endswith(SUFFIX))
