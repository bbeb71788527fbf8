"""Theorems that are no claim about single cases: for every k, or all weights. Their proofs are written by hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from emtheory.reports.kernel.files import RocqFiles, comment, library


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
