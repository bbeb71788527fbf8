"""One claim decided, with as much effort as is allowed."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from emtheory.reports.decide.verdict import INCONCLUSIVE, Verdict
from emtheory.theory.claim import Claim


@dataclass(frozen=True)
class Effort:
    """How much is spent on a check.

    Attributes
    ----------
    digits_max
        Significant digits up to which quantities are refined; None for the default of `emtheory.reports.decide.verify`.
    jobs
        Processes to use; with 1 and no timeout, this one.
    timeout
        Seconds after which a claim is given up as inconclusive, or None.
    cache
        Folder for verdicts of earlier runs, or None.
    certificates
        Folder that a certificate of each decided claim is written to, or None.
    """

    digits_max: int | None = None
    jobs: int = 1
    timeout: float | None = None
    cache: Path | None = None
    certificates: Path | None = None


def examine(claim: Claim, effort: Effort) -> Verdict:
    """Decide a claim in this process, and write its certificate if one is wanted; InputError as `verify`."""
    from emtheory.reports.decide.verify import verify

    digits: dict[str, Any] = {} if effort.digits_max is None else {"digits_max": effort.digits_max}
    verdict = verify(claim, timeout=effort.timeout, **digits)
    if effort.timeout is not None and verdict.outcome == INCONCLUSIVE and verdict.seconds >= effort.timeout:
        verdict = replace(verdict, reason=f"{late(effort.timeout)}; {verdict.reason}")
    if effort.certificates is not None:
        from emtheory.reports.certificates.certify import write_certificate

        write_certificate(effort.certificates, claim, verdict)
    return verdict


def late(seconds: float) -> str:
    """Return the reason of a claim that was not decided in time."""
    return f"not decided within {seconds:g} s (--timeout)"
