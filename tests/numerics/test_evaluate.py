"""Quantities by their routes, which take their arguments; cases and weights, and what is refused of them."""

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from inspect import signature
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.case import MAX_DIMENSION, Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate, has_proof, prove
from emtheory.numerics.family import BoxForm
from emtheory.numerics.level import ROUTES, Level
from emtheory.numerics.names import SEPARATOR
from emtheory.numerics.quantities import QUANTITIES
from emtheory.numerics.quantity import Quantity, check_arguments, check_point, resolve
from emtheory.numerics.weights import difference_set, is_difference_set, parse_weights
from tests.numerics.brute_force import brute_force, span_basis, start

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


@pytest.mark.parametrize("k", [2, 3, 8])
def test_amplitudes_of_the_simplex_are_projections_of_its_vertex(k: int) -> None:
    case = make_case(k, "uniform", radius=Fraction(3, 2))
    vertex = 1.5 * span_basis(k)[0][0]
    planes = [vertex[2 * m - 2 : 2 * m] for m in case.frequencies]
    np.testing.assert_allclose([float(s) for s in case.squared_amplitudes], [p @ p for p in planes], atol=1e-14)
    assert case.squared_radius == Fraction(9, 4)
    assert sum(case.multiplicity(m) for m in case.frequencies) == k - 1


def test_amplitudes_of_a_simplex_are_recognised() -> None:
    simplex = make_case(5, "linear", amplitudes=[Fraction(1), Fraction(1)])
    assert simplex.on_simplex
    assert simplex.squared_radius == 2  # radius √2, which no rational radius could say
    assert simplex.squared_amplitudes == (1, 1)
    assert not make_case(5, "linear", amplitudes=[Fraction(1), Fraction(1) + Fraction(1, 10**60)]).on_simplex
    assert make_case(5, "linear", amplitudes=[Fraction(0), Fraction(0)]).on_simplex
    assert not make_case(4, "linear", amplitudes=[Fraction(1), Fraction(1)]).on_simplex  # dim 2 and 1: ρ_1² = 2ρ_2²
    assert make_case(3, "linear", amplitudes=[Fraction(7)]).on_simplex


def test_classes_group_equal_weights() -> None:
    case = make_case(4, "1/3,1/6,1/3,1/6")
    assert dict(case.classes) == {Fraction(1, 3): (0, 2), Fraction(1, 6): (1, 3)}
    assert list(case.frequencies) == [1, 2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"d": MAX_DIMENSION + 1}, "d = 1000001 is out of range"),
        ({"radius": Fraction(-1, 2)}, "radius -1/2 is negative"),
        ({"amplitudes": []}, "0 amplitudes were given, and k = 3 has frequencies m = 1..1"),
        ({"amplitudes": [Fraction(-1)]}, "amplitude -1 is negative"),
    ],
)
def test_bad_cases_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        make_case(3, "uniform", **arguments)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_lists_and_families() -> None:
    third = Fraction(1, 3)
    assert parse_weights("1/2, 0.3,0.2", 3) == (Fraction(1, 2), Fraction(3, 10), Fraction(1, 5))
    assert parse_weights(["1/2", "3/10", "1/5"], 3) == (Fraction(1, 2), Fraction(3, 10), Fraction(1, 5))
    assert parse_weights("uniform", 3) == (third, third, third)
    assert parse_weights("one-heavy:0.6", 3) == (Fraction(3, 5), Fraction(1, 5), Fraction(1, 5))
    assert parse_weights("geometric:1/2", 3) == (Fraction(4, 7), Fraction(2, 7), Fraction(1, 7))
    assert parse_weights("geometric:2", 3) == (Fraction(1, 7), Fraction(2, 7), Fraction(4, 7))
    assert parse_weights("linear", 3) == (Fraction(1, 6), third, Fraction(1, 2))
    heavy, light = Fraction(1, 5), Fraction(1, 10)
    assert parse_weights("difference-set:3/5", 7) == (light, heavy, heavy, light, heavy, light, light)


@given(st.integers(2, 40), st.fractions("1/50", "49/50"), st.sampled_from(["one-heavy", "geometric"]))
def test_families_have_positive_weights_with_sum_one(k: int, parameter: Fraction, family: str) -> None:
    if family == "geometric":
        parameter = parameter.limit_denominator(50)
    weights = parse_weights(f"{family}:{parameter}", k)
    assert len(weights) == k
    assert min(weights) > 0
    assert sum(weights) == 1
    if family == "geometric":
        assert all(b == a * parameter for a, b in pairwise(weights))


def counts_of_differences(members: frozenset[int], k: int) -> set[int]:
    """Independent of the module's: every ordered pair, residue by residue."""
    return {sum((a - b) % k == r for a, b in product(members, repeat=2)) for r in range(1, k)}


KNOWN = {7, 11, 13, 19, 21, 23, 31, 43, 47, 57, 59, 67, 71, 73, 79, 83, 91}


@pytest.mark.parametrize("k", [7, 21, 31, 57])
def test_every_set_found_is_a_difference_set(k: int) -> None:
    members = difference_set(k)
    assert 1 < len(members) < k - 1
    assert len(counts_of_differences(members, k)) == 1
    assert is_difference_set(members, k)
    # One member fewer leaves (n − 1)(n − 2) differences, never a multiple of k − 1 for these sizes n.
    assert not is_difference_set(members - {max(members)}, k)


def test_where_none_is_found_the_error_says_so() -> None:
    for k in {*range(2, 100)} - KNOWN:
        with pytest.raises(InputError, match=f"modulo {k} was found"):
            difference_set(k)


def test_sets_that_are_none_are_rejected() -> None:
    assert not is_difference_set(frozenset({1, 2, 3}), 7)
    assert not is_difference_set(frozenset({0, 1}), 4)
    assert is_difference_set(frozenset({0}), 5)


@pytest.mark.parametrize(
    ("weights", "k", "message"),
    [
        ("1/2," + "9" * 400, 2, "sum to about 1 + 1e+400, not to 1"),
        (f"1/2,0.5{'0' * 65}1", 2, "sum to about 1 + 1e-67, not to 1"),
        ("0.3333333333,0.3333333333,0.3333333333", 3, "sum to 9999999999/10000000000"),
        ("uniform", 65537, "k = 65537 is out of range"),
        ("one-heavy", 3, "needs the weight of component 0"),
        ("one-heavy:x", 3, "one-heavy parameter 'x' is not an exact number"),
        ("geometric:0", 3, "geometric ratio 0 is not positive"),
        ("geometric:12345/6789", 3000, "take a ratio with fewer digits or a smaller k"),
        ("inf", 2, "unknown weight family 'inf'"),
        ("", 2, "weight '' is not an exact number"),
    ],
)
def test_bad_weights_are_refused(weights: str, k: int, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_weights(weights, k)
    assert message in str(caught.value)


CASES = [
    make_case(2, "3/4,1/4", radius=Fraction(3, 2)),
    make_case(3, "1/2,3/10,1/5", radius=Fraction(1)),
    make_case(4, "linear", amplitudes=[Fraction(1), Fraction(1, 3)]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"k={case.k}")
def test_derivatives_agree_with_finite_differences(case: Case) -> None:
    theta, eps, h = start(case), 1e-4, 0.2 if case.k < 4 else 0.36
    here = brute_force(case, theta, h)
    ahead, behind = ([brute_force(case, theta + sign * eps * e, h) for e in np.eye(case.k - 1)] for sign in (1, -1))
    gradient = [(a.kl - b.kl) / (2 * eps) for a, b in zip(ahead, behind, strict=True)]
    jacobian = np.array([(a.update - b.update) / (2 * eps) for a, b in zip(ahead, behind, strict=True)])
    np.testing.assert_allclose(gradient, theta - here.update, atol=1e-7)
    np.testing.assert_allclose(np.eye(case.k - 1) - jacobian, here.hessian, atol=1e-7)
    assert here.gradient_square == pytest.approx(np.dot(gradient, gradient), abs=1e-6)


def takes(function: Callable[..., Any], *names: str) -> bool:
    """Whether a function has these parameters, or hands on all arguments that it is given by name."""
    *taken, last = signature(function).parameters.values()
    given = [parameter.name for parameter in taken]
    return names[: len(given)] == (*given,) if last.kind is last.VAR_KEYWORD else names == (*given, last.name)


@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=lambda quantity: quantity.name)
def test_what_a_quantity_names_takes_its_arguments(quantity: Quantity) -> None:
    names = [argument.name for argument in quantity.arguments]
    assert quantity.routes.keys() <= ROUTES.keys()
    for reference in quantity.routes.values():
        assert takes(resolve(reference), "case", "digits", *names)
    if quantity.proof:
        assert takes(resolve(quantity.proof), "case", "found", *names)
    if quantity.form and SEPARATOR in quantity.name:
        assert isinstance(resolve(quantity.form), BoxForm)
    elif quantity.form:
        assert quantity.needs_point
        assert takes(resolve(quantity.form), "at", *names)
