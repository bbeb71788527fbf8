import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from emtheory.theory.gaussian_moments import Expectation, power_mean_expectation
from tests.tiers import examples

X, Y = sympy.symbols("x y", real=True)


@pytest.mark.parametrize("degree", [0, 3, 8])
def test_moments_are_the_integrals(degree: int) -> None:
    density = sympy.exp(-(X**2) / 2) / sympy.sqrt(2 * sympy.pi)
    integral = sympy.integrate(X**degree * density, (X, -sympy.oo, sympy.oo))
    assert Expectation(X**degree, (X,)).doit() == integral


@given(st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.integers(-4, 4), max_size=6))
def test_polynomials_agree_with_gauss_hermite_cubature(coefficients: dict[tuple[int, int], int]) -> None:
    nodes, weights = np.polynomial.hermite_e.hermegauss(8)
    grid_x, grid_y = np.meshgrid(nodes, nodes)
    mass = np.outer(weights, weights) / (2 * np.pi)
    expected = sum(c * float((mass * grid_x**i * grid_y**j).sum()) for (i, j), c in coefficients.items())
    polynomial = sympy.Add(*(c * X**i * Y**j for (i, j), c in coefficients.items()))
    assert float(Expectation(polynomial, (X, Y)).doit()) == pytest.approx(expected, abs=1e-6)


def test_only_polynomials_have_a_value() -> None:
    with pytest.raises(sympy.PolynomialError):
        Expectation(sympy.exp(X), (X,)).doit()


@examples(30)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.integers(1, 4))
def test_power_means_by_exchangeability_agree_with_multiplying_out(exponents: list[int], k: int) -> None:
    z = sympy.symbols(f"z_:{k}", real=True)
    product = sympy.Mul(*(sympy.Add(*(value**n for value in z)) / k for n in exponents))
    symbol = sympy.Symbol("k", positive=True)
    assert power_mean_expectation(exponents, symbol).subs(symbol, k) == Expectation(product, z).doit()
