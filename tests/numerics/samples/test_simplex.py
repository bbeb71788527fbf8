import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.simplex import (
    amplitudes,
    distance_from_nearest_simplex,
    distance_from_simplex,
    point,
    rotation,
    vertices,
)
from emtheory.numerics.samples.tied_em import orbit


@pytest.mark.parametrize("k", [2, 3, 4, 5, 8, 33])
@pytest.mark.parametrize("extra", [0, 3])
def test_rotation_permutes_the_vertices_of_a_regular_simplex(k: int, extra: int) -> None:
    d = k - 1 + extra
    v, R = vertices(k, d), rotation(k, d)
    gram = np.full((k, k), -1 / (k - 1))
    np.fill_diagonal(gram, 1)
    np.testing.assert_allclose(v @ v.T, gram, atol=1e-14)
    np.testing.assert_allclose(v @ R.T, np.roll(v, -1, axis=0), atol=1e-14)
    np.testing.assert_allclose(R @ R.T, np.eye(d), atol=1e-14)
    np.testing.assert_allclose(np.linalg.matrix_power(R, k), np.eye(d), atol=1e-13)
    complement = np.eye(d)[k - 1 :]
    np.testing.assert_array_equal(complement @ R.T, complement)
    assert not np.any(v[:, k - 1 :])


@pytest.mark.parametrize("k", [2, 3, 4, 5, 6, 7])
def test_amplitudes_are_the_norms_of_the_spectral_projections(k: int) -> None:
    d = k + 2
    R = rotation(k, d)
    theta = np.random.default_rng(k).standard_normal(d)
    # P_m = (1/k) Σ_j e^{−2πijm/k} R^j projects on one eigenvalue; ±m together make the real plane.
    powers = [np.linalg.matrix_power(R, j) for j in range(k)]
    for m, amplitude in enumerate(amplitudes(theta, k), start=1):
        projection = sum(np.exp(-2j * np.pi * j * m / k) * powers[j] for j in range(k)) / k
        planes = 1 if 2 * m == k else 2
        assert amplitude**2 == pytest.approx(planes * np.linalg.norm(projection @ theta) ** 2, rel=1e-12)


def test_bad_geometry_is_refused() -> None:
    with pytest.raises(InputError, match="at least 2"):
        vertices(1, 3)
    with pytest.raises(InputError, match="too small"):
        rotation(4, 2)
    with pytest.raises(InputError, match="d × d"):
        rotation(2, 10**5)
    with pytest.raises(InputError, match="starting point"):
        point(make_case(3, "linear"))


@pytest.mark.parametrize("k", [2, 3, 4, 5, 8])
def test_distance_from_the_nearest_simplex_by_minimisation(k: int) -> None:
    found = distance_from_simplex(rho := np.random.default_rng(k).random(k // 2), k)
    unit = amplitudes(vertices(k, k - 1)[0], k)
    assert found == pytest.approx(min(np.linalg.norm(rho - r * unit) for r in np.linspace(0, 3, 30_001)), abs=1e-4)
    assert distance_from_simplex(2.5 * unit, k) == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("k", [3, 4, 7])
def test_the_distance_of_an_orbit_is_that_of_its_amplitudes(k: int) -> None:
    theta = np.random.default_rng(k).standard_normal(k - 1)
    means = orbit(rotation(k, k - 1), theta, k)
    assert distance_from_nearest_simplex(means) == pytest.approx(
        distance_from_simplex(amplitudes(theta, k), k), abs=1e-12
    )
