"""A statement at one case: its sides are enclosed ever more narrowly until it is decided."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from fractions import Fraction
from typing import Any

from emtheory.numerics import evaluate as quantities
from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.arithmetic.constant import Constant, Real, real_number
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.families import check_family
from emtheory.numerics.intervals.interval import Interval, from_enclosure, to_enclosure
from emtheory.numerics.intervals.operations import PI, Value, apply, as_interval
from emtheory.numerics.names import ELSEWHERE
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import check_arguments, check_point
from emtheory.reports.decide.verdict import Finding, Link, decide
from emtheory.reports.language.expression import (
    AMPLITUDE,
    INFINITY,
    ORDERS,
    Call,
    Comparison,
    Expression,
    Number,
    Operation,
    Symbol,
    calls_of,
    difference_inside,
    formula_text,
    is_constant,
)
from emtheory.reports.language.parser import parse_expression

GUARD_BITS = 64
"""Beyond those of the digits asked for, against what the arithmetic of a statement loses. A loss of more is not hidden:
the enclosure is wider, and the statement is tried with more digits."""

Leaf = Callable[[Symbol | Call], Value]
"""What gives symbols and quantities their values; everything else follows from those."""

Values = Mapping[Call, Enclosure]
"""Quantities with what is known of them on one case."""

DIGITS_MAX = 120
"""Unless another limit is asked for: three doublings of the first digits. A choice: more digits tell apart sides that
are closer, and cost most where two sides are equal and nothing shows it."""
_FEW_DIGITS = 3
"""With which quantities are asked for first that are summed over grids, where each further digit is dear."""
FIRST_DIGITS = 15
"""A choice: about those of double precision, of which a statement with any room needs a few only."""
ZERO = exact_enclosure(rational(0), 1)
"""What a difference is compared with; the one digit has no part in that, as it is exact."""
_SHOWN = 60
"""Characters of a side in a reason, which names two of them: longer ones are cut."""


def evaluate_quantities(comparison: Comparison, case: Case, digits: int) -> Values:
    """Evaluate each quantity of a statement once, by the strongest route that gives `digits` significant digits.

    InputError or CannotAnswerError as `emtheory.numerics.evaluate.evaluate` does, with the column of the quantity.
    """
    values: dict[Call, Enclosure] = {}
    calls = calls_of(comparison)
    # Samples take longest by far, and are drawn in vain if another quantity has no value; nor is anything searched for
    # that is divided by 0.
    for effort in range(3):
        for call in (call for call in calls if _effort(call) == effort):
            try:
                values[call] = quantities.evaluate(call.quantity, case_of(call, case), arguments_of(call, case), digits)
            except (InputError, CannotAnswerError) as error:
                raise _located(error, call.column) from None
        with _precision(digits):
            for operand in comparison.operands if 0 < len(values) < len(calls) else ():
                _so_far(operand, case, values)
    return {call: values[call] for call in calls}


def evaluate_expression(expression: Expression, case: Case, digits: int, values: Values | None = None) -> Enclosure:
    """Evaluate an expression on a case, each quantity in it to `digits` significant digits.

    InputError if the expression has no value there (division by zero, log of a negative number, …); CannotAnswerError
    if a quantity cannot be computed, or its enclosure is too wide to tell whether there is a value.
    """
    with _precision(digits):
        value = combine(expression, lambda leaf: leaf_value(leaf, case, digits, values))
        if not isinstance(value, Interval):
            try:
                return exact_enclosure(value, digits)
            except CannotAnswerError:
                value = as_interval(value)
        return to_enclosure(value)


def combine(expression: Expression, leaf: Leaf) -> Value:
    """Evaluate an expression from the values that `leaf` gives to its symbols and quantities.

    Works at Arb's precision in force; raises as `evaluate_expression` does.
    """
    if isinstance(expression, Number):
        return rational(expression.value)
    try:
        if not isinstance(expression, Operation):
            return PI if expression == Symbol("pi") else leaf(expression)
        return apply(expression.name, [combine(operand, leaf) for operand in expression.operands])
    except (InputError, CannotAnswerError) as error:
        raise _located(error, expression.column) from None


def check_comparison(comparison: Comparison, case: Case) -> None:
    """Raise InputError for arguments outside their domains, a missing point, or constant parts without a value."""
    with arb_precision(GUARD_BITS):
        for operand in comparison.operands:
            _check(operand, case)


def has_more_digits(comparison: Comparison) -> bool:
    """Whether more digits than were asked for may say more: those of quantities that are all sampled say the same."""
    calls = calls_of(comparison)
    return not calls or any(not find_quantity(call.quantity).sampled for call in calls)


def case_of(call: Call, case: Case) -> Case:
    """Return the case that a quantity is asked about: without the point where it does not depend on one."""
    return case if find_quantity(call.quantity).needs_point else replace(case, radius=None, amplitudes=None)


def arguments_of(call: Call, case: Case) -> dict[str, Any]:
    """Return the exact arguments of a quantity on a case; InputError if one is neither rational nor infinite.

    A parameter of a model at which it is asked for may be any number that a formula gives.
    """
    values: dict[str, Any] = {}
    for name, expression in call.arguments:
        if (infinite := infinity(expression)) is not None:
            values[name] = infinite
            continue
        value = combine(expression, lambda leaf: leaf_value(leaf, case, 1))
        if isinstance(value, Algebraic) and value.value is not None:
            values[name] = value.value
        elif name.startswith(ELSEWHERE) and is_constant(expression):
            values[name] = real_number(formula_text(expression, dict(case.parameters)), f"{call.label}: {name}")
        else:
            raise InputError(f"the argument {name} of {call.label} is not a rational number")
    return values


def infinity(expression: Expression) -> float | None:
    """Return the infinity that an argument is, if it is one: inf or -inf."""
    if isinstance(expression, Operation) and expression.name == "neg":
        positive = infinity(expression.operands[0])
        return None if positive is None else -positive
    return math.inf if expression == Symbol(INFINITY) else None


def leaf_value(leaf: Symbol | Call, case: Case, digits: int, values: Values | None = None) -> Value:
    """Return the value of a symbol or quantity on a case.

    InputError or CannotAnswerError if there is none, or none that can be computed.
    """
    if isinstance(leaf, Symbol):
        value = _symbol(leaf.name, case)
        if isinstance(value, Constant):
            return combine(parse_expression(value.text), lambda inner: leaf_value(inner, case, digits))
        return rational(value)
    enclosure = (values or {}).get(leaf)
    if enclosure is None:
        enclosure = quantities.evaluate(leaf.quantity, case_of(leaf, case), arguments_of(leaf, case), digits)
    return from_enclosure(enclosure) if enclosure.exact is None else enclosure.exact


def _precision(digits: int) -> AbstractContextManager[None]:
    return arb_precision(math.ceil(digits * math.log2(10)) + GUARD_BITS)


def _effort(call: Call) -> int:
    """0 for what algebra gives, as it has no route by balls; 2 for what is sampled only."""
    routes = find_quantity(call.quantity).routes
    return 2 if set(routes) == {"float"} else 1 if "ball" in routes else 0


def _so_far(expression: Expression, case: Case, values: Values) -> Value | None:
    """Return the value if the quantities in it are known; InputError if it has none, whatever the others are."""
    if not isinstance(expression, Operation):
        known = not isinstance(expression, Call) or expression in values
        return combine(expression, lambda leaf: leaf_value(leaf, case, 1, values)) if known else None
    parts = [_so_far(operand, case, values) for operand in expression.operands]
    operands = [part for part in parts if part is not None]
    try:
        if len(operands) == len(parts):
            return apply(expression.name, operands)
        if expression.name == "/" and parts[1] is not None:
            apply("/", [rational(1), parts[1]])
    except InputError as error:
        raise _located(error, expression.column) from None
    except CannotAnswerError:
        return None  # Not known to be wrong at this precision; the evaluation proper will tell.
    return None


def _check(expression: Expression, case: Case) -> None:
    if is_constant(expression):
        try:
            combine(expression, lambda leaf: leaf_value(leaf, case, 1))
        except CannotAnswerError:
            return  # Not known to be wrong at this precision; the evaluation proper will tell.
    elif isinstance(expression, Operation):
        for operand in expression.operands:
            _check(operand, case)
    elif isinstance(expression, Call):
        quantity = find_quantity(expression.quantity)
        try:
            check_arguments(quantity, arguments_of(expression, case), case.k)
            if quantity.needs_point:
                check_point(quantity, case)
            check_family(quantity, case)
        except InputError as error:
            raise _located(error, expression.column) from None


def _symbol(name: str, case: Case) -> Real:
    named = dict(case.parameters)
    if name in named:
        return named[name]
    if case.family:
        raise InputError(f"{name} has no value: give it, or let for_all range over it")
    if name.startswith(AMPLITUDE):
        return (case.amplitudes or ())[int(name.removeprefix(AMPLITUDE)) - 1]
    if name != "radius":
        return Fraction(case.k if name == "k" else case.d)
    if case.radius is None:
        raise InputError("the statement uses radius, but the claim gives none")
    return case.radius


def _located(error: InputError | CannotAnswerError, column: int) -> InputError | CannotAnswerError:
    message = str(error)
    return error if message.startswith("column ") or not column else type(error)(f"column {column}: {message}")


def decide_at(
    comparison: Comparison,
    case: Case,
    digits_max: int = DIGITS_MAX,
    deadline: float | None = None,
    first: int = FIRST_DIGITS,
) -> Finding:
    """Decide a statement at one case, doubling the digits until it is decided or `digits_max` is reached.

    Where the quantities have fewer digits than were asked for at first, these must do. InputError if the statement has
    no value there.
    """
    on_grids = any(find_quantity(call.quantity).on_grid for call in calls_of(comparison))
    digits = min(_FEW_DIGITS if on_grids else first, digits_max)
    refinable = has_more_digits(comparison)
    while True:
        finding = decide_once(comparison, case, digits)
        settled = finding.holds is not None or digits >= digits_max or not refinable or _is_exact(finding)
        if settled or (deadline is not None and time.monotonic() > deadline):
            return finding if finding.links else _with_fewer_digits(comparison, case, finding, deadline)
        digits = min(2 * digits, digits_max)


def _with_fewer_digits(comparison: Comparison, case: Case, finding: Finding, deadline: float | None) -> Finding:
    """Decide with as many digits as there are, where all that were asked for first were too many."""
    digits = min(FIRST_DIGITS, finding.digits) // 2
    while digits and (deadline is None or time.monotonic() <= deadline):
        fewer = decide_once(comparison, case, digits)
        if fewer.links:
            return fewer
        digits //= 2
    return finding


def decide_once(comparison: Comparison, case: Case, digits: int) -> Finding:
    """Confront a statement with one case, every quantity to the same number of digits; raises as `decide_at`.

    Without links, and with the reason, if a quantity has no answer to so many digits.
    """
    try:
        values = evaluate_quantities(comparison, case, digits)
        return decide_from(comparison, case, digits, values)
    except CannotAnswerError as error:
        return Finding(case, comparison.texts, (), str(error), digits)


def _is_exact(finding: Finding) -> bool:
    sides = [side for link in finding.links for side in (link.left, link.right)]
    return bool(sides) and all(side.exact is not None for side in sides)


def decide_from(comparison: Comparison, case: Case, digits: int, values: Values) -> Finding:
    """Compare the sides of a statement, or a difference inside a minimum or maximum with 0, from known quantities.

    InputError if the statement has no value there; CannotAnswerError if the quantities are not known well enough to
    tell whether it has.
    """

    def enclose(expression: Expression) -> Enclosure:
        return evaluate_expression(expression, case, digits, values)

    sides = list(map(enclose, comparison.operands))
    links = []
    for index, operator in enumerate(comparison.operators):
        link = decide(operator, sides[index], sides[index + 1])
        inside = difference_inside(*comparison.operands[index : index + 2]) if operator in ORDERS else None
        if link.holds is None and inside is not None:
            sign = decide(operator, enclose(inside), ZERO)
            link = replace(link, holds=sign.holds, level=sign.level, distance=sign.distance)
        links.append(link)
    return Finding(case, comparison.texts, tuple(links), _why_open(comparison, links, digits), digits, values)


def _why_open(comparison: Comparison, links: Sequence[Link], digits: int) -> str:
    index = next((index for index, link in enumerate(links) if link.holds is None), None)
    if index is None:
        return ""
    left, right = (text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…" for text in comparison.texts[index : index + 2])
    if links[index].left.exact is not None and links[index].right.exact is not None:
        return f"{left} and {right} are known exactly, but too close for a zero test"
    if links[index].operator in ("==", "!="):
        return f"{left} and {right} agree to {digits} digits; numbers known by enclosures are never shown equal"
    return f"{left} and {right} are not told apart with {digits} digits"
