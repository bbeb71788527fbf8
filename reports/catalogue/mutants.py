"""Mutants of the catalogue: each statement changed a little, mechanically, to see whether the checker notices.

A mutant of a formal statement has one comparison turned round or made strict, one constant, sign or exponent changed,
or its hypothesis on the weights dropped; it is looked at where the statement itself is decided, at some points of an
interval. A mutant of a derivation has one equation's right side changed, or an inequality turned round. The
handwritten controls count too.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import Any

from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.catalogue.entry import PARTS, derivations_of
from emtheory.reports.catalogue.examination import effort_of, examination_tasks, finish_examination
from emtheory.reports.checking.tasks import Start, Task, result_of
from emtheory.reports.decide.domain import Question, parsed_for, read_claim
from emtheory.reports.decide.point import Values, decide_from, evaluate_quantities, has_more_digits
from emtheory.reports.decide.verdict import REFUTED, Finding, Link
from emtheory.reports.language.span import points
from emtheory.theory.claim import HOLDS, Claim, Entry

DIGITS = (15, 60)
"""Tried in turn, until the statement itself is decided."""

_CASES = 1
"""Of a claim, one for each k, at which mutants are looked at: the first. A choice: more could refute more mutants, and
each costs an evaluation of the statement."""

_CHANGES = 2
"""Changes tried in each formula of a derivation; `emtheory derive --mutants` tries more."""

_POINTS = 3
"""Of an interval, likewise: its ends, and the place next to the lower one."""

UNIFORM = ", with uniform weights"
"""What the text of a mutant ends with whose weights are others."""

_OPERATOR = re.compile(r"<=|>=|==|!=|<|>")
_OPPOSITE = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "!=", "!=": "=="}
_STRICT = {"<=": "<", ">=": ">"}
_ARGUMENT = r"(?<![A-Za-z0-9_.])[a-z_]+=(?!=)[^,)]*"
_NUMBER = re.compile(rf"{_ARGUMENT}|(\*\* *)?(?<![A-Za-z0-9_.])(\d+(?:\.\d+)?(?:e-?\d+)?)(?![A-Za-z0-9_.])")
_SIGN = re.compile(rf"{_ARGUMENT}|(?<=[\w)])(?<!\de) ?([+-]) ?(?=[\w(])")

_SURVIVES = {
    "comparison": "it holds too",
    "strictness": "equivalent here: the sides do not touch",
    "constant": "it holds too: the constant is not sharp",
    "sign": "it holds too: the statement has room for this term",
    "exponent": "it holds too: the statement has room for this power",
    "hypothesis": "it holds for uniform weights too: the condition is not used here",
}


@dataclass(frozen=True)
class Mutant:
    """A changed statement and its outcome; a reason if it is not ``refuted``.

    It is ``implied`` if weaker than the statement wherever it was looked at, ``true`` if it holds there without being
    weaker, ``open`` if not decided, ``invalid`` if it has no value, so that it states nothing.
    """

    entry: str
    claim: str
    change: str
    mutant: str
    outcome: str
    reason: str = ""


def mutants_of_claim(entry: str, claim: Claim) -> tuple[Mutant, ...]:
    """Make and examine the mutants of a formal statement, of the entry with this id."""
    question = read_claim(claim)
    known = list(_known(question))
    mutants = [_decide(entry, claim, change, text, (question, known)) for change, text in _changed(claim.statement)]
    if claim.weights != "uniform" and question.weights is None:
        twin = (question, _known(read_claim(replace(claim, weights="uniform"))))
        mutants.append(_decide(entry, claim, "hypothesis", f"{claim.statement}{UNIFORM}", twin))
    return tuple(mutants)


def mutant_of_control(entry: str, claim: Claim, outcome: str) -> Mutant:
    """Return the mutant that a control is: with any outcome but ``refuted`` it counts as one that survives."""
    text = claim.statement or claim.derivation
    return _mutant(entry, claim, "control", text, outcome == REFUTED, f"the control is {outcome}")


def mutants_of_steps(name: str, k: int | None) -> tuple[Mutant, ...]:
    """Make and examine some mutants of one derivation, spread over its steps and its statement."""
    # SymPy takes a third of a second to load, and only derivations need it.
    from emtheory.reports.proofs.mutants import mutants  # noqa: PLC0415
    from emtheory.theory.derivations import derive  # noqa: PLC0415

    outcomes = {"noticed": REFUTED, "implied": "implied", "survived": "true", "undecided": "open"}
    reasons = {"noticed": "", "undecided": "it takes too long to say"}
    return tuple(
        Mutant(
            name,
            mutant.place,
            "step",
            mutant.change,
            outcomes[mutant.outcome],
            reasons.get(mutant.outcome, "the check accepts it"),
        )
        for mutant in mutants(derive(name, k), _CHANGES)
        if mutant.outcome != "equal"
    )


@dataclass(frozen=True)
class _Known:
    """A place, the quantities of a statement there with these digits, and what is found of the statement."""

    case: Case
    digits: int
    values: Values
    finding: Finding


def _known(question: Question) -> Iterator[_Known]:
    """Yield what is known at some points of the first cases, without places where a quantity cannot be computed."""
    for case in question.cases[:_CASES]:
        at = (question.at(case, point) for point in islice(points(question.spans), _POINTS))
        for place in at if question.spans else (case,):
            with suppress(CannotAnswerError):
                yield _evaluated(question, place)


def _evaluated(question: Question, place: Case) -> _Known:
    for digits in DIGITS:
        values = evaluate_quantities(question.comparison, place, digits)
        finding = decide_from(question.comparison, place, digits, values)
        if finding.holds is not None or not has_more_digits(question.comparison):
            break
    return _Known(place, digits, values, finding)


def _decide(entry: str, claim: Claim, change: str, text: str, looked_at: tuple[Question, Iterable[_Known]]) -> Mutant:
    question, known = looked_at
    comparison = parsed_for(question, text.removesuffix(UNIFORM))
    try:
        findings = [(decide_from(comparison, at.case, at.digits, at.values), at.finding) for at in known]
    except (InputError, CannotAnswerError) as error:
        return Mutant(entry, claim.id, change, text, "invalid", str(error))
    holds = {found.holds for found, _ in findings}
    if False not in holds and holds != {True}:
        return Mutant(entry, claim.id, change, text, "open", f"not decided with {DIGITS[-1]} digits")
    if holds == {True} and change in ("constant", "sign", "exponent") and all(_weaker(*pair) for pair in findings):
        return Mutant(entry, claim.id, change, text, "implied", "the statement implies it")
    return _mutant(entry, claim, change, text, False in holds, _SURVIVES[change])


def _weaker(mutant: Finding, original: Finding) -> bool:
    """Whether no side of a mutant that holds came nearer to its neighbour than in the statement."""
    pairs = zip(mutant.links, original.links, strict=True)
    return all(_distance(changed) >= _distance(link) for changed, link in pairs)


def _distance(link: Link) -> Bound:
    left, right = link.left.midpoint, link.right.midpoint
    return left - right if left >= right else right - left


def _mutant(entry: str, claim: Claim, change: str, text: str, refuted: bool, survived: str) -> Mutant:
    return Mutant(entry, claim.id, change, text, REFUTED if refuted else "true", "" if refuted else survived)


def _changed(text: str) -> Iterator[tuple[str, str]]:
    """Yield a name of the change and the changed statement, for every place that can be changed."""
    for found in _OPERATOR.finditer(text):
        yield "comparison", _spliced(text, found.span(), _OPPOSITE[found[0]])
        if found[0] in _STRICT:
            yield "strictness", _spliced(text, found.span(), _STRICT[found[0]])
    for found in _NUMBER.finditer(text):
        if found[2] is None:
            continue
        if found[1]:
            yield "exponent", _spliced(text, found.span(2), str(Fraction(found[2]) + 1))
        else:
            number = found[2]
            others = ("1/8", "-1/8") if Fraction(number) == 0 else (f"{number}*5/4", f"{number}*3/4")
            yield from (("constant", _spliced(text, found.span(2), f"({other})")) for other in others)
    for found in _SIGN.finditer(text):
        if found[1] is not None:
            yield "sign", _spliced(text, found.span(1), "-" if found[1] == "+" else "+")


def _spliced(text: str, span: tuple[int, int], replacement: str) -> str:
    return text[: span[0]] + replacement + text[span[1] :]


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
    """Return the tasks that make and examine all mutants of the entries but their controls."""
    claims = [
        Task(f"mutants of {claim.id}", mutants_of_claim, (entry.id, claim), effort_of(claim))
        for entry, claim in claims_to_mutate(entries)
    ]
    steps = [Task(f"mutants of {name}", mutants_of_steps, (name, k)) for name, k, _ in derivations_of(entries)]
    return (*claims, *steps)


def finish_mutants(tasks: Sequence[Task], start: Start) -> list[Mutant]:
    """Wait for the tasks of mutants."""
    return [Mutant(**mutant) for task in tasks for mutant in result_of(start(task)).value]


def mutation_score(entries: Sequence[Entry], start: Start) -> dict[str, Any]:
    """Make and examine the mutants of entries, and return `score_document` of them."""
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
    made, found = Counter(mutant.change for mutant in counted), Counter(mutant.outcome for mutant in counted)
    of_change = Counter(mutant.change for mutant in counted if mutant.outcome == REFUTED)
    refuted, not_implied = found[REFUTED], len(counted) - found["implied"]
    return {
        "mutants": len(counted),
        "refuted": refuted,
        "not_refuted": len(survivors),
        "implied": found["implied"],
        "not_implied": not_implied,
        "percent": round(100 * refuted / not_implied) if not_implied else 100,
        "true": found["true"],
        "open": found["open"],
        "by_change": {change: {"mutants": made[change], "refuted": of_change[change]} for change in sorted(made)},
        "survivors": list(map(asdict, survivors)),
    }
