"""Bounds of the gradient function, against its definition in mpmath."""

from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from scipy import optimize

from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.npmle import gradient, polynomials
from emtheory.numerics.npmle.gradient import Cover, bound_gradient, envelope, gradient_cover
from emtheory.numerics.npmle.problem import make_mixing, make_problem, ratios
from emtheory.reports.api.npmle import npmle
from tests.numerics.npmle.reference import Array, gradient_plus_one

TOLERANCES = {1: 1e-10, 2: 1e-6}
CASES = [(1, 40, 3, 2), (2, 12, 3, 1)]


def drawn(m: int, n: int, k: int, seed: int = 0) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    return 2 * rng.normal(size=(n, m)), 2 * rng.normal(size=(k, m)), rng.random(k) + 0.01


def certified(data: Array, atoms: Array, weights: Array, variance: Fraction | int) -> Cover:
    problem = make_problem(data, Fraction(variance))
    return gradient_cover(problem, ratios(problem, make_mixing(problem, atoms, weights)))


@pytest.mark.parametrize(("m", "n", "k", "variance"), CASES)
def test_the_largest_value_is_between_its_bounds(m: int, n: int, k: int, variance: Fraction | int) -> None:
    data, atoms, weights = drawn(m, n, k)
    bound = bound_gradient(certified(data, atoms, weights, variance), TOLERANCES[m])
    assert bound.offset == 0
    assert 1 - 1e-11 < bound.lower <= bound.upper <= bound.lower * (1 + 2 * TOLERANCES[m])

    def kernels(t: Array) -> Array:
        return np.exp(-np.square(data[:, None] - t).sum(axis=2) / (2 * float(variance)))

    fitted = kernels(atoms) @ (weights / weights.sum())
    starts = sorted(data, key=lambda t: -(kernels(t[None])[:, 0] / fitted).mean())[:6]
    found = [
        optimize.minimize(lambda t: -(kernels(t[None])[:, 0] / fitted).mean(), start, method="Nelder-Mead", tol=1e-9).x
        for start in starts
    ]
    places = [*np.array(found).tolist(), *np.random.default_rng(1).uniform(-9, 9, size=(20, m)).tolist()]
    values = gradient_plus_one(data, atoms, weights, float(variance), places)
    highest = max(values)
    assert highest <= bound.upper
    assert -1e-8 < highest / bound.lower - 1 < 2 * TOLERANCES[m]


@pytest.mark.parametrize(("m", "n", "k", "variance"), CASES)
def test_the_envelope_contains_the_function(m: int, n: int, k: int, variance: Fraction | int) -> None:
    data, atoms, weights = drawn(m, n, k, 3)
    found = envelope(certified(data, atoms, weights, variance), 400)
    assert found is not None
    rng = np.random.default_rng(2)
    chosen = rng.integers(len(found.centres), size=25)
    places = found.centres[chosen] + rng.uniform(-1, 1, size=(25, m)) * found.half_width
    values = gradient_plus_one(data, atoms, weights, float(variance), places.tolist())
    for index, value in zip(chosen, values, strict=True):
        assert found.lower[index] <= value - 1 <= found.upper[index]
    assert (found.upper > found.lower).all()


def test_what_series_leave_out_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """With three terms and nothing said of the others, values would be outside of their bounds."""
    data, atoms, weights = drawn(1, 40, 3)
    short = polynomials.Basis(0.5, 3, 1)
    monkeypatch.setattr(gradient, "basis_for", lambda *_: short)
    places = np.linspace(data.min(), data.max(), 30)[:, None]
    values = [float(value) - 1 for value in gradient_plus_one(data, atoms, weights, 2.0, places.tolist())]

    def contains() -> bool:
        found = envelope(certified(data, atoms, weights, 2), 20_000)
        assert found is not None
        nearest = abs(found.centres - places.T).argmin(axis=0)
        return all(found.lower[i] <= v <= found.upper[i] for i, v in zip(nearest, values, strict=True))

    assert contains()
    monkeypatch.setattr(gradient, "basis_for", lambda *_: replace(short))
    monkeypatch.setattr(polynomials.Basis, "left_out", (0.0, 0.0))
    assert not contains()


def test_a_fit_far_from_the_data_has_a_gap_as_large_as_it_is() -> None:
    """One atom 60 standard deviations away from a point: the likelihood ratio is e^1800, beyond all doubles."""
    data, atoms, weights = np.array([[0.0], [60.0]]), np.array([[0.0]]), np.array([1.0])
    bound = bound_gradient(certified(data, atoms, weights, 1), 1e-10)
    with mpmath.workdps(30):
        (value,) = gradient_plus_one(data, atoms, weights, 1.0, [[60.0]])
        assert abs(mpmath.mpf(float(bound.gap.mid())) - mpmath.log(value)) < 1e-6
    assert bound.gap.upper() >= 1800 - np.log(2) - 1e-12


def test_numbers_that_are_not_finite_are_named() -> None:
    data = np.array([[0.0, 1.0], [2.0, -np.inf]])
    with pytest.raises(InputError, match=r"X: -inf in row 2, column 2: finite numbers up to 1e\+150"):
        npmle(data)


@pytest.mark.parametrize(
    ("atoms", "weights", "said"),
    [
        ([[0.0]], [0.0], "weight 1 is 0.0: each must be from"),
        ([[np.nan]], [1.0], "atoms: nan is among them"),
        ([[0.0], [1.0]], [1.0], "atoms: shape .2, 1. where 1 × 1"),
        ([[0.0], [1.0]], [1e-299, 1e299], "too far apart"),
    ],
)
def test_mixing_distributions_that_are_none(atoms: list[list[float]], weights: list[float], said: str) -> None:
    problem = make_problem(np.array([[0.0], [1.0]]), Fraction(1))
    with pytest.raises(InputError, match=said):
        make_mixing(problem, np.array(atoms), np.array(weights))


def test_data_too_far_apart_for_the_kernel_are_refused_with_what_would_help() -> None:
    with pytest.raises(
        CannotAnswerError, match=r"reach 1e\+150 standard deviations of the kernel from 0.*subtract a centre"
    ):
        make_problem(np.array([[0.0], [1e150]]), Fraction(1))
    with pytest.raises(CannotAnswerError, match="4 columns"):
        make_problem(np.zeros((2, 4)), Fraction(1))


def test_the_cells_reach_as_far_as_they_have_to() -> None:
    """Two groups far apart: between them no cell is needed, and D + 1 is at most what is said there."""
    data, atoms = np.array([[0.0], [0.5], [100.0]]), np.array([[0.2], [100.0]])
    cover = certified(data, atoms, np.array([2.0, 1.0]), 1)
    ends = [cover.centres(cover.cells[[i]])[0, 0] for i in (0, -1)]
    assert ends[0] < 0.3
    assert ends[1] > 99.7
    gaps = np.flatnonzero(np.diff(cover.cells[:, 0]) > 1)
    assert len(gaps) == 1
    first, last = (cover.centres(cover.cells[[gaps[0] + step]])[0, 0] for step in (0, 1))
    places = np.linspace(first + 0.26, last - 0.26, 9)[:, None]
    assert max(gradient_plus_one(data, atoms, np.array([2.0, 1.0]), 1.0, places.tolist())) <= cover.elsewhere < 0.5001
