"""The mean of |π̂_m|² by FFT at random weights of every kind."""

import numpy as np
import pytest

from emtheory.theory.derivations import derive
from emtheory.theory.proof.formula import related
from tests.theory.cubature_em import Array
from tests.theory.derivations.statement_values import Values, holds


def powers(weights: Array) -> Array:
    return np.abs(np.fft.fft(weights)) ** 2


def values(weights: Array) -> Values:
    """What the names of the statement stand for."""
    statement = derive("spectral-mean", None).statement
    named = {str(variable.symbol): variable.symbol for variable in statement.variables}
    found, k = powers(weights), len(weights)
    least = found[1:].min()
    excess = np.concatenate([[0.0], found[1:] - least])
    return {
        named["sigma"]: float(np.sqrt(least)),
        **{named["pi"][j]: float(weights[j]) for j in range(k)},
        **{named["p"][j]: float(found[j]) for j in range(k)},
        **{named["e"][j]: float(excess[j]) for j in range(k)},
    }


def one_heavy(k: int, weight: float) -> Array:
    return np.array([weight, *[(1 - weight) / (k - 1)] * (k - 1)])


@pytest.mark.statement("spectral-mean")
@pytest.mark.parametrize("k", [2, 3, 4, 5, 9])
def test_the_least_is_at_most_the_mean(k: int) -> None:
    total, bound, factor, *_ = derive("spectral-mean", None).statement.conclusions
    for seed in range(3):
        weights = np.random.default_rng(seed).dirichlet(np.ones(k))
        case = values(weights)
        assert powers(weights)[1:].sum() == pytest.approx(k * np.sum((weights - 1 / k) ** 2))
        assert all(holds(formula, case, 1e-9, k) for formula in (total, bound, factor))
        # Strict unless the spectrum is flat, as it always is for k = 2 and 3.
        assert holds(related(bound.rhs, "<=", bound.lhs), case, 1e-9, k) == (k <= 3)


@pytest.mark.statement("spectral-mean")
@pytest.mark.parametrize("k", [4, 7])
def test_equality_is_for_flat_spectra(k: int) -> None:
    equality = derive("spectral-mean", None).statement.conclusions[4].args[1]
    nothing = derive("spectral-mean", None).statement.conclusions[4].args[0]
    flat = derive("spectral-mean", None).statement.conclusions[3].args[1]
    assert flat.rhs == 0
    for weights in (one_heavy(k, 0.4), one_heavy(k, 0.01), np.full(k, 1 / k)):
        assert np.ptp(powers(weights)[1:]) < 1e-12
        assert holds(equality, values(weights), 1e-9, k)
        assert holds(nothing, values(weights), 1e-9, k)
    skew = np.random.default_rng(k).dirichlet(np.ones(k))
    assert not holds(equality, values(skew), 1e-9, k)
    assert not holds(nothing, values(skew), 1e-9, k)


@pytest.mark.statement("spectral-mean")
def test_the_factor_k_minus_1_is_needed() -> None:
    weights = one_heavy(5, 0.5)
    assert powers(weights)[1:].min() > np.sum((weights - 1 / 5) ** 2)
