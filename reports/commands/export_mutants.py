"""`emtheory export --mutants`: whether Rocq rejects the exports of changed statements that are false."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import islice

import click

from emtheory.numerics.errors import InputError
from emtheory.reports.api.verify import wanted
from emtheory.reports.catalogue.mutants import UNIFORM, mutants_of_claim
from emtheory.reports.decide.verdict import REFUTED
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.kernel.export import export_claim
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.rocq_program import KernelError, NotProvedError, check_files, require_rocq
from emtheory.theory.claim import Claim

SECONDS = 300
"""After which Rocq is stopped. A choice: what is proved of the catalogue takes less."""

REFUSED, REJECTED, ACCEPTED = "refused", "rejected", "accepted"
"""What became of a mutant: no export was found for it, Rocq rejects the proof, or it does not, which must not be."""


@dataclass(frozen=True)
class Outcome:
    """A false mutant of a claim and what became of its export."""

    claim: str
    change: str
    statement: str
    outcome: str
    reason: str = ""


def run(name: str, sample: int | None, *, as_json: bool) -> ExitCode:
    """Export the false mutants of claims, have Rocq check each, and print what came of it: REFUTED if one is accepted.

    `sample` limits the mutants of each claim; NOTHING_SELECTED if no claim that holds has an export.
    """
    if sample is not None and sample < 1:
        raise InputError(f"--sample {sample}: a number of mutants, at least 1")
    require_rocq()
    outcomes = []
    for claim, refuted in wanted(name):
        if not refuted and _is_exported(claim):
            for outcome in islice(_outcomes(claim), sample):
                outcomes.append(outcome)
                if not as_json:
                    click.echo(f"{outcome.outcome:<9} {outcome.claim}  {outcome.change}: {outcome.statement}")
    counts = Counter(outcome.outcome for outcome in outcomes)
    if as_json:
        listed = [asdict(outcome) for outcome in outcomes]
        click.echo(json.dumps({"schema": 1, "mutants": listed, "ok": not counts[ACCEPTED]}, indent=2))
    else:
        told = ", ".join(f"{counts[each]} {each}" for each in (REJECTED, REFUSED, ACCEPTED))
        click.echo(f"{len(outcomes)} false mutants: {told}")
    if not outcomes:
        return ExitCode.NOTHING_SELECTED
    return ExitCode.REFUTED if counts[ACCEPTED] else ExitCode.OK


def _is_exported(claim: Claim) -> bool:
    try:
        export_claim(claim)
    except NotExportedError:
        return False
    return True


def _outcomes(claim: Claim) -> Iterator[Outcome]:
    """Yield what becomes of each mutant that the checker refutes."""
    for mutant in mutants_of_claim(claim.id, claim):
        if mutant.outcome != REFUTED:
            continue
        changed = replace(claim, statement=mutant.mutant.removesuffix(UNIFORM))
        if mutant.mutant.endswith(UNIFORM):
            changed = replace(changed, weights="uniform")
        yield Outcome(claim.id, mutant.change, mutant.mutant, *_checked(changed))


def _checked(claim: Claim) -> tuple[str, str]:
    try:
        check_files(export_claim(claim), SECONDS)
    except NotExportedError as error:
        return REFUSED, str(error)
    except NotProvedError as error:
        return REJECTED, str(error)
    except KernelError as error:
        raise RuntimeError(f"{claim.id}: {error}") from error
    return ACCEPTED, ""
