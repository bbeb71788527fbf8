"""Λ and D_n(u) in balls, every part of whose errors is needed, and the Laplace form in doubles and mpmath."""

import csv
import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import flint
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, mp_context, working_bits
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point import ball_inner, ball_laplace, ball_lattice, ball_partition, laplace
from emtheory.numerics.simplex_point.ball_inner import Array, InnerRule, OuterRule
from emtheory.numerics.simplex_point.ball_laplace import Normals, laplace_tables
from emtheory.numerics.simplex_point.ball_partition import (
    ball_posterior_moments,
    log_normal_match,
    log_partition_excess,
    raw_moments,
)
from emtheory.numerics.simplex_point.laplace import DOUBLES, FULL_ACCURACY, expected_log_sum, posterior_moments
from emtheory.numerics.simplex_point.moments import PosteriorMoments, cumulants_from_moments
from emtheory.numerics.simplex_point.reach import squared_spread
from tests.numerics.brute_force import coupling_terms, two_components
from tests.tiers import examples

MANY = {Fraction(1, 2): 1, Fraction(1, 2 * 63): 63}


def log_partition(weights: dict[Fraction, int], squared_deviation: Fraction, accuracy: float) -> flint.arb:
    s = flint.arb(to_fmpq(squared_deviation)).sqrt()
    return log_normal_match(weights, s)[0] + log_partition_excess(weights, s, accuracy)


def test_published_value() -> None:
    """E log(1 + e^Z) = 0.80605918334744 (tests of the R package survTMB) is Λ + log 2 for 1/2, 1/2 and s² = 1/2."""
    with arb_precision(120):
        value = log_partition({Fraction(1, 2): 2}, Fraction(1, 2), 50) + flint.arb(2).log()
        assert abs(value - flint.arb("0.80605918334744")) < 5e-15


@examples(4)
@given(numerator=st.integers(1, 19), radius=st.sampled_from(["1/20", "1/2", "1", "2"]))
def test_two_components_against_a_gaussian_integral(numerator: int, radius: str) -> None:
    case = make_case(2, [f"{numerator}/20", f"{20 - numerator}/20"], radius=Fraction(radius))
    counts = {weight: len(members) for weight, members in case.classes.items()}
    with arb_precision(200):
        exact = flint.arb(to_fmpq(two_components(case, 34).log_partition), 1e-28)
    for accuracy in (8.0, 30.0, 60.0):
        with arb_precision(working_bits(accuracy)):
            value = log_partition(counts, 2 * case.squared_radius, accuracy)
            assert value.overlaps(exact)
            assert value.rad() < 1e3 * math.exp(-accuracy)


Coarse = Callable[[OuterRule], OuterRule]


def fewer_nodes(rule: OuterRule) -> OuterRule:
    return replace(rule, step=4 * rule.step, first=rule.first // 4, count=rule.count // 4 + 1)


def shorter_left(rule: OuterRule) -> OuterRule:
    return replace(rule, first=rule.first // 2, count=rule.count + rule.first - rule.first // 2)


def shorter_right(rule: OuterRule) -> OuterRule:
    return replace(rule, count=rule.count - (rule.count + rule.first) // 2)


def nothing(*_: Any) -> flint.arb:
    return flint.arb(0)


def _sum_only(values: Any, accuracy: float) -> flint.arb:
    return sum(values, start=flint.arb(0))


@pytest.mark.parametrize(
    ("coarse", "drop", "mutant"),
    [
        pytest.param(fewer_nodes, "excess_discretisation", nothing, id="step"),
        pytest.param(shorter_left, "left_tail", nothing, id="left"),
        pytest.param(shorter_right, "log_concave_sum", _sum_only, id="right"),
    ],
)
def test_every_part_of_the_outer_error_is_needed(
    monkeypatch: pytest.MonkeyPatch, coarse: Coarse, drop: str, mutant: Callable[..., flint.arb]
) -> None:
    """With a rule too coarse in one respect the ball contains the truth, and without that bound it does not."""
    with arb_precision(working_bits(80)):
        truth = log_partition(MANY, Fraction(3, 2), 80)
        plan = ball_partition.plan_outer
        monkeypatch.setattr(ball_partition, "plan_outer", lambda *arguments: coarse(plan(*arguments)))
        assert log_partition(MANY, Fraction(3, 2), 60).contains(truth)
        monkeypatch.setattr(ball_partition, drop, mutant)
        assert not log_partition(MANY, Fraction(3, 2), 60).overlaps(truth)


def test_the_strip_is_not_rounded_upwards() -> None:
    """0.1 + 0.2 is more in doubles than the sum of the two."""
    exact = Fraction(0.1) + Fraction(0.2)
    assert Fraction(0.1 + 0.2) > exact
    with arb_precision(64):
        lower, upper = ball_bounds(OuterRule(0.5, 0, 1, angle=0.1, shift=0.2, accuracy=30.0).strip)
    assert lower <= exact <= upper < Fraction(0.1 + 0.2)


@pytest.mark.parametrize("step", [0.3, 0.7, 0.9, 1.1])
def test_the_bound_left_of_the_nodes_holds_to_the_last_bit(step: float) -> None:
    """k^{1−p} for p < 1, where 1 − p is not a double: rounded downwards it would be too small."""
    with arb_precision(200):
        s = flint.arb(1.9)
        outer = OuterRule(step, 0, 1, 1.0, 0.0, 30.0)
        p = flint.arb(float(step / s**2))
        expected = (p * p * s**2 / 2).exp() * 10 ** (1 - p) + (p * p / 2).exp()
        expected *= step * (-p * step).exp() / (1 - (-p * step).exp())
        assert not ball_partition.left_tail(outer, s, flint.arb(0), flint.arb(1), 10) < expected


HEAVY = make_case(2, "4/5,1/5")
FIVE = make_case(5, "1/2,1/4,1/8,1/16,1/16")


def moments(case: Case, squared_deviation: Fraction, accuracy: float, degree: int) -> PosteriorMoments:
    return ball_posterior_moments(case, flint.arb(to_fmpq(squared_deviation)).sqrt(), accuracy, degree)


def tanh_moment(case: Case, squared_deviation: Fraction, power: int) -> mpmath.mpf:
    """For k = 2: E (γ_0 − γ_1)^power = E tanh(dZ + ½ log(π_0/π_1))^power with 4d² = 2s²."""
    context = mpmath.MPContext()
    context.dps = 40
    ratio = case.weights[0] / case.weights[1]
    centre = context.log(context.mpf(ratio.numerator) / ratio.denominator) / 2
    scale = context.sqrt(context.mpf(squared_deviation.numerator) / squared_deviation.denominator / 2)
    points = context.linspace(-12, 12, 49)
    return context.quad(lambda z: context.npdf(z) * context.tanh(scale * z + centre) ** power, points)


def test_moments_of_two_components_against_a_gaussian_integral() -> None:
    squared = Fraction(1)
    second, fourth = (flint.arb(mpmath.nstr(tanh_moment(HEAVY, squared, power), 36), 1e-30) for power in (2, 4))
    for accuracy in (10.0, 55.0):
        with arb_precision(working_bits(accuracy)):
            found = moments(HEAVY, squared, accuracy, 4)
            assert found.power(1).overlaps(second)
            assert found.coupling(1, 1).overlaps(6 * fourth - 8 * second + 2)  # γ̂_2 = γ̂_0 = 1
            assert found.coupling(1, 1).rad() < 1e3 * math.exp(-accuracy)


@pytest.mark.parametrize("value", [lambda found: found.power(1), lambda found: found.coupling(1, 2)], ids=["β", "t"])
@pytest.mark.parametrize(
    ("coarse", "part"),
    [
        pytest.param(fewer_nodes, "step", id="step"),
        pytest.param(shorter_left, "tail", id="left"),
        pytest.param(shorter_right, "tail", id="right"),
    ],
)
def test_both_parts_of_the_error_are_needed(
    monkeypatch: pytest.MonkeyPatch, coarse: Coarse, part: str, value: Callable[[PosteriorMoments], Any]
) -> None:
    with arb_precision(working_bits(80)):
        truth = value(moments(FIVE, Fraction(3, 2), 80, 4))
        plan = ball_partition.plan_outer
        monkeypatch.setattr(ball_partition, "plan_outer", lambda *arguments: coarse(plan(*arguments)))
        assert value(moments(FIVE, Fraction(3, 2), 60, 4)).contains(truth)
        if part == "step":
            # The nodes kept also show what is missing; claim that nothing is, as far as rounding goes.
            monkeypatch.setattr(ball_partition, "discretisation", lambda *_: flint.arb(0))
        monkeypatch.setattr(ball_partition, "missing_mass", lambda *_: flint.arb(0))
        assert not value(moments(FIVE, Fraction(3, 2), 60, 4)).overlaps(truth)


def test_a_wide_deviation_covers_all_its_members() -> None:
    with arb_precision(160):
        wide: Any = ball_posterior_moments(FIVE, flint.arb(1.25, 1 / 256), 30, 4)
        for deviation in (319 / 256, 1.25, 321 / 256):
            member = ball_posterior_moments(FIVE, flint.arb(deviation), 60, 4)
            assert wide.power(2).contains(member.power(2))
            assert wide.coupling(1, 2).contains(member.coupling(1, 2))


def test_cumulants_and_moments_that_may_vanish_are_numbers() -> None:
    """A weight of 10^−20 makes its first moments balls around zero, and python-flint's power of those is nan."""
    moments = np.array([[flint.arb(0, 1e-9)] for _ in range(4)], dtype=object)
    for values in (cumulants_from_moments(moments), raw_moments(moments)):
        assert all(value.contains(0) and value.rad() < 1e-8 for value in values.flat)
    case = make_case(2, ["0." + 20 * "9", "1e-20"], radius=Fraction(173, 50))
    with arb_precision(working_bits(35)):
        power = ball_posterior_moments(case, flint.arb(to_fmpq(2 * case.squared_radius)).sqrt(), 35, 2).power(1)
        assert power.rad() < 1e-14


REFERENCE = Path(__file__).parents[2] / "reference" / "lognormal_laplace.csv"


def single_node(u: float, accuracy: float) -> OuterRule:
    """A lattice of one node at u > 0."""
    return OuterRule(u, 1, 1, 1.0, 0.0, accuracy)


@cache
def reference(u: float, s: float, n: int) -> mpmath.mpf:
    """∫ φ(z) e^{n(u+sz)} exp(−e^{u+sz}) dz by Gauss-Legendre rules on short intervals, about 30 digits."""
    context = mpmath.MPContext()
    context.dps = 40

    def integrand(z: Any) -> Any:
        y = u + s * z
        return context.npdf(z) * context.exp(n * y - context.exp(y))

    return context.quad(integrand, context.linspace(-14, 14, 57))


def contains(ball: flint.arb, value: mpmath.mpf, slack: float = 1e-28) -> bool:
    return ball.contains(flint.arb(mpmath.nstr(value, 35), slack))


def table(scale: float | flint.arb, s: flint.arb, rule: OuterRule, degree: int) -> Array:
    """D_n(u + log scale) for one Gaussian."""
    return laplace_tables(Normals((flint.arb(scale).log(),), s), rule, degree)[0]


@pytest.mark.parametrize(
    "row", list(csv.DictReader(REFERENCE.read_text().splitlines())), ids=lambda row: f"u={row['u']}"
)
def test_published_laplace_transform_of_the_log_normal(row: dict[str, str]) -> None:
    with arb_precision(100):
        deviation = flint.arb(row["variance_of_log"]).sqrt()
        value = table(flint.arb(row["u"]) * (-flint.arb(1)).exp(), deviation, single_node(1.0, 40.0), 0)[0, 0]
        assert abs(value - flint.arb(row["value"])) < 1e-8  # the source gives eight decimals, the last within 1


@examples(8)
@given(
    u=st.integers(-20, 12).map(lambda i: i / 4 + 1 / 64),
    s=st.sampled_from([1 / 128, 1 / 16, 0.5, 1.25, 3.0]),
    n=st.integers(0, 4),
    accuracy=st.sampled_from([8.0, 20.0, 50.0]),
)
def test_balls_contain_an_independent_quadrature(u: float, s: float, n: int, accuracy: float) -> None:
    with arb_precision(200):
        rule = replace(single_node(1.0, accuracy), step=abs(u), first=-1 if u < 0 else 1)
        value = table(1, flint.arb(s), rule, n)[n, 0]
        assert contains(value, reference(u, s, n))
        assert value.rad() < 1e4 * math.exp(-accuracy)


def coarser(plan: Any) -> Any:
    def planned(*arguments: Any) -> tuple[InnerRule, int]:
        rule, stride = plan(*arguments)
        few = stride // 4
        return replace(rule, step=rule.step * stride / few, reach=rule.reach * few // stride + 1), few

    return planned


def shorter(plan: Any) -> Any:
    def planned(*arguments: Any) -> tuple[InnerRule, int]:
        rule, stride = plan(*arguments)
        return replace(rule, reach=rule.reach // 2), stride

    return planned


PARTS: dict[str, tuple[tuple[Any, str, Any], tuple[Any, str, Any], float]] = {
    "step": ((ball_laplace, "_inner_rule", coarser), (ball_inner, "discretisation_error", nothing), 1.25),
    "reach": ((ball_laplace, "_inner_rule", shorter), (ball_inner, "supremum", nothing), 1.25),
    "end": (
        (ball_lattice, "take_samples", lambda take: lambda *a: take(*a[:-1], 2.0)),
        (ball_inner, "power_exp", nothing),
        1.25,
    ),
    "expansion": (
        (ball_laplace, "number_of_terms", lambda _: lambda *a: 2),
        (ball_laplace, "remainder", nothing),
        1 / 64,
    ),
    "interpolation": (
        (ball_lattice, "_half_width", lambda _: lambda *a: 4),
        (ball_lattice, "interpolation_error", nothing),
        1.25,
    ),
    "places": (
        (ball_lattice, "_GUARD_BITS", lambda _: -70),
        (ball_lattice, "balls", lambda numbers, bits, _: [number * flint.arb((1, -bits)) for number in numbers]),
        1.25,
    ),
}


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_the_inner_error_is_needed(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """With a rule too coarse in one respect the ball contains the truth, and without that bound it does not."""
    (module, name, change), (other, bound, replacement), s = PARTS[part]
    truth = [reference(u + 0.0625, s, 0) for u in (-2.0, 0.0, 2.0)]

    def missed() -> bool:
        with arb_precision(working_bits(60)):
            rule = replace(single_node(2.0, 60.0), first=-1, count=3)
            mean = flint.arb(0.0625)
            values = laplace_tables(Normals((mean,), flint.arb(s)), rule, 0)[0][0]
            return not all(contains(value, exact) for value, exact in zip(values, truth, strict=True))

    monkeypatch.setattr(module, name, change(getattr(module, name)))
    assert not missed()
    monkeypatch.setattr(other, bound, replacement)
    assert missed()


def spread_of(case: Case) -> float:
    """s = r√(k/(k−1)), the standard deviation of the exponents."""
    return math.sqrt(case.squared_radius * case.k / (case.k - 1))


@pytest.mark.parametrize("radius", ["1e-20", "1/1000", "10"])
def test_two_components_at_every_scale(radius: str) -> None:
    """Windows of the inner rule apart (small radius) and shared (large): thirteen digits, or all of mpmath's."""
    case = make_case(2, "3/4,1/4", radius=Fraction(radius))
    expected = two_components(case, 40)
    found = expected_log_sum(DOUBLES, case, FULL_ACCURACY)
    assert found == pytest.approx(float(expected.log_partition), rel=1e-14, abs=5e-16)
    power = float(posterior_moments(DOUBLES, case, 2, FULL_ACCURACY).power(1))
    assert power == pytest.approx(float(expected.posterior_power), rel=2e-13)
    with mp_context(laplace.working_bits(ACCURACY, 0)) as context:
        value = laplace.expected_log_sum(laplace.multiprecision(context), case, ACCURACY)
        assert abs(value - laplace.real(context, expected.log_partition)) < context.exp(4 - ACCURACY)


def test_moments_of_many_components_against_sampling() -> None:
    case = make_case(200, "one-heavy:9/10", radius=Fraction(5, 2))
    draws = spread_of(case) * np.random.default_rng(8).standard_normal((5000, 200))
    joint = np.exp(draws) * np.array([float(weight) for weight in case.weights])
    transform = np.fft.fft(joint / joint.sum(axis=1, keepdims=True), axis=1)
    computed = posterior_moments(DOUBLES, case, 4, FULL_ACCURACY)
    for sample, value in [
        (np.abs(transform[:, 3]) ** 2, computed.power(3)),
        (coupling_terms(transform.T, 3, 5), computed.coupling(3, 5)),
    ]:
        assert abs(value - sample.mean()) < 5 * sample.std() / np.sqrt(5000)


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ({"amplitudes": [Fraction(1), Fraction(1)]}, "not one's"),
        ({"radius": Fraction(0)}, "needs a positive radius"),
        ({"radius": Fraction(1, 10**130)}, "covers radii from about 1e-125 to 300"),
        ({"radius": Fraction(10**4)}, "covers radii from about 1e-125 to 300"),
    ],
)
def test_points_beyond_the_plans_are_refused(point: dict[str, object], message: str) -> None:
    with pytest.raises(CannotAnswerError, match=message):
        squared_spread(make_case(4, "linear", **point), "float")  # type: ignore[arg-type]


ACCURACY = 60.0


def test_series_at_accuracies_below_the_range_of_double_precision() -> None:
    """e^−1000 underflows as a float; the series must go on to it all the same."""
    with mp_context(laplace.working_bits(1000.0, 0)) as context:
        spread, x = context.mpf(1) / 500, context.mpf(2)
        sums = laplace._series(laplace.multiprecision(context), Fraction(1, 500**2), 0, 1000.0, np.array([x]))
        expected, h = context.mpf(0), context.mpf(1) / 20
        for j in range(-950, 951):
            expected += h * context.npdf(j * h) * context.exp(-x * context.exp(spread * j * h))
        assert abs(1 + sums(context.mpf(1))[0][0] - expected) < context.exp(-1000)
