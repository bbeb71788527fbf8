"""Moments of the posterior's transform against a grid in the span, and their consequences."""

import math
from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.simplex_point import laplace
from emtheory.numerics.simplex_point.moments import (
    Groups,
    PosteriorMoments,
    Product,
    frequency_groups,
    hessian_blocks,
)
from tests.numerics.brute_force import brute_force, coupling_terms, span_basis, start

CASES = [
    make_case(3, "1/2,3/10,1/5", radius=Fraction(1)),
    make_case(4, "linear", radius=Fraction(1)),
    make_case(4, "1/2,1/8,1/4,1/8", radius=Fraction(7, 4)),
]
BY_K = pytest.mark.parametrize("case", CASES, ids=lambda case: f"k={case.k} r={case.radius}")


def moments_of(case: Case) -> PosteriorMoments:
    return laplace.posterior_moments(laplace.DOUBLES, case, 4, laplace.FULL_ACCURACY)


def transform_on_grid(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """γ̂_m on a grid of the span (k × nodes) and the Gaussian masses of the nodes."""
    h = 0.3 / max(1.0, float(np.linalg.norm(start(case))))
    axis = h * np.arange(-round(8.4 / h), round(8.4 / h) + 1)
    x = np.stack(np.meshgrid(*[axis] * (case.k - 1), indexing="ij"), axis=-1).reshape(-1, case.k - 1)
    mass = (h / math.sqrt(2 * math.pi)) ** (case.k - 1) * np.exp(-np.sum(x**2, axis=1) / 2)
    x, mass = x[mass > 1e-17], mass[mass > 1e-17]
    pi = np.array([float(weight) for weight in case.weights])
    means = span_basis(case.k)[1] @ start(case)
    joint = pi[:, None] * np.exp(means @ x.T)
    phases = np.exp(2j * np.pi * np.outer(np.arange(case.k), np.arange(case.k)) / case.k)
    return phases @ (joint / joint.sum(axis=0)), mass


@BY_K
def test_moments_are_those_of_the_posterior(case: Case) -> None:
    transform, mass = transform_on_grid(case)
    computed = moments_of(case)
    k = case.k
    for m in range(1, k):
        assert computed.power(m) == pytest.approx(mass @ np.abs(transform[m]) ** 2, abs=1e-10)
        for n in range(1, k):
            assert computed.coupling(m, n) == pytest.approx(mass @ coupling_terms(transform, m, n), abs=1e-10)


def products(case: Case) -> Product:
    squares = case.squared_amplitudes
    return lambda m, n, c: math.sqrt(squares[m - 1] * squares[n - 1] * c)


@BY_K
def test_hessian_blocks_hold_all_the_eigenvalues(case: Case) -> None:
    blocks = hessian_blocks(case, frequency_groups(case), moments_of(case), products(case))
    radial = np.array(blocks.radial, dtype=float)
    np.testing.assert_allclose(radial, radial.T, atol=1e-12)
    computed = np.array([*blocks.simple, *np.linalg.eigvalsh(radial)])
    expected = brute_force(case).hessian_eigenvalues
    distances = np.abs(computed[:, None] - expected)
    assert distances.min(axis=1).max() < 1e-9
    assert distances.min(axis=0).max() < 1e-9


@pytest.mark.parametrize("family", ["one-heavy:3/5", "uniform"])
@pytest.mark.parametrize("k", [3, 4, 7, 10])
def test_grouped_frequencies_give_the_eigenvalues_of_the_full_matrix(family: str, k: int) -> None:
    case = make_case(k, family, radius=Fraction(2))

    def eigenvalues(groups: Groups) -> list[float]:
        blocks = hessian_blocks(case, groups, moments_of(case), products(case))
        return [*blocks.simple, *np.linalg.eigvalsh(np.array(blocks.radial, dtype=float))]

    grouped = eigenvalues(frequency_groups(case))
    assert len(frequency_groups(case)) == min(2 - k % 2, k // 2)
    full = eigenvalues([(m,) for m in case.frequencies])
    assert len(full) >= len(grouped)
    for value in full:
        assert min(abs(value - other) for other in grouped) < 1e-10
    for value in grouped:
        assert min(abs(value - other) for other in full) < 1e-10


def test_groups_are_only_for_one_special_component() -> None:
    assert frequency_groups(make_case(7, "difference-set:3/5")) == [(1,), (2,), (3,)]
    assert frequency_groups(make_case(7, "one-heavy:3/5")) == [(1, 2, 3)]
    assert frequency_groups(make_case(6, "uniform")) == [(1, 2), (3,)]
    # A wrong grouping shows: these weights have two pairs, and their couplings differ.
    case = make_case(5, "1/4,1/4,1/6,1/6,1/6", radius=Fraction(1))
    assert moments_of(case).coupling(1, 1) != pytest.approx(moments_of(case).coupling(2, 2), abs=1e-6)
