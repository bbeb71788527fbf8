"""Taylor models against the functions that they are models of, evaluated in high precision at points of the boxes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import flint
import numpy as np
import pytest

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.taylor_models import functions
from emtheory.numerics.taylor_models.branches import Branches, apply, number, to_variable_power
from emtheory.numerics.taylor_models.models import TaylorModels, variables
from emtheory.numerics.taylor_models.space import space

Box = tuple[tuple[Fraction, Fraction], ...]
Exact = Callable[..., flint.arb]

BITS = 300
ORDERS = {1: 8, 2: 6, 3: 4}


def random_boxes(count: int, dimension: int, generator: np.random.Generator) -> list[Box]:
    """Of very different widths, within [1/10, 4]."""
    boxes = []
    for _ in range(count):
        middles, halves = generator.uniform(0.6, 3, dimension), 10.0 ** generator.uniform(-6, -0.4, dimension)
        ends = [(m - h, m + h) for m, h in zip(middles.tolist(), halves.tolist(), strict=True)]
        boxes.append(tuple((Fraction(low), Fraction(high)) for low, high in ends))
    return boxes


def symbols(boxes: Sequence[Box]) -> list[Branches]:
    dimension = len(boxes[0])
    where = space(dimension, ORDERS[dimension])
    return [Branches((variables([box[i] for box in boxes], i, where),)) for i in range(dimension)]


def points(box: Box, generator: np.random.Generator) -> list[tuple[list[Fraction], list[float]]]:
    """Corners and places inside, with their coordinates in [−1, 1]."""
    units = [*(generator.choice([-1.0, 1.0], len(box)) for _ in range(3)), *generator.uniform(-1, 1, (5, len(box)))]
    places = []
    for unit in units:
        exact = [Fraction(float(x)) for x in unit]
        places.append(([(a + b) / 2 + x * (b - a) / 2 for (a, b), x in zip(box, exact, strict=True)], list(unit)))
    return places


def value_of(model: TaylorModels, i: int, unit: Sequence[float]) -> Fraction:
    """The polynomial on box i, exactly."""
    total = Fraction(0)
    for coefficient, exponents in zip(model.coefficients[:, i].tolist(), model.space.exponents, strict=True):
        term = Fraction(coefficient)
        for x, exponent in zip(unit, exponents, strict=True):
            term *= Fraction(float(x)) ** exponent
        total += term
    return total


def misses(found: Branches, exact: Exact, boxes: Sequence[Box], generator: np.random.Generator) -> int:
    """How many points there are at which no branch, or no bound, has the value."""
    count = 0
    lower, upper = found.bounds()
    for i, box in enumerate(boxes):
        for place, unit in points(box, generator):
            value = exact(*(flint.arb(to_fmpq(x)) for x in place))
            near = any(
                not abs(value - to_fmpq(value_of(model, i, unit))) > flint.arb(float(model.error[i]))
                for model in found.models
            )
            count += not (near and not value < flint.arb(float(lower[i])) and not value > flint.arb(float(upper[i])))
    return count


def third(x: Branches) -> Branches:
    return x * number(rational(Fraction(1, 3)), x.boxes, x.space)


CASES: list[tuple[str, int, Callable[..., Branches], Exact]] = [
    ("product", 2, lambda x, y: (x * y - x * x) * (third(y) + x), lambda x, y: (x * y - x * x) * (y / 3 + x)),
    ("cubes", 3, lambda x, y, z: (x - y * z) ** 3 + z, lambda x, y, z: (x - y * z) ** 3 + z),
    ("quotient", 2, lambda x, y: apply("/", [x - y, x + y]), lambda x, y: (x - y) / (x + y)),
    ("inverse of a negative number", 1, lambda x: (x - 5).to_power(Fraction(-2)), lambda x: 1 / (x - 5) ** 2),
    ("root", 2, lambda x, y: apply("sqrt", [x * y]), lambda x, y: (x * y).sqrt()),
    ("power", 1, lambda x: x.to_power(Fraction(-7, 3)), lambda x: x ** (flint.arb(-7) / 3)),
    ("large power", 1, lambda x: x.to_power(Fraction(41, 2)), lambda x: x ** (flint.arb(41) / 2)),
    ("logarithm", 2, lambda x, y: apply("log", [apply("/", [x, y])]), lambda x, y: (x / y).log()),
    ("exponential", 2, lambda x, y: apply("exp", [x * y * -2]), lambda x, y: (-2 * x * y).exp()),
    ("cosine", 2, lambda x, y: apply("cos", [x * y]), lambda x, y: (x * y).cos()),
    ("sine", 1, lambda x: apply("sin", [x * 3]), lambda x: (3 * x).sin()),
    ("absolute value", 2, lambda x, y: apply("abs", [x - y]), lambda x, y: abs(x - y)),
    ("minimum", 2, lambda x, y: apply("min", [x, y, x * y]), lambda x, y: x.min(y).min(x * y)),
    ("maximum", 1, lambda x: apply("max", [x, 3 - x]), lambda x: x.max(3 - x)),
    ("variable power", 2, to_variable_power, lambda x, y: x**y),
]


@pytest.mark.parametrize(("name", "dimension", "make", "exact"), CASES, ids=[case[0] for case in CASES])
def test_models_contain_the_function(name: str, dimension: int, make: Callable[..., Branches], exact: Exact) -> None:
    generator = np.random.default_rng(sum(map(ord, name)))
    boxes = random_boxes(24, dimension, generator)
    with arb_precision(BITS), np.errstate(all="ignore"):
        found = make(*symbols(boxes))
        assert misses(found, exact, boxes, generator) == 0
        known = [np.isfinite(model.error) for model in found.models]
        assert np.mean(known) > 0.5


@pytest.mark.parametrize("name", ["product", "quotient", "root", "logarithm", "exponential", "cosine"])
def test_errors_are_not_much_too_large_and_a_thousandth_is_too_little(name: str) -> None:
    """On boxes of medium width, where the rest of the series is what counts."""
    (case,) = (each for each in CASES if each[0] == name)
    generator = np.random.default_rng(1)
    boxes = [
        tuple((Fraction(m) - Fraction(1, 4), Fraction(m) + Fraction(1, 4)) for m in generator.uniform(1, 2, case[1]))
        for _ in range(10)
    ]
    with arb_precision(BITS), np.errstate(all="ignore"):
        found = case[2](*symbols(boxes))
        shrunk = Branches(tuple(replace(model, error=model.error / 1000) for model in found.models))
        assert misses(found, case[3], boxes, generator) == 0
        # Products of four variables stay within the degree: their error is that of rounding, a few hundred units.
        assert misses(shrunk, case[3], boxes, generator) > 0 or name == "product"


def test_rounding_errors_are_counted() -> None:
    """On points what is left of an error is that of rounding, and without it values are missed."""
    generator = np.random.default_rng(2)
    boxes: list[Box] = [(2 * (Fraction(x).limit_denominator(97),),) for x in generator.uniform(1, 2, 40)]
    with arb_precision(BITS):
        (x,) = symbols(boxes)
        found = x * x * x - x * Fraction(1, 3)
        assert misses(found, lambda x: x * x * x - x / 3, boxes, generator) == 0
        assert max(found.models[0].error) < 1e-12
        exact = Branches((replace(found.models[0], error=found.models[0].error * 0),))
        assert misses(exact, lambda x: x * x * x - x / 3, boxes, generator) > 0


def test_bounds_are_near_the_range_and_no_smaller() -> None:
    """Of polynomials of the second degree, on a fine grid of a hundred boxes."""
    generator = np.random.default_rng(3)
    where = space(2, 6)
    coefficients = np.zeros((len(where.exponents), 100))
    coefficients[:6] = generator.normal(size=(6, 100))
    model = TaylorModels(coefficients, np.zeros(100), where)
    axis = np.linspace(-1, 1, 201)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    terms = np.stack([np.prod(grid ** np.array(exponents), axis=1) for exponents in where.exponents])
    values = coefficients.T @ terms
    lower, upper = model.bounds()
    assert (lower <= values.min(axis=1)).all()
    assert (upper >= values.max(axis=1)).all()
    size = abs(coefficients).sum(axis=0)
    assert (values.min(axis=1) - lower < size / 20).all()
    assert (upper - values.max(axis=1) < size / 20).all()


def test_which_boxes_are_together_does_not_matter() -> None:
    generator = np.random.default_rng(4)
    boxes = random_boxes(9, 2, generator)
    with arb_precision(BITS), np.errstate(all="ignore"):
        together = CASES[12][2](*symbols(boxes)).bounds()
        for i, box in enumerate(boxes):
            alone = CASES[12][2](*symbols([box])).bounds()
            assert [each[0] for each in alone] == [each[i] for each in together]


@pytest.mark.parametrize(
    "make",
    [
        lambda x: apply("log", [x - 1]),
        lambda x: (x - 1).to_power(Fraction(-1)),
        lambda x: (x - 1).to_power(Fraction(1, 2)),
        lambda x: apply("exp", [x * 10**6]) * 0,
    ],
)
def test_nothing_is_known_where_there_may_be_no_value(make: Callable[..., Branches]) -> None:
    with arb_precision(BITS), np.errstate(all="ignore"):
        lower, upper = make(*symbols([((Fraction(1, 2), Fraction(3, 2)),)])).bounds()
    assert lower[0] == -np.inf
    assert upper[0] == np.inf


def test_the_rest_of_a_power_series_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "_geometric", lambda first, ratio: 0 * first)
    boxes: list[Box] = [((Fraction(1, 2), Fraction(3, 2)),)]
    with arb_precision(BITS):
        (x,) = symbols(boxes)
        found = apply("log", [x])
        assert misses(found, flint.arb.log, boxes, np.random.default_rng(5)) > 0
