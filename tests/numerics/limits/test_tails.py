"""As θ → ∞: the bounds hold for every larger θ, and a little less than them would be wrong."""

import math
from fractions import Fraction

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from tests.numerics.limits.forms import form_of
from tests.tiers import examples

FORMS = {name: form_of(name) for name in ("em_map", "em_map_derivative", "kl_divergence")}


def bounds(quantity: str, values: dict[str, Fraction]) -> tuple[float, float]:
    """Of a quantity at θ, from the terms."""
    tail = FORMS[quantity].tail
    assert tail is not None
    with arb_precision(80):
        power, terms = tail({name: flint.arb(to_fmpq(value)) for name, value in values.items()})
        theta = float(values["theta"])
        lower, upper = (sum(float(pair[end]) * theta ** (power - i) for i, pair in enumerate(terms)) for end in (0, 1))
    return lower, upper


def value(quantity: str, values: dict[str, Fraction]) -> float:
    case = find_family("two-means").case(values, {})
    return float(evaluate(f"two-means.{quantity}", case, {}, 12).midpoint)


def case(
    theta: Fraction, separation: str, truth: str = "1/2", fit: str = "1/2", variance: str = "1"
) -> dict[str, Fraction]:
    names = ("separation", "truth_weight", "fit_weight", "fit_variance")
    return {"theta": theta, **dict(zip(names, map(Fraction, (separation, truth, fit, variance)), strict=True))}


@pytest.mark.parametrize("quantity", FORMS)
@examples(8)
@given(
    theta=st.fractions(1, 40, max_denominator=8),
    separation=st.sampled_from(["0", "1/2", "3"]),
    truth=st.sampled_from(["1/2", "9/10"]),
    fit=st.sampled_from(["1/2", "1/10", "4/5"]),
    variance=st.sampled_from(["1", "1/2", "3"]),
)
def test_the_bounds_hold(quantity: str, theta: Fraction, separation: str, truth: str, fit: str, variance: str) -> None:
    values = case(theta, separation, truth, fit, variance)
    lower, upper = bounds(quantity, values)
    found = value(quantity, values)
    assert lower - 1e-9 * abs(found) <= found <= upper + 1e-9 * abs(found)


def test_a_little_less_would_be_wrong() -> None:
    values = case(Fraction(60), "0")
    lower, upper = bounds("em_map", values)
    assert 0.95 < (upper - value("em_map", values)) / (upper - lower) < 1
    assert 0.95 < value("em_map_derivative", values) / bounds("em_map_derivative", values)[1] < 1
    lower, upper = bounds("kl_divergence", values)
    assert upper - lower == pytest.approx(math.log(2))
    assert 0.95 < (value("kl_divergence", values) - lower) / (upper - lower) < 1
