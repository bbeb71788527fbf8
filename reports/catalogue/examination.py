"""The claims of the catalogue as tasks, each derivation derived once, and what is known about a claim as plain data."""

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from emtheory.numerics.level import KERNEL, STRENGTH, Level
from emtheory.reports.certificates.certificate import certify, derived
from emtheory.reports.certificates.verify.command import forget, outcome_of
from emtheory.reports.checking.claim_document import claim_document
from emtheory.reports.checking.effort import failed
from emtheory.reports.checking.tasks import Start, Task, result_of
from emtheory.reports.decide.claim import decide_claim, derivation_verdict, derived_ks
from emtheory.reports.decide.domain import describe_domain
from emtheory.reports.decide.verdict import INCONCLUSIVE, REFUTED, Verdict
from emtheory.reports.exit_code import ExitCode
from emtheory.theory.claim import Claim

PENDING = "pending"
"""In place of the verdict on a claim that is still to be decided: it is none, and nothing may be concluded from it."""

REJECTED = "rejected"
"""What the standalone verifier says of a certificate that it finds wrong."""

Json = dict[str, Any]

ACCEPTED = "accepted"
"""What the standalone verifier and a proof kernel say of what they have checked."""

_LEVELS: Mapping[str, Level] = {name: level for level, name in STRENGTH.items()}

_SAMPLED = 10_000
"""The effort of a statement about samples: more than that of any number of components."""
_DERIVED = 200
"""The effort of a derivation, at most a few seconds: more than that of statements about few components."""


@dataclass(frozen=True)
class Examined:
    """A claim of the catalogue and what was found out; `document`, as in reports, has claim, verdict and evidence.

    Of a statement it has also what the standalone verifier and, if asked, a proof kernel say; without a decision there
    is no certificate, and `error` is the exit status that a claim calls for to which there is no verdict.
    """

    id: str
    outcome: str
    level: Level | None
    reason: str
    document: Json
    certificate: Json | None = None
    seconds: float = 0.0
    error: ExitCode | None = None

    @property
    def in_kernel(self) -> bool:
        """Whether a proof kernel has checked the claim."""
        return bool(self.document.get("level") == KERNEL)


def examine_statement(claim: Claim, kernel: bool = False) -> Json:
    """Decide a statement, with a kernel, too, if asked for: what `examined` takes; InputError if there is no value."""
    verdict = decide_claim(claim, quotes_theorems=False)
    certificate = None if verdict.outcome == INCONCLUSIVE else certify(claim, verdict)
    document = claim_document(claim, verdict)
    if certificate is None:
        return {"document": document, "certificate": certificate}
    gc.freeze()  # What was there before is not gone through below.
    try:
        outcome, reason = outcome_of(certificate)
    finally:
        forget()  # The next claim of this process is about other weights.
        gc.collect()  # Places and what is known on them hold each other: few objects, of hundreds of megabytes.
        gc.unfreeze()
    document |= {"standalone": {"outcome": outcome, "reason": reason}}
    if kernel:
        # SymPy takes a third of a second to load, and only exports need it.
        from emtheory.reports.kernel.check import seen  # noqa: PLC0415

        document |= {"kernel": seen(claim, refuted=verdict.outcome == REFUTED)}
    return {"document": document, "certificate": certificate}


def examine_derivation(claim: Claim, made: Sequence[Json]) -> Json:
    """Do the same for a claim by derivation, from what came of the derivation for each k."""
    verdict = derivation_verdict(claim, made)
    return {"document": claim_document(claim, verdict), "certificate": certify(claim, verdict, made)}


def examined(claim: Claim, found: Mapping[str, Any], seconds: float) -> Examined:
    """Return what was found out about a claim, from what `examine_statement` or `examine_derivation` returned."""
    document = found["document"]
    level = None if document["level"] is None else _LEVELS[document["level"]]
    if document.get("kernel", {}).get("outcome") == ACCEPTED:
        document = document | {"level": KERNEL}
    return Examined(claim.id, document["verdict"], level, document["reason"], document, found["certificate"], seconds)


def pending(claim: Claim) -> Examined:
    """Return what is known about a claim before it is decided."""
    domain = describe_domain(claim) | {"covered": "nothing"}
    return undecided_claim(claim, Verdict(claim.id, claim.expect, PENDING, None, domain, "still to be decided"))


def failed_claim(claim: Claim, error: Exception) -> Examined:
    """Return what is known about a claim where deciding it ends in an error: it is inconclusive."""
    outcome = failed(claim, error)
    return replace(undecided_claim(claim, outcome.verdict), error=outcome.error)


def undecided_claim(claim: Claim, verdict: Verdict) -> Examined:
    """Return what is known about a claim without evidence: the reason why there is none."""
    return Examined(claim.id, verdict.outcome, None, verdict.reason, claim_document(claim, verdict))


def examination_tasks(claim: Claim, *, kernel: bool = False) -> tuple[Task, ...]:
    """Return the tasks that decide a claim, and have a proof kernel check a statement if that is asked for."""
    if claim.derivation:
        return tuple(derivation_task(claim.derivation, k) for k in derived_ks(claim))
    return (Task(claim.id, examine_statement, (claim, True) if kernel else (claim,), effort_of(claim)),)


def effort_of(claim: Claim) -> int:
    """Return a guess of how long a statement takes: samples longest, else the more components the longer."""
    return _SAMPLED if "sample_" in claim.statement else max(claim.k, default=0)


def derivation_task(name: str, k: int | None) -> Task:
    """Return the task of a derivation, for every k if it is None."""
    label = "every k" if k is None else f"k = {k}"
    return Task(f"derivation {name}, {label}", derived, (name, k), _DERIVED)


def finish_examination(claim: Claim, start: Start, *, kernel: bool = False) -> Examined:
    """Wait for the tasks of a claim and return what was found out; it is inconclusive if that ends in an error."""
    try:
        results = [result_of(start(task)) for task in examination_tasks(claim, kernel=kernel)]
    except Exception as error:
        return failed_claim(claim, error)
    seconds = sum(result.seconds for result in results)
    found = examine_derivation(claim, [result.value for result in results]) if claim.derivation else results[0].value
    return examined(claim, found, seconds)
