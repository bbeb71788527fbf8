"""Fixed points of EM and stationary points of a model: how many there are, and where."""

from itertools import zip_longest

from flint import arb, arb_mat, fmpq

from ..balls import is_positive_definite
from ..forms import constant
from ..reading import INFINITY, NOT_COVERED, UNDECIDED, MoreError, require
from .expansion import truths, value
from .steps import model_form

SMALLEST = fmpq(1, 2**16)
"""Width of an interval of p below which other parameters are halved instead: a choice."""
NEWTON = 8
"""Steps that look for a stationary point: a choice."""
PREFIX = "at "
"""Of the name of the variable that a parameter is made."""


def with_variables(box, ends):
    """Return a box where parameters are variables of their own, which have these ends."""
    names = {name: PREFIX + name for name in ends}
    scheme = box.scheme.changed(
        ("variables", *ends),
        lambda at: {name: at.names[new] for name, new in names.items()},
        more=tuple(names.values()),
    )
    return box.with_scheme(scheme, ends={names[name]: pair for name, pair in ends.items()}).lawful()


def fixed_point_count(box, low, high):
    """Return how many fixed points EM's map has between two numbers, for all other parameters of a box (T18).

    On parts of the interval where the map less its argument has no zero there is none. Others lie where its slope has
    one sign: there is one at most, which signs at both ends tell, or that one is known exactly.
    """
    require(len(box.scheme.estimate) == 1, "claim: fixed points of several parameters")
    require(low <= high, "claim: an interval is none")
    (p,) = box.scheme.estimate
    if -INFINITY in (low, high) or INFINITY in (low, high):
        bound = farthest(box, p)
        low, high = max(low, -bound), min(high, bound)
    known = [box.range(each) for each in truths(box.scheme, p, even=True)]
    origin = box.scheme.changed(("origin", p), lambda at: {p: at.form(0)})
    if value(box.with_scheme(origin), "em_map", (p,)).top.is_zero():
        known.append(arb(0))
    waiting, monotone = [(low, high)] if low <= high else [], []  # Beyond the bound there is none.
    while waiting:
        start, end = waiting.pop()
        at = with_variables(box, {p: (start, end)})
        if 0 not in at.signs(value(at, "em_map", (p,)) - at.names[p]):
            continue
        slope = at.signs(value(at, "em_jacobian", (p, p)) - 1)
        if len(slope) == 1 and 0 not in slope:
            monotone.append((start, end, slope))
            continue
        if end - start < SMALLEST:
            raise box.undecided()
        middle = (start + end) / 2
        waiting += [(start, middle), (middle, end)]
    return sum(has_root(box, p, start, end, known) for start, end, _ in joined(monotone))


def joined(pieces):
    """Return intervals, those that meet and have one sign of the slope as one."""
    found: list[tuple] = []
    for start, end, slope in sorted(pieces, key=lambda each: each[0]):
        if found and found[-1][1] == start and found[-1][2] == slope:
            start = found.pop()[0]
        found.append((start, end, slope))
    return found


def has_root(box, p, start, end, known):
    """Whether there is a fixed point in an interval on which there is at most one."""
    if any((root > start and root < end) or root in (start, end) for root in known):
        return True
    signs = []
    for each in (start, end):
        at = with_variables(box, {p: (each, each)})
        signs.append(at.signs(value(at, "em_map", (p,)) - at.names[p]))
    if any(len(each) > 1 for each in signs):
        raise box.undecided()
    return signs[0] != signs[1] or {0} in signs


def farthest(box, p):
    """Return a bound of all values of the map: E max_j |c_j(x)| for E Σ_j γ_j c_j(x), by Cauchy and Schwarz (T18)."""
    model_form(box.scheme, "em_map", (p,))
    scheme, total = box.scheme, arb(0)
    top, bottom = scheme.known["quotient", p]
    divisor = constant(scheme.expect(bottom))
    require(divisor, "fixed points of such maps up to infinity", NOT_COVERED)
    for i, column in enumerate(zip_longest(*by_component(scheme, top), fillvalue=scheme.form(0))):
        sizes = [abs(box.range(box.brought(scheme.actual(each)))).upper() for each in column]
        total += max(sizes, key=float) * box.range(box.brought(scheme.moment(2 * i))).sqrt() / abs(divisor)
    return ((total.upper() * 2**10).ceil().upper().fmpq() + 1) / 2**10


def by_component(scheme, integrand):
    """Return the coefficients of c_j(x), for each component, of an integrand Σ_j γ_j c_j(x)."""
    every = range(len(scheme.fit))
    return [scheme.in_x(scheme.with_posteriors(integrand, [scheme.form(i == j) for i in every])) for j in every]


# Stationary points


def stationary(box, within):
    """Return the ends of each parameter at the only stationary point within a distance, and whether it is a maximum.

    Newton's method proposes; Krawczyk's test shows that there is one, and no other (T19). It is a strict local maximum
    of E log p if the information is positive definite all over the narrow box.
    """
    require(not box.free, "stationary points on intervals", NOT_COVERED)
    names = box.scheme.estimate
    given = [constant(box.scheme.names[p]) for p in names]
    require(None not in given, "stationary points near irrational numbers", NOT_COVERED)
    seen = box.scheme.known.setdefault(("seen", within), [given, False])
    middle, close = seen[0], 2 ** (box.goal // 2 + 14)
    centre = system(box, [(x, x) for x in middle])
    for _ in range(NEWTON):
        steps = (centre[1] * centre[2]).entries()
        if all(abs(step).upper() * close < 1 for step in steps):
            break
        middle = [rounded(x + step) for x, step in zip(middle, steps, strict=True)]
        centre = system(box, [(x, x) for x in middle])
    seen[0] = middle
    if not seen[1]:
        krawczyk(box, [(x - within, x + within) for x in given], middle, centre)
        seen[1] = True
    size = fmpq(1, 2 ** (box.goal // 2 + 12))
    narrow, information = krawczyk(box, [(x - size, x + size) for x in middle], middle, centre)
    if not all(x - within <= low and high <= x + within for x, (low, high) in zip(given, narrow, strict=True)):
        raise MoreError(None)
    is_maximum = is_positive_definite(information) or is_positive_definite(system(box, narrow)[0])
    return dict(zip(names, narrow, strict=True)), is_maximum


def system(box, ends):
    """Return the observed information on a box, about its inverse at the centre, and the score there."""
    names = box.scheme.estimate
    at = with_variables(box, dict(zip(names, ends, strict=True)))
    rows = [[at.jet(model_form(at.scheme, "observed_information", (p, q))) for q in names] for p in names]
    score = [[at.centre(model_form(at.scheme, "score", (p,)))] for p in names]
    information, centre = (arb_mat([[jet[i] for jet in row] for row in rows]) for i in (1, 0))
    try:
        return information, centre.mid().inv(), arb_mat(score)
    except ZeroDivisionError:
        raise MoreError(None) from None


def krawczyk(box, ends, middle, centre):
    """Return a box around the only zero of the score in a box (T19), and the information on all of the latter.

    `centre` is the system at a point of it, the middle.
    """
    (information, *_), (_, inverse, score) = system(box, ends), centre
    distances = arb_mat([[arb(low).union(arb(high)) - x] for (low, high), x in zip(ends, middle, strict=True)])
    count = len(ends)
    one = arb_mat([[arb(i == j) for j in range(count)] for i in range(count)])
    found = (inverse.mid() * score + (one - inverse.mid() * information) * distances).entries()
    images = [arb(x) + each for x, each in zip(middle, found, strict=True)]
    if not all(image > low and image < high for image, (low, high) in zip(images, ends, strict=True)):
        require(box.goal < 90, "a stationary point that is not seen to be the only one", UNDECIDED)
        raise MoreError(None)
    return [(image.lower().fmpq(), image.upper().fmpq()) for image in images], information


def rounded(x):
    """Return a rational number near a ball."""
    return fmpq((x.mid() * 2**80).floor().unique_fmpz(), 2**80)
