"""The parts of a claim on tied mixtures that are read by themselves: weights, variables and their intervals, k."""

import re
from collections.abc import Collection, Sequence
from fractions import Fraction

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.errors import InputError
from emtheory.numerics.quantities import QUANTITIES
from emtheory.numerics.weights import MAX_COMPONENTS
from emtheory.reports.language.expression import AMPLITUDE, SYMBOLS, UNARY, VARIADIC
from emtheory.reports.language.family import FAMILIES
from emtheory.reports.language.span import Span
from emtheory.reports.language.varying_weights import FamilyWeights, VaryingWeights, weight_expressions
from emtheory.theory.claim import Claim
from emtheory.theory.near_miss import near_misses

MAX_TOTAL_COMPONENTS = 1 << 19
"""Of all k of a claim together, for each of which a case is made when the claim is read. A choice: that takes less than
a second, and admits a range in ``for_all`` from 2 to 1023, or eight times the largest single k."""

INFINITE = "inf"
"""The upper end of an interval without one."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_WORD = re.compile(r"[A-Za-z]\w*")
_PARAMETER = re.compile(rf"({'|'.join(FAMILIES)}):([A-Za-z][A-Za-z0-9_]{{0,30}})")


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
