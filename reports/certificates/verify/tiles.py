"""Means on a tile of weights and radii, by polynomials that interpolate them in Chebyshev points (T8)."""

import math
from functools import lru_cache, reduce

from flint import arb, arb_mat, arb_poly, ctx, fmpz_poly

from .balls import remembered
from .posterior import mean_named, on_ray
from .reading import UNDECIDED, require

MAX_POINTS = 90
"""Of interpolation in one variable: a choice against waste."""


class Tile:
    """Polynomials around means on a tile of the log-ratio of two weights (or at fixed ones) and of log v.

    Axes are triples: the middle, half the width, and whether it varies. Where couplings are asked for, as λ_min does,
    points need more digits, and bounds are larger.
    """

    def __init__(self, k, classes, axes, goal, couplings):
        self.known, self.bits = {}, ctx.prec
        self.loss, self.error, self.matrices, nodes = arb(1), arb(0), [], []
        # Means are at most M = m (cos a)^(−q/2) for imaginary parts up to `factor` times an angle a (section 13).
        bounds = ((16, 8, 2), (3, k - 1, 1)) if couplings else ((1, 4, 2), (1, k - 1, 1))
        for (middle, width, varies), (most, q, factor) in zip(axes, bounds, strict=True):
            angle, count = arb(math.atan(2 * math.sqrt(goal / q))), 1
            rho = (factor * angle / width).asinh().exp()
            size = 4 * most * angle.cos() ** (-arb(q) / 2)
            if varies:
                count += math.ceil(float(((size / (rho - 1)).log() + goal - 1) / rho.log()))
                self.error += size * rho ** (1 - count) / (rho - 1)
            require(count < MAX_POINTS, "domains on which interpolation takes too many nodes", UNDECIDED)
            self.add_axis(count)
            angles = [arb(2 * j + 1) / (2 * count) for j in range(count)]
            nodes.append([(middle + width * x.cos_pi()).exp() if varies else arb(middle) for x in angles])
        self.points, goal = [], goal - 1 if couplings else goal - 4
        for ratio in nodes[0]:
            weighted = weights_with(classes, ratio) if axes[0][2] else classes
            self.points.append([on_ray(k, weighted, v, goal) for v in nodes[1]])

    def add_axis(self, count):
        """Add the matrix that takes values in Chebyshev points to coefficients of powers, and Lebesgue's constant."""
        # To coefficients of Chebyshev's polynomials, (2 − δ_m0)/n Σ_j f_j T_m(x_j), and of powers.
        angles = [arb(2 * j + 1) / (2 * count) for j in range(count)]
        values = arb_mat([[(m * x).cos_pi() * (2 - (not m)) / count for x in angles] for m in range(count)])
        powers = arb_mat([[fmpz_poly.chebyshev_t(m)[i] for m in range(count)] for i in range(count)])
        self.matrices.append(powers * values)
        self.loss *= 1 + 2 / arb.pi() * arb(count).log()

    @remembered
    def model(self, *name):
        """Return the coefficients of x^i y^j, as rows, and the error of a mean."""
        found = arb_mat([[mean_named(point, *name) for point in row] for row in self.points])
        error = self.loss * (self.error + reduce(arb.max, [z.rad() for z in found.entries()]))
        return (self.matrices[0] * found.mid() * self.matrices[1].transpose()).tolist(), arb(0, error.abs_upper())

    def value(self, name, x, y):
        """Return a mean at the centres of coordinates, on their ranges, and slopes in x on both, in y at x's centre."""
        rows, error = self.model(*name)
        # Both centres are moved before wide balls are put in, or large coefficients of high powers would not cancel.
        for centre, _ in (y, x):
            moved = [arb_poly(row)(arb_poly([centre, 1])) for row in rows]
            rows = [[each[i] for each in moved] for i in range(len(rows[0]))]
        h, j = x[1] - x[0], y[1] - y[0]
        wide, first = arb_poly([arb_poly(row)(j) for row in rows]), arb_poly(rows[0])
        return rows[0][0] + error, wide(h) + error, wide.derivative()(h), first.derivative()(j)


def weights_with(classes, ratio):
    """Return two classes with weights of a ratio, that of the last to that of the first."""
    first = 1 / (len(classes[0][1]) + len(classes[-1][1]) * ratio)
    return [(first * x, members) for x, (_, members) in zip((1, ratio), classes, strict=False)]


tile = lru_cache(maxsize=8)(Tile)
