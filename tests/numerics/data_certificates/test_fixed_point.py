"""Fixed points and likelihoods, against EM and the density to 50 digits."""

from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.case import make_case
from emtheory.numerics.data_certificates.evidence import search
from emtheory.numerics.data_certificates.points import Points, Simplex, make_points
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.evidence import FitEvidence
from emtheory.numerics.fit_certificates.stationary import prove_stationary
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.sample_em import make_sample, sample_em
from tests.numerics.data_certificates.brute_force import ExactEM, mp


def prepared(x: Any, k: int, weights: str) -> Points:
    return make_points(make_case(k, weights, x.shape[1]), make_sample(x, x.shape[1]))


def place(point: FitEvidence) -> Any:
    return np.array([float(x.mid()) for x in point.point.family.centre])


def as_fraction(value: Any) -> Fraction:
    return Fraction(mp.nstr(value, 45))


@pytest.mark.parametrize(("k", "d", "weights"), [(3, 3, "one-heavy:3/5")])
def test_the_box_contains_the_limit_of_em(k: int, d: int, weights: str) -> None:
    x = gaussian_sample(8, d, 3) - 0.1
    data = prepared(x, k, weights)
    exact = ExactEM(x, data.case.weights)
    limit = exact.limit([0.0] * d)
    found = search(data, Fraction(1, 100))[0]
    point = found.fixed_points[0]
    for value, (lower, upper) in zip(limit, found.box(point), strict=True):
        assert lower <= as_fraction(value) <= upper
        assert 0 < upper - lower < Fraction(1, 10**10)
    lower, upper = ball_bounds(point.log_likelihood)
    assert lower <= as_fraction(exact.log_likelihood(limit)) <= upper
    assert upper - lower < Fraction(1, 10**10)
    slope = mp.eigsy(exact.jacobian(limit), eigvals_only=True)[d - 1]
    assert point.point.em_rate.contains(flint.arb(mp.nstr(slope, 45)))


def test_the_box_contains_the_limit_of_floating_point_em_on_many_points() -> None:
    x = gaussian_sample(20_000, 3, 7)
    data = prepared(x, 3, "1/2,3/10,1/5")
    found, reason = search(data, Fraction(1, 4))
    assert not reason
    run = sample_em(make_case(3, "1/2,3/10,1/5", 3, Fraction(1, 5)), x, 2000, 1e-15)
    for value, (lower, upper) in zip(run.thetas[-1], found.box(found.fixed_points[0]), strict=True):
        assert lower - Fraction(1, 10**12) <= Fraction(value) <= upper + Fraction(1, 10**12)
    lower, upper = ball_bounds(found.fixed_points[0].log_likelihood)
    assert float(lower) - 1e-11 <= run.mean_log_likelihood[-1] <= float(upper) + 1e-11


def test_symmetric_maxima_are_told_apart() -> None:
    x = gaussian_sample(500, 2, 1)
    data = prepared(x, 3, "uniform")
    found, reason = search(data, Fraction(1))
    assert found.contraction is None
    assert "derivative at (0, 0)" in reason
    assert [point.attracts for point in found.fixed_points] == [False, True, True, True]
    assert len({round(float(each.log_likelihood.mid()), 10) for each in found.fixed_points}) == 2
    assert all(float(np.linalg.norm(place(each))) > 0.01 for each in found.fixed_points[1:])
    # EM does converge to each of the maxima from the rim of the ball that is said to lead there.
    for each in found.fixed_points[1:]:
        assert each.basin is not None
        tied = Simplex(data.case, place(each) + each.basin.radius * np.array([0.6, 0.8]))
        for _ in range(2000):
            tied = tied.em_step(x)
        assert np.linalg.norm(tied.theta - place(each)) < 1e-8


def test_no_fixed_point_is_proved_where_there_is_none() -> None:
    data = prepared(gaussian_sample(50, 2, 1), 3, "one-heavy:3/5")
    near = place(search(data, Fraction(1, 100))[0].fixed_points[0])
    prove_stationary(Simplex(data.case, near + np.array([1e-9, 0.0])), data.rows, (1e-3,))
    for far, reach in ((near + np.array([0.3, 0.0]), 1e-3), (near, 1.0)):
        with pytest.raises(CannotAnswerError, match="no stationary point is shown"):
            prove_stationary(Simplex(data.case, far), data.rows, (reach,))


def test_a_basin_is_not_larger_than_it_is() -> None:
    data = prepared(gaussian_sample(60, 1, 2), 2, "uniform")
    maxima = [each for each in search(data, Fraction(1))[0].fixed_points if each.attracts]
    assert len(maxima) == 2
    # The other maximum, or the origin between them, is not in the ball around this one.
    distance = abs(float(place(maxima[0])[0]))
    assert maxima[0].basin is not None
    assert maxima[0].basin.radius < distance
