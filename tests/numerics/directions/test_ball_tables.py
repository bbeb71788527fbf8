"""Tables of moments against the quadrature in balls at each point alone, whose lattices have other nodes."""

from dataclasses import replace

import flint
import numpy as np
import pytest

from emtheory.numerics.any_point.ball_product_rule import log_partition, tensor_posterior_moments
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.directions import ball_tables
from emtheory.numerics.directions.ball_tables import Point
from tests.tiers import first_every_day

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
            assert found is not None
            assert single is not None
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
        assert bucket is not None
        lattice = ball_tables._lattice(case.weights, (bucket, (0.0, 0.0)), accuracy, degree)
        assert lattice is not None
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
