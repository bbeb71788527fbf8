"""One claim decided, with as much effort as is allowed; whatever goes wrong with it is told and ends nothing else."""

import os
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

from emtheory.numerics.level import KERNEL
from emtheory.numerics.side_by_side import Calls, LostProcessError, one_by_one
from emtheory.reports.decide.verdict import INCONCLUSIVE, Verdict
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.failure import said
from emtheory.theory.claim import Claim

Evidence: TypeAlias = Mapping[str, Any]
"""For a verdict, as JSON values: its ``document``, as in reports, and its ``certificate`` or None."""


@dataclass(frozen=True)
class Effort:
    """How much is spent on a check; None stands for the default, or for what is not wanted.

    `digits_max` limits the digits that quantities are refined to. With one job all is decided in this process; without
    a number claims are decided here one by one, and the covers of boxes on all processors. With a timeout (seconds,
    then a claim is inconclusive) claims are decided in other processes; with a scheduler by the workers of a Dask
    cluster. `cache` and `certificates` are folders. The strongest level to `require` has a proof kernel check each
    decided claim, too. With a `page` to be made the evidence is wanted, as for certificates.
    """

    digits_max: int | None = None
    jobs: int | None = 1
    timeout: float | None = None
    cache: Path | None = None
    certificates: Path | None = None
    scheduler: str | None = None
    require: str | None = None
    page: bool = False

    @property
    def evidence(self) -> bool:
        """Whether the evidence for verdicts is wanted."""
        return self.page or self.certificates is not None

    @property
    def kernel(self) -> bool:
        """Whether a proof kernel is asked."""
        return self.require == KERNEL

    @property
    def is_here(self) -> bool:
        """Whether claims are decided in this process."""
        return self.jobs in (None, 1) and self.timeout is None and self.scheduler is None

    @property
    def cuts_up(self) -> bool:
        """Whether the pieces of a box are decided side by side."""
        return self.jobs != 1 or self.scheduler is not None


@dataclass(frozen=True)
class Outcome:
    """A verdict, and the evidence for it if that is wanted; lasting if it would be the same in another run.

    `error` is the exit status that a claim calls for to which there is no verdict.
    """

    verdict: Verdict
    evidence: Evidence | None = None
    lasting: bool = True
    error: ExitCode | None = None


def check_claim(claim: Claim, effort: Effort, calls: Calls = one_by_one) -> Outcome:
    """Decide a claim in this process, but for the pieces of a box, which are decided by `calls`."""
    start = perf_counter()
    try:
        return _examined(claim, effort, calls)
    except Exception as error:
        return failed(claim, error, perf_counter() - start)


def _examined(claim: Claim, effort: Effort, calls: Calls) -> Outcome:
    from emtheory.reports.decide.claim import decide_claim

    digits: dict[str, Any] = {} if effort.digits_max is None else {"digits_max": effort.digits_max}
    verdict = decide_claim(claim, timeout=effort.timeout, calls=calls, **digits)
    if effort.timeout is not None and verdict.outcome == INCONCLUSIVE and verdict.seconds >= effort.timeout:
        verdict = replace(verdict, reason=f"{late(effort.timeout)}; {verdict.reason}")
    evidence = None
    if effort.evidence:
        from emtheory.reports.certificates.certificate import certify
        from emtheory.reports.checking.claim_document import claim_document

        certificate = None if verdict.outcome == INCONCLUSIVE else certify(claim, verdict)
        evidence = {"document": claim_document(claim, verdict), "certificate": certificate}
    return Outcome(verdict, evidence, verdict.outcome != INCONCLUSIVE or effort.timeout is None)


def failed(claim: Claim, error: Exception, seconds: float = 0.0) -> Outcome:
    """Return what there is in place of a verdict where deciding ends in an error of the claim, or of the program.

    That no route answers, or that a process was lost, leaves the claim open.
    """
    code, message = said(LostProcessError() if isinstance(error, MemoryError) else error)
    if code == ExitCode.INTERNAL_ERROR and os.environ.get("EMTHEORY_TRACEBACK"):
        traceback.print_exception(error)
    verdict = undecided(claim, message, seconds)
    return Outcome(verdict, lasting=False, error=None if code == ExitCode.INCONCLUSIVE else code)


def undecided(claim: Claim, reason: str, seconds: float = 0.0) -> Verdict:
    """Return the verdict on a claim that was not decided."""
    from emtheory.reports.decide.domain import describe_domain

    domain = describe_domain(claim) | {"covered": "nothing"}
    return Verdict(claim.id, claim.expect, INCONCLUSIVE, None, domain, reason, seconds=seconds, line=claim.line)


def late(seconds: float) -> str:
    """Return the reason of a claim that was not decided in time."""
    return f"not decided within {seconds:g} s (--timeout)"
