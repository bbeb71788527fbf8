"""From a claim to a verdict; and the strongest one that it can reach."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from time import monotonic, perf_counter
from typing import Any

from emtheory.numerics.arithmetic.constant import Constant, Real
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.level import LEVELS, STRENGTH, Level
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.side_by_side import Calls, one_by_one
from emtheory.reports.decide.cover import cover
from emtheory.reports.decide.domain import describe_domain, read_claim
from emtheory.reports.decide.point import DIGITS_MAX
from emtheory.reports.decide.verdict import INCONCLUSIVE, REFUTED, Finding, Verdict, points_text
from emtheory.reports.language.expression import calls_of
from emtheory.theory.claim import Claim
from emtheory.theory.derivations import derive
from emtheory.theory.errors import DerivationError

_LONGEST_FRACTION = 30
"""Characters of a value in a reason; a longer one is given as a decimal."""

_EVIDENCE = {
    Level.EXACT: "exact algebra",
    Level.CERTIFIED: "rigorous enclosures",
    Level.SUPPORTED: "high precision with an estimated error",
    Level.OBSERVED: "double precision",
}


def decide_claim(
    claim: Claim,
    digits_max: int = DIGITS_MAX,
    timeout: float | None = None,
    calls: Calls = one_by_one,
    *,
    quotes_theorems: bool = True,
) -> Verdict:
    """Decide a claim.

    `digits_max`: significant digits up to which quantities are refined before the verdict is inconclusive; `timeout`:
    seconds after which no further refinement begins; a computation that has begun here is not stopped; `calls`: how the
    pieces of a box are decided: here or in other processes. The verdict is the same; `quotes_theorems`: whether
    theorems of the catalogue may decide it; not for claims of the catalogue, which test their proofs. InputError if the
    claim is malformed, or a quantity has no value where the claim asks for it; LostProcessError if one of the other
    processes was lost.
    """
    if claim.sharpen is not None:
        raise InputError(
            f"the statement has a free constant, {claim.sharpen.constant}: emtheory sharpen finds its best value"
        )
    start = perf_counter()
    deadline = None if timeout is None else monotonic() + timeout
    verdict = (
        derivation_verdict(claim, _derived(claim))
        if claim.derivation
        else _decide_statement(claim, digits_max, deadline, calls, quotes_theorems=quotes_theorems)
    )
    return replace(verdict, seconds=perf_counter() - start)


def _decide_statement(
    claim: Claim, digits_max: int, deadline: float | None, calls: Calls, *, quotes_theorems: bool
) -> Verdict:
    described = describe_domain(claim)
    question = replace(read_claim(claim), quotes_theorems=quotes_theorems)
    findings: list[Finding] = []
    covered = []
    exclusions: list[Level] = []
    complete, beyond = True, ""
    for case in question.cases:
        coverage = cover(question, case, digits_max, deadline, calls)
        findings += coverage.findings
        if coverage.excluded_by is not None:
            exclusions.append(coverage.excluded_by)
        complete = complete and coverage.complete
        beyond = beyond or coverage.beyond
        if coverage.covered:
            covered.append(f"{case.subject}: {coverage.covered}")
        if findings and findings[-1].holds is False:
            break
    if not findings:
        raise InputError("no case satisfies the assumptions: a claim about no case is an error, not a pass")
    stopped = findings[-1].holds is False and case != question.cases[-1]
    otherwise = "the cases up to one that refutes it" if stopped else "every case"
    domain = described | {"covered": "; ".join(covered) or otherwise}
    outcome, level, reason = _conclude(findings, exclusions, beyond, complete=complete)
    points = len(findings) if outcome in LEVELS and not complete else None
    return Verdict(
        claim.id, claim.expect, outcome, level, domain, reason, tuple(findings), line=claim.line, points=points
    )


def _conclude(
    findings: Sequence[Finding], exclusions: Sequence[Level], beyond: str, *, complete: bool
) -> tuple[str, Level | None, str]:
    """Outcome, level and reason: one failing case refutes, one undecided case leaves it open, the weakest counts."""
    failing = [finding for finding in findings if finding.holds is False]
    if failing:
        strongest = max(failing, key=lambda finding: finding.level)
        return REFUTED, strongest.level, f"fails at {_where(strongest)}, by {_EVIDENCE[strongest.level]}"
    undecided = next((finding for finding in findings if finding.holds is None), None)
    if undecided is not None:
        reason = f"at {_place(undecided.case)}: {undecided.reason}"
        return INCONCLUSIVE, None, f"{beyond}; {reason}" if beyond else reason
    level = min(*exclusions, *(finding.level for finding in findings), Level.EXACT)
    if complete:
        # What holds has a reason if theorems are among those for it.
        theorems = sorted({finding.reason for finding in findings if finding.whole is not None and finding.reason})
        cited = f", with what follows from derivation {', '.join(theorems)}" if theorems else ""
        return STRENGTH[level], level, f"by {_EVIDENCE[level]}{cited}"
    level = min(level, Level.SUPPORTED)
    points = f"holds at {points_text(len(findings))}"
    return STRENGTH[level], level, f"{points}: {beyond}" if beyond else points


def derived_ks(claim: Claim) -> tuple[int | None, ...]:
    """Return the k for which a claim's derivation must go through; None stands for every k at once.

    InputError if there is none.
    """
    ks = (None, *claim.k) if claim.general else claim.k
    if not ks:
        raise InputError("the list of k is empty: a claim about no case is an error, not a pass")
    return ks


def derivation_verdict(claim: Claim, derived: Iterable[Mapping[str, Any]]) -> Verdict:
    """Return the verdict on a claim by derivation, which proves it if each of its steps is checked."""
    domain = describe_domain(claim)
    scopes, bases = [], []
    for found in derived:
        if "error" in found:
            return Verdict(claim.id, claim.expect, REFUTED, Level.EXACT, domain, found["error"], line=claim.line)
        scopes.append(found["scope"])
        bases.append(found["basis"])
    domain = domain | {"rests_on": " | ".join(dict.fromkeys(bases))}
    reason = f"derivation {claim.derivation} checked step by step: {'; '.join(dict.fromkeys(scopes))}"
    return Verdict(claim.id, claim.expect, STRENGTH[Level.EXACT], Level.EXACT, domain, reason, line=claim.line)


def _derived(claim: Claim) -> Iterator[dict[str, str]]:
    for k in derived_ks(claim):
        try:
            derivation = derive(claim.derivation, k)
            yield {"scope": derivation.scope, "basis": f"{derivation.number}: {derivation.basis}"}
        except DerivationError as error:
            yield {"error": str(error)}
        except ValueError as error:
            raise InputError(str(error)) from None


def _where(finding: Finding) -> str:
    if finding.whole is None or not finding.whole.place:
        return _place(finding.case)
    return _named(finding.case, [f"{name} = {text}" for name, text in finding.whole.place.items()])


def _place(case: Case) -> str:
    parts = [f"{name} = {_short(value)}" for name, value in case.parameters]
    if case.radius is not None:
        parts.append(f"radius {_short(case.radius)}")
    if case.amplitudes is not None:
        parts.append(f"amplitudes {', '.join(map(_short, case.amplitudes))}")
    return _named(case, parts)


def _named(case: Case, parts: Sequence[str]) -> str:
    """A place, k first, or the family or model last."""
    return (
        " in ".join(filter(None, (", ".join(parts), case.subject)))
        if case.family
        else ", ".join([case.subject, *parts])
    )


def _short(value: Real) -> str:
    """The number itself, or about what it is where bisection has made it long."""
    text = str(value)
    if isinstance(value, Constant) or len(text) <= _LONGEST_FRACTION:
        return text
    return f"about {decimal_text(value, 12)}"


def reachable_level(claim: Claim) -> str:
    """Return proved, certified, supported or observed.

    InputError if the claim is malformed.
    """
    question = read_claim(claim)
    quantities = [find_quantity(call.quantity) for call in calls_of(question.comparison)]
    if any(quantity.sampled for quantity in quantities):
        return STRENGTH[Level.OBSERVED]
    if all(quantity.always_exact for quantity in quantities):
        return STRENGTH[Level.EXACT]
    if len(question.spans) > 1 or (question.assumptions and question.spans):
        # Imported here and not above: what has no box is told without NumPy.
        from emtheory.reports.decide.boxes.reach import is_followed  # noqa: PLC0415

        followed = all(is_followed(question, case) for case in question.cases)
        return STRENGTH[Level.CERTIFIED if followed else Level.SUPPORTED]
    return STRENGTH[Level.CERTIFIED]
