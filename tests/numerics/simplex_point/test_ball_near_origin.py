"""Expansions in place of quadrature near the origin: they agree where both answer, and their remainder is needed."""

from fractions import Fraction

import flint
import pytest

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.simplex_point import origin_expansion
from emtheory.numerics.simplex_point.ball_partition import ball_posterior_moments, kl_at
from emtheory.numerics.simplex_point.origin_expansion import expanded_kl, expanded_moments, sufficient_order

CASES = [make_case(3, "1/2,3/10,1/5"), make_case(64, "one-heavy:1/2")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"k={case.k}")
@pytest.mark.parametrize("order", [1, 4])
def test_overlaps_with_quadrature(case: Case, order: int) -> None:
    with arb_precision(200):
        x = flint.arb(to_fmpq(Fraction(1, 1000)))
        expanded, moments = expanded_moments(case, x, order), ball_posterior_moments(case, x.sqrt(), 60, 4)
        pairs = [(expanded.power(m), moments.power(m)) for m in (1, 2)]
        pairs += [(expanded.coupling(1, n), moments.coupling(1, n)) for n in (1, 2)]
        pairs.append((expanded_kl(case, x, order), kl_at(case, x.sqrt(), 60)))
        for value, truth in pairs:
            assert value.contains(truth)


def test_the_remainder_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES[0]
    with arb_precision(200):
        x = flint.arb(to_fmpq(Fraction(1, 1000)))
        truth = kl_at(case, x.sqrt(), 60)
        monkeypatch.setattr(origin_expansion, "to_fmpq", lambda _: flint.fmpq(0))
        assert not expanded_kl(case, x, 3).contains(truth)


def test_the_order_keeps_the_remainder_below_the_accuracy() -> None:
    for exponent in (4, 8, 30):
        x = flint.arb(10) ** -exponent
        order = sufficient_order(x, 35.0)
        assert order is not None
        assert expanded_moments(CASES[0], x, order).power(1).rad() < 1e-15
    assert sufficient_order(flint.arb(1), 35.0) is None


@pytest.mark.parametrize("radius", ["1e-100"])
@pytest.mark.parametrize("weights", ["linear", "uniform"])
def test_tiny_radii(radius: str, weights: str) -> None:
    """KL ~ r²·Σ|π̂_m|²/(2(k − 1)), or r⁴/(4(k − 1)) for uniform weights; log_partition ~ r²/2 − KL."""
    case = make_case(5, weights, radius=Fraction(radius))
    square = Fraction(radius) ** 2
    overlap = sum((5 * weight**2 for weight in case.weights), Fraction(-1)) / 4
    leading = square * overlap / 2 if overlap else square**2 / 16
    for name, expected in (("kl_divergence", leading), ("log_partition", square * (1 - overlap) / 2)):
        value = evaluate(name, case, {}, 15, "ball")
        assert abs(Fraction(value.midpoint) / expected - 1) < Fraction(1, 10**15)
    assert evaluate("hessian_min_eigenvalue", case, {}, 15, "ball").lower > 0


@pytest.mark.parametrize("name", ["kl_divergence", "posterior_power"])
def test_the_mp_route_agrees_at_tiny_radii(name: str) -> None:
    """Where two of its resolutions once agreed on a divergence of ‖θ‖²/2."""
    case = make_case(2, "geometric:7", radius=Fraction(1, 10**20))
    arguments = {"m": Fraction(1)} if name == "posterior_power" else {}
    mp, ball = (Fraction(evaluate(name, case, arguments, 12, route).midpoint) for route in ("mp", "ball"))
    assert abs(mp / ball - 1) < Fraction(1, 10**12)
