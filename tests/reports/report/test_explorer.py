"""The interactive figure's table, held against routes that share no quadrature with it."""

from fractions import Fraction

import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.report.numbers import RADII, explore
from tests.tiers import first_every_day


def unit(text: str) -> float:
    """Return a unit of the last of four digits."""
    return 10.0 ** (int(f"{float(text):e}".partition("e")[2]) - 3)


@pytest.mark.parametrize(("k", "weights"), first_every_day(1, [(3, "one-heavy:9/10"), (2, "one-heavy:99/100")]))
def test_every_number_is_right_to_a_unit_of_its_last_digit(k: int, weights: str) -> None:
    row = explore(k, weights)
    case = make_case(k, weights)
    sigma = float(evaluate("spectral_gap", case, route="mp").midpoint)
    assert float(row["gap"]) == pytest.approx(sigma, abs=unit(row["gap"]))
    assert float(row["limit"]) == pytest.approx(1 - sigma, abs=unit(row["limit"]))
    assert float(row["gamma"]) == pytest.approx((sigma / 10) ** 0.5, abs=unit(row["gamma"]))
    assert [Fraction(start["radius"]) for start in row["starts"]] == list(RADII)
    for start in row["starts"][::4]:
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
