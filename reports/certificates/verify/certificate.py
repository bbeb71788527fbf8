"""A certificate: a claim, its cases, and cells that cover the domain of each, or the one that refutes it."""

import hashlib
from collections import namedtuple
from contextlib import suppress
from itertools import pairwise, product

from flint import ctx, fmpq

from .case import Case, domain_of
from .expressions import NEGATED, comparison, form_of, least, sides_of
from .forms import constant, used_in
from .models.model import Model
from .proof import bits_for, by_ranges, is_inside, prove, require_a_point
from .quantities import CURVES, QUANTITIES, SEARCHES, along_ray, quantity
from .reading import EXACT, GOALS, INFINITY, NOT_COVERED, REJECTED, UNDECIDED, MoreError, OutcomeError, number, require

Document = namedtuple(
    "Document", "format version claim verdict level margin as_expected cases derivations versions fingerprint"
)
Record = namedtuple("Record", "k d weights_sha256 radius amplitudes for_all assumptions cells")

KEYS = {"id", "statement", "k", "weights", "d", "radius", "amplitudes", "for_all", "expect", "assume"}
"""Of a claim on tied mixtures that is covered."""
MODEL_KEYS = {"id", "statement", "k", "weights", "for_all", "expect", "family", "values", "assume"}
"""Of one on a model."""
LEVELS = "observed", "supported", "certified", "proved"
WEAK = LEVELS[:2]
"""Levels of evidence that proves nothing."""


def check(found):
    """Check a certificate and return what was shown. Objects are made of records: none may have other keys."""
    found = Document(**found)
    claim, refuted = found.claim, found.verdict == "refuted"
    require(found.level not in WEAK, f"evidence of level {found.level}, which proves nothing", NOT_COVERED)
    require("derivation" not in found.claim, "derivations, which SymPy checks step by step", NOT_COVERED)
    keys = MODEL_KEYS if "family" in claim else KEYS
    require({"id"} <= set(claim) <= keys, "claim: it has other keys than the format")
    plain = "family" not in claim or (claim["k"], claim["weights"]) == ([], "uniform")
    require(plain, "claim: a model has no number of components or weights of its own")
    cases = [Record(**each) for each in found.cases]
    require_verdict(found, cases, refuted)
    parts = sum(check_case(claim, case, refuted) for case in cases if case.cells or not refuted)
    require(parts, "cases: assumptions exclude all of them")
    cells = sum(len(case.cells) for case in cases)
    return f"{counted(cells, 'cell')}, {counted(parts, 'part')}"


def counted(number_of, name):
    """Return a number of things in words."""
    return f"{number_of} {name}{'s' * (number_of != 1)}"


def require_verdict(found, cases, refuted):
    """Raise OutcomeError unless verdict, level and margin follow from the comparisons that are recorded."""
    links = [Link(**each) for case in cases for cell in case.cells for each in cell["comparisons"]]
    decisive = [link for link in links if link.holds is (not refuted)]
    # All must hold, and are as strong as the weakest; of those that fail the strongest counts.
    levels = [LEVELS.index(link.level) for link in decisive]
    level = LEVELS[max(levels) if refuted else min(levels)]
    verdict = "refuted" if refuted else level
    as_expected = refuted == (found.claim.get("expect") == "refuted")
    said = found.level, found.verdict, found.as_expected, [case.k for case in cases]
    sizes = [0] if "family" in found.claim else found.claim["k"]
    follows = said == (level, verdict, as_expected, sizes) and (refuted or decisive == links)
    require(follows, "verdict: it, level, k or as_expected does not follow")
    least_margin = found.margin is None or number(found.margin) <= min(number(link.margin) for link in decisive)
    require(least_margin, "margin: it is not the least of the comparisons")


def check_case(claim, record, refuted):
    """Check the case and the cells of one k, and prove each; return into how many parts they were divided."""
    case = Model(claim) if "family" in claim else Case(claim, record.k)
    case.refuted = refuted
    cells, spans = [Cell(**each) for each in record.cells], domain_of(claim, case)
    case.whole = spans
    statement, curve = claim["statement"], None
    if isinstance(case, Case) and "radius" in record.for_all and "radius" not in spans:
        # A statement about a curve, which cells say of each radius in other words: both are shown.
        curve, order, last = along_ray(case, statement)
        require(not refuted and not case.directions, "rays on which statements fail, or off the simplex", NOT_COVERED)
        spans["radius"], statement = (last * 0, last), cells[0].comparisons[0]["comparison"]
        case.open |= {("radius", 0)} if "pl_constant" in claim["statement"] else set()
    require_case(claim, case, spans, record)
    if not cells:  # Assumptions exclude all of this k.
        prove(case, ["never"], spans, lambda _: [0, 0])
        return 0
    boxes = [box_of(cell, spans) for cell in cells]
    if case.assumed and not refuted:
        require_a_point(case, spans)
    if isinstance(case, Model):  # A witness is in an interval without an end, of which no more is asked.
        endless = {name for name, ends in spans.items() if INFINITY in ends or -INFINITY in ends}
        for box in boxes if endless else [spans]:
            require_laws(case, spans | {name: box[name] for name in endless})
    else:
        weights = {name: ends for name, ends in spans.items() if name in case.variables or case.assumed}
        signs = [">", ""] * len(case.groups)
        prove(case, signs[:-1], weights, lambda at: [x for text in case.groups for x in (form_of(at, text), 0)])
        prove(case, ["=="], weights, lambda at: [sum(weight * len(members) for weight, members in at.classes()), 1])
    covered = len(boxes) == 1 if refuted or not spans else is_cover(boxes, spans)
    require(covered, "cells: a gap, or more than one point")
    inside = not refuted or all(spans[name][side] not in box[name] for box in boxes for name, side in case.open)
    inside = inside and all(is_inside(case, box) for box in boxes if refuted)
    require(inside, "cells: a witness that the assumptions exclude")
    for box in boxes if curve else ():
        prove(case, order, box, curve)
    return sum(check_cell(case, statement, cell, box) for cell, box in zip(cells, boxes, strict=True))


def require_laws(case, spans):
    """Prove that the components of the data and of the fit are laws with weights, of which those of data may be 0.

    Of a parameter without a value nothing is shown here: quantities that give it values see to that.
    """
    for name, sign in (("fit", ">"), ("data", ">=")):

        def parts(at, i, name=name):
            return [at.brought(one[i]) for one in at.scheme.mixture(name)]

        def known(at, i, parts=parts):
            return least(at, [at.form(1), *(each for each in parts(at, i) if not used_in(each) & at.scheme.unvalued)])

        prove(case, [sign], spans, lambda at: [known(at, 0), 0])
        prove(case, [">"], spans, lambda at: [known(at, 2), 0])
        prove(case, ["=="], spans, lambda at: [sum(parts(at, 0), at.form(0)), 1])


def require_case(claim, case, spans, record):
    """Raise OutcomeError unless what is recorded of a case is the claim's."""
    weights = []
    if "family" not in claim:
        middle = {name: (sum(ends) / 2,) * 2 for name, ends in spans.items() if name in case.variables}
        weights = case.at(middle, GOALS[0]).in_order()
    digest = hashlib.sha256(",".join(map(str, weights)).encode()).hexdigest()
    values = {name: str(x) for name, x in case.fixed.items()}
    point = values.pop("radius", None), list(values.values()) or None
    texts = {
        name: "[("[(name, 0) in case.open] + f"{low}, " + ("inf)" if high == INFINITY else str(high) + "])"[over])
        for name, (low, high) in spans.items()
        for over in [(name, 1) in case.open]
    }
    closed = [str(each).replace("(", "[").replace(")", "]") for each in (record.for_all, texts)]
    same = record.for_all == texts or closed[0] != closed[1] or "family" not in claim
    require(same, "domains without an end", NOT_COVERED)
    if case.assumed:  # Which weights stand for all is not said.
        digest = record.weights_sha256
    ours = case.k, case.d, digest, *point, texts
    require(len(weights) == case.k and record[:6] == ours, f"cases: that of k = {case.k} is not the claim's")


def box_of(cell, spans):
    """Return the closed box of a cell within the intervals of the variables, of `algebra` all of these, or a point."""
    if cell.method == "algebra" and cell.point is None:
        return spans
    is_rational = cell.method != "algebra" or all(map(EXACT.fullmatch, cell.point.values()))
    require(is_rational, "witnesses with irrational coordinates", NOT_COVERED)
    ends = {name: (x, x) for name, x in cell.point.items()} if cell.method in ("point", "algebra") else cell.stretch
    if isinstance(ends, list):
        ends = dict.fromkeys(spans, ends)
    box = {name: tuple(map(number, each)) for name, each in ends.items()}
    inside = all(spans[name][0] <= low <= high <= spans[name][1] for name, (low, high) in box.items())
    require(inside and len(box) == len(spans), "cells: one does not say where in the domain it is")
    return box


def is_cover(boxes, whole):
    """Whether closed boxes within a domain leave out nothing of a part of it, which is cut along their faces."""

    def reaches_into(box):
        return all(low == high or (box[name][0] < high and low < box[name][1]) for name, (low, high) in whole.items())

    near = [box for box in boxes if reaches_into(box)]
    faces = [
        (name, end) for box in near for name, (low, high) in whole.items() for end in box[name] if low < end < high
    ]
    if not faces:  # Then each of them contains all of it.
        return bool(near)
    name, cut = faces[len(faces) // 2]
    low, high = whole[name]
    return all(is_cover(near, whole | {name: half}) for half in ((low, cut), (cut, high)))


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
        records += records_of_link(link, [sides_of(text, [node], quantity) for node in pair])
    # A link that says neither that a comparison holds nor that it fails says nothing.
    claimed = ({True: sign, False: NEGATED[sign], None: ""} for sign in operators)
    signs = [each[link.holds] for each, link in zip(claimed, links, strict=True)]
    values_at = sides_of(text, nodes, quantity)
    parts = by_ranges(case, signs, box, values_at) if cell.method == "algebra" and case.k else []
    case.ranged = 0
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


def records_of_quantities(case, recorded):
    """Return what a cell records of quantities, for `confirm`, and tell the case of those that are searched for."""
    records, case.recorded = [], {}
    for each in recorded:
        name, _, names = each.quantity.removeprefix(case.prefix).removesuffix(")").partition("(")
        names = tuple(part.strip() for part in names.split(",") if part)
        given = {word.removeprefix("at "): number(text) for word, text in each.arguments.items()}
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
    """Return what a cell records of a comparison, for `confirm`; each side is what gives a list of one form."""
    left, right = (lambda at, side=side: side(at)[0] for side in sides)
    records: list[tuple] = [(left, *Ends(**link.left)), (right, *Ends(**link.right))]
    if link.margin is not None and number(link.margin) > 0:
        records.append((lambda at: at.function("abs", left(at) - right(at)), link.margin, "inf"))
    if link.difference is not None:
        divisor = (lambda at: at.radius**link.power) if link.power else (lambda _: 1)
        records.append((lambda at: (left(at) - right(at)) / divisor(at), *Ends(**link.difference)))
    return records


def confirm(place, records):
    """Show that what is recorded is true at the centre of a box, with as many digits as it takes.

    Records are what gives a form at a place, and the ends between which it is recorded.
    """
    records = [each for each in records if (number(each[1]), number(each[2])) != (-INFINITY, INFINITY)]
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
