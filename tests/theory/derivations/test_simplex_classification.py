"""Four components: β_1 − β_2 on the simplex by cubature of E GᵀG, from the definition of the mixture."""

from itertools import product

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from emtheory.theory.simplex import rotations, vertices
from tests.theory.cubature_em import Array, orthogonal_mixture

MAPS = np.array([np.array(U, dtype=float) for U in rotations(4)])
VERTEX = np.array(vertices(4), dtype=float)[:, 0]
SECOND = np.einsum("j,jab->ab", [0.25, -0.25, 0.25, -0.25], MAPS)
"""The projection on frequency 2."""


def weights(u: float, D: float, E: float) -> Array:
    return np.array([u + D, 1 - u + E, u - D, 1 - u - E]) / 2


def gap(values: Array, size: float) -> float:
    """β_1 − β_2 at s = size."""
    mixture = orthogonal_mixture(values, MAPS, 16)
    B = mixture.second_moment(np.sqrt(3 / 4) * size * VERTEX)
    return float(np.trace(B - SECOND @ B) / 2 - np.trace(SECOND @ B))


def at(side: sympy.Expr, **values: float) -> float:
    return float(side.subs({symbol: values[str(symbol)] for symbol in side.free_symbols}))


@pytest.mark.statement("simplex-classification")
@pytest.mark.parametrize("seed", range(2))
def test_at_the_origin_it_is_the_difference_of_the_squared_moduli(seed: int) -> None:
    first, expansion, *_ = derive("simplex-classification", 4).statement.conclusions
    case = dict(zip("uDE", np.random.default_rng(seed).uniform(0.1, 0.4, size=3), strict=True))
    transform = np.abs(np.fft.fft(weights(**case))) ** 2
    assert transform[1] - transform[2] == pytest.approx(at(first.rhs, **case))
    assert gap(weights(**case), 1e-3) == pytest.approx(at(expansion.rhs, s=0, **case), abs=1e-5)


@pytest.mark.statement("simplex-classification")
@pytest.mark.parametrize(("D", "E"), [(0.3, 0.2), (0.2, -0.25), (-0.15, 0.3)])
@pytest.mark.parametrize("sign", [1, -1])
def test_where_they_are_equal_it_is_of_fourth_order(D: float, E: float, sign: int) -> None:
    """Extrapolated from two sizes, as the next term is of sixth order."""
    conclusion = derive("simplex-classification", 4).statement.conclusions[2].args[1]
    u = (1 + sign * np.hypot(D, E)) / 2
    size = 0.2
    near, nearer = (gap(weights(u, D, E), s) / s**4 for s in (size, size / 2))
    expected = at(sympy.expand(conclusion.rhs).coeff(sympy.Symbol("s", positive=True), 4), D=D, E=E)
    assert (4 * nearer - near) / 3 == pytest.approx(expected, rel=0.02)


@pytest.mark.statement("simplex-classification")
def test_the_cases_are_all_there_are() -> None:
    """Every vector of four weights with the denominator 14, one by one."""
    premises, alternatives = derive("simplex-classification", 4).statement.conclusions[3].args
    names = (*sympy.symbols("u D E", real=True), *sympy.symbols("pi_:4", positive=True))
    zeros, cases = (sympy.lambdify(names, part) for part in (premises, alternatives))
    whole = 14
    compositions = [(a, b, c, whole - a - b - c) for a, b, c in product(range(1, whole), repeat=3) if a + b + c < whole]
    meeting = 0
    for parts in compositions:
        p = [sympy.Rational(part, whole) for part in parts]
        at = (p[0] + p[2], p[0] - p[2], p[1] - p[3], *p)
        three_equal = max(parts.count(part) for part in parts) >= 3
        assert bool(zeros(*at)) == three_equal == bool(cases(*at))
        meeting += three_equal
    assert meeting == 4 * len([n for n in range(1, 5) if 3 * n < whole])
