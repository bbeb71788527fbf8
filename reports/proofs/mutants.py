"""Derivations with one thing changed, to see whether the checker notices.

What is changed: a number, a sign, a factor, an index or a function in a formula of a step or of the statement; a
relation; the domain of a variable; a hypothesis; a value, factor or interval that a step's rule uses.
"""

import re
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from types import FrameType
from typing import Literal

import sympy
from sympy.logic.boolalg import Boolean

from emtheory.reports.proofs.changed_formulas import some_changes
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.proof.check import check
from emtheory.theory.proof.derivation import Derivation, DerivationError
from emtheory.theory.proof.formula import HYPOTHESES, Proposition, Variable
from emtheory.theory.proof.identity import vanishes
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.rules import gap
from emtheory.theory.proof.sign import NONNEGATIVE, Domain, possible_signs
from emtheory.theory.proof.step_parts import Step
from emtheory.theory.proof.structure import depending_on, leads_to
from emtheory.theory.sums import canonical

PATIENCE = 60
"""Seconds of the processor that a changed derivation may take; unchanged ones take a few at most."""


class OutOfPatienceError(BaseException):
    """A changed derivation takes too long, which is not noticing that it is wrong.

    No ``Exception``: whoever catches those on the way, SymPy or a rule that tries one way after another, would take it
    for a failure of the step.
    """


@contextmanager
def patience() -> Iterator[None]:
    """Raise OutOfPatienceError after `PATIENCE` seconds of the processor, in the main thread, where signals arrive."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfPatienceError(f"not done in {PATIENCE} seconds")

    # Of the processor, not of the wall: what is found must not depend on what else the machine does.
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


Outcome = Literal["noticed", "equal", "implied", "survived", "undecided"]

Reason = Literal["", "rule", "letters", "run"]
"""By what a change is noticed: the rule of the changed step, or, where a domain or the source is changed, that of any
step, does not prove it; steps no longer fit together, or to the statement, letter by letter; or it does not run."""


@dataclass(frozen=True)
class Mutant:
    """A change of a place, a step or a part of the statement, and what became of it, with the reason if it is noticed.

    It is ``equal`` if it alters nothing; ``implied`` if what it says follows trivially from what was said before, as on
    a smaller domain; ``undecided`` if that takes too long; else ``noticed``, `by` something, or ``survived``.
    """

    place: str
    change: str
    outcome: Outcome
    reason: str
    by: Reason = ""

    def explained(self, reasons: Mapping[str, str]) -> str:
        """Return the reason that is given for it, or nothing.

        Keys are place and change, ``"step 3: right 1 → 2"``, the number of a step with a label left out, ``"step
        (label): right 1 → 2"``; one that ends with an ellipsis stands for all that begin so.
        """
        name = re.sub(r"^step \d+ \(", "step (", f"{self.place}: {self.change}")
        found = [why for key, why in reasons.items() if key == name or (key[-1] == "…" and name.startswith(key[:-1]))]
        return next(iter(found), "")


@dataclass(frozen=True)
class Change:
    """A changed derivation that is not checked yet, and the number of the step that is changed, if one is."""

    place: str
    change: str
    steps: tuple[Step, ...]
    statement: Proposition
    harmless: Callable[[], Outcome | None]
    number: int | None = None


def mutants(derivation: Derivation, per_formula: int | None = None) -> Iterator[Mutant]:
    """Make and judge the mutants of a derivation.

    `derivation`: a derivation that is checked; `per_formula`: how many changes to try in one formula, spread over it;
    None for all.
    """
    for change in changes(derivation, per_formula):
        yield judged(derivation, change)


def judged(derivation: Derivation, change: Change) -> Mutant:
    """Check a changed derivation, as long as patience lasts."""
    try:
        with patience():
            return _judged(derivation, change)
    except OutOfPatienceError as error:
        return Mutant(change.place, change.change, "undecided", str(error))


def _judged(derivation: Derivation, change: Change) -> Mutant:
    """Check what a change can have touched: all else is as it was when the derivation was made, and checked."""
    steps, statement = change.steps, change.statement
    by: Reason = "letters"
    try:
        if change.number is None and statement.conclusions:
            leads_to(steps, statement)
        for number in _touched(derivation, change):
            by = "rule" if change.number in (None, number) else "letters"
            check(steps[number], steps[:number], statement.domains)
        by = "letters"
        if change.number is not None and statement.conclusions:
            leads_to(steps, statement)
    except DerivationError as error:
        return Mutant(change.place, change.change, "noticed", str(error), by)
    except Exception as error:  # whatever stops SymPy stops the derivation
        return Mutant(change.place, change.change, "noticed", f"it cannot be evaluated: {error}", "run")
    return Mutant(change.place, change.change, change.harmless() or "survived", "")


def _touched(derivation: Derivation, change: Change) -> Iterable[int]:
    if change.number is not None:
        return depending_on(change.steps, change.number)
    return () if change.statement.domains == derivation.statement.domains else range(len(change.steps))


def changes(derivation: Derivation, per_formula: int | None) -> Iterator[Change]:
    """Make the changes, each of one place, that `mutants` judges."""
    steps, statement = derivation.steps, derivation.statement
    for number, step in enumerate(steps):
        place = f"step {number + 1}" + (f" ({step.label})" if step.label else "")
        for what, changed in _changed_steps(step, per_formula):
            harmless = partial(_harmless, step, changed, statement.intervals)
            yield Change(place, what, (*steps[:number], changed, *steps[number + 1 :]), statement, harmless, number)
    for number, conclusion in enumerate(statement.conclusions):
        for what, formula in some_changes(conclusion, per_formula):
            conclusions = (*statement.conclusions[:number], formula, *statement.conclusions[number + 1 :])
            yield Change(f"conclusion {number + 1}", what, steps, replace(statement, conclusions=conclusions), _never)
    for what, said, excuse in _changed_quantifiers(statement):
        yield Change("quantifiers", what, steps, said, excuse)


def _changed_steps(step: Step, per_formula: int | None) -> Iterator[tuple[str, Step]]:
    if step.formula is not None:
        for what, formula in some_changes(step.formula, per_formula):
            yield what, replace(step, formula=formula)
    for label in step.given:
        if step.kind in ("equation", "inequality"):
            yield f"without {label!r}", replace(step, given=tuple(other for other in step.given if other != label))
    if step.over:
        yield "not for all values", replace(step, expression=sympy.Tuple())
    for name in step.under if step.names else ():
        yield f"not under {name!r}", replace(step, under=tuple(other for other in step.under if other != name))
    for index, (name, value) in enumerate(step.at):
        changed = (*step.at[:index], (name, _another(value)), *step.at[index + 1 :])
        yield f"{name} → {_another(value)}", replace(step, at=changed)
    yield from _changed_values(step)
    if step.rule == "combination":
        for index, (name, factor) in enumerate(step.multipliers):
            changed = (*step.multipliers[:index], (name, factor + 1), *step.multipliers[index + 1 :])
            yield f"factor of {name!r} {factor} → {factor + 1}", replace(step, multipliers=changed)
    if step.rule == "cases":
        for index, (name, _) in enumerate(step.multipliers):
            fewer = (*step.multipliers[:index], *step.multipliers[index + 1 :])
            yield f"without {name!r}", replace(step, multipliers=fewer)
    for index, (name, interval) in enumerate(step.domain):
        whole = sympy.Interval(-sympy.oo, sympy.oo)
        changed_domain = (*step.domain[:index], (name, whole), *step.domain[index + 1 :])
        yield f"{name} ∈ {interval} → ℝ", replace(step, domain=changed_domain)


def _changed_values(step: Step) -> Iterator[tuple[str, Step]]:
    """Yield changes of what is quoted, and of what shows a value to be in its domain."""
    quotation = step.quotation
    if quotation is not None or step.kind == "definition":
        for label in step.within:
            yield f"without {label!r}", replace(step, within=tuple(other for other in step.within if other != label))
    if quotation is None:
        return
    for index, (name, value, wanted) in enumerate(quotation.values):
        values = (*quotation.values[:index], (name, _another(value), wanted), *quotation.values[index + 1 :])
        yield f"{name} → {_another(value)}", replace(step, quotation=replace(quotation, values=values))


def _another(value: sympy.Basic) -> sympy.Basic:
    """Return a value that is another one: 2x + 1, with ones in every place of a matrix."""
    if isinstance(value, sympy.MatrixBase):
        return 2 * value + sympy.ones(*value.shape)
    return 2 * value if isinstance(value, sympy.MatrixExpr) else 2 * value + 1


def _changed_quantifiers(statement: Proposition) -> Iterator[tuple[str, Proposition, Callable[[], Outcome | None]]]:
    for index, variable in enumerate(statement.variables):
        if not isinstance(variable.domain, sympy.Interval):
            continue
        for domain in _changed_domains(variable.domain):
            changed = (
                *statement.variables[:index],
                Variable(variable.symbol, domain, variable.meaning),
                *statement.variables[index + 1 :],
            )
            smaller = partial(_smaller, domain, variable.domain)
            yield f"{variable.symbol} ∈ {variable.domain} → {domain}", replace(statement, variables=changed), smaller
        rest = (*statement.variables[:index], *statement.variables[index + 1 :])
        yield f"{variable.symbol} not quantified", replace(statement, variables=rest), _never
    for name in statement.hypotheses:
        rest_names = tuple(other for other in statement.hypotheses if other != name)
        yield f"without the hypothesis {name!r}", replace(statement, hypotheses=rest_names), _never
    other = next(name for name in HYPOTHESES if name not in statement.hypotheses)
    yield f"with the hypothesis {other!r}", replace(statement, hypotheses=(*statement.hypotheses, other)), _never


def _never() -> None:
    """No excuse."""


def _smaller(domain: sympy.Set, before: sympy.Set) -> Outcome | None:
    return "implied" if domain.is_subset(before) else None


def _changed_domains(interval: sympy.Interval) -> Iterator[sympy.Interval]:
    whole = sympy.Interval(-sympy.oo, sympy.oo)
    if interval != whole:
        yield whole
    if interval.start.is_finite:
        yield sympy.Interval(interval.start - 1, interval.end, interval.left_open, interval.right_open)
        yield sympy.Interval(interval.start, interval.end, not interval.left_open, interval.right_open)
    if interval.end.is_finite:
        yield sympy.Interval(interval.start, interval.end + 1, interval.left_open, interval.right_open)
        yield sympy.Interval(interval.start, interval.end, interval.left_open, not interval.right_open)


def _harmless(step: Step, changed: Step, domains: Domain) -> Outcome | None:
    """Say what a change is worth that the checker does not notice."""
    if step.formula == changed.formula:
        return None
    if _same(step.formula, changed.formula):
        return "equal"
    if step.rule != "sign" or not isinstance(changed.formula, sympy.Rel):
        return None
    before, after = gap(step.formula), gap(changed.formula)
    signs = possible_signs((after.size - before.size).doit(), {**domains, **dict(step.domain)})
    return "implied" if after.strict <= before.strict and signs <= NONNEGATIVE else None


def _same(formula: Boolean, changed: Boolean) -> bool:
    """Whether a change alters nothing, seen by algebra, also of sums, whose indices may be renamed or exchanged."""
    if not (isinstance(formula, sympy.Rel) and isinstance(changed, sympy.Rel) and formula.rel_op == changed.rel_op):
        return False
    return all(_equal(a, b) for a, b in zip(formula.args, changed.args, strict=True))


def _equal(a: sympy.Basic, b: sympy.Basic) -> bool:
    if isinstance(a, sympy.MatrixBase) and isinstance(b, sympy.MatrixBase):
        return bool(a.shape == b.shape) and all(_equal(*entries) for entries in zip(a, b, strict=True))
    if a == b or not (isinstance(a, sympy.Expr) and isinstance(b, sympy.Expr)):
        return bool(a == b)
    if isinstance(a, sympy.MatrixExpr) or isinstance(b, sympy.MatrixExpr):
        return bool(a.doit() == b.doit())
    difference = canonical(a - b)
    return bool(difference == 0) or (not difference.has(*_EVALUATED) and vanishes(difference))


_EVALUATED = (sympy.Derivative, sympy.Integral, sympy.Limit, sympy.Subs, Mean, Expectation)
"""What may take the same value although something that it is of was changed: that is not equal."""
