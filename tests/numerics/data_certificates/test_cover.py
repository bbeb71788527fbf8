"""Bounds over cells against mpmath and sampled points, and what cells that cover a ball show about EM, to 50 digits."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest

from emtheory.numerics.arithmetic import rounding
from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import EXPONENTIAL_ERROR
from emtheory.numerics.arithmetic.rounding import exponential as exp
from emtheory.numerics.case import make_case
from emtheory.numerics.data_certificates import cell_bound
from emtheory.numerics.data_certificates.cell_bound import (
    bound_cell,
    largest_eigenvalue_above,
    largest_eigenvalue_below,
    posterior_error,
)
from emtheory.numerics.data_certificates.contraction import Ball, Contraction, cell_bounds, search_contraction
from emtheory.numerics.data_certificates.evidence import search
from emtheory.numerics.data_certificates.points import Points, Simplex, make_complement, make_points
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.evidence import FitEvidence
from emtheory.numerics.fit_certificates.stationary import prove_stationary
from emtheory.numerics.fit_certificates.statistics import statistics
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.sample_em import make_sample, sample_em
from tests.numerics.data_certificates.brute_force import ExactEM, float_jacobian, maps, mp

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


FAMILIES = ((2, "7/10,3/10"), (3, "1/2,3/10,1/5"), (4, "linear"), (9, "geometric:0.7"))


def data(k: int, n: int, seed: int = 1) -> Any:
    return gaussian_sample(n, k - 1, seed)


def points(k: int, weights: str, x: Any) -> Points:
    return make_points(make_case(k, weights, k - 1), make_sample(x, k - 1))


@pytest.mark.parametrize(("k", "weights"), FAMILIES)
def test_means_are_those_of_the_definition(k: int, weights: str) -> None:
    x = data(k, 12) * np.array([3.0] + [1.0] * (k - 2))
    case, theta = make_case(k, weights, k - 1), np.linspace(-1.5, 2, k - 1)
    exact, tied, at = ExactEM(x, case.weights), Simplex(case, theta), mp.matrix(theta.tolist())
    with arb_precision(128):
        found = statistics(tied, x, tied.coefficients(tied.centre))
        slopes = tied.slopes(tied.centre)
        covariance = slopes.transpose() * found.covariance * slopes
        score = (slopes.transpose() * flint.arb_mat(k * k, 1, found.first)).entries()
    jacobian, step = exact.jacobian(at), exact.step(at)
    for a in range(k - 1):
        known = [(score[a], step[a] - at[a]), *((covariance[a, b], jacobian[a, b]) for b in range(k - 1))]
        for ball, value in known:
            assert ball.contains(flint.arb(mp.nstr(value, 45)))
            assert ball.rad() < 1e-9
    image = mp.norm(exact.step(mp.zeros(k - 1, 1)))
    assert image <= make_complement(case, make_sample(x, k - 1)).origin_image < image * (1 + 1e-7) + 1e-14
    np.testing.assert_allclose(tied.em_step(x).theta, [float(value) for value in step], rtol=0, atol=1e-13)


def test_errors_of_turned_points_count() -> None:
    tied = Simplex(make_case(5, "uniform", 4), np.zeros(4))
    x = data(5, 300)
    turned = [[[(U.T * mp.matrix(row))[a] for row in x.tolist()] for a in range(4)] for U in maps(5, 4)]
    found = tied.features(x)[:, 1:]
    off = np.array(
        [
            [[float(abs(mp.mpf(m) - t)) for m, t in zip(*row, strict=True)] for row in zip(*each, strict=True)]
            for each in zip(found.mid.tolist(), turned, strict=True)
        ]
    )
    assert off.max() > 0
    assert (off <= found.rad).all()


@pytest.mark.parametrize(("k", "weights", "width"), [(*FAMILIES[0], 0.3), (*FAMILIES[1], 0.03), (*FAMILIES[2], 0.3)])
def test_a_cell_contains_its_points(k: int, weights: str, width: float) -> None:
    x = data(k, 200)
    given, rng, case = points(k, weights, x), np.random.default_rng(k), make_case(k, weights, k - 1)
    centre, widths = rng.uniform(-0.8, 0.8, k - 1), np.full(k - 1, width)
    found = bound_cell(given, centre, widths, float(np.linalg.norm(widths)) * (1 + 1e-9))
    steps = [rng.choice([-1, 1], k - 1) * widths for _ in range(8)]
    steps += [rng.uniform(-1, 1, k - 1) * widths for _ in range(4)]
    norms = [np.linalg.eigvalsh(float_jacobian(x, case.weights, centre + w))[-1] for w in steps]
    at_centre = np.linalg.eigvalsh(float_jacobian(x, case.weights, centre))[-1]
    assert max(norms) <= found.upper
    assert at_centre - 1e-9 < found.lower <= at_centre + 1e-12
    assert found.upper < at_centre + (12 if width < 0.1 else 60) * np.linalg.norm(widths)


@pytest.mark.parametrize("s", [2, 8])
def test_a_form_of_fourth_degree_is_bounded(s: int) -> None:
    rng = np.random.default_rng(s)
    d = rng.standard_normal((400, s))
    pairs = [(a, b) for a in range(s) for b in range(a, s)]
    squares = np.array([(1 if a == b else np.sqrt(2)) * d[:, a] * d[:, b] for a, b in pairs])
    matrix = (squares @ squares.T + (squares @ squares.T).T) / 2 / len(d)
    bound = cell_bound._largest_value(matrix, s)
    u, w = (v / np.linalg.norm(v, axis=1)[:, None] for v in rng.standard_normal((2, 2000, s)))
    assert (((d @ u.T) ** 2 * (d @ w.T) ** 2).mean(axis=0)).max() <= bound
    # The best of many directions comes near, and what is subtracted is worth its while.
    best = u[np.argmax(((d @ u.T) ** 4).mean(axis=0))]
    for _ in range(100):
        best = ((d @ best) ** 3 @ d) / np.linalg.norm((d @ best) ** 3 @ d)
    largest = float(((d @ best) ** 4).mean())
    assert largest <= bound * (1 + 1e-12)
    assert bound < 1.5 * largest
    if s > 2:
        assert bound < np.linalg.eigvalsh(matrix)[-1] * 0.8


def test_what_moves_posteriors_counts() -> None:
    # The slope at a place where the norm grows: without the cell's width its bound is exceeded nearby.
    x = np.array([[1.0, 2.0], [-3.0, 1.0], [2.0, -2.5], [0.5, 4.0]])
    case = make_case(3, "1/10,1/5,7/10", 2)
    given, centre, widths = points(3, "1/10,1/5,7/10", x), np.array([0.1, 0.2]), np.full(2, 0.15)
    corners = [centre + widths * np.array(signs) for signs in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
    largest = max(np.linalg.eigvalsh(float_jacobian(x, case.weights, corner))[-1] for corner in corners)
    assert bound_cell(given, centre, widths * 0, 0.0).upper < largest
    assert bound_cell(given, centre, widths, 0.2122).upper > largest


def test_points_far_out_count_with_all_they_can_be() -> None:
    # One far point on the border between two components: its covariance is a quarter of the distance squared.
    x = np.array([[0.1], [-0.2], [40.0], [0.3]])
    given = points(2, "1/2,1/2", x)
    found = bound_cell(given, np.array([1.0]), np.array([1.0]), 1.0)
    assert found.lower < 0.1
    assert 400 < found.upper < 402


def test_exponents_beyond_doubles_are_refused() -> None:
    x = data(3, 10) * 1e8
    given = points(3, "linear", x)
    assert posterior_error(given, 0.0).constant < 1e-13
    with pytest.raises(CannotAnswerError, match="exponents beyond double precision"):
        posterior_error(given, 1e4)


@pytest.mark.parametrize(
    ("k", "scale", "message"), [(10, 1.0, "at most 9 components"), (3, 1e12, "a row of norm"), (3, 1.0, "rows here")]
)
def test_what_is_beyond_reach_says_so(k: int, scale: float, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "rows" in message:
        monkeypatch.setattr("emtheory.numerics.data_certificates.points.MAX_NUMBERS", 100)
    with pytest.raises(CannotAnswerError, match=message):
        points(k, "uniform", data(k, 20) * scale)


def relative_errors(z: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    values = exp(z)
    with flint.ctx.workprec(200):
        exact = [flint.arb(float(x)).exp() for x in z]
        return np.array([float(abs(flint.arb(float(v)) / e - 1).upper()) for v, e in zip(values, exact, strict=True)])


def arguments() -> np.ndarray:  # type: ignore[type-arg]
    """Random ones, the ends, and those nearest to where the reduction changes, on both sides."""
    changes = (np.arange(-1009, 1009, 7) + 0.5) * np.log(2)
    near = [np.nextafter(changes, sign * np.inf) for sign in (-1, 1)]
    return np.concatenate([np.random.default_rng(1).uniform(-700, 0, 500), changes, *near, [-700.0, 0.0, -1e-300]])


def test_the_exponential_is_as_near_as_it_says() -> None:
    worst = relative_errors(arguments()).max()
    assert worst <= EXPONENTIAL_ERROR
    assert worst > EXPONENTIAL_ERROR / 100
    assert exp(np.array([-700.1, -1e300])).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("part", "wrong"), [("_COEFFICIENTS", rounding._COEFFICIENTS[2:]), ("_LN2_LOW", 0.0)])
def test_each_part_of_the_exponential_is_needed(part: str, wrong: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounding, part, wrong)
    assert relative_errors(arguments()).max() > EXPONENTIAL_ERROR


@pytest.mark.parametrize("size", [1, 3, 36])
def test_eigenvalues_are_between_their_bounds(size: int) -> None:
    rng = np.random.default_rng(size)
    factors = rng.standard_normal((size, 2 * size)) * 10.0 ** rng.integers(-8, 8)
    matrix = factors @ factors.T
    matrix = (matrix + matrix.T) / 2
    largest = Fraction(float(np.linalg.eigvalsh(matrix)[-1]))
    above, below = Fraction(float(largest_eigenvalue_above(matrix))), Fraction(largest_eigenvalue_below(matrix))
    assert 0 < below < above < below * (1 + Fraction(1, 10**8))
    assert below < largest < above
    # λ_max is a root of the characteristic polynomial, beyond which it is positive with all its derivatives.
    if size <= 3:
        exact = flint.fmpq_mat([[flint.fmpq(*x.as_integer_ratio()) for x in row] for row in matrix.tolist()])
        polynomial = exact.charpoly()
        ends = [polynomial(flint.fmpq(x.numerator, x.denominator)) for x in (below, above)]
        assert ends[1] > 0 >= ends[0] or size == 1


def test_the_quotient_by_the_gram_matrix_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    # Vectors that are not quite orthogonal still give a bound; without the quotient 1 would come out for I.
    eigh = np.linalg.eigh
    monkeypatch.setattr(
        cell_bound.np.linalg, "eigh", lambda matrix: (eigh(matrix)[0], np.array([[1.0, 0.2], [0.0, 0.9]]))
    )
    assert float(largest_eigenvalue_above(np.array([[1.0, 0.0], [0.0, 1.0]]))) >= 1
