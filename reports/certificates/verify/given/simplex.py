"""Tied means θ, Rθ, R²θ, … on given data: fixed points of EM, and balls on which it contracts.

Within the span of the simplex, of s = k − 1 dimensions, log densities are log π_j + ⟨U_jᵀx, θ⟩ − ½‖θ‖² and what is the
same for all; beyond it EM goes to the mean at once. EM's derivative is the mean covariance of U_jᵀx under posteriors.
"""

from functools import reduce
from itertools import combinations, combinations_with_replacement, product

from flint import arb, arb_mat, ctx, fmpq

from ..balls import UNIT
from ..reading import UNDECIDED, number, require
from .families import doubles
from .files import within
from .fits import BITS, Fit, located, mean_factor, positive
from .jets import Jet, column, eigenvalues, ends, norm, scaled, size_of

POINT_KEYS = {"near", "lower", "upper", "alone_within", "slope", "basin", "log_likelihood"}
FARTHEST = 2
"""Where exponents may change by more, a point counts with the largest covariance that it can have: a choice."""
MOST = 10**6
"""Of a radius."""
MORE = 4, 64
"""Cells that may be looked at in place of each that is recorded, and besides: a choice."""


def check(found, rows):
    """Check the certificate of EM on these rows, and return what was shown."""
    require(set(found["case"]) == {"k", "weights", "d"}, "case: other keys than the format")
    with ctx.workprec(BITS):
        tied, points = Tied(found["case"], rows), found["fixed_points"]
        require(points or found["ball"], "nothing is said")
        fits = [check_fixed_point(each, Fit(tied.near(each["near"]))) for each in points]
        for one, other in combinations(fits, 2):
            told = any(x < y or x > y for x, y in zip(one.box, other.box, strict=True))
            require(told, "fixed_points: two may be one", UNDECIDED)
        cells = 0 if found["ball"] is None else check_ball(found["ball"], tied)
        if cells:
            radius = arb(number(found["ball"]["radius"]))
            require(fits and size_of([*fits[0].box, *tied.beyond]) <= radius, "ball: the first point is not in it")
    return f"{len(fits)} fixed point{'s' if len(fits) != 1 else ''}, {cells} cells, {len(rows)} observations"


class Tied:
    """The mixture with what the data are to it: in the span, turned back by each map of the orbit, and beyond it."""

    reg = 0

    def __init__(self, record, rows):
        self.k, self.d = record["k"], record["d"]
        weights = [number(each) for each in record["weights"]]
        proper = len(weights) == self.k >= 2 and all(w > 0 for w in weights) and sum(weights) == 1
        require(proper and self.d == len(rows[0]) >= self.k - 1, "case: no mixture for such data")
        self.weights, self.rows, s = weights, rows, self.k - 1
        means = [sum(map(arb, each), arb(0)) / len(rows) for each in zip(*rows, strict=True)]
        self.beyond = means[s:]
        span = arb_mat([[arb(x) for x in row[:s]] for row in rows]).transpose()
        self.turned = [turn(self.k, j) * span for j in range(self.k)]
        origin = [arb_mat([[x] for x in means[:s]])] * self.k
        self.origin_image = sum((turn(self.k, j) * x * weights[j] for j, x in enumerate(origin)), 0 * origin[0])
        self.parts = [
            [[arb(1), *row] for row in each]
            for each in zip(*(y.transpose().tolist() for y in self.turned), strict=True)
        ]

    def near(self, texts):
        """Return it with the place that it is described about."""
        require(len(texts) == self.k - 1, "fixed_points: a place of another dimension")
        self.centre = doubles(texts)
        require(all(x.is_finite() for x in self.centre), "fixed_points: a place is not finite")
        return self

    def coefficients(self, at):
        """Return log π_j − ½‖θ‖², and θ, for each component."""
        half = sum((x * x for x in at), Jet(0)) * arb(0.5)
        return [[-half + arb(weight).log(), *at] for weight in self.weights]

    def weighted(self, at, coefficients, means):
        """Return −½‖θ‖², as posteriors sum to 1, without what is linear: second derivatives are all that counts."""
        return sum((x * x for x in at), Jet(0)) * arb(-0.5)

    def base(self):
        """Return what the mean log density has beside the posteriors."""
        squares = sum((arb(x) ** 2 for row in self.rows for x in row), arb(0)) / len(self.rows)
        return (sum((x * x for x in self.beyond), arb(0)) - squares - self.d * (2 * arb.pi()).log()) / 2

    def largest(self, centre, halves, radius):
        """Return an upper bound of the norm of EM's derivative at centre + w, |w_a| ≤ halves_a and ‖w‖ ≤ radius (T28).

        It is at most S + T[w] + F[w, w] and what points far away leave, in the order of symmetric matrices.
        """
        s, n = self.k - 1, len(self.rows)
        pairs = list(combinations_with_replacement(range(s), 2))
        place = arb_mat([centre])
        logs = [(place * y).entries() for y in self.turned]
        raw = [[(x + arb(weight).log()).exp() for x in each] for weight, each in zip(self.weights, logs, strict=True)]
        totals = [sum(each, arb(0)) for each in zip(*raw, strict=True)]
        posteriors = [[x / y for x, y in zip(each, totals, strict=True)] for each in raw]
        turned = [y.tolist() for y in self.turned]
        middles = [
            [sum((p[i] * y[a][i] for p, y in zip(posteriors, turned, strict=True)), arb(0)) for i in range(n)]
            for a in range(s)
        ]
        apart = [[[x - c for x, c in zip(y[a], middles[a], strict=True)] for a in range(s)] for y in turned]
        moves = [[radius * size_of(column) for column in zip(*each, strict=True)] for each in apart]
        kept = [all(each[i] <= FARTHEST for each in moves) for i in range(n)]
        second, third, fourth = arb_mat(s, s), arb_mat(len(pairs), s), arb_mat(len(pairs), len(pairs))
        for own, deviations, move in zip(posteriors, apart, moves, strict=True):
            d = arb_mat(deviations)
            squares = arb_mat([[x * y for x, y in zip(deviations[a], deviations[b], strict=True)] for a, b in pairs])
            mass = [p * stays for p, stays in zip(own, kept, strict=True)]
            bent = [p / (2 - m * 2 / 3) if stays else arb(0) for p, m, stays in zip(own, move, kept, strict=True)]
            second += scaled(deviations, own) * d.transpose()
            third += scaled(squares.tolist(), mass) * d.transpose()
            fourth += scaled(squares.tolist(), bent) * squares.transpose()
        far = [[[row[i] for row in y] for y in turned] for i in range(n) if not kept[i]]
        pieces = [[size_of([a - b for a, b in zip(x, y, strict=True)]) for x in each for y in each] for each in far]
        escaped = sum((reduce(arb.max, each) ** 2 / 4 for each in pieces), arb(0))
        return moved(second / arb(n), third / arb(n), fourth / arb(n), halves, radius) + escaped / n


def moved(second, third, fourth, halves, radius):
    """Return the largest eigenvalue of S + T[w] + F[w, w], bounded, from its parts by pairs of coordinates."""
    s = second.nrows()
    pairs = list(combinations_with_replacement(range(s), 2))
    place = {pair: i for i, pair in enumerate(pairs)} | {pair[::-1]: i for i, pair in enumerate(pairs)}
    square = [[place[a, b] for b in range(s)] for a in range(s)]
    corners = [[sign * half for sign, half in zip(signs, halves, strict=True)] for signs in product((-1, 1), repeat=s)]

    def along(w):
        """Return the largest eigenvalue of S + T[w], bounded."""
        more = third * column(w)
        return ends(second + arb_mat([[more[i, 0] for i in row] for row in square]))[1]

    # Twice what stands off the diagonal, of a matrix of which pairs are one entry: so the norm is Euclid's.
    twice = [1 if a == b else arb(2).sqrt() for a, b in pairs]
    curved = arb_mat([[fourth[i, j] * x * y for j, y in enumerate(twice)] for i, x in enumerate(twice)])
    spread = arb_mat([[third[i, a] * x for a in range(s)] for i, x in enumerate(twice)])
    # Along w, or for all w at once.
    straight = (ends(second)[1] + radius * norm(spread)).min(reduce(arb.max, map(along, corners)))
    return (straight + radius**2 * ends(curved)[1]).upper()


def turn(k, j):
    """Return the inverse of the j-th turn in the span: of each plane, and of a line if k is even."""
    result = arb_mat(k - 1, k - 1)
    for first in range(0, k - 1, 2):
        angle = fmpq(j * (first + 2), k)
        cosine, sine = arb.cos_pi_fmpq(angle), arb.sin_pi_fmpq(angle)
        result[first, first] = cosine
        if first + 1 < k - 1:
            result[first + 1, first + 1], result[first, first + 1], result[first + 1, first] = cosine, sine, -sine
    return result


def check_fixed_point(record, fit):
    """Show a fixed point and what is recorded of it; return its fit, with the box that it is in."""
    require(set(record) == POINT_KEYS, "fixed_points: other keys")
    fit.box, inside = located(fit, positive(record["alone_within"], "alone_within", MOST))
    within("fixed_points", record["lower"], record["upper"], [*fit.box, *fit.family.beyond])
    likelihood, slope = record["log_likelihood"], record["slope"]
    require(set(likelihood) == set(slope) == {"lower", "upper"}, "fixed_points: other keys")
    within("log_likelihood", likelihood["lower"], likelihood["upper"], inside.log_likelihood + fit.family.base())
    within("slope", slope["lower"], slope["upper"], eigenvalues(inside.missing)[-1].real)
    if record["basin"] is not None:
        require(set(record["basin"]) == {"radius", "factor"}, "basin: other keys")
        tied, centre = fit.family, list(fit.centre)

        def factor_on(radius):
            reach = (radius + fit.error).upper()
            return tied.largest(centre, [reach] * len(centre), reach)

        mean_factor(factor_on, positive(record["basin"]["radius"], "basin", MOST), record["basin"]["factor"], "basin")
    return fit


def check_ball(record, tied):
    """Show that EM maps a ball into itself and contracts it by the factor; return on how many cells."""
    require(set(record) == {"radius", "contraction_factor", "origin_image", "cells"}, "ball: other keys")
    radius, factor, image = (arb(number(record[name])) for name in ("radius", "contraction_factor", "origin_image"))
    require(radius > 0 and factor < 1, "ball: it is none, or not contracted")
    require(size_of(tied.origin_image.entries()) <= image, "ball.origin_image: it does not follow")
    reach = (image + factor * radius) ** 2 + size_of(tied.beyond) ** 2
    require(reach <= radius**2, "ball: it is not mapped into itself")
    cells = set(record["cells"])
    begun, waiting, seen = {name[:i] for name in cells for i in range(len(name))}, [""], 0
    while waiting:
        name = waiting.pop()
        require(seen <= MORE[0] * len(cells) + MORE[1], "ball: that EM contracts it is not shown", UNDECIDED)
        centre, halves = cell(name, radius, tied.k - 1)
        nearest = [(abs(x) - half).max(arb(0)) for x, half in zip(centre, halves, strict=True)]
        if sum((x * x for x in nearest), arb(0)) > radius**2:
            continue
        covered = any(name[:i] in cells for i in range(len(name) + 1))
        require(covered or name in begun, "ball.cells: they leave out a part of it")
        seen += covered
        if not (covered and tied.largest(centre, halves, size_of(halves) if name else radius) <= factor):
            waiting += [f"{name}0", f"{name}1"]
    return seen


def cell(name, radius, s):
    """Return centre and half-widths of what is left of the cube around a ball after these halvings, in turn."""
    centre, halves = [arb(0)] * s, [radius * (1 + arb(2) ** -40)] * s
    for index, half in enumerate(name):
        halves[index % s] /= 2
        centre[index % s] += halves[index % s] * (1 if half == "1" else -1)
    return [x.mid() for x in centre], [(x + UNIT * arb(2) ** -200).upper() for x in halves]
