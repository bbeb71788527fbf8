"""A statement at one case: its sides are enclosed ever more narrowly until it is decided."""

import time
from collections.abc import Sequence
from dataclasses import replace

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.decide.evaluation import Values, evaluate_expression, evaluate_quantities, has_more_digits
from emtheory.reports.decide.verdict import Finding, Link, decide
from emtheory.reports.language.expression import ORDERS, Comparison, Expression, calls_of, difference_inside

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
        return confront(comparison, case, digits, values)
    except CannotAnswerError as error:
        return Finding(case, comparison.texts, (), str(error), digits)


def _is_exact(finding: Finding) -> bool:
    sides = [side for link in finding.links for side in (link.left, link.right)]
    return bool(sides) and all(side.exact is not None for side in sides)


def confront(comparison: Comparison, case: Case, digits: int, values: Values) -> Finding:
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
