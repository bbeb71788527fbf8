"""D_n(u) in balls, every part of whose error is needed; the Laplace form in doubles and mpmath at every radius."""

import csv
import math
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

from emtheory.numerics.arithmetic.precision import arb_precision, mp_context, working_bits
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point import ball_inner, ball_laplace, ball_lattice, laplace
from emtheory.numerics.simplex_point.ball_inner import Array, InnerRule, OuterRule
from emtheory.numerics.simplex_point.ball_laplace import Normals, laplace_tables
from emtheory.numerics.simplex_point.laplace import DOUBLES, FULL_ACCURACY, expected_log_sum, posterior_moments
from emtheory.numerics.simplex_point.reach import squared_spread
from tests.numerics.brute_force import coupling_terms
from tests.numerics.two_components import two_components
from tests.tiers import examples

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


def nothing(*_: Any) -> flint.arb:
    return flint.arb(0)


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
