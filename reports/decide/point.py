"""A statement at one case: its sides are enclosed ever more narrowly until it is decided."""

import time

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.decide.confront import confront
from emtheory.reports.decide.evaluation import calls_of, evaluate_quantities, has_more_digits
from emtheory.reports.decide.verdict import Finding
from emtheory.reports.language.expression import Comparison

DIGITS_MAX = 120
"""Unless another limit is asked for: three doublings of the first digits. A choice: more digits tell apart sides that
are closer, and cost most where two sides are equal and nothing shows it."""
_FEW_DIGITS = 3
"""With which quantities are asked for first that are summed over grids, where each further digit is dear."""
FIRST_DIGITS = 15
"""A choice: about those of double precision, of which a statement with any room needs a few only."""


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
