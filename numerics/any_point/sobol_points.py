"""Gaussian noise from scrambled Sobol sequences, by Fourier coefficient of the exponents."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from emtheory.numerics.case import Case

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

_BITS = 30
"""Of a coordinate of the sequence, a multiple of 2^−30 in [0, 1)."""


def noise(rho: Floats, k: int, exponent: int, seed: Sequence[int], rows: int) -> Iterator[Complexes]:
    """Yield 2^exponent points in blocks of shape (rows, ⌊k/2⌋ + 1).

    Times the amplitudes ρ_m, in columns m = 1.., they are the discrete Fourier transform of exponents ⟨X, R^jθ⟩.

    Parameters
    ----------
    rho, k
        ρ_1..ρ_⌊k/2⌋; large amplitudes take the first dimensions of the sequence, which are the most uniform, and
        columns of vanishing ones are 0.
    exponent
        Binary logarithm of the number of points.
    seed
        Of the scramble.
    rows
        Points in a block, a power of two.
    """
    from scipy.special import ndtri  # noqa: PLC0415 - SciPy is slow to import
    from scipy.stats import qmc  # noqa: PLC0415

    order = [m for m in np.argsort(-rho, kind="stable").tolist() if rho[m]]
    dimensions = [1 if 2 * (m + 1) == k else 2 for m in order]
    sampler = qmc.Sobol(sum(dimensions), scramble=True, bits=_BITS, rng=np.random.default_rng(seed))
    count = min(rows, 1 << exponent)
    for _ in range((1 << exponent) // count):
        normals = ndtri(sampler.random(count) + 0.5 ** (_BITS + 1))  # centres of cells: 0 would be an infinite normal
        spectrum = np.zeros((count, k // 2 + 1), dtype=complex)
        column = 0
        for m, dimension in zip(order, dimensions, strict=True):
            if dimension == 1:
                spectrum[:, m + 1] = k * normals[:, column]
            else:
                spectrum[:, m + 1] = k / 2 * (normals[:, column] + 1j * normals[:, column + 1])
            column += dimension
        yield spectrum


def exponents(spectrum: Complexes, rho: Floats, k: int) -> Floats:
    """y_j = ⟨X, R^jθ⟩ for amplitudes ρ_1.. and noise of shape (rows, ⌊k/2⌋ + 1); shape (rows, k).

    Parameters
    ----------
    spectrum
        Noise of shape (rows, ⌊k/2⌋ + 1), from `noise`.
    rho, k
        ρ_1..ρ_⌊k/2⌋, and the number of components.
    """
    return np.fft.irfft(spectrum * np.concatenate([[0.0], rho]), n=k, axis=1)


def amplitudes(case: Case) -> Floats:
    """ρ_m for m = 1..⌊k/2⌋."""
    return np.array([math.sqrt(square) for square in case.squared_amplitudes])
