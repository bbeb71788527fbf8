"""Derivations for every k at once that have a proof in Rocq: files of their own, written by hand."""

from collections.abc import Mapping

from emtheory.reports.kernel.files import NotExportedError, RocqFiles, comment, library
from emtheory.theory.claim import Claim

GENERAL: Mapping[str, str] = {}
"""Derivation → the first part of the names of its two files in the folder ``rocq``."""


def general_files(claim: Claim) -> RocqFiles:
    """Return the files that belong to a derivation.

    Parameters
    ----------
    claim
        A claim by derivation.

    Raises
    ------
    NotExportedError
        If the derivation has none.
    """
    name = GENERAL.get(claim.derivation)
    if name is None:
        raise NotExportedError(
            f"the derivation {claim.derivation} has no export; those that have are {', '.join(GENERAL)}"
        )
    title = comment(f"{claim.id}: what Rocq is given of the derivation {claim.derivation}")
    return RocqFiles(f"{title}\n{library(f'{name}_statement')}", library(f"{name}_proof"))
