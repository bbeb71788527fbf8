"""How far EM's map on a sample may be from the population's, on an interval of its only parameter (T29).

M = E[n]/E[d] with n = Σ_j γ_j n_j(x), d alike. What is at most a polynomial in |x| is said by that polynomial.
"""

from functools import cache, reduce
from itertools import combinations, pairwise, zip_longest

from flint import arb, arb_poly, fmpq

from ..balls import QUARTER
from ..forms import constant
from ..proof import is_positive
from ..reading import NOT_COVERED, require
from .roots import by_component, with_variables
from .steps import model_form

CELLS, FINEST, ORDERS = 64, 30, (4, 8, 16)
"""Cells of the interval; grids of 2^0, 2^1, … points in each; and the moments by which what is large is cut off."""
MEAN, CUT, STEEP = fmpq(3, 4), fmpq(1, 8), fmpq(1, 16)
"""Parts of a probability: deviations on the grid, what is cut off, and each of the two for slopes."""


def sample_deviation(box, *given):
    """Return what |M_n − M| is at most on the interval, but with the probability given."""
    low, high, n, delta = ends = list(map(constant, given))
    require(None not in ends and not box.free, "deviations where something varies", NOT_COVERED)
    good = low < high and n.q == 1 and n > 0 and delta > 0 and delta < 1 and len(box.scheme.estimate) == 1
    require(good, "claim: sample_deviation has other arguments")
    (p,), half, key = box.scheme.estimate, (high - low) / (2 * CELLS), ("deviation", *map(str, ends))
    if key in box.names:
        return box.names[key]
    walls = [low + 2 * half * i for i in range(CELLS + 1)]
    middles = [at_value(box, x + half) for x in walls[:-1]]
    scheme, first = middles[0].scheme, middles[:1]
    model_form(scheme, "em_map", (p,))
    top, bottom = scheme.known["quotient", p]
    means = [scheme.expect(each) for each in (top, bottom, top * top, top * bottom, bottom * bottom)]

    @cache
    def root(e, q):
        return value(middles[0], scheme.moment(q * e)).root(q)

    def norm(majorant, q):
        return sum((c * root(e, q) for e, c in enumerate(majorant)), arb(0))

    slopes = steepness(box, walls) * QUARTER
    (size, steep), (size_d, steep_d) = (
        (majorant(first, rows), majorant(first, rows, apart=True) * slopes)
        for rows in (by_component(scheme, side) for side in (top, bottom))
    )
    found = [[value(at, each) for each in means] for at in middles]
    floors = [abs(d) - half * norm(steep_d, 2) for _, d, *_ in found]
    floor = reduce(arb.min, floors)
    known = is_positive(floor)
    require(known, "intervals on which the denominator of EM's map may vanish", NOT_COVERED)
    image = reduce(arb.max, ((abs(each[0]) + half * norm(steep, 2)) / x for each, x in zip(found, floors, strict=True)))
    turning = (norm(steep, 2) + image * norm(steep_d, 2)) / floor
    variances = zip(*((nn - 2 * m / d * md + (m / d) ** 2 * dd, dd - d * d) for m, d, nn, md, dd in found), strict=True)
    spread, spread_d = (reduce(arb.max, each, arb(0)).sqrt() for each in variances)
    is_random = size_d.degree() > 0 or steep_d.degree() >= 0
    share = delta * (MEAN if is_random else 1)
    error = uniform(norm, n, half, share, spread, size + image * size_d, steep + image * steep_d + turning * size_d)
    if is_random:
        floor -= uniform(norm, n, half, delta - share, spread_d, size_d, steep_d)
        require(is_positive(floor), "so few points that the denominator of EM's map may vanish", NOT_COVERED)
    return box.generator(key, error / floor)


def at_value(box, low, high=None):
    """Return the box where the parameter has a value, or is between two."""
    return with_variables(box, {box.scheme.estimate[0]: (low, low if high is None else high)})


def value(at, form):
    """Return a ball around a form of a scheme."""
    return at.range(at.brought(at.scheme.actual(form)))


def majorant(places, rows, *, apart=False):
    """Return the polynomial of the largest moduli of coefficients of some, or of their differences, at all places."""
    columns = list(zip_longest(*rows, fillvalue=places[0].scheme.form(0)))
    if apart:
        columns = [tuple(a - b for a, b in combinations(column, 2)) for column in columns]
    return arb_poly(
        [reduce(arb.max, (abs(value(at, c)) for c in column for at in places), arb(0)) for column in columns]
    )


def steepness(box, walls):
    """Return the majorant of all ∂(l_i − l_j): coefficients are largest at the walls, as they rise or fall between."""
    places, cells = [at_value(box, x) for x in walls], [at_value(box, *ends) for ends in pairwise(walls)]
    scheme, (p,) = places[0].scheme, box.scheme.estimate
    moving = cells[0].scheme
    rows = {at: [at.in_x(each) for each in at.slopes_of_logs(p)] for at in (scheme, moving)}
    found = majorant(places, rows[scheme], apart=True)
    for e, column in enumerate(zip_longest(*rows[moving], fillvalue=moving.form(0))):
        for gap in (a - b for a, b in combinations(column, 2)):
            changes = ((at, value(at, moving.derivative(gap, p))) for at in cells)
            turning = [value(at, gap) for at, change in changes if not (change >= 0 or change <= 0)]
            require(all(abs(each) <= found[e] for each in turning), "slopes of log-ratios that turn", NOT_COVERED)
    return found


def uniform(norm, n, half, share, spread, size, steep):
    """Return what means of f over the sample are off by: |f| ≤ size, |∂f| ≤ steep, spread at centres."""

    def cut_off(majorant, part):
        return reduce(arb.min, ((n / arb(part * share)).root(q) * norm(majorant, q) for q in ORDERS))

    def bernstein(variance, largest, count):
        level = arb(count / share).log()
        third = largest * level / 3
        return (third + (third**2 + 2 * n * variance * level).sqrt()) / n

    cut, outside, second, points = cut_off(size, CUT), CUT * share / n, norm(size, 2), [(2 / MEAN, arb(0))]
    if steep.degree() >= 0:
        slope = norm(steep, 2)
        spread += half * slope
        between = half * (2 * slope + bernstein(slope**2, cut_off(steep, STEEP), 1 / STEEP))
        points = [(2 * CELLS * 2**i / MEAN, between / 2**i) for i in range(FINEST)]
    variance = spread**2 + second**2 * outside
    return reduce(arb.min, (bernstein(variance, cut + second, m) + gap for m, gap in points)) + outside * cut
