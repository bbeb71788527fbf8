"""The two tables of the mp route, and E log S from them, against definitions by direct quadrature."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from emtheory.numerics.arithmetic.precision import mp_context
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point import laplace
from tests.numerics.brute_force import brute_force
from tests.numerics.two_components import two_components

ACCURACY = 60.0
SLACK = 9.0
"""The plans count on |f| ≤ 1 in the strip; for the fourth moment it is up to (4/(e cos 1.4))⁴ = e^8.6."""
BITS = laplace.working_bits(ACCURACY, 4)


def by_definition(context: Any, u: Any, s: Any, order: int) -> Any:
    """E f(u + sZ), f(y) = e^{ny} exp(−e^y), by a fine trapezoidal rule in Z that shares no node with the module."""
    h = 1 / (16 + 16 * context.ceil(s))
    total = context.mpf(0)
    for j in range(-int(12 / h), int(12 / h)):
        z = (j + context.mpf(1) / 3) * h
        y = u + s * z
        total += context.exp(order * y - context.exp(y)) * context.npdf(z)
    return total * h


def tables(context: Any, radius: str, accuracy: float = ACCURACY) -> tuple[Any, laplace.Tables]:
    """s, and the tables of two components of weights 3/4 and 1/4."""
    case = make_case(2, "3/4,1/4", radius=Fraction(radius))
    table = laplace.tables_of(laplace.multiprecision(context), case, accuracy, 4)
    return context.sqrt(2) * laplace.real(context, Fraction(radius)), table


@pytest.mark.parametrize("radius", ["1/300", "3"])
def test_tables_are_expectations(radius: str) -> None:
    with mp_context(BITS) as context:
        s, table = tables(context, radius)
        count = len(table.nodes)
        for i in (count // 2, 4 * count // 5):
            u, one = table.nodes[i] + context.log(laplace.real(context, Fraction(1, 4))), 1 + table.deficits[1, i]
            for order, value in enumerate([one, *(moment[1, i] for moment in table.moments)]):
                assert abs(value - by_definition(context, u, s, order)) < context.exp(SLACK - ACCURACY)


def test_series_at_accuracies_below_the_range_of_double_precision() -> None:
    """e^−1000 underflows as a float; the series must go on to it all the same."""
    with mp_context(laplace.working_bits(1000.0, 0)) as context:
        spread, x = context.mpf(1) / 500, context.mpf(2)
        sums = laplace._series(laplace.multiprecision(context), Fraction(1, 500**2), 0, 1000.0, np.array([x]))
        expected, h = context.mpf(0), context.mpf(1) / 20
        for j in range(-950, 951):
            expected += h * context.npdf(j * h) * context.exp(-x * context.exp(spread * j * h))
        assert abs(1 + sums(context.mpf(1))[0][0] - expected) < context.exp(-1000)


def test_tables_of_less_accuracy_are_off() -> None:
    with mp_context(BITS) as context:
        s, table = tables(context, "1/60", ACCURACY / 4)
        i = max(i for i, node in enumerate(table.nodes) if node < 1)
        u = table.nodes[i] + context.log(laplace.real(context, Fraction(3, 4)))
        error = 1 + table.deficits[0, i] - by_definition(context, u, s, 0)
        assert context.exp(-ACCURACY) < abs(error) < context.exp(SLACK - ACCURACY / 4)


@pytest.mark.parametrize("radius", ["1e-20", "1/100", "1/10", "1", "5"])
def test_expected_log_sum_at_every_scale(radius: str) -> None:
    case = make_case(2, "3/4,1/4", radius=Fraction(radius))
    expected = two_components(case, 40).log_partition
    with mp_context(laplace.working_bits(ACCURACY, 0)) as context:
        value = laplace.expected_log_sum(laplace.multiprecision(context), case, ACCURACY)
        assert abs(value - laplace.real(context, expected)) < context.exp(4 - ACCURACY)


@pytest.mark.parametrize("radius", ["1/60", "3/2"])
@pytest.mark.parametrize("k", [3, 4])
def test_small_and_large_radius_against_the_grid(k: int, radius: str) -> None:
    case = make_case(k, "linear", radius=Fraction(radius))
    expected = brute_force(case)
    with mp_context(laplace.working_bits(40.0, 2)) as context:
        assert float(laplace.expected_log_sum(laplace.multiprecision(context), case, 40.0)) == pytest.approx(
            expected.log_partition, abs=1e-12
        )
        moments = laplace.posterior_moments(laplace.multiprecision(context), case, 2, 40.0)
        for m in range(1, k):
            assert float(moments.power(m)) == pytest.approx(expected.posterior_power[m], abs=1e-11)


def test_tables_beyond_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laplace, "MAX_NODES", 100)
    with mp_context(100) as context, pytest.raises(CannotAnswerError, match="radius 3 needs too large a table"):
        laplace.expected_log_sum(laplace.multiprecision(context), make_case(3, "linear", radius=Fraction(3)), 30.0)
