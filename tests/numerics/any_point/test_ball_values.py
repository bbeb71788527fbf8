"""The ball route: brute force, closed forms, containment in itself, and what it refuses."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.any_point import ball_values
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from tests.numerics.brute_force import brute_force
from tests.tiers import examples

POINT_QUANTITIES = ("log_partition", "kl_divergence", "posterior_power", "pl_ratio", "hessian_min_eigenvalue")
RADII = st.one_of(
    st.fractions(Fraction(1, 100), 5, max_denominator=100), st.integers(1, 12).map(lambda i: Fraction(1, 10**i))
)


@st.composite
def cases(draw: st.DrawFn, largest: int = 8) -> Case:
    parts = draw(st.lists(st.integers(1, 20), min_size=2, max_size=largest))
    return make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts], radius=draw(RADII))


def ask(name: str, case: Case, digits: int) -> Enclosure:
    arguments = {"m": Fraction(1)} if name == "posterior_power" else {}
    return evaluate(name, case, arguments, digits, "ball")


def overlap(one: Enclosure, other: Enclosure) -> bool:
    return one.lower <= other.upper and other.lower <= one.upper


@examples(6)
@given(case=cases(4).filter(lambda case: Fraction(1, 5) <= case.radius <= 2))
def test_against_brute_force(case: Case) -> None:
    """Within the brute force's own accuracy of about 1e−10."""
    exact = brute_force(case)
    expected = {
        "log_partition": exact.log_partition,
        "kl_divergence": exact.kl,
        "posterior_power": exact.posterior_power[1],
        "pl_ratio": exact.gradient_square / 2 / exact.kl,
        "hessian_min_eigenvalue": exact.hessian_eigenvalues[0],
    }
    for name, value in expected.items():
        assert float(ask(name, case, 12).midpoint) == pytest.approx(value, rel=1e-8, abs=1e-9), name


@examples(5)
@given(case=cases(4).filter(lambda case: case.radius >= Fraction(1, 10)), name=st.sampled_from(POINT_QUANTITIES[:4]))
def test_mp_route_agrees(case: Case, name: str) -> None:
    arguments = {"m": Fraction(1)} if name == "posterior_power" else {}
    other = evaluate(name, case, arguments, 15, "mp").midpoint
    value = ask(name, case, 20).midpoint
    assert abs(Fraction(other) / Fraction(value) - 1) < Fraction(1, 10**15)


@pytest.mark.parametrize("k", [2, 3, 6])
@pytest.mark.parametrize("exponent", [3, 12, 20])
def test_uniform_weights_near_the_origin(k: int, exponent: int) -> None:
    """KL = r⁴/(4(k−1)) + O(r⁶) and β_m = r²/(k−1) + O(r⁴): all leading digits must survive the cancellation."""
    radius = Fraction(1, 10**exponent)
    case = make_case(k, "uniform", radius=radius)
    kl, power = ask("kl_divergence", case, 10).midpoint, ask("posterior_power", case, 10).midpoint
    assert abs(Fraction(kl) * 4 * (k - 1) / radius**4 - 1) < 9 * radius**2 + Fraction(1, 10**12)
    assert abs(Fraction(power) * (k - 1) / radius**2 - 1) < 9 * radius**2 + Fraction(1, 10**12)


def test_a_component_of_weight_nearly_one() -> None:
    """γ_0 → 1, so β → 1, and Λ = log π_0 + E max-like terms that vanish: Λ → 0 with 1 − π_0."""
    case = make_case(3, ["0.999999999998", "0.000000000001", "0.000000000001"], radius=Fraction(1, 2))
    assert abs(ask("log_partition", case, 5).midpoint) < Fraction(1, 10**10)
    assert ask("posterior_power", case, 20).lower > 1 - Fraction(1, 10**10)
    assert ask("posterior_power", case, 20).upper < 1


@pytest.mark.parametrize("k", [2, 3, 5, 40])
def test_multiple_eigenvalues(k: int) -> None:
    """With one special weight ∇²ℓ has at most three distinct eigenvalues: λ_min and β_m are found to all digits."""
    case = make_case(k, "one-heavy:3/5", radius=Fraction(1))
    smallest, power = ask("hessian_min_eigenvalue", case, 30), ask("posterior_power", case, 30)
    assert smallest.has_digits(33)
    assert 0 < smallest.lower <= (1 if k == 2 else power.upper)


def test_lloyd_radius_of_two_is_the_half_normal_mean() -> None:
    found = evaluate("lloyd_radius", make_case(2, "uniform"), {}, 30, "ball")
    half_normal = Fraction("0.797884560802865355879892119868763737")  # √(2/π)
    assert found.has_digits(33)
    assert abs(found.midpoint - half_normal) < Fraction(1, 10**33)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (make_case(64, "linear", amplitudes=[Fraction(1, 9 + m) for m in range(32)]), "63 dimensions"),
        (make_case(3, "linear", radius=Fraction(0)), "origin"),
        (make_case(3, "linear", radius=Fraction(1, 10**200)), "covers radii"),
    ],
)
def test_refuses_what_it_cannot_do(case: Case, reason: str) -> None:
    with pytest.raises(CannotAnswerError, match=reason):
        ask("kl_divergence", case, 10)


@pytest.mark.parametrize("digits", [1, 3, 11])
@pytest.mark.parametrize("exponent", [8, 30])
def test_small_values_that_weights_nearly_cancel(digits: int, exponent: int) -> None:
    """β_2 = O(r²) where π̂_2 = 0; λ_min is close to |π̂_1|², which is small."""
    point = Fraction(1, 10**exponent)
    answer = evaluate(
        "posterior_power", make_case(4, "1/6,1/6,1/3,1/3", radius=point), {"m": Fraction(2)}, digits, "ball"
    )
    # γ_j = π_j(1 + s(Z_j − Σ_l π_l Z_l)) + O(s²) gives E|γ̂_2|² = s² Σ_j π_j² + O(s⁴) where Σ_j ±π_j = 0.
    expected = point**2 * Fraction(4, 3) * Fraction(10, 36)
    assert abs(answer.midpoint / expected - 1) < Fraction(1, 10**digits) + Fraction(1, 10**12)
    gap = Fraction(1, 10**40)
    near = make_case(2, [str(Fraction(1, 2) + gap), str(Fraction(1, 2) - gap)], radius=Fraction(1, 10**60))
    least = evaluate("hessian_min_eigenvalue", near, {}, digits, "ball")
    assert abs(least.midpoint / (4 * gap**2) - 1) < Fraction(1, 10**digits)


def test_gives_up_on_a_value_it_cannot_tell_from_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        ball_values,
        "ray_divergence",
        lambda case, square, accuracy: ball_values.flint.arb(0, ball_values.flint.arb(-accuracy).exp()),
    )
    with pytest.raises(CannotAnswerError, match="may be zero"):
        ask("kl_divergence", make_case(3, "linear", radius=Fraction(1)), 10)
