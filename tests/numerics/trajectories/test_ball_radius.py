"""Steps of population EM, against the operator by its definition.

Steps of population EM on the ray: the model of all of the way against a quadrature for each step.
"""

from fractions import Fraction

import flint
import numpy as np
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.trajectories import ball_radius
from emtheory.numerics.trajectories.ball_radius import ray_step
from tests.numerics.brute_force import brute_force, start


@pytest.mark.parametrize(
    ("k", "weights", "radius"), [(2, "4/5,1/5", "3/2"), (3, "1/2,3/10,1/5", "1"), (3, "uniform", "1")]
)
@pytest.mark.parametrize("eps", ["1/1000"])
def test_against_the_operator_by_definition(k: int, weights: str, radius: str, eps: str) -> None:
    case = make_case(k, weights, radius=Fraction(radius))
    theta, steps = start(case), 0
    while (value := brute_force(case, theta)).kl > float(Fraction(eps)):
        theta, steps = np.asarray(value.update), steps + 1
    found = evaluate("iterations_to_kl", case, {"eps": Fraction(eps)}, 10, "ball")
    assert found.lower == found.upper == steps


def test_neighbouring_targets_are_told_apart() -> None:
    """KL after one step, to 20 digits either side: one step suffices for the larger target only."""
    case = make_case(2, "4/5,1/5", radius=Fraction(1))
    power = evaluate("posterior_power", case, {"m": Fraction(1)}, 60, "ball").midpoint
    kl = evaluate("kl_divergence", case.at_radius(1 - Fraction(power)), {}, 40, "ball").midpoint
    above, below = (Fraction(kl) * (1 + sign * Fraction(1, 10**20)) for sign in (1, -1))
    assert evaluate("iterations_to_kl", case, {"eps": above}, 5, "ball").upper == 1
    assert evaluate("iterations_to_kl", case, {"eps": below}, 5, "ball").lower == 2


def test_an_undecided_comparison_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(2, "4/5,1/5", radius=Fraction(1))
    kl = evaluate("kl_divergence", case, {}, 40, "ball").midpoint
    monkeypatch.setattr(ball_radius, "_ACCURACIES", (30.0, 60.0))
    with pytest.raises(CannotAnswerError, match="cannot be told"):
        evaluate("iterations_to_kl", case, {"eps": Fraction(kl)}, 5, "ball")


def test_refuses_a_trajectory_off_the_simplex() -> None:
    case = make_case(4, "1/2,1/4,1/8,1/8", radius=Fraction(1))
    with pytest.raises(CannotAnswerError, match="leaves the regular simplex"):
        ball_radius.steps_to_kl(case, Fraction(1, 10))


@pytest.mark.parametrize(("eps", "steps"), [("1e-10", 1), ("1e-50", 2), ("1e-150", 4)])
def test_a_factor_that_almost_vanishes(eps: str, steps: int) -> None:
    """1 − β is at most 5·10^−19 on the way: early on its ball contains 0, which must not end in a number."""
    case = make_case(2, ["0." + 20 * "9", "1e-20"], radius=Fraction(1))
    assert evaluate("iterations_to_kl", case, {"eps": Fraction(eps)}, 5, "ball").upper == steps


def test_rounding_of_the_quadratures_point_counts_as_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """r² = 1 is exact here, but x = 4/3, at whose centre KL is taken, is rounded."""
    case = make_case(4, "uniform", radius=Fraction(1))
    monkeypatch.setattr(ball_radius, "kl_at", lambda *_: flint.arb(1))
    with arb_precision(64):
        logarithm, _ = ball_radius._excess(case, Fraction(1), 30.0)(0)
        x = flint.arb(flint.fmpq(4, 3))
    power = evaluate("posterior_power", case, {"m": Fraction(1)}, 5, "ball").lower
    # dKL/dx = β(k − 1)/2k.
    assert logarithm.rad() > 0.37 * float(power) * x.rad() > 0


def uniform(k: int = 3) -> Case:
    return make_case(k, "uniform", radius=Fraction(1))


def test_thousands_of_steps_cost_no_more_quadratures(monkeypatch: pytest.MonkeyPatch) -> None:
    """With uniform weights KL_t ~ (k − 1)/(16t²)."""
    moments, counts = ball_radius.ray_moments, []
    for eps in ("1e-6", "1e-8"):
        made: list[int] = []
        monkeypatch.setattr(ball_radius, "ray_moments", lambda *a, made=made: made.append(1) or moments(*a))
        steps = ball_radius.steps_to_kl(uniform(), Fraction(eps))
        assert abs(steps - (2 / 16 / float(Fraction(eps))) ** 0.5) < 1
        counts.append(len(made))
    assert counts[0] < 70
    assert counts[1] < 1.3 * counts[0]


def test_a_step_of_the_model_is_that_of_a_quadrature(monkeypatch: pytest.MonkeyPatch) -> None:
    with arb_precision(128):
        by_model = ray_step(uniform(), 0.01, 24.0)
        monkeypatch.setattr(ball_radius, "_model", lambda *_: None)
        by_quadrature = ray_step(uniform(), 0.01, 24.0)
        for x in (flint.arb("1.5"), flint.arb("0.3"), flint.arb("0.0107")):
            (power, image), (other, other_image) = by_model(x), by_quadrature(x)
            assert power.overlaps(other)
            assert image.overlaps(other_image)
            assert 0 < power.rad() < 1e-7
            assert power.mid() != other.mid()


def test_a_step_holds_for_all_of_a_ball_and_the_error_does_not_grow() -> None:
    with arb_precision(128):
        step = ray_step(uniform(), 0.01, 24.0)
        x = flint.arb("0.5", "0.01")
        _, image = step(x)
        for end in (x.lower(), x.upper()):
            assert image.contains(step(end)[1].mid())
        assert not step(x.mid())[1].contains(step(x.upper())[1].mid())  # the error of x has to be carried along
        assert image.rad() / image.mid() < x.rad() / x.mid()
