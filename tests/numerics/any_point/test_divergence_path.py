"""KL from β_m on a path: with certified β_m against certified KL; the rule against integrals of polynomials."""

from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.any_point.ball_product_rule import tensor_posterior_moments
from emtheory.numerics.any_point.ball_quantities import exact_amplitudes
from emtheory.numerics.any_point.divergence_path import _weights, divergence_path
from emtheory.numerics.any_point.sobol_points import Floats, amplitudes
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])
FAR = make_case(4, "uniform", amplitudes=[Fraction(1, 5), Fraction(2)])


def powers(case: Case) -> Floats:
    """β_m at the nodes of the path and at its end."""
    path, found = divergence_path(case), []
    with arb_precision(working_bits(30.0)):
        for rho in [*path.amplitudes, amplitudes(case)]:
            exact = make_case(case.k, "uniform", amplitudes=[Fraction(value) for value in rho.tolist()])
            moments = tensor_posterior_moments(case.weights, exact_amplitudes(exact), 30.0, 2)
            found.append([float(moments.power(m)) for m in case.frequencies])
    return np.array(found)


@pytest.mark.parametrize(("case", "accuracy"), [(FOUR, 1e-11), (FAR, 1e-6)], ids=["near", "far"])
def test_against_certified_values(case: Case, accuracy: float) -> None:
    path, found = divergence_path(case), powers(case)
    truth = float(evaluate("kl_divergence", case, {}, 14, "ball").midpoint)
    fine, coarse = path.divergence(found), path.divergence(found, coarse=True)
    assert fine == pytest.approx(truth, rel=accuracy)
    assert abs(fine - truth) < 0.1 * abs(fine - coarse) + 1e-13
    wrong = path.divergence(1.01 * found)
    assert abs(wrong - truth) > abs(fine - coarse) + accuracy * truth


def test_a_simplex_is_where_the_path_begins() -> None:
    path = divergence_path(make_case(7, "linear", amplitudes=[Fraction(2 / 3**0.5)] * 3))
    assert path.shifts == pytest.approx(0, abs=1e-14)
    simplex = make_case(7, "linear", radius=Fraction(2))
    assert path.start_divergence == pytest.approx(float(evaluate("kl_divergence", simplex, {}, 14).midpoint))
    assert path.start_powers[0] == pytest.approx(
        float(evaluate("posterior_power", simplex, {"m": Fraction(1)}).midpoint)
    )


def test_far_out_it_begins_at_the_origin() -> None:
    case = make_case(6, "linear", amplitudes=[Fraction(5000), Fraction(4000), Fraction(3000)])
    path = divergence_path(case)
    assert path.start_divergence == 0
    weights = np.array([float(weight) for weight in case.weights])
    expected = [abs(np.sum(weights * np.exp(2j * np.pi * m * np.arange(6) / 6))) ** 2 for m in case.frequencies]
    np.testing.assert_allclose(path.start_powers, expected)


@pytest.mark.parametrize("intervals", [2, 6, 12])
def test_polynomials_are_integrated_exactly(intervals: int) -> None:
    nodes = (1 - np.cos(np.pi * np.arange(intervals + 1) / intervals)) / 2
    for degree in range(intervals + 2):
        assert _weights(intervals) @ nodes**degree == pytest.approx(1 / (degree + 1), rel=1e-13)
    assert _weights(intervals) @ nodes ** (intervals + 2) != pytest.approx(1 / (intervals + 3), rel=1e-13)
