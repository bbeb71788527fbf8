"""Fixed points and likelihoods, against EM and the density to 50 digits."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.data_certificates.evidence import Data, prepare, prove, search
from emtheory.numerics.data_certificates.fixed_point import distinct, prove_fixed_point
from emtheory.numerics.data_certificates.search_fixed_points import fixed_point_near
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.sample_em import make_sample, sample_em
from tests.numerics.data_certificates.brute_force import ExactEM, mp
from tests.tiers import first_every_day


def prepared(x: Any, k: int, weights: str) -> Data:
    return prepare(make_case(k, weights, x.shape[1]), make_sample(x, x.shape[1]))


def as_fraction(value: Any) -> Fraction:
    return Fraction(mp.nstr(value, 45))


@pytest.mark.parametrize(
    ("k", "d", "weights"), first_every_day(1, [(3, 3, "one-heavy:3/5"), (2, 3, "7/10,3/10"), (4, 4, "one-heavy:3/5")])
)
def test_the_box_contains_the_limit_of_em(k: int, d: int, weights: str) -> None:
    x = gaussian_sample(8, d, 3) - 0.1
    data = prepared(x, k, weights)
    exact = ExactEM(x, data.points.case.weights)
    limit = exact.limit([0.0] * d)
    point = search(data, Fraction(1, 100))[0].fixed_points[0]
    for value, (lower, upper) in zip(limit, point.box, strict=True):
        assert lower <= as_fraction(value) <= upper
        assert 0 < upper - lower < Fraction(1, 10**10)
    lower, upper = point.log_likelihood
    assert lower <= as_fraction(exact.log_likelihood(limit)) <= upper
    assert upper - lower < Fraction(1, 10**10)
    slope = mp.eigsy(exact.jacobian(limit), eigvals_only=True)[d - 1]
    assert point.point.slope_below <= slope <= point.point.slope


def test_the_box_contains_the_limit_of_floating_point_em_on_many_points() -> None:
    x = gaussian_sample(20_000, 3, 7)
    data = prepared(x, 3, "1/2,3/10,1/5")
    found, reason = search(data, Fraction(1, 4))
    assert not reason
    run = sample_em(make_case(3, "1/2,3/10,1/5", 3, Fraction(1, 5)), x, 2000, 1e-15)
    for value, (lower, upper) in zip(run.thetas[-1], found.fixed_points[0].box, strict=True):
        assert lower - Fraction(1, 10**12) <= Fraction(value) <= upper + Fraction(1, 10**12)
    lower, upper = found.fixed_points[0].log_likelihood
    assert float(lower) - 1e-11 <= run.mean_log_likelihood[-1] <= float(upper) + 1e-11


def test_symmetric_maxima_are_told_apart() -> None:
    x = gaussian_sample(500, 2, 1)
    data = prepared(x, 3, "uniform")
    found, reason = search(data, Fraction(1))
    assert found.contraction is None
    assert "derivative at (0, 0)" in reason
    points = [each.point for each in found.fixed_points]
    assert [point.attracts for point in points] == [False, True, True, True]
    assert len({round(float(each.log_likelihood[0]), 10) for each in found.fixed_points}) == 2
    assert all(float(np.linalg.norm(point.near)) > 0.01 for point in points[1:])
    seeds = [(each.point.near, each.basin.radius if each.basin else None) for each in found.fixed_points]
    assert len(prove(data, None, (), seeds).fixed_points) == 4
    with pytest.raises(CannotAnswerError, match="not told apart"):
        prove(data, None, (), [*seeds, seeds[1]])
    # EM does converge to each of the maxima from the rim of the ball that is said to lead there.
    for each in found.fixed_points[1:]:
        assert each.basin is not None
        start = each.point.near + float(each.basin.radius) * np.array([0.6, 0.8])
        limit = fixed_point_near(data.points, start)
        assert np.linalg.norm(limit - each.point.near) < 1e-8


def test_no_fixed_point_is_proved_where_there_is_none() -> None:
    data = prepared(gaussian_sample(50, 2, 1), 3, "one-heavy:3/5")
    near = fixed_point_near(data.points, np.zeros(2))
    point = prove_fixed_point(data.points, near)
    assert point is not None
    assert prove_fixed_point(data.points, near + np.array([0.3, 0.0])) is None
    moved = prove_fixed_point(data.points, near + np.array([1e-9, 0.0]))
    assert moved is not None
    assert moved.error > 1e-9 * (1 - 1e-3)
    assert len(distinct([point, moved])) == 1
    with pytest.raises(CannotAnswerError, match="no proof of a fixed point"):
        prove(data, None, (), [(near + np.array([0.3, 0.0]), None)])


def test_a_basin_is_not_larger_than_it_is() -> None:
    data = prepared(gaussian_sample(60, 1, 2), 2, "uniform")
    maxima = [each for each in search(data, Fraction(1))[0].fixed_points if each.point.attracts]
    assert len(maxima) == 2
    # The other maximum, or the origin between them, is not in the ball around this one.
    distance = Fraction(abs(float(maxima[0].point.near[0])))
    assert maxima[0].basin is not None
    assert maxima[0].basin.radius < distance
    with pytest.raises(CannotAnswerError, match="not shown to contract around"):
        prove(data, None, (), [(maxima[0].point.near, distance)])


def test_a_ball_needs_its_fixed_point() -> None:
    data = prepared(gaussian_sample(200, 2, 1), 3, "one-heavy:3/5")
    found, _ = search(data, Fraction(1))
    assert found.contraction is not None
    with pytest.raises(CannotAnswerError, match="not located"):
        prove(data, Fraction(1), found.contraction.cells, [])
