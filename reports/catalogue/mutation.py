"""The mutants of the catalogue as tasks, and the mutation score."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from emtheory.reports.catalogue.derivation_steps import derivations_of
from emtheory.reports.catalogue.entry import PARTS
from emtheory.reports.catalogue.examination import effort_of, examination_tasks, finish_examination
from emtheory.reports.catalogue.mutants import Mutant, mutant_of_control, mutants_of_claim, mutants_of_steps
from emtheory.reports.checking.tasks import Start, Task, result_of
from emtheory.reports.decide.verdict import REFUTED
from emtheory.theory.claim import HOLDS, Claim, Entry


def claims_to_mutate(entries: Iterable[Entry]) -> tuple[tuple[Entry, Claim], ...]:
    """Return every formal statement that holds, with its entry."""
    return tuple(
        (entry, claim)
        for entry in entries
        for part in PARTS
        for claim in getattr(entry, part)
        if claim.statement and part != "controls" and (part != "claims" or entry.expected == HOLDS)
    )


def mutant_tasks(entries: Sequence[Entry]) -> tuple[Task, ...]:
    """Return the tasks that make and judge all mutants of the entries but their controls."""
    claims = [
        Task(f"mutants of {claim.id}", claim_mutants, (entry.id, claim), effort_of(claim))
        for entry, claim in claims_to_mutate(entries)
    ]
    steps = [Task(f"mutants of {name}", step_mutants, (name, k)) for name, k, _ in derivations_of(entries)]
    return (*claims, *steps)


def claim_mutants(entry: str, claim: Claim) -> list[dict[str, str]]:
    """Return `mutants_of_claim` as JSON values."""
    return [asdict(mutant) for mutant in mutants_of_claim(entry, claim)]


def step_mutants(name: str, k: int | None) -> list[dict[str, str]]:
    """Return `mutants_of_steps` as JSON values."""
    return [asdict(mutant) for mutant in mutants_of_steps(name, k)]


def finish_mutants(tasks: Sequence[Task], start: Start) -> list[Mutant]:
    """Wait for the tasks of mutants."""
    return [Mutant(**mutant) for task in tasks for mutant in result_of(start(task)).value]


def mutation_score(entries: Sequence[Entry], start: Start) -> dict[str, Any]:
    """Make and judge the mutants of entries, and return `score_document` of them."""
    controls = [(entry, control) for entry in entries for control in entry.controls]
    tasks = mutant_tasks(entries)
    for task in (*tasks, *(task for _, control in controls for task in examination_tasks(control))):
        start(task)
    mutants = finish_mutants(tasks, start)
    mutants += [
        mutant_of_control(entry.id, control, finish_examination(control, start).outcome) for entry, control in controls
    ]
    return score_document(mutants)


def score_document(mutants: Sequence[Mutant]) -> dict[str, Any]:
    """Return the mutation score as JSON values: counts, and the mutants that are not refuted."""
    counted = [mutant for mutant in mutants if mutant.outcome != "invalid"]
    survivors = [mutant for mutant in counted if mutant.outcome != REFUTED]
    changes = sorted({mutant.change for mutant in counted})
    implied = sum(mutant.outcome == "implied" for mutant in survivors)
    refuted, not_implied = len(counted) - len(survivors), len(counted) - implied
    return {
        "mutants": len(counted),
        "refuted": refuted,
        "not_refuted": len(survivors),
        "implied": implied,
        "not_implied": not_implied,
        "percent": round(100 * refuted / not_implied) if not_implied else 100,
        "true": sum(mutant.outcome == "true" for mutant in survivors),
        "open": sum(mutant.outcome == "open" for mutant in survivors),
        "by_change": {
            change: {
                "mutants": sum(mutant.change == change for mutant in counted),
                "refuted": sum(mutant.change == change and mutant.outcome == REFUTED for mutant in counted),
            }
            for change in changes
        },
        "survivors": [
            {
                "entry": m.entry,
                "claim": m.claim,
                "change": m.change,
                "mutant": m.text,
                "outcome": m.outcome,
                "reason": m.reason,
            }
            for m in survivors
        ],
    }
