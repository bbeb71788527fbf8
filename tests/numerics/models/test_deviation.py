"""How far EM's map is on samples of a model, by another program; three means against sums from the definition."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest

import emtheory
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError, OutOfReachError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from emtheory.numerics.level import Level
from tests.numerics.models.three_means_definition import Sums

REAL, HALF = {"theta": "real"}, "1/2"


def mixture(*components: tuple[str, str]) -> list[dict[str, str]]:
    return [{"weight": weight, "x": law} for weight, law in components]


TWO_MEANS = emtheory.Model(
    data=mixture((HALF, "normal(1, 1)"), (HALF, "normal(-1, 1)")),
    fit=mixture((HALF, "normal(theta, 1)"), (HALF, "normal(-theta, 1)")),
    estimate=["theta"],
    parameters=REAL,
)
ONE_FREE = emtheory.Model(
    data=mixture((HALF, "normal(2, 1)"), (HALF, "normal(0, 1)")),
    fit=mixture((HALF, "normal(theta, 1)"), (HALF, "normal(0, 1)")),
    estimate=["theta"],
    parameters=REAL,
)
WEIGHT = emtheory.Model(
    data=mixture(("1/3", "normal(1, 1)"), ("2/3", "normal(-1, 1)")),
    fit=mixture(("theta", "normal(1, 1)"), ("1 - theta", "normal(-1, 1)")),
    estimate=["theta"],
    parameters={"theta": "unit"},
)
COUNTS = emtheory.Model(
    data=mixture((HALF, "poisson(4)"), (HALF, "poisson(1)")),
    fit=mixture((HALF, "poisson(theta)"), (HALF, "poisson(1)")),
    estimate=["theta"],
    parameters={"theta": "positive"},
)


def bound(model: Any, low: str, high: str, n: int, route: str = "auto", digits: int = 3) -> float:
    text = f"sample_deviation(low={low}, high={high}, n={n}, delta=1/20)"
    return float(model.evaluate(text, at={}, digits=digits, route=route).value)


def test_two_means_by_another_program() -> None:
    """g = x tanh θx − M(θ), |∂g| ≤ x² + |M′|; by SciPy's kind of sums, from the page on errors."""
    low, high, n, delta, cells = 0.5, 1.5, 10_000, 0.05, 64
    z = np.linspace(-12, 12, 8001)
    mass = np.exp(-((z - 1) ** 2) / 2) + np.exp(-((z + 1) ** 2) / 2)
    mass /= mass.sum()
    half = (high - low) / 2 / cells
    rows = [z * np.tanh(theta * z) for theta in np.linspace(low + half, high - half, cells)]

    def root(values: Any, q: int) -> float:
        return float((mass @ np.abs(values) ** q) ** (1 / q))

    steep = root(z * z, 2)
    image = max(float(mass @ row) for row in rows) + half * steep
    deviation = max(math.sqrt(float(mass @ row**2 - (mass @ row) ** 2)) for row in rows)
    # Norms of |x| + |M| and of x² + |M′| by Minkowski's inequality, where |M′| is at most that of x².
    size = {q: root(z, q) + image for q in (2, 4, 8, 16)}
    slope = {q: root(z * z, q) + steep for q in (2, 4, 8, 16)}

    def bernstein(variance: float, largest: float, level: float) -> float:
        third = largest * level / 3
        return (third + math.sqrt(third**2 + 2 * n * variance * level)) / n

    cut = min((n / (delta / 8)) ** (1 / q) * size[q] for q in (4, 8, 16))
    own = min((n / (delta / 16)) ** (1 / q) * slope[q] for q in (4, 8, 16))
    above = bernstein(slope[2] ** 2, own, math.log(16 / delta))
    variance = (deviation + half * slope[2]) ** 2 + size[2] ** 2 * delta / 8 / n
    found = min(
        bernstein(variance, cut + size[2], math.log(2 * points / (delta * 3 / 4)))
        + half * cells / points * (2 * slope[2] + above)
        for points in (cells * 2**j for j in range(30))
    )
    expected = found + delta / 8 / n * cut
    for route in ("ball", "float"):
        assert bound(TWO_MEANS, "1/2", "3/2", n, route, 8) == pytest.approx(expected, rel=1e-6)
    assert expected < 0.07


def symmetric(rng: np.random.Generator, n: int) -> tuple[Any, Callable[[float], float]]:
    x = rng.normal(size=n) + rng.choice([-1, 1], size=n)
    return x, lambda theta: float(np.mean(x * np.tanh(theta * x)))


def counts(rng: np.random.Generator, n: int) -> tuple[Any, Callable[[float], float]]:
    x = rng.poisson(rng.choice([4, 1], size=n))

    def step(theta: float) -> float:
        posterior = 1 / (1 + np.exp(theta - 1 - x * math.log(theta)))
        return float(np.sum(posterior * x) / np.sum(posterior))

    return x, step


@pytest.mark.parametrize(
    ("model", "draw", "low", "high", "n", "trials"),
    [
        (TWO_MEANS, symmetric, "1/2", "3/2", 400, 200),
        pytest.param(COUNTS, counts, "3", "5", 2000, 300, marks=pytest.mark.long),
    ],
)
def test_samples_deviate_by_more_no_more_often_than_said(
    model: Any, draw: Any, low: str, high: str, n: int, trials: int
) -> None:
    route = "ball" if model is COUNTS else "float"
    said = bound(model, low, high, n, route)
    generator = np.random.default_rng(5)
    thetas = np.linspace(float(Fraction(low)), float(Fraction(high)), 9)
    _, population = draw(generator, 400_000)
    images = [population(theta) for theta in thetas]
    found = np.empty(trials)
    for i in range(trials):
        _, step = draw(generator, n)
        found[i] = max(abs(step(theta) - image) for theta, image in zip(thetas, images, strict=True))

    def least(size: float) -> float:
        return float(binomtest(int(np.sum(found > size)), trials).proportion_ci(0.999, "exact").low)

    assert least(said) <= 0.05
    # The bound for so many times as many points, a multiple of 25, is refuted by these.
    more = 25 if model is TWO_MEANS else 100
    assert least(bound(model, low, high, more * n, route)) > 0.05


@pytest.mark.parametrize(
    ("model", "low", "high", "n", "error", "message"),
    [
        (TWO_MEANS, "2", "1", 10, InputError, "low = 2 must be below high = 1"),
        (TWO_MEANS, "1", "2", 0, InputError, "n = 0"),
        (WEIGHT, "0", "1/2", 10, CannotAnswerError, "not inside its domain"),
        (ONE_FREE, "1", "3", 20, OutOfReachError, "too few"),
    ],
)
def test_what_cannot_be_asked(model: Any, low: str, high: str, n: int, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        bound(model, low, high, n)


def test_models_with_several_estimated_parameters_say_what_is_in_reach() -> None:
    """And that is: of one of the two means, where the other one is a number."""
    pair = {"data": mixture(("1", "normal(0, 1)")), "fit": mixture((HALF, "normal(a, 1)"), (HALF, "normal(b, 1)"))}
    parameters, at = {"a": "real", "b": "real"}, {"a": "1", "b": "2"}
    asked = "sample_deviation(low=0, high=1, n=1000, delta=1/20)"
    both, one = (emtheory.Model(**pair, parameters=parameters, estimate=names) for names in (["a", "b"], ["a"]))
    with pytest.raises(InputError, match="sample_deviation is there for models that estimate one parameter: name one"):
        both.evaluate(asked, at=at)
    assert 0 < float(one.evaluate(asked, at={"b": "2"}).value) < 2


FAMILY = find_family("three-means")
NAMES = tuple(variable.name for variable in FAMILY.variables)
TRAPPED = {"first_mean": "-323/10000", "second_mean": "85116/10000", "third_mean": "93516/10000"} | {
    f"truth_{name}_mean": place for name, place in zip(("first", "second", "third"), ("-2", "2", "9"), strict=True)
}
COMPONENTS = [{"component": Fraction(j)} for j in (1, 2, 3)]


def case(values: dict[str, str]) -> Case:
    return FAMILY.case({name: Fraction(value) for name, value in values.items()})


def value(quantity: str, values: dict[str, str], digits: int = 10, route: str = "ball", **given: Fraction) -> Enclosure:
    return evaluate(f"three-means.{quantity}", case(values), given, digits, route)


def near(found: Enclosure, truth: float, error: float = 1e-9) -> bool:
    return bool(abs(float(found.midpoint) - truth) < error)


@pytest.mark.long
def test_a_spurious_maximum_is_where_em_from_the_definition_stays() -> None:
    found = [value("local_maximum", TRAPPED, 8, **component) for component in COMPONENTS]
    assert {each.level for each in found} == {Level.CERTIFIED}
    place = TRAPPED | dict(zip(NAMES, (str(each.midpoint) for each in found), strict=False))
    sums = Sums(place)
    assert all(abs(sums.em_map(j) - float(each.midpoint)) < 1e-8 for j, each in enumerate(found))
    top = sums.log_likelihood()
    for direction in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, -1), (0, 1, 1), (1, 1, 0)):
        moved = {name: sums.numbers[name] + 0.02 * d for name, d in zip(NAMES, direction, strict=False)}
        assert sums.log_likelihood(**moved) < top
    assert near(value("kl_at_local_maximum", TRAPPED, 6), sums.kl_divergence())
    assert near(value("kl_at_local_maximum", TRAPPED, route="float"), sums.kl_divergence())


@pytest.mark.parametrize(
    ("moved", "message"),
    [
        ({"third_mean": "9"}, r"no stationary point|one stationary point"),
        # One mean between both of the near ones, and two in the same place: a saddle.
        pytest.param({"second_mean": "8.9316", "third_mean": "8.9316"}, "stationary|maximum", marks=pytest.mark.long),
    ],
)
def test_what_is_no_maximum_is_not_called_one(moved: dict[str, str], message: str) -> None:
    with pytest.raises(CannotAnswerError, match=message):
        value("local_maximum", TRAPPED | moved, 4, **COMPONENTS[0])
    if "second_mean" in moved:
        with pytest.raises(CannotAnswerError, match="does not end in"):
            value("local_maximum", TRAPPED | moved, 4, "mp", **COMPONENTS[0])


@pytest.mark.long
def test_means_of_the_fit_that_are_equal_have_no_maximum_and_no_exception() -> None:
    equal = {"first_mean": "0", "second_mean": "1", "third_mean": "1"}
    truths = equal | {"truth_first_mean": "0", "truth_second_mean": "1", "truth_third_mean": "1"}
    for quantity, route, given in (("local_maximum", "mp", COMPONENTS[1]), ("kl_at_local_maximum", "ball", {})):
        with pytest.raises(CannotAnswerError, match=r"singular|within"):
            value(quantity, truths, 10, route, **given)


def test_weights_that_leave_nothing_are_refused() -> None:
    given = dict.fromkeys(NAMES, "1/5") | {"first_weight": "4/5"}
    with pytest.raises(InputError, match=r"fit\[2\] is 0, which is not positive"):
        value("em_map", given, component=Fraction(1))
