"""The ball route: brute force, closed forms, containment in itself, and what it refuses."""

from dataclasses import replace
from fractions import Fraction

import flint
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from emtheory.numerics.any_point import ball_values
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from tests.numerics.brute_force import brute_force
from tests.tiers import examples

OFF = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Up to four components on the simplex, or four off it."""
    parts = draw(st.lists(st.integers(1, 20), min_size=2, max_size=4))
    weights = [str(Fraction(part, sum(parts))) for part in parts]
    if len(parts) == 4 and draw(st.booleans()):
        amplitudes = st.lists(st.fractions("1/20", 2, max_denominator=20), min_size=2, max_size=2)
        return make_case(4, weights, amplitudes=draw(amplitudes))
    return make_case(len(parts), weights, radius=draw(st.fractions("1/5", 2, max_denominator=100)))


def ask(name: str, case: Case, digits: int, m: int = 1) -> Enclosure:
    return evaluate(name, case, {"m": Fraction(m)} if name == "posterior_power" else {}, digits, "ball")


@examples(6)
@given(case=cases())
@example(case=OFF)
def test_balls_against_brute_force(case: Case) -> None:
    """Within the brute force's own accuracy."""
    exact = brute_force(case, h=None if case.on_simplex else 0.35 / max(1.0, float(case.squared_radius) ** 0.5))
    expected = {
        "log_partition": exact.log_partition,
        "kl_divergence": exact.kl,
        "pl_ratio": exact.gradient_square / 2 / exact.kl,
        "hessian_min_eigenvalue": exact.hessian_eigenvalues[0],
    }
    for name, value in expected.items():
        assert float(ask(name, case, 12 if case.on_simplex else 8).midpoint) == pytest.approx(value, rel=2e-8, abs=2e-9)
    for m in case.frequencies:
        assert float(ask("posterior_power", case, 8, m).midpoint) == pytest.approx(exact.posterior_power[m], abs=1e-8)


@pytest.mark.parametrize("k", [2, 40])
def test_multiple_eigenvalues(k: int) -> None:
    """With one special weight ∇²ℓ has at most three distinct eigenvalues: λ_min and β_m are found to all digits."""
    case = make_case(k, "one-heavy:3/5", radius=Fraction(1))
    smallest, power = ask("hessian_min_eigenvalue", case, 30), ask("posterior_power", case, 30)
    assert smallest.has_digits(33)
    assert 0 < smallest.lower <= (1 if k == 2 else power.upper)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (make_case(3, "linear", radius=Fraction(0)), "origin"),
        (make_case(3, "linear", radius=Fraction(1, 10**200)), "covers radii"),
    ],
)
def test_refuses_what_it_cannot_do(case: Case, reason: str) -> None:
    with pytest.raises(CannotAnswerError, match=reason):
        ask("kl_divergence", case, 10)


@pytest.mark.parametrize("digits", [1, 11])
@pytest.mark.parametrize("exponent", [8, 30])
def test_small_values_that_weights_nearly_cancel(digits: int, exponent: int) -> None:
    """β_2 = O(r²) where π̂_2 = 0; λ_min is close to |π̂_1|², which is small."""
    point = Fraction(1, 10**exponent)
    answer = ask("posterior_power", make_case(4, "1/6,1/6,1/3,1/3", radius=point), digits, 2)
    # γ_j = π_j(1 + s(Z_j − Σ_l π_l Z_l)) + O(s²) gives E|γ̂_2|² = s² Σ_j π_j² + O(s⁴) where Σ_j ±π_j = 0.
    expected = point**2 * Fraction(4, 3) * Fraction(10, 36)
    assert abs(answer.midpoint / expected - 1) < Fraction(1, 10**digits) + Fraction(1, 10**12)
    gap = Fraction(1, 10**40)
    near = make_case(2, [str(Fraction(1, 2) + gap), str(Fraction(1, 2) - gap)], radius=Fraction(1, 10**60))
    least = ask("hessian_min_eigenvalue", near, digits)
    assert abs(least.midpoint / (4 * gap**2) - 1) < Fraction(1, 10**digits)


def test_gives_up_on_a_value_it_cannot_tell_from_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        ball_values,
        "ray_divergence",
        lambda case, square, accuracy: ball_values.flint.arb(0, ball_values.flint.arb(-accuracy).exp()),
    )
    with pytest.raises(CannotAnswerError, match="may be zero"):
        ask("kl_divergence", make_case(3, "linear", radius=Fraction(1)), 10)


POINT_QUANTITIES = ("log_partition", "kl_divergence", "posterior_power", "pl_ratio", "hessian_min_eigenvalue")

Question = tuple[str, Case, dict[str, Fraction]]

RADII = st.one_of(
    st.fractions("1/100", 5, max_denominator=100),
    st.integers(5, 25).map(Fraction),
    st.integers(1, 9).map(lambda i: Fraction(1, 10**i)),
)


def normalised(parts: list[int]) -> tuple[int, str]:
    return len(parts), ",".join(str(Fraction(part, sum(parts))) for part in parts)


MIXTURES = st.one_of(
    st.lists(st.integers(1, 10**6), min_size=2, max_size=6).map(normalised),
    st.lists(st.sampled_from([1, 10**3, 10**20, 10**40]), min_size=2, max_size=4).map(normalised),
    st.tuples(st.integers(2, 8), st.sampled_from(["linear", "uniform", "geometric:1/2", "geometric:1/1000"])),
    st.tuples(st.sampled_from([2, 3, 7, 30, 500, 4096]), st.sampled_from(["one-heavy:1/2", "one-heavy:0.999999"])),
)


@st.composite
def questions(draw: st.DrawFn, names: tuple[str, ...] = POINT_QUANTITIES) -> Question:
    k, weights = draw(MIXTURES)
    case, name = make_case(k, weights, radius=draw(RADII)), draw(st.sampled_from(names))
    return name, case, {"m": Fraction(draw(st.integers(1, k - 1)))} if name == "posterior_power" else {}


def contained(question: Question, digits: int, more: int) -> bool:
    name, case, arguments = question
    coarse = evaluate(name, case, arguments, digits, "ball")
    fine = evaluate(name, case, arguments, digits + more, "ball")
    return coarse.has_digits(digits) and coarse.lower <= fine.upper and fine.lower <= coarse.upper


@examples(25)
@given(question=questions(), digits=st.integers(1, 25), more=st.integers(3, 15))
def test_contained_in_more_digits(question: Question, digits: int, more: int) -> None:
    assert contained(question, digits, more)


@pytest.mark.long
@examples(8, suppress_health_check=[HealthCheck.too_slow])
@given(question=questions(POINT_QUANTITIES[:4]).filter(lambda question: question[1].k <= 8))
@example(question=("log_partition", make_case(7, "linear", radius=Fraction(1, 10**7)), {}))
def test_the_mp_route_lies_inside(question: Question) -> None:
    """To within the mp route's own error, which is estimated."""
    name, case, arguments = question
    coarse = evaluate(name, case, arguments, 8, "ball")
    other = evaluate(name, case, arguments, 14, "mp")
    assert coarse.lower <= other.upper
    assert other.lower <= coarse.upper


THREE = make_case(3, "1/2,3/10,1/5", radius="1")
NAMES = ("kl_divergence", "posterior_power", "hessian_min_eigenvalue", "pl_ratio", "log_partition")


def asked(case: Case, name: str, digits: int) -> Enclosure:
    return evaluate(name, case, {"m": Fraction(1)} if name == "posterior_power" else {}, digits, "ball")


@pytest.mark.parametrize(("case", "digits"), [(THREE, (8, 15)), (OFF, (4,))], ids=["k=3", "off"])
def test_answers_do_not_depend_on_what_was_asked_before(case: Case, digits: tuple[int, ...]) -> None:
    """Of other digits, too: a key without the accuracy would give the first ones again."""
    alone = {(name, count): asked(replace(case), name, count) for count in digits for name in NAMES}
    for order in (list(alone), list(alone)[::-1]):
        together = replace(case)
        assert {key: asked(together, *key) for key in order} == alone


def test_a_number_of_one_precision_is_not_one_of_another() -> None:
    case = replace(THREE)
    for bits in (60, 200):
        with arb_precision(bits):
            third = ball_values.shared(case, "third", lambda: flint.arb(1) / 3)
            assert third.rel_accuracy_bits() >= bits - 3
