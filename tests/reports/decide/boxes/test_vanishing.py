"""Boxes on which weights tend to 0, against sums and integrals from the definitions."""

from fractions import Fraction
from itertools import product

import flint
import numpy as np
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.forms import BoxForms, make_problem
from emtheory.reports.decide.boxes.vanishing import small_probability, vanishing
from emtheory.reports.decide.boxes.windows import windows
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from tests.numerics.brute_force import brute_force
from tests.reports.decide.conftest import QUANTITIES, claim

HEAVIEST, SMALL = (1 - Fraction(1, 2**20), Fraction(1)), (Fraction(0), Fraction(1, 2**20))
SLIM = (Fraction(2, 5), Fraction(2, 5) + Fraction(1, 2**10))
THREE: tuple[str, ...] = ("U", "V", "1-U-V")


@pytest.mark.parametrize(
    ("k", "weights", "sides"),
    [
        (2, "one-heavy:W", {"W": HEAVIEST}),
        (2, "one-heavy:W", {"W": SMALL}),
        (3, "one-heavy:W", {"W": HEAVIEST}),
        (3, "one-heavy:W", {"W": SMALL}),
        (3, THREE, {"U": SLIM, "V": SMALL}),
        (3, THREE, {"U": SMALL, "V": SMALL}),
        (3, ("W", "W/3", "1-4*W/3"), {"W": SMALL}),
        (3, "geometric:W", {"W": SMALL}),
    ],
    ids=str,
)
def test_enclosures_where_weights_vanish_hold_all_values_and_little_else(
    k: int, weights: str | tuple[str, ...], sides: dict[str, tuple[Fraction, Fraction]]
) -> None:
    ranges = {name: (str(low), str(high)) for name, (low, high) in sides.items()} | {"radius": ("1/2", "1")}
    assume = tuple(
        f"{name} > 0" if ends == SMALL else f"{name} < 1" for name, ends in sides.items() if ends in (SMALL, HEAVIEST)
    )
    box = sides | {"radius": (Fraction(1), Fraction(1))}
    for name, value_of in QUANTITIES.items():
        question = read_claim(claim(f"{name} >= 0", weights, *assume, k=k, **ranges))
        with arb_precision(100):
            forms = BoxForms(BoxCell(box, 6, box), make_problem(question, question.cases[0]), {})
            assert forms.vanishing is not None
            found = forms.form(question.comparison.operands[0]).range
        for part in (Fraction(1, 10**6), 1 - Fraction(1, 10**6)):
            place = {each: low + part * (high - low) for each, (low, high) in sides.items()}
            value = value_of(brute_force(question.at(question.cases[0], place | {"radius": Fraction(1)})))
            assert float(found.lower) - 1e-9 <= value <= float(found.upper) + 1e-9
        assert float(found.upper - found.lower) < 0.02
        off = Fraction(-1 if HEAVIEST in sides.values() else 1, 10)
        further = {each: high + off for each, (_, high) in sides.items()} | {"radius": Fraction(1)}
        outside = value_of(brute_force(question.at(question.cases[0], further)))
        assert not float(found.lower) <= outside <= float(found.upper)


def test_the_odds_of_small_weights_are_bounded_where_others_vary() -> None:
    """The base of the ratios may be larger than the others while these are smallest."""
    sides = {"U": (Fraction(0), Fraction(1, 2**10)), "V": (Fraction(1, 4), Fraction(1, 2))}
    ranges = {"U": ("0", "1/1024"), "V": ("1/4", "1/2"), "radius": ("1/2", "1")}
    question = read_claim(claim("kl_divergence >= 0", THREE, "U > 0", **ranges))
    with arb_precision(100):
        found = vanishing(make_problem(question, question.cases[0]).chart, 3, sides)
        assert found is not None
        (constant,) = found.constants
        for v in np.linspace(0.25, 0.5, 6):
            # U as large as its ratio to V, the base, allows.
            odds = float(constant.exp()) * v / (v + 1 - v - 1 / 1024)
            assert odds <= float(found.log_odds.exp())
        assert float(found.log_odds.exp()) < 4 / 1024


def test_up_to_where_one_of_several_weights_vanishes() -> None:
    for weights, small, ranges, statement, outcome in (
        ("geometric:W", "W", {"W": ("0", "1/16")}, "posterior_power(m=1) > 1/2", "certified"),
        ("geometric:W", "W", {"W": ("0", "1/16")}, "posterior_power(m=1) > 19/20", "refuted"),
        (THREE, "U", {"U": ("0", "1/64"), "V": ("1/2", "17/32")}, "posterior_power(m=1) < spectral_gap", "refuted"),
    ):
        asked = claim(statement, weights, f"{small} > 0", k=3, **ranges, radius=("1/4", "3/8"))
        assert decide_claim(asked).outcome == outcome, statement


def test_windows_where_a_domain_is_cut_are_few() -> None:
    """Where no weight is positive nothing is modelled, and next to a side windows are long."""
    ranges = {"U": ("0", "1/8"), "V": ("7/8", "1"), "radius": ("1/4", "3/8")}
    question = read_claim(claim("kl_divergence > 0", THREE, "U > 0", "U + V < 1", **ranges))
    whole = {name: (span.lower, span.top) for name, span in question.spans.items()}
    found = list(windows(make_problem(question, question.cases[0]), whole, 4))
    assert len(found) < 200
    assert sum(float((w["U"][1] - w["U"][0]) * (w["V"][1] - w["V"][0])) for w in found) in (1 / 64, 2 / 64)


def test_the_posterior_probability_of_small_weights_is_bounded() -> None:
    """k = 2: E 1/(1 + e^{2rX − log-odds}), and by no more than its square root times a number."""
    x = np.arange(-12, 12, 0.002)
    density = 0.002 / np.sqrt(2 * np.pi) * np.exp(-(x**2) / 2)
    for radius, log_odds in product((0.25, 1.0, 3.0), (-0.5, -4.0, -16.0)):
        mean = float(density @ (1 / (1 + np.exp(2 * radius * x - log_odds))))
        bound = float(small_probability(flint.arb(log_odds), 1, 2, flint.arb(radius)).upper())
        assert mean <= bound
        assert bound < 1 or log_odds == -0.5
        assert mean > bound**2 / 20


@pytest.mark.long
def test_all_weights_of_two_components_up_to_both_ends() -> None:
    """The sharp constant is near 0.816; at W = 1/2 both sides vanish with the radius, at W = 1 there are no weights."""
    for constant, outcome in (("1/2", "certified"), ("82/100", "refuted")):
        statement, ranges = f"posterior_power(m=1) >= {constant}*(2*W-1)**2", {"W": ("1/2", "1"), "radius": ("0", "8")}
        assert decide_claim(claim(statement, "one-heavy:W", "W < 1", k=2, **ranges)).outcome == outcome
