"""Cells that cover a ball, and what they show about EM on it."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.data_certificates.contraction import Ball, Contraction, cell_bounds, search_contraction
from emtheory.numerics.data_certificates.points import Points, make_points
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.sample_em import make_sample
from tests.numerics.data_certificates.brute_force import float_jacobian

WEIGHTS = "one-heavy:3/5"


def prepared(k: int, n: int, d: int, weights: str = WEIGHTS, seed: int = 1) -> Points:
    sample = make_sample(gaussian_sample(n, d, seed), d)
    case = make_case(k, weights, d)
    return make_points(case, sample)


@pytest.fixture(scope="module")
def cover() -> tuple[Points, tuple[str, ...], float]:
    points = prepared(3, 300, 2)
    found, reason = search_contraction(points, Fraction(3, 2))
    assert found is not None
    assert not reason
    return points, found.cells, found.factor


def test_cells_are_exact_and_halve_each_other() -> None:
    ball = Ball(Fraction(1, 3), 3)
    assert ball.half_width >= Fraction(1, 3)
    assert Fraction(ball.half_width) * 2**26 == int(Fraction(ball.half_width) * 2**26)
    name = "0110" * 12
    inside, outside = Ball(Fraction(1, 3), 3).centre(name), ball.half_widths(name)
    for half, sign in (("0", -1), ("1", 1)):
        child = ball.centre(name + half)
        assert [Fraction(x) for x in child[1:]] == [Fraction(x) for x in inside[1:]]
        assert Fraction(child[0]) == Fraction(inside[0]) + sign * Fraction(outside[0]) / 2


def test_the_cells_cover_the_ball(cover: tuple[Points, tuple[str, ...], float]) -> None:
    ball, cells = Ball(Fraction(3, 2), 2), cover[1]
    boxes = [(ball.centre(name), ball.half_widths(name)) for name in cells]
    angles = np.random.default_rng(1).uniform(0, 2 * np.pi, 300)
    radii = np.concatenate([np.full(100, 1.5), 1.5 * np.sqrt(np.random.default_rng(2).uniform(size=200))])
    for theta in np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]):
        assert any((np.abs(theta - centre) <= widths + 1e-12).all() for centre, widths in boxes)


def test_the_factor_bounds_sampled_derivatives_and_little_less_does_not(
    cover: tuple[Points, tuple[str, ...], float],
) -> None:
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


def test_the_ball_is_mapped_into_itself(cover: tuple[Points, tuple[str, ...], float]) -> None:
    points, cells, factor = cover
    found = Contraction(Fraction(3, 2), cells, factor, points.complement.origin_image, points.complement.norm)
    assert found.works
    assert not replace(found, complement=1.49).works


def test_a_ball_that_repels_is_not_certified_and_a_smaller_one_is() -> None:
    # Far out this data set has a place where EM expands: two clusters, and the border between their components.
    rng = np.random.default_rng(4)
    x = np.concatenate([rng.standard_normal((400, 1)) * 0.1 + 2, rng.standard_normal((100, 1)) * 0.1 - 2])
    sample = make_sample(x - x.mean(axis=0), 1)
    case = make_case(2, "9/10,1/10", 1)
    points = make_points(case, sample)
    found, reason = search_contraction(points, Fraction(3))
    assert "EM does not contract on ‖θ‖ <= 3: its derivative at (" in reason
    assert found is not None
    assert found.works
    assert found.radius < 3
    again, none = search_contraction(points, found.radius)
    assert again is not None
    assert not none
    larger, reason = search_contraction(points, found.radius * Fraction(5, 4))
    assert reason
    assert larger is not None


def test_a_mean_far_away_is_the_reason() -> None:
    sample = make_sample(gaussian_sample(300, 3, 1) + np.array([0.0, 2.0, 2.0]), 3)
    case = make_case(2, WEIGHTS, 3)
    points = make_points(case, sample)
    found, reason = search_contraction(points, Fraction(1))
    assert found is None
    assert "is not shown to map it into itself: the image of the origin has norm 2.975" in reason
