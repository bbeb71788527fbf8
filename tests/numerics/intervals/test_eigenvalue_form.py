"""Forms of the smallest eigenvalue contain the smallest eigenvalue of every matrix between.

The basic functions of the ray are told apart as far as the weights tell them apart.
"""

from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.intervals.form_functions import smallest_eigenvalue
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.operations import as_interval
from emtheory.numerics.intervals.taylor_form import Box, TaylorForm, constant, signs_of
from emtheory.numerics.level import Level
from tests.tiers import examples

BOX = Box((Fraction(1),), (Fraction(1, 20),))

Coefficients = list[list[list[Fraction]]]


def forms(coefficients: Coefficients) -> list[list[TaylorForm]]:
    """A matrix that is linear in h, given by one matrix for each power."""
    size = len(coefficients[0])
    padded = [*coefficients, *[[[Fraction(0)] * size] * size] * (2 - len(coefficients))]
    return [
        [TaylorForm(tuple(rational(power[i][j]) for power in padded), BOX) for j in range(size)] for i in range(size)
    ]


def smallest_at(coefficients: Coefficients, h: float) -> float:
    matrix = sum(np.array(power, dtype=float) * h**n for n, power in enumerate(coefficients))
    return float(np.linalg.eigvalsh(matrix)[0])


def value_at(form: TaylorForm, h: float) -> tuple[float, float]:
    intervals = [as_interval(value) for value in form.coefficients]
    corners = [sorted((float(part.lower) * h**n, float(part.upper) * h**n)) for n, part in enumerate(intervals)]
    return sum(low for low, _ in corners), sum(high for _, high in corners)


def check(coefficients: Coefficients) -> TaylorForm:
    with arb_precision(120):
        form = smallest_eigenvalue(forms(coefficients))
        everywhere = form.range
        for h in np.linspace(-1 / 20, 1 / 20, 9):
            exact = smallest_at(coefficients, h)
            low, high = value_at(form, h)
            assert low - 1e-12 <= exact <= high + 1e-12
            assert float(everywhere.lower) - 1e-12 <= exact <= float(everywhere.upper) + 1e-12
        return form


entries = st.integers(-4, 4).map(lambda n: Fraction(n, 4))


def symmetric(size: int) -> st.SearchStrategy[list[list[Fraction]]]:
    lower = st.lists(entries, min_size=size * size, max_size=size * size)
    return lower.map(lambda e: [[e[max(i, j) * size + min(i, j)] for j in range(size)] for i in range(size)])


def diagonal(values: list[Fraction]) -> list[list[Fraction]]:
    return [[value if i == j else Fraction(0) for j in range(len(values))] for i, value in enumerate(values)]


sizes = st.integers(1, 4)


@examples(60)
@given(sizes.flatmap(lambda n: st.tuples(symmetric(n), symmetric(n))))
def test_smallest_eigenvalues_are_contained(parts: tuple[list[list[Fraction]], list[list[Fraction]]]) -> None:
    check(list(parts))


def test_a_simple_eigenvalue_keeps_its_slope() -> None:
    slope = [[Fraction(3), Fraction(1)], [Fraction(1), Fraction(-1)]]
    form = check([diagonal([Fraction(1), Fraction(2)]), slope])
    assert float(as_interval(form.coefficients[1]).lower) == pytest.approx(3)
    assert form.range.upper - form.range.lower < 0.4


def test_the_correction_is_needed() -> None:
    """A's eigenvalue alone is too large: the coupling lowers it."""
    coupling = [[Fraction(0), Fraction(1)], [Fraction(1), Fraction(0)]]
    form = check([diagonal([Fraction(1), Fraction(2)]), coupling])
    assert smallest_at([diagonal([Fraction(1), Fraction(2)]), coupling], 1 / 32) < 1 - 1e-4
    assert float(form.range.upper) == pytest.approx(1)
    assert form.range.lower < 1 - 1e-3


def test_nothing_is_known_of_an_unbounded_matrix() -> None:
    with arb_precision(128):
        matrix = forms([[[Fraction(2), Fraction(0)], [Fraction(0), Fraction(3)]]])
        unknown = Interval(flint.arb.neg_inf(), flint.arb.pos_inf(), Level.CERTIFIED)
        matrix[1][1] = constant(unknown, BOX)
        assert signs_of(smallest_eigenvalue(matrix)) == {-1, 0, 1}
