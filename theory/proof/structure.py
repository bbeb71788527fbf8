"""The whole of a derivation: its steps lead to its statement, and nothing of either is idle."""

from collections.abc import Iterator, Mapping
from typing import Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean
from sympy.matrices.expressions.sets import MatrixSet

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.formula import Proposition, assumed_domain, turned, with_implied
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.meant.rule import head
from emtheory.theory.proof.meant.vectors import Frequency, Planar, Vector
from emtheory.theory.proof.quoted import conditions_at
from emtheory.theory.proof.sign import NONNEGATIVE, Domain, possible_signs
from emtheory.theory.proof.step_parts import Step
from emtheory.theory.sums import SIZES
from emtheory.theory.theorems import BOUND, LAWS

_EXCLUSIVE = ({"invertible A", "annihilated direction"}, {"uniform weights", "cyclic maps", "invertible A"})
"""Hypotheses that cannot hold together: under all of one set everything follows."""


def leads_to(steps: tuple[Step, ...], statement: Proposition) -> None:
    """Check that the steps end at the statement, that nothing is idle, and that no name stands for two things."""
    _one_meaning(steps)
    _one_share(steps, statement)
    premises = _premises(steps)
    for place, conclusion in enumerate(statement.conclusions, start=1):
        found = [premises[number] for number, step in enumerate(steps) if _says(step, premises[number], conclusion)]
        if not found:
            raise DerivationError(f"no step says conclusion {place}")
        if not any(_allowed(conclusion) <= rest for rest in found):
            raise DerivationError(f"conclusion {place} supposes what no step needs")
    hypotheses = _hypotheses(steps, statement)
    last = [_last(steps, conclusion, hypotheses, premises) for conclusion in statement.conclusions]
    leading = set[int]().union(*(behind(steps, number) for number in last))
    for number, step in enumerate(steps):
        if number not in leading:
            raise DerivationError(f"nothing uses step {number + 1} ({step.explanation})")
    meant = {name for names in statement.exist_under.values() for name in names}
    needed = meant.union(*(step.under for step in steps))
    printed = {*statement.hypotheses}
    # What comes with a quotation may be a case of what is printed.
    own = meant.union(*(step.under for step in steps if step.quotation is None))
    if not own <= printed <= needed <= with_implied(printed):
        raise DerivationError(
            f"the hypotheses used are {sorted(needed)}, those of the statement {sorted(statement.hypotheses)}"
        )
    _variables(steps, statement)
    for name in statement.exist_under:
        if not statement.formula.has(name):
            raise DerivationError(f"{name}, of which hypotheses are said, does not occur")
    # What is dear comes last.
    for conclusion in statement.conclusions:
        if _idle(conclusion, steps, statement.intervals):
            raise DerivationError(f"{conclusion} follows from the domains alone")


def grounds(steps: tuple[Step, ...], statement: Proposition) -> tuple[tuple[str, ...], ...]:
    """Return the hypotheses of each conclusion, in the order of the statement.

    They are those of the step that says it, of all that this uses, and of the definitions and meanings of what these
    name; DerivationError if some of one conclusion cannot hold together.
    """
    result = []
    for place, (used, _) in enumerate(rests(steps, statement)[1], start=1):
        # A quotation's hypothesis may be printed by a case of it.
        left = used - with_implied(used.intersection(statement.hypotheses))
        own = used.union(name for name in statement.hypotheses if left & with_implied({name}))
        for names in _EXCLUSIVE:
            if names <= own:
                raise DerivationError(
                    f"conclusion {place} assumes {' and '.join(sorted(names))}, which exclude each other"
                )
        supposed = [name for step in steps if step.kind == "condition" for name in step.hypotheses]
        # A case of others says these, too.
        cases = frozenset().union(*(with_implied({name}) - {name} for name in own))
        result.append(tuple(name for name in (*statement.hypotheses, *supposed) if name in own - cases))
    return tuple(result)


Rests = tuple[frozenset[str], frozenset[object]]
"""The hypotheses and the premises that something rests on."""


def rests(steps: tuple[Step, ...], statement: Proposition) -> tuple[list[Rests], list[Rests]]:
    """Return the hypotheses and the premises that each step, and each conclusion, rests on, as the steps use them."""
    hypotheses, premises = _hypotheses(steps, statement), _premises(steps)
    found = list(zip(hypotheses, premises, strict=True))
    return found, [found[_last(steps, conclusion, hypotheses, premises)] for conclusion in statement.conclusions]


def meant_under(statement: Proposition, step: Step) -> frozenset[str]:
    """Return the hypotheses without which there is not what a step names."""
    return frozenset().union(*(own for name, own in statement.exist_under.items() if _mentions(step, name)))


def _last(
    steps: tuple[Step, ...], conclusion: Boolean, found: list[frozenset[str]], premises: list[frozenset[object]]
) -> int:
    """Return the number of the step that says a conclusion, of several the one that rests on the fewest hypotheses."""
    return min((n for n, step in enumerate(steps) if _says(step, premises[n], conclusion)), key=lambda n: len(found[n]))


def leading_to(steps: tuple[Step, ...], statement: Proposition, conclusion: Boolean) -> frozenset[int]:
    """Return the numbers of the step that says a conclusion and of all that it rests on.

    `steps`, `statement`: of one derivation; `conclusion`: one of the statement's.
    """
    return behind(steps, _last(steps, conclusion, _hypotheses(steps, statement), _premises(steps)))


def behind(steps: tuple[Step, ...], number: int) -> frozenset[int]:
    """Return the number of a step and those of all that it rests on."""
    numbers = {step.label: number for number, step in enumerate(steps) if step.label}
    open_ends, found = [number], set[int]()
    while open_ends:
        number = open_ends.pop()
        found.add(number)
        before = {n for n, other in enumerate(steps[:number]) if other.kind == "definition"}
        used = {numbers[label] for label in steps[number].uses}
        open_ends += (used | {n for n in before if _mentions(steps[number], steps[n].lhs)}) - found
    return frozenset(found)


def _hypotheses(steps: tuple[Step, ...], statement: Proposition) -> list[frozenset[str]]:
    """Which hypotheses each step rests on."""
    found: list[frozenset[str]] = []
    named: dict[sympy.Basic, frozenset[str]] = {}
    numbers = {step.label: number for number, step in enumerate(steps) if step.label}
    for step in steps:
        rests = [found[numbers[label]] for label in step.uses]
        rests += [needed for name, needed in named.items() if needed and _mentions(step, name)]
        found.append(step.hypotheses.union(meant_under(statement, step), *rests))
        laws = LAWS.get(step.theorem, "")
        if laws == BOUND and not any(_bounds(steps[numbers[label]].formula) for label in step.uses):
            raise DerivationError(f"step {len(found)} cites {step.theorem} and is given no inequality")
        if laws not in ("", BOUND) and not with_implied(found[-1]).intersection(laws.split("; ")):
            raise DerivationError(f"step {len(found)} cites {step.theorem} and does not rest on {laws}")
        if step.kind == "definition":
            named[step.lhs] = found[-1]
    return found


def _bounds(formula: Boolean | None) -> bool:
    parts = formula.args if isinstance(formula, sympy.And) else (formula,)
    return any(isinstance(part, sympy.Rel) and part.rel_op in ("<", "<=", ">", ">=") for part in parts)


def _one_meaning(steps: tuple[Step, ...]) -> None:
    said: dict[sympy.Basic, tuple[sympy.Basic, sympy.Expr]] = {}
    defined = {step.lhs for step in steps if step.kind == "definition"}
    for number, step in enumerate(steps, start=1):
        for name, value in step.names:
            if name in defined or said.setdefault(head(name), (name, value)) != (name, value):
                raise DerivationError(f"step {number}: {name} stands for something else in another step")
    at = _quoted_at(steps, {*defined, *said})
    for number, step in enumerate(steps, start=1):
        if step.rule == "positive" and any(_names(step.formula, name) for name in said if name not in dict(step.at)):
            raise DerivationError(f"step {number} takes what a name stands for as constant")
        taken = {name for name, _ in step.at} if step.rule == "instance" else set()
        if any(_names(step.formula, name) and taken & fixed for name, fixed in at.items()):
            raise DerivationError(f"step {number} changes what a name that a quotation gives is at")
        given = {name: value for name, value in step.at if name in taken & said.keys()}
        changes = {
            name: _other_vector(said[name][1], said.get(value, (value, value))[1]) for name, value in given.items()
        }
        if None in changes.values() or len({*changes.values()}) > 1:
            raise DerivationError(f"step {number} gives values to names that stand for something")
        for vector, _ in filter(None, changes.values()):
            formula: Any = next(other.formula for other in steps if other.label == step.multipliers[0][0])
            for other in reversed(steps):
                formula = formula.xreplace({other.lhs: other.rhs}) if other.kind == "definition" else formula
            kept = [name for name, (_, value) in said.items() if name not in given and value.has(vector)]
            if any(formula.has(name) for name in kept):
                raise DerivationError(f"step {number} changes {vector} in some of the names that it is in")


def _quoted_at(steps: tuple[Step, ...], taken: set[sympy.Basic]) -> dict[sympy.Basic, set[sympy.Basic]]:
    """Return what each name that quotations give depends on, other than what is seen of it.

    It stands for one thing, at one set of values, and for nothing here.
    """
    quoted: dict[sympy.Basic, tuple[str, dict[sympy.Basic, sympy.Expr]]] = {}
    at: dict[sympy.Basic, set[sympy.Basic]] = {}
    for number, step in enumerate(steps, start=1):
        if step.quotation is None:
            continue
        whole = {symbol for _, other, _ in step.quotation.values for symbol in _free(other)}
        for value, origin in step.quotation.named:
            family = getattr(value, "base", value if value.is_Symbol else value.func)
            before, values = quoted.setdefault(value, (origin, {}))
            if {value, family} & taken or before != origin:
                raise DerivationError(f"step {number}: {value} stands for something else than {origin}")
            if any(values.setdefault(name, other) != other for name, other, _ in step.quotation.values):
                raise DerivationError(f"step {number}: {value} was {origin} at other values")
            at[value] = whole - _free(value)
    return at


def _one_share(steps: tuple[Step, ...], statement: Proposition) -> None:
    """What one name is a share of, another one is not: they would be as large or small together.

    A conclusion is about all values of its variables, and about no name that is a share of something.
    """
    shares = {name for step in steps for name, _ in step.domain}
    defined = {step.lhs: step.rhs.free_symbols & shares for step in steps if step.kind == "definition"}
    for name, own in defined.items():
        if any(symbol in others for symbol in own for other, others in defined.items() if other != name):
            raise DerivationError(f"what {name} is a share by is in several definitions")
        if own and any(_names(conclusion, name) for conclusion in statement.conclusions):
            raise DerivationError(f"{name} is a share of its bound, and no variable of a conclusion")
    for variable in statement.variables:
        if variable.symbol in defined and not variable.meaning:
            raise DerivationError(f"{variable.symbol} has a value, and its meaning is not said")


def _other_vector(before: sympy.Expr, after: sympy.Expr) -> tuple[sympy.Basic, sympy.Basic] | None:
    """Return an arbitrary vector and another one by which alone what two names stand for differs, if it does."""
    own, others = (part.atoms(Vector, Frequency, Planar) for part in (before, after))
    old, new = [*(own - others)], [*(others - own)]
    if len(old) != 1 or len(new) != 1 or type(old[0]) is not Vector:
        return None
    return (old[0], new[0]) if before.xreplace({old[0]: new[0]}) == after else None


def _premises(steps: tuple[Step, ...]) -> list[frozenset[object]]:
    """Which assumptions each step rests on.

    A variable of one may not be given a value under it, nor be bound by a sum or a mean, and no more may those of a
    condition that is not for all of their values. What has a name rests on what the value of that needs to be in its
    domain.
    """
    found: list[frozenset[object]] = []
    supposed: list[frozenset[int]] = []
    named: dict[sympy.Basic, tuple[frozenset[object], frozenset[int]]] = {}
    numbers = {step.label: number for number, step in enumerate(steps) if step.label}
    for number, step in enumerate(steps):
        own = {turned(step.formula)} if step.kind == "assumption" else set()
        done = {turned(steps[numbers[label]].formula) for label in step.discharging}
        if step.rule == "either":
            for (label, _), own_case in zip(step.multipliers, step.discharging, strict=True):
                if done & found[numbers[label]] != {turned(steps[numbers[own_case]].formula)}:
                    raise DerivationError(f"step {number + 1}: {label!r} does not rest on {own_case!r} alone")
        used = [(found[numbers[label]], supposed[numbers[label]]) for label in step.uses]
        used += [needed for name, needed in named.items() if any(needed) and _mentions(step, name)]
        assumed_here = own.union(*(assumed for assumed, _ in used))
        if not done <= assumed_here:
            raise DerivationError(f"step {number + 1} does away with what nothing that it uses rests on")
        premises = frozenset(assumed_here) - done
        conditions = frozenset({number} if step.kind == "condition" else ()).union(*(each for _, each in used))
        _conditions_are_met(step, number, steps, numbers)
        if step.kind == "definition":
            named[step.lhs] = premises, conditions
        meanings = (value for _, value in step.names if step.given)
        taken = {name for name, _ in step.values}.union(*map(_bound, (step.formula, step.expression, *meanings)))
        for place, other in enumerate(steps[: number + 1]):
            assumed = other.kind == "assumption" and turned(other.formula) in premises and other is not step
            if (
                (assumed or place in conditions)
                and taken & (_free(other.formula) - {*other.over})
                and other is not step
            ):
                kind = f"{'an' if assumed else 'a'} {other.kind}"
                raise DerivationError(
                    f"step {number + 1} gives a value to a variable of {kind} it rests on, or binds it"
                )
        found.append(premises)
        supposed.append(conditions)
    return found


def _conditions_are_met(step: Step, number: int, steps: tuple[Step, ...], numbers: Mapping[str, int]) -> None:
    """Check that what is quoted under conditions for all of some variables is used under such conditions."""
    needed = conditions_at(step.quotation) if step.quotation is not None else ()
    for label in step.uses:
        other = steps[numbers[label]]
        if any(formula == other.formula and over and over != other.over for formula, over in needed):
            raise DerivationError(f"step {number + 1} quotes what needs {label!r} for all values, which it is not for")


def _bound(part: sympy.Basic | None) -> set[sympy.Basic]:
    """Names that sums, integrals, limits and means in a formula bind."""
    found: set[sympy.Basic] = set()
    for each in () if part is None else sympy.preorder_traversal(part):
        if isinstance(each, Mean):
            found |= {name.label if isinstance(name, sympy.IndexedBase) else name for name in each.args[1]}
        elif isinstance(each, sympy.Sum | sympy.Product | sympy.Integral):
            found |= {*each.variables}
        elif isinstance(each, sympy.Limit):
            found.add(each.args[1])
    return found


def _free(formula: Boolean | None) -> set[sympy.Basic]:
    return set() if formula is None else formula.free_symbols | formula.atoms(AppliedUndef)


def _mentions(step: Step, name: sympy.Basic) -> bool:
    values = (value for _, value in (*step.multipliers, *step.at))
    return any(isinstance(part, sympy.Basic) and part.has(name) for part in (step.formula, step.expression, *values))


def _idle(conclusion: Boolean, steps: tuple[Step, ...], domains: Domain) -> bool:
    """Whether an inequality that is not decided by its sign holds because of what its variables range over."""
    if not isinstance(conclusion, sympy.Rel) or conclusion.rel_op not in ("<", "<=", ">", ">="):
        return False
    by_sign = any(step.rule == "sign" and turned(step.formula) == turned(conclusion) for step in steps)
    return not by_sign and possible_signs(conclusion.gts - conclusion.lts, domains) <= NONNEGATIVE


def _says(step: Step, premises: frozenset[object], conclusion: Boolean) -> bool:
    if step.kind in ("definition", "assumption", "condition"):
        return False
    if turned(step.formula) == turned(conclusion):
        return not premises
    if not isinstance(conclusion, sympy.Implies):
        return False
    return turned(step.formula) == turned(conclusion.args[1]) and premises <= _allowed(conclusion)


def supposed(conclusion: Boolean) -> tuple[Boolean, ...]:
    """Return the premises of a conclusion, none if it is no implication."""
    if not isinstance(conclusion, sympy.Implies):
        return ()
    premise = conclusion.args[0]
    found: tuple[Boolean, ...] = premise.args if isinstance(premise, sympy.And) else (premise,)
    return found


def _allowed(conclusion: Boolean) -> frozenset[object]:
    return frozenset(map(turned, supposed(conclusion)))


def _variables(steps: tuple[Step, ...], statement: Proposition) -> None:
    defined = defined_by(steps)
    declared = set(statement.domains)
    said = (*statement.conclusions, *(step.formula for step in steps if step.kind == "condition"))
    free = {symbol for formula in said for symbol in variables_of(formula)}
    for symbol in sorted(free - declared - defined - {*SIZES}, key=str):
        raise DerivationError(f"the variable {symbol} of the statement is not quantified")
    for symbol in sorted(declared - free, key=str):
        raise DerivationError(f"the quantified variable {symbol} does not occur")
    for symbol, domain in statement.domains.items():
        if not isinstance(domain, sympy.Set):
            raise DerivationError(f"{symbol} ranges over {domain}, which is no set")
        if isinstance(domain, MatrixSet) and domain.shape != symbol.shape:
            raise DerivationError(f"{symbol} ranges over matrices of the shape {domain.shape}, not of its own")
        if domain is sympy.S.EmptySet:
            raise DerivationError(f"{symbol} has no values")
        if isinstance(domain, sympy.Interval) and not domain.is_subset(assumed_domain(symbol)):
            raise DerivationError(f"{symbol} ranges over {domain}, and the steps assume {assumed_domain(symbol)}")


def defined_by(steps: tuple[Step, ...]) -> set[sympy.Basic]:
    """Return the names that definitions introduce; the arguments of a function are none."""
    names = (step.lhs for step in steps if step.kind == "definition" and not isinstance(step.lhs, AppliedUndef))
    return {symbol for name in names for symbol in name.free_symbols}


def variables_of(formula: Boolean) -> set[sympy.Basic]:
    """Return symbols and families, but not the families' members or labels."""
    families = {member.base for member in formula.free_symbols if isinstance(member, sympy.Indexed)}
    labels = {family.label for family in families}
    return {symbol for symbol in formula.free_symbols if not isinstance(symbol, sympy.Indexed)} - labels | families


def depending_on(steps: tuple[Step, ...], number: int) -> Iterator[int]:
    """Yield the numbers of a step and of later ones whose checks look at it, by what they use or definitions."""
    yield number
    reached = {steps[number].label} - {""}
    for later, step in enumerate(steps[number + 1 :], start=number + 1):
        if steps[number].kind == "definition" or reached.intersection(step.uses):
            yield later
            reached |= {step.label} - {""}


def _names(formula: Boolean | None, name: sympy.Basic) -> bool:
    return formula is not None and bool(formula.has(name))
