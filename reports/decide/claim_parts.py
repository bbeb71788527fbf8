"""The parts of a claim that are read by themselves: weights, variables and their intervals, k, a free constant."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.quantities import QUANTITIES, find_quantity
from emtheory.numerics.weights import MAX_COMPONENTS
from emtheory.reports.decide.point import GUARD_BITS, combine
from emtheory.reports.language.expression import (
    AMPLITUDE,
    SYMBOLS,
    UNARY,
    VARIADIC,
    Call,
    Comparison,
    Expression,
    Symbol,
    calls_of,
)
from emtheory.reports.language.span import Point, Span
from emtheory.reports.language.varying_weights import FAMILIES, FamilyWeights, VaryingWeights, weight_expressions
from emtheory.theory.claim import HOLDS, Claim, FreeConstant
from emtheory.theory.near_miss import near_misses

MAX_TOTAL_COMPONENTS = 1 << 19
"""Of all k of a claim together, for each of which a case is made when the claim is read. A choice: that takes less than
a second, and admits a range in ``for_all`` from 2 to 1023, or eight times the largest single k."""

INFINITE = "inf"
"""The upper end of an interval without one."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_WORD = re.compile(r"[A-Za-z]\w*")
_PARAMETER = re.compile(rf"({'|'.join(FAMILIES)}):([A-Za-z][A-Za-z0-9_]{{0,30}})")

_AT_A_POINT: Mapping[str, str] = {
    "dft_modulus": "posterior_power(m=…), which is |π̂ₘ|² at the origin",
    "spectral_gap": "hessian_min_eigenvalue, which is the spectral gap at the origin",
    "contraction_factor": "worst_contraction_factor(radius=…), which is the contraction factor at the radius 0",
}
"""Quantity of the weights → the one that it becomes away from the origin."""

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
"""Operator → that of the same comparison from right to left."""
Bound = tuple[str, str, Fraction]
"""Variable, operator, number."""


def weights_of(claim: Claim, variables: Sequence[str]) -> VaryingWeights | None:
    """Return how the weights depend on variables: a family such as one-heavy:W, or a list with an expression in it."""
    if isinstance(claim.weights, str):
        match = _PARAMETER.fullmatch(claim.weights.strip())
        if match is None:
            return None
        _check_name(match[2])
        if match[2] not in variables:
            raise InputError(f"weights: {match[2]!r} is neither a number nor a variable that for_all ranges over")
        return FamilyWeights(match[1], match[2])
    written = {word for weight in claim.weights for word in _WORD.findall(str(weight))}
    parameters = [name for name in variables if name in written]
    if not parameters:
        return None
    lengths = [k for k in claim.k if k != len(claim.weights)]
    if lengths:
        raise InputError(f"{len(claim.weights)} weights were given for k = {lengths[0]} components")
    return weight_expressions(claim.weights, parameters, len(claim.weights))


def check_variables(claim: Claim, variables: Sequence[str], used: Collection[str]) -> bool:
    """Check that each variable means something for each k; return whether the point is among them.

    `used` are those that the weights, or arguments of quantities, are written in.
    """
    amplitudes = [f"{AMPLITUDE}{m}" for m in range(1, max(claim.k, default=2) // 2 + 1)]
    known = ["radius", "k", *amplitudes, *used]
    for name in variables:
        if name not in known:
            raise InputError(
                "for_all ranges over radius, amplitudes, k or variables that the weights are written in, such as W in "
                f'one-heavy:W or in ["W", "1-W"], or arguments of quantities, not over {name[:40]!r}'
                f"{near_misses(name, known)}"
            )
    if "radius" in variables and any(name in variables for name in amplitudes):
        raise InputError("for_all gives the point as a radius or as amplitudes, not both")
    return any(map(is_of_point, variables))


def is_of_point(name: str) -> bool:
    """Whether a variable is the radius or an amplitude."""
    return name == "radius" or name.startswith(AMPLITUDE)


def spans_of(claim: Claim) -> dict[str, Span]:
    """Return the intervals of for_all, each after its ends are checked; without that of k, which gives a list."""
    spans = {}
    for name, ends in claim.for_all.items():
        span = _span(name, ends)
        if span.lower < 0:
            raise InputError(f"for_all {name} starts at {span.lower}, which is negative")
        if name == "k":
            _check_range(claim, span.lower, span.upper)
            continue
        if not is_of_point(name):
            _check_name(name)
        spans[name] = span
    return spans


def span_of(name: str, ends: tuple[str, str], *, is_known: bool) -> Span:
    """Return the interval of a variable in a claim on another family."""
    if not is_known:
        _check_name(name)
    return _span(name, ends)


def _span(name: str, ends: tuple[str, str]) -> Span:
    first, last = ends
    if first.strip().lstrip("-") == INFINITE:
        raise InputError(f"for_all {name} starts at {first.strip()}: only the upper end may be infinite, {INFINITE!r}")
    lower = parse_rational(first, f"for_all {name}")
    upper = None if last.strip() == INFINITE else parse_rational(last, f"for_all {name}")
    if upper is not None and lower > upper:
        raise InputError(f"for_all {name} = [{lower}, {upper}] is empty: a claim about no case is an error, not a pass")
    return Span(lower, upper)


def _check_name(name: str) -> None:
    taken = (*SYMBOLS, *UNARY, *VARIADIC, *QUANTITIES)
    if name in taken or name.startswith(AMPLITUDE):
        raise InputError(f"weights: {name!r} has another meaning: call the parameter W")
    if not _NAME.fullmatch(name):
        raise InputError(f"for_all: {name[:40]!r} is no name of a variable: write letters and digits, such as W")


def check_k(claim: Claim) -> None:
    """Check that k is named, each once, and not too much in all."""
    if not claim.k:
        raise InputError("the list of k is empty: a claim about no case is an error, not a pass")
    if len(set(claim.k)) < len(claim.k):
        raise InputError("the list of k names a number twice")
    if len(claim.k) > 1 and sum(claim.k) > MAX_TOTAL_COMPONENTS:
        raise InputError(f"the k of one claim add up to {sum(claim.k)}; at most {MAX_TOTAL_COMPONENTS} are accepted")


def _check_range(claim: Claim, lower: Fraction, upper: Fraction | None) -> None:
    if upper is None:
        raise InputError(f"for_all k = [{lower}, inf]: the ends are integers from 2 to {MAX_COMPONENTS}")
    if lower.denominator > 1 or upper.denominator > 1 or not 2 <= lower <= upper <= MAX_COMPONENTS:
        raise InputError(f"for_all k = [{lower}, {upper}]: the ends are integers from 2 to {MAX_COMPONENTS}")
    if claim.k != tuple(range(int(lower), int(upper) + 1)):
        raise InputError("give k as a number, as a list, or in for_all, not twice")


def no_point_wanted(comparison: Comparison) -> InputError:
    """Return the error of a statement that has a point and depends on none, with a suggestion where there is one."""
    names = [call.quantity for call in calls_of(comparison)]
    taking = [name for name in names if find_quantity(name).radius_is_argument]
    meant = [_AT_A_POINT[name] for name in names if name in _AT_A_POINT]
    message = "nothing in the statement depends on a point: leave out radius, amplitudes and for_all"
    if taking:
        return InputError(f"{message}; the radius of {taking[0]} is its argument, {taking[0]}(radius=…)")
    return InputError(f"{message}, or did you mean {meant[0]}?" if meant else message)


def at_ends(claim: Claim) -> Sequence[Claim]:
    """Return a claim with each end of the interval in place of its free constant; itself if it has none.

    InputError if the constant has another meaning, does not stand in the statement, or its interval is empty.
    """
    if claim.sharpen is None:
        return [claim]
    free = claim.sharpen
    if claim.expect != HOLDS:
        raise InputError(f"sharpen: a best constant is sought of what holds: leave out expect = {claim.expect!r}")
    taken = (*SYMBOLS, *UNARY, *VARIADIC, *QUANTITIES, *claim.for_all)
    if free.constant in taken or free.constant.startswith(AMPLITUDE):
        raise InputError(f"sharpen: {free.constant!r} has another meaning: call the constant c")
    if not _word(free).search(claim.statement):
        raise InputError(f"sharpen: the constant {free.constant!r} does not stand in the statement")
    if any(_word(free).search(text) for text in claim.assume):
        raise InputError(f"sharpen: the constant {free.constant!r} stands in an assumption")
    lower, upper = between(free)
    return [with_constant(claim, lower), with_constant(claim, upper)]


def between(free: FreeConstant) -> tuple[Fraction, Fraction]:
    """Return the interval in which a constant is sought; InputError if it is empty."""
    lower, upper = (parse_rational(end, "sharpen between") for end in free.between)
    if not lower < upper:
        raise InputError(f"sharpen: between [{lower}, {upper}] there is no room for a constant")
    return lower, upper


def with_constant(claim: Claim, value: Fraction, suffix: str = "") -> Claim:
    """Return a claim with a number in place of its free constant."""
    if claim.sharpen is None:
        raise ValueError("the claim has no free constant")
    statement = _word(claim.sharpen).sub(f"({value})", claim.statement)
    return replace(claim, id=f"{claim.id}{suffix}", statement=statement, sharpen=None)


def _word(free: FreeConstant) -> "re.Pattern[str]":
    return re.compile(rf"(?<![A-Za-z0-9_]){free.constant}(?![A-Za-z0-9_])")


def narrowed(
    spans: Mapping[str, Span], assumptions: Sequence[Comparison]
) -> tuple[Mapping[str, Span], tuple[Comparison, ...]]:
    """Return the spans less what bounds on single variables exclude, and the assumptions that are not such bounds.

    That a variable is not the end of its span makes the end an open one, whatever order the assumptions come in.
    InputError if nothing is left of a span: a claim about no case is an error, not a pass.
    """
    result, others = dict(spans), []
    for assumption in sorted(assumptions, key=lambda each: "!=" in each.operators):
        bounds = list(_bounds(assumption, spans))
        inside = any(operator == "!=" and result[name].holds_inside(bound) for name, operator, bound in bounds)
        if inside or len(bounds) < len(assumption.operators):
            others.append(assumption)
            continue
        for name, operator, bound in bounds:
            result[name] = result[name].restricted(operator, bound)
            if result[name].is_empty:
                raise InputError(
                    f"no {name} in {spans[name]} satisfies the assumption {' '.join(_words(assumption))}: a claim "
                    "about no case is an error, not a pass"
                )
    return result, tuple(others)


def constant(expression: Expression, values: Point = MappingProxyType({})) -> Fraction | None:
    """Return the rational value of an expression in variables with these values; None if it has others, or no value."""

    def leaf(part: Symbol | Call) -> Algebraic:
        if not isinstance(part, Symbol) or part.name not in values:
            raise InputError(f"{part} is not a constant")
        return rational(values[part.name])

    try:
        with arb_precision(GUARD_BITS):
            value = combine(expression, leaf)
    except (CannotAnswerError, InputError):
        return None
    return value.value if isinstance(value, Algebraic) else None


def _bounds(assumption: Comparison, spans: Mapping[str, Span]) -> Iterator[Bound]:
    """Yield a bound for each link of a chain that is one."""
    for operator, left, right in assumption.pairs:
        if operator in MIRRORED:
            for side, other, direction in ((left, right, operator), (right, left, MIRRORED[operator])):
                value = constant(other)
                if isinstance(side, Symbol) and side.name in spans and value is not None:
                    yield side.name, direction, value


def _words(comparison: Comparison) -> Iterator[str]:
    yield comparison.texts[0]
    for operator, text in zip(comparison.operators, comparison.texts[1:], strict=True):
        yield from (operator, text)
