"""The regular simplex nearest to a point, and Λ, β_m and the couplings there, all known in one dimension."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from numerics import laplace_float
from numerics.case import Case
from numerics.errors import CannotAnswerError
from numerics.sobol_points import amplitudes

Floats = npt.NDArray[np.float64]

_MAX_COMPONENTS = 128
"""Every coupling is needed: their number grows with the square of k."""
_FARTHEST = 0.8
"""Of the point's squared norm: farther away the simplex tells little about the point."""


@dataclass(frozen=True, eq=False)
class NearestSimplex:
    """What is known at the nearest simplex.

    Attributes
    ----------
    amplitudes, shifts
        ρ̄_m and ρ_m − ρ̄_m for m = 1..⌊k/2⌋.
    log_partition
        Λ.
    powers
        β_m for m = 0..⌊k/2⌋, with β_0 = 1.
    couplings
        t_mn for m, n = 1..⌊k/2⌋.
    """

    amplitudes: Floats
    shifts: Floats
    log_partition: float
    powers: Floats
    couplings: Floats

    @property
    def first_derivative(self) -> float:
        """Σ ∂Λ/∂ρ_m (ρ_m − ρ̄_m), with ∂Λ/∂ρ_m = (1 − β_m) ρ_m."""
        return float(np.sum((1 - self.powers[1:]) * self.amplitudes * self.shifts))

    @property
    def second_derivative(self) -> float:
        """ΣΣ ∂²Λ/∂ρ_m∂ρ_n (ρ_m − ρ̄_m)(ρ_n − ρ̄_n), the second derivative being δ_mn (1 − β_m) − ρ_m ρ_n t_mn."""
        turned = self.amplitudes * self.shifts
        return float(np.sum((1 - self.powers[1:]) * self.shifts**2) - turned @ self.couplings @ turned)

    @property
    def power_derivatives(self) -> Floats:
        """Σ ∂β_m/∂ρ_n (ρ_n − ρ̄_n) for m = 0..⌊k/2⌋, with ∂β_m/∂ρ_n = ρ_n t_mn."""
        return np.concatenate([[0.0], self.couplings @ (self.amplitudes * self.shifts)])


def nearest_simplex(case: Case) -> NearestSimplex | None:
    """Return the simplex whose amplitudes are nearest to those of the case; None if it is of no use.

    Minimising Σ (ρ_m − σ√n_m)², n_m = 2 or 1 (m = k/2) being the multiplicities, gives σ = Σ √n_m ρ_m/(k−1).
    """
    rho = amplitudes(case)
    roots = np.sqrt([case.multiplicity(m) for m in case.frequencies])
    sigma = float(roots @ rho) / (case.k - 1)
    radius = Fraction(sigma * math.sqrt(case.k - 1))
    distance = rho - sigma * roots
    if case.k > _MAX_COMPONENTS or not radius or distance @ distance > _FARTHEST * (rho @ rho):
        return None
    near = replace(case, amplitudes=None, radius=radius)
    try:
        moments = laplace_float.posterior_moments(near, 4)
        log_partition = laplace_float.expected_log_sum(near)
    except CannotAnswerError:  # too far out for double precision
        return None
    powers = np.array([1.0, *moments.power_vector(near.frequencies)])
    couplings = np.array(moments.coupling_matrix(near.frequencies), dtype=float)
    return NearestSimplex(sigma * roots, distance, log_partition, powers, couplings)
