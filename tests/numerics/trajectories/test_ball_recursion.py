"""Steps of population EM on the ray: the model of all of the way against a quadrature for each step."""

from fractions import Fraction

import flint
import pytest

from emtheory.numerics.any_point import ball_values
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.simplex_point.float_laplace import float_posterior_moments
from emtheory.numerics.trajectories import ball_radius, ball_recursion
from emtheory.numerics.trajectories.ball_recursion import ray_step


def uniform(k: int = 3) -> Case:
    return make_case(k, "uniform", radius=Fraction(1))


@pytest.mark.parametrize(("k", "eps"), [(3, "1e-6"), (5, "1e-5")])
def test_hundreds_of_steps_as_in_double_precision(k: int, eps: str) -> None:
    case = uniform(k)
    found = evaluate("iterations_to_kl", case, {"eps": Fraction(eps)}, 10, "ball")
    radius, radii = 1.0, [1.0]
    for _ in range(int(found.upper)):
        radius *= 1 - float_posterior_moments(case.at_radius(Fraction(radius)), 2).power(1)
        radii.append(radius)
    before, after = (ball_values.kl_divergence(case.at_radius(Fraction(r)), 6).midpoint for r in radii[-2:])
    assert found.lower == found.upper > 100
    assert before > Fraction(eps) >= after


def test_thousands_of_steps_cost_no_more_quadratures(monkeypatch: pytest.MonkeyPatch) -> None:
    """With uniform weights KL_t ~ (k − 1)/(16t²)."""
    moments, counts = ball_recursion.ray_moments, []
    for eps in ("1e-6", "1e-8"):
        made: list[int] = []
        monkeypatch.setattr(ball_recursion, "ray_moments", lambda *a, made=made: made.append(1) or moments(*a))
        steps = ball_radius.steps_to_kl(uniform(), Fraction(eps))
        assert abs(steps - (2 / 16 / float(Fraction(eps))) ** 0.5) < 1
        counts.append(len(made))
    assert counts[0] < 70
    assert counts[1] < 1.3 * counts[0]


def test_a_step_of_the_model_is_that_of_a_quadrature(monkeypatch: pytest.MonkeyPatch) -> None:
    with arb_precision(128):
        by_model = ray_step(uniform(), 0.01, 24.0)
        monkeypatch.setattr(ball_recursion, "_model", lambda *_: None)
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


def test_few_steps_need_no_model() -> None:
    assert ball_recursion._model(make_case(3, "1/2,3/10,1/5", radius=Fraction(1)), 1e-3, 24.0) is None
