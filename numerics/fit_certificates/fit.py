"""Normal mixtures in double precision, as fits are given and as EM moves them."""

from dataclasses import dataclass, replace

import numpy as np

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.family import Family
from emtheory.numerics.fit_certificates.gaussian import GaussianFamily
from emtheory.numerics.fit_certificates.statistics import BITS

_BLOCK = 2**16
"""Numbers of a block of observations, about."""
_COLLAPSED = 1e-13
"""Smallest eigenvalue of a covariance relative to the variance of the data: what is left is rounding."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A normal mixture: its kind of covariances, weights (k), means (k × d), covariances (k × d × d) and reg_covar."""

    kind: str
    weights: FloatArray
    means: FloatArray
    covariances: FloatArray
    reg_covar: float = 0.0

    def family(self) -> GaussianFamily:
        """Return the family around the fit; CannotAnswerError where a covariance is singular."""
        turns = []
        for j, covariance in enumerate(self.covariances):
            scale = np.sqrt(np.maximum(np.diagonal(covariance), 0))
            try:
                if not (scale > 0).all():
                    raise np.linalg.LinAlgError
                root = np.linalg.cholesky(covariance / np.outer(scale, scale))
            except np.linalg.LinAlgError:
                raise CannotAnswerError(f"the covariance of component {j} is singular") from None
            turns.append(np.tril(np.linalg.inv(root)) / scale)
        turned = np.stack(turns)
        if not (np.isfinite(turned).all() and (self.weights > 0).all()):
            raise CannotAnswerError("a weight is 0 or a covariance is singular in double precision")
        if self.kind in ("diag", "spherical"):
            turned = turned * np.eye(turned.shape[1])
        if self.kind == "spherical":
            turned = turned[:, :1, :1] * np.eye(turned.shape[1])
        return GaussianFamily(self.kind, self.weights, self.means, turned, self.reg_covar)

    def em_step(self, rows: FloatArray) -> "Fit":
        """Return the fit after a step of EM."""
        n, d = rows.shape
        k = len(self.weights)
        family = self.family()
        constants = np.log(self.weights) + np.log(np.diagonal(family.whitening, axis1=1, axis2=2)).sum(axis=1)
        masses, sums, squares = np.zeros(k), np.zeros((k, d)), np.zeros((k, d, d))
        size = max(256, _BLOCK // (k * d))
        for first in range(0, n, size):
            apart = np.asarray(rows[first : first + size], dtype=np.float64).T - self.means[:, :, None]
            logs = constants[:, None] - np.square(family.whitening @ apart).sum(axis=1) / 2
            posteriors = np.exp(logs - logs.max(axis=0))
            posteriors /= posteriors.sum(axis=0)
            masses += posteriors.sum(axis=1)
            weighted = apart * posteriors[:, None]
            sums += weighted.sum(axis=2)
            squares += weighted @ np.swapaxes(apart, 1, 2)
        if not np.isfinite(masses).all():
            raise CannotAnswerError("observations are too far from the components for double precision")
        if not (masses > 0).all():
            raise CannotAnswerError(f"component {int(np.argmin(masses))} has lost all observations")
        moved = sums / masses[:, None]
        outer = moved[:, :, None] * moved[:, None]
        covariances = squares / masses[:, None, None] - outer
        if self.kind == "tied":
            covariances = np.broadcast_to(np.tensordot(masses / n, covariances, 1), covariances.shape)
        if self.kind in ("diag", "spherical"):
            covariances = covariances * np.eye(d)
        if self.kind == "spherical":
            covariances = np.trace(covariances, axis1=1, axis2=2)[:, None, None] / d * np.eye(d)
        return replace(
            self,
            weights=masses / masses.sum(),
            means=self.means + moved,
            covariances=covariances + self.reg_covar * np.eye(d),
        )

    def moved(self, family: Family, change: FloatArray) -> "Fit":
        """Return the fit at other parameters of its family."""
        with arb_precision(BITS):
            named = family.named([x + y for x, y in zip(family.centre, change.tolist(), strict=True)])
        own = {name: np.array([float(x.mid()) for x in group]) for name, group in named.items()}
        covariances = own["covariances"].reshape(self.covariances.shape)
        return replace(
            self,
            weights=own["weights"],
            means=own["means"].reshape(self.means.shape),
            covariances=(covariances + np.swapaxes(covariances, 1, 2)) / 2,
        )

    def check(self, rows: FloatArray) -> None:
        """Raise CannotAnswerError if a component has collapsed."""
        if self.reg_covar > 0:
            return
        spread = np.std(rows, axis=0)
        if not (spread > 0).all():
            column = int(np.argmin(spread))
            raise CannotAnswerError(
                f"column {column + 1} of the data is constant: every covariance becomes singular, "
                "and the likelihood is unbounded"
            )
        for j, covariance in enumerate(self.covariances):
            lowest = float(np.linalg.eigvalsh(covariance / np.outer(spread, spread))[0])
            if not lowest > _COLLAPSED:
                mass = self.weights[j] * len(rows)
                raise CannotAnswerError(
                    f"component {j} collapses: it holds about {mass:.3g} of {len(rows)} observations, and its "
                    "covariance becomes singular, where the likelihood is unbounded and has no maximum; "
                    "fewer components, another kind of covariance or reg_covar > 0 would help"
                )

    def distance(self, other: "Fit") -> float:
        """Return how far weights, means and covariances are apart, relative to weights and covariances."""
        turns = other.family().whitening
        apart = np.einsum("jab,jb->ja", turns, self.means - other.means)
        spread = turns @ (self.covariances - other.covariances) @ np.swapaxes(turns, 1, 2)
        weights = abs(self.weights / other.weights - 1)
        return float(max(weights.max(), abs(apart).max(), abs(spread).max()))
