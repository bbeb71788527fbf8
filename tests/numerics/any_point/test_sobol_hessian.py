"""λ_min from Rayleigh quotients: against certified values, and the interval's logic on matrices that are known."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.any_point import sobol_hessian, sobol_rule
from emtheory.numerics.any_point.sobol_hessian import _improved, _smallest, smallest_eigenvalue
from emtheory.numerics.any_point.sobol_points import Floats
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from tests.tiers import first_every_day

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])
FIVE = make_case(5, "linear", amplitudes=[Fraction(2), Fraction(1, 3)])


@pytest.fixture(autouse=True)
def less_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sobol_rule, "_PILOT", 4)
    monkeypatch.setattr(sobol_rule, "_SCRAMBLE", 1 << 14)
    monkeypatch.setattr(sobol_rule, "_WORK", 1 << 20)
    monkeypatch.setattr(sobol_hessian, "_POINTS", 10)


@pytest.mark.parametrize("case", first_every_day(1, [FOUR, FIVE]), ids=["k=4", "k=5"])
def test_against_certified_values(case: Case) -> None:
    truth = float(evaluate("hessian_min_eigenvalue", case, {}, 8, "ball").midpoint)
    for seed in (0, 1000):
        found = smallest_eigenvalue(case, 4, seed=seed)
        assert abs(found.value - truth) < 1.5 * found.half_width
        assert 0 < found.half_width < 0.01 * truth


def test_a_simplex_agrees_with_the_one_dimensional_form() -> None:
    case = make_case(9, "linear", radius=Fraction(3, 2))
    rho = Fraction(1.5 / 2)
    found = smallest_eigenvalue(make_case(9, "linear", amplitudes=[rho] * 4), 3)
    truth = float(evaluate("hessian_min_eigenvalue", case, {}, 12, "ball").midpoint)
    assert abs(found.value - truth) < 1.5 * found.half_width < 0.03 * truth


def symmetric(seed: int, size: int) -> Floats:
    matrix = np.random.default_rng(seed).standard_normal((size, size))
    result: Floats = (matrix + matrix.T) / 2
    return result


@given(seed=st.integers(0, 999), size=st.integers(2, 6), error=st.sampled_from([0.0, 1e-3, 0.1, 1.0]))
def test_the_interval_contains_the_smallest(seed: int, size: int, error: float) -> None:
    """Exact products with a direction that is somewhat off; only an eigenvalue that is not the smallest fools it."""
    matrix = symmetric(seed, size)
    values, vectors = np.linalg.eigh(matrix)
    v = vectors[:, 0] + error * symmetric(seed + 1, size)[0]
    v /= np.linalg.norm(v)
    if v @ matrix @ v > (values[0] + values[1]) / 2:
        return
    exact = np.concatenate([np.full(size, 100.0), matrix @ v])
    found = _smallest(make_case(2 * size + 1, "uniform"), v, float(values[1]), np.array([exact] * 3), 1)
    assert found.value - found.half_width - 1e-12 <= values[0] <= found.value + found.half_width + 1e-12
    if error == 0:
        assert found.half_width < 1e-12


def test_the_tangential_eigenvalues_count() -> None:
    matrix, v = np.diag([2.0, 3.0]), np.array([1.0, 0.0])
    found = _smallest(FIVE, v, 3.0, np.array([np.concatenate([[0.7, 0.5], matrix @ v])] * 3), 1)
    assert found.value == pytest.approx(0.5)


@given(seed=st.integers(0, 999), size=st.integers(2, 6))
def test_improvement_maps_the_vector_to_the_product_and_finds_the_eigenvector(seed: int, size: int) -> None:
    matrix = symmetric(seed, size) + np.diag([-5.0, *np.zeros(size - 1)])  # so that the smallest stands apart
    values, vectors = np.linalg.eigh(matrix + 0.1 * symmetric(seed + 1, size))
    for _ in range(12):
        v = vectors[:, 0]
        values, vectors = _improved(values, vectors, matrix @ v)
        np.testing.assert_allclose(vectors @ np.diag(values) @ vectors.T @ v, matrix @ v, atol=1e-12)
    assert values[0] == pytest.approx(np.linalg.eigvalsh(matrix)[0], abs=1e-9)


def test_too_many_frequencies_are_refused() -> None:
    case = make_case(200, "uniform", amplitudes=[Fraction(1, 100 + m) for m in range(100)])
    with pytest.raises(CannotAnswerError, match="up to 64 frequencies"):
        smallest_eigenvalue(case, 2)
