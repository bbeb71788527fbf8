from dataclasses import replace
from fractions import Fraction

import pytest

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate, has_proof, prove, route_function
from emtheory.numerics.level import Level
from emtheory.numerics.quantities import QUANTITIES

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


@pytest.mark.parametrize("digits", [0, -1, 2001])
def test_digits_out_of_range(digits: int) -> None:
    with pytest.raises(InputError, match=f"digits = {digits} is out of range: 1 to 2000"):
        evaluate("spectral_gap", make_case(3, "linear"), digits=digits)


def test_unknown_routes_and_missing_ones() -> None:
    with pytest.raises(InputError, match="unknown route 'interval'; valid are auto, exact, ball, mp, float"):
        evaluate("kl_divergence", POINT, route="interval")
    with pytest.raises(CannotAnswerError, match="the float route does not compute sublinear_constant"):
        route_function("sublinear_constant", "float")
    with pytest.raises(InputError, match="needs a point"):
        evaluate("kl_divergence", make_case(3, "linear"))
    with pytest.raises(InputError, match="needs the argument m"):
        evaluate("posterior_power", POINT)


def test_points_in_three_directions_off_the_simplex_are_refused_by_mpmath() -> None:
    off = make_case(4, "linear", amplitudes=[Fraction(1), Fraction(1)])
    for name, arguments in [
        ("log_partition", {}),
        ("kl_divergence", {}),
        ("posterior_power", {"m": Fraction(1)}),
        ("hessian_min_eigenvalue", {}),
        ("pl_ratio", {}),
        ("iterations_to_kl", {"eps": Fraction(1, 100)}),
        ("asymptotic_rate", {}),
    ]:
        with pytest.raises(CannotAnswerError, match=r"simplex|nodes"):
            evaluate(name, off, arguments, digits=8, route="mp")
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
    found = evaluate(name, case, arguments, 5, "ball")
    assert prove(name, case, arguments, found)
    lower, upper = Fraction(found.lower), Fraction(found.upper)
    step = max(upper - lower, Fraction(1)) if name == "iterations_to_kl" else 2 * (upper - lower)
    for shift in (-step, step):
        assert not prove(name, case, arguments, replace(found, lower=lower + shift, upper=upper + shift))


def test_every_quantity_with_a_search_is_there() -> None:
    assert {name for name in QUANTITIES if has_proof(name)} == {name for name, _, _ in REQUESTS}
