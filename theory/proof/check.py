"""One step: what it uses is there, and its rule proves it."""

from collections.abc import Callable, Mapping
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.at import refuse_mistakable
from emtheory.theory.proof.cases import alternatives_of, divided, in_either_case
from emtheory.theory.proof.formula import assumed_domain, intervals, related, turned
from emtheory.theory.proof.meant.limits import by_continuity
from emtheory.theory.proof.meant.rule import by_meaning
from emtheory.theory.proof.positive import positive_unless
from emtheory.theory.proof.quoted import is_quoted
from emtheory.theory.proof.rules import Evidence, combined, decided, equal, induced, inside, mapped, specialised
from emtheory.theory.proof.sign_sets import Domain, restricted
from emtheory.theory.proof.step_parts import Step


def check(
    step: Step, earlier: tuple[Step, ...] = (), domains: Mapping[sympy.Basic, sympy.Set] | None = None
) -> Evidence | None:
    """Check one step by its rule, which may use the steps before it and the domains of the statement's variables.

    Parameters
    ----------
    step
        A step of a derivation.
    earlier
        The steps before it, in order.
    domains
        Variable of the statement → its values.

    Returns
    -------
    Evidence | None
        None for a theorem or prose, and for a definition, whose value has to be in the domain of its name.

    Raises
    ------
    DerivationError
        If the rule does not prove it, or it uses what is not there.
    """
    known = {other.label: other for other in earlier if other.label}
    if step.label in known:
        raise DerivationError(f"there is an earlier step {step.label!r}")
    missing = [label for label in step.uses if label not in known]
    if missing:
        raise DerivationError(f"it uses {missing[0]!r}, which is no earlier step")
    sets = dict(domains or {})
    if step.kind == "definition" and not isinstance(step.lhs, sympy.MatrixExpr):
        wanted = sets.get(step.lhs, assumed_domain(step.lhs))
        _containment(step, known, sets)(step.lhs, step.rhs, wanted)
    if step.kind not in ("equation", "inequality"):
        return None
    if step.under and step.quotation is None and step.rule not in ("meant", "positive"):
        raise DerivationError(f"its rule needs no hypothesis, not {step.under[0]} ({step.explanation})")
    if not step.relational and step.rule not in ("cases", "all"):
        raise DerivationError(f"it says no relation that its rule could prove ({step.explanation})")
    if step.relational and step.lhs == step.rhs:
        raise DerivationError(f"both sides are the same expression ({step.explanation})")
    try:
        if step.quotation is not None:
            premises = frozenset(known[label].formula for label, _ in step.multipliers)
            return is_quoted(step.formula, step.quotation, premises, _containment(step, known, sets))
        return _by_rule(step, earlier, known, intervals(sets))
    except DerivationError as error:
        raise DerivationError(f"{error} ({step.explanation})") from error


def _by_rule(step: Step, earlier: tuple[Step, ...], known: Mapping[str, Step], domains: Domain) -> Evidence:
    local = _restrictions(step, known)
    fewer = [name for name, interval in local.items() if name in domains and not domains[name].is_subset(interval)]
    if fewer:
        raise DerivationError(f"it is for fewer {fewer[0]} than the statement")
    by = {"cases": _by_cases, "either": _by_either_case, "positive": _by_what_is_not_0, "all": _by_all}.get(step.rule)
    if by is not None:
        return by(step, earlier, known, {**domains, **local})
    for side in _unfolded(step.formula, earlier).args:
        refuse_mistakable(side)
    if step.rule == "meant":
        meanings = {name: _unfold(value, earlier) for name, value in step.at}
        facts = tuple(_unfolded(known[label].formula, earlier) for label in step.given)
        relation = _unfolded(step.formula, earlier)
        return by_meaning(relation, meanings, facts, step.under, sympy.Dict(restricted({**domains, **local}, relation)))
    if step.rule == "limit":
        places = {place: _unfolded(known[label].formula, earlier) for label, place in step.multipliers}
        along = tuple(_unfolded(known[label].formula, earlier) for label in step.within)
        return by_continuity(_resolved(step, earlier, known), _unfold(step.expression, earlier), places, along)
    relation = _resolved(step, earlier, known)
    for side in relation.args:
        refuse_mistakable(side)
        # SymPy's derivative of either is 0.
        if side.has(sympy.zoo, sympy.nan):
            raise DerivationError(f"a side is undefined: {side}")
    if step.rule == "":
        return equal(relation)

    def about(*parts: sympy.Basic) -> sympy.Dict:
        # No more than matters: what is proved of some names is proved anew only where their domains change.
        return sympy.Dict(restricted({**domains, **local}, *parts))

    if step.rule == "sign":
        return decided(relation, about(relation))
    used = tuple(_unfolded(known[label].formula, earlier) for label, _ in step.multipliers)
    within = tuple(_unfolded(known[label].formula, earlier) for label in step.within)
    at = sympy.Dict({name: _unfold(value, earlier) for name, value in step.at})
    factors = tuple(_unfold(factor, earlier) for _, factor in step.multipliers)
    expression = sympy.S.One if step.expression is None else _unfold(step.expression, earlier)
    domain = about(relation, *used, *within, at, *factors, expression)

    def prove(used: tuple[sympy.Rel, ...]) -> Evidence:
        if step.rule == "instance":
            return specialised(relation, used[0], at, within, domain)
        if step.rule == "monotone":
            return mapped(relation, used[0], expression, domain)
        parts = tuple(zip(used, factors, strict=True))
        if step.rule == "combination":
            return combined(relation, parts, within, domain)
        return induced(relation, at, expression, parts, within, domain)

    evidence = prove(used)
    _no_more_than_used(step, known, used, prove)
    return evidence


def _containment(
    step: Step, known: Mapping[str, Step], sets: Mapping[sympy.Basic, sympy.Set]
) -> Callable[[sympy.Basic, sympy.Expr, sympy.Set], None]:
    """Return what raises an error if a value that a step gives to a name may be outside a set."""
    domain = sympy.Dict({**intervals(sets), **_restrictions(step, known)})
    within = tuple(known[label].formula for label in step.within)

    def contained(name: sympy.Basic, value: sympy.Expr, wanted: sympy.Set) -> None:
        if isinstance(wanted, sympy.Range) and (value.is_integer or isinstance(sets.get(value), sympy.Range)):
            wanted = sympy.Interval(wanted.inf, wanted.sup)
        # Names are not replaced: their own values were found to be in their domains.
        inside(name, value, wanted, within, domain)

    return contained


def _by_what_is_not_0(step: Step, earlier: tuple[Step, ...], known: Mapping[str, Step], domains: Domain) -> Evidence:
    relation, premise = (_unfolded(said, earlier) for said in (step.formula, known[step.uses[0]].formula))
    points = () if step.expression is None else step.expression.args
    return positive_unless(relation, premise, dict(step.at), points, step.under, restricted(domains, relation, premise))


def _by_either_case(step: Step, _earlier: tuple[Step, ...], known: Mapping[str, Step], _domains: Domain) -> Evidence:
    said, assumed = (label for label, _ in step.multipliers), step.discharging
    return in_either_case(step.formula, *([known[label].formula for label in labels] for labels in (said, assumed)))


def _by_all(step: Step, _earlier: tuple[Step, ...], known: Mapping[str, Step], _domains: Domain) -> Evidence:
    if not isinstance(step.formula, sympy.And):
        raise DerivationError("it is not several formulas at once")
    if {*map(turned, step.formula.args)} != {turned(known[label].formula) for label, _ in step.multipliers}:
        raise DerivationError("the steps that it uses do not say all of it, or more")
    return Evidence("what several steps say", 0)


def _by_cases(step: Step, earlier: tuple[Step, ...], known: Mapping[str, Step], _domains: Domain) -> Evidence:
    used = tuple(known[label].formula for label, _ in step.multipliers)
    if step.given or not all(isinstance(fact, sympy.Eq) for fact in used):
        raise DerivationError("cases are those of equations, which are not rewritten")

    def difference(fact: sympy.Eq) -> sympy.Expr:
        return _unfold(fact.lhs, earlier) - _unfold(fact.rhs, earlier)

    alternatives = tuple(tuple(map(difference, one)) for one in alternatives_of(step.formula))
    return divided(tuple(map(difference, used)), alternatives)


def _restrictions(step: Step, known: Mapping[str, Step]) -> dict[sympy.Basic, sympy.Set]:
    """Intervals that a step and those it uses restrict symbols to; a value in place of a symbol ends that."""
    found: dict[sympy.Basic, sympy.Set] = {}
    for label in step.uses:
        other = known[label]
        given = {name for name, _ in other.values}
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
        if known[label].kind in ("prose", "theorem", "assumption", "condition") and used[place].rel_op in ("<", ">"):
            weaker = related(used[place].lts, "<=", used[place].gts)
            try:
                prove((*used[:place], weaker, *used[place + 1 :]))
            except DerivationError:
                continue
            raise DerivationError(f"{label!r} is said to be strict, which is not used")


def _resolved(step: Step, earlier: tuple[Step, ...], known: Mapping[str, Step]) -> sympy.Rel:
    """Apply the equations that a step is given, then put what names stand for in their place."""
    formula: Any = step.formula
    for label in step.given:
        fact = known[label].formula
        if not isinstance(fact, sympy.Eq):
            raise DerivationError(f"{label!r} is no equation to rewrite by")
        left, right = (side.xreplace({fact.lhs: fact.rhs}) for side in formula.args)
        rewritten = related(left, formula.rel_op, right)
        if rewritten == formula:
            raise DerivationError(f"there is nothing to rewrite by {label!r}")
        formula = rewritten
    return _unfolded(formula, earlier)


def _unfolded(formula: Boolean | None, earlier: tuple[Step, ...]) -> sympy.Rel:
    if not isinstance(formula, sympy.Rel):
        raise DerivationError("it uses a step without a relation")
    return related(_unfold(formula.lhs, earlier), formula.rel_op, _unfold(formula.rhs, earlier))


def _unfold(side: sympy.Basic, earlier: tuple[Step, ...]) -> sympy.Basic:
    for step in reversed(earlier):
        if step.kind == "definition":
            side = side.xreplace({step.lhs: step.rhs})
    return side
