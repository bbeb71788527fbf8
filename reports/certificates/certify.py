"""From a verdict to its certificate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from emtheory.numerics.case import Case
from emtheory.reports.atomic import write_atomically
from emtheory.reports.certificates.certificate import (
    EXACT_DIGITS,
    Json,
    case_document,
    cell_document,
    certificate_name,
    certificate_text,
    derivation_documents,
    derivation_evidence,
    evidence_document,
    needs_no_digits,
    rounded,
    sealed,
)
from emtheory.reports.decide.domain import Question, read_claim
from emtheory.reports.decide.point import confront, decide_at
from emtheory.reports.decide.verdict import INCONCLUSIVE, Finding, Verdict
from emtheory.reports.language.expression import Comparison
from emtheory.theory.claim import Claim

VERIFIER = "verify"
"""A folder that is a program of its own, for which nothing but Python and python-flint is needed."""


def write_certificate(folder: Path, claim: Claim, verdict: Verdict) -> str | None:
    """Write the certificate of a verdict to its file in a folder, as `keep_certificate`."""
    return keep_certificate(folder, claim, text_of_certificate(claim, verdict))


def text_of_certificate(claim: Claim, verdict: Verdict) -> str | None:
    """Return the content of a certificate's file; None for an inconclusive verdict, which has none."""
    return None if verdict.outcome == INCONCLUSIVE else certificate_text(certify(claim, verdict))


def keep_certificate(folder: Path, claim: Claim, text: str | None) -> str | None:
    """Write a certificate to its file in a folder that exists, whole or not at all, and return its name.

    Without a text an earlier file is removed.
    """
    name = certificate_name(claim.id)
    if text is None:
        (folder / name).unlink(missing_ok=True)
        return None
    write_atomically(folder / name, text)
    write_verifier(folder)
    return name


def write_verifier(folder: Path) -> None:
    """Write the standalone verifier beside certificates, but for files that are there already."""
    for name, text in verifier_files().items():
        path = folder / VERIFIER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8", errors="replace") != text:
            write_atomically(path, text)


@cache
def verifier_files() -> Mapping[str, str]:
    """Return the modules of the standalone verifier: path in its folder → text."""
    folder = Path(__file__).with_name(VERIFIER)
    files = sorted(folder.rglob("*.py"))
    return MappingProxyType({path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files})


def certify(claim: Claim, verdict: Verdict, derived: Iterable[Json] | None = None) -> Json:
    """Return the certificate of a verdict, a refutation by its witness, a claim that holds by all cells.

    A claim by derivation may come with what was `derived` for each k. An inconclusive verdict, without evidence, is a
    ValueError.
    """
    if verdict.outcome == INCONCLUSIVE:
        raise ValueError(f"claim {claim.id!r} is inconclusive: there is nothing to certify")
    if claim.derivation:
        evidence = derivation_documents(claim) if derived is None else derivation_evidence(derived)
        return sealed(claim, verdict, derivations=evidence)
    question = read_claim(claim)
    refuting = verdict.counterexample
    findings = tuple(
        as_written(question.comparison, finding) for finding in (verdict.findings if refuting is None else (refuting,))
    )
    cases = [_case(question, case, [f for f in findings if f.case.k == case.k], refuting) for case in question.cases]
    return sealed(claim, replace(verdict, findings=findings), cases)


def _case(question: Question, case: Case, findings: Sequence[Finding], refuting: Finding | None) -> Json:
    """Record a case; next to one that refutes the claim the others are recorded without evidence."""
    document = case_document(question, case) | {"assumptions": [], "cells": []}
    if refuting is not None and not findings:
        return document
    common = [each for each in question.assumptions if each not in question.local_assumptions]
    document["assumptions"] = [evidence_document(premise) for premise in _premises(common, case)]
    if not question.local_assumptions or any(
        finding.whole is not None or finding.box is not None for finding in findings
    ):
        document["cells"] = [cell_document(question, finding, finding.premises) for finding in findings]
        return document
    known = {finding.case: finding for finding in findings}
    places = list(question.places(case)) if refuting is None else list(known)
    for place in places:
        finding = known.get(place, Finding(place, question.comparison.texts, ()))
        premises = _premises(question.local_assumptions, place)
        document["cells"].append(cell_document(question, finding, premises))
    return document


def _premises(assumptions: Sequence[Comparison], case: Case) -> list[Finding]:
    return [as_written(assumption, decide_at(assumption, case)) for assumption in assumptions]


def as_written(comparison: Comparison, finding: Finding) -> Finding:
    """Return a finding as it follows from its quantities rounded outwards to the digits that are shown."""
    if finding.whole is not None or finding.box is not None:
        return finding
    values = {call: rounded(value, finding.digits) for call, value in finding.values.items()}
    written = confront(comparison, finding.case, finding.digits, values)
    return confront(comparison, finding.case, EXACT_DIGITS, values) if needs_no_digits(written) else written
