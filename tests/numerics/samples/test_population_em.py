from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.samples.observed_contraction import decay_factor
from emtheory.numerics.samples.population_em import (
    em_in_full_dimension,
    gauss_hermite_grid,
    gaussian_lattice,
    population_em,
    population_step,
    spacing,
)
from emtheory.numerics.samples.simplex import amplitudes, point, rotation, vertices
from tests.numerics.brute_force import brute_force
from tests.tiers import examples, first_every_day

CASES = [
    (2, "3/4,1/4", Fraction(2)),
    (3, "1/2,3/10,1/5", Fraction(3, 2)),
    (4, "1/2,1/4,1/8,1/8", Fraction(1)),
    (4, "one-heavy:3/5", Fraction(2)),
]


def predicted_factor(case: Case) -> float:
    weights = np.array([float(weight) for weight in case.weights])
    return float(1 - np.min(np.abs(np.fft.fft(weights)[1:]) ** 2))


def integer_weights(k: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.integers(1, 50), min_size=k, max_size=k).map(
        lambda counts: [str(Fraction(count, sum(counts))) for count in counts]
    )


@pytest.mark.parametrize("radius", [0.05, 1.0, 4.0])
@pytest.mark.parametrize("weight", [Fraction(1, 2), Fraction(3, 4), Fraction(1, 100)])
def test_two_components_agree_with_adaptive_quadrature(weight: Fraction, radius: float) -> None:
    shift = float(np.log(float(weight / (1 - weight)))) / 2

    def update(x: float) -> float:
        return x * np.tanh(radius * x + shift) * stats.norm.pdf(x)

    def log_partition(x: float) -> float:
        p = float(weight)
        return np.logaddexp(np.log(p) + radius * x, np.log1p(-p) - radius * x) * stats.norm.pdf(x)

    case = make_case(2, [str(weight), str(1 - weight)])
    step = population_step(case, np.array([radius]))
    bounds = {"points": [-shift / radius], "epsabs": 1e-13, "epsrel": 1e-13, "limit": 400}
    assert step.update[0] == pytest.approx(integrate.quad(update, -40, 40, **bounds)[0], abs=1e-11)
    assert step.log_partition == pytest.approx(integrate.quad(log_partition, -40, 40, **bounds)[0], abs=1e-11)


@pytest.mark.parametrize(("k", "weights", "radius"), first_every_day(3, CASES))
def test_agrees_with_brute_force(k: int, weights: str, radius: Fraction) -> None:
    case = make_case(k, weights, radius=radius)
    step, reference = population_step(case, point(case)), brute_force(case)
    np.testing.assert_allclose(step.update, reference.update, atol=1e-11)
    assert step.log_partition == pytest.approx(reference.log_partition, abs=1e-11)


@pytest.mark.parametrize(("k", "weights", "radius"), first_every_day(3, CASES))
def test_doubling_the_resolution_changes_nothing(k: int, weights: str, radius: Fraction) -> None:
    case = make_case(k, weights, radius=radius)
    theta, h = point(case), spacing(float(radius))
    coarse, fine = population_step(case, theta, h), population_step(case, theta, h / 2)
    change = max(np.abs(coarse.update - fine.update).max(), abs(coarse.log_partition - fine.log_partition))
    assert change < 1e-10
    assert change <= coarse.error + 1e-14
    assert coarse.error < 1e-9


def test_error_estimate_notices_a_coarse_lattice() -> None:
    case = make_case(3, "1/2,3/10,1/5", radius=Fraction(2))
    coarse, fine = (population_step(case, point(case), factor * spacing(2.0)) for factor in (4, 1))
    change = np.abs(coarse.update - fine.update).max()
    assert 1e-9 < change < coarse.error


@pytest.mark.parametrize("k", first_every_day(2, [2, 3, 4]))
def test_em_is_gradient_descent_with_unit_step(k: int) -> None:
    case = make_case(k, "linear")
    theta = np.random.default_rng(k).standard_normal(k - 1)
    eps = 1e-4

    def kl(at: np.ndarray) -> float:
        return float(at @ at / 2 - population_step(case, at, h=0.25).log_partition)

    gradient = np.array([(kl(theta + eps * e) - kl(theta - eps * e)) / (2 * eps) for e in np.eye(k - 1)])
    update = population_step(case, theta, h=0.25).update
    np.testing.assert_allclose(update, theta - gradient, atol=1e-7)
    assert np.abs(update - (theta - 2 * gradient)).max() > 1e-3


@pytest.mark.parametrize(
    ("k", "weights"), [(2, "3/4,1/4"), (3, "1/2,3/10,1/5"), (3, "linear"), (4, "1/2,1/4,1/8,1/8"), (4, "one-heavy:3/5")]
)
def test_asymptotic_factor_is_one_minus_the_smallest_dft_power(k: int, weights: str) -> None:
    case = make_case(k, weights, radius=Fraction(1))
    trajectory = population_em(case, 1000)
    assert trajectory.factors[-1] == pytest.approx(predicted_factor(case), abs=1e-6)
    assert decay_factor(trajectory) == pytest.approx(predicted_factor(case), abs=1e-6)
    assert np.all(np.diff(trajectory.kl) < 1e-15)


def test_factor_does_not_depend_on_the_dimension() -> None:
    small, large = (population_em(make_case(3, "linear", d, radius=Fraction(1)), 30) for d in (2, 5))
    np.testing.assert_array_equal(small.thetas, large.thetas[:, :2])
    assert not np.any(large.thetas[:, 2:])
    assert large.mean_log_likelihood[0] == pytest.approx(-2.5 * (np.log(2 * np.pi) + 1) - large.kl[0])


def test_complement_is_left_in_one_step() -> None:
    case = make_case(3, "linear", 4)
    inside, outside = np.array([1.0, 0.5, 0, 0]), np.array([1.0, 0.5, 2, -1])
    np.testing.assert_array_equal(population_step(case, inside).update, population_step(case, outside).update)


@pytest.mark.parametrize("k", [2, 3])
def test_uniform_weights_are_sublinear(k: int) -> None:
    trajectory = population_em(make_case(k, "uniform", radius=Fraction(1)), 1500)
    inverse_squares = trajectory.radii**-2.0
    # r_t² ~ (k−1)/(2t): the increments of r_t^{−2} tend to 2/(k−1), without the O(log t) of r_t^{−2} itself.
    assert np.diff(inverse_squares)[-1] * (k - 1) / 2 == pytest.approx(1, abs=5e-3)
    assert trajectory.radii[-1] ** 2 * 2 * 1500 / (k - 1) == pytest.approx(1, abs=2e-2)
    assert 0.999 < trajectory.factors[-1] < 1
    assert np.all(np.diff(trajectory.factors[10:]) > 0)


@given(st.data())
@examples(40)
def test_em_never_expands(data: st.DataObject) -> None:
    k = data.draw(st.integers(2, 4))
    case = make_case(k, data.draw(integer_weights(k)))
    entries = st.floats(-2, 2, allow_subnormal=False)
    theta = np.array(data.draw(st.lists(entries, min_size=k - 1, max_size=k - 1)))
    step = population_step(case, theta)
    assert np.all(amplitudes(step.update, k) <= amplitudes(theta, k) + 1e-10)
    assert step.log_partition <= theta @ theta / 2 + 1e-10


def test_pulling_back_in_the_wrong_direction_is_another_operator() -> None:
    case = make_case(3, "1/2,3/10,1/5")
    theta, R = np.array([1.0, 0.0]), rotation(3, 2)
    x, mass = (np.concatenate(parts) for parts in zip(*gaussian_lattice(2, 0.3, 0.0), strict=True))
    turns = [np.linalg.matrix_power(R, j) for j in range(3)]
    gamma = np.array([float(case.weights[j]) * np.exp(x @ turns[j] @ theta) for j in range(3)])
    gamma *= mass / gamma.sum(axis=0)
    right, wrong = (sum(turn @ (gamma[j] @ x) for j, turn in enumerate(way)) for way in ([t.T for t in turns], turns))
    update = population_step(case, theta).update
    np.testing.assert_allclose(update, right, atol=1e-10)
    assert np.abs(update - wrong).max() > 0.1


def test_what_quadrature_cannot_reach_is_refused() -> None:
    with pytest.raises(InputError, match="nodes"):
        population_em(make_case(7, "linear", radius=Fraction(1)), 1)
    with pytest.raises(InputError, match="nodes"):
        population_em(make_case(4, "linear", radius=Fraction(20)), 1)
    with pytest.raises(InputError, match="starting point"):
        population_em(make_case(3, "linear"), 1)
    with pytest.raises(InputError, match="negative"):
        population_em(make_case(3, "linear", radius=Fraction(1)), -1)


def test_trajectory_is_read_only_and_starts_at_the_point() -> None:
    case = make_case(4, "linear", amplitudes=[Fraction(1), Fraction(1, 2)])
    trajectory = population_em(case, 3)
    np.testing.assert_array_equal(trajectory.thetas[0], point(case))
    assert trajectory.thetas.shape == (4, 3)
    assert trajectory.amplitudes.shape == (4, 2)
    with pytest.raises(ValueError, match="read-only"):
        trajectory.thetas[0, 0] = 0


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
