"""Three means against sums from the definition, the routes against each other, and slopes against differences."""

from fractions import Fraction

import pytest

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from emtheory.numerics.level import Level
from tests.numerics.models.three_means_definition import Sums

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
