"""From a claim to its files for Rocq."""

from collections.abc import Iterable
from pathlib import Path

from emtheory.reports.certificates.certificate import certificate_name
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.evaluation import calls_of
from emtheory.reports.kernel import fourier, line
from emtheory.reports.kernel.files import NotExportedError, RocqFiles
from emtheory.reports.kernel.theorems import related
from emtheory.theory.claim import Claim

_EXPORTED = f"{', '.join(sorted(fourier.QUANTITIES))}; or, for k = 2, {', '.join(sorted(line.QUANTITIES))}"
"""The quantities that a statement may have, together."""


def export_claim(claim: Claim, *, refuted: bool = False) -> RocqFiles:
    """Return the files of a claim, which are the same whenever they are made.

    Parameters
    ----------
    claim
        What is claimed.
    refuted
        Whether the files are to say, and prove, that it is false.

    Raises
    ------
    NotExportedError
        If the claim is beyond what is exported; the message names what.
    InputError
        If the claim is malformed.
    """
    if claim.derivation:
        raise NotExportedError(f"the derivation {claim.derivation} has no export{related(claim.derivation)}")
    if claim.sharpen is not None:
        raise NotExportedError("a claim with a free constant has no export: sharpen it first")
    if claim.family:
        raise NotExportedError(f"the family {claim.family} has no export")
    question = read_claim(claim)
    quantities = {call.quantity for call in calls_of(question.comparison)}
    title = f"{claim.id}: {claim.statement}"
    if quantities <= fourier.QUANTITIES:
        return fourier.fourier_files(question, title, refuted=refuted)
    strangers = quantities - fourier.QUANTITIES - line.QUANTITIES
    if strangers:
        raise NotExportedError(f"{_listed(strangers)}: no export; exported are {_EXPORTED}")
    if not quantities <= line.QUANTITIES:
        raise NotExportedError(f"{_listed(quantities)} cannot be exported together; what can is {_EXPORTED}")
    others = [k for k in claim.k if k != 2]
    if others:
        raise NotExportedError(f"{_listed(quantities)} can be exported for k = 2, not for k = {others[0]}")
    return line.line_files(question, title, refuted=refuted)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def export_folder(out: Path, claim: Claim) -> Path:
    """Return the folder below another in which the files of a claim are kept."""
    return out / Path(certificate_name(claim.id)).stem
