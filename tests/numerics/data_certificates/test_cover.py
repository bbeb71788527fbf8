"""Cells that cover a ball, and what they show about EM; fixed points and likelihoods against EM to 50 digits."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.case import make_case
from emtheory.numerics.data_certificates.contraction import Ball, Contraction, cell_bounds, search_contraction
from emtheory.numerics.data_certificates.evidence import search
from emtheory.numerics.data_certificates.points import Points, Simplex, make_points
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.evidence import FitEvidence
from emtheory.numerics.fit_certificates.stationary import prove_stationary
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.sample_em import make_sample, sample_em
from tests.numerics.data_certificates.brute_force import ExactEM, float_jacobian, mp

WEIGHTS = "one-heavy:3/5"


def points_of(x: Any, k: int, weights: str) -> Points:
    return make_points(make_case(k, weights, x.shape[1]), make_sample(x, x.shape[1]))


def prepared(k: int, n: int, d: int, weights: str = WEIGHTS, seed: int = 1) -> Points:
    return points_of(gaussian_sample(n, d, seed), k, weights)


Cover = tuple[Points, tuple[str, ...], float]


@pytest.fixture(scope="module")
def cover() -> Cover:
    points = prepared(3, 300, 2)
    found, reason = search_contraction(points, Fraction(3, 2))
    assert not reason
    return points, found.cells, found.factor


def test_cells_are_exact_and_halve_each_other() -> None:
    ball, name = Ball(Fraction(1, 3), 3), "0110" * 12
    assert ball.half_width >= Fraction(1, 3)
    assert (Fraction(ball.half_width) * 2**26).denominator == 1
    inside, outside = ball.centre(name), ball.half_widths(name)
    for half, sign in (("0", -1), ("1", 1)):
        child = ball.centre(name + half)
        assert [Fraction(x) for x in child[1:]] == [Fraction(x) for x in inside[1:]]
        assert Fraction(child[0]) == Fraction(inside[0]) + sign * Fraction(outside[0]) / 2


def test_the_cells_cover_the_ball(cover: Cover) -> None:
    ball, cells = Ball(Fraction(3, 2), 2), cover[1]
    boxes = [(ball.centre(name), ball.half_widths(name)) for name in cells]
    angles = np.random.default_rng(1).uniform(0, 2 * np.pi, 300)
    radii = np.concatenate([np.full(100, 1.5), 1.5 * np.sqrt(np.random.default_rng(2).uniform(size=200))])
    for theta in np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]):
        assert any((np.abs(theta - centre) <= widths + 1e-12).all() for centre, widths in boxes)


def test_the_factor_bounds_sampled_derivatives_and_little_less_does_not(cover: Cover) -> None:
    points, cells, factor = cover
    bound = cell_bounds(points, Ball(Fraction(3, 2), 2))
    assert max(bound(name).upper for name in cells) == factor
    x = gaussian_sample(300, 2, 1)
    line = np.linspace(-1.5, 1.5, 25)
    grid = [np.array([a, b]) for a in line for b in line if a * a + b * b <= 2.25]
    norms = [np.linalg.eigvalsh(float_jacobian(x, points.case.weights, theta))[-1] for theta in grid]
    assert max(norms) <= factor
    # The search left at most a tenth of the distance from 1: a factor less by so much is exceeded somewhere.
    assert max(norms) > factor - 0.1 * (1 - max(norms))


def test_the_ball_is_mapped_into_itself(cover: Cover) -> None:
    points, cells, factor = cover
    found = Contraction(Fraction(3, 2), cells, factor, points.complement.origin_image, points.complement.norm)
    assert found.works
    assert not replace(found, complement=1.49).works


def test_a_ball_that_repels_is_not_certified_and_a_smaller_one_is() -> None:
    # Far out this data set has a place where EM expands: two clusters, and the border between their components.
    rng = np.random.default_rng(4)
    x = np.concatenate([rng.standard_normal((400, 1)) * 0.1 + 2, rng.standard_normal((100, 1)) * 0.1 - 2])
    points = points_of(x - x.mean(axis=0), 2, "9/10,1/10")
    found, reason = search_contraction(points, Fraction(3))
    assert "EM does not contract on ‖θ‖ <= 3: its derivative at (" in reason
    assert found.works
    assert found.radius < 3
    assert not search_contraction(points, found.radius)[1]
    larger, reason = search_contraction(points, found.radius * Fraction(5, 4))
    assert reason
    assert larger is not None


def test_a_mean_far_away_is_the_reason() -> None:
    points = points_of(gaussian_sample(300, 3, 1) + np.array([0.0, 2.0, 2.0]), 2, WEIGHTS)
    found, reason = search_contraction(points, Fraction(1))
    assert found is None
    assert "is not shown to map it into itself: the image of the origin has norm 2.975" in reason


def place(point: FitEvidence) -> Any:
    return np.array([float(x.mid()) for x in point.point.family.centre])


def as_fraction(value: Any) -> Fraction:
    return Fraction(mp.nstr(value, 45))


def test_the_box_contains_the_limit_of_em() -> None:
    x = gaussian_sample(8, 3, 3) - 0.1
    data = points_of(x, 3, WEIGHTS)
    exact = ExactEM(x, data.case.weights)
    limit = exact.limit([0.0] * 3)
    found = search(data, Fraction(1, 100))[0]
    point = found.fixed_points[0]
    for value, (lower, upper) in zip(limit, found.box(point), strict=True):
        assert lower <= as_fraction(value) <= upper
        assert 0 < upper - lower < Fraction(1, 10**10)
    lower, upper = ball_bounds(point.log_likelihood)
    assert lower <= as_fraction(exact.log_likelihood(limit)) <= upper
    assert upper - lower < Fraction(1, 10**10)
    slope = mp.eigsy(exact.jacobian(limit), eigvals_only=True)[2]
    assert point.point.em_rate.contains(flint.arb(mp.nstr(slope, 45)))


def test_the_box_contains_the_limit_of_floating_point_em_on_many_points() -> None:
    x = gaussian_sample(20_000, 3, 7)
    data = points_of(x, 3, "1/2,3/10,1/5")
    found, reason = search(data, Fraction(1, 4))
    assert not reason
    run = sample_em(make_case(3, "1/2,3/10,1/5", 3, Fraction(1, 5)), x, 2000, 1e-15)
    for value, (lower, upper) in zip(run.thetas[-1], found.box(found.fixed_points[0]), strict=True):
        assert lower - Fraction(1, 10**12) <= Fraction(value) <= upper + Fraction(1, 10**12)
    lower, upper = ball_bounds(found.fixed_points[0].log_likelihood)
    assert float(lower) - 1e-11 <= run.mean_log_likelihood[-1] <= float(upper) + 1e-11


def test_symmetric_maxima_are_told_apart() -> None:
    x = gaussian_sample(500, 2, 1)
    data = points_of(x, 3, "uniform")
    found, reason = search(data, Fraction(1))
    assert found.contraction is None
    assert "derivative at (0, 0)" in reason
    assert [point.attracts for point in found.fixed_points] == [False, True, True, True]
    assert len({round(float(each.log_likelihood.mid()), 10) for each in found.fixed_points}) == 2
    assert all(float(np.linalg.norm(place(each))) > 0.01 for each in found.fixed_points[1:])
    # EM does converge to each of the maxima from the rim of the ball that is said to lead there.
    for each in found.fixed_points[1:]:
        tied = Simplex(data.case, place(each) + each.basin.radius * np.array([0.6, 0.8]))
        for _ in range(2000):
            tied = tied.em_step(x)
        assert np.linalg.norm(tied.theta - place(each)) < 1e-8


def test_no_fixed_point_is_proved_where_there_is_none() -> None:
    data = points_of(gaussian_sample(50, 2, 1), 3, "one-heavy:3/5")
    near = place(search(data, Fraction(1, 100))[0].fixed_points[0])
    prove_stationary(Simplex(data.case, near + np.array([1e-9, 0.0])), data.rows, (1e-3,))
    for far, reach in ((near + np.array([0.3, 0.0]), 1e-3), (near, 1.0)):
        with pytest.raises(CannotAnswerError, match="no stationary point is shown"):
            prove_stationary(Simplex(data.case, far), data.rows, (reach,))


def test_a_basin_is_not_larger_than_it_is() -> None:
    data = points_of(gaussian_sample(60, 1, 2), 2, "uniform")
    maxima = [each for each in search(data, Fraction(1))[0].fixed_points if each.attracts]
    assert len(maxima) == 2
    # The other maximum, or the origin between them, is not in the ball around this one.
    distance = abs(float(place(maxima[0])[0]))
    assert maxima[0].basin.radius < distance
