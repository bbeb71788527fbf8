"""What EM for a whole mixture, not θ alone, leaves behind: mixtures and how far their means are from an orbit."""

from dataclasses import dataclass

import numpy as np

from emtheory.numerics.samples.simplex import FloatArray, amplitudes, distance_from_nearest_simplex, rotation
from emtheory.numerics.samples.tied_em import orbit, pull_back


@dataclass(frozen=True, eq=False)
class Mixture:
    """Σ_j π_j N(μ_j, Σ). `log_weights`: log π_j, length k; `means`: k × d; `covariance`: d × d, positive definite."""

    log_weights: FloatArray
    means: FloatArray
    covariance: FloatArray


@dataclass(frozen=True, eq=False)
class MixtureTrajectory:
    """The iterates 0..T of EM; every array is read-only.

    `log_weights`, `means`, `covariances`: those of each iterate: (T+1) × k, (T+1) × k × d, (T+1) × d × d;
    `mean_log_likelihood`: the mean over the data of log Σ_j π_j φ(x; μ_j, Σ), T+1 of them; `origin_log_likelihood`: the
    same of N(0, I).
    """

    log_weights: FloatArray
    means: FloatArray
    covariances: FloatArray
    mean_log_likelihood: FloatArray
    origin_log_likelihood: float

    def __post_init__(self) -> None:
        for array in (self.log_weights, self.means, self.covariances, self.mean_log_likelihood):
            array.setflags(write=False)

    @property
    def last(self) -> Mixture:
        """The last iterate."""
        return Mixture(self.log_weights[-1], self.means[-1], self.covariances[-1])

    @property
    def kl(self) -> FloatArray:
        """The mean over the data of log φ(x)/p(x), which estimates KL(N(0, I) ‖ p)."""
        return self.origin_log_likelihood - self.mean_log_likelihood

    @property
    def increments(self) -> FloatArray:
        """Root mean square of ‖μ_j(t+1) − μ_j(t)‖ over the components, T of them; ‖θ_{t+1} − θ_t‖ for tied means."""
        return root_mean_square(np.diff(self.means, axis=0))

    @property
    def radii(self) -> FloatArray:
        """Root mean square of ‖μ_j‖; ‖θ‖ for tied means."""
        return root_mean_square(self.means)

    @property
    def thetas(self) -> FloatArray:
        """The θ whose orbit is nearest to the means, (1/k) Σ_j R^{−j}μ_j: θ itself for tied means; (T+1) × d."""
        k, d = self.means.shape[1:]
        thetas: FloatArray = pull_back(rotation(k, d), self.means.transpose(1, 2, 0)).T / k
        return thetas

    @property
    def amplitudes(self) -> FloatArray:
        """ρ_m of `thetas`, (T+1) × ⌊k/2⌋."""
        return amplitudes(self.thetas, self.means.shape[1])

    @property
    def orbit_distances(self) -> FloatArray:
        """Root mean square distance of the means from the nearest orbit, T+1 of them; 0 for tied means."""
        k, d = self.means.shape[1:]
        return root_mean_square(self.means - orbit(rotation(k, d), self.thetas.T, k).transpose(2, 0, 1))

    @property
    def simplex_distances(self) -> FloatArray:
        """Root mean square distance of the means from the nearest regular simplex about the origin, T+1 of them."""
        return distance_from_nearest_simplex(self.means)


def root_mean_square(vectors: FloatArray) -> FloatArray:
    """Return the root mean square of ‖a_j‖ over j, (…, k, d) → (…)."""
    norms: FloatArray = np.sqrt(np.mean(np.sum(vectors**2, axis=-1), axis=-1))
    return norms
