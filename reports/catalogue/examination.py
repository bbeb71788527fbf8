"""The claims of the catalogue as tasks: each derivation is derived once, for all claims that rest on it."""

from typing import Any

from emtheory.numerics.errors import InputError
from emtheory.reports.catalogue.examined import (
    Examined,
    examine_derivation,
    examine_in_kernel,
    examine_statement,
    examined,
    failed_claim,
)
from emtheory.reports.checking.tasks import Start, Task, result_of
from emtheory.reports.decide.verify import derived_ks
from emtheory.theory.claim import Claim

_SAMPLED = 10_000
"""The effort of a statement about samples: more than that of any number of components."""

_DERIVED = 200
"""The effort of a derivation, at most a few seconds: more than that of statements about few components."""


def examination_tasks(claim: Claim, *, kernel: bool = False) -> tuple[Task, ...]:
    """Return the tasks that decide a claim, and have a proof kernel check a statement if that is asked for."""
    if claim.derivation:
        return tuple(derivation_task(claim.derivation, k) for k in derived_ks(claim))
    return (Task(claim.id, examine_in_kernel if kernel else examine_statement, (claim,), effort_of(claim)),)


def effort_of(claim: Claim) -> int:
    """Return a guess of how long a statement takes: samples longest, else the more components the longer."""
    return _SAMPLED if "sample_" in claim.statement else max(claim.k, default=0)


def derivation_task(name: str, k: int | None) -> Task:
    """Return the task of a derivation, for every k if it is None."""
    label = "every k" if k is None else f"k = {k}"
    return Task(f"derivation {name}, {label}", derive_document, (name, k), _DERIVED)


def derive_document(name: str, k: int | None) -> dict[str, Any]:
    """Return `emtheory.reports.certificates.derivation.derived`; RuntimeError if there is no such derivation."""
    # SymPy takes a third of a second to load, and only derivations need it.
    from emtheory.reports.certificates.derivation import derived  # noqa: PLC0415

    try:
        return derived(name, k)
    except InputError as error:
        raise RuntimeError(f"the catalogue's derivation {name!r}: {error}") from error


def finish_examination(claim: Claim, start: Start, *, kernel: bool = False) -> Examined:
    """Wait for the tasks of a claim and return what was found out; it is inconclusive if that ends in an error."""
    try:
        results = [result_of(start(task)) for task in examination_tasks(claim, kernel=kernel)]
    except Exception as error:
        return failed_claim(claim, error)
    seconds = sum(result.seconds for result in results)
    found = examine_derivation(claim, [result.value for result in results]) if claim.derivation else results[0].value
    return examined(claim, found, seconds)
