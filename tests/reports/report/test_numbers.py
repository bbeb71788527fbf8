from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.report.figures import decay_drawing
from emtheory.reports.report.numbers import RADII, Setting, compare, decays, explore, profile


def test_valid_weights_decay_by_the_squared_factor_and_uniform_ones_like_the_inverse_square() -> None:
    valid, valid_predicted, uniform, predicted = decays(3, "1/2,3/10,1/5", 150).curves
    # σ² = 7/100 by hand, so KL shrinks by 0.93² in each step once θ is small.
    assert valid.y[100] / valid.y[99] == pytest.approx(0.93**2, rel=1e-4)
    assert valid_predicted.y[1:] / valid_predicted.y[:-1] == pytest.approx(np.full(len(valid.y) - 1, 0.93**2))
    assert (predicted.x[-1], predicted.y[-1]) == (150, pytest.approx(2 / 16 / 150**2))
    assert uniform.y[150] == pytest.approx(predicted.y[-1], rel=0.1)


def test_profile_shows_where_strong_convexity_fails() -> None:
    found = profile(Setting(1000, "one-heavy:99/100", 999), 2.64, count=3)
    beta, hessian, factor = (curve.y for curve in found.curves)
    # λ_min near −0.130 at radius 2.64 is a published value of the project's requirements.
    assert hessian[-1] == pytest.approx(-0.130, abs=1e-3)
    assert beta + factor == pytest.approx(1)
    assert factor.max() < 1


@pytest.mark.long
def test_the_figure_of_the_first_page_is_that_of_the_report_in_a_grey_that_is_seen_on_light_and_dark() -> None:
    file = Path(__file__).parents[3] / "docs" / "kl-iterations.svg"
    assert file.read_text(encoding="utf-8") == decay_drawing().svg.replace("<svg ", '<svg color="#777" ', 1)


def test_a_setting_beyond_quadrature_says_so() -> None:
    row = compare(Setting(7, "difference-set:3/5", 6))
    assert isinstance(row["floating"], dict)
    assert "nodes" in row["floating"]["reason"]


def unit(text: str) -> float:
    """Return a unit of the last of four digits."""
    return 10.0 ** (int(f"{float(text):e}".partition("e")[2]) - 3)


def test_every_number_is_right_to_a_unit_of_its_last_digit() -> None:
    row, case = explore(3, "one-heavy:9/10"), make_case(3, "one-heavy:9/10")
    sigma = float(evaluate("spectral_gap", case, route="mp").midpoint)
    assert float(row["gap"]) == pytest.approx(sigma, abs=unit(row["gap"]))
    assert float(row["limit"]) == pytest.approx(1 - sigma, abs=unit(row["limit"]))
    assert float(row["gamma"]) == pytest.approx((sigma / 10) ** 0.5, abs=unit(row["gamma"]))
    assert [Fraction(start["radius"]) for start in row["starts"]] == list(RADII)
    for start in row["starts"][::8]:
        at = case.at_radius(Fraction(start["radius"]))
        beta = float(evaluate("posterior_power", at, {"m": Fraction(1)}, digits=10, route="mp").midpoint)
        assert float(start["beta"]) == pytest.approx(beta, abs=unit(start["beta"]))
        assert float(start["factor"]) == pytest.approx(1 - beta, abs=unit(start["factor"]))
        assert float(start["factor"]) <= float(start["bound"])
        radius = Fraction(start["radius"])
        for kl in start["kl"][:2]:
            there = case.at_radius(radius)
            expected = float(evaluate("kl_divergence", there, digits=10, route="mp").midpoint)
            assert float(kl) == pytest.approx(expected, abs=1.01 * unit(kl))
            power = evaluate("posterior_power", there, {"m": Fraction(1)}, digits=12, route="mp").midpoint
            radius = (radius * (1 - Fraction(power))).limit_denominator(10**12)
