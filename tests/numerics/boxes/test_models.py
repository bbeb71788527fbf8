"""Models on tiles against values from the definitions, which share no route with them."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.boxes.interpolation import Square, interpolate, largest_near_zero
from emtheory.numerics.boxes.mixture import Mixture
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.intervals.form_functions import apply_to_forms
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.point_forms import MEAN_POWER, TWICE_DIVERGENCE, BasicFunction
from emtheory.numerics.intervals.taylor_form import Box, TaylorForm
from tests.numerics.brute_force import brute_force, coupling_terms
from tests.numerics.two_components import two_components

ACCURACY = 9.0
HEAVY, RATIO = (0.4, 1.6), Fraction(1, 20)


def one_heavy(k: int) -> Mixture:
    return Mixture(make_case(k, "one-heavy:7/10"), tuple((int(j == 0),) for j in range(k)))


def forms_on(
    mixture: Mixture,
    functions: Sequence[BasicFunction],
    square: Square,
    cell: tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]],
) -> Mapping[BasicFunction, Interval]:
    """The forms on a cell: the log-ratio and the square of the radius, each an interval given by centre and half."""
    with arb_precision(working_bits(ACCURACY) + 100):
        tile = interpolate(mixture, functions, [HEAVY], [square], ACCURACY)
        (ratio, ratio_half), (centre, half) = cell
        box = Box((ratio, centre), (ratio_half, half))
        first = TaylorForm((rational(ratio), rational(1), rational(0)), box)
        second = TaylorForm((rational(centre), rational(0), rational(1)), box)
        coordinates = [first, second if square.near_zero else apply_to_forms("log", [second])]
        return {function: form.range for function, form in tile.forms(coordinates).items()}


def mixture_at(k: int, ratio: float, square: float) -> Case:
    weight = math.exp(ratio) / (math.exp(ratio) + k - 1)
    heavy = Fraction(weight).limit_denominator(10**9)
    return make_case(k, f"one-heavy:{heavy}", radius=Fraction(math.sqrt(square)).limit_denominator(10**9))


@pytest.mark.parametrize(
    ("k", "square"),
    [
        (2, Square(Fraction(1, 4), Fraction(1), near_zero=False)),
        (2, Square(Fraction(0), Fraction(1, 64), near_zero=True)),
        (3, Square(Fraction(1), Fraction(3), near_zero=False)),
    ],
)
def test_forms_contain_the_functions_by_definition(k: int, square: Square) -> None:
    functions = [BasicFunction((1,)), BasicFunction((1, 1)), MEAN_POWER]
    generator = np.random.default_rng(1)
    centre, half = (square.lower + square.upper) / 2, (square.upper - square.lower) / 20
    hulls = forms_on(one_heavy(k), functions, square, ((Fraction(1), RATIO), (centre, half)))
    for _ in range(3):
        place = mixture_at(
            k,
            1 + 0.99 * float(RATIO) * generator.uniform(-1, 1),
            float(centre) + 0.99 * float(half) * generator.uniform(-1, 1),
        )
        by_definition = brute_force(place)
        known = {
            functions[0]: by_definition.posterior_power[1],
            functions[1]: coupling(place),
            functions[2]: 2 * by_definition.kl / float(place.squared_radius),
        }
        for function, value in known.items():
            enclosure = hulls[function]
            assert float(enclosure.lower) - 1e-9 <= value <= float(enclosure.upper) + 1e-9
            assert float(enclosure.upper - enclosure.lower) < 0.2
        # What belongs to another place is outside: the forms are not wide enough to hold anything.
        far = brute_force(mixture_at(k, 1.6, float(centre))).posterior_power[1]
        assert far > float(hulls[functions[0]].upper)


def test_what_is_left_after_three_terms_is_in_its_form() -> None:
    """k = 2: E tanh²(rX + a) less its terms by hand, (tanh²)''(a)/2 = 1 − 4t² + 3t⁴ and so on with t = tanh a."""
    functions = [BasicFunction((1,), divided=3), BasicFunction((), divided=3)]
    upper = largest_near_zero(one_heavy(2), functions, 0, ACCURACY) ** 2
    square = Square(Fraction(0), upper, near_zero=True)
    centre, half = upper * 3 / 4, upper / 4
    hulls = forms_on(one_heavy(2), functions, square, ((Fraction(1), RATIO / 10), (centre, half)))
    place = mixture_at(2, 1.0, float(upper) * 0.9)
    found, v = two_components(place, 40), place.squared_radius
    t = (place.weights[0] - place.weights[1]) ** 2
    terms = (t, 1 - 4 * t + 3 * t**2, -2 + 17 * t - 30 * t**2 + 15 * t**3)
    left = {
        functions[0]: found.posterior_power - sum(term * v**i for i, term in enumerate(terms)),
        functions[1]: 2 * found.kl_divergence / v - sum(term * v**i / (i + 1) for i, term in enumerate(terms)),
    }
    for function, value in left.items():
        enclosure = hulls[function]
        assert float(enclosure.lower) - 1e-9 <= value / v**3 <= float(enclosure.upper) + 1e-9
        assert float(enclosure.upper - enclosure.lower) < 1
        # Divided once too often, or not often enough, it is not there.
        assert not any(float(enclosure.lower) <= value / v**n <= float(enclosure.upper) for n in (2, 4))


@pytest.mark.parametrize("near_zero", [False, True])
def test_the_divergence_off_the_simplex_is_in_its_form(near_zero: bool) -> None:
    mixture = Mixture(make_case(4, "1/2,1/4,1/8,1/8", amplitudes=[1, Fraction(1, 2)]), amplitudes=True)
    squares = [Square(Fraction(1, 4), Fraction(1), near_zero=False), Square(Fraction(1, 4), Fraction(1, 4), False)]
    if near_zero:
        reach = largest_near_zero(mixture, [TWICE_DIVERGENCE], 0, ACCURACY, Fraction(1, 2))
        squares[0] = Square(Fraction(0), reach**2, near_zero=True)
    with arb_precision(working_bits(ACCURACY) + 100):
        tile = interpolate(mixture, [TWICE_DIVERGENCE], [], squares, ACCURACY)
        centre, half = (squares[0].lower + squares[0].upper) / 2, (squares[0].upper - squares[0].lower) / 20
        form = TaylorForm((rational(centre), rational(1)), Box((centre,), (half,)))
        coordinate = form if near_zero else apply_to_forms("log", [form])
        enclosure = tile.forms([coordinate])[TWICE_DIVERGENCE].range
    for part in (-0.9, 0.0, 0.8):
        first = Fraction(math.sqrt(float(centre) + part * float(half))).limit_denominator(10**9)
        value = 2 * brute_force(make_case(4, "1/2,1/4,1/8,1/8", amplitudes=[first, Fraction(1, 2)])).kl
        assert float(enclosure.lower) - 1e-9 <= value <= float(enclosure.upper) + 1e-9
    assert float(enclosure.upper - enclosure.lower) < 0.05


def coupling(case: Case) -> float:
    """t_11 on the span, from the definition of γ̂ on a grid."""
    k, radius = case.k, float(case.radius)
    axis = np.arange(-8.0, 8.01, 0.1)
    x = np.stack(np.meshgrid(*[axis] * (k - 1), indexing="ij"), axis=-1).reshape(-1, k - 1)
    mass = (0.1 / np.sqrt(2 * np.pi)) ** (k - 1) * np.exp(-np.sum(x**2, axis=1) / 2)
    vertices = np.linalg.svd(np.eye(k) - 1 / k)[0][:, : k - 1] * np.sqrt(k / (k - 1))
    joint = np.array([float(w) for w in case.weights])[:, None] * np.exp(radius * (vertices @ x.T))
    gamma = joint / joint.sum(axis=0)
    phases = np.exp(2j * np.pi * np.outer(np.arange(k), np.arange(k)) / k)
    return float(coupling_terms(phases @ gamma, 1, 1) @ mass)
