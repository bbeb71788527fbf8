"""Exact statements on the Fourier transform of the weights, for each k."""

from emtheory.reports.decide.domain import Question
from emtheory.reports.kernel.files import NotExportedError, RocqFiles, comment, library
from emtheory.reports.kernel.fourier_case import FourierCase
from emtheory.reports.kernel.fourier_proof import proof, refutation
from emtheory.reports.kernel.spans import domain_of, quantified
from emtheory.reports.kernel.terms import conjunction

QUANTITIES = frozenset({"dft_modulus", "spectral_gap", "contraction_factor"})
"""What can be exported of the weights alone."""


def fourier_files(question: Question, title: str, *, refuted: bool = False) -> RocqFiles:
    """Return the export of a statement on the weights alone, or (only without variables) of its being false.

    NotExportedError names what of the statement or the weights is beyond what is exported.
    """
    if question.assumptions:
        raise NotExportedError("assumptions that tie variables together have no export")
    if refuted and question.spans:
        raise NotExportedError("that a statement with variables is false has no export")
    cases = [FourierCase(question, case) for case in question.cases]
    domain = domain_of(question)
    whole = conjunction([f"({quantified(domain, case.applied)})" for case in cases])
    claim = f"~ ({whole})" if refuted else whole
    statement = "\n".join(
        [
            comment(title),
            library("fourier_definitions"),
            *(case.definitions() for case in cases),
            f"Definition claim : Prop :=\n  {claim}.\n",
        ]
    )
    return RocqFiles(statement, refutation(cases) if refuted else proof(cases, domain))
