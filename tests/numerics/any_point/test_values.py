"""The mp and float routes against definitions and certified values; Sobol points, whose intervals are counted."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.any_point import float_values, sampled
from emtheory.numerics.any_point.ball_values import off_simplex
from emtheory.numerics.any_point.expressions import EXPRESSIONS, hessian_min_eigenvalue
from emtheory.numerics.any_point.float_values import lattice_averages, point_of
from emtheory.numerics.any_point.sampled import Averages, _exponents, _Observed, copies, estimate
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from tests.numerics.brute_force import BruteForce, brute_force
from tests.tiers import examples

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])
SIX = make_case(6, "linear", amplitudes=[Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)])
LARGE = make_case(64, "one-heavy:1/2", amplitudes=[Fraction(1, 5 + m) for m in range(32)])


def divergence(found: Averages) -> float:
    return found.divergence


def power(found: Averages) -> float:
    return found.power(1)


@cache
def certified(name: str, case: Case, **arguments: int) -> float:
    exact = {key: Fraction(value) for key, value in arguments.items()}
    return float(evaluate(name, case, exact, 8, "ball").midpoint)


@pytest.mark.parametrize("name", ["kl_divergence", "posterior_power", "hessian_min_eigenvalue"])
def test_against_certified_values(name: str) -> None:
    """The interval at 99.9 % holds; a twin displaced by three half-widths would not."""
    quantity: Callable[[Averages], float] = {
        "kl_divergence": divergence,
        "posterior_power": lambda found: found.power(-2),
        "hessian_min_eigenvalue": lambda found: hessian_min_eigenvalue(point_of(FOUR, found)),
    }[name]
    found = estimate(FOUR, quantity, 2, degree=4 if name.startswith("hessian") else 2)
    truth = certified(name, FOUR, **({"m": 2} if name == "posterior_power" else {}))
    assert abs(found.value - truth) < 1.5 * found.half_width
    assert 0 < found.excess(2) <= 1


@pytest.mark.long
def test_intervals_cover_as_often_as_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 80 % confidence 40 intervals cover between 22 and 40 times, except with probability below 1e−3."""
    monkeypatch.setattr(sampled, "CONFIDENCE", 0.8)
    for quantity, truth in (
        (power, certified("posterior_power", FOUR, m=1)),
        (divergence, certified("kl_divergence", FOUR)),
    ):
        found = [estimate(FOUR, quantity, 1, seed=seed) for seed in range(40)]
        assert 22 <= sum(abs(each.value - truth) < each.half_width for each in found) < 40


@pytest.mark.parametrize("case", [FOUR, SIX, LARGE], ids=lambda case: f"k={case.k}")
def test_the_means_of_the_controls_are_exact(case: Case) -> None:
    """Within five standard errors of independent points, which Sobol points seldom reach."""
    controls = _Observed(case)._controls(next(_exponents(case, 12, (3,))))
    errors = controls.std(axis=1) / np.sqrt(controls.shape[1])
    assert np.all(np.abs(controls.mean(axis=1)) <= 5 * errors + 1e-12)
    assert np.all(errors[2, 1:] > 0)


@pytest.mark.parametrize(
    ("k", "degree", "message"), [(5000, 2, "up to 4096 components"), (200, 4, "up to 64 frequencies")]
)
def test_too_many_components_are_refused(k: int, degree: int, message: str) -> None:
    case = make_case(k, "uniform", amplitudes=[Fraction(1, 100 + m) for m in range(k // 2)])
    with pytest.raises(CannotAnswerError, match=message):
        copies(case, 9, degree=degree)


def test_the_jackknife_takes_away_the_bias_of_a_square() -> None:
    """Of a mean squared, whose estimate is the mean product of different copies: exactly, by algebra."""
    found = np.arange(3.0 * 8).reshape(8, 3) ** 2
    value = sampled.jackknife(FOUR, lambda averages: averages.divergence**2, found, 1).value
    column = found[:, 0]
    assert value == pytest.approx((column.sum() ** 2 - (column**2).sum()) / (8 * 7))


LATTICES = [make_case(4, "1/2,1/4,1/8,1/8", amplitudes=["1/2", "1/3"]), make_case(4, "linear", amplitudes=["0", "2"])]


def errors(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """How far KL, the powers and the couplings are off, and the halves of the differences between the lattices."""
    with arb_precision(working_bits(32.0)):
        at = off_simplex(case, 32.0)
        pairs = [(m, n) for m in case.frequencies for n in case.frequencies]
        truth = np.array(
            [
                float(at.twice_divergence()) / 2,
                *(float(at.moments(4).power(m)) for m in case.frequencies),
                *(float(at.moments(4).coupling(m, n)) for m, n in pairs),
            ]
        )
    one, other = (
        np.array([each.divergence, *each.powers[1:], *each.couplings.ravel()]) for each in lattice_averages(case, 4)
    )
    return np.abs((one + other) / 2 - truth), np.abs(one - other) / 2


@pytest.mark.parametrize("case", LATTICES, ids=str)
def test_lattices_against_certified_values(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """A coarse lattice is seen to be coarse, and off by no more than the two differ."""
    assert np.all(errors(case)[0] < 1e-11)
    monkeypatch.setattr(float_values, "_DECAY", 8.0)
    wrong, spread = errors(case)
    assert wrong.max() > 1e-9
    assert np.all(wrong <= spread + 1e-12)


def test_what_cancels_is_not_said_to_be_known() -> None:
    """KL is 4e−82 at a point where doubles see nothing of it, and amplitudes may be beyond their squares."""
    near = make_case(4, "linear", amplitudes=["1e-40", "0"])
    found = evaluate("kl_divergence", near, {}, 4, "float")
    assert found.lower <= evaluate("kl_divergence", near, {}, 4, "ball").lower <= found.upper
    with pytest.raises(CannotAnswerError, match="too small"):
        evaluate("pl_ratio", near, {}, 4, "float")
    far = make_case(6, "linear", amplitudes=["1e200", "0", "0"])
    with pytest.raises(CannotAnswerError, match="1e100"):
        evaluate("kl_divergence", far, {}, 4, "float")
    with pytest.raises(CannotAnswerError, match="nodes"):
        evaluate("kl_divergence", far, {}, 4, "mp")


LINE = make_case(4, "1/2,1/4,1/8,1/8", amplitudes=["0", "1"])


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_routes_that_share_nothing_agree_off_the_simplex(name: str) -> None:
    arguments = {"m": Fraction(2)} if name == "posterior_power" else {}
    mp, ball = (evaluate(name, LINE, arguments, 30, route) for route in ("mp", "ball"))
    assert mp.has_digits(30)
    assert mp.lower <= ball.upper
    assert ball.lower <= mp.upper
    assert abs(mp.midpoint / ball.midpoint - 1) < Fraction(1, 10**30)


CASES = {
    "k=2 heavy": make_case(2, "3/4,1/4", radius=Fraction(3, 2)),
    "k=4 paired": make_case(4, "3/8,1/8,3/8,1/8", radius=Fraction(5, 4)),
}
BOTH = pytest.mark.parametrize("route", ["mp", "float"])


@cache
def reference(name: str) -> BruteForce:
    return brute_force(CASES[name])


def value(name: str, case: Case, route: str, **arguments: int) -> float:
    given_ = {key: Fraction(argument) for key, argument in arguments.items()}
    return float(evaluate(name, case, given_, digits=11, route=route).midpoint)


@BOTH
@pytest.mark.parametrize("name", CASES)
def test_every_quantity_is_what_its_definition_gives(name: str, route: str) -> None:
    case, expected = CASES[name], reference(name)
    assert value("log_partition", case, route) == pytest.approx(expected.log_partition, abs=5e-12)
    assert value("kl_divergence", case, route) == pytest.approx(expected.kl, abs=5e-12)
    powers = [value("posterior_power", case, route, m=m) for m in range(1, case.k)]
    np.testing.assert_allclose(powers, expected.posterior_power[1:], atol=5e-12)
    smallest = value("hessian_min_eigenvalue", case, route)
    assert smallest == pytest.approx(expected.hessian_eigenvalues[0], abs=2e-10)
    relative = 1e-10 + 1e-15 / expected.kl  # the reference loses digits to cancellation in KL
    ratio = expected.gradient_square / 2 / expected.kl
    assert value("pl_ratio", case, route) == pytest.approx(ratio, rel=relative)


RANDOM_CASES = st.builds(
    lambda terms, radius: make_case(len(terms), [str(Fraction(term, sum(terms))) for term in terms], radius=radius),
    st.lists(st.integers(1, 9), min_size=2, max_size=6),
    st.fractions(Fraction(1, 100), Fraction(6), max_denominator=100),
)


@given(RANDOM_CASES, st.data())
def test_transforms_by_summation_agree_with_the_exact_route(case: Case, data: st.DataObject) -> None:
    plain = make_case(case.k, [str(weight) for weight in case.weights])
    m = data.draw(st.integers(1, case.k - 1))
    for name, arguments in [("dft_modulus", {"m": m}), ("spectral_gap", {}), ("contraction_factor", {})]:
        exact = value(name, plain, "exact", **arguments)
        assert value(name, plain, "float", **arguments) == pytest.approx(exact, abs=1e-15)
        if exact:
            assert value(name, plain, "mp", **arguments) == pytest.approx(exact, rel=1e-14)
        else:
            with pytest.raises(CannotAnswerError, match="the value may be zero"):
                value(name, plain, "mp", **arguments)


@examples(20)
@given(RANDOM_CASES)
def test_float_keeps_the_laws(case: Case) -> None:
    """KL ≥ 0, β in [0, 1], λ_min ≤ min β ≤ 1, and ½‖∇ℓ‖² ≤ KL because ∇²ℓ ⪯ I."""
    kl = value("kl_divergence", case, "float")
    powers = [value("posterior_power", case, "float", m=m) for m in case.frequencies]
    assert kl > -1e-14
    assert min(powers) >= -1e-13
    assert max(powers) <= 1 + 1e-13
    if case.k > 2:  # for k = 2 there is no tangential direction
        assert value("hessian_min_eigenvalue", case, "float") <= min(powers[: (case.k - 1) // 2]) + 1e-12
    gradient_square = sum(
        power**2 * float(square) for power, square in zip(powers, case.squared_amplitudes, strict=True)
    )
    assert gradient_square / 2 <= kl + 1e-14


@pytest.mark.parametrize(
    ("name", "k", "weights", "radius"),
    [
        ("pl_ratio", 3, "linear", "3/1000"),
        ("pl_ratio", 57, "difference-set:9/10", "9/250000"),
        ("log_partition", 4, "112500000/112500001,1/450000004,3/900000008,3/900000008", "37/20"),
    ],
)
def test_what_cancellation_costs_double_precision_is_in_its_interval(
    name: str, k: int, weights: str, radius: str
) -> None:
    case = make_case(k, weights, radius=Fraction(radius))
    float_answer, certified = (evaluate(name, case, {}, 8, route) for route in ("float", "ball"))
    assert float_answer.lower <= certified.lower
    assert certified.upper <= float_answer.upper
    assert not float_answer.has_digits(11)
