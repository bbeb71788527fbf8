"""Exponential moments of EM's steps from one point, in up to three dimensions, and the rates that follow (T13)."""

import math
import operator
from functools import lru_cache
from itertools import product

from flint import arb, arb_poly, fmpq

from .reading import UNDECIDED, require

LONGEST = 1.5, 1.0, 0.5
"""The largest ‖h‖."""
PARTS = 4
"""Of the latitudes on either side of three dimensions, each with a grid of its own."""
MOST_NODES, LOST = 2**17, fmpq(1, 2**35)
"""Of a grid, and what sums of so many doubles lose of that of their moduli at most, those of nodes included."""


class Grid:
    """Nodes of the trapezoidal rule in up to three directions, for points in a part of the latitudes.

    Of strips and steps any choice will do: the error that is added is that of what is chosen, about e^(−goal). In three
    directions numbers at nodes are doubles. For |y| ≤ c < m + 1 e^y is at most its Taylor polynomial of order m with
    y^m/m!/(1 − c/(m + 1)) as last term, m even.
    """

    def __init__(self, weights, outer, far, part, goal, order):
        self.weights, self.d, self.order = weights, (d := len(weights) - 1), order
        self.number = float if d == len(LONGEST) else arb
        south, north = (far * arb.sin_pi_fmpq(fmpq(n, 2 * PARTS)) * (1 + LOST) for n in (PARTS - part, part + 1))
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
        axes = [[h * n for n in range(-int(reach / h) - 1, int(reach / h) + 2)] for h in steps] + [[0.0]] * (3 - d)
        self.axes = [list(map(self.number, axis)) for axis in axes]
        self.inside, squares = [], []
        for (i, x), (j, y) in product(*map(enumerate, axes[:2])):
            each = {m: x * x + y * y + z * z for m, z in enumerate(axes[2]) if x * x + y * y + z * z < square + 1e-6}
            self.inside.append((i, j, list(each)))
            squares += each.values()
        require(len(squares) < MOST_NODES, "so many nodes", UNDECIDED)
        scale = math.prod(h / (2 * arb.pi()).sqrt() for h in steps)
        nodes = {}
        for each in set(squares):
            mass, c = scale * (-arb(each) / 2).exp(), size * (arb(each).sqrt() + LOST)
            nodes[each] = self.number(mass), self.number(1 / (1 - c / (order + 1))), mass * c.exp()
        self.masses, self.heavier, sizes = zip(*map(nodes.get, squares), strict=True)
        error = error * math.prod(1 + arb(h) / 2 for h in steps) + LOST * sum(sizes) * 2 * (self.number is float)
        self.error = error.union(-error)

    def steps(self, point):
        """Yield what each node adds to a step of EM from a point whose second coordinate is 0."""
        k, number, (across, along, upwards) = len(self.weights), self.number, self.axes
        require(all(abs(x) <= most for x, most in zip(point, self.farthest, strict=True)), "a point beyond its grid")
        cosines, sines = ([f(arb(fmpq(2 * j, k))) for j in range(k)] for f in (arb.cos_pi, arb.sin_pi))
        first = [[number((a * c * point[0]).exp()) for c in cosines] for a in across]
        pairs = list(zip(self.weights, sines, strict=True))
        second = [[number(w * (a * s * point[0]).exp()) for w, s in pairs] for a in along]
        # The third coordinate changes its sign with every turn; where there is none, its node is 0.
        third, parts = [number((a * point[-1]).exp()) for a in upwards], (slice(0, k, 2), slice(1, k, 2))
        cosines, sines = (list(map(number, each)) for each in (cosines, sines))
        for i, j, inside in self.inside:
            x, y, terms = across[i], along[j], list(map(operator.mul, first[i], second[j]))
            turned = [terms, *(list(map(operator.mul, terms, each)) for each in (cosines, sines))]
            (t, c, s), (t_odd, c_odd, s_odd) = ([sum(each[part]) for each in turned] for part in parts)
            for m in inside:
                up, down = third[m], third[-1 - m]
                even, odd = t * up, t_odd * down
                share = 1 / (even + odd)
                cosine, sine = (c * up + c_odd * down) * share, (s * up + s_odd * down) * share
                z = (even - odd) * share * upwards[m]
                yield cosine * x + sine * y, cosine * y - sine * x, z

    def rates(self, point, vertices):
        """Yield t⟨vertex, e⟩ − log E e^{t⟨step, e⟩}, or 0 if that is below, and t‖e‖; e is outwards, t any."""
        steps = list(self.steps(point))
        for vertex in vertices:
            away, row, terms, t = list(map(operator.sub, point, vertex)), self.masses, [], 0.0
            height, length = sum(map(operator.mul, vertex, away)), sum(x * x for x in away).sqrt()
            a, b, c = (*map(self.number, away), 0, 0)[:3]
            values = [x * a + y * b + z * c for x, y, z in steps]
            for n in range(self.order):
                terms.append(arb(sum(row)) / math.factorial(n))
                row = list(map(operator.mul, row, values))
            terms.append(arb(sum(map(operator.mul, row, self.heavier))) / math.factorial(self.order))
            series = arb_poly(terms)
            slope = series.derivative()
            for _ in range(5):  # Newton's steps
                whole, first, second = (float(each(t)) for each in (series, slope, slope.derivative()))
                t += (float(height) - first / whole) / (second / whole - (first / whole) ** 2)
                t = min(max(t, 0.0), self.size / float(length) * (1 - 1e-9))
            yield arb.max(arb(0), t * height - (series(t) + self.error).log()), t * length


grid_of = lru_cache(maxsize=64)(Grid)
