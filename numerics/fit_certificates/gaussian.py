"""Mixtures of normal laws whose weights, means and covariances are all fitted, of the four kinds of covariances.

About a fit (weights ω_j, means m_j, matrices W_j with W_jΣ_jW_jᵀ nearly I, all doubles) component j is described in
its own coordinates z = W_j(x − m_j) by natural parameters: log-ratios of weights α_j (of which the last is 0),
b_j = P_jν_j and the precision P_j = Σ_m P_m B_m, where B_m runs through a basis of the matrices of a kind. With R = P⁻¹

    l_j = log π_j + log|det W_j| − (d/2) log 2π + ⟨b_j, z⟩ − ½⟨z, P_j z⟩ − A_j,   A_j = ½⟨b_j, R b_j⟩ − ½ log det P_j,

so coefficients are linear but for those of 1, and the fit is at α = 0, b = 0, P = I whatever its scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import flint
import numpy as np

from emtheory.numerics.arithmetic.ball_arrays import BallArray
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import SLACK, TINY, FloatArray, rounding_factor
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.family import Family, Masses, Point
from emtheory.numerics.fit_certificates.normal_partition import (
    Basis,
    basis_of,
    mean_features,
    multiplicity,
    partition_curvature,
)
from emtheory.numerics.fit_certificates.statistics import BITS

KINDS = ("full", "tied", "diag", "spherical")
"""Of covariances, as scikit-learn names them."""


@dataclass(frozen=True, eq=False)
class GaussianFamily(Family):
    """Normal mixtures near a fit, of a kind of covariances in `KINDS`.

    `weights`: ω (k), `means`: m (k × d), `whitening`: W, lower triangular (k × d × d); `reg_covar`: what an M-step adds
    to the diagonal of covariances.
    """

    kind: str
    weights: FloatArray
    means: FloatArray
    whitening: FloatArray
    reg_covar: float = 0.0

    @property
    def k(self) -> int:
        """Number of components."""
        return len(self.weights)

    @property
    def d(self) -> int:
        """Dimension."""
        return int(self.means.shape[1])

    @cached_property
    def basis(self) -> Basis:
        """Of the precisions."""
        return basis_of(self.kind, self.d)

    @property
    def shape(self) -> tuple[int, int]:
        """Components, and features: 1, the coordinates of z, and ⟨z, B_m z⟩."""
        return self.k, 1 + self.d + len(self.basis)

    @cached_property
    def precisions(self) -> list[list[int]]:
        """For each component the places of its precision among the parameters."""
        first, size = self.k - 1 + self.k * self.d, len(self.basis)
        own = (0 if self.kind == "tied" else j for j in range(self.k))
        return [list(range(first + j * size, first + (j + 1) * size)) for j in own]

    @property
    def p(self) -> int:
        """Number of free parameters."""
        return self.precisions[-1][-1] + 1

    def linear(self, j: int) -> range:
        """Return the places of b_j."""
        first = self.k - 1 + j * self.d
        return range(first, first + self.d)

    @cached_property
    def centre(self) -> list[flint.arb]:
        """α = 0, b = 0, P = I."""
        one = [int(m in self._diagonal) for m in range(len(self.basis))]
        precisions = one * (1 if self.kind == "tied" else self.k)
        return [flint.arb(x) for x in [*[0] * (self.k - 1 + self.k * self.d), *precisions]]

    @cached_property
    def _diagonal(self) -> set[int]:
        return {m for m, entries in enumerate(self.basis) if entries[0][0] == entries[0][1]}

    def features(self, rows: FloatArray) -> BallArray:
        """Return 1, z and ⟨z, B_m z⟩ for every component and observation."""
        n, d = rows.shape
        size = rounding_factor(d + 3)
        made = []
        for mean, turn in zip(self.means, self.whitening, strict=True):
            apart = (rows - mean).T
            z = BallArray(turn @ apart, size * (abs(turn) @ abs(apart)) * SLACK + TINY)
            squares = []
            for entries in self.basis:
                whole = z[entries[0][0]] * z[entries[0][1]]
                for a, b in entries[1:]:
                    whole += z[a] * z[b]
                if entries[0][0] != entries[0][1]:
                    whole = BallArray(2 * whole.mid, 2 * whole.rad)
                squares.append(whole)
            one = np.ones((1, n)), np.zeros((1, n))
            made.append(
                (
                    np.concatenate([one[0], z.mid, np.stack([each.mid for each in squares])]),
                    np.concatenate([one[1], z.rad, np.stack([each.rad for each in squares])]),
                )
            )
        return BallArray(np.stack([mid for mid, _ in made]), np.stack([rad for _, rad in made]))

    @cached_property
    def _constants(self) -> list[flint.arb]:
        """log ω_j + log|det W_j| − (d/2) log 2π."""
        with arb_precision(BITS):
            common = -(flint.arb.pi() * 2).log() * self.d / 2
            return [
                common
                + flint.arb(weight).log()
                + sum((flint.arb(x).log() for x in np.diagonal(turn).tolist()), flint.arb(0))
                for weight, turn in zip(self.weights.tolist(), self.whitening, strict=True)
            ]

    def _raised(self, at: Point) -> list[flint.arb]:
        """ω_j e^{α_j}."""
        logs = zip(self.weights.tolist(), [*at[: self.k - 1], flint.arb(0)], strict=True)
        return [flint.arb(w) * x.exp() for w, x in logs]

    def ratios(self, at: Point) -> list[flint.arb]:
        """Return the weights π_j = ω_j e^{α_j}/Σ_l ω_l e^{α_l}."""
        raw = self._raised(at)
        total = sum(raw, flint.arb(0))
        return [each / total for each in raw]

    def covariance(self, at: Point, j: int) -> flint.arb_mat:
        """Return R_j = P_j⁻¹ in the coordinates of the component."""
        matrix = [[flint.arb(0)] * self.d for _ in range(self.d)]
        for place, entries in zip(self.precisions[j], self.basis, strict=True):
            for a, b in entries:
                matrix[a][b] = matrix[b][a] = at[place]
        try:
            found = flint.arb_mat(matrix).inv()
        except ZeroDivisionError:
            raise CannotAnswerError("a covariance is not seen to be invertible on the box") from None
        return found

    def shift(self, at: Point, j: int) -> list[flint.arb]:
        """Return ν_j = R_j b_j."""
        column = flint.arb_mat(self.d, 1, [at[i] for i in self.linear(j)])
        return (self.covariance(at, j) * column).entries()

    def coefficients(self, at: Point) -> list[flint.arb]:
        """Return the coefficients of 1, z and ⟨z, B_m z⟩, component by component."""
        total = sum(self._raised(at), flint.arb(0)).log()
        result = []
        for j in range(self.k):
            covariance, linear = self.covariance(at, j), [at[i] for i in self.linear(j)]
            moved = self.shift(at, j)
            determinant = covariance.det()
            if not determinant > 0:
                raise CannotAnswerError("a covariance is not seen to be positive definite on the box")
            constant = self._constants[j] - total + (at[j] if j < self.k - 1 else 0)
            constant -= (
                sum((b * x for b, x in zip(linear, moved, strict=True)), flint.arb(0)) / 2 + determinant.log() / 2
            )
            result += [constant, *linear, *(-at[place] / 2 for place in self.precisions[j])]
        return result

    def slopes(self, at: Point) -> flint.arb_mat:
        """Return ∂c/∂η."""
        k, q = self.shape
        matrix = flint.arb_mat(k * q, self.p)
        weights = self.ratios(at)
        for j in range(k):
            own = [*self.linear(j), *self.precisions[j]]
            for other in range(k - 1):
                matrix[j * q, other] = flint.arb(int(j == other)) - weights[other]
            for i, (place, mean) in enumerate(
                zip(own, mean_features(self.covariance(at, j), self.shift(at, j), self.basis), strict=True)
            ):
                matrix[j * q, place] = -mean
                matrix[j * q + 1 + i, place] = flint.arb(1) if i < self.d else flint.arb(-1) / 2
        return matrix

    def curvature(self, at: Point, means: Sequence[flint.arb]) -> flint.arb_mat:
        """Return Σ means ∂²c: only the coefficients of 1 are not linear."""
        k, q = self.shape
        matrix = flint.arb_mat(self.p, self.p)
        weights, masses = self.ratios(at), [means[j * q] for j in range(k)]
        total = sum(masses, flint.arb(0))
        for i in range(k - 1):
            for other in range(k - 1):
                matrix[i, other] = -total * (weights[i] * int(i == other) - weights[i] * weights[other])
        for j in range(k):
            own = [*self.linear(j), *self.precisions[j]]
            second = partition_curvature(self.covariance(at, j), self.shift(at, j), self.basis)
            for i, row in zip(own, second, strict=True):
                for other, value in zip(own, row, strict=True):
                    matrix[i, other] = matrix[i, other] - masses[j] * value
        return matrix

    def least_curvature(self, masses: Masses, box: Point) -> flint.arb:
        """Return a lower bound of the complete information relative to that at the centre.

        There it is N_j(|β|² + ½‖B‖²) in a change (β, B) of (b_j, P_j), so |b_j|² + ½‖P_j − I‖² ≤ reach²/N_j =: r². At
        (b, P) it is N_j times ⟨β − Bν, R(β − Bν)⟩ + ½ tr RBRB, with R ⪰ a = 1/(1 + √2 r) and |ν| ≤ r/(1 − √2 r) =: n at
        least a²(1 − √2 n)(|β|² + ½‖B‖²). A variance under weights π changes by their least ratio at least.
        """
        root = flint.arb(2).sqrt()
        moved = [abs(x).upper() for x in box[: self.k - 1]]
        result = (-2 * reduce(lambda x, y: x.max(y), moved)).exp() if moved else flint.arb(1)
        whole = sum((mass for mass, _ in masses), flint.arb(0))
        for mass, share in masses:
            linear, square = 1 / mass.sqrt(), root / (whole if self.kind == "tied" else mass).sqrt()
            if not square < 1:
                return flint.arb(0)
            shift = linear / (1 - square)
            result = result.min(share * (1 - root * shift) / (1 + square) ** 2)
        return result.lower()

    @cached_property
    def shifts(self) -> list[flint.arb]:
        """reg_covar ⟨W, B_m W⟩ for each feature ⟨z, B_m z⟩: a covariance made larger by a multiple of I."""
        k, q = self.shape
        result = [flint.arb(0)] * (k * q)
        if self.reg_covar == 0:
            return result
        for j, turn in enumerate(self.whitening):
            exact = flint.arb_mat(turn.tolist())
            with arb_precision(BITS):
                gram = exact * exact.transpose() * flint.arb(self.reg_covar)
            for m, entries in enumerate(self.basis):
                result[j * q + 1 + self.d + m] = sum(
                    (multiplicity(a, b) * gram[a, b] for a, b in entries), flint.arb(0)
                )
        return result

    @cached_property
    def back(self) -> list[flint.arb_mat]:
        """W_j⁻¹."""
        with arb_precision(BITS):
            return [flint.arb_mat(turn.tolist()).inv() for turn in self.whitening]

    def named(self, at: Point) -> dict[str, list[flint.arb]]:
        """Return weights, means and covariances in the coordinates of the data, each row by row."""
        means, covariances = [], []
        for j, back in enumerate(self.back):
            moved = (back * flint.arb_mat(self.d, 1, self.shift(at, j))).entries()
            means += [flint.arb(m) + x for m, x in zip(self.means[j].tolist(), moved, strict=True)]
            covariances += (back * self.covariance(at, j) * back.transpose()).entries()
        return {"weights": self.ratios(at), "means": means, "covariances": covariances}

    def sizes(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of what `named` returns."""
        return {"weights": (self.k,), "means": (self.k, self.d), "covariances": (self.k, self.d, self.d)}

    def named_slopes(self, at: Point) -> flint.arb_mat:
        """Return the derivatives of what `named` returns, one after the other: of π_j, of W⁻¹ν + m, and of W⁻¹RW⁻ᵀ.

        Those of ν = Rb are R and −R B_m ν, those of R are −R B_m R.
        """
        d, weights = self.d, self.ratios(at)
        first = [[weights[j] * (int(j == m) - weights[m]) for m in range(self.k - 1)] for j in range(self.k)]
        rows, second = [[*row, *[flint.arb(0)] * (self.p - self.k + 1)] for row in first], list[list[flint.arb]]()
        for j, back in enumerate(self.back):
            half, moved = back * self.covariance(at, j), flint.arb_mat(d, 1, self.shift(at, j))
            columns = {place: [half[i, a] for i in range(d)] for a, place in enumerate(self.linear(j))}
            squares = dict[int, list[flint.arb]]()
            for place, entries in zip(self.precisions[j], self.basis, strict=True):
                one = flint.arb_mat(d, d, [int((min(a, b), max(a, b)) in entries) for a in range(d) for b in range(d)])
                columns[place] = (-half * one * moved).entries()
                squares[place] = (-half * one * half.transpose()).entries()
            for size, found, below in ((d, columns, rows), (d * d, squares, second)):
                zero = [flint.arb(0)] * size
                below.extend(map(list, zip(*(found.get(place, zero) for place in range(self.p)), strict=True)))
        return flint.arb_mat(rows + second)

    def start_box(self, size: float) -> list[flint.arb]:
        """Return bounds of |η − centre| for all mixtures that are within `size` of the centre.

        That is: with weights within a factor 1 ± size, and W_j(μ − m_j) and W_jΣW_jᵀ − I at most `size` in every entry.
        """
        own = flint.arb(size)
        ratio = ((1 + own) / (1 - own)).log().upper()
        near = (own * self.d).upper()  # ‖W_jΣW_jᵀ − I‖
        if self.kind in ("diag", "spherical"):
            near = own
        if not near < 1:
            return [flint.arb.pos_inf()] * self.p
        precision = (own + near * near / (1 - near)).upper()  # (I + E)⁻¹ = I − E + E²(I + E)⁻¹
        linear = (own * (1 + (0 if self.kind in ("diag", "spherical") else self.d - 1) * precision + precision)).upper()
        return (
            [ratio] * (self.k - 1)
            + [linear] * (self.k * self.d)
            + [precision] * (self.p - self.k + 1 - self.k * self.d)
        )
