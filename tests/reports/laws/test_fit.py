import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.reports.laws.table import fit_line, fit_power

NUMBERS = st.floats(-5, 5).map(lambda value: round(value, 3))


@given(NUMBERS, NUMBERS)
def test_points_on_a_line_give_it_back(slope: float, intercept: float) -> None:
    x = [1.0, 2.0, 4.0, 7.0]
    fit = fit_line(x, [intercept + slope * a for a in x])
    assert (fit.slope, fit.intercept) == (pytest.approx(slope, abs=1e-9), pytest.approx(intercept, abs=1e-9))
    assert fit.residual == pytest.approx(0, abs=1e-9)
    assert fit.low == pytest.approx(fit.high, abs=1e-6)


def test_a_power_law_is_a_line_of_logarithms() -> None:
    x = np.array([2.0, 8.0, 64.0])
    fit = fit_power(x, 3 * x**-0.25)
    assert (fit.slope, math.exp(fit.intercept), fit.points) == (pytest.approx(-0.25), pytest.approx(3), 3)


def test_the_interval_is_students() -> None:
    # x̄ = 1, ȳ = 4/3, Sxx = 2: slope 1, residuals 1/3·(1, −2, 1), s² = 2/3; t_{0.975} with 1 degree of freedom 12.706.
    fit = fit_line([0, 1, 2], [1 / 3 + 1 / 3, 4 / 3 - 2 / 3, 7 / 3 + 1 / 3])
    assert fit.slope == pytest.approx(1)
    assert fit.high - fit.slope == pytest.approx(12.7062 * math.sqrt(2 / 3 / 2), rel=1e-4)
    assert fit.residual == pytest.approx(2 / 3)


def test_two_points_are_no_law() -> None:
    with pytest.raises(ValueError, match="residual"):
        fit_line([1, 2], [1, 2])
