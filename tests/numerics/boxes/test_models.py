"""Models on tiles against values from the definitions, which share no route with them."""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.boxes.interpolation import Square, interpolate, largest_near_zero
from emtheory.numerics.boxes.mixture import Mixture
from emtheory.numerics.boxes.part_form import PARTS, PartForm, apply, number, to_power, variables
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.intervals.form_functions import apply_to_forms, smallest_eigenvalue
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.operations import PI
from emtheory.numerics.intervals.point_forms import MEAN_POWER, TWICE_DIVERGENCE, BasicFunction
from emtheory.numerics.intervals.taylor_form import Box, TaylorForm
from emtheory.reports.decide.boxes.cell import BoxCell, Sides
from emtheory.reports.decide.boxes.forms import make_problem
from emtheory.reports.decide.boxes.part_forms import PartForms
from emtheory.reports.decide.domain import read_claim
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import brute_force, couplings, two_components

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
    [(2, Square(Fraction(0), Fraction(1, 64), near_zero=True)), (3, Square(Fraction(1), Fraction(3), near_zero=False))],
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
            functions[1]: couplings(place)[1, 1],
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


SIDES = [(Fraction(1, 3), Fraction(5, 4)), (Fraction(1, 2), Fraction(2))]
TINY = 1e-12
"""By how much NumPy's values may be off."""

OPERATIONS: dict[str, tuple[Callable[..., PartForm], Callable[..., float]]] = {
    "sum": (lambda x, y: x + y - 2 * x * y, lambda x, y: x + y - 2 * x * y),
    "quotient": (lambda x, y: apply("/", [x, y * y + x]), lambda x, y: x / (y * y + x)),
    "powers": (
        lambda x, y: to_power(x - y, Fraction(4)) + to_power(y, Fraction(-3)),
        lambda x, y: (x - y) ** 4 + y**-3,
    ),
    "root": (
        lambda x, y: apply("sqrt", [x * y]) * to_power(x, Fraction(-2, 3)),
        lambda x, y: (x * y) ** 0.5 * x ** (-2 / 3),
    ),
    "exp": (
        lambda x, y: apply("exp", [-x * y]) + apply("log", [x + y]),
        lambda x, y: math.exp(-x * y) + math.log(x + y),
    ),
    "cos": (lambda x, y: apply("cos", [3 * x]) * apply("sin", [y]), lambda x, y: math.cos(3 * x) * math.sin(y)),
    "min": (lambda x, y: apply("min", [x, y, 1 - x * y]), lambda x, y: min(x, y, 1 - x * y)),
    "abs": (lambda x, y: apply("abs", [x - y]) - apply("max", [x, y]), lambda x, y: abs(x - y) - max(x, y)),
    "eigenvalue": (
        lambda x, y: smallest_eigenvalue([[x, x - y], [x - y, y]]),
        lambda x, y: float(np.linalg.eigvalsh([[x, x - y], [x - y, y]])[0]),
    ),
    "pi": (lambda x, y: number(PI, 2) * x / 3, lambda x, y: math.pi * x / 3),
}


def on_grid(balls: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    return np.broadcast_to(balls, (PARTS[2], PARTS[2]))


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_contain_values_and_slopes(name: str) -> None:
    """At random points of random parts, by the mean value theorem alone, too; with a tenth of the slopes not."""
    operation, value = OPERATIONS[name]
    with arb_precision(64), np.errstate(all="ignore"):
        form = operation(*variables(SIDES))
    generator = np.random.default_rng(1)
    short = []
    for _ in range(200):
        part, inside = generator.integers(0, PARTS[2], 2), generator.uniform(-1, 1, 2)
        middle = [
            float(low + (high - low) * Fraction(2 * int(i) + 1, 2 * PARTS[2]))
            for (low, high), i in zip(SIDES, part, strict=True)
        ]
        point = [
            m + h * float(high - low) / (2 * PARTS[2]) for m, h, (low, high) in zip(middle, inside, SIDES, strict=True)
        ]
        here = tuple(part)
        true = value(*point)
        assert on_grid(form.whole.lower)[here] - TINY <= true <= on_grid(form.whole.upper)[here] + TINY
        start = on_grid(form.value.mid)[here]
        assert abs(start - value(*middle)) <= on_grid(form.value.rad)[here] + TINY
        reach = sum(on_grid(each)[here] * abs(h) for each, h in zip(form.slopes.magnitude, inside, strict=True))
        assert not abs(true - start) > reach + TINY  # Where nothing is known of slopes it is not a number.
        short.append(abs(true - start) > reach / 10 + TINY)
    assert any(short)


def test_what_has_no_value_is_unknown() -> None:
    with arb_precision(64), np.errstate(all="ignore"):
        x, _ = variables([(Fraction(-1), Fraction(1)), (Fraction(0), Fraction(1))])
        for form in (apply("log", [x]), apply("sqrt", [x]), apply("/", [x * 0 + 1, x])):
            for beyond in (form, apply("min", [form, x]), apply("exp", [form]), form * 0):
                middle = beyond.whole.lower[PARTS[2] // 2 - 1, 0]
                assert not middle > -math.inf


ON_THE_SIMPLEX = {
    "posterior_power(m=1)": lambda found: found.posterior_power[1],
    "hessian_min_eigenvalue": lambda found: min(found.hessian_eigenvalues),
    "kl_divergence": lambda found: found.kl,
    "pl_ratio": lambda found: found.gradient_square / 2 / found.kl,
}
WINDOW = {"W": (Fraction(1, 2), Fraction(3, 5)), "radius": (Fraction(1, 2), Fraction(4, 5))}
AT_ZERO = WINDOW | {"radius": (Fraction(0), Fraction(1, 8))}
AMPLITUDES = {"amplitude_1": (Fraction(1, 2), Fraction(3, 4)), "amplitude_2": (Fraction(1, 2), Fraction(3, 5))}


def misses(name: str, k: int, cell: Sides, weights: str = "one-heavy:W", scale: float = 1.0) -> int:
    """At how many points the value is outside the bounds of the part that they are in."""
    ends = {each: (str(low), str(high)) for each, (low, high) in cell.items()}
    question = read_claim(Claim("cell", f"{name} < 1000", k=(k,), weights=weights, for_all=ends))
    problem = make_problem(question, question.cases[0])
    with arb_precision(128), np.errstate(all="ignore"):
        form = PartForms(BoxCell(cell, 6, cell), problem, {}).form(question.comparison.operands[0])
    generator = np.random.default_rng(k)
    count = 0
    for _ in range(6):
        part, inside = generator.integers(0, PARTS[2], 2), generator.uniform(0, 1, 2)
        point = {
            each: (low + (high - low) * (int(i) + Fraction(float(h))) / PARTS[2]).limit_denominator(10**9)
            for (each, (low, high)), i, h in zip(cell.items(), part, inside, strict=True)
        }
        if "radius" in point:
            found = brute_force(make_case(k, f"one-heavy:{point['W']}", radius=point["radius"]))
        else:
            found = brute_force(make_case(k, weights, amplitudes=list(point.values())))
        lower, upper = (on_grid(each)[tuple(part)] for each in (form.whole.lower, form.whole.upper))
        # Brute force has about nine digits.
        count += not abs(ON_THE_SIMPLEX[name](found) - (lower + upper) / 2) <= scale * (upper - lower) / 2 + 1e-8
    return count


@pytest.mark.parametrize(
    ("name", "k", "cell", "weights"),
    [
        ("hessian_min_eigenvalue", 3, WINDOW, "one-heavy:W"),
        ("pl_ratio", 3, WINDOW, "one-heavy:W"),
        ("posterior_power(m=1)", 2, AT_ZERO | {"W": (Fraction(3, 5), Fraction(7, 10))}, "one-heavy:W"),
        ("kl_divergence", 3, AT_ZERO | {"radius": (Fraction(1, 99), Fraction(1, 8))}, "one-heavy:W"),
        pytest.param("hessian_min_eigenvalue", 4, AMPLITUDES, "1/2,1/4,1/8,1/8", marks=pytest.mark.long),
    ],
)
def test_forms_on_parts_contain_the_quantities(name: str, k: int, cell: Sides, weights: str) -> None:
    assert misses(name, k, cell, weights) == 0


def test_bounds_of_half_the_width_miss_values() -> None:
    assert misses("hessian_min_eigenvalue", 3, WINDOW, scale=0.3) > 0
