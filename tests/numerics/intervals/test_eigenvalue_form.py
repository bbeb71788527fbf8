"""Forms of the smallest eigenvalue contain the smallest eigenvalue of every matrix between."""

from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.intervals.eigenvalue_form import smallest_eigenvalue
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.operations import as_interval
from emtheory.numerics.intervals.taylor_form import Domain, TaylorForm, constant, hull, leading
from emtheory.numerics.level import Level
from tests.tiers import examples

ORIGIN = Domain(Fraction(0), Fraction(0), Fraction(1, 8), 4, punctured=True)
AWAY = Domain(Fraction(1), Fraction(-1, 20), Fraction(1, 20), 1, punctured=False)

Coefficients = list[list[list[Fraction]]]


def forms(coefficients: Coefficients, domain: Domain) -> list[list[TaylorForm]]:
    """A matrix of polynomials in h, given by one matrix for each power."""
    size = len(coefficients[0])
    padded = [*coefficients, *[[[Fraction(0)] * size] * size] * (domain.order + 1 - len(coefficients))]
    return [
        [TaylorForm(tuple(rational(power[i][j]) for power in padded), domain) for j in range(size)] for i in range(size)
    ]


def smallest_at(coefficients: Coefficients, h: float) -> float:
    matrix = sum(np.array(power, dtype=float) * h**n for n, power in enumerate(coefficients))
    return float(np.linalg.eigvalsh(matrix)[0])


def value_at(form: TaylorForm, h: float) -> tuple[float, float]:
    intervals = [as_interval(value) for value in form.coefficients]
    corners = [sorted((float(part.lower) * h**n, float(part.upper) * h**n)) for n, part in enumerate(intervals)]
    return sum(low for low, _ in corners), sum(high for _, high in corners)


def check(coefficients: Coefficients, domain: Domain) -> TaylorForm:
    with arb_precision(120):
        form = smallest_eigenvalue(forms(coefficients, domain))
        everywhere = hull(form)
        for h in np.linspace(float(domain.lower), float(domain.upper), 9):
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

_NOTHING = [[Fraction(0)] * 2] * 2
UNCOUPLED = ([Fraction(0)] * 2, _NOTHING, diagonal([Fraction(0), Fraction(1, 4)]))
"""The matrix diag(0, h⁴/4): its eigenvalues are tied up to h⁴, and there is no coupling between them at all."""


@examples(60)
@given(sizes.flatmap(lambda n: st.tuples(st.lists(entries, min_size=n, max_size=n), symmetric(n), symmetric(n))))
@example(UNCOUPLED)
def test_smallest_eigenvalues_are_contained_at_the_origin(
    parts: tuple[list[Fraction], list[list[Fraction]], list[list[Fraction]]],
) -> None:
    """Diagonal at h = 0, often with ties, as the Hessian is."""
    start, second, fourth = parts
    zero = [[Fraction(0)] * len(start)] * len(start)
    check([diagonal(start), zero, second, zero, fourth], ORIGIN)


@examples(60)
@given(sizes.flatmap(lambda n: st.tuples(symmetric(n), symmetric(n))))
def test_smallest_eigenvalues_are_contained_away_from_it(
    parts: tuple[list[list[Fraction]], list[list[Fraction]]],
) -> None:
    check(list(parts), AWAY)


def test_a_simple_eigenvalue_keeps_its_slope() -> None:
    slope = [[Fraction(3), Fraction(1)], [Fraction(1), Fraction(-1)]]
    form = check([diagonal([Fraction(1), Fraction(2)]), slope], AWAY)
    assert float(as_interval(form.coefficients[1]).lower) == pytest.approx(3)
    assert hull(form).upper - hull(form).lower < 0.4


def test_an_eigenvalue_that_vanishes_everywhere_at_the_origin_has_a_sign() -> None:
    zero = diagonal([Fraction(0)] * 2)
    positive = [[Fraction(2), Fraction(1)], [Fraction(1), Fraction(2)]]
    assert leading(check([zero, zero, positive], ORIGIN)).signs == {1}
    assert leading(check([zero, zero, positive], ORIGIN)).power == 2
    indefinite = [[Fraction(1), Fraction(2)], [Fraction(2), Fraction(1)]]
    assert leading(check([zero, zero, indefinite], ORIGIN)).signs == {-1}


def test_the_correction_is_needed() -> None:
    """A's eigenvalue alone is too large: the coupling lowers it."""
    coupling = [[Fraction(0), Fraction(1)], [Fraction(1), Fraction(0)]]
    form = check([diagonal([Fraction(1), Fraction(2)]), diagonal([Fraction(0)] * 2), coupling], ORIGIN)
    assert smallest_at([diagonal([Fraction(1), Fraction(2)]), coupling], 1 / 64) < 1 - 1e-5
    assert hull(form).upper == 1
    assert hull(form).lower < 1


@pytest.mark.parametrize("domain", [ORIGIN, AWAY])
def test_nothing_is_known_of_an_unbounded_matrix(domain: Domain) -> None:
    with arb_precision(128):
        matrix = forms([[[Fraction(2), Fraction(0)], [Fraction(0), Fraction(3)]]], domain)
        unknown = Interval(flint.arb.neg_inf(), flint.arb.pos_inf(), Level.CERTIFIED)
        matrix[1][1] = constant(unknown, domain)
        assert leading(smallest_eigenvalue(matrix)).signs == {-1, 0, 1}
