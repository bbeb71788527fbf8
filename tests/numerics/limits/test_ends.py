"""Two means at the ends of the line: the expansion at θ = 0 by the definition, and bounds for every larger θ."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from emtheory.numerics.limits import expansion
from emtheory.numerics.limits.expansion import Factors
from tests.numerics.limits.definition import Definition
from tests.numerics.limits.forms import form_of
from tests.tiers import examples

Coefficients = Callable[[int], tuple[Factors, ...]]
Rest = Callable[[Mapping[str, Any], float, int], flint.arb]

UNIT = {"separation": "13/10", "truth_weight": "3/5", "fit_weight": "7/10", "fit_variance": "1"}
LAW = UNIT | {"fit_variance": "2/3"}
STANDARD = UNIT | {"separation": "0", "truth_weight": "1/2"}
FUNCTIONS = (
    ("em_map", LAW, expansion.em_map_coefficients, expansion.em_map_rest),
    ("em_map_derivative", UNIT, expansion.em_map_derivative_coefficients, expansion.em_map_derivative_rest),
    ("kl_divergence", STANDARD, expansion.kl_divergence_coefficients, expansion.kl_divergence_rest),
)


def value(factors: Factors, law: dict[str, str]) -> Fraction:
    product = Fraction(1)
    for name, terms in factors.items():
        product *= sum((term * Fraction(law[name]) ** n for n, term in enumerate(terms)), Fraction(0))
    return product


@pytest.mark.parametrize("count", [4, 9])
@pytest.mark.parametrize(("name", "law", "coefficients", "rest"), FUNCTIONS, ids=[each[0] for each in FUNCTIONS])
def test_terms_and_rest_give_the_function(
    name: str, law: dict[str, str], coefficients: Coefficients, rest: Rest, count: int
) -> None:
    """At s = θ/v = 1/8, and with a rest that is enclosed over all θ from 0 to it."""
    theta = Fraction(1, 8)
    place = theta * Fraction(law["fit_variance"])
    with arb_precision(120):
        law_balls = {each: flint.arb(to_fmpq(Fraction(text))) for each, text in law.items()}
        point = flint.arb(to_fmpq(theta))
        wide = rest({**law_balls, "theta": flint.arb(to_fmpq(place)).union(flint.arb(0))}, 20.0, count)
        exact = sum((value(each, law) * theta**n for n, each in enumerate(coefficients(count))), Fraction(0))
        found = flint.arb(to_fmpq(exact)) + point**count * wide
        definition = Definition(**law)
        truth = flint.arb(str(getattr(definition, name)(definition.number(str(place)))))
        assert found.contains(truth)
        # Near 0 the rest is the next coefficient, and not another.
        near = rest({**law_balls, "theta": flint.arb(0, 2**-60)}, 40.0, count)
        following = flint.arb(to_fmpq(value(coefficients(count + 1)[count], law)))
        assert near.contains(following)
        assert not near.contains(following + flint.arb(2) ** -10)


def test_coefficients_of_a_balanced_fit_are_those_of_tanh() -> None:
    """tanh u = u − u³/3 + 2u⁵/15 − …, and E X², E X⁴, E X⁶ of N(0, 1) are 1, 3 and 15."""
    law = STANDARD | {"fit_weight": "1/2"}
    found = [value(each, law) for each in expansion.em_map_coefficients(6)]
    assert found == [0, 1, 0, -1, 0, 2]


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


def value_at(quantity: str, values: dict[str, Fraction]) -> float:
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
    found = value_at(quantity, values)
    assert lower - 1e-9 * abs(found) <= found <= upper + 1e-9 * abs(found)


def test_a_little_less_would_be_wrong() -> None:
    values = case(Fraction(60), "0")
    lower, upper = bounds("em_map", values)
    assert 0.95 < (upper - value_at("em_map", values)) / (upper - lower) < 1
    assert 0.95 < value_at("em_map_derivative", values) / bounds("em_map_derivative", values)[1] < 1
    lower, upper = bounds("kl_divergence", values)
    assert upper - lower == pytest.approx(math.log(2))
    assert 0.95 < (value_at("kl_divergence", values) - lower) / (upper - lower) < 1
