"""A statement shown on a box, which is halved, or known to more digits, until it is decided."""

from collections import deque
from contextlib import suppress
from itertools import pairwise

from flint import arb, ctx, fmpq

from .balls import HALF, ONE, QUARTER
from .expressions import HOLDS
from .reading import GOALS, INFINITY, MAX_PARTS, REJECTED, UNDECIDED, MoreError, OutcomeError, require

NARROW = 14
"""Halvings of a variable after which digits are added instead."""
MAX_POINTS = 5000
"""Tried for one at which all assumptions hold."""


def bits_for(goal):
    """Return the precision for a goal."""
    return goal * 2 + 100


def prove(case, operators, box, sides, goals=GOALS):
    """Show that a statement holds on a box; return the parts into which it was divided, with the sides on each.

    Sides are given by what leads from a place to them; operators compare each with the next one, and an empty one says
    nothing. Where assumptions exclude a part there is None in place of the sides. OutcomeError if the statement fails
    somewhere, or is not decided.
    """
    waiting, done, count = [(box, 0, True)], [], 0
    while waiting:
        (part, level, near), count = waiting.pop(), count + 1
        low, high = part.get(case.small, (ONE, ONE))
        near &= low < high <= QUARTER
        few = count < MAX_PARTS and level < len(goals)
        require(few, "what is not decided with the parts or digits taken here", UNDECIDED)
        try:
            with ctx.workprec(bits_for(goals[level])):
                done.append(tried(case, part, goals[level], near, operators, sides))
        except MoreError as more:
            waiting += divided(part, more.variable, level, box, near and low > 0 and case.tried_once)
        except OutcomeError as error:
            if error.outcome == REJECTED or not near or low == 0:
                raise
            waiting.append((part, level, False))
    return done


def by_ranges(case, operators, box, sides):
    """Return a box, of all radii in two parts, with the sides there, if the ranges of means decide; or nothing."""
    halves = [box | {"radius": ends} for ends in ((fmpq(0), ONE), (ONE, INFINITY))]
    boxes = halves if box.get("radius") == (0, INFINITY) else [box]
    for case.ranged in (1, 2):
        with ctx.workprec(bits_for(GOALS[0])), suppress(MoreError, OutcomeError):
            return [(place, decided(place, operators, sides)) for place in (case.at(each, GOALS[0]) for each in boxes)]
    return []


def tried(case, part, goal, near, operators, sides):
    """Return a place, and the sides of a statement that holds there, with as many exact terms as it takes."""
    for terms in case.terms:
        place = case.at(part, goal, near=near, terms=terms)
        try:
            found = decided(place, operators, sides)
        except MoreError:
            if terms == case.terms[-1] or not place.edge:
                raise
            continue
        case.terms = terms, *(each for each in case.terms if each != terms)  # It is likely to be right again.
        return place, found
    return None


def assumed(place):
    """Yield what is assumed of a place: forms, and the signs that they have all over the domain."""
    case = place.case
    for sides, operators in case.assumed:
        for (left, right), operator in zip(pairwise(sides(place)), operators, strict=True):
            yield left - right, HOLDS[operator]
    for name, side in case.open:  # That the radius is not 0 a place knows by itself.
        if name in place.box and name != case.small:
            yield place.names[name] - case.whole[name][side], {1 - 2 * side}


def seen(place, known):
    """Whether forms have their signs on a box: False if one has them nowhere there, else the first that may not.

    Forms are given with the signs that are assumed of them.
    """
    unclear = True
    for form, held in known:
        signs = place.signs(form)
        if not signs & held:
            return False
        unclear = form if unclear is True and not signs <= held else unclear
    return unclear


def decided(place, operators, sides):
    """Return the sides of a statement that holds on a box, or None if nothing there is assumed.

    MoreError if neither is seen.
    """
    known, more = [], None
    try:
        known += assumed(place)
    except MoreError as error:  # Where they have no value that is known nothing is assumed, which may do.
        more = error
    unclear = seen(place, known)
    if unclear is False:
        return None
    values = sides(place)
    for (left, right), operator in zip(pairwise(values), operators, strict=True):
        difference = place.form(left) - right
        signs = place.signs(difference)
        for form, held in known if not signs <= HOLDS[operator] else ():  # It may be what is assumed.
            if factor := multiple(difference, form):
                signs &= held if factor > 0 else {-sign for sign in held}
        where = [f"{name} = {float(arb(start)):.9g}" for name, (start, _) in place.box.items()]
        if (more or unclear is not True) and not signs & HOLDS[operator]:
            raise more or MoreError(place.widest(unclear))
        require(signs & HOLDS[operator], f"the statement fails near {where}")
        if not signs <= HOLDS[operator]:
            raise more or MoreError(place.widest(difference))
    return values


def multiple(form, other):
    """Return the rational number that a form is times another one, or None."""
    left, right = form.top * other.bottom, other.top * form.bottom
    factor = None if right.is_zero() else left.leading_coefficient() / right.leading_coefficient()
    return factor if factor is not None and left == right * factor else None


def looked_at(case, box, goal=GOALS[0]):
    """Return whether what is assumed holds on a box, or the variable that matters most where that is not seen."""
    try:
        with ctx.workprec(bits_for(goal)):
            place = case.at(box, goal)
            found = seen(place, assumed(place))
            return found if isinstance(found, bool) else place.widest(found)
    except MoreError as more:
        return more.variable


def is_inside(case, box):
    """Whether a witness, a box that is a point, has all that is assumed: its values tell, and nothing that is known."""
    found = (looked_at(case, box, goal) for goal in GOALS)
    inside = next((each for each in found if isinstance(each, bool)), None)
    require(inside is not None, "whether a witness has all that is assumed", UNDECIDED)
    return inside


def require_a_point(case, box):
    """Raise OutcomeError unless what is assumed is seen to hold at a point of a box: the middle of one of its parts."""
    waiting = deque([box])
    for _ in range(MAX_POINTS):
        require(waiting, "assumptions: they hold nowhere")
        part = waiting.popleft()
        cuts = {name: (low + high) / 2 if high < INFINITY else 2 * low + 1 for name, (low, high) in part.items()}
        if looked_at(case, {name: (cut, cut) for name, cut in cuts.items()}) is True:
            return
        sizes = {name: (cuts[name] - low) / max(ONE, low) for name, (low, high) in part.items() if low < high}
        if (found := looked_at(case, part)) is not False and sizes:
            name = found if found in sizes else max(sizes, key=sizes.__getitem__)
            halves = (part[name][0], cuts[name]), (cuts[name], part[name][1])
            waiting += [part | {name: half} for half in halves]
    raise OutcomeError(UNDECIDED, "whether what is assumed holds anywhere")


def divided(part, variable, level, box, is_near):
    """Return what is to be tried in place of a part: boxes, levels of digits, and whether radii are near 0.

    Parts are narrow in proportion to the whole box. `is_near` is the variable that is small there, if the part was
    looked at with expansions where that is 0, without reaching there.
    """
    start, end = part.get(variable, (ONE, ONE))
    narrow = (end - start) / min(box[variable][1] - box[variable][0], ONE) if start < end else 0
    if is_near and (variable == is_near or narrow < HALF**3):
        return [(part, level, False)]
    if narrow <= HALF**NARROW:
        return [(part, level + 1, True)]
    middle = (start + end) / 2 if end < INFINITY else 3 * start / 2 + 1
    return [(part | {variable: half}, level, True) for half in ((start, middle), (middle, end))]


def is_positive(x):
    """Whether a ball is positive; more digits are asked for where it does not tell."""
    if not (x > 0 or x < 0):
        raise MoreError(None)
    return x > 0
