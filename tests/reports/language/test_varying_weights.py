from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import InputError
from emtheory.reports.decide.point import evaluate_expression
from emtheory.reports.language.expression import Comparison
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.varying_weights import family_weights, in_parameter, rational_value, weight_expressions
from tests.tiers import examples

proportions = st.fractions(Fraction(1, 20), Fraction(9, 20), max_denominator=60)


def test_weights_at_a_point() -> None:
    weights = weight_expressions(("U", "V/2", "1 - U - V/2"), ("U", "V"), 3)
    assert weights.parameters == ("U", "V")
    point = {"U": Fraction(1, 3), "V": Fraction(1, 2)}
    assert weights.at(3, point) == (Fraction(1, 3), Fraction(1, 4), Fraction(5, 12))
    with pytest.raises(InputError, match=r"weight 1 - U - V/2 of component 2 is 0, .* at U = 1/2, V = 1"):
        weights.at(3, {"U": Fraction(1, 2), "V": Fraction(1)})

    with_powers = weight_expressions(("1/(1 + Q)", "Q**(-1)/(1 + 1/Q) * 2/k * Q"), ("Q",), 2)
    assert with_powers.at(2, {"Q": Fraction(3)}) == (Fraction(1, 4), Fraction(3, 4))


def test_malformed_weights() -> None:
    for texts, message in (
        (("W", "W"), r"sum to 2\*W, not to 1"),
        (("W", "1 - W", "0"), "3 weights were given for k = 2"),
        (("W", "1 - V"), "unknown name 'V'"),
        (("sqrt(W)", "1 - sqrt(W)"), "sqrt is not part of a weight"),
        (("W**1001", "1 - W**1001"), "powers with integer exponents up to ±1000"),
        (("W**1000", "1 - W**1000"), "cannot be told whether the weights sum to 1: polynomials of degree 1000"),
        (("W", "1 - kl_divergence"), "kl_divergence is not part of a weight"),
        (("W**W", "1 - W"), "not part of a weight"),
        (("W", ""), "the expression is empty"),
        (("W", "__import__('os')"), "not part of the statement language"),
        (("W/(W - W)", "1"), "division by zero"),
    ):
        with pytest.raises(InputError, match=message):
            weight_expressions(texts, ("W",), 2)


def check_transform(closed: Callable[[Comparison], Comparison], names: tuple[str, ...], at: Case, m: int) -> None:
    """Check what is told of Fourier coefficients in closed form, by an FFT of the weights."""
    moduli = np.abs(np.fft.fft(np.array(at.weights, dtype=float)))
    for text, expected in (
        (f"dft_modulus(m={m})", moduli[m]),
        (f"dft_modulus(m={m})**2", moduli[m] ** 2),
        ("spectral_gap", min(moduli[1:]) ** 2),
        ("contraction_factor", 1 - min(moduli[1:]) ** 2),
    ):
        written = closed(parse_statement(f"{text} > 0", names))
        uniform = replace(make_case(at.k, "uniform"), parameters=at.parameters)
        assert float(evaluate_expression(written.operands[0], uniform, 20).midpoint) == pytest.approx(
            expected, abs=1e-9
        )


@given(u=proportions, v=proportions, k=st.sampled_from([3, 4, 5, 6, 8]), data=st.data())
@examples(60)
def test_closed_forms_are_the_discrete_fourier_transform(u: Fraction, v: Fraction, k: int, data: st.DataObject) -> None:
    weights = weight_expressions(("U", "V", *(f"(1 - U - V)/{k - 2}",) * (k - 2)), ("U", "V"), k)
    at = replace(make_case(k, weights.at(k, {"U": u, "V": v})), parameters=(("U", u), ("V", v)))
    check_transform(lambda asked: weights.in_closed_form(asked, k), ("U", "V"), at, data.draw(st.integers(1, k - 1)))


@given(
    family=st.sampled_from(["one-heavy", "difference-set", "geometric"]),
    value=st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=60),
    data=st.data(),
)
@examples(60)
def test_closed_forms_of_families_are_the_transform(family: str, value: Fraction, data: st.DataObject) -> None:
    k = data.draw(st.sampled_from([7, 11, 13]) if family == "difference-set" else st.integers(2, 12))
    at = replace(make_case(k, f"{family}:{value}"), parameters=(("W", value),))
    check_transform(lambda asked: in_parameter(asked, family, "W", k), ("W",), at, data.draw(st.integers(1, k - 1)))


def test_weights_of_a_family_as_expressions() -> None:
    for family, k in (("one-heavy", 2), ("one-heavy", 5), ("difference-set", 7), ("geometric", 4)):
        written = [rational_value(weight, {"W": Fraction(2, 7)}, k) for weight in family_weights(family, "W", k)]
        assert tuple(written) == make_case(k, f"{family}:2/7").weights
