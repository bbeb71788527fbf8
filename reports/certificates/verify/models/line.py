"""Means over a normal law on a line of what posterior probabilities and polynomials make, by the trapezoidal rule.

The observation is x = m + sz with z standard normal, and l_i − l_j, of two weighted log-densities, is a polynomial of
degree 2 in z. Nodes are values of z, which parameters do not move: so sums over nodes, with ranges for parameters,
enclose values and slopes for all of a box, and the rule's error is that of one analytic function for each of these.
Everything at the nodes is a *column*: a list with an entry for each.
"""

import math
from collections import namedtuple
from functools import reduce
from itertools import combinations
from operator import add, mul, sub

from flint import arb, arb_poly, fmpq

from ..balls import power
from ..reading import MAX_NODES, UNDECIDED, require

ARC = 2.2
"""Radians within which all e^{l_j} lie on the strip that is taken: less than π; a choice, as the next two are."""
WIDEST = 3.0
"""Half the width of a strip at most."""
SPARE = 14
"""By how much more than asked for the rule is to be accurate, as polynomials and slopes are larger than 1."""

Columns = namedtuple("Columns", "centre wide slopes")
"""A function's values at the centre of the box, its ranges on the box, and a column of slopes for each variable."""


class Line:
    """A rule for one normal law of the data on a box, from the forms of m and s and of the l_j − l_last in z (T15)."""

    def __init__(self, box, forms, goal):
        self.free, self.units = range(len(box.free)), box.units
        self.parts, *self.rows = [[box.jet(each) for each in row] for row in forms]
        self.products = {}
        self.choose(box, goal + SPARE)
        self.evaluate()

    def choose(self, box, goal):
        """Choose where the nodes end, the strip, and the step."""
        end = arb(math.sqrt(2 * goal))
        pairs = list(combinations([*self.rows, [(0, arb(0))] * 3], 2))

        def steepest(end):
            sizes = (abs(p[1][1] - q[1][1]) + 2 * abs(p[2][1] - q[2][1]) * end for p, q in pairs)
            return max((each.upper() for each in sizes), default=arb(0), key=float)

        steep = float(steepest(end))
        if not steep * goal < MAX_NODES:
            raise box.undecided()
        wide = min(WIDEST, ARC / max(steep, 0.1))
        self.strip = arb(wide)
        self.step = arb(2 * math.pi * wide / (goal + wide * wide / 2))
        count = math.ceil(float(end / self.step))
        self.end = (count + fmpq(1, 2)) * self.step
        self.arc = self.strip * steepest(self.end)
        if not self.arc < 3:
            raise box.undecided()
        self.secant = 1 / (self.arc / 2).cos()
        self.nodes = [self.step * i for i in range(-count, count + 1)]
        root = self.step / (2 * arb.pi()).sqrt()
        self.masses = [root * (-z * z / 2).exp() for z in self.nodes]

    def evaluate(self):
        """Evaluate what every mean needs: x, posteriors, and the slopes of their logarithms."""
        self.x, *self.exponents = map(self.columns, [self.parts, *self.rows])
        zeros = [arb(0)] * len(self.nodes)
        last = Columns(zeros, zeros, [zeros] * len(self.free))
        self.posteriors = []
        for one in self.exponents:
            gaps = [self.gap(other, one) for other in [*self.exponents, last] if other is not one]
            self.posteriors.append([[1 / (1 + x) for x in of_sums(each)] for each in zip(*gaps, strict=True)])
        self.turns = []
        for i in range(len(self.exponents)):
            # γ_j meets its own slope once only, as 1 − γ_j: a ball that is no wider than the values.
            factors = [
                [1 - g for g in own[1]] if i == j else [-g for g in own[1]] for j, own in enumerate(self.posteriors)
            ]
            pairs = list(zip(factors, self.exponents, strict=True))
            self.turns.append([total(list(map(mul, f, e.slopes[n])) for f, e in pairs) for n in self.free])

    def columns(self, jets):
        """Return the columns of a polynomial in z whose coefficients have jets."""
        centre, *slopes = (arb_poly([jet[0] if n is None else jet[2][n] for jet in jets]) for n in (None, *self.free))
        centre, *slopes = ([p(z) for z in self.nodes] for p in (centre, *slopes))
        return Columns(centre, self.widened(centre, slopes), slopes)

    def widened(self, centre, slopes):
        """Return a column with all that slopes may add on the box."""
        for slope, unit in zip(slopes, self.units, strict=True):
            centre = [c + s * unit for c, s in zip(centre, slope, strict=True)]
        return centre

    def gap(self, other, one):
        """Return the difference of two functions at centres and on ranges."""
        centre = list(map(sub, other.centre, one.centre))
        slopes = [list(map(sub, a, b)) for a, b in zip(other.slopes, one.slopes, strict=True)]
        return centre, self.widened(centre, slopes)

    def weights(self, key):
        """Return the columns of a product of posteriors, Π_{j in b} γ_j, or of two components of τ^e, τ = 2γ_0 − 1.

        Balls of products would be much too wide for these: the slopes of τ^e are eτ^(e−1)(1 − τ²)δ/2, δ = ∂(l_0 − l_1).
        """
        if key not in self.products and len(self.rows) == 1:
            taus = [[2 * g - 1 for g in gammas] for gammas in self.posteriors[0]]
            factors = [
                key * x * (1 - power(t, 2)) / 2 for x, t in zip(raised(taus[1], max(key - 1, 0)), taus[1], strict=True)
            ]
            turns = [times(factors, self.exponents[0].slopes[n]) for n in self.free]
            self.products[key] = Columns(raised(taus[0], key), raised(taus[1], key), turns)
        elif key not in self.products:
            centre, wide = (reduce(times, (self.posteriors[j][i] for j in key)) for i in (0, 1))
            turns = [times(wide, total([self.turns[j][n] for j in key])) for n in self.free]
            self.products[key] = Columns(centre, wide, turns)
        return self.products[key]

    def mean(self, integrand):
        """Return the jet of the sum of E p(x) times products of posteriors, for jets of the coefficients of each p.

        The errors of the rule are in the value and in the slopes.
        """
        centre, natural, slopes = arb(0), arb(0), [arb(0) for _ in self.free]
        errors, of_slopes = arb(0), [arb(0) for _ in self.free]
        x, shifts = self.size(self.parts), [self.size(self.parts, n) for n in self.free]
        turning = [total_polynomial(self.size(row, n) for row in self.rows) for n in self.free]
        for key, jets in integrand.items():
            columns, degree = self.weights(key), key if isinstance(key, int) else len(key)
            at_centre, on_box = (arb_poly([jet[i] for jet in jets]) for i in (0, 1))
            weights = times(self.masses, columns.centre)
            centre += dot(weights, [at_centre(each) for each in self.x.centre])
            size = larger(on_box)
            errors += self.error(size(x), degree)
            if not self.free:
                continue
            weights = times(self.masses, columns.wide)
            values, derivative = [on_box(each) for each in self.x.wide], on_box.derivative()
            natural += dot(weights, values)
            steep, values = times(weights, [derivative(each) for each in self.x.wide]), times(self.masses, values)
            for n in self.free:
                own = arb_poly([jet[2][n] for jet in jets])
                slopes[n] += dot(steep, self.x.slopes[n])
                slopes[n] += dot(values, columns.slopes[n])
                if not is_zero(own):
                    slopes[n] += dot(weights, [own(each) for each in self.x.wide])
                moving = larger(own)(x) + larger(derivative)(x) * shifts[n]
                of_slopes[n] += self.error(moving + size(x) * turning[n] * 2 * degree, degree + 1)
        natural = natural if self.free else centre
        return centre + errors, natural + errors, list(map(add, slopes, of_slopes))

    def logarithm(self):
        """Return the jet of E log Σ_j e^{l_j − l_last}, likewise."""
        columns = ([one[i] for one in self.exponents] for i in (0, 1))  # At centres, and on ranges.
        centre, natural = (dot(self.masses, [(1 + x).log() for x in of_sums(each)]) for each in columns)
        pairs = list(zip(self.posteriors, self.exponents, strict=True))
        slopes = [sum((dot(times(self.masses, g[1]), e.slopes[n]) for g, e in pairs), arb(0)) for n in self.free]
        size = arb_poly([arb(len(self.rows) + 1).log() + self.arc + self.secant.log()])
        error = self.error(size + total_polynomial(map(self.size, self.rows)), 0)
        turning = [self.error(total_polynomial(self.size(row, n) for row in self.rows), 1) for n in self.free]
        return centre + error, natural + error, list(map(add, slopes, turning))

    # The rule's error

    @staticmethod
    def size(jets, n=None):
        """Return a bound, as a polynomial in |Re z| + |Im z|, of a polynomial in z, or of its slope in a variable."""
        return larger(arb_poly([jet[1] if n is None else jet[2][n] for jet in jets]))

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


def raised(column, n):
    """Return the column of xⁿ, n ≥ 0."""
    return [power(x, n) if n else arb(1) for x in column]


def of_sums(columns):
    """Return the column of the sums of exponentials."""
    return total([[x.exp() for x in each] for each in columns])


def times(one, other):
    """Return the product of columns."""
    return list(map(mul, one, other))


def dot(one, other):
    """Return the sum of the products of two columns."""
    return sum(map(mul, one, other), arb(0))


def total(columns):
    """Return the sum of columns."""
    return reduce(lambda one, other: list(map(add, one, other)), columns)


def total_polynomial(polynomials):
    """Return the sum of polynomials."""
    return sum(polynomials, arb_poly([]))


def larger(polynomial):
    """Return a polynomial with the upper bounds of the moduli of its coefficients."""
    return arb_poly([each.abs_upper() for each in polynomial])


def is_zero(polynomial):
    """Whether all coefficients are exactly 0."""
    return all(each.is_zero() for each in polynomial)
