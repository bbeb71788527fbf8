from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.case import make_case
from emtheory.reports.decide.point import evaluate_expression
from emtheory.reports.language.expression import Comparison
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.varying_weights import family_weights, in_parameter, rational_value
from tests.tiers import examples

proportions = st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=60)


def closed_form(statement: str, family: str, k: int) -> Comparison:
    return in_parameter(parse_statement(statement, ["W"]), family, "W", k)


@given(family=st.sampled_from(["one-heavy", "difference-set", "geometric"]), value=proportions, data=st.data())
@examples(60)
def test_closed_forms_are_the_discrete_fourier_transform(family: str, value: Fraction, data: st.DataObject) -> None:
    k = data.draw(st.sampled_from([7, 11, 13]) if family == "difference-set" else st.integers(2, 12))
    m = data.draw(st.integers(1, k - 1))
    case = make_case(k, f"{family}:{value}")
    moduli = np.abs(np.fft.fft(np.array(case.weights, dtype=float)))
    at = make_case(k, "uniform")
    at = type(at)(at.weights, at.d, parameters=(("W", value),))
    for statement, expected in (
        (f"dft_modulus(m={m}) > 0", moduli[m]),
        ("spectral_gap > 0", min(moduli[1:]) ** 2),
        ("contraction_factor > 0", 1 - min(moduli[1:]) ** 2),
    ):
        enclosure = evaluate_expression(closed_form(statement, family, k).operands[0], at, 20)
        assert float(enclosure.midpoint) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("family", "k"), [("one-heavy", 2), ("one-heavy", 5), ("difference-set", 7), ("geometric", 4)])
def test_weights_of_a_family_as_expressions(family: str, k: int) -> None:
    written = [rational_value(weight, {"W": Fraction(2, 7)}, k) for weight in family_weights(family, "W", k)]
    assert tuple(written) == make_case(k, f"{family}:2/7").weights
