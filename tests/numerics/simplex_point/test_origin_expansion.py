"""Expansions at the origin: the heat equation by SymPy, coefficients and remainders against quadrature."""

from fractions import Fraction
from math import prod

import flint
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.simplex_point import origin_expansion
from emtheory.numerics.simplex_point.ball_partition import ball_posterior_moments, kl_at
from emtheory.numerics.simplex_point.origin_expansion import (
    Expansion,
    Polynomial,
    coupling_expansion,
    expanded_kl,
    expanded_moments,
    half_laplacian,
    mean_power_expansion,
    power_expansion,
    sufficient_order,
)
from tests.tiers import examples


def symbolic(polynomial: Polynomial, y: list[sympy.Symbol]) -> sympy.Expr:
    k = len(y)
    total = sum(map(sympy.exp, y))
    gamma = [sympy.exp(x) / total for x in y]
    root = sympy.exp(2 * sympy.pi * sympy.I / k)
    sums = lambda a, f: sum(gamma[j] ** a * root ** (f * j) for j in range(k))  # noqa: E731
    return sum(sympy.Rational(c) * prod(sums(a, f) for a, f in monomial) for monomial, c in polynomial.items())


def test_the_heat_operator_is_half_the_laplacian() -> None:
    polynomial = {((3, 2),): Fraction(2), ((2, 1), (2, 1)): Fraction(-1, 3), (): Fraction(5)}
    y = list(sympy.symbols("y:3"))
    direct = sum(sympy.diff(symbolic(polynomial, y), x, 2) for x in y) / 2
    at = dict(zip(y, (sympy.Rational(1, 3), sympy.Rational(-2, 5), sympy.Rational(7, 4)), strict=True))
    found = symbolic(half_laplacian(polynomial, 3), y)
    assert abs(sympy.N((direct - found).subs(at), 30)) < 1e-25


def value(expansion: Expansion, x: flint.arb) -> flint.arb:
    return sum((c.ball() * x**i for i, c in enumerate(expansion.coefficients)), start=flint.arb(0))


def expansions(case: Case, order: int, x: flint.arb) -> list[tuple[Expansion, flint.arb]]:
    """Each expansion with the value at x by quadrature."""
    m, n = 1, min(2, case.k - 1)
    moments = ball_posterior_moments(case, x.sqrt(), 90, 4)
    mean = 2 * kl_at(case, x.sqrt(), 110) / (x * flint.fmpq(case.k - 1, case.k))
    return [
        (power_expansion(case, order, m), moments.power(m)),
        (coupling_expansion(case, order, m, n), moments.coupling(m, n)),
        (mean_power_expansion(case, order), mean),
    ]


@examples(10)
@given(
    parts=st.lists(st.integers(1, 30), min_size=2, max_size=5),
    order=st.integers(1, 4),
    x=st.fractions(Fraction(1, 100), 2, max_denominator=100),
)
def test_remainders_are_bounds(parts: list[int], order: int, x: Fraction) -> None:
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts])
    with arb_precision(300):
        at = flint.arb(flint.fmpq(x.numerator, x.denominator))
        for expansion, exact in expansions(case, order, at):
            assert len(expansion.coefficients) == order
            assert abs(exact - value(expansion, at)) <= float(expansion.remainder) * at**order


@pytest.mark.parametrize("k", [2, 6, 9])
def test_uniform_weights_vanish_to_the_order_known(k: int) -> None:
    """KL = r⁴/(4(k − 1)) + O(r⁶) and β_m(0) = 0, exactly."""
    case = make_case(k, "uniform")
    constant, slope, *_ = mean_power_expansion(case, 3).coefficients
    assert constant.sign == 0
    assert slope.value == Fraction(1, 2 * k)  # 2KL/r² = r²/(2(k − 1)), r² = x(k − 1)/k
    assert power_expansion(case, 3, 1).coefficients[0].value == 0


@pytest.mark.parametrize(("k", "weights"), [(3, "1/2,3/10,1/5"), (40, "one-heavy:1/2")])
def test_coefficients_against_quadrature_near_the_origin(k: int, weights: str) -> None:
    """What is left after four terms is of order x⁴, at two small x with the same constant."""
    case = make_case(k, weights)
    with arb_precision(300):
        ratios = []
        for x in (flint.arb(2) ** -16, flint.arb(2) ** -17):
            ratios.append([(exact - value(e, x)) / x**4 for e, exact in expansions(case, 4, x)])
        for first, second in zip(*ratios, strict=True):
            assert abs(first - second) < 1e-2
            assert abs(first) < 100


THREE = make_case(3, "1/2,3/10,1/5")


@pytest.mark.parametrize("case", [THREE, make_case(64, "one-heavy:1/2")], ids=lambda case: f"k={case.k}")
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
    with arb_precision(200):
        x = flint.arb(to_fmpq(Fraction(1, 1000)))
        truth = kl_at(THREE, x.sqrt(), 60)
        monkeypatch.setattr(origin_expansion, "to_fmpq", lambda _: flint.fmpq(0))
        assert not expanded_kl(THREE, x, 3).contains(truth)


def test_the_order_keeps_the_remainder_below_the_accuracy() -> None:
    for exponent in (4, 8, 30):
        x = flint.arb(10) ** -exponent
        order = sufficient_order(x, 35.0)
        assert order is not None
        assert expanded_moments(THREE, x, order).power(1).rad() < 1e-15
    assert sufficient_order(flint.arb(1), 35.0) is None


@pytest.mark.parametrize("weights", ["linear", "uniform"])
def test_tiny_radii(weights: str) -> None:
    """KL ~ r²·Σ|π̂_m|²/(2(k − 1)), or r⁴/(4(k − 1)) for uniform weights; log_partition ~ r²/2 − KL."""
    case = make_case(5, weights, radius=Fraction("1e-100"))
    square = case.squared_radius
    overlap = sum((5 * weight**2 for weight in case.weights), Fraction(-1)) / 4
    leading = square * overlap / 2 if overlap else square**2 / 16
    for name, expected in (("kl_divergence", leading), ("log_partition", square * (1 - overlap) / 2)):
        value = evaluate(name, case, {}, 15, "ball")
        assert abs(Fraction(value.midpoint) / expected - 1) < Fraction(1, 10**15)
    assert evaluate("hessian_min_eigenvalue", case, {}, 15, "ball").lower > 0


def test_the_mp_route_agrees_at_tiny_radii() -> None:
    """Where two of its resolutions once agreed on a divergence of ‖θ‖²/2."""
    case = make_case(2, "geometric:7", radius=Fraction(1, 10**20))
    mp, ball = (Fraction(evaluate("kl_divergence", case, {}, 12, route).midpoint) for route in ("mp", "ball"))
    assert abs(mp / ball - 1) < Fraction(1, 10**12)
