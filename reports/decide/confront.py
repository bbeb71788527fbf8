"""A statement confronted with what is known of its quantities at one case."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.reports.decide.evaluation import Values, evaluate_expression
from emtheory.reports.decide.verdict import Finding, Link, decide
from emtheory.reports.language.expression import ORDERS, Comparison, Expression, difference_inside

ZERO = exact_enclosure(rational(0), 1)
"""What a difference is compared with; the one digit has no part in that, as it is exact."""

_SHOWN = 60
"""Characters of a side in a reason, which names two of them: longer ones are cut."""


def confront(comparison: Comparison, case: Case, digits: int, values: Values) -> Finding:
    """Compare the sides of a statement.

    InputError if the statement has no value there; CannotAnswerError if the quantities are not known well enough to
    tell whether it has.
    """
    links = decide_links(comparison, lambda expression: evaluate_expression(expression, case, digits, values))
    return Finding(case, comparison.texts, links, _why_open(comparison, links, digits), digits, values)


def decide_links(comparison: Comparison, enclose: Callable[[Expression], Enclosure]) -> tuple[Link, ...]:
    """Decide the links of a chain from enclosures of its sides, or of differences inside a minimum or maximum.

    An equality is left to the sides.
    """
    sides = list(map(enclose, comparison.operands))
    links = []
    for index, operator in enumerate(comparison.operators):
        link = decide(operator, sides[index], sides[index + 1])
        inside = difference_inside(*comparison.operands[index : index + 2]) if operator in ORDERS else None
        if link.holds is None and inside is not None:
            sign = decide(operator, enclose(inside), ZERO)
            link = replace(link, holds=sign.holds, level=sign.level, distance=sign.distance)
        links.append(link)
    return tuple(links)


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
