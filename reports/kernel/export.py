"""From a claim to its files for Rocq; and theorems that are no claim about single cases, with proofs by hand."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from emtheory.numerics.names import is_model, label_of
from emtheory.reports.certificates.certificate import certificate_name
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.kernel import fourier
from emtheory.reports.kernel.files import NotExportedError, RocqFiles, comment, library
from emtheory.reports.kernel.points import pointwise
from emtheory.reports.language.expression import calls_of
from emtheory.theory.claim import Claim


@dataclass(frozen=True)
class Theorem:
    """A theorem that Rocq can be given by its name, and the derivation that says it too, among other things.

    The statement consists of texts of the folder ``rocq``.
    """

    title: str
    derivation: str
    statement: tuple[str, ...]
    proof: Callable[[], str]

    def files(self, name: str) -> RocqFiles:
        """Return the files for Rocq."""
        return RocqFiles("\n".join([comment(name), *map(library, self.statement)]), self.proof())


def _gram_proof() -> str:
    # SymPy takes a third of a second to load.
    from emtheory.reports.kernel.turns import turn_lemmas, turns  # noqa: PLC0415

    return "\n".join([library("fourier_lemmas"), *(turn_lemmas(turns(k)) for k in (2, 3, 4)), library("gram_proof")])


THEOREMS: Mapping[str, Theorem] = {
    "uniform-weights": Theorem(
        "uniform weights: the Fourier transform vanishes at every frequency 1, …, k − 1, for every k",
        "dft",
        ("fourier_definitions", "uniform_statement"),
        lambda: "\n".join(map(library, ("uniform_lemmas", "uniform_proof"))),
    ),
    "gram-matrix": Theorem(
        "AᵀA is diagonal with entries |π̂_m|² for k = 2, 3, 4 and all weights, where R rotates a regular simplex",
        "matrix-a",
        ("fourier_definitions", "gram_statement"),
        _gram_proof,
    ),
    "stein-two": Theorem(
        "two components on a line: EM takes r to (1 − β_1(r)) r, for all weights and every real r",
        "stein-identity",
        ("density_definitions", "line_definitions", "stein_statement"),
        lambda: "\n".join(map(library, ("density_lemmas", "line_lemmas", "stein_proof"))),
    ),
}
"""Name → theorem."""


def related(derivation: str) -> str:
    """Return a remark on the theorem that a derivation's statement has in common with, or nothing."""
    names = [name for name, theorem in THEOREMS.items() if theorem.derivation == derivation]
    return f"; part of what it says is the theorem {', '.join(names)}" if names else ""


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
