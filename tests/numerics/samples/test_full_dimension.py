from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.samples.population_em import em_in_full_dimension, gauss_hermite_grid
from emtheory.numerics.samples.simplex import vertices


def test_the_grid_has_the_moments_of_the_normal_law() -> None:
    points, masses = gauss_hermite_grid(3, 5)
    assert points.shape == (125, 3)
    assert masses.sum() == pytest.approx(1)
    for power, moment in ((1, 0), (2, 1), (4, 3), (6, 15), (8, 105)):
        np.testing.assert_allclose(masses @ points**power, moment, atol=1e-12 * 105)
    assert masses @ (points[:, 0] ** 2 * points[:, 1] ** 2) == pytest.approx(1)


@pytest.mark.parametrize(("k", "weights", "d"), [(2, "4/5,1/5", 1), (2, "4/5,1/5", 5), (3, "1/2,3/10,1/5", 4)])
def test_the_complement_dies_in_one_step_and_the_factor_is_that_of_the_theory(k: int, weights: str, d: int) -> None:
    start = 0.5 * vertices(k, d)[0]
    start[k - 1 :] = 0.7
    thetas = em_in_full_dimension(make_case(k, weights, d), start, 11, 1).thetas
    np.testing.assert_allclose(thetas[1, k - 1 :], 0, atol=1e-13)
    power = evaluate("posterior_power", make_case(k, weights, radius=Fraction(1, 2)), {"m": Fraction(1)}, 10)
    ratio = np.linalg.norm(thetas[1, : k - 1]) / np.linalg.norm(start[: k - 1])
    assert ratio == pytest.approx(1 - float(power.midpoint), abs=1e-5)


def test_a_grid_that_is_too_large_is_refused() -> None:
    with pytest.raises(InputError, match="reduce d"):
        gauss_hermite_grid(8, 9)
