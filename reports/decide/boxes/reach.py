"""Which boxes can be decided on all of their points, told before anything is computed."""

from collections.abc import Callable
from functools import partial
from typing import Any

from emtheory.numerics.any_point.expressions import Point
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.point_forms import functions_of
from emtheory.numerics.names import SEPARATOR
from emtheory.numerics.quantities import QUANTITIES, find_quantity
from emtheory.numerics.quantity import resolve
from emtheory.numerics.ray.dynamics import keeps_simplex
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.point import arguments_of
from emtheory.reports.language.expression import AMPLITUDE, Call, Symbol, calls_of, subexpressions
from emtheory.reports.language.varying_weights import CLOSED_FORMS, FamilyWeights

MAX_VARIABLES = 4
"""Of a box. A choice: the number of cells grows with a power of it."""
_TAILS = "the radius, and the point of two means in em_map, em_map_derivative and kl_divergence"
MAX_AMPLITUDES = 5
"""Largest k whose amplitudes may vary."""
MAX_POWERS = 64
"""Largest k of geometric weights that vary. A choice: they have as many windows as k, and 64 take minutes."""


def is_followed(question: Question, case: Case) -> bool:
    """Whether a statement and its assumptions can be followed over the box, of whatever size it is."""
    return not out_of_reach(question, case)


def out_of_reach(question: Question, case: Case) -> str:
    """Return why a statement cannot be followed over a box, and what could be; empty if it can."""
    amplitudes = question.family is None and has_amplitudes(question, case)
    endless = [name for name, span in question.spans.items() if span.upper is None]
    if endless and not (len(endless) == 1 and _has_tails(question, endless[0]) and not is_stepwise(question)):
        return f"{endless[0]} has no upper end; in reach are boxes with ends, but for {_TAILS}"
    if len(question.spans) > MAX_VARIABLES:
        return f"the box has {len(question.spans)} variables; in reach are boxes of up to {MAX_VARIABLES}"
    if amplitudes and case.k > MAX_AMPLITUDES:
        return f"the point is given by amplitudes for k = {case.k}; in reach are k up to {MAX_AMPLITUDES}, or a radius"
    comparisons = (question.comparison, *question.local_assumptions)
    reasons = (_beyond(call, case, question, amplitudes=amplitudes) for each in comparisons for call in calls_of(each))
    return next((reason for reason in reasons if reason), "")


def expression_of(call: Call, case: Case) -> Callable[[Point], Any]:
    """Return a quantity at a point as the expression by which it is followed over boxes."""
    return partial(resolve(find_quantity(call.quantity).form), **arguments_of(call, case))


def is_stepwise(question: Question) -> bool:
    """Whether a quantity of a statement is known by its values at corners of boxes, and has no form."""
    comparisons = (question.comparison, *question.local_assumptions)
    return any(find_quantity(call.quantity).monotone for each in comparisons for call in calls_of(each))


def unbounded(question: Question) -> str:
    """Return the variable without an upper end, the first if there are several, or nothing."""
    return next((name for name, span in question.spans.items() if span.upper is None), "")


def _has_tails(question: Question, name: str) -> bool:
    """Whether a statement may be followed as a variable tends to infinity: the radius, or the point of a family."""
    if question.family is None:
        return name == "radius"
    expressions, point = question.family.expressions, question.family.family.point
    others = [each for other, each in expressions.items() if other != point]
    forms = [find_quantity(call.quantity).form for call in calls_of(question.comparison)]
    followed = all(form and getattr(resolve(form), "tail", None) is not None for form in forms)
    return (
        followed
        and expressions.get(point) == Symbol(name)
        and not any(Symbol(name) in subexpressions(each) for each in others)
    )


def are_points_slow(question: Question, case: Case) -> bool:
    """Whether even the points of a box that is out of reach take minutes."""
    amplitudes = question.family is None and has_amplitudes(question, case) and case.k > MAX_AMPLITUDES
    return amplitudes or _has_many_powers(question, case)


def has_amplitudes(question: Question, case: Case) -> bool:
    """Whether the point is given by amplitudes."""
    return any(name.startswith(AMPLITUDE) for name in question.spans) or case.amplitudes is not None


def _has_many_powers(question: Question, case: Case) -> bool:
    weights = question.weights
    return isinstance(weights, FamilyWeights) and weights.family == "geometric" and case.k > MAX_POWERS


def _beyond(call: Call, case: Case, question: Question, *, amplitudes: bool) -> str:
    if question.family is not None:
        return "" if find_quantity(call.quantity).form else f"{call.label} has no enclosure on a box"
    quantity = find_quantity(call.quantity)
    variables = {Symbol(name) for name in question.spans}
    for name, argument in call.arguments:
        varies = any(part in variables for part in subexpressions(argument))
        if varies and not (name in quantity.monotone and argument in variables):
            return f"{name} of {call.label} varies; in reach are numbers"
    if quantity.monotone and question.weights is None and not amplitudes:
        leaves = quantity.leaves_simplex and not keeps_simplex(case)
        return f"EM leaves the simplex for such weights, where {call.label} is found at points only" if leaves else ""
    return _formless(call, case, question, amplitudes=amplitudes)


def _formless(call: Call, case: Case, question: Question, *, amplitudes: bool) -> str:
    """Why a quantity has no form on the box; empty if it has."""
    quantity = find_quantity(call.quantity)
    constant = not quantity.needs_point or (quantity.constant_on_ray and not amplitudes)
    if call.quantity in CLOSED_FORMS or (constant and question.weights is None):
        return ""
    followed = [name for name, each in QUANTITIES.items() if each.form and SEPARATOR not in name]
    if call.quantity not in followed:
        return f"{call.label} has no enclosure on a box; in reach are {', '.join([*sorted(followed), *CLOSED_FORMS])}"
    if _has_many_powers(question, case):
        return f"geometric weights vary for k = {case.k}; in reach are k up to {MAX_POWERS}, or fixed weights"
    beyond = f"{call.label} has no enclosure on a box for k = {case.k} and such weights; in reach are smaller k"
    return "" if _has_functions(call, case, amplitudes=amplitudes) else beyond


def _has_functions(call: Call, case: Case, *, amplitudes: bool) -> bool:
    try:
        functions_of(expression_of(call, case), case, amplitudes=amplitudes)
    except CannotAnswerError:
        return False
    return True
