import math
from dataclasses import replace
from fractions import Fraction

import pytest

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate, has_proof, prove
from emtheory.numerics.level import Level
from emtheory.numerics.quantities import QUANTITIES
from emtheory.numerics.quantity import check_arguments, check_point

POINT = make_case(3, "1/2,3/10,1/5", radius=Fraction(1))


def test_auto_takes_the_strongest_route_that_answers() -> None:
    assert evaluate("spectral_gap", make_case(3, "linear")).route == "exact"
    assert evaluate("kl_divergence", POINT).level >= Level.SUPPORTED
    assert evaluate("kl_divergence", POINT.at_radius(Fraction(0))).level is Level.EXACT


def test_auto_falls_back_and_collects_the_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise CannotAnswerError("not today")

    for route in ("exact", "ball"):
        monkeypatch.setattr(f"emtheory.numerics.any_point.{route}_values.kl_divergence", refuse)
    assert evaluate("kl_divergence", POINT, digits=10).route == "mp"
    monkeypatch.setattr("emtheory.numerics.any_point.mp_values.kl_divergence", refuse)
    with pytest.raises(CannotAnswerError, match=r"to 10 digits \(exact: not today; ball: not today; mp: not today"):
        evaluate("kl_divergence", POINT, digits=10)  # on a simplex auto never falls to float
    assert evaluate("kl_divergence", POINT, route="float").level is Level.OBSERVED


def test_points_in_three_directions_off_the_simplex_are_refused_by_mpmath() -> None:
    off = make_case(4, "linear", amplitudes=[Fraction(1), Fraction(1)])
    given = {"posterior_power": {"m": Fraction(1)}, "iterations_to_kl": {"eps": Fraction(1, 100)}}
    for name in ("log_partition", "kl_divergence", "hessian_min_eigenvalue", "pl_ratio", "asymptotic_rate", *given):
        with pytest.raises(CannotAnswerError, match=r"simplex|nodes"):
            evaluate(name, off, given.get(name, {}), digits=8, route="mp")
    with pytest.raises(CannotAnswerError, match="leaves the regular simplex"):
        evaluate("iterations_to_kl", make_case(4, "linear", radius=Fraction(1)), {"eps": Fraction(1)}, route="mp")


@pytest.mark.parametrize("route", ["mp", "float"])
def test_at_the_origin_the_exact_route_answers(route: str) -> None:
    origin = POINT.at_radius(Fraction(0))
    with pytest.raises(CannotAnswerError, match="at the origin the exact route answers"):
        evaluate("kl_divergence", origin, route=route)
    with pytest.raises(InputError, match="pl_ratio is 0/0 at the origin"):
        evaluate("pl_ratio", origin)


TWO = make_case(2, "4/5,1/5")
REQUESTS = [
    ("strong_convexity_radius", make_case(4, "0.97,0.01,0.01,0.01"), {"fraction": Fraction(3, 4)}),
    ("pl_constant", TWO, {"radius": Fraction(1)}),
    ("worst_contraction_factor", TWO, {"radius": Fraction(1)}),
    ("contraction_radius", TWO, {"factor": Fraction("0.6405")}),
    ("pl_radius", TWO, {"constant": Fraction("0.3595")}),
    ("iterations_to_kl", TWO.at_radius(Fraction(1)), {"eps": Fraction(1, 1000)}),
]


@pytest.mark.parametrize(("name", "case", "arguments"), REQUESTS, ids=[name for name, _, _ in REQUESTS])
def test_answers_are_proved_and_twins_are_not(name: str, case: Case, arguments: dict[str, Fraction]) -> None:
    found = evaluate(name, case, arguments, 3, "ball")
    assert prove(name, case, arguments, found)
    lower, upper = Fraction(found.lower), Fraction(found.upper)
    step = max(upper - lower, Fraction(1)) if name == "iterations_to_kl" else 2 * (upper - lower)
    for shift in (-step, step):
        assert not prove(name, case, arguments, replace(found, lower=lower + shift, upper=upper + shift))


def test_every_quantity_with_a_search_is_there() -> None:
    assert {name for name in QUANTITIES if has_proof(name)} == {name for name, _, _ in REQUESTS}


PLAIN = make_case(3, "1/2,3/10,1/5")


def test_defaults_are_filled_in() -> None:
    assert check_arguments(QUANTITIES["strong_convexity_radius"], {}, 3) == {"fraction": 0}
    assert check_arguments(QUANTITIES["posterior_power"], {"m": Fraction(2)}, 3) == {"m": 2}


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("spectral_gap", {"m": "1"}, "it takes no arguments"),
        ("iterations_to_kl", {"eps": "0"}, "eps = 0 must be positive"),
        ("pl_constant", {"radius": "0"}, "radius = 0 must be positive"),
        ("worst_contraction_factor", {"radius": "-1"}, "radius = -1 must not be negative"),
        ("sample_contraction_factor", {"n": "0"}, "n = 0 must be an integer from 1"),
        ("sample_contraction_factor", {"n": "10000001"}, "must be an integer from 1 to 10000000"),
        ("sample_contraction_factor", {"seed": "-1"}, "seed = -1 must be an integer from 0"),
        ("sample_contraction_factor", {"seed": "1/2"}, "seed = 1/2 must be an integer from 0"),
    ],
)
def test_bad_arguments_are_refused(name: str, given: dict[str, str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        check_arguments(QUANTITIES[name], {key: Fraction(value) for key, value in given.items()}, 3)
    assert message in str(caught.value)


def test_a_radius_that_is_an_argument_is_no_point() -> None:
    with pytest.raises(InputError, match="given as radius="):
        check_point(QUANTITIES["pl_constant"], POINT)


def enclosure(lower: Fraction | float, upper: Fraction | float, level: Level = Level.SUPPORTED) -> Enclosure:
    return Enclosure(lower, upper, level, "mp")


def test_ends_and_midpoints() -> None:
    for wrong in ((Fraction(1), Fraction(0)), (math.nan, math.nan)):
        with pytest.raises(ValueError, match="empty enclosure"):
            enclosure(*wrong)
    with pytest.raises(TypeError, match="no truth value"):
        bool(enclosure(Fraction(0), Fraction(0)))
    assert enclosure(Fraction(1), Fraction(2)).midpoint == Fraction(3, 2)
    assert enclosure(-math.inf, -math.inf).midpoint == -math.inf
    assert enclosure(Fraction(1), math.inf).midpoint == math.inf


@pytest.mark.parametrize(
    ("lower", "upper", "digits"),
    [("0.99995", "1.00005", 4), ("-1.00005", "-0.99995", 4), ("-1", "1", 0), ("0", "1", 0), ("3", "3", 2000)],
)
def test_digits_are_counted_against_the_smaller_end(lower: str, upper: str, digits: int) -> None:
    interval = enclosure(Fraction(lower), Fraction(upper))
    held = [n for n in (*range(1, 10), 2000) if interval.has_digits(n)]
    assert max(held, default=0) == (digits if digits != 4 else 3)
    assert not enclosure(Fraction(1), math.inf).has_digits(1)
    assert enclosure(math.inf, math.inf).has_digits(50)


def test_numbers_are_placed_and_compared_with_exact_ones_of_any_kind() -> None:
    third = Enclosure(Fraction(33, 100), Fraction(34, 100), Level.CERTIFIED, "ball")
    assert (f"{third:>8.1f}|{third:8.1f}|{third:*<6.1f}|{third:^6.0f}") == "     0.3|     0.3|0.3***|  0   "
    for wrong in ("8", "08.1f", ">.1f", "8.1d", "=8.1f"):
        with pytest.raises(ValueError, match="format"):
            format(third, wrong)
    assert third < "7/20"
    assert third > "0.3"
    with pytest.raises(CannotAnswerError, match="overlap"):
        _ = third < "1/3"
    for inexact in (0.5, "x", None, True):
        with pytest.raises(InputError):
            _ = third < inexact
