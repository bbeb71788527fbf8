"""One cell of a certificate: the statement is shown on it, and what is recorded must contain what is found."""

from collections import namedtuple
from contextlib import suppress
from itertools import pairwise, product

from flint import ctx, fmpq

from .expressions import NEGATED, comparison, sides_of
from .forms import constant
from .functions import apply
from .outcomes import GOALS, NOT_COVERED, REJECTED, UNDECIDED, MoreError, OutcomeError, require
from .proof import bits_for, decided, prove
from .quantities import QUANTITIES, SEARCHES, quantity
from .reading import INFINITY, number
from .searches import CURVES

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
    text, nodes, operators = comparison(statement)
    links = [Link(**each) for each in cell.comparisons]
    if not links:  # Assumptions exclude all of it.
        prove(case, ["never"], box, lambda _: [0, 0])
        return 0
    texts = [text[node.col_offset : node.end_col_offset] for node in nodes]
    shown = [*map(" ".join, zip(texts, operators, texts[1:], strict=False))]
    require([link.comparison for link in links] == shown, "comparisons: they are not those of the statement")
    recorded = [Quantity(**each) for each in cell.quantities]
    records = records_of_quantities(case, recorded)
    for link, pair in zip(links, pairwise(nodes), strict=True):
        records += records_of_link(link, sides_of(text, pair, quantity))
    # A link that says neither that a comparison holds nor that it fails says nothing.
    claimed = ({True: sign, False: NEGATED[sign], None: ""} for sign in operators)
    signs = [each[link.holds] for each, link in zip(claimed, links, strict=True)]
    values_at = sides_of(text, nodes, quantity)
    parts = by_ranges(case, signs, box, values_at) if cell.method == "algebra" and case.k else []
    parts = parts or prove(case, signs, box, values_at)
    # What algebra, or a search, decides exactly may be known here by balls only.
    is_exact = cell.method == "algebra" or any(each.quantity in SEARCHES and each.route == "exact" for each in recorded)
    parts = [(place, values) for place, values in parts if values is not None]
    for place, values in parts:
        for link, (left, right) in zip(links, pairwise(values), strict=True):
            exactly = link.level != "proved" or place.is_closed(left - right)
            require(exactly, "level: one is not decided exactly", NOT_COVERED if is_exact else REJECTED)
        confirm(case.at(place.box, place.goal) if is_exact else place, records)
    return len(parts)


def by_ranges(case, signs, box, values_at):
    """Return the box as the only part, with the sides there, if ranges of all means decide; else nothing."""
    for case.ranged in (1, 2):
        with ctx.workprec(bits_for(GOALS[0])), suppress(MoreError, OutcomeError):
            place = case.at(box, GOALS[0])
            found = [(place, decided(place, signs, values_at))]
            case.ranged = 0
            return found
    case.ranged = 0
    return []


def records_of_quantities(case, recorded):
    """Return what a cell records of quantities, for `confirm`, and tell the case of those that are searched for."""
    records = []
    case.recorded = {}
    for each in recorded:
        name, _, names = each.quantity.removeprefix(case.prefix).removesuffix(")").partition("(")
        names = tuple(part.strip() for part in names.split(",") if part)
        given = {word: number(text) for word, text in each.arguments.items()}
        require((each.route, each.level) in RIGOROUS, "quantities: one is not rigorous")
        key = name, *(given.get(word, fmpq(0)) for word in QUANTITIES.get(name, (sorted(given),))[0])
        case.recorded[key] = number(each.lower), number(each.upper), each.at and number(each.at)
        require(name in case.quantities, f"the quantity {name}", NOT_COVERED)
        if name not in CURVES:
            records.append((of_record(name, names, given), each.lower, each.upper))
    return records


def of_record(name, names, given):
    """Return what gives a quantity at a place."""
    return lambda at: quantity(at, name, names, {word: at.form(x) for word, x in given.items()})


def records_of_link(link, sides):
    """Return what a cell records of a comparison, for `confirm`; the sides are what gives both forms at a place."""
    left, right = (lambda at, i=i: sides(at)[i] for i in (0, 1))
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
