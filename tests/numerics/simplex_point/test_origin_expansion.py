"""Expansions at the origin: the heat equation by SymPy, coefficients and remainders against quadrature."""

import cmath
from fractions import Fraction
from math import prod

import flint
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.simplex_point.ball_partition import ball_posterior_moments, kl_at
from emtheory.numerics.simplex_point.origin_expansion import (
    Expansion,
    Polynomial,
    coupling_expansion,
    half_laplacian,
    mean_power_expansion,
    power_expansion,
)
from emtheory.numerics.simplex_point.spectrum import squared_modulus
from tests.tiers import examples

CASES = [
    (3, "1/2,3/10,1/5"),
    (2, "4/5,1/5"),
    (5, "uniform"),
    (6, "linear"),
    (7, "geometric:1/2"),
    (40, "one-heavy:1/2"),
]


def symbolic(polynomial: Polynomial, y: list[sympy.Symbol]) -> sympy.Expr:
    k = len(y)
    total = sum(map(sympy.exp, y))
    gamma = [sympy.exp(x) / total for x in y]
    root = sympy.exp(2 * sympy.pi * sympy.I / k)
    sums = lambda a, f: sum(gamma[j] ** a * root ** (f * j) for j in range(k))  # noqa: E731
    return sum(sympy.Rational(c) * prod(sums(a, f) for a, f in monomial) for monomial, c in polynomial.items())


@pytest.mark.parametrize(
    "polynomial",
    [{((1, 1), (1, -1)): Fraction(1)}, {((3, 2),): Fraction(2), ((2, 1), (2, 1)): Fraction(-1, 3), (): Fraction(5)}],
)
def test_the_heat_operator_is_half_the_laplacian(polynomial: Polynomial) -> None:
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


@pytest.mark.parametrize(("k", "weights"), CASES)
def test_first_terms_are_what_is_known_of_them(k: int, weights: str) -> None:
    """|π̂_m|², and ½Δ|γ̂|² = q + 3q|γ̂|² − 4 Re(γ̂* Σ_j γ_j² e^{2πi jm/k}) with q = Σ γ_j², done by hand."""
    case = make_case(k, weights)
    expansion = power_expansion(case, 2, 1)
    assert (expansion.coefficients[0] - squared_modulus(case.weights, 1)).sign == 0
    assert expansion.remainder == 2**2 * 4**2 / Fraction(2)
    pi = [float(weight) for weight in case.weights]
    first, second = (sum(w**a * cmath.exp(2j * cmath.pi * j / k) for j, w in enumerate(pi)) for a in (1, 2))
    collision = sum(w**2 for w in pi)
    slope = collision * (1 + 3 * abs(first) ** 2) - 4 * (second * first.conjugate()).real
    with arb_precision(100):
        assert float(expansion.coefficients[1].ball()) == pytest.approx(slope, abs=1e-13)


@pytest.mark.parametrize("k", [2, 3, 6, 9])
def test_uniform_weights_vanish_to_the_order_known(k: int) -> None:
    """KL = r⁴/(4(k − 1)) + O(r⁶) and β_m(0) = 0, exactly."""
    case = make_case(k, "uniform")
    constant, slope, *_ = mean_power_expansion(case, 3).coefficients
    assert constant.sign == 0
    assert slope.value == Fraction(1, 2 * k)  # 2KL/r² = r²/(2(k − 1)), r² = x(k − 1)/k
    assert power_expansion(case, 3, 1).coefficients[0].value == 0


@pytest.mark.parametrize(("k", "weights"), [CASES[0], CASES[-1]])
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
