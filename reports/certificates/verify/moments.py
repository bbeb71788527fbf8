"""Exponential moments of EM's steps from one point, in up to three dimensions, and the rates that follow (T13)."""

import math
import operator
from functools import cache, lru_cache
from itertools import product

from flint import arb, arb_poly, fmpq

from .reading import UNDECIDED, require

LONGEST = 1.5, 1.0, 0.5
"""The largest ‖h‖."""
PARTS = 4
"""Of the latitudes on either side of three dimensions, each with a grid of its own."""
MOST_NODES = 2**17
"""Of a grid."""
SUMMED, NODE, ROOM = 2.0**-53, 2.0**-46, 2.0**-35
"""What a sum of doubles loses with each term, values at nodes, and more than what rounding moves a coordinate by."""


class Grid:
    """Nodes of the trapezoidal rule in up to three directions, for points in a part of the latitudes.

    Of strips and steps any choice will do: the error that is added is that of what is chosen, about e^(−goal). Numbers
    at nodes are doubles. For |y| ≤ c < m + 1 e^y is at most its Taylor polynomial of order m with
    y^m/m!/(1 − c/(m + 1)) as last term, m even.
    """

    def __init__(self, weights, outer, far, part, goal, order):
        self.weights, self.order, d = weights, order, len(weights) - 1
        south, north = (far * arb.sin_pi_fmpq(fmpq(n, 2 * PARTS)) * (1 + ROOM) for n in (PARTS - part, part + 1))
        self.farthest = [south] * min(d, 2) + [north] * (d - 2)
        size = self.size = min(1.2 * float(outer), LONGEST[d - 1]) * (0.6 if order == 2 else 1)
        reach = size + math.sqrt(size**2 + 2 * goal + 4 * d)
        square = reach**2
        require(square - d >= size * reach < order, "an exponential moment beyond its nodes")
        error = ((d - arb(square)) / 2 + size * reach).exp() * (arb(square) / d) ** (arb(d) / 2)
        steps = []
        for most in self.farthest:
            width = min(1.08 / float(most), math.sqrt(2 * goal))
            c = size / (arb(width) * most).cos()
            loss = goal + width**2 / 2 + float(c) * width + d * (math.log(2) + float(c) ** 2 / 2)
            steps.append(max(1, math.floor(2048 * math.pi * width / loss)) / 1024)
            edge = (2 * (c * c / 2).exp()) ** d * (c * width + arb(width) ** 2 / 2).exp()
            error += 2 * edge / (2 * arb.pi() * width / steps[-1]).expm1()
        self.axes = [[h * n for n in range(-int(reach / h) - 1, int(reach / h) + 2)] for h in steps] + [[0.0]] * (3 - d)
        self.inside, squares = [], []
        for (i, x), (j, y) in product(*map(enumerate, self.axes[:2])):
            near = [m for m, z in enumerate(self.axes[2]) if x * x + y * y + z * z < square + 1e-6]
            if near:
                self.inside.append((i, j, slice(near[0], near[-1] + 1)))
                squares += [x * x + y * y + self.axes[2][m] ** 2 for m in near]
        require(len(squares) < MOST_NODES, "so many nodes", UNDECIDED)
        scale, nodes = math.prod(h / (2 * arb.pi()).sqrt() for h in steps), {}
        for each in set(squares):
            mass, c = scale * (-arb(each) / 2).exp(), size * (arb(each).sqrt() + ROOM)
            nodes[each] = float(mass), float(1 / (1 - c / (order + 1))), mass * c.exp()
        self.masses, self.heavier, sizes = zip(*map(nodes.get, squares), strict=True)
        lost = (1 + math.sqrt(order)) * (len(squares) * SUMMED + order * NODE) * sum(sizes)
        error = error * math.prod(1 + arb(h) / 2 for h in steps) + lost
        self.error = error.union(-error)

    def steps(self, point):
        """Return the coordinates of what nodes add to a step of EM from a point whose second coordinate is 0.

        Components with even and with odd numbers have shares of it, as the third changes its sign with every turn.
        """
        k, (across, along, upwards) = len(self.weights), self.axes
        require(all(abs(x) <= most for x, most in zip(point, self.farthest, strict=True)), "a point beyond its grid")
        cosines, sines = turns = [[f(arb(fmpq(2 * j, k))) for j in range(k)] for f in (arb.cos_pi, arb.sin_pi)]
        first, second = (
            [powers(a, x * point[0]) for x in each] for a, each in zip((across, along), turns, strict=True)
        )
        third = powers(upwards, -2 * point[-1])
        parts = [[(j, *map(float, (self.weights[j], cosines[j], sines[j]))) for j in range(n, k, 2)] for n in (0, 1)]

        @cache
        def means(n, i):
            """Return the sum of a part's terms, and the means of its coordinates, at the nodes of a row."""
            terms = zip(*([w * first[m][i] * y for y in second[m]] for m, w, *_ in parts[n]), strict=True)
            turns = list(zip(*parts[n], strict=True))[2:]
            return [(total := sum(each), *(dot(each, turn) / total for turn in turns)) for each in terms]

        found: tuple[list, ...] = [], [], []
        for i, j, inside in self.inside:
            x, y, (even, c, s), (odd, c_odd, s_odd) = across[i], along[j], means(0, i)[j], means(1, i)[j]
            shares = [1 / (1 + odd / even * each) for each in third[inside]]
            for column, own, other in (
                (found[0], c * x + s * y, c_odd * x + s_odd * y),
                (found[1], c * y - s * x, c_odd * y - s_odd * x),
            ):
                column += [other + share * (own - other) for share in shares]
            found[2].extend([(2 * share - 1) * z for share, z in zip(shares, upwards[inside], strict=True)])
        return found

    def series(self, point):
        """Return what gives the coefficients of the polynomial in t that E e^{t⟨step, e⟩} is at most, for an e.

        But for the rule's error. Those of order 2 are means of the step's coordinates and of their products.
        """
        columns, total = self.steps(point), sum(self.masses)

        def by_values(e):
            row, terms, (a, b, c) = self.masses, [total], (*e, 0, 0)[:3]
            values = [x * a + y * b + z * c for x, y, z in zip(*columns, strict=True)]
            for n in range(1, self.order):
                row = list(map(operator.mul, row, values))
                terms.append(sum(row) / math.factorial(n))
            last = map(operator.mul, map(operator.mul, row, values), self.heavier)
            return [*terms, sum(last) / math.factorial(self.order)]

        if self.order > 2:
            return by_values
        rows = [list(map(operator.mul, map(operator.mul, self.masses, self.heavier), each)) for each in columns]
        means, *squares = ([dot(row, each) for each in columns] for row in (self.masses, *rows))
        return lambda e: [total, dot(means, e), dot(e, (dot(row, e) for row in squares)) / 2]

    def rates(self, point, vertices):
        """Yield t⟨vertex, e⟩ − log E e^{t⟨step, e⟩}, or 0 if that is below, and t‖e‖; e is outwards, t any."""
        series_of = self.series(point)
        for vertex in vertices:
            away, t = list(map(operator.sub, point, vertex)), 0.0
            height, length = sum(map(operator.mul, vertex, away)), sum(x * x for x in away).sqrt()
            series = arb_poly(series_of(list(map(float, away))))
            slope = series.derivative()
            for _ in range(5):  # Newton's steps
                whole, first, second = (float(each(t)) for each in (series, slope, slope.derivative()))
                t += (float(height) - first / whole) / (second / whole - (first / whole) ** 2)
                t = min(max(t, 0.0), self.size / float(length) * (1 - 1e-9))
            yield arb.max(arb(0), t * height - (series(t) + self.error).log()), t * length


def powers(axis, rate):
    """Return e^(rate a) for the a of an axis, whose steps are equal."""
    middle = len(axis) // 2
    base = (rate * axis[-1] / max(middle, 1)).exp()
    return [float(base**n) for n in range(-middle, middle + 1)]


def dot(one, other):
    """Return the sum of products."""
    return sum(map(operator.mul, one, other))


grid_of = lru_cache(maxsize=64)(Grid)
