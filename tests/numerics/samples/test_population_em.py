from fractions import Fraction

import numpy as np
import pytest
from scipy import integrate, stats

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.observed_contraction import decay_factor
from emtheory.numerics.samples.population_em import (
    population_em,
    population_step,
)
from emtheory.numerics.samples.simplex import point
from tests.numerics.brute_force import brute_force
from tests.tiers import first_every_day

CASES = [
    (2, "3/4,1/4", Fraction(2)),
    (3, "1/2,3/10,1/5", Fraction(3, 2)),
    (4, "1/2,1/4,1/8,1/8", Fraction(1)),
    (4, "one-heavy:3/5", Fraction(2)),
]


def predicted_factor(case: Case) -> float:
    weights = np.array([float(weight) for weight in case.weights])
    return float(1 - np.min(np.abs(np.fft.fft(weights)[1:]) ** 2))


@pytest.mark.parametrize(("weight", "radius"), [(Fraction(3, 4), 0.05), (Fraction(1, 100), 4.0)])
def test_two_components_agree_with_adaptive_quadrature(weight: Fraction, radius: float) -> None:
    shift = float(np.log(float(weight / (1 - weight)))) / 2

    def update(x: float) -> float:
        return x * np.tanh(radius * x + shift) * stats.norm.pdf(x)

    def log_partition(x: float) -> float:
        p = float(weight)
        return np.logaddexp(np.log(p) + radius * x, np.log1p(-p) - radius * x) * stats.norm.pdf(x)

    case = make_case(2, [str(weight), str(1 - weight)])
    step = population_step(case, np.array([radius]))
    bounds = {"points": [-shift / radius], "epsabs": 1e-13, "epsrel": 1e-13, "limit": 400}
    assert step.update[0] == pytest.approx(integrate.quad(update, -40, 40, **bounds)[0], abs=1e-11)
    assert step.log_partition == pytest.approx(integrate.quad(log_partition, -40, 40, **bounds)[0], abs=1e-11)


@pytest.mark.parametrize(("k", "weights", "radius"), first_every_day(3, CASES))
def test_agrees_with_brute_force(k: int, weights: str, radius: Fraction) -> None:
    case = make_case(k, weights, radius=radius)
    step, reference = population_step(case, point(case)), brute_force(case)
    np.testing.assert_allclose(step.update, reference.update, atol=1e-11)
    assert step.log_partition == pytest.approx(reference.log_partition, abs=1e-11)


@pytest.mark.parametrize(("k", "weights"), [(2, "3/4,1/4"), (3, "1/2,3/10,1/5"), (4, "one-heavy:3/5")])
def test_asymptotic_factor_is_one_minus_the_smallest_dft_power(k: int, weights: str) -> None:
    case = make_case(k, weights, radius=Fraction(1))
    trajectory = population_em(case, 1000)
    assert trajectory.factors[-1] == pytest.approx(predicted_factor(case), abs=1e-6)
    assert decay_factor(trajectory) == pytest.approx(predicted_factor(case), abs=1e-6)
    assert np.all(np.diff(trajectory.kl) < 1e-15)


def test_what_quadrature_cannot_reach_is_refused() -> None:
    with pytest.raises(InputError, match="nodes"):
        population_em(make_case(7, "linear", radius=Fraction(1)), 1)
    with pytest.raises(InputError, match="nodes"):
        population_em(make_case(4, "linear", radius=Fraction(20)), 1)
    with pytest.raises(InputError, match="starting point"):
        population_em(make_case(3, "linear"), 1)
    with pytest.raises(InputError, match="negative"):
        population_em(make_case(3, "linear", radius=Fraction(1)), -1)
