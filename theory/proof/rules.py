"""The rules by which the program proves a step, once its names are replaced by what they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import sympy
from sympy.core.function import AppliedUndef

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.at import scattered
from emtheory.theory.proof.formula import POSITIVE, assumed_domain
from emtheory.theory.proof.identity import TOLERANCE, identity, opaque, vanishes
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.sign import NONNEGATIVE, POSITIVE_ONLY, Domain, Signs, possible_signs
from emtheory.theory.proof.step_parts import PLACE
from emtheory.theory.sums import settled

_TRIED = 8
"""Exact points at which an inequality is looked at beside its proof."""

Parts = tuple[tuple[sympy.Rel, sympy.Expr], ...]
"""Relations and their factors."""

Facts = tuple[sympy.Rel, ...]


@dataclass(frozen=True)
class Evidence:
    """How a step was checked: by what method, and at how many exact points both sides were evaluated besides."""

    method: str
    points: int


@dataclass(frozen=True)
class Gap:
    """An inequality as ``size ≥ 0``, or ``size > 0`` if it is strict."""

    size: sympy.Expr
    strict: bool


def gap(relation: sympy.Rel) -> Gap:
    """Return what an inequality says about the difference of its sides."""
    return Gap(relation.gts - relation.lts, relation.rel_op in ("<", ">"))


@lru_cache(maxsize=4096)
def equal(relation: sympy.Eq) -> Evidence:
    """Prove an equation, or raise DerivationError: it is false or cannot be brought to 0 = 0."""
    if relation.lhs == relation.rhs:
        return Evidence("substitution", 0)
    return Evidence(*identity(relation.lhs, relation.rhs))


@lru_cache(maxsize=4096)
def decided(relation: sympy.Rel, domain: Domain) -> Evidence:
    """Prove an inequality by the sign of the difference of its sides; an error if it is not strict but could be."""
    wanted = gap(relation)
    # Expectations and sums have the sign of what is averaged or added, before that is multiplied out.
    size = wanted.size if wanted.size.has(Mean, sympy.Sum) else wanted.size.doit()
    points = 0 if size.has(Mean, sympy.Sum) else _tested(size, domain)
    signs = possible_signs(size, domain)
    if not signs <= NONNEGATIVE:
        raise DerivationError("the inequality could not be decided on its whole domain")
    _strictness(wanted.strict, signs == POSITIVE_ONLY)
    return Evidence("its sign", points)


@lru_cache(maxsize=4096)
def combined(relation: sympy.Rel, parts: Parts, within: Facts, domain: Domain) -> Evidence:
    """Prove a relation as a sum of others, each times a factor that for an inequality is not negative.

    Relations in `within` show that of factors whose sign does not. It is an error if a factor may be negative, or the
    sum is not the inequality exactly, or not as strict as it.
    """
    if isinstance(relation, sympy.Eq):
        if not all(isinstance(part, sympy.Eq) for part, _ in parts):
            raise DerivationError("an equation is a combination of equations only")
        _covers(relation.lhs - relation.rhs, parts, within, domain)
        return Evidence("combination", 0)
    wanted = gap(relation)
    _strictness(wanted.strict, _covers(wanted.size, parts, within, domain))
    return Evidence("combination", 0)


def _covers(size: sympy.Expr, parts: Parts, within: Facts, domain: Domain) -> bool:
    """Check that a difference of sides is exactly a sum of those of other relations; return whether it is positive."""
    strict, sizes = False, []
    for part, factor in parts:
        if isinstance(part, sympy.Eq):
            sizes.append(factor * (part.lhs - part.rhs))
            if vanishes(opaque(sizes[-1])[0]):
                raise DerivationError("an equation of the combination adds nothing to it")
            if any(0 in _signs(base**2, within, domain) for base in _divisors(factor) - _divisors(size)):
                raise DerivationError(f"the factor {factor} of the combination may not be defined")
            continue
        signs = _signs(factor, within, domain)
        if not signs <= NONNEGATIVE:
            raise DerivationError(f"the factor {factor} of the combination may be negative")
        sizes.append(factor * gap(part).size)
        strict = strict or (gap(part).strict and signs == POSITIVE_ONLY)
    (rest,) = opaque(sympy.Add(size, *(-size for size in sizes)))
    if not vanishes(rest):
        raise DerivationError("the relation is not the combination of those that it uses")
    return strict


def _divisors(expression: sympy.Expr) -> set[sympy.Expr]:
    """What an expression divides by, without factors that are numbers."""
    powers = (power for power in expression.atoms(sympy.Pow) if power.exp.is_negative)
    return {sympy.factor_terms(power.base).as_coeff_Mul()[1] for power in powers}


@lru_cache(maxsize=4096)
def induced(
    relation: sympy.Rel,
    at: Mapping[sympy.Symbol, sympy.Expr],
    factor: sympy.Expr,
    parts: Parts,
    within: Facts,
    domain: Domain,
) -> Evidence:
    """Prove an inequality with ≤ for all t = 0, 1, … by induction.

    It has to follow by sign at t = 0, and to be at t + 1 a combination (as for `combined`) of itself at t, with a
    factor, and the others.
    """
    wanted = gap(relation)
    ((counter, start),) = at.items()
    if start != 0 or wanted.strict or not relation.has(counter) or not (counter.is_integer and counter.is_nonnegative):
        raise DerivationError("induction is for inequalities with ≤ and over a counter 0, 1, …")
    if not possible_signs(wanted.size.xreplace({counter: sympy.S.Zero}).doit(), domain) <= NONNEGATIVE:
        raise DerivationError("the inequality could not be decided at the start of the induction")
    _covers(wanted.size.xreplace({counter: counter + 1}), ((relation, factor), *parts), within, domain)
    return Evidence("induction", 0)


@lru_cache(maxsize=4096)
def mapped(relation: sympy.Rel, source: sympy.Rel, expression: sympy.Expr, domain: Domain) -> Evidence:
    """Prove an inequality by an expression in `PLACE`, seen to increase or fall, applied to both sides of another."""
    direction, strictly = _direction(expression, source, domain)
    for side, inner in zip((relation.lts, relation.gts), (source.lts, source.gts)[::direction], strict=True):
        image = expression.xreplace({PLACE: inner})
        if side != image and not vanishes(opaque(side - image)[0]):
            raise DerivationError("a side is not the expression of a side of the inequality that it uses")
    _strictness(gap(relation).strict, strictly and gap(source).strict)
    return Evidence(f"{'an increasing' if direction == 1 else 'a decreasing'} expression", 0)


@lru_cache(maxsize=4096)
def specialised(
    relation: sympy.Rel, source: sympy.Rel, at: Mapping[sympy.Symbol, sympy.Expr], within: Facts, domain: Domain
) -> Evidence:
    """Prove a relation as an instance of another, with values for some of its variables.

    Inequalities in `within` show a value to be in its symbol's domain, where its sign does not; it is an error if a
    variable does not occur.
    """
    for name, value in at.items():
        if not source.has(name):
            raise DerivationError(f"{name}, which is given a value, does not occur")
        inside(name, value, domain.get(name, assumed_domain(name)), within, domain)
    sides = ((relation.lhs, source.lhs), (relation.rhs, source.rhs))
    if isinstance(relation, sympy.Eq) != isinstance(source, sympy.Eq):
        raise DerivationError("an equation and an inequality are no instances of each other")
    if not isinstance(relation, sympy.Eq):
        _strictness(gap(relation).strict, gap(source).strict)
        sides = ((relation.lts, source.lts), (relation.gts, source.gts))
    for side, general in sides:
        if not vanishes(opaque(side - general.xreplace(dict(at)))[0]):
            raise DerivationError("a side is not that of the relation it is an instance of")
    return Evidence("an instance", 0)


def inside(name: sympy.Basic, value: sympy.Expr, wanted: sympy.Set, within: Facts, domain: Domain) -> None:
    """Check that a value is in an interval, by signs of its distances from the ends; an error if it may not be."""
    if wanted is sympy.S.Complexes and value.is_complex:
        return
    if not isinstance(wanted, sympy.Interval):
        raise DerivationError(f"whether {name} = {value} is in {wanted} could not be decided")
    for end, is_open, sign in ((wanted.start, wanted.left_open, 1), (wanted.end, wanted.right_open, -1)):
        if end.is_finite:
            signs = _signs(sign * (value - end), within, domain)
            if not signs <= (POSITIVE_ONLY if is_open else NONNEGATIVE):
                raise DerivationError(f"{name} = {value} may be outside its domain")


def _signs(expression: sympy.Expr, within: Facts, domain: Domain) -> Signs:
    """Signs of the parts, or what one of the facts says: of what it is a positive multiple of, or of a name in it."""
    signs = possible_signs(expression, domain)
    for known in (gap(fact) for fact in within if not isinstance(fact, sympy.Eq)):
        if sympy.cancel(expression / known.size).is_positive:
            said = POSITIVE_ONLY if known.strict else NONNEGATIVE
        elif known.strict and isinstance(known.size, sympy.Symbol | AppliedUndef) and expression.has(known.size):
            said = possible_signs(expression, {**domain, known.size: POSITIVE})
        else:
            continue
        if signs <= said:
            raise DerivationError(f"{expression} has its sign without what shows it")
        return said
    return signs


def _strictness(said: bool, proved: bool) -> None:
    if said and not proved:
        raise DerivationError("the inequality could not be shown to be strict")
    if proved and not said:
        raise DerivationError("the inequality is strict: it must say so")


def _direction(expression: sympy.Expr, source: sympy.Rel, domain: Domain) -> tuple[int, bool]:
    """1 for what increases in `PLACE` between a relation's sides, −1 for what falls, and if strictly; or an error."""
    if expression == PLACE:
        return 1, True
    if isinstance(expression, sympy.Integral):
        (variable, start, end), *others = expression.limits
        if others or not (start.is_number and end.is_number and start < end):
            raise DerivationError("an integral has to be over one interval of numbers")
        return _direction(expression.function, source, {**domain, variable: sympy.Interval.open(start, end)})
    holding = [part for part in expression.args if part.has(PLACE)]
    inner = [_direction(part, source, domain) for part in holding]
    if expression.is_Add and len({way for way, _ in inner}) == 1:
        return inner[0][0], any(strictly for _, strictly in inner)
    if len(holding) == 1:
        ((way, strictly),) = inner
        # Where it is least a base or an argument has to be in the domain of its function.
        least = settled(holding[0].xreplace({PLACE: source.lts if way == 1 else source.gts}))
        factor, strict = _of_part(expression, holding[0], least, domain)
        if factor:
            return factor * way, strictly and strict
    raise DerivationError(f"{expression} is not seen to increase or to fall in {PLACE}")


def _of_part(expression: sympy.Expr, part: sympy.Expr, least: sympy.Expr, domain: Domain) -> tuple[int, bool]:
    """1 if an expression increases in the one part of it that changes, −1 if it falls, else 0; and if strictly."""
    if expression.is_Mul:
        signs = possible_signs(expression / part, domain)
        found = [sign for sign in (1, -1) if {sign * each for each in signs} <= NONNEGATIVE]
        return (found or [0])[0], 0 not in signs
    if expression.is_Pow and part == expression.base:
        power, signs = expression.exp, possible_signs(least, domain)
        if power.is_negative:
            return -int(signs == POSITIVE_ONLY), True
        return int(bool(power.is_positive) and (bool(power.is_odd) or signs <= NONNEGATIVE)), True
    if isinstance(expression, sympy.cosh):
        return int(possible_signs(least, domain) <= NONNEGATIVE), True
    if isinstance(expression, sympy.log):
        return int(possible_signs(least, domain) == POSITIVE_ONLY), True
    return int(isinstance(expression, sympy.exp | sympy.tanh | sympy.erf | Mean | sympy.Sum)), True


def _tested(size: sympy.Expr, domain: Domain) -> int:
    """Evaluate the difference at exact points of the domain, as a control; return how many."""
    (size,) = opaque(size)
    members = size.atoms(sympy.Indexed)
    names = members | {name for name in size.free_symbols - {each.base.label for each in members} if name.is_Symbol}
    number = 0
    for turn in range(_TRIED if names else 1):
        inside = {name: _moved(sympy.Rational(scattered(name, turn)), domain.get(name)) for name in names}
        at = size.xreplace(inside).evalf(50)
        if at.free_symbols or not at.is_extended_real:
            continue  # At another number of steps, or a root of what no vector has as its square, it has no value here.
        if not at >= -TOLERANCE:
            raise DerivationError(f"the inequality fails at {inside}")
        number += 1
    return number


def _moved(value: sympy.Rational, interval: sympy.Interval | None) -> sympy.Rational:
    """Carry a point of (0, 1), or a whole number, into an interval."""
    if interval is None or not isinstance(interval, sympy.Interval):
        return value
    lower, upper = interval.start, interval.end
    if lower.is_finite and upper.is_finite:
        return lower + (upper - lower) * value
    if lower.is_finite:
        return lower + (value / (1 - value) if value < 1 else value)
    return upper - value / (1 - value) if upper.is_finite else (2 * value - 1) / (value * (1 - value))
