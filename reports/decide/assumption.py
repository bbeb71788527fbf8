"""Assumptions: comparisons that restrict a claim's domain. Bounds on one variable narrow its interval."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from emtheory.numerics.arithmetic.algebraic import Algebraic
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.decide.evaluation import GUARD_BITS, combine
from emtheory.reports.language.expression import Call, Comparison, Expression, Symbol, subexpressions
from emtheory.reports.language.span import Span

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
"""Operator → that of the same comparison from right to left."""

Bound = tuple[str, str, Fraction]
"""Variable, operator, number."""


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


def mentions(comparison: Comparison, names: Sequence[str]) -> bool:
    """Whether one of the variables stands in a comparison."""
    parts = (part for operand in comparison.operands for part in subexpressions(operand))
    return any(isinstance(part, Symbol) and part.name in names for part in parts)


def constant(expression: Expression) -> Fraction | None:
    """Return the rational value of an expression without quantities and variables, or None if it has none."""
    parts = list(subexpressions(expression))
    if any(isinstance(part, Call) or (isinstance(part, Symbol) and part.name != "pi") for part in parts):
        return None
    try:
        with arb_precision(GUARD_BITS):
            value = combine(expression, _no_leaf)
    except (CannotAnswerError, InputError):
        return None
    return value.value if isinstance(value, Algebraic) else None


def _no_leaf(leaf: Symbol | Call) -> Algebraic:
    raise InputError(f"{leaf} is not a constant")


def _bounds(assumption: Comparison, spans: Mapping[str, Span]) -> Iterator[Bound]:
    """Yield a bound for each link of a chain that is one."""
    for operator, left, right in zip(assumption.operators, assumption.operands, assumption.operands[1:], strict=False):
        if operator in MIRRORED:
            for side, other, direction in ((left, right, operator), (right, left, MIRRORED[operator])):
                value = constant(other)
                if isinstance(side, Symbol) and side.name in spans and value is not None:
                    yield side.name, direction, value


def _words(comparison: Comparison) -> Iterator[str]:
    yield comparison.texts[0]
    for operator, text in zip(comparison.operators, comparison.texts[1:], strict=True):
        yield from (operator, text)
