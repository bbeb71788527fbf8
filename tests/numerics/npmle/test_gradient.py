"""Bounds of the gradient function, of mixing distributions and of fits, against its definition and other code."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy import optimize
from scipy.stats import multivariate_normal

from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.fit_certificates.fit import normal_fit
from emtheory.numerics.npmle import gradient, polynomials
from emtheory.numerics.npmle.evidence import gap_to_best, kernels_of_fit
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


KINDS = {
    "full": lambda d: [np.eye(d) * 0.7 + 0.2, np.eye(d) * 1.5 - 0.3 / d],
    "tied": lambda d: np.eye(d) + 0.3,
    "spherical": lambda d: [0.6, 0.6],
    "diag": lambda d: [np.linspace(0.5, 1, d), np.linspace(1, 0.4, d)],
}


def drawn_fit(kind: str, d: int, shift: float = 0.0) -> tuple[Array, dict[str, Any]]:
    rng = np.random.default_rng(d)
    rows = (
        np.concatenate([rng.normal(-2, 1, (25, d)), rng.normal(1.5, 0.8, (15, d)), rng.normal(0, 0.3, (3, d))]) + shift
    )
    means = np.array([[-2.0] * d, [1.0] * d]) + shift
    return rows, {
        "covariance_type": kind, "weights": [0.6, 0.4], "means": means, "covariances": np.array(KINDS[kind](d)),
    }  # fmt: skip


def covariances_of(given: dict[str, Any], d: int) -> list[Array]:
    each = given["covariances"] if given["covariance_type"] != "tied" else [given["covariances"]] * 2
    return [np.eye(d) * np.array(x) if np.ndim(x) < 2 else np.array(x) for x in each]


def gradient_of(given: dict[str, Any], rows: Array, covariance: Array, places: Array) -> Array:
    """D of a kernel at places, by its definition with SciPy's densities."""
    own = covariances_of(given, rows.shape[1])
    fitted = sum(
        w * multivariate_normal(m, c).pdf(rows) for w, m, c in zip(given["weights"], given["means"], own, strict=True)
    )
    return np.array([(multivariate_normal(t, covariance).pdf(rows) / fitted).mean() - 1 for t in places])


@pytest.mark.parametrize(("kind", "d"), [("full", 1), ("tied", 1), ("full", 2), ("spherical", 2), ("diag", 2)])
def test_the_gradient_functions_are_within_their_bounds(kind: str, d: int) -> None:
    rows, given = drawn_fit(kind, d)
    kernels = kernels_of_fit(normal_fit(given, d), rows)
    assert len(kernels) == (1 if kind in ("tied", "spherical") else 2)
    highest = []
    for kernel in kernels:
        found = kernel.envelope()
        chosen = np.random.default_rng(0).integers(len(found.centres), size=40)
        chosen[0] = found.upper.argmax()
        steps = np.random.default_rng(1).uniform(-1, 1, (40, d)) * found.half_width
        covariance = covariances_of(given, d)[kernel.component]
        places = kernel.places(found.centres[chosen] + steps)
        values = gradient_of(given, rows, covariance, places)
        assert (found.lower[chosen] - 1e-12 <= values).all()
        assert (values <= found.upper[chosen] + 1e-12).all()
        other = gradient_of(given | {"weights": [0.5, 0.5]}, rows, covariance, places)
        assert not ((found.lower[chosen] <= other) & (other <= found.upper[chosen])).all()
        highest.append(values[0])
    lower, upper = map(float, gap_to_best(kernels))
    assert upper <= np.log1p(max(highest)) + 0.05
    assert (lower > 0) == (len(kernels) == 1)


@pytest.mark.parametrize(("kind", "shift"), [("full", 0.0), ("tied", 0.0), ("tied", 3e7)])
def test_no_mixture_of_the_kernels_is_better_by_more(kind: str, shift: float) -> None:
    """EM on the weights of a grid of means, for each kernel: it is better than the fit, and by less than is said."""
    rows, given = drawn_fit(kind, 1, shift)
    lower, upper = map(float, gap_to_best(kernels_of_fit(normal_fit(given, 1), rows)))
    deviations = np.sqrt([each[0, 0] for each in covariances_of(given, 1)])
    places = np.arange(rows.min(), rows.max(), 0.1)
    spread = np.repeat(deviations, len(places))
    means = np.tile(places, 2)
    kernels = np.exp(-np.square((rows - means) / spread) / 2) / spread
    weights = np.full(len(means), 1 / len(means))
    for _ in range(3000):
        weights *= (kernels / (kernels @ weights)[:, None]).mean(axis=0)
    fitted = np.exp(-np.square((rows - given["means"][:, 0]) / deviations) / 2) / deviations @ given["weights"]
    gain = float((np.log(kernels @ weights) - np.log(fitted)).mean())
    assert 0.01 < gain <= upper
    if kind == "tied":
        assert lower - 1e-3 < gain < lower + 1e-4
        assert upper - lower < (1e-5 if shift == 0 else 1e-4)


def test_what_is_not_compared_says_why() -> None:
    rows, given = drawn_fit("tied", 4)
    with pytest.raises(CannotAnswerError, match="in 4 dimensions space cannot be covered"):
        kernels_of_fit(normal_fit(given, 4), rows)
    rows, given = drawn_fit("tied", 1)
    with pytest.raises(CannotAnswerError, match="standard deviations of the kernel from 0"):
        kernels_of_fit(normal_fit(given | {"means": [[1e11], [1e11]]}, 1), rows)
