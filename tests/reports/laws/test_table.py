import csv
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.fingerprint import package_fingerprint
from emtheory.numerics.sweep.cell import compute
from emtheory.reports.laws.figures import simplex_drifts
from emtheory.reports.laws.plan import Family, LawGrid, lloyd_ball, plan_laws
from emtheory.reports.laws.table import bound_over_truth, fit_line, fit_power, law_fits, law_rows, number
from emtheory.reports.tables.sweep_table import line_of

PUBLISHED = Path(__file__).parents[2] / "reference" / "expected_max_normal.csv"

SMALL = LawGrid((Family("one-heavy:3/5", (4,), (4,), (4,)),), "2", "1", (Fraction(1, 2),), "1/2", (), ())


def _line(k: int, quantity: str, value: float, weights: str = "w", **arguments: str) -> dict[str, Any]:
    return {
        "k": k,
        "weights": weights,
        "quantity": quantity,
        "arguments": arguments,
        "value": repr(value),
        "lower": repr(value),
        "upper": repr(value),
        "level": "certified",
    }


def test_the_rows_are_those_of_the_sweep() -> None:
    cells = plan_laws(SMALL)["laws"].values()
    (row,) = law_rows(line_of(cell, compute(cell, package_fingerprint())) for cell in cells)
    # (4·3/5 − 1)²/9 = 49/225, and by Proposition 1 and E max = 1.02938 of four normals, R_0 = √(4/3)·1.02938.
    assert number(row, "spectral_gap") == pytest.approx(49 / 225)
    assert number(row, "lloyd_radius") == pytest.approx(math.sqrt(4 / 3) * 1.0293753730)
    assert number(row, "strong_convexity_radius") == math.inf
    ratio = bound_over_truth(row)
    assert ratio is not None
    assert 0 < ratio < 1


@pytest.mark.parametrize("k", [2, 5, 10])
def test_the_ball_just_holds_lloyds_simplex(k: int) -> None:
    with PUBLISHED.open(encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    maxima = {int(row["k"]): float(row["expected_max"]) for row in csv.DictReader(lines)}
    radius = math.sqrt(k / (k - 1)) * maxima[k]
    assert 0 < float(lloyd_ball(k)) - radius <= 1e-3


def test_laws_put_into_the_rows_are_found() -> None:
    lines = []
    for k in (8, 16, 64, 256):
        lines.append(_line(k, "lloyd_radius", 2 * math.sqrt(2 * math.log(k)) - 1))
        lines.append(_line(k, "worst_contraction_factor", 1 - 0.5 * k**-0.25, radius="1"))
        lines.append(_line(k, "contraction_bound", 1 - 0.25 * k**-2.0, radius="1"))
        lines.append(_line(k, "strong_convexity_radius", 1.5 + 3 / k, fraction="1/2"))
    fits = {str(fit["law"]): fit for fit in law_fits(law_rows(lines))}
    slopes = {law.split(" is ")[0]: float(str(fit["slope"])) for law, fit in fits.items()}
    assert slopes == {
        "$R_0 = a + b √(2 log k)$": pytest.approx(2),
        "1 − worst factor": pytest.approx(-0.25),
        "1 − contraction bound": pytest.approx(-2),
        "radius of $λ_{min}$ at least half the gap": pytest.approx(3),
    }


def test_the_drift_is_the_angle_between_the_step_and_the_simplex() -> None:
    powers = {"1": "0.25", "2": "0.5"}
    lines = [
        _line(4, "posterior_power", float(value), "geometric:1/2", m=m) | {"radius": "1"} for m, value in powers.items()
    ]
    (row,) = simplex_drifts(lines)
    # After the step (√2·3/4, 1/2); its angle to (√2, 1): cos = (3/2 + 1/2)/(√3 √(9/8 + 1/4)).
    cosine = 2 / math.sqrt(3 * (9 / 8 + 1 / 4))
    assert row["drift"] == pytest.approx(math.sqrt(1 - cosine**2))


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
