"""Averages over scrambled Sobol points against certified values, with the coverage of their intervals counted."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from emtheory.numerics.any_point import sampled
from emtheory.numerics.any_point.expressions import hessian_min_eigenvalue
from emtheory.numerics.any_point.float_values import point_of
from emtheory.numerics.any_point.sampled import Averages, _exponents, _Observed, copies, estimate
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])
FIVE = make_case(5, "linear", amplitudes=[Fraction(2), Fraction(1, 3)])
SIX = make_case(6, "linear", amplitudes=[Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)])
LARGE = make_case(64, "one-heavy:1/2", amplitudes=[Fraction(1, 5 + m) for m in range(32)])


def divergence(found: Averages) -> float:
    return found.divergence


def power(found: Averages) -> float:
    return found.power(1)


@cache
def certified(name: str, case: Case, **arguments: int) -> float:
    exact = {key: Fraction(value) for key, value in arguments.items()}
    return float(evaluate(name, case, exact, 8, "ball").midpoint)


@pytest.mark.parametrize("case", [FOUR], ids=lambda case: f"k={case.k}")
@pytest.mark.parametrize("name", ["kl_divergence", "posterior_power", "hessian_min_eigenvalue"])
def test_against_certified_values(case: Case, name: str) -> None:
    """The interval at 99.9 % holds; a twin displaced by three half-widths would not."""
    quantity: Callable[[Averages], float] = {
        "kl_divergence": divergence,
        "posterior_power": lambda found: found.power(-2),
        "hessian_min_eigenvalue": lambda found: hessian_min_eigenvalue(point_of(case, found)),
    }[name]
    found = estimate(case, quantity, 2, degree=4 if name.startswith("hessian") else 2)
    truth = certified(name, case, **({"m": 2} if name == "posterior_power" else {}))
    assert abs(found.value - truth) < 1.5 * found.half_width
    assert 0 < found.excess(2) <= 1


@pytest.mark.long
def test_intervals_cover_as_often_as_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 80 % confidence 40 intervals cover between 22 and 40 times, except with probability below 1e−3."""
    monkeypatch.setattr(sampled, "CONFIDENCE", 0.8)
    for quantity, truth in (
        (power, certified("posterior_power", FOUR, m=1)),
        (divergence, certified("kl_divergence", FOUR)),
    ):
        found = [estimate(FOUR, quantity, 1, seed=seed) for seed in range(40)]
        assert 22 <= sum(abs(each.value - truth) < each.half_width for each in found) < 40


def test_a_simplex_agrees_with_the_one_dimensional_form() -> None:
    case = make_case(9, "linear", radius=Fraction(3, 2))
    off = make_case(9, "linear", amplitudes=[Fraction(3, 4)] * 4)
    for name, quantity, degree in (
        ("kl_divergence", divergence, 2),
        ("hessian_min_eigenvalue", lambda found: hessian_min_eigenvalue(point_of(off, found)), 4),
    ):
        found = estimate(off, quantity, 3, degree=degree)
        truth = float(evaluate(name, case, {}, 12, "ball").midpoint)
        assert abs(found.value - truth) < 1.5 * found.half_width < 0.03 * truth


@pytest.mark.parametrize("case", [FOUR, SIX, FIVE, LARGE], ids=lambda case: f"k={case.k}")
def test_the_means_of_the_controls_are_exact(case: Case) -> None:
    """Within five standard errors of independent points, which Sobol points seldom reach."""
    controls = _Observed(case)._controls(next(_exponents(case, 12, (3,))))
    errors = controls.std(axis=1) / np.sqrt(controls.shape[1])
    assert np.all(np.abs(controls.mean(axis=1)) <= 5 * errors + 1e-12)
    assert np.all(errors[2, 1:] > 0)


@pytest.mark.parametrize(
    ("k", "degree", "message"), [(5000, 2, "up to 4096 components"), (200, 4, "up to 64 frequencies")]
)
def test_too_many_components_are_refused(k: int, degree: int, message: str) -> None:
    case = make_case(k, "uniform", amplitudes=[Fraction(1, 100 + m) for m in range(k // 2)])
    with pytest.raises(CannotAnswerError, match=message):
        copies(case, 9, degree=degree)


def test_the_jackknife_takes_away_the_bias_of_a_square() -> None:
    """Of a mean squared, whose estimate is the mean product of different copies: exactly, by algebra."""
    found = np.arange(3.0 * 8).reshape(8, 3) ** 2
    value = sampled.jackknife(FOUR, lambda averages: averages.divergence**2, found, 1).value
    column = found[:, 0]
    assert value == pytest.approx((column.sum() ** 2 - (column**2).sum()) / (8 * 7))
