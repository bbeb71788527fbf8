"""What each conclusion and each step is said to need, dropped: whether the rest still goes through without it.

A consistent author drops a hypothesis of a conclusion in all the steps that lead there. A premise and a tag of one step
are dropped of that step alone. What stands in words, or is taken from a cited theorem, goes through without anything.
It is under all that the conclusions to which it leads have in common, so that nothing is changed unless one of these
loses a hypothesis or a premise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from sympy.logic.boolalg import Boolean

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.check import check
from emtheory.theory.proof.derivation import Derivation
from emtheory.theory.proof.formula import HYPOTHESES, turned, with_implied
from emtheory.theory.proof.step_parts import Step
from emtheory.theory.proof.structure import behind, leading_to, meant_under, rests, supposed

Kind = Literal["hypothesis", "premise", "tag"]

Fate = Literal["a rule fails", "hypotheses lack", "the same", "implied", "in words", "in a citation", "in a definition"]
"""What comes of it, the first that holds of the steps that have it: a rule does not prove one of them without it; what
is quoted, the theorem cited, or the meaning of a name, demands it; it is up to words, a citation or a definition; else
no conclusion changes, as each has it anyway; or it is implied, as it is proved by other steps from what the one that
has it rests on without it, or every step that has it holds by its rule without it."""

NOTICED: tuple[Fate, ...] = ("a rule fails", "hypotheses lack")
"""The fates of what is seen to be needed."""

_ORDER: tuple[Fate, ...] = (*NOTICED, "in words", "in a citation", "in a definition", "the same", "implied")


_TRUSTED: Mapping[str, Fate] = MappingProxyType(
    {"prose": "in words", "theorem": "in a citation", "definition": "in a definition"}
)
"""Kind of a step that goes through without what it is said to need → the fate of that."""


@dataclass(frozen=True)
class Dropped:
    """A hypothesis of a conclusion, or a premise or tag of a step, and what comes of dropping it.

    `proof`: where no conclusion changes, by which steps there is what is dropped.
    """

    kind: Kind
    place: str
    what: str
    fate: Fate
    proof: str = ""

    @property
    def noticed(self) -> bool:
        """Whether it is seen to be needed."""
        return self.fate in NOTICED


def dropped(derivation: Derivation) -> Iterator[Dropped]:
    """Drop one thing after another of a derivation that is checked."""
    fates = _Fates()
    for number, names in enumerate(derivation.statement.grounds):
        place = f"conclusion {number + 1}"
        for name in names:
            yield Dropped("hypothesis", place, name, fates(derivation, number, name))
        for formula in supposed(derivation.statement.conclusions[number]):
            what = next((step.label for step in derivation.steps if _supposes(step, formula)), "")
            yield Dropped("hypothesis", place, what or str(formula), fates(derivation, number, formula))
    for number, step in enumerate(derivation.steps):
        place = f"step {number + 1}"
        for label in dict.fromkeys(step.uses):
            fate = _fate(derivation, number, _without_premise(step, label), label)
            proof = _proof_of_step(derivation.steps, label) if fate in _SHOWN else ""
            yield Dropped("premise", place, label, fate, proof)
        for name in step.under:
            fate = fates.of_tag(derivation, number, name)
            proof = _proof_of_tag(derivation, number, name) if fate in _SHOWN else ""
            yield Dropped("tag", place, name, fate, proof)


class _Fates:
    """Those of hypotheses of conclusions, also of quoted ones, each found once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int | None, int, object], Fate] = {}

    def __call__(self, derivation: Derivation, number: int, hypothesis: str | Boolean) -> Fate:
        key = (derivation.name, derivation.k, number, hypothesis)
        if key not in self._known:
            steps, conclusion = derivation.steps, derivation.statement.conclusions[number]
            used = leading_to(steps, derivation.statement, conclusion)
            if isinstance(hypothesis, str) and hypothesis in HYPOTHESES:
                # What it is a case of goes with it.
                others = {*derivation.statement.grounds[number]} - {hypothesis}
                names = with_implied({hypothesis}) - with_implied(others)
                found = [
                    _TRUSTED.get(steps[n].kind) or self.of_tag(derivation, n, name)
                    for n in used
                    for name in names.intersection(steps[n].under)
                ]
                if any(names & meant_under(derivation.statement, steps[n]) for n in used) or _is_law(
                    derivation, used, names
                ):
                    found.append("hypotheses lack")
            else:
                labels = {steps[n].label for n in used if _supposes(steps[n], hypothesis)}
                found = [
                    _TRUSTED.get(steps[n].kind) or _fate(derivation, n, _without_premise(steps[n], label), label)
                    for label in labels
                    for n in used
                    if label in steps[n].uses
                ]
                # A conclusion that is supposed has no step that uses it.
                found = found or ["a rule fails"] * bool(labels)
            self._known[key] = min(found, key=_ORDER.index, default="implied")
        return self._known[key]

    def of_tag(self, derivation: Derivation, number: int, name: str) -> Fate:
        """Return the fate of a step's hypothesis, if that is quoted the one that it has there."""
        step = derivation.steps[number]
        if step.quotation is not None:
            there = self(step.quotation.of, step.quotation.number, name)
            return "hypotheses lack" if there in NOTICED else there
        without = replace(step, under=tuple(other for other in step.under if other != name))
        return _fate(derivation, number, without, name)


def _is_law(derivation: Derivation, used: frozenset[int], names: frozenset[str]) -> bool:
    """Whether a theorem that one of the steps cites demands a hypothesis of these names, dropped in all of them."""
    steps = tuple(
        replace(step, under=tuple(name for name in step.under if name not in names)) if n in used else step
        for n, step in enumerate(derivation.steps)
    )
    try:
        rests(steps, derivation.statement)
    except DerivationError:
        return True
    return False


def _supposes(step: Step, hypothesis: str | Boolean) -> bool:
    if isinstance(hypothesis, str):
        return step.kind == "condition" and hypothesis in step.hypotheses
    return step.kind == "assumption" and turned(step.formula) == turned(hypothesis)


def _without_premise(step: Step, label: str) -> Step:
    pairs = [number for number, (name, _) in enumerate(step.multipliers) if name == label]
    return replace(
        step,
        given=tuple(name for name in step.given if name != label),
        within=tuple(name for name in step.within if name != label),
        multipliers=tuple(pair for number, pair in enumerate(step.multipliers) if number not in pairs),
        discharging=tuple(name for number, name in enumerate(step.discharging) if number not in pairs),
    )


def _fate(derivation: Derivation, number: int, changed: Step, what: str) -> Fate:
    """Return the fate of what a step has not any more: a hypothesis, or the step of this label."""
    if changed.kind not in _TRUSTED:
        return _fate_by_rule(derivation, number, changed)
    before, conclusions = rests(derivation.steps, derivation.statement)
    try:
        check(changed, derivation.steps[:number], derivation.statement.domains)
        steps = (*derivation.steps[:number], changed, *derivation.steps[number + 1 :])
        after, without = rests(steps, derivation.statement)
    except DerivationError:
        return "a rule fails" if changed.kind == "definition" else "hypotheses lack"
    if any(
        not (own <= with_implied(left) and premises <= rest)
        for (own, premises), (left, rest) in zip(conclusions, without, strict=True)
    ):
        return _TRUSTED[changed.kind]
    labelled = [rest for step, rest in zip(derivation.steps, before, strict=True) if step.label == what]
    hypotheses, premises = labelled[0] if labelled else (frozenset({what}), frozenset())
    done = {turned(step.formula) for step in derivation.steps if step.label in changed.discharging}
    implied = hypotheses <= with_implied(after[number][0]) and premises <= after[number][1] | done
    return "implied" if implied else "the same"


_SHOWN: tuple[Fate, ...] = ("implied", "the same")
"""The fates of what is there without being named."""

_BY: Mapping[str, str] = MappingProxyType(
    {"equation": "rules", "inequality": "rules", "theorem": "theorems", "prose": "words"}
)
"""Kind of a step → what it holds by."""


def _proof_of_step(steps: tuple[Step, ...], label: str) -> str:
    """Say by which steps, all checked, a step holds, and on what beside rules it rests."""
    numbers = sorted(behind(steps, next(n for n, step in enumerate(steps) if step.label == label)))
    kinds = {_BY.get(steps[n].kind, "") for n in numbers}
    free = not any(steps[n].hypotheses or steps[n].kind in ("assumption", "condition") for n in numbers)
    by = " and ".join(said for said in dict.fromkeys(_BY.values()) if said in kinds) or "supposition"
    said = "rules from nothing" if by == "rules" and free else by
    return f"{', '.join(str(n + 1) for n in numbers)} by {said}"


def _proof_of_tag(derivation: Derivation, number: int, name: str) -> str:
    """Say which other steps, on the way to a conclusion that this one leads to, are under a hypothesis."""
    steps, statement = derivation.steps, derivation.statement
    under = {
        n
        for n, step in enumerate(steps)
        if n != number and name in with_implied(step.hypotheses | meant_under(statement, step))
    }
    ways = [way for way in (leading_to(steps, statement, said) for said in statement.conclusions) if number in way]
    return ", ".join(str(n + 1) for n in sorted({min(under & way, default=number) for way in ways}))


def _fate_by_rule(derivation: Derivation, number: int, changed: Step) -> Fate:
    try:
        check(changed, derivation.steps[:number], derivation.statement.domains)
    except DerivationError:
        return "hypotheses lack" if changed.quotation is not None else "a rule fails"
    except (ArithmeticError, AttributeError, IndexError, TypeError, ValueError):
        # A rule without what it works on.
        return "a rule fails"
    return "implied"
