"""Means over a normal law on a line of what posterior probabilities and polynomials make, by the trapezoidal rule.

The observation is x = m + sz with z standard normal, and l_i − l_j, of two weighted log-densities, is a polynomial of
degree 2 in z. Nodes are values of z, which parameters do not move: so sums over nodes, with ranges for parameters,
enclose values and slopes for all of a box, and the rule's error is that of one analytic function for each of these.
Values at the nodes are a *column*: the coefficients of a polynomial, of which FLINT makes sums and multiples at once.
"""

import math
from functools import lru_cache, reduce
from itertools import combinations, product
from operator import add, mul, sub

from flint import arb, arb_poly, ctx, fmpq

from ..balls import HALF, power, remembered
from ..reading import MAX_NODES, UNDECIDED, require

ARC = 2.2
"""Radians within which all e^{l_j} lie on the strip that is taken: less than π; a choice, as the next two are."""
WIDEST = 3.0
"""Half the width of a strip at most."""
SPARE = 14
"""By how much more than asked for the rule is to be accurate, as polynomials and slopes are larger than 1."""
ALIKE = 8
"""Steps in so many sizes between a number and its double, so that nodes serve several boxes: a choice."""


class Line:
    """A rule for one normal law of the data on a box, from the forms of m and s and of the l_j − l_last in z (T15)."""

    def __init__(self, box, forms, goal):
        self.free, self.units = range(len(box.free)), box.units
        self.parts, *rows = [[box.jet(each) for each in row] for row in forms]
        self.rows = [*rows, [(arb(0), arb(0), [arb(0)] * len(box.free))] * 3]
        self.known, self.bits = {}, ctx.prec
        self.choose(box, goal + SPARE)

    def choose(self, box, goal):
        """Choose where the nodes end, the strip, and the step."""
        end = arb(math.sqrt(2 * goal))
        pairs = list(combinations(self.rows, 2))

        def steepest(end):
            sizes = (abs(p[1][1] - q[1][1]) + 2 * abs(p[2][1] - q[2][1]) * end for p, q in pairs)
            return max((each.upper() for each in sizes), default=arb(0), key=float)

        steep = float(steepest(end))
        if not steep * goal < MAX_NODES:
            raise box.undecided()
        wide = min(WIDEST, ARC / 2 ** (math.ceil(ALIKE * math.log2(max(steep, 0.1))) / ALIKE))
        self.strip, self.step = arb(wide), arb(2 * math.pi * wide / (goal + wide * wide / 2))
        count = math.ceil(float(end / self.step))
        self.end = (count + fmpq(1, 2)) * self.step
        self.arc = self.strip * steepest(self.end)
        if not self.arc < 3:
            raise box.undecided()
        self.secant = 1 / (self.arc / 2).cos()
        self.rule, self.count = (float(self.step), count), 2 * count + 1

    # At the nodes

    def column(self, jets, i, n=None):
        """Return the column of a polynomial in z by what is in jets of its coefficients."""
        parts = (jet[i] if n is None else jet[i][n] for jet in jets)
        return sum((c * nodes_of(*self.rule, e, ctx.prec) for e, c in enumerate(parts)), arb_poly([]))

    def columns(self, jets):
        """Return the columns of a polynomial in z at the centre and, where anything varies, on the box (T1)."""
        centre, slopes = self.column(jets, 0), [self.column(jets, 2, n) for n in self.free]
        return [centre, sum(map(mul, slopes, self.units), centre)] if slopes else [centre]

    def values(self, column):
        """Return the entries of a column."""
        found = column.coeffs()
        return found + [arb(0)] * (self.count - len(found))

    @remembered
    def power(self, i, e):
        """Return the column of x^e at the centre (0) or on the box (1)."""
        if e == 0:
            return arb_poly([1] * self.count)
        found = self.columns(self.parts)[i]
        return found if e == 1 else arb_poly([power(x, e) for x in self.values(found)])

    def of_x(self, coefficients, i):
        """Return the entries of a polynomial in x, likewise."""
        return self.values(sum((c * self.power(i, e) for e, c in enumerate(coefficients)), arb_poly([])))

    @remembered
    def sums(self, j):
        """Return Σ_i e^{l_i − l_j} at the centre, and on the box."""
        own, found = self.rows[j], [arb_poly([1] * self.count)] * 2
        for other in self.rows[:j] + self.rows[j + 1 :]:
            gap = [(a[0] - b[0], None, list(map(sub, a[2], b[2]))) for a, b in zip(other, own, strict=True)]
            terms = (arb_poly([x.exp() for x in self.values(each)]) for each in self.columns(gap))
            found = list(map(add, found, terms))
        return [self.values(each) for each in found]

    @remembered
    def posterior(self, j):
        """Return γ_j at the centre, and on the box."""
        return [[1 / x for x in each] for each in self.sums(j)]

    @remembered
    def turning(self, j):
        """Return the entries of the slopes of l_j − l_last."""
        return [self.values(self.column(self.rows[j], 2, n)) for n in self.free]

    @remembered
    def taus(self):
        """Return τ = 2γ_0 − 1 = tanh((l_0 − l_1)/2) of two components, at the centre, and on the box."""
        return [[x.tanh() for x in self.values(each * arb(HALF))] for each in self.columns(self.rows[0])]

    @remembered
    def product(self, key):
        """Return entries of a product f of posteriors, times masses: at the centre, on the box, and of ∂f.

        f is Π_{j in b} γ_j, or of two components τ^e. Balls of products would be much too wide for its slopes: those of
        τ^e are eτ^(e−1)(1 − τ²)δ/2, δ = ∂(l_0 − l_1).
        """
        masses = self.values(masses_of(*self.rule, ctx.prec))
        if key == 0:
            return [masses, masses, *([arb(0)] * self.count for _ in self.free)]
        if isinstance(key, int):
            found = [times(masses, [power(x, key) for x in tau]) for tau in self.taus()]
        else:
            found = [reduce(times, each, masses) for each in zip(*map(self.posterior, key), strict=True)]
        if not self.free:
            return found
        if isinstance(key, int):
            steep = self.product(key - 1)[-1 - len(self.free)]
            factors = [[key * x * (1 - power(t, 2)) / 2 for x, t in zip(steep, self.taus()[-1], strict=True)]]
        else:
            # γ_j meets its own slope once only, as 1 − γ_j: a ball that is no wider than the values.
            others = (self.posterior(i)[-1] for i in range(len(self.rows) - 1))
            factors = [times(found[-1], [key.count(i) - len(key) * g for g in each]) for i, each in enumerate(others)]
        turns = ([times(f, self.turning(i)[n]) for i, f in enumerate(factors)] for n in self.free)
        return [*found, *([sum(x, arb(0)) for x in zip(*each, strict=True)] for each in turns)]

    def mean(self, integrand):
        """Return the jet of the sum of E p(x) times products of posteriors, for jets of the coefficients of each p.

        The errors of the rule are in the value and in the slopes.
        """
        centre, natural, slopes = arb(0), arb(0), [arb(0) for _ in self.free]
        errors, of_slopes = arb(0), [arb(0) for _ in self.free]
        size_of_x, shifts = size(self.parts), [size(self.parts, n) for n in self.free]
        turning = [sum((size(row, n) for row in self.rows), arb_poly([])) for n in self.free]
        for key, jets in integrand.items():
            (at, *others), count = self.product(key), key if isinstance(key, int) else len(key)
            centre += dot(at, self.of_x([jet[0] for jet in jets], 0))
            sizes, on_box = size(jets), [jet[1] for jet in jets]
            errors += self.error(sizes(size_of_x), count)
            if not self.free:
                continue
            (wide, *turns), values = others, self.of_x(on_box, 1)
            natural += dot(wide, values)
            steep = times(wide, self.of_x([e * c for e, c in enumerate(on_box)][1:], 1))
            for n in self.free:
                slopes[n] += dot(turns[n], values)
                own = [jet[2][n] for jet in jets]
                if not all(each.is_zero() for each in own):
                    slopes[n] += dot(wide, self.of_x(own, 1))
                slopes[n] += dot(steep, self.values(self.column(self.parts, 2, n)))
                moving = size(jets, n)(size_of_x) + sizes.derivative()(size_of_x) * shifts[n]
                of_slopes[n] += self.error(moving + sizes(size_of_x) * turning[n] * 2 * count, count + 1)
        natural = natural if self.free else centre
        return centre + errors, natural + errors, list(map(add, slopes, of_slopes))

    def logarithm(self):
        """Return the jet of E log Σ_j e^{l_j − l_last}, likewise."""
        last, masses = len(self.rows) - 1, self.values(masses_of(*self.rule, ctx.prec))
        found = [dot(masses, [x.log() for x in each]) for each in self.sums(last)]
        bound = arb_poly([arb(last + 1).log() + self.arc + self.secant.log()])
        error = self.error(sum(map(size, self.rows), bound), 0)
        slopes = [self.error(sum((size(row, n) for row in self.rows), arb_poly([])), 1) for n in self.free]
        for j, n in product(range(last), self.free):
            slopes[n] += dot(times(masses, self.posterior(j)[1]), self.turning(j)[n])
        return found[0] + error, found[-1] + error, slopes

    # The rule's error

    def error(self, bound, degree):
        """Return the error for a function that is at most a polynomial in |Re z| + |Im z| times so many posteriors.

        Between both ends the rule's (T15), and what is beyond them: (log z^d φ)′ ≤ −(z − d/z), |γ| ≤ 1.
        """
        a, z, power = self.strip, self.end, max(bound.degree(), 0)
        density, waves = (-z * z / 2).exp() / (2 * arb.pi()).sqrt(), 2 * arb.pi() / self.step
        require(power < z * z and waves > a, "polynomials of such a degree", UNDECIDED)
        moments = (2 ** (arb(j) / 2) * (arb(j + 1) / 2).gamma() / arb.pi().sqrt() for j in range(power + 1))
        mean = sum(map(mul, bound(arb_poly([a, 1])), moments), arb(0))
        inside = 2 * (a * a / 2).exp() * mean / (waves * a).expm1() + 4 * density * bound(z + a) / (waves - a / 2)
        beyond = 2 * bound(z) * density / (z - power / z)
        return arb(0, (self.secant**degree * inside + beyond).abs_upper())


def dot(one, other):
    """Return the sum of products of entries."""
    return sum(map(mul, one, other), arb(0))


def times(one, other):
    """Return the products of entries."""
    return list(map(mul, one, other))


def size(jets, n=None):
    """Return a bound, as a polynomial in |x|, of a polynomial with such jets, or of a slope of it."""
    return arb_poly([(jet[1] if n is None else jet[2][n]).abs_upper() for jet in jets])


@lru_cache(maxsize=256)
def nodes_of(step, count, degree, _):
    """Return the column of powers of nodes, with the bits that are given."""
    return arb_poly([(arb(step) * i) ** degree for i in range(-count, count + 1)])


@lru_cache(maxsize=256)
def masses_of(step, count, _):
    """Return the column of the masses of nodes, likewise."""
    halves = [(-((arb(step) * i) ** 2) / 2).exp() * step / (2 * arb.pi()).sqrt() for i in range(count + 1)]
    return arb_poly([*halves[:0:-1], *halves])
