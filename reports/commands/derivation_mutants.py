"""`emtheory derive --mutants`: which small changes of a derivation, or of its source, the checker notices."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from emtheory.numerics.errors import InputError
from emtheory.numerics.processes import processes, processors
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.proofs.measured import digest, source_of, survivors
from emtheory.reports.render.prose import plain_prose
from emtheory.theory.derivations import module_of, names, statement_of
from emtheory.theory.near_miss import near_misses

REQUIRED = 0.97
"""The part of the changes that has to be noticed."""

KINDS = ("hypothesis", "premise", "tag")
"""Of what is said to be needed: of a conclusion, or of a step."""

_OUTCOMES = ("noticed", "survived", "implied", "equal", "undecided")


@dataclass(frozen=True)
class Survivor:
    """A change that nothing noticed, with the reason that its module gives, if any."""

    place: str
    change: str
    explanation: str


@dataclass(frozen=True)
class Tally:
    """How many changes of one derivation had which outcome, which survived, and by what the others were noticed.

    `dropped`: kind, place and name of what is said to be needed, its fate when dropped, and whether that is noticed.
    """

    name: str
    k: int | None
    counts: tuple[int, ...]
    survivors: tuple[Survivor, ...]
    reasons: Mapping[str, int] = field(default_factory=dict)
    dropped: tuple[Mapping[str, Any], ...] = ()

    @property
    def explained(self) -> bool:
        """Whether every survivor has a reason."""
        return all(survivor.explanation for survivor in self.survivors)


def run(statement: str | None, per_formula: int | None, sites: int | None, jobs: int | None, as_json: bool) -> ExitCode:
    """Judge the mutants of derivations and print the outcome: OK if enough are noticed and every survivor is explained.

    Changes in a formula (`per_formula`), and changed places of the source (`sites`), are all made if there is no
    number.
    """
    if statement is not None and statement not in names():
        hint = near_misses(statement, names(), "'emtheory derive' lists all")
        raise InputError(f"no statement {statement!r}{hint}")
    made = tallies([statement] if statement else names(), per_formula, sites, jobs)
    click.echo(json.dumps(document(made, per_formula), indent=2) if as_json else as_text(made))
    good = score(made) >= REQUIRED and all(tally.explained for tally in made)
    return ExitCode.OK if good else ExitCode.REFUTED


def targets(chosen: Sequence[str]) -> tuple[tuple[str, int | None], ...]:
    """Return the derivations of these names that stand for all of their k."""
    return tuple((name, k) for name in chosen for k in statement_of(name).shown)


def tallies(chosen: Sequence[str], per_formula: int | None, sites: int | None, jobs: int | None) -> tuple[Tally, ...]:
    """Judge the mutants of derivations, side by side."""
    with processes(jobs or processors()) as submit:
        futures = [submit(tally, *target, per_formula, sites) for target in targets(chosen)]
        return tuple(future.result() for future in futures)


def tally(name: str, k: int | None, per_formula: int | None, sites: int | None) -> Tally:
    """Judge the mutants of one derivation, for every k if it is None."""
    # SymPy takes a third of a second to load, and the parent process does not need it.
    from emtheory.reports.proofs.dropped import dropped  # noqa: PLC0415
    from emtheory.reports.proofs.mutants import mutants  # noqa: PLC0415
    from emtheory.reports.proofs.source_mutants import mutants_of_source  # noqa: PLC0415
    from emtheory.theory.derivations import derive  # noqa: PLC0415

    derivation, module = derive(name, k), module_of(name)
    known = survivors(name)
    made = [*mutants(derivation, per_formula), *mutants_of_source(module, derivation, sites)]
    counts: Counter[str] = Counter(mutant.outcome for mutant in made)
    left = tuple(
        Survivor(mutant.place, mutant.change, mutant.explained(known))
        for mutant in made
        if mutant.outcome == "survived"
    )
    reasons = Counter[str](mutant.by for mutant in made if mutant.by)
    needed = tuple({**vars(one), "noticed": one.noticed} for one in dropped(derivation))
    return Tally(name, k, tuple(counts[outcome] for outcome in _OUTCOMES), left, reasons, needed)


def score(made: Sequence[Tally]) -> float:
    """Return the part noticed of what could be; what took too long was not noticed."""
    noticed, survived, _, _, undecided = (
        sum(counts) for counts in zip((0,) * 5, *(one.counts for one in made), strict=True)
    )
    possible = noticed + survived + undecided
    return noticed / possible if possible else 1.0


def document(made: Sequence[Tally], per_formula: int | None = None) -> dict[str, object]:
    """Return the outcome as JSON values; `per_formula` as for `run`."""
    sample = {} if per_formula is None else {"sample": per_formula}
    return {
        "schema": 1,
        "derivations": [
            {
                "name": tally.name,
                "k": tally.k,
                **sample,
                **dict(zip(_OUTCOMES, tally.counts, strict=True)),
                "by": tally.reasons,
                "dropped": {
                    kind: Counter(one["fate"] for one in tally.dropped if one["kind"] == kind) for kind in KINDS
                },
                "digest": digest(source_of(module_of(tally.name))),
                "survivors": [vars(survivor) for survivor in tally.survivors],
                "not_noticed": [one for one in tally.dropped if not one["noticed"]],
            }
            for tally in made
        ],
        "score": round(score(made), 4),
        "required": REQUIRED,
    }


def as_text(made: Sequence[Tally]) -> str:
    """Return the outcome as plain text."""
    lines = [f"{'derivation':<28}{'noticed':>9}{'survived':>10}{'implied':>9}{'equal':>7}{'undecided':>11}"]
    for one in made:
        label = f"{one.name}, {'every k' if one.k is None else f'k = {one.k}'}"
        noticed, survived, implied, equal, undecided = one.counts
        lines.append(f"{label:<28}{noticed:>9}{survived:>10}{implied:>9}{equal:>7}{undecided:>11}")
        lines += [
            f"    {survivor.place}: {survivor.change} ({plain_prose(survivor.explanation) or 'not explained'})"
            for survivor in one.survivors
        ]
        lines += [
            f"    {each['place']}: without the {each['kind']} {plain_prose(each['what'])} ({each['fate']})"
            for each in one.dropped
            if not each["noticed"]
        ]
    return "\n".join([*lines, f"noticed: {100 * score(made):.1f} %, at least {100 * REQUIRED:.0f} % required"])
