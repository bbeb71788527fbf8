"""What a mixture has to tell of itself so that its fits can be certified.

The log of weight times density of component j is l_j(x; η) = Σ_a c_ja(η) T_ja(x): coefficients that depend on the
parameters η, features that depend on the observation. So all that is needed of the data are means of products of
posteriors and features; score and information follow by the chain rule.
"""

from collections.abc import Sequence
from typing import Protocol

import flint

from emtheory.numerics.arithmetic.ball_arrays import BallArray
from emtheory.numerics.arithmetic.rounding import FloatArray

Point = Sequence[flint.arb]
"""Parameters η, as balls."""
Masses = Sequence[tuple[flint.arb, flint.arb]]
"""Of each component N/r² and N′/N: means N, N′ of posteriors at the centre and elsewhere, no farther than r."""


class Family(Protocol):
    """A mixture with k components, q features each, and p parameters, which users know as they are if nothing is said.

    M-steps are not regularised, and no part of log densities depends on observations alone, if nothing is said.
    """

    @property
    def shape(self) -> tuple[int, int]:
        """Components and features, k and q; the first feature is 1."""

    @property
    def centre(self) -> Point:
        """The parameters that a certificate is about, of length p: exact numbers."""

    def features(self, rows: FloatArray) -> BallArray:
        """Return T_ja(x_i) of observations, of shape (n, d), as an array of shape (k, q, n)."""

    def coefficients(self, at: Point) -> list[flint.arb]:
        """Return the k·q numbers c_ja, component by component."""

    def slopes(self, at: Point) -> flint.arb_mat:
        """Return ∂c/∂η, of shape k·q × p."""

    def curvature(self, at: Point, means: Sequence[flint.arb]) -> flint.arb_mat:
        """Return Σ_ja means_ja ∂²c_ja/∂η∂η, of shape p × p."""

    def least_curvature(self, masses: Masses, box: Point) -> flint.arb:
        """Return a lower bound, perhaps trivial, of −Σ means ∂²c(η′) relative to −Σ means₀ ∂²c(centre), as matrices.

        η′ is in the box, at most r from the centre in the norm of the complete information there.
        """
        return flint.arb(0)

    def base(self, rows: FloatArray) -> flint.arb:
        """Return the mean over observations of what their log densities have that depends on no parameter."""
        return flint.arb(0)

    def named(self, at: Point) -> dict[str, list[flint.arb]]:
        """Return the parameters as users know them, in groups."""

    def sizes(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of these groups."""

    def named_slopes(self, at: Point) -> flint.arb_mat:
        """Return their derivatives in η, those of all groups one below the other."""
        return identity(len(at))

    def start_box(self, size: float) -> list[flint.arb]:
        """Return bounds of |η − centre| for starts of EM within `size` of the centre, as the family measures it."""
        return [flint.arb(size)] * len(self.centre)

    @property
    def shifts(self) -> Sequence[flint.arb]:
        """What an M-step adds to the k·q features, 0 unless it is regularised."""
        k, q = self.shape
        return [flint.arb(0)] * (k * q)


def identity(size: int) -> flint.arb_mat:
    """Return I."""
    return flint.arb_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
