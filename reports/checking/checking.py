"""Claims one after the other or side by side, with a cache of earlier verdicts."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fingerprint import code_fingerprint
from emtheory.reports import failure
from emtheory.reports.checking import cache, kept
from emtheory.reports.checking.effort import Effort, Evidence, Outcome, check_claim
from emtheory.reports.checking.record import Located, Record, record_of
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.verdict import Verdict
from emtheory.reports.kernel.rocq_program import rocq_version
from emtheory.theory.claim import REFUTED, Claim

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Checked:
    """A claim, its place and what was found out; `verdict` is None if it comes from the cache.

    The evidence is there if it was wanted and there is any.
    """

    path: Path
    claim: Claim
    record: Record
    verdict: Verdict | None
    evidence: Evidence | None = None


def check_claims(claims: Sequence[Located], effort: Effort, warn: Tell) -> Generator[Checked, None, None]:
    """Yield what is found out about each claim, in the order given; `warn` is told what is wrong with the cache.

    InputError if there is no such cluster, CannotAnswerError if a proof kernel is asked for and not installed.
    """
    rocq = rocq_version() if effort.kernel else ""
    if effort.cache is not None:
        kept.prepare(effort.cache, warn)
    entries = [
        effort.cache and cache.entry_path(effort.cache, claim, _code(), effort.digits_max) for _, claim in claims
    ]
    known = [
        None if entry is None else _load(entry, partial(cache.load, wanted=claim if effort.evidence else None), warn)
        for entry, (_, claim) in zip(entries, claims, strict=True)
    ]
    unknown = [claim for (_, claim), record in zip(claims, known, strict=True) if record is None]
    outcomes = _outcomes(unknown, effort)
    for (path, claim), entry, earlier in zip(claims, entries, known, strict=True):
        if earlier is not None:
            verdict, (record, evidence) = None, earlier
            record = record.of(claim, effort.require)
        else:
            found = next(outcomes)
            verdict, evidence = found.verdict, found.evidence
            record = record_of(verdict, effort.require)
            if found.error is not None:
                record = replace(record, error=found.error, advice="")
            if entry is not None and found.lasting:
                cache.store(entry, record, claim, evidence)
        if effort.certificates is not None:
            from emtheory.reports.certificates.certificate import keep_certificate

            keep_certificate(effort.certificates, claim, evidence and evidence["certificate"])
        yield Checked(path, claim, _seen(claim, record, effort, rocq, warn), verdict, evidence)


def _seen(claim: Claim, record: Record, effort: Effort, rocq: str, warn: Tell) -> Record:
    """Return a record with what the kernel says, now or when it was asked before."""
    if not effort.kernel:
        return record
    refuted = record.verdict == REFUTED
    entry = effort.cache and cache.kernel_path(effort.cache, claim, _code(), rocq, refuted=refuted)
    said = None if entry is None else _load(entry, kept.load, warn)
    return seen_by_kernel(claim, record, entry) if said is None else record.seen_by(said)


def seen_by_kernel(claim: Claim, record: Record, entry: Path | None = None) -> Record:
    """Return a record with what a proof kernel says of the claim, if that is decided; `entry` keeps that it accepts it.

    That it does not may be for want of time, and is not kept.
    """
    if record.level is None:
        return record
    # SymPy takes a third of a second to load, and only exports need it.
    from emtheory.reports.kernel.check import ACCEPTED, seen

    try:
        said = seen(claim, refuted=record.verdict == REFUTED)
    except CannotAnswerError:  # Rocq is not installed.
        raise
    except Exception as error:
        said = {"outcome": "failed", "reason": failure.said(error)[1]}
    if entry is not None and said["outcome"] == ACCEPTED:
        kept.store(entry, said)
    return record.seen_by(said)


def _outcomes(claims: Sequence[Claim], effort: Effort) -> Iterator[Outcome]:
    """Yield what is found out about each claim, in order."""
    boxes = [effort.cuts_up and _is_box(claim) for claim in claims]
    if effort.is_here and not any(boxes):
        yield from (check_claim(claim, effort) for claim in claims)
    elif claims:
        from emtheory.reports.checking.claim_processes import checked_by_workers

        yield from checked_by_workers(claims, boxes, effort)


def _is_box(claim: Claim) -> bool:
    """Whether a claim is covered by boxes at one k at least; what is wrong with it is told when it is decided."""
    if claim.derivation or not claim.for_all.keys() - {"k"}:
        return False
    from emtheory.reports.decide.cover import is_spread

    try:
        question = read_claim(claim)
        return any(is_spread(question, case) for case in question.cases)
    except Exception:
        return False


def _code() -> str:
    return code_fingerprint("theory", "numerics", "reports")


def _load(entry: Path, load: Callable[[Path], Any], warn: Tell) -> Any:
    try:
        return load(entry)
    except ValueError as error:
        warn(kept.damage(entry, error))
        return None
