"""The comparisons of a chain, decided from forms of their sides: no search, the same answer every time."""

from collections.abc import Callable
from fractions import Fraction

from emtheory.numerics.intervals.interval import to_enclosure
from emtheory.numerics.intervals.operations import apply, as_interval
from emtheory.numerics.intervals.taylor_form import ZERO, TaylorForm, constant, hull, signs_of
from emtheory.numerics.level import Level
from emtheory.reports.decide.verdict import Link, answer
from emtheory.reports.language.expression import ORDERS, Comparison, Expression, Operation, difference_inside


def links_by(
    form: Callable[[Expression], TaylorForm], comparison: Comparison
) -> tuple[tuple[Link, ...], list[TaylorForm]]:
    """Decide each comparison of a chain by the forms of its sides; return the forms of the differences too."""
    sides = [form(operand) for operand in comparison.operands]
    inside = map(difference_inside, comparison.operands, comparison.operands[1:])
    differences = [
        _extreme(form, each, operator) if each is not None and operator in ORDERS else left - right
        for operator, each, left, right in zip(comparison.operators, inside, sides, sides[1:], strict=False)
    ]
    return tuple(map(link_of, comparison.operators, sides, sides[1:], differences)), differences


def _extreme(form: Callable[[Expression], TaylorForm], difference: Expression, operator: str) -> TaylorForm:
    """The form of ±max or ±min, or its range if that decides: max(a, 0) is at least 0, which its slopes forget."""
    smooth = form(difference)
    if answer(operator, signs_of(smooth)) is not None or not isinstance(difference, Operation):
        return smooth
    (extreme,) = difference.operands if difference.name == "neg" else (difference,)
    if not isinstance(extreme, Operation):
        return smooth
    ranges = constant(apply(extreme.name, [hull(form(operand)) for operand in extreme.operands]), smooth.domain)
    ranges = -ranges if difference.name == "neg" else ranges
    return smooth if answer(operator, signs_of(ranges)) is None else ranges


def link_of(operator: str, left: TaylorForm, right: TaylorForm, form: TaylorForm) -> Link:
    """Decide a comparison from the forms of its sides."""
    signs = signs_of(form)
    difference = to_enclosure(as_interval(ZERO) if form.vanishes else hull(form))
    distance = max(Fraction(0), difference.lower, -difference.upper) if len(signs) == 1 else None
    sides = to_enclosure(hull(left)), to_enclosure(hull(right))
    level = min(difference.level, Level.CERTIFIED)
    return Link(operator, *sides, answer(operator, signs), level, distance, difference)
