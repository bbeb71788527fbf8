"""Expectations over a normal law, and how everything depends on the variables, in balls narrow and wide."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import flint
import mpmath
import pytest

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.two_means import expectation, model
from emtheory.numerics.two_means.box_forms import EM_MAP_DIVIDED
from emtheory.numerics.two_means.expectation import LOG_COSH, X2S, X2TS, X3TS, XS, XT, Integrand, T, expectations
from emtheory.numerics.two_means.iterates import iterate, iterate_slopes, variance_map, variance_map_slopes
from emtheory.numerics.two_means.model import Parameters, Slopes

Function = Callable[[Parameters, float], flint.arb]
SlopesOf = Callable[[Parameters, float], Slopes]

NAMES = ("theta", "separation", "truth_weight", "fit_weight", "fit_variance")
POINT = ("7/10", "13/10", "3/5", "7/10", "4/5")
FUNCTIONS = (
    (model.em_map, model.em_map_slopes),
    (model.em_map_derivative, model.em_map_derivative_slopes),
    (model.kl_divergence, model.kl_divergence_slopes),
    (variance_map, variance_map_slopes),
)


def ball(value: Fraction) -> flint.arb:
    return flint.arb(to_fmpq(value))


def parameters(values: tuple[str, ...], **moved: Fraction) -> Parameters:
    return Parameters(*(ball(Fraction(value) + moved.get(name, 0)) for name, value in zip(NAMES, values, strict=True)))


def brute(integrand: Integrand, theta: float, offset: float, mean: float) -> mpmath.mpf:
    """The integral by mpmath's own quadrature."""

    def value(x: mpmath.mpf) -> mpmath.mpf:
        u = theta * x + offset
        if integrand.log_cosh:
            return mpmath.log(mpmath.cosh(u))
        return x**integrand.x * mpmath.tanh(u) ** integrand.tanh * mpmath.sech(u) ** (2 * integrand.sech)

    with mpmath.workdps(25):
        ends = [mean - 12, mean - 4, mean - 1, 0, mean + 1, mean + 4, mean + 12]
        return mpmath.quad(lambda x: value(x) * mpmath.npdf(x, mean), sorted(ends))


@pytest.mark.parametrize("accuracy", [3.0, pytest.param(10.0, marks=pytest.mark.long), 30.0])
@pytest.mark.parametrize(
    "at", [(0.5, 0.25, 1.5), (-2.0, -1.0, 0.0), pytest.param((6.0, 0.5, -3.0), marks=pytest.mark.long)]
)
def test_balls_contain_the_integrals_and_are_narrow(accuracy: float, at: tuple[float, float, float]) -> None:
    integrands = (T, XT, XS, X2S, X2TS, X3TS, LOG_COSH)
    with arb_precision(working_bits(accuracy)):
        found = expectations(*map(flint.arb, at), integrands, accuracy)
        for integrand, each in zip(integrands, found, strict=True):
            truth = flint.arb(mpmath.nstr(brute(integrand, *at), 22), 1e-18)
            assert each.overlaps(truth), integrand
            assert each.rad() < 40 * (-flint.arb(accuracy)).exp()


def test_without_the_error_of_the_rule_a_ball_misses_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expectation, "discretisation_error", lambda *_: flint.arb(0))
    missed = 0
    with arb_precision(80):
        for theta in (0.25, 1.0, 2.0, 5.0):
            (found,) = expectations(flint.arb(theta), flint.arb(0.5), flint.arb(1), (XT,), 2.0)
            truth = flint.arb(mpmath.nstr(brute(XT, theta, 0.5, 1.0), 20), 1e-17)
            missed += not found.overlaps(truth)
    assert missed


@pytest.mark.parametrize("integrand", [XT, X3TS, LOG_COSH])
def test_the_bound_on_what_is_cut_off_is_above_it_and_near(integrand: Integrand) -> None:
    with arb_precision(80):
        theta, offset, mean, step = (flint.arb(value) for value in (2, 0.5, 1, 0.25))
        bound = expectation._tail(integrand, theta, offset, mean, 3 * step * 4, step)
        beyond = flint.arb(0)
        for index in range(12, 60):
            for node in (index, -index):
                (value,) = expectation._values(theta, offset, mean + node * step, (integrand,))
                beyond += abs(value) * step * (-((node * step) ** 2) / 2).exp() / (2 * flint.arb.pi()).sqrt()
        assert beyond < bound
        # The bound knows nothing of how sech decays.
        assert integrand.sech or bound < 4 * beyond


def test_a_wide_ball_contains_the_values_in_it() -> None:
    with arb_precision(100):
        wide = Parameters(*(ball(Fraction(v)).union(ball(Fraction(v) + Fraction(1, 4))) for v in POINT))
        for function, slopes in FUNCTIONS:
            around, sloped = function(wide, 10.0), slopes(wide, 10.0)
            for shift in (Fraction(0), Fraction(1, 9), Fraction(1, 4)):
                inside = parameters(POINT, **dict.fromkeys(NAMES, shift))
                assert around.contains(function(inside, 30.0))
                for name, slope in slopes(inside, 30.0).items():
                    assert sloped[name].contains(slope), (function.__name__, name)


@pytest.mark.parametrize(("function", "slopes"), FUNCTIONS)
def test_slopes_are_those_of_differences(function: Function, slopes: SlopesOf) -> None:
    h = Fraction(1, 10**10)
    with arb_precision(200):
        found = slopes(parameters(POINT), 60.0)
        for name in NAMES:
            up, down = (function(parameters(POINT, **{name: sign * h}), 60.0) for sign in (1, -1))
            assert abs((up - down) / (2 * ball(h)) - found[name]) < 1e-14, name


def test_slopes_of_iterates_contain_differences_over_a_box() -> None:
    with arb_precision(120):
        wide = replace(parameters(POINT), separation=ball(Fraction(13, 10)).union(ball(Fraction(27, 20))))
        slopes = iterate_slopes(wide, 12.0, flint.arb(2), 3)
        ends = [
            iterate(replace(wide, separation=ball(Fraction(end))), 30.0, flint.arb(2), 3) for end in ("13/10", "27/20")
        ]
        assert slopes["separation"].contains((ends[1] - ends[0]) / ball(Fraction(1, 20)))
        other = iterate(replace(parameters(POINT)), 30.0, flint.arb(2) + ball(Fraction(1, 10**6)), 3)
        assert slopes["start"].contains((other - iterate(parameters(POINT), 30.0, flint.arb(2), 3)) * 10**6)


def test_the_divided_difference_goes_through_the_point_where_it_is_a_derivative() -> None:
    with arb_precision(120):
        balls = {name: ball(Fraction(v)) for name, v in zip(NAMES, ("1", "1", "3/5", "3/5", "1"), strict=True)}
        limit = EM_MAP_DIVIDED.value(balls, 30.0, {})
        assert limit.overlaps(model.em_map_derivative(Parameters(**balls), 30.0))
        near = EM_MAP_DIVIDED.value({**balls, "theta": ball(Fraction(10**6 + 1, 10**6))}, 30.0, {})
        slope = EM_MAP_DIVIDED.slopes(balls, 30.0, {})["theta"]
        assert abs((near - limit) * 10**6 - slope) < 1e-4


def test_a_slope_too_steep_is_told() -> None:
    with arb_precision(60), pytest.raises(CannotAnswerError, match="too steep"):
        expectations(flint.arb(10**6), flint.arb(0), flint.arb(0), (XT,), 10.0)
