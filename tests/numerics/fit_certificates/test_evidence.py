"""Certified points are where EM in extended precision goes; balls contract; what is no such point is not proved."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.basin import factor_near, prove_basin
from emtheory.numerics.fit_certificates.evidence import FitEvidence, prove
from emtheory.numerics.fit_certificates.fit import Fit, normal_fit
from emtheory.numerics.fit_certificates.model import model_fit
from emtheory.numerics.fit_certificates.polish import polished, steps_between
from emtheory.numerics.fit_certificates.stationary import prove_stationary
from emtheory.theory.mixtures.reading import read_model
from tests.numerics.fit_certificates.brute_force import clusters, em, mean_log_likelihood, start

KINDS = ("full", "tied", "diag", "spherical")


def certified(kind: str, x: np.ndarray, k: int, seed: int, reg: float = 0.0) -> tuple[Fit, Fit, FitEvidence]:
    fit = normal_fit(start(kind, k, x, seed), x.shape[1], reg)
    goal = polished(fit, x)
    return fit, goal, prove(goal.family(), x)


def limit(goal: Fit, x: np.ndarray, steps: int) -> tuple[Any, Any, Any]:
    """Where EM in extended precision is after some steps from near a point."""
    state: tuple[Any, Any, Any] = goal.weights * 1.0, goal.means + 1e-6, goal.covariances * 1.0
    for _ in range(steps):
        state = em(goal.kind, *state, x, goal.reg_covar)
    return state


def contains(balls: list[flint.arb], values: Any) -> bool:
    flat = np.asarray(values, dtype=np.longdouble).ravel()
    return all(
        abs(flint.arb(str(value)) - ball.mid()) <= ball.rad() + 1e-16 for value, ball in zip(flat, balls, strict=True)
    )


WITH_REG = [("full", 0.0), ("tied", 0.05), ("diag", 0.05), ("spherical", 0.0)]


@pytest.mark.parametrize(("kind", "reg"), WITH_REG)
def test_the_box_contains_the_limit_of_em(kind: str, reg: float) -> None:
    x = clusters(2, 200, 2, 2, 3.0)
    _, goal, found = certified(kind, x, 2, 4, reg)
    state = limit(goal, x, 60)
    for name, values in zip(("weights", "means", "covariances"), state, strict=True):
        assert contains(found.named[name], values)
        assert max(float(ball.rad()) for ball in found.named[name]) < 1e-9
    assert found.attracts
    assert found.regularised == (reg > 0)
    assert found.strict_local_maximum is (None if reg else True)
    assert abs(found.log_likelihood - flint.arb(str(mean_log_likelihood(*state, x)))) < 1e-12


@pytest.mark.parametrize("kind", KINDS)
def test_eigenvalues_are_those_of_ems_jacobian(kind: str) -> None:
    x = clusters(3, 120, 2, 2, 2.0)
    _, goal, found = certified(kind, x, 2, 1)
    rate = float(found.point.em_rate.mid())
    state: tuple[Any, Any, Any] = goal.weights * 1.0, goal.means + 0.1, goal.covariances * 1.0
    moved, next_moved = np.ones(1), np.ones(1)
    while np.sqrt(next_moved @ next_moved) > 1e-13:
        after = em(kind, *state, x)
        moved, next_moved = next_moved, np.concatenate([(b - a).ravel() for a, b in zip(state, after, strict=True)])
        state = after
    observed = float(np.sqrt((next_moved @ next_moved) / (moved @ moved)))
    assert observed == pytest.approx(rate, rel=0.01)
    assert 0 < float(found.eigenvalues[0].mid()) == pytest.approx(1 - rate, abs=1e-9)
    assert len(found.eigenvalues) == goal.family().p


def test_standard_errors_are_those_of_the_hessian_by_differences() -> None:
    """One normal law: of the mean √(v/n), of the variance √(2v²/n); with a second one, by second differences."""
    x = clusters(4, 150, 1, 1, 1.0)
    _, _, one = certified("full", x, 1, 1)
    v = float(np.var(x))
    assert float(one.standard_errors["means"][0].mid()) == pytest.approx((v / 150) ** 0.5, rel=1e-9)
    assert float(one.standard_errors["covariances"][0].mid()) == pytest.approx((2 * v * v / 150) ** 0.5, rel=1e-9)
    x = clusters(4, 150, 2, 1, 4.0)
    _, goal, two = certified("full", x, 2, 1)
    centre = np.array([goal.weights[0], *goal.means.ravel(), *goal.covariances.ravel()])

    def likelihood(at: np.ndarray) -> float:
        return float(mean_log_likelihood([at[0], 1 - at[0]], at[1:3, None], at[3:, None, None], x))

    h = 2e-5 * np.eye(5)
    hessian = np.array(
        [
            [
                sum(s * t * likelihood(centre + s * h[i] + t * h[j]) for s in (1, -1) for t in (1, -1)) / (4 * 2e-5**2)
                for j in range(5)
            ]
            for i in range(5)
        ]
    )
    wanted = np.sqrt(np.diagonal(np.linalg.inv(-hessian)) / 150)
    found = [float(each.mid()) for name in ("weights", "means", "covariances") for each in two.standard_errors[name]]
    assert found[0] == pytest.approx(found[1])
    assert [found[0], *found[2:]] == pytest.approx(list(wanted), rel=1e-5)


@pytest.mark.parametrize(("kind", "reg"), WITH_REG)
def test_from_starts_in_the_ball_em_comes_nearer_by_the_factor(kind: str, reg: float) -> None:
    x = clusters(6, 200, 2, 2, 1.5)
    _, goal, found = certified(kind, x, 2, 4, reg)
    basin, size = found.basin, found.start
    assert size > 1e-5
    rng, family, point = np.random.default_rng(1), goal.family(), found.point
    basis = np.array([[float(v.mid()) for v in row] for row in point.basis.tolist()])
    back = np.linalg.inv(basis)
    centre = np.array([float(v.mid()) for v in family.centre])

    def y_of(fit: Fit) -> np.ndarray:
        """Coordinates in which distances are measured."""
        weights = np.log(fit.weights / family.weights)
        parts = [weights[:-1] - weights[-1]]
        turned = [w @ c @ w.T for w, c in zip(family.whitening, fit.covariances, strict=True)]
        precisions = [np.linalg.inv(each) for each in turned]
        linear = [
            p @ w @ (m - o) for p, w, m, o in zip(precisions, family.whitening, fit.means, family.means, strict=True)
        ]
        own = precisions[:1] if kind == "tied" else precisions
        entries = [each[e[0][0], e[0][1]] for each in own for e in family.basis]
        return back @ (np.concatenate([*parts, *linear, entries]) - centre)

    worst = 0.0
    for _ in range(20):
        step = rng.normal(size=family.p)
        step *= 0.98 * basin.radius / np.sqrt(step @ step)
        begin = goal.moved(family, basis @ step)
        worst = max(worst, float(np.linalg.norm(y_of(begin.em_step(x))) / np.linalg.norm(step)))
    assert worst <= basin.factor
    assert float(found.point.em_rate.lower()) <= factor_near(found.point, x)(1e-12)
    slowest = goal.moved(family, basis[:, 0] * basin.radius / 50)
    ratio = float(np.linalg.norm(y_of(slowest.em_step(x))) / (basin.radius / 50))
    rate = float(found.point.em_rate.mid())
    assert ratio == pytest.approx(rate, rel=0.05)
    assert ratio > (basin.factor if reg == 0 else rate) - (1 - rate)  # A much smaller factor would be false.
    # All starts within the size that is told are in the ball.
    for _ in range(20):

        def sign(shape: tuple[int, ...]) -> np.ndarray:
            return size * rng.choice([-1, 1], size=shape)

        shapes = {"full": (2, 2, 2), "tied": (1, 2, 2), "diag": (2, 2, 1), "spherical": (2, 1, 1)}
        change = sign(shapes[kind]) * (np.eye(2) if kind in ("diag", "spherical") else np.ones((2, 1, 1)))
        change = np.tril(change) + np.swapaxes(np.tril(change, -1), 1, 2)
        unwhite = np.linalg.inv(family.whitening)
        first = size * rng.choice([-1, 1]) * family.weights.min()
        begin = replace(
            goal,
            weights=family.weights + np.array([first, -first]),
            means=family.means + np.einsum("jab,jb->ja", unwhite, sign((2, 2))),
            covariances=unwhite @ (np.eye(2) + change) @ np.swapaxes(unwhite, 1, 2),
        )
        assert np.linalg.norm(y_of(begin)) <= basin.radius


def test_what_is_no_stationary_point_is_not_proved() -> None:
    x = clusters(2, 200, 2, 2, 3.0)
    _, goal, found = certified("full", x, 2, 4)
    for change in ({"means": goal.means + 1e-3}, {"weights": goal.weights + np.array([1e-3, -1e-3])}):
        moved = replace(goal, **change)
        with pytest.raises(CannotAnswerError, match="no stationary point is shown"):
            prove_stationary(moved.family(), x, (found.point.alone_within / 8,))
    with pytest.raises(CannotAnswerError):  # Another data set has its own.
        prove_stationary(goal.family(), x + 1e-4 * x**2, (1e-6,))
    with pytest.raises(CannotAnswerError, match=r"not shown to contract|not seen to be"):
        prove_basin(factor_near(found.point, x), 8 * found.basin.radius)
    assert found.start <= found.basin.radius
    # A regularised EM has another fixed point.
    with pytest.raises(CannotAnswerError):
        prove_stationary(replace(goal, reg_covar=1e-3).family(), x, (1e-6,))


def test_the_likelihood_at_a_regularised_fixed_point_has_a_slope() -> None:
    """It is not stationary there: a centre that is off by 10^-5 is off in likelihood by the slope times that."""
    x = clusters(2, 200, 2, 2, 3.0)
    _, goal, _ = certified("full", x, 2, 4, 0.5)
    moved = replace(goal, covariances=goal.covariances * (1 + 1e-5))
    found = prove(moved.family(), x)
    assert found.point.error > 1e-6
    exact = flint.arb(str(mean_log_likelihood(*limit(goal, x, 60), x)))
    at_centre = found.point.centre_log_likelihood
    assert found.log_likelihood.overlaps(exact + flint.arb(0, 1e-14))
    assert not at_centre.overlaps(exact + flint.arb(0, 1e-14))
    assert found.log_likelihood.rad() < 1e-3


def test_a_saddle_is_told_from_a_maximum() -> None:
    """Two means ±θ and data that vary more than 1: θ = 0 is a minimum, EM leaves it; ±θ* are maxima."""
    table = {
        "data": [{"weight": 1, "x": "normal(0, 1)"}],
        "fit": [{"weight": "1/2", "x": "normal(theta, 1)"}, {"weight": "1/2", "x": "normal(-theta, 1)"}],
        "estimate": ["theta"],
        "parameters": {"theta": "real"},
    }
    model = read_model("two", table)
    x = np.concatenate([np.linspace(1, 3, 20), -np.linspace(1, 3, 20)])[:, None]
    saddle = model_fit(model, {"theta": Fraction(0)}, x)
    at_zero = prove(polished(saddle, x).family(), x)
    assert at_zero.strict_local_maximum is False
    assert at_zero.attracts is False
    assert at_zero.basin is None
    assert at_zero.standard_errors is None
    # ∂²ℓ/∂θ² = n⁻¹Σx² − 1 there, and I_c = 1.
    assert abs(at_zero.eigenvalues[0] - (1 - flint.arb(float(np.mean(x**2))))) < 1e-11
    up = prove(polished(model_fit(model, {"theta": Fraction(1)}, x), x).family(), x)
    assert up.strict_local_maximum is True
    theta = float(up.named["theta"][0].mid())
    assert theta == pytest.approx(float(np.mean(x * np.tanh(theta * x))), rel=1e-12)


def of_two(weights: list[float], means: list[float], variances: list[float], reg: float = 0.0) -> Fit:
    given = {"covariance_type": "full", "weights": weights, "means": [[each] for each in means]}
    return normal_fit(given | {"covariances": [[[each]] for each in variances]}, 1, reg)


def test_components_that_coincide_or_stand_on_a_point_are_told() -> None:
    x = clusters(3, 60, 1, 1, 1.0)
    with pytest.raises(CannotAnswerError, match="coincide"):
        prove(polished(of_two([0.4, 0.6], [0.1, 0.1], [1, 1]), x).family(), x)
    x = np.array([[0.0], [0.1], [0.4], [-0.3], [5.0]])
    with pytest.raises(CannotAnswerError, match="component 1 collapses: it holds about 1 of 5 observations"):
        polished(of_two([0.8, 0.2], [0, 5], [1, 0.1]), x)
    assert prove(polished(of_two([0.8, 0.2], [0, 5], [1, 0.1], 1e-3), x).family(), x).attracts


def test_steps_are_counted() -> None:
    x = clusters(2, 200, 2, 2, 3.0)
    fit, goal, found = certified("full", x, 2, 4)
    steps = steps_between(fit, goal, x, float(found.point.em_rate.mid()))
    state = fit
    for _ in range(steps):
        before, state = state, state.em_step(x)
    assert state.distance(goal) < 1e-6 <= before.distance(goal)
    assert steps_between(goal, goal, x, 0.5) == 0


@pytest.mark.parametrize("scale", [1e-150, 1e149])
def test_the_scale_of_data_does_not_matter(scale: float) -> None:
    x = clusters(2, 60, 2, 1, 3.0)
    _, _, plain = certified("full", x, 2, 4)
    _, _, scaled = certified("full", x * scale, 2, 4)
    for left, right in zip(plain.eigenvalues, scaled.eigenvalues, strict=True):
        assert abs(left - right) < 1e-6
    assert scaled.strict_local_maximum
    with arb_precision(128):
        assert abs(plain.log_likelihood - flint.arb(scale).log() - scaled.log_likelihood) < 1e-9
