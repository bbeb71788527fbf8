"""Derivations: numbered steps that lead to a statement, all checked by the program when the derivation is made.

Beside each step by its rule, the whole is checked: a step uses earlier steps only; every formula is used, by another
step or as a conclusion; the conclusions of the statement are formulas of steps, letter by letter; the steps use exactly
the hypotheses of the statement; and its variables are those of its conclusions, on domains their symbols allow.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import sympy
from sympy.logic.boolalg import Boolean

from emtheory.theory.proof.error import DerivationError
from emtheory.theory.proof.formula import Proposition, Variable, assumed_domain, related
from emtheory.theory.proof.rules import Evidence, combined, decided, equal, induced, mapped, specialised
from emtheory.theory.proof.sign import NONNEGATIVE, Domain, possible_signs
from emtheory.theory.proof.step import Step
from emtheory.theory.sums import COUNT

__all__ = ["Derivation", "DerivationError", "Evidence", "Statement", "check", "in_coordinates"]


@dataclass(frozen=True)
class Statement:
    """A statement that can be derived.

    Attributes
    ----------
    title
        Its headline.
    largest_k
        The largest k that the derivation for one k handles in seconds; 0 if there is only the one for every k.
    general
        Whether there is a derivation for every k.
    smallest_k
        The smallest k of the derivation for one k.
    """

    title: str
    largest_k: int
    general: bool = False
    smallest_k: int = 2


@dataclass(frozen=True)
class Derivation:
    """A statement and the checked steps that prove it; making one checks it.

    Attributes
    ----------
    name, title, source
        Identifier, headline, and where the paper says it (or what follows from what).
    statement
        What is proved.
    scope
        What was proved in which generality, and what the reader must add.
    k
        Number of components, or None if the derivation is for every k.
    steps
        The numbered steps; step n is ``steps[n − 1]``.
    evidence
        One entry a step, None for what needs no check.

    Raises
    ------
    DerivationError
        If a step fails its check or the steps do not lead to the statement; the message names derivation and step.
    """

    name: str
    title: str
    statement: Proposition
    source: str
    scope: str
    k: int | None
    steps: tuple[Step, ...]
    evidence: tuple[Evidence | None, ...] = field(init=False)

    @property
    def general(self) -> bool:
        """Whether it is for every k."""
        return self.k is None

    @property
    def number(self) -> str:
        """The number of components, for the reader."""
        return "every k" if self.k is None else f"k = {self.k}"

    @property
    def rests_on(self) -> Mapping[str, int]:
        """How many steps there are of each kind, theorems counted once each."""
        kinds: Counter[str] = Counter(step.kind for step in self.steps)
        return {
            "equations": kinds["equation"],
            "inequalities": kinds["inequality"],
            "theorems": len({step.theorem for step in self.steps if step.theorem}),
            "prose": kinds["prose"],
            "definitions": kinds["definition"],
        }

    def __post_init__(self) -> None:
        object.__setattr__(self, "evidence", tuple(self._checked()))
        if not self.statement.conclusions:
            return
        try:
            _leads_to(self.steps, self.statement)
        except DerivationError as error:
            raise DerivationError(f"{self.name}, {self.number}: {error}") from error

    def _checked(self) -> Iterator[Evidence | None]:
        for number, step in enumerate(self.steps, start=1):
            try:
                yield check(step, self.steps[: number - 1], self.statement.intervals)
            except DerivationError as error:
                raise DerivationError(f"{self.name}, {self.number}, step {number}: {error}") from error


def in_coordinates(steps: tuple[Step, ...], note: str) -> Proposition:
    """Return what equations for one number of components say, other than those that a label keeps for later steps.

    Parameters
    ----------
    steps
        The steps; symbols of their equations that they do not define are quantified.
    note
        What they are, for the reader.
    """
    said = tuple(step.formula for step in steps if step.kind == "equation" and not step.label)
    defined = {symbol for step in steps if step.kind == "definition" for symbol in step.lhs.free_symbols}
    free = sorted({symbol for formula in said for symbol in _variables_of(formula)} - defined, key=str)
    variables = tuple(Variable(symbol, assumed_domain(symbol)) for symbol in free)
    return Proposition(said, variables, tuple(dict.fromkeys(name for step in steps for name in step.under)), note)


def check(step: Step, earlier: tuple[Step, ...] = (), domains: Domain | None = None) -> Evidence | None:
    """Check one step.

    Parameters
    ----------
    step
        The step.
    earlier
        Those before it: it may use them.
    domains
        Variable of the statement → its domain.

    Returns
    -------
    Evidence or None
        None for a definition, theorem or prose.

    Raises
    ------
    DerivationError
        If its rule does not prove it, or it uses what is not there.
    """
    known = {other.label: other for other in earlier if other.label}
    if step.label in known:
        raise DerivationError(f"there is an earlier step {step.label!r}")
    missing = [label for label in step.uses if label not in known]
    if missing:
        raise DerivationError(f"it uses {missing[0]!r}, which is no earlier step")
    if step.kind not in ("equation", "inequality") or not step.relational:
        return None
    if step.lhs == step.rhs:
        raise DerivationError(f"both sides are the same expression ({step.explanation})")
    try:
        return _by_rule(step, earlier, known, dict(domains or {}))
    except DerivationError as error:
        raise DerivationError(f"{error} ({step.explanation})") from error


def _by_rule(step: Step, earlier: tuple[Step, ...], known: Mapping[str, Step], domains: Domain) -> Evidence:
    relation = _resolved(step, earlier, known)
    if step.rule == "":
        return equal(relation)
    local = _restrictions(step, known)
    fewer = [name for name, interval in local.items() if name in domains and not domains[name].is_subset(interval)]
    if fewer:
        raise DerivationError(f"it is for fewer {fewer[0]} than the statement")
    domain = sympy.Dict({**domains, **local})
    if step.rule == "sign":
        return decided(relation, domain)
    used = tuple(_unfolded(known[label].formula, earlier) for label, _ in step.multipliers)
    within = tuple(_unfolded(known[label].formula, earlier) for label in step.within)
    at = sympy.Dict({name: _unfold(value, earlier) for name, value in step.at})
    factors = tuple(_unfold(factor, earlier) for _, factor in step.multipliers)

    def prove(used: tuple[sympy.Rel, ...]) -> Evidence:
        if step.rule == "instance":
            return specialised(relation, used[0], at, within, domain)
        if step.rule == "monotone":
            return mapped(relation, used[0], _unfold(step.expression, earlier), domain)
        parts = tuple(zip(used, factors, strict=True))
        if step.rule == "combination":
            return combined(relation, parts, within, domain)
        return induced(relation, at, _unfold(step.expression, earlier), parts, within, domain)

    evidence = prove(used)
    _no_more_than_used(step, known, used, prove)
    return evidence


def _restrictions(step: Step, known: Mapping[str, Step]) -> dict[sympy.Basic, sympy.Set]:
    """Intervals that a step and those it uses restrict symbols to; a value in place of a symbol ends that."""
    found: dict[sympy.Basic, sympy.Set] = {}
    for label in step.uses:
        other = known[label]
        given = {name for name, _ in other.at}
        for name, interval in _restrictions(other, known).items():
            if name not in given:
                found[name] = interval.intersect(found.get(name, interval))
    for name, interval in step.domain:
        found[name] = interval.intersect(found.get(name, interval))
    return found


def _no_more_than_used(
    step: Step,
    known: Mapping[str, Step],
    used: tuple[sympy.Rel, ...],
    prove: Callable[[tuple[sympy.Rel, ...]], Evidence],
) -> None:
    """What words claim to be strict has to be needed so."""
    for place, (label, _) in enumerate(step.multipliers):
        if known[label].kind in ("prose", "theorem", "assumption") and used[place].rel_op in ("<", ">"):
            weaker = related(used[place].lts, "<=", used[place].gts)
            try:
                prove((*used[:place], weaker, *used[place + 1 :]))
            except DerivationError:
                continue
            raise DerivationError(f"{label!r} is said to be strict, which is not used")


def _resolved(step: Step, earlier: tuple[Step, ...], known: Mapping[str, Step]) -> sympy.Rel:
    """Apply the equations that a step is given, then put what names stand for in their place."""
    formula = step.formula
    for label in step.given:
        fact = known[label].formula
        if not isinstance(fact, sympy.Eq):
            raise DerivationError(f"{label!r} is no equation to rewrite by")
        rewritten = _mapped(formula, {fact.lhs: fact.rhs})
        if rewritten == formula:
            raise DerivationError(f"there is nothing to rewrite by {label!r}")
        formula = rewritten
    return _unfolded(formula, earlier)


def _unfolded(formula: Boolean | None, earlier: tuple[Step, ...]) -> sympy.Rel:
    if not isinstance(formula, sympy.Rel):
        raise DerivationError("it uses a step without a relation")
    return related(_unfold(formula.lhs, earlier), formula.rel_op, _unfold(formula.rhs, earlier))


def _unfold(side: sympy.Basic | None, earlier: tuple[Step, ...]) -> sympy.Basic:
    for step in reversed(earlier):
        if step.kind == "definition":
            side = side.xreplace({step.lhs: step.rhs})
    return side


def _mapped(formula: sympy.Rel, changes: Mapping[sympy.Basic, sympy.Basic]) -> sympy.Rel:
    return related(formula.lhs.xreplace(changes), formula.rel_op, formula.rhs.xreplace(changes))


def _leads_to(steps: tuple[Step, ...], statement: Proposition) -> None:
    """Check that the steps end at the statement and that nothing is idle."""
    premises = _premises(steps)
    for conclusion in statement.conclusions:
        if _idle(conclusion, steps, statement.intervals):
            raise DerivationError(f"{conclusion} follows from the domains alone")
        if not any(_says(step, premises[number], conclusion) for number, step in enumerate(steps)):
            raise DerivationError(f"no step says {conclusion}")
    concluded = {_turned(part) for conclusion in statement.conclusions for part in (conclusion, *_parts(conclusion))}
    used = {label for step in steps for label in step.uses}
    for number, step in enumerate(steps):
        later = [*(other.formula for other in steps[number + 1 :]), *statement.conclusions]
        if step.kind == "definition":
            idle = not any(_names(formula, step.lhs) for formula in later)
        else:
            idle = step.formula is not None and step.label not in used and _turned(step.formula) not in concluded
        if idle:
            raise DerivationError(f"nothing uses step {number + 1} ({step.explanation})")
    needed = {name for step in steps for name in step.under}
    if needed != {*statement.hypotheses}:
        raise DerivationError(
            f"the hypotheses used are {sorted(needed)}, those of the statement {sorted(statement.hypotheses)}"
        )
    _variables(steps, statement)


def _premises(steps: tuple[Step, ...]) -> list[frozenset[object]]:
    """Which assumptions each step rests on; a variable of one may not be given a value under it."""
    found: list[frozenset[object]] = []
    numbers = {step.label: number for number, step in enumerate(steps) if step.label}
    for number, step in enumerate(steps):
        own = {_turned(step.formula)} if step.kind == "assumption" else set()
        done = {_turned(steps[numbers[label]].formula) for label in step.discharging}
        premises = frozenset(own.union(*(found[numbers[label]] for label in step.uses))) - done
        fixed = {name for name, _ in step.at}
        for other in steps[:number]:
            if other.kind == "assumption" and _turned(other.formula) in premises and fixed & other.formula.free_symbols:
                raise DerivationError(f"step {number + 1} gives a value to a variable of an assumption it rests on")
        found.append(premises)
    return found


def _idle(conclusion: Boolean, steps: tuple[Step, ...], domains: Domain) -> bool:
    """Whether an inequality that is not decided by its sign holds because of what its variables range over."""
    if not isinstance(conclusion, sympy.Rel) or conclusion.rel_op not in ("<", "<=", ">", ">="):
        return False
    by_sign = any(step.rule == "sign" and _turned(step.formula) == _turned(conclusion) for step in steps)
    return not by_sign and possible_signs(conclusion.gts - conclusion.lts, domains) <= NONNEGATIVE


def _says(step: Step, premises: frozenset[object], conclusion: Boolean) -> bool:
    if step.kind in ("definition", "assumption"):
        return False
    if _turned(step.formula) == _turned(conclusion):
        return not premises
    if not isinstance(conclusion, sympy.Implies):
        return False
    assumed, said = conclusion.args
    allowed = {_turned(part) for part in (assumed.args if isinstance(assumed, sympy.And) else (assumed,))}
    return _turned(step.formula) == _turned(said) and premises <= allowed


def _parts(conclusion: Boolean) -> tuple[Boolean, ...]:
    return conclusion.args if isinstance(conclusion, sympy.Implies) else ()


def _variables(steps: tuple[Step, ...], statement: Proposition) -> None:
    defined = {symbol for step in steps if step.kind == "definition" for symbol in step.lhs.free_symbols}
    declared = set(statement.domains)
    free = {symbol for formula in statement.conclusions for symbol in _variables_of(formula)}
    for symbol in sorted(free - declared - defined - {COUNT}, key=str):
        raise DerivationError(f"the variable {symbol} of the statement is not quantified")
    for symbol in sorted(declared - free, key=str):
        raise DerivationError(f"the quantified variable {symbol} does not occur")
    for symbol, domain in statement.domains.items():
        if isinstance(domain, sympy.Interval) and not domain.is_subset(assumed_domain(symbol)):
            raise DerivationError(f"{symbol} ranges over {domain}, and the steps assume {assumed_domain(symbol)}")


def _variables_of(formula: Boolean) -> set[sympy.Basic]:
    """Return symbols and families, but not the families' members or labels."""
    families = {member.base for member in formula.free_symbols if isinstance(member, sympy.Indexed)}
    labels = {family.label for family in families}
    return {symbol for symbol in formula.free_symbols if not isinstance(symbol, sympy.Indexed)} - labels | families


def _names(formula: Boolean | None, name: sympy.Basic) -> bool:
    return formula is not None and bool(formula.has(name))


def _turned(formula: Boolean | None) -> object:
    """An inequality read from the smaller side, so that a ≤ b and b ≥ a are the same."""
    if isinstance(formula, sympy.Rel) and formula.rel_op in ("<", "<=", ">", ">="):
        return (formula.lts, formula.gts, formula.rel_op in ("<", ">"))
    return formula
