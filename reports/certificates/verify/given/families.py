"""Normal mixtures near a fit: their log densities are Σ_a c_a(η) T_a(x)."""

from functools import reduce
from itertools import combinations_with_replacement

from flint import arb, arb_mat

from ..reading import require
from .jets import Jet, jet, solved

KINDS = "full", "tied", "diag", "spherical"


class Normal:
    """Normal mixtures about weights ω, means m and matrices W: with z = W(x − m) and natural parameters.

    The parameters are α_j (log-ratios of weights, the last is 0), b_j, and the entries of the precision P_j; at
    the centre they are 0, 0 and I. A log density has the coefficients log π_j + log|W_j| − ½⟨b, P⁻¹b⟩ + ½ log det P −
    (d/2) log 2π, b_j and −½P_j of 1, z and the products of z.
    """

    def __init__(self, record, rows):
        self.kind, self.d, self.reg = record["covariance_type"], len(rows[0]), doubles(record["reg_covar"])
        names = {"kind", "covariance_type", "reg_covar", "weights", "means", "whitening"}
        self.weights, self.means, self.turns = (doubles(record[name]) for name in ("weights", "means", "whitening"))
        self.k, d = len(self.weights), self.d
        every = [self.reg, *self.weights, *(x for mean in self.means for x in mean)]
        every += [x for turn in self.turns for row in turn for x in row]
        sized = {len(mean) for mean in self.means} == {d} and len(self.means) == len(self.turns) == self.k
        square = all([len(row) for row in turn] == [d] * d for turn in self.turns)
        require(set(record) == names and self.kind in KINDS and sized and square, "mixture: sizes or kind")
        diagonal = [turn[a][a] for turn in self.turns for a in range(d)]
        positive = all(x > 0 for x in (*self.weights, *diagonal)) and self.reg >= 0
        require(positive and all(x.is_finite() for x in every), "mixture: a number is not positive or finite")
        outside = (lambda a, b: a < b) if self.kind in KINDS[:2] else (lambda a, b: a != b)
        places = [(a, b) for a in range(d) for b in range(d) if outside(a, b)]
        same = self.kind != "tied" or all(turn == self.turns[0] for turn in self.turns)
        round_ = self.kind != "spherical" or all(turn[a][a] == turn[0][0] for turn in self.turns for a in range(d))
        zero = all(turn[a][b] == 0 for turn in self.turns for a, b in places)
        require(same and round_ and zero, "mixture: its matrices are not of this kind")
        pairs = list(combinations_with_replacement(range(d), 2))
        single = {"diag": [[(a, a)] for a in range(d)], "spherical": [[(a, a) for a in range(d)]]}
        self.basis = single.get(self.kind, [[pair] for pair in pairs])
        one = [int(group[0][0] == group[0][1]) for group in self.basis]
        self.tied = self.kind == "tied"
        self.centre = list(map(arb, [0] * (self.k - 1 + self.k * d) + one * (1 if self.tied else self.k)))
        self.parts = [[self.features(j, row) for j in range(self.k)] for row in rows]
        total = sum(self.weights)
        require(abs(total - 1) < arb(2) ** -40, "mixture: its weights do not sum to 1")

    def features(self, j, row):
        """Return 1, z, and the products of z that belong to each entry of P."""
        apart = arb_mat([[arb(x) - m] for x, m in zip(row, self.means[j], strict=True)])
        z = (arb_mat(self.turns[j]) * apart).entries()
        return [arb(1), *z, *(sum(z[a] * z[b] * (1 + (a != b)) for a, b in group) for group in self.basis)]

    def shifts(self):
        """Return what reg_covar adds to each feature in the equations of an M-step."""
        result = []
        for turn in map(arb_mat, self.turns):
            gram = turn * turn.transpose() * self.reg
            added = [sum(gram[a, b] * (1 + (a != b)) for a, b in group) for group in self.basis]
            result.append([arb(0)] * (1 + self.d) + added)
        return result

    def natural(self, at, j):
        """Return b_j, the entries of P_j, and P_j."""
        first = self.k - 1 + j * self.d
        linear = at[first : first + self.d]
        first = self.k - 1 + self.k * self.d + (0 if self.tied else j * len(self.basis))
        entries = at[first : first + len(self.basis)]
        matrix = [[Jet(0)] * self.d for _ in range(self.d)]
        for entry, group in zip(entries, self.basis, strict=True):
            for a, b in group:
                matrix[a][b] = matrix[b][a] = entry
        return linear, entries, matrix

    def logits(self, at):
        """Return the logarithms of the weights."""
        raw = [x + w.log() for x, w in zip([*at[: self.k - 1], Jet(0)], self.weights, strict=True)]
        total = sum((each.exp() for each in raw), Jet(0)).log()
        return [each - total for each in raw]

    def coefficients(self, at):
        """Return the coefficients of the features, for each component."""
        result = []
        for j, logit in enumerate(self.logits(at)):
            linear, entries, matrix = self.natural(at, j)
            (moved,), pivots = solved(matrix, [linear])
            shape = sum((self.turns[j][a][a].log() for a in range(self.d)), -(2 * arb.pi()).log() * self.d / 2)
            square = sum((b * x for b, x in zip(linear, moved, strict=True)), Jet(0))
            halves = sum((pivot.log() for pivot in pivots), Jet(0)) - square
            result.append([logit + shape + halves * arb(0.5), *linear, *(each * arb(-0.5) for each in entries)])
        return result

    def weighted(self, at, coefficients, means):
        """Return the sum of coefficients times means."""
        flat = (each for part in coefficients for each in part)
        return sum((each * mean for each, mean in zip(flat, means, strict=True)), Jet(0))

    def named(self, at):
        """Return weights, means and covariances."""
        means, covariances = [], []
        for j, turn in enumerate(self.turns):
            linear, _, matrix = self.natural(at, j)
            back = arb_mat(turn).inv().tolist()
            (moved, *columns), _ = solved(matrix, [linear, *([jet(x) for x in row] for row in back)])
            inner = [
                [sum((x * y for x, y in zip(column, row, strict=True)), Jet(0)) for column in columns] for row in back
            ]
            turned = [sum((x * y for x, y in zip(moved, row, strict=True)), Jet(0)) for row in back]
            means.append([x + m for x, m in zip(turned, self.means[j], strict=True)])
            covariances.append(inner)
        return {"weights": [each.exp() for each in self.logits(at)], "means": means, "covariances": covariances}

    def least_curvature(self, reach, masses, near_masses, box):
        """Return a bound from below of the complete information by that at the centre, for changes of norm `reach`.

        There it is N(|β|² + ½‖B‖²), so that |b|² + ½‖P − I‖² ≤ reach²/N; at (b, P) it is N times ⟨β − Bν, R(β − Bν)⟩ +
        ½ tr RBRB, R = P⁻¹, ν = Rb (T22).
        """
        root, alphas = arb(2).sqrt(), [abs(x).upper() for x in box[: self.k - 1]]
        result = (-2 * reduce(arb.max, alphas, arb(0))).exp()
        for mass, near in zip(masses, near_masses, strict=True):
            linear, square = reach / near.sqrt(), root * reach / (1 if self.tied else near.sqrt())
            require(square < 1, "ball: the covariances in it are not bounded")
            result = result.min(mass / near * (1 - root * linear / (1 - square)) / (1 + square) ** 2)
        return result.lower()

    def start_box(self, size):
        """Return how far parameters are from the centre where weights, W(μ − m) and WΣWᵀ are within `size`."""
        lone = self.kind in KINDS[2:]
        near = size if lone else size * self.d
        require(near < 1, "ball.starts: too large")
        precision = size + near * near / (1 - near)
        linear = size * (1 + (0 if lone else self.d - 1) * precision + precision)
        rest = len(self.centre) - (self.k - 1) - self.k * self.d
        ratio = ((1 + size) / (1 - size)).log()
        return [ratio] * (self.k - 1) + [linear] * (self.k * self.d) + [precision] * rest


def doubles(value):
    """Return text, or lists of it, as numbers."""
    return [doubles(each) for each in value] if isinstance(value, list) else arb(float(value))
