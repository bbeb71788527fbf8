"""From a claim to its files for Rocq."""

from collections.abc import Iterable
from pathlib import Path

from emtheory.numerics.names import is_model, label_of
from emtheory.reports.certificates.certificate import certificate_name
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.kernel import fourier
from emtheory.reports.kernel.files import NotExportedError, RocqFiles
from emtheory.reports.kernel.points import pointwise
from emtheory.reports.kernel.theorems import related
from emtheory.reports.language.expression import calls_of
from emtheory.theory.claim import Claim

_POINTWISE = frozenset().union(*pointwise.QUANTITIES.values())
_EXPORTED = "; or, ".join(
    [
        ", ".join(sorted(fourier.QUANTITIES)),
        *(f"for k = {k}, {', '.join(sorted(names))}" for k, names in pointwise.QUANTITIES.items()),
    ]
)
"""The quantities that a statement may have."""


def export_claim(claim: Claim, *, refuted: bool = False) -> RocqFiles:
    """Return the files that say and prove that a claim holds, or is false; always the same, or a NotExportedError."""
    if claim.derivation:
        raise NotExportedError(f"the derivation {claim.derivation} has no export{related(claim.derivation)}")
    if claim.sharpen is not None:
        raise NotExportedError("a claim with a free constant has no export: sharpen it first")
    if claim.family:
        kind = "model" if is_model(claim.family) else "family"
        raise NotExportedError(f"the {kind} {label_of(claim.family)} has no export")
    question = read_claim(claim)
    quantities = {call.quantity for call in calls_of(question.comparison)}
    title = f"{claim.id}: {claim.statement}"
    if quantities <= fourier.QUANTITIES:
        return fourier.fourier_files(question, title, refuted=refuted)
    strangers = quantities - fourier.QUANTITIES - _POINTWISE
    if strangers:
        raise NotExportedError(f"{_listed(strangers)}: no export; exported are {_EXPORTED}")
    at_point = quantities - fourier.QUANTITIES
    others = [k for k in claim.k if not at_point <= pointwise.QUANTITIES.get(k, frozenset())]
    if others:
        possible = " or ".join(str(k) for k, names in pointwise.QUANTITIES.items() if at_point <= names)
        raise NotExportedError(f"{_listed(at_point)} can be exported for k = {possible}, not for k = {others[0]}")
    if len(claim.k) > 1:
        raise NotExportedError(f"{_listed(at_point)} is exported for one k at a time, not for {len(claim.k)}")
    return pointwise.pointwise_files(question, title, refuted=refuted)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def export_folder(out: Path, claim: Claim) -> Path:
    """Return the folder below another in which the files of a claim are kept."""
    return out / Path(certificate_name(claim.id)).stem
