"""Λ as a function of the amplitudes, by differences of cubature of its definition, for four components."""

from itertools import product

import numpy as np
import pytest

from tests.theory.cubature_em import Array, Mixture
from tests.theory.tied_mixtures import cyclic_mixture, transform

pytestmark = pytest.mark.statement("amplitudes")

_K = 4
_STEP = 2e-3
_START = np.array([0.5, 0.6])
"""Amplitudes ρ_1 and ρ_2."""


def mixture() -> Mixture:
    return cyclic_mixture(np.array([0.5, 0.25, 0.15, 0.1]), 32)


def point(amplitudes: Array, angle: float = 0.0) -> Array:
    return np.array([amplitudes[0] * np.cos(angle), amplitudes[0] * np.sin(angle), amplitudes[1]])


def partition(found: Mixture, theta: Array) -> float:
    """Λ(θ) = ‖θ‖²/2 − KL."""
    return float(theta @ theta / 2 - found.divergence(theta))


def cumulant(found: Mixture, theta: Array, m: int, n: int) -> float:
    """E κ₄(χ_m, χ̄_m, χ_n, χ̄_n) under the posterior: moments of what is centred, less products of pairs."""
    gamma, j = found.posterior(theta), np.arange(_K)
    roots = [np.exp(2j * np.pi * frequency * j / _K) for frequency in (m, -m, n, -n)]
    centred = [root - (gamma @ root)[:, None] for root in roots]

    def mean(*factors: Array) -> Array:
        return (gamma * np.prod(factors, axis=0)).sum(axis=1)

    a, b, c, d = centred
    pairs = mean(a, b) * mean(c, d) + mean(a, c) * mean(b, d) + mean(a, d) * mean(b, c)
    return float(np.real(found.mass @ (mean(a, b, c, d) - pairs)))


def test_it_depends_on_the_amplitudes_only_and_the_simplex_has_its_own() -> None:
    found = mixture()
    values = [partition(found, point(_START, angle)) for angle in (0.0, 0.4, 2.0)]
    assert values == pytest.approx([values[0]] * 3, abs=1e-10)
    assert partition(found, point(_START * [1.1, 1])) != pytest.approx(values[0], abs=1e-3)
    vertex = point(np.sqrt([2 / 3, 1 / 3]))
    gram = (found.maps @ vertex) @ (found.maps @ vertex).T
    assert gram == pytest.approx(np.where(np.eye(_K) == 1, 1, -1 / (_K - 1)))


def test_first_and_second_derivatives_in_the_squares() -> None:
    found, squares = mixture(), _START**2

    def at(shift: Array) -> float:
        return partition(found, point(np.sqrt(squares + shift)))

    for m, unit in enumerate(np.eye(2), start=1):
        beta = found.mass @ np.abs(transform(found.posterior(point(_START)), m)) ** 2
        slope = (at(_STEP * unit) - at(-_STEP * unit)) / (2 * _STEP)
        assert slope == pytest.approx((1 - beta) / 2, abs=1e-5)
    for m, n in product((1, 2), repeat=2):
        first, second = _STEP * np.eye(2)[m - 1], _STEP * np.eye(2)[n - 1]
        mixed = at(first + second) - at(first - second) - at(second - first) + at(-first - second)
        curvature = mixed / (4 * _STEP**2)
        assert curvature == pytest.approx(cumulant(found, point(_START), m, n) / 4, abs=2e-4)
        assert abs(curvature) > 1e-3


def test_the_hessian_in_the_amplitudes_and_along_the_tangent() -> None:
    found, theta = mixture(), point(_START, 0.7)
    unit = np.eye(3)
    columns = [(found.step(theta + _STEP * e) - found.step(theta - _STEP * e)) / (2 * _STEP) for e in unit]
    hessian = unit - np.array(columns)
    radial = np.array([[np.cos(0.7), np.sin(0.7), 0], [0, 0, 1]])
    tangent = np.array([-np.sin(0.7), np.cos(0.7), 0])
    beta = [found.mass @ np.abs(transform(found.posterior(theta), m)) ** 2 for m in (1, 2)]
    expected = np.diag(beta) - np.outer(_START, _START) * [
        [cumulant(found, theta, m, n) for n in (1, 2)] for m in (1, 2)
    ]
    assert radial @ hessian @ radial.T == pytest.approx(expected, abs=1e-5)
    assert hessian @ tangent == pytest.approx(beta[0] * tangent, abs=1e-5)
    assert np.abs(hessian @ tangent - beta[1] * tangent).max() > 1e-2
