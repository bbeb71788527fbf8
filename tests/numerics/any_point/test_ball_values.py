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


@pytest.mark.parametrize("k", [2, 3, 5, 40])
def test_multiple_eigenvalues(k: int) -> None:
    """With one special weight ∇²ℓ has at most three distinct eigenvalues: λ_min and β_m are found to all digits."""
    case = make_case(k, "one-heavy:3/5", radius=Fraction(1))
    smallest, power = ask("hessian_min_eigenvalue", case, 30), ask("posterior_power", case, 30)
    assert smallest.has_digits(33)
    assert 0 < smallest.lower <= (1 if k == 2 else power.upper)


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
