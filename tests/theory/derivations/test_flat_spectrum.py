"""Two-valued weights: the statement at sets of all kinds, by FFT and by cubature over independent exponents."""

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from emtheory.theory.sums import COUNT
from tests.theory.cubature_em import Array

SETS = [(7, (0, 1, 3)), (7, (0, 1, 2)), (4, (2,)), (5, (1, 3)), (6, (0, 1, 3)), (3, (0, 1))]
ONE, OTHER = 0.31, 0.12


def value(side: sympy.Expr, **values: float) -> float:
    named = {symbol: values[str(symbol)] for symbol in side.free_symbols if symbol != COUNT}
    return float(side.subs({COUNT: int(values["k"]), **named}))


def counts(k: int, chosen: tuple[int, ...]) -> list[int]:
    """How often each s ≠ 0 is a difference, by going through all pairs."""
    return [sum((j - i) % k == s for i in chosen for j in chosen) for s in range(1, k)]


def indicator(k: int, chosen: tuple[int, ...]) -> Array:
    return np.isin(np.arange(k), chosen).astype(float)


@pytest.mark.statement("flat-spectrum")
@pytest.mark.parametrize(("k", "chosen"), SETS)
def test_the_spectrum_is_flat_exactly_for_difference_sets(k: int, chosen: tuple[int, ...]) -> None:
    correlation, _, _, power, *_ = derive("flat-spectrum", None).statement.conclusions
    weights = OTHER + (ONE - OTHER) * indicator(k, chosen)
    case = {"a": ONE, "b": OTHER, "n": len(chosen), "k": k}
    for s, count in enumerate(counts(k, chosen), start=1):
        assert weights @ np.roll(weights, -s) == pytest.approx(value(correlation.rhs, lambda_s=count, **case))
    powers = np.abs(np.fft.fft(weights)[1:]) ** 2
    flat = len(set(counts(k, chosen))) == 1
    assert (np.ptp(powers) < 1e-12) == flat
    if flat:
        assert powers[0] == pytest.approx(value(power.rhs, **case))
