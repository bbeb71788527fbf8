"""The worst direction of a sphere against dense scans by brute force, which shares nothing with the enclosures."""

import math
from dataclasses import replace
from fractions import Fraction

import flint
import numpy as np
import pytest

from emtheory.numerics.any_point.ball_product_rule import log_partition, tensor_posterior_moments
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.directions import ball_tables
from emtheory.numerics.directions.ball_arcs import Moments, Sphere
from emtheory.numerics.directions.ball_tables import Point
from emtheory.numerics.directions.cover_sphere import smallest_on_sphere, worst_directions
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import Level
from tests.numerics.brute_force import brute_force
from tests.tiers import first_every_day

CASE = make_case(4, "1/2,1/4,1/8,1/8")
TOLERANCE = Fraction(1, 1000)


def scan(case: Case, radius: Fraction, count: int) -> tuple[list[float], list[float]]:
    """λ_min and min_m β_m at count + 1 directions, from frequency 2 alone to frequency 1 alone."""
    eigenvalues, powers = [], []
    for angle in np.linspace(0, math.pi / 2, count + 1):
        theta = np.zeros(case.k - 1)
        theta[0], theta[2] = float(radius) * np.sin(angle), float(radius) * np.cos(angle)
        there = brute_force(case, theta)
        eigenvalues.append(float(there.hessian_eigenvalues[0]))
        powers.append(float(there.posterior_power[1 : case.k].min()))
    return eigenvalues, powers


@pytest.mark.parametrize("unknown", [flint.arb.nan(), flint.arb(0, flint.arb.pos_inf())])
def test_nothing_follows_from_a_coupling_that_is_not_known(unknown: flint.arb) -> None:
    """Its square is not a number, or unbounded, and compares with nothing: that is no reason to take its root for 0."""
    one, half = flint.arb(1), flint.arb(0.5)
    there = Moments(half, half, (one, one), (half, unknown, half))
    eigenvalue = there.smallest_eigenvalue(0)
    assert not eigenvalue.is_finite()
    assert not eigenvalue > 0


@pytest.mark.parametrize("weights", ["1/2,1/4,1/8,1/8", "3/8,1/8,3/8,1/8"])
def test_no_direction_of_a_dense_scan_is_worse(weights: str) -> None:
    case = make_case(4, weights)
    for smallest, values in zip(
        worst_directions(case, Fraction(1), TOLERANCE), scan(case, Fraction(1), 12), strict=True
    ):
        assert smallest.value.level == Level.CERTIFIED
        assert smallest.value.upper - smallest.value.lower <= TOLERANCE
        assert float(smallest.value.lower) <= min(values) + 1e-12
        assert float(smallest.value.upper) >= min(values) - 2e-3


def test_an_interior_minimum_is_found_by_division() -> None:
    """The direction in which EM is fastest lies between the axes: the smallest of −min_m β_m."""
    found = smallest_on_sphere(
        CASE, Fraction(1), lambda there: -there.smallest_power(), lambda lower, upper: upper - lower <= TOLERANCE
    )
    values = scan(CASE, Fraction(1), 24)[1]
    assert 0.2 < found.amplitudes[0] < 0.98
    assert float(found.value.lower) <= -max(values) + 1e-12
    assert float(found.value.upper) == pytest.approx(-max(values), abs=4e-3)


def contains(outer: Moments, inner: Moments) -> bool:
    pairs = [*zip(outer.powers, inner.powers, strict=True), *zip(outer.couplings, inner.couplings, strict=True)]
    return all(a.contains(b) for a, b in pairs)


def at(sphere: Sphere, tau: float) -> Moments:
    """Moments at one direction, by the quadrature alone."""
    x = float(sphere.square.mid()) / (1 + math.exp(-tau))
    there = Sphere(sphere.case, sphere.square, 25.0)
    return there.moments(flint.arb(x), sphere.square - x)


@pytest.mark.parametrize("first", [True, False])
def test_the_end_of_the_arc_contains_its_points(first: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with arb_precision(100):
        sphere = Sphere(CASE, flint.arb(2), 20.0)
        axis, sign = sphere.axis(first), 1 if first else -1
        inside = [at(sphere, sign * tau) for tau in (2.0, 3.0, 6.0, 12.0)]
        assert all(contains(sphere.end(axis, Fraction(2)), there) for there in inside)
        # A point beyond the end, and the same end without the bound on the couplings' slopes.
        assert not contains(sphere.end(axis, Fraction(8)), inside[0])
        monkeypatch.setattr("emtheory.numerics.directions.ball_arcs.COUPLING_SLOPE", 0)
        assert not contains(sphere.end(axis, Fraction(2)), inside[0])


def test_the_models_error_is_needed() -> None:
    with arb_precision(100):
        sphere, window = Sphere(CASE, flint.arb(2), 2.0), (Fraction(-2), Fraction(2))
        models = sphere.models(window)
        claimed = [replace(model, error=flint.arb(0)) for model in models]
        points = [Fraction(i, 7) for i in range(-13, 14, 2)]
        truth = [at(sphere, float(tau)) for tau in points]
        assert all(contains(sphere.over(models, tau, tau), there) for tau, there in zip(points, truth, strict=True))
        assert not all(
            contains(sphere.over(claimed, tau, tau), there) for tau, there in zip(points, truth, strict=True)
        )


def test_two_frequencies_and_a_radius_are_needed() -> None:
    with pytest.raises(InputError, match="k = 6"):
        worst_directions(make_case(6, "linear"), Fraction(1))
    with pytest.raises(InputError, match="positive"):
        worst_directions(CASE, Fraction(0))


def test_a_tolerance_that_is_out_of_reach_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emtheory.numerics.directions.cover_sphere._MAX_PARTS", 1)
    with pytest.raises(CannotAnswerError, match="undecided"):
        worst_directions(CASE, Fraction(1), TOLERANCE)


CASES = [(4, "2/5,3/10,1/5,1/10", 27.0), (5, "linear", 6.0)]


def point(x: float, y: float) -> Point:
    return flint.arb(x), flint.arb(y)


def alone(case: Case, there: Point, accuracy: float) -> list[flint.arb]:
    found = tensor_posterior_moments(case.weights, [there[0].sqrt(), there[1].sqrt()], accuracy, 4)
    return [found.power(1), found.power(2), *(found.coupling(m, n) for m, n in ((1, 1), (1, 2), (2, 2)))]


@pytest.mark.parametrize(("k", "weights", "accuracy"), first_every_day(2, CASES))
def test_points_have_the_moments_that_each_has_alone(k: int, weights: str, accuracy: float) -> None:
    case = make_case(k, weights)
    points = [point(0.4, 0.6), point(0.41, 0.59), point(0.2, 0.8), point(0.8, 0.001), point(0, 1), point(1, 0)]
    with arb_precision(120):
        together = ball_tables.moments(case.weights, points, accuracy)
        for there, found in zip(points, together, strict=True):
            single = ball_tables.moments(case.weights, [there], accuracy)[0]
            for value, other, truth in zip(found, single, alone(case, there, accuracy + 4), strict=True):
                assert value.overlaps(truth)
                assert other.overlaps(truth)
                assert max(value.rad(), other.rad()) < 200 * np.exp(-accuracy)


@pytest.mark.parametrize(("degree", "accuracy"), [(4, 2.0), (4, 27.0), (0, 2.0), (0, 27.0)])
def test_without_its_error_a_table_claims_too_much(degree: int, accuracy: float) -> None:
    """A rough lattice differs from the truth by its quadrature, a fine one by the rounding of doubles."""
    case, there = make_case(4, "2/5,3/10,1/5,1/10"), point(0.5, 0)
    with arb_precision(140):
        bucket = ball_tables._bucket(there[0])
        lattice = ball_tables._lattice(case.weights, (bucket, (0.0, 0.0)), accuracy, degree)
        amplitudes = [there[0].sqrt(), there[1].sqrt()]
        truth = alone(case, there, 44.0) if degree else [log_partition(case.weights, amplitudes, 44.0)]
        zero = flint.arb(0)
        claimed = replace(lattice, errors=(zero,) * len(truth), bounds=(0.0,) * len(truth))
        honest, wrong = (each.expectations([there], lattice.table())[0] for each in (lattice, claimed))
        assert all(ball.overlaps(value) for ball, value in zip(honest, truth, strict=True))
        assert not any(ball.overlaps(value) for ball, value in zip(wrong, truth, strict=True))


def test_what_no_table_serves() -> None:
    """Then the quadrature at the point itself answers."""
    case = make_case(4, "linear")
    with arb_precision(100):
        wide = flint.arb(0.5, 0.2)
        unknown = [[point(0.5, 0.5)], [(wide, flint.arb(0.5))], [(flint.arb(0, 1e-9), wide)], [point(400, 400)]]
        for points, accuracy in zip(unknown, (27.5, 9.0, 9.0, 9.0), strict=True):
            assert ball_tables.moments(case.weights, points, accuracy) == [None]
        mixed = ball_tables.moments(case.weights, [point(0.5, 0.5), (wide, wide), point(0.5, 0.5)], 9.0)
        assert [found is None for found in mixed] == [False, True, False]
