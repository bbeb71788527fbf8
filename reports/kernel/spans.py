"""The domain of a claim as hypotheses."""

from collections.abc import Sequence

from emtheory.reports.decide.domain import Question
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.terms import number, variable

Domain = Sequence[tuple[str, str]]
"""The name of each variable in Rocq, and the hypothesis that it lies in its interval."""


def domain_of(question: Question) -> Domain:
    """Return the variables of a claim with their hypotheses; NotExportedError if an interval has no end."""
    domain = []
    for name, span in question.spans.items():
        if span.upper is None:
            raise NotExportedError(f"{name} in {span}: intervals without an end have no export")
        low, high = ("<" if is_open else "<=" for is_open in (span.open_lower, span.open_upper))
        written = variable(name)
        domain.append((written, f"{number(span.lower)} {low} {written} {high} {number(span.upper)}"))
    return domain


def quantified(domain: Domain, proposition: str) -> str:
    """Return a proposition for all values of the variables."""
    if not domain:
        return proposition
    names = " ".join(name for name, _ in domain)
    return f"forall {names} : R, {''.join(f'{hypothesis} -> ' for _, hypothesis in domain)}{proposition}"


def introduced(domain: Domain) -> str:
    """Return the step that introduces the variables, and the hypothesis on W as HW."""
    return f"intros {' '.join([*(name for name, _ in domain), *(f'H{name}' for name, _ in domain)])}." if domain else ""
