"""Boxes on which weights tend to 0, against sums and integrals from the definitions."""

from fractions import Fraction

import flint
import numpy as np
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.intervals.taylor_form import hull
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.forms import BoxForms, make_problem
from emtheory.reports.decide.boxes.vanishing import small_probability, window_width
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.verify import verify
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import brute_force
from tests.tiers import first_every_day

HEAVY, LIGHT = ("9/10", "1"), ("0", "1/10")
QUANTITIES = {
    "posterior_power(m=1)": lambda found: found.posterior_power[1],
    "kl_divergence": lambda found: found.kl,
    "hessian_min_eigenvalue": lambda found: found.hessian_eigenvalues[0],
    "pl_ratio": lambda found: found.gradient_square / 2 / found.kl,
}


def claim(statement: str, k: int, weights: tuple[str, str], radii: tuple[str, str]) -> Claim:
    assume = ("W < 1",) if weights[1] == "1" else ("W > 0",)
    ranges = {"W": weights, "radius": radii}
    return Claim("vanishing", statement, k=(k,), weights="one-heavy:W", for_all=ranges, assume=assume)


@pytest.mark.parametrize("name", QUANTITIES)
@pytest.mark.parametrize(("k", "weights"), [(2, HEAVY), (2, LIGHT), (3, HEAVY), (3, LIGHT)], ids=str)
def test_enclosures_where_weights_vanish_hold_all_values_and_little_else(
    name: str, k: int, weights: tuple[str, str]
) -> None:
    width = Fraction(1, 2**20)
    sides = {"W": (1 - width, Fraction(1)) if weights == HEAVY else (Fraction(0), width), "radius": 2 * (Fraction(1),)}
    question = read_claim(claim(f"{name} >= 0", k, weights, ("1/2", "1")))
    with arb_precision(100):
        forms = BoxForms(BoxCell(sides, 6, sides), make_problem(question, question.cases[0]), {})
        found = hull(forms.form(question.comparison.operands[0]))
    for part in (Fraction(1, 10**6), Fraction(1, 2), Fraction(1)):
        weight = 1 - part * width if weights == HEAVY else part * width
        value = QUANTITIES[name](brute_force(make_case(k, f"one-heavy:{weight}", radius=Fraction(1))))
        assert float(found.lower) - 1e-9 <= value <= float(found.upper) + 1e-9
    assert float(found.upper - found.lower) < 0.01
    further = Fraction(4, 5) if weights == HEAVY else Fraction(1, 5)
    outside = QUANTITIES[name](brute_force(make_case(k, f"one-heavy:{further}", radius=Fraction(1))))
    assert not float(found.lower) <= outside <= float(found.upper)


@pytest.mark.parametrize("radius", [0.25, 1.0, 3.0])
def test_the_posterior_probability_of_small_weights_is_bounded(radius: float) -> None:
    """k = 2: E 1/(1 + e^{2rX − log-odds}), and by no more than its square root times a number."""
    x = np.arange(-12, 12, 0.002)
    density = 0.002 / np.sqrt(2 * np.pi) * np.exp(-(x**2) / 2)
    for log_odds in (-0.5, -4.0, -16.0):
        mean = float(density @ (1 / (1 + np.exp(2 * radius * x - log_odds))))
        bound = float(small_probability(flint.arb(log_odds), 1, 2, flint.arb(radius)).upper())
        assert mean <= bound
        assert bound < 1 or log_odds == -0.5
        assert mean > bound**2 / 20


def test_windows_where_weights_vanish_are_as_narrow_as_the_radius_asks_for() -> None:
    assert window_width(2, Fraction(8)) == Fraction(1, 2**10)
    assert window_width(3, Fraction(2)) < window_width(3, Fraction(1)) < Fraction(1, 2**9)


@pytest.mark.long
@pytest.mark.parametrize(("constant", "outcome"), [("1/2", "certified"), ("82/100", "refuted")])
def test_all_weights_of_two_components_up_to_both_ends(constant: str, outcome: str) -> None:
    """The sharp constant is near 0.816; at W = 1/2 both sides vanish with the radius, at W = 1 there are no weights."""
    statement = f"posterior_power(m=1) >= {constant}*(2*W-1)**2"
    assert verify(claim(statement, 2, ("1/2", "1"), ("0", "8"))).outcome == outcome


BOTH_SIDES = [
    (HEAVY, "posterior_power(m=1) >= spectral_gap", "refuted"),
    (LIGHT, "posterior_power(m=1) <= 6/5*spectral_gap", "refuted"),
    (HEAVY, "posterior_power(m=1) >= 3/4*spectral_gap", "certified"),
    (LIGHT, "posterior_power(m=1) >= spectral_gap", "certified"),
]


@pytest.mark.parametrize(("weights", "statement", "outcome"), first_every_day(2, BOTH_SIDES))
def test_three_components_up_to_the_ends(weights: tuple[str, str], statement: str, outcome: str) -> None:
    assert verify(claim(statement, 3, weights, ("1/2", "3/4"))).outcome == outcome
