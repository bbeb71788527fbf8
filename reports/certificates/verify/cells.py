"""One cell of a certificate: the statement is shown on it, and what is recorded must contain what is found."""

from collections import namedtuple
from contextlib import suppress
from itertools import pairwise, product

from flint import ctx, fmpq

from .expressions import ARGUMENTS, COMPARE, NEGATED, evaluate, parse
from .forms import constant
from .functions import apply
from .outcomes import GOALS, NOT_COVERED, REJECTED, UNDECIDED, MoreError, OutcomeError, require
from .proof import bits_for, decided, prove
from .quantities import SEARCHES, quantity
from .reading import INFINITY, number

Cell = namedtuple("Cell", "method point stretch window assumptions digits quantities comparisons")
Quantity = namedtuple("Quantity", "quantity arguments route level lower upper at")
Link = namedtuple("Link", "comparison holds level margin left right difference power")
Ends = namedtuple("Ends", "lower upper")

NEAR = fmpq(1, 10**30)
"""How far beyond an end that is recorded a value may be found: an end may be the value itself."""
RIGOROUS = ("exact", "exact"), ("ball", "certified")
"""Routes and levels of quantities that prove something."""


def check_cell(case, statement, cell, box):
    """Prove that on a box each comparison holds, or fails, as recorded; return into how many parts it was divided."""
    text, body = parse(statement)
    nodes, operators = [body.left, *body.comparators], [COMPARE[type(sign).__name__] for sign in body.ops]
    links = [Link(**each) for each in cell.comparisons]
    texts = [text[node.col_offset : node.end_col_offset] for node in nodes]
    shown = [*map(" ".join, zip(texts, operators, texts[1:], strict=False))]
    require([link.comparison for link in links] == shown, "comparisons: they are not those of the statement")
    recorded = [Quantity(**each) for each in cell.quantities]
    records = records_of_quantities(case, recorded)
    sides = [side_of(text, node) for node in nodes]
    for link, left, right in zip(links, sides, sides[1:], strict=False):
        records += records_of_link(link, left, right)
    signs = [claimed(operator, link.holds) for operator, link in zip(operators, links, strict=True)]

    def values_at(place):
        return [side(place) for side in sides]

    parts = by_ranges(case, signs, box, values_at) if cell.method == "algebra" and case.k else []
    parts = parts or prove(case, signs, box, values_at)
    # What algebra, or a search, decides exactly may be known here by balls only.
    is_exact = cell.method == "algebra" or any(each.quantity in SEARCHES and each.route == "exact" for each in recorded)
    for place, values in parts:
        for link, (left, right) in zip(links, pairwise(values), strict=True):
            exactly = link.level != "proved" or place.is_closed(left - right)
            require(exactly, "level: one is not decided exactly", NOT_COVERED if is_exact else REJECTED)
        confirm(case.at(place.box, place.goal) if is_exact else place, records)
    return len(parts)


def by_ranges(case, signs, box, values_at):
    """Return the box as the only part, with the sides there, if all that is known of means decides; else nothing."""
    case.ranged = True
    try:
        with ctx.workprec(bits_for(GOALS[0])):
            place = case.at(box, GOALS[0])
            return [(place, decided(place, signs, values_at))]
    except (MoreError, OutcomeError):
        return []
    finally:
        case.ranged = False


def side_of(text, node):
    """Return what gives a side of a statement at a place, which keeps it."""

    def side(at):
        if node.col_offset not in at.sides:
            at.sides[node.col_offset] = at.form(evaluate(at, text, node, quantity))
        return at.sides[node.col_offset]

    return side


def claimed(operator, holds):
    """Return the comparison that a link says holds; nothing if it does not say."""
    return {True: operator, False: NEGATED[operator], None: ""}[holds]


def records_of_quantities(case, recorded):
    """Return what a cell records of quantities, for `confirm`, and tell the case of those that a search has found."""
    records = []
    case.recorded = {}
    for each in recorded:
        name, names = named(each.quantity.removeprefix(case.prefix))
        given = {word: number(text) for word, text in each.arguments.items()}
        require((each.route, each.level) in RIGOROUS, "quantities: one is not rigorous")
        key = name, *(given.get(word, fmpq(0)) for word in ARGUMENTS.get(name, sorted(given)))
        case.recorded[key] = number(each.lower), number(each.upper), each.at and number(each.at)
        require(name in case.quantities, f"the quantity {name}", NOT_COVERED)
        if name not in SEARCHES:
            records.append((of_record(name, names, given), each.lower, each.upper))
    return records


def named(text):
    """Return a quantity and the parameters that it has in parentheses."""
    name, _, names = text.partition("(")
    return name, tuple(each.strip() for each in names.rstrip(")").split(",") if each)


def of_record(name, names, given):
    """Return what gives a quantity at a place."""
    return lambda at: quantity(at, name, names, {word: at.form(x) for word, x in given.items()})


def records_of_link(link, left, right):
    """Return what a cell records of a comparison, for `confirm`; both sides are what gives their forms at a place."""
    records = [(left, *Ends(**link.left)), (right, *Ends(**link.right))]
    if link.margin is not None:
        records.append((lambda at: apply(at, "abs", left(at) - right(at)), link.margin, "inf"))
    if link.difference is not None:
        divisor = (lambda at: at.radius**link.power) if link.power else (lambda _: 1)
        records.append((lambda at: (left(at) - right(at)) / divisor(at), *Ends(**link.difference)))
    return records


def confirm(place, records):
    """Show that what is recorded is true at the centre of a box, with as many digits as it takes.

    Records are what gives a form at a place, and the ends between which it is recorded.
    """
    first = GOALS.index(place.goal)
    # Far out means are known on the box, but may not be found at its centre.
    ways = [place.case.at] * (place.edge < 0) + [lambda _, goal: place.at_middle(goal)]
    for way, goal in [(None, place.goal), *product(ways, GOALS[first + 1 :])]:
        with ctx.workprec(bits_for(goal)), suppress(MoreError):
            at = place if way is None else way(place.box, goal)
            records = [(find, *ends) for find, *ends in records if not is_within(at, find(at), *ends)]
        if not records:
            return
    raise OutcomeError(UNDECIDED, "whether what is recorded is true to all of its digits")


def is_within(place, form, lower, upper):
    """Whether the value of a form at the centre is seen to be between recorded ends, of which one may be infinite.

    Of what a search has found, which is shown to be where it is recorded with some room, no more is asked than that it
    may be there. OutcomeError if it is not.
    """
    lower, upper, exact = number(lower), number(upper), constant(form)
    value = place.centre(form) if exact is None else exact
    is_outside = value < lower or (value > upper and upper < INFINITY)
    require(not is_outside, "comparisons or quantities: one is not what is recorded")
    is_inside = value >= lower - NEAR and (value <= upper + NEAR or upper == INFINITY)
    return is_inside or place.is_searched(form)
