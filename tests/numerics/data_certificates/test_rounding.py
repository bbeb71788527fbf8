"""Sums, the exponential function and eigenvalues with their errors, against exact arithmetic."""

from fractions import Fraction

import flint
import numpy as np
import pytest

from emtheory.numerics.arithmetic import rounding
from emtheory.numerics.arithmetic.rounding import EXPONENTIAL_ERROR
from emtheory.numerics.arithmetic.rounding import exponential as exp
from emtheory.numerics.data_certificates import cell_bound
from emtheory.numerics.data_certificates.cell_bound import largest_eigenvalue_above, largest_eigenvalue_below


def relative_errors(z: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    values = exp(z)
    with flint.ctx.workprec(200):
        exact = [flint.arb(float(x)).exp() for x in z]
        return np.array([float(abs(flint.arb(float(v)) / e - 1).upper()) for v, e in zip(values, exact, strict=True)])


def arguments() -> np.ndarray:  # type: ignore[type-arg]
    """Random ones, the ends, and those nearest to where the reduction changes, on both sides."""
    changes = (np.arange(-1009, 1009, 7) + 0.5) * np.log(2)
    near = [np.nextafter(changes, sign * np.inf) for sign in (-1, 1)]
    return np.concatenate([np.random.default_rng(1).uniform(-700, 0, 500), changes, *near, [-700.0, 0.0, -1e-300]])


def test_the_exponential_is_as_near_as_it_says() -> None:
    worst = relative_errors(arguments()).max()
    assert worst <= EXPONENTIAL_ERROR
    assert worst > EXPONENTIAL_ERROR / 100
    assert exp(np.array([-700.1, -1e300])).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("part", "wrong"), [("_COEFFICIENTS", rounding._COEFFICIENTS[2:]), ("_LN2_LOW", 0.0)])
def test_each_part_of_the_exponential_is_needed(part: str, wrong: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounding, part, wrong)
    assert relative_errors(arguments()).max() > EXPONENTIAL_ERROR


@pytest.mark.parametrize("size", [1, 3, 36])
def test_eigenvalues_are_between_their_bounds(size: int) -> None:
    rng = np.random.default_rng(size)
    factors = rng.standard_normal((size, 2 * size)) * 10.0 ** rng.integers(-8, 8)
    matrix = factors @ factors.T
    matrix = (matrix + matrix.T) / 2
    largest = Fraction(float(np.linalg.eigvalsh(matrix)[-1]))
    above, below = Fraction(float(largest_eigenvalue_above(matrix))), Fraction(largest_eigenvalue_below(matrix))
    assert 0 < below < above < below * (1 + Fraction(1, 10**8))
    assert below < largest < above
    # λ_max is a root of the characteristic polynomial, beyond which it is positive with all its derivatives.
    if size <= 3:
        exact = flint.fmpq_mat([[flint.fmpq(*x.as_integer_ratio()) for x in row] for row in matrix.tolist()])
        polynomial = exact.charpoly()
        ends = [polynomial(flint.fmpq(x.numerator, x.denominator)) for x in (below, above)]
        assert ends[1] > 0 >= ends[0] or size == 1


def test_the_quotient_by_the_gram_matrix_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    # Vectors that are not quite orthogonal still give a bound; without the quotient 1 would come out for I.
    eigh = np.linalg.eigh
    monkeypatch.setattr(
        cell_bound.np.linalg, "eigh", lambda matrix: (eigh(matrix)[0], np.array([[1.0, 0.2], [0.0, 0.9]]))
    )
    assert float(largest_eigenvalue_above(np.array([[1.0, 0.0], [0.0, 1.0]]))) >= 1
