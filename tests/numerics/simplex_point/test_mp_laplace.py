"""The two tables of the mp route, and E log S from them, against definitions by direct quadrature."""

import math
from fractions import Fraction
from typing import Any

import pytest

from emtheory.numerics.arithmetic.precision import mp_context
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point import mp_laplace
from emtheory.numerics.simplex_point.lattice import plan
from tests.numerics.brute_force import brute_force
from tests.numerics.two_components import two_components
from tests.tiers import first_every_day

ACCURACY = 60.0
SLACK = 9.0
"""The plans count on |f| ≤ 1 in the strip; for the fourth moment it is up to (4/(e cos 1.4))⁴ = e^8.6."""
BITS = mp_laplace.working_bits(ACCURACY, 4)


def by_definition(context: Any, u: Any, s: Any, order: int) -> Any:
    """E f(u + sZ), f(y) = e^{ny} exp(−e^y), by a fine trapezoidal rule in Z that shares no node with the module."""
    h = 1 / (16 + 16 * context.ceil(s))
    total = context.mpf(0)
    for j in range(-int(12 / h), int(12 / h)):
        z = (j + context.mpf(1) / 3) * h
        y = u + s * z
        total += context.exp(order * y - context.exp(y)) * context.npdf(z)
    return total * h


@pytest.mark.parametrize("s", first_every_day(1, ["1/40", "1e-30"]))
def test_series_is_the_expectation(s: str) -> None:
    with mp_context(BITS) as context:
        spread = mp_laplace.real(context, Fraction(s))
        for order in range(5):
            coefficients = mp_laplace._heat_series(context, spread, order, ACCURACY)
            for u in (-20, -1, 0, 1, 3):
                x = context.exp(u)
                value = context.exp(-x) * context.polyval(coefficients, x)
                assert abs(value - by_definition(context, context.mpf(u), spread, order)) < context.exp(-ACCURACY)


def test_series_at_accuracies_below_the_range_of_double_precision() -> None:
    """e^−1000 underflows as a float; the series must go on to it all the same."""
    with mp_context(mp_laplace.working_bits(1000.0, 0)) as context:
        spread, x = context.mpf(1) / 500, context.mpf(2)
        value = context.exp(-x) * context.polyval(mp_laplace._heat_series(context, spread, 0, 1000.0), x)
        expected, h = context.mpf(0), context.mpf(1) / 20
        for j in range(-950, 951):
            expected += h * context.npdf(j * h) * context.exp(-x * context.exp(spread * j * h))
        assert abs(value - expected) < context.exp(-1000)


def test_series_without_its_last_term_is_off() -> None:
    with mp_context(BITS) as context:
        spread = context.mpf(1) / 40
        short = mp_laplace._heat_series(context, spread, 0, ACCURACY - 40)
        x = context.exp(1)
        error = context.exp(-x) * context.polyval(short, x) - by_definition(context, context.mpf(1), spread, 0)
        assert context.exp(-ACCURACY) < abs(error) < context.exp(-ACCURACY + 40)


@pytest.mark.parametrize("s", first_every_day(1, ["1", "1/10", "3"]))
def test_correlation_is_the_expectation(s: str) -> None:
    with mp_context(BITS) as context:
        spread, lattice = mp_laplace.real(context, Fraction(s)), plan(float(Fraction(s)), ACCURACY, 1.0, 4)
        stride = max(1, int(lattice.step / lattice.inner_step))
        left = context.mpf(lattice.left)
        table = mp_laplace._correlated_table(context, left, spread, lattice, stride, 4, BITS)
        step = stride * context.mpf(lattice.inner_step)
        for order, values in enumerate(table):
            for i in range(0, len(values), max(1, len(values) // 4)):
                expected = by_definition(context, left + i * step, spread, order)
                assert abs(values[i] - expected) < context.exp(SLACK - ACCURACY)


@pytest.mark.parametrize("radius", first_every_day(1, ["1/25", "1/50"]))
def test_both_tables_agree_where_both_apply(monkeypatch: pytest.MonkeyPatch, radius: str) -> None:
    case = make_case(3, "1/2,3/10,1/5", radius=Fraction(radius))

    def values() -> list[Any]:
        with mp_context(BITS) as context:
            moments = mp_laplace.mp_posterior_moments(context, case, 4, ACCURACY)
            return [mp_laplace.expected_log_sum(context, case, ACCURACY), moments.power(1), moments.coupling(1, 1)]

    monkeypatch.setattr(mp_laplace, "_SERIES_REACH", 1.0)
    series = values()
    monkeypatch.setattr(mp_laplace, "_SERIES_REACH", 0.0)
    correlation = values()
    assert series != correlation
    for one, other in zip(series, correlation, strict=True):
        assert abs(one - other) < math.exp(SLACK - ACCURACY)


def test_both_tables_are_in_use() -> None:
    def narrow(radius: float) -> bool:
        return mp_laplace._is_narrow(plan(radius * math.sqrt(2), ACCURACY, 0.75, 0))

    assert narrow(1 / 100)
    assert not narrow(1 / 10)


@pytest.mark.parametrize("radius", ["1e-20", "1/100", "1/10", "1", "5"])
def test_expected_log_sum_at_every_scale(radius: str) -> None:
    case = make_case(2, "3/4,1/4", radius=Fraction(radius))
    expected = two_components(case, 40).log_partition
    with mp_context(mp_laplace.working_bits(ACCURACY, 0)) as context:
        value = mp_laplace.expected_log_sum(context, case, ACCURACY)
        assert abs(value - mp_laplace.real(context, expected)) < context.exp(4 - ACCURACY)


@pytest.mark.parametrize("radius", ["1/60", "3/2"])
@pytest.mark.parametrize("k", [3, 4])
def test_small_and_large_radius_against_the_grid(k: int, radius: str) -> None:
    case = make_case(k, "linear", radius=Fraction(radius))
    expected = brute_force(case)
    with mp_context(mp_laplace.working_bits(40.0, 2)) as context:
        assert float(mp_laplace.expected_log_sum(context, case, 40.0)) == pytest.approx(
            expected.log_partition, abs=1e-12
        )
        moments = mp_laplace.mp_posterior_moments(context, case, 2, 40.0)
        for m in range(1, k):
            assert float(moments.power(m)) == pytest.approx(expected.posterior_power[m], abs=1e-11)


def test_tables_beyond_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mp_laplace, "MAX_NODES", 100)
    with mp_context(100) as context, pytest.raises(CannotAnswerError, match="radius 3 needs too large a table"):
        mp_laplace.expected_log_sum(context, make_case(3, "linear", radius=Fraction(3)), 30.0)


def test_rationals_are_converted_at_the_precision_in_force() -> None:
    with mp_context(200) as context:
        assert abs(mp_laplace.real(context, Fraction(1, 3)) * 3 - 1) < context.mpf(2) ** -198
