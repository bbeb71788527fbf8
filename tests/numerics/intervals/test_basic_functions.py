"""Models of the basic functions on windows of radii contain values and slopes found by quadrature."""

from dataclasses import replace
from fractions import Fraction

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.basic_functions import (
    MEAN_POWER,
    BasicFunction,
    Window,
    coupling,
    make_window,
    power,
    window_ratio,
)
from emtheory.numerics.simplex_point.ball_partition import kl_at
from emtheory.numerics.simplex_point.ball_posterior import ball_posterior_moments
from tests.tiers import examples


def by_quadrature(case: Case, function: BasicFunction, radius: flint.arb) -> flint.arb:
    s = radius * flint.arb(flint.fmpq(case.k, case.k - 1)).sqrt()
    if not function.frequencies:
        return 2 * kl_at(case, s, 70) / radius**2
    moments = ball_posterior_moments(case, s, 70, 4)
    pair = len(function.frequencies) == 2
    return moments.coupling(*function.frequencies) if pair else moments.power(*function.frequencies)


def functions_of(case: Case) -> list[BasicFunction]:
    return [power(case, 1), coupling(case, 1, case.k - 1), MEAN_POWER]


def difference_quotient(case: Case, function: BasicFunction, radius: Fraction) -> flint.arb:
    h = flint.arb(2) ** -40
    at = flint.arb(to_fmpq(radius))
    return (by_quadrature(case, function, at + h) - by_quadrature(case, function, at - h)) / (2 * h)


@examples(8)
@given(
    parts=st.lists(st.integers(1, 30), min_size=2, max_size=5),
    lower=st.fractions(Fraction(1, 10), 4, max_denominator=20),
    digits=st.integers(2, 8),
    places=st.tuples(*[st.integers(0, 16)] * 3),
)
def test_values_and_slopes_are_contained(
    parts: list[int], lower: Fraction, digits: int, places: tuple[int, int, int]
) -> None:
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts])
    upper = lower * window_ratio(case)
    left, inner, right = (lower + (upper - lower) * Fraction(place, 16) for place in sorted(places))
    with arb_precision(300):
        window = make_window(case, functions_of(case), lower, upper, digits * 2.3)
        radii = flint.arb(to_fmpq(left)).union(flint.arb(to_fmpq(right)))
        for function in functions_of(case):
            exact = by_quadrature(case, function, flint.arb(to_fmpq(inner)))
            found = window.value(function, inner)
            assert found.overlaps(exact)
            assert found.rad() < 100 * 10.0**-digits
            slope = difference_quotient(case, function, inner)
            assert window.slopes(function, radii).overlaps(slope + flint.arb(0, 1e-18))


def wrong(window: Window, **errors: flint.arb) -> Window:
    """The window with errors of its models replaced."""
    return replace(window, models={f: replace(model, **errors) for f, model in window.models.items()})


def test_both_errors_of_a_model_are_needed() -> None:
    """A coarse model is off by more than a millionth of its error bounds, in value and in slope."""
    case = make_case(4, "linear")
    with arb_precision(200):
        window = make_window(case, [power(case, 1)], Fraction(1), Fraction(3, 2), 3.0)
        function = power(case, 1)
        model = window.models[function]
        tiny = wrong(window, error=model.error / 10**6, slope_error=model.slope_error / 10**6)
        misses, slope_misses = [], []
        for place in range(7):
            radius = 1 + Fraction(place, 14)
            at = flint.arb(to_fmpq(radius))
            exact, slope = by_quadrature(case, function, at), difference_quotient(case, function, radius)
            assert window.value(function, radius).overlaps(exact)
            assert window.slopes(function, at).overlaps(slope)
            misses.append(not tiny.value(function, radius).overlaps(exact))
            slope_misses.append(not tiny.slopes(function, at).overlaps(slope))
        assert any(misses)
        assert any(slope_misses)


def test_frequencies_that_weights_do_not_tell_apart_share_a_function() -> None:
    heavy = make_case(7, "one-heavy:1/2")
    assert len({power(heavy, m) for m in range(1, 7)}) == 1
    assert len({power(make_case(7, "linear"), m) for m in range(1, 7)}) == 3
    assert coupling(heavy, 1, 3) == coupling(heavy, 3, 1)


def test_windows_beyond_the_range_of_quadrature_are_refused() -> None:
    case = make_case(3, "linear")
    with pytest.raises(CannotAnswerError, match="radii"):
        make_window(case, [power(case, 1)], Fraction(300), Fraction(400), 10.0)
