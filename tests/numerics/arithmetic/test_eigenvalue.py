"""λ_min of matrices of balls against spectra known by construction; sums in fixed point beside exact ones."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic import chebyshev, eigenvalue
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.chebyshev import Model, make_grid
from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue
from emtheory.numerics.arithmetic.fixed_point import FixedPoint, balls, fixed_point, strided_sums
from emtheory.numerics.arithmetic.precision import arb_precision, mp_context
from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.evaluate import evaluate
from tests.tiers import examples

Rows = list[list[flint.arb]]


def with_spectrum(spectrum: list[int], seed: int) -> Rows:
    """QΛQᵀ for a product of exact reflections Q, so that the eigenvalues are the integers given."""
    size = len(spectrum)
    matrix = flint.fmpq_mat(flint.fmpz_mat(size, size, np.diag(spectrum).ravel().tolist()))
    rng = np.random.default_rng(seed)
    for _ in range(3):
        v = [int(x) for x in rng.integers(-3, 4, size)]
        norm = sum(x * x for x in v) or 1
        entries = [flint.fmpq(i == j) - flint.fmpq(2 * v[i] * v[j], norm) for i in range(size) for j in range(size)]
        reflection = flint.fmpq_mat(size, size, entries)
        matrix = reflection * matrix * reflection.transpose()
    return [[flint.arb(matrix[i, j]) for j in range(size)] for i in range(size)]


@examples(40)
@given(spectrum=st.lists(st.integers(-5, 9), min_size=1, max_size=7), seed=st.integers(0, 99))
def test_contains_the_smallest_eigenvalue_tightly(spectrum: list[int], seed: int) -> None:
    with arb_precision(250):
        value = smallest_eigenvalue(with_spectrum(spectrum, seed), 115)
        assert value.contains(min(spectrum))
        assert value.rad() < 1e-46


def test_covers_every_matrix_in_the_balls() -> None:
    with arb_precision(120):
        rows = with_spectrum([1, 1, 4], 3)
        wide = [[entry + flint.arb(0, 1e-6) for entry in row] for row in rows]
        value = smallest_eigenvalue(wide, 60)
        for sign in (-1, 1):
            shifted = [
                [entry + (sign * 1e-6 if i == j else 0) for j, entry in enumerate(row)] for i, row in enumerate(rows)
            ]
            assert value.contains(smallest_eigenvalue(shifted, 60))


@examples(100)
@given(
    clusters=st.lists(st.integers(0, 1), min_size=2, max_size=6),
    offsets=st.lists(st.integers(-9, 9), min_size=6, max_size=6),
    exponent=st.integers(40, 120),
    seed=st.integers(0, 99),
)
def test_clusters_closer_than_double_precision(
    clusters: list[int], offsets: list[int], exponent: int, seed: int
) -> None:
    """Eigenvalues 1 + c + j 2^−e; with few reflections the vectors are often orthogonal to what doubles begin with."""
    with arb_precision(600):
        gap = flint.fmpq(1, 2**exponent)
        offsets = offsets[: len(clusters)]
        rows = [
            [(i == j) + entry + gap * shift for j, (entry, shift) in enumerate(zip(*pair, strict=True))]
            for i, pair in enumerate(zip(with_spectrum(clusters, seed), with_spectrum(offsets, seed), strict=True))
        ]
        value = smallest_eigenvalue(rows, 200)
        smallest = min(1 + c + gap * j for c, j in zip(clusters, offsets, strict=True))
        assert value.contains(smallest)
        assert value.rad() < 1e-80


def test_the_pivots_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a start beside another eigenvalue only the pivots tell that the quotient found is not the smallest."""
    with arb_precision(120):
        rows = with_spectrum([1, 2, 4], 5)
        wrong = flint.arb(3.5), flint.arb_mat(3, 1, [0, 0, 1])
        monkeypatch.setattr(eigenvalue, "_start", lambda matrix: wrong)
        monkeypatch.setattr(eigenvalue, "_MAX_ITERATIONS", 1)
        assert smallest_eigenvalue(rows, 60).contains(1)
        monkeypatch.setattr(eigenvalue, "_positive_definite", lambda matrix: True)
        assert not smallest_eigenvalue(rows, 60).contains(1)


def test_an_entry_without_bounds_gives_no_bounds() -> None:
    assert not smallest_eigenvalue([[flint.arb(0, flint.arb.pos_inf())]], 30).is_finite()


WHOLE = (Fraction(0), Fraction(1))


def exact(t: flint.arb) -> flint.arb:
    return (1 + t.exp()).rsqrt()


def model(accuracy: float, interval: tuple[Fraction, Fraction] = WHOLE) -> Model:
    """A model on t ∈ [−1, 2]; h = exp(−y²/2) is at most 1, in one dimension."""
    grid = make_grid(1.0, 1, (flint.arb(-1), flint.arb(2)), interval, accuracy)
    return grid.model([exact(t) for t in grid.axis.points])


@examples(30)
@given(
    accuracy=st.sampled_from([2.0, 7.0, 40.0, 120.0]),
    ends=st.tuples(st.integers(0, 64), st.integers(0, 64)).map(sorted),
    inner=st.integers(0, 16),
)
def test_ranges_contain_all_values(accuracy: float, ends: list[int], inner: int) -> None:
    left, right = (Fraction(end, 64) for end in ends)
    with arb_precision(400):
        found = model(accuracy).over(left, right)
        point = left + (right - left) * Fraction(inner, 16)
        assert found.contains(exact(3 * flint.arb(flint.fmpq(point.numerator, point.denominator)) - 1))
        assert model(accuracy).error.rad() < 2 * flint.arb(-accuracy).exp()


def test_the_interpolation_error_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chebyshev, "_MOST", 3)
    with arb_precision(200):
        coarse = model(-4.0)
        wrong = Model(coarse.left, coarse.right, coarse.polynomial, flint.arb(0), coarse.slope_error)
        assert coarse.over(Fraction(0), Fraction(0)).contains(exact(flint.arb(-1)))
        assert not wrong.over(Fraction(0), Fraction(0)).overlaps(exact(flint.arb(-1)))


KERNEL = [Fraction(i * i % 23 - 11, 7 + i) for i in range(10)]
VALUES = [Fraction(i**3 % 41 - 20, 11 + i) for i in range(40)]


def exact_sums(start: int, stride: int, count: int) -> list[Fraction]:
    padded = VALUES + [Fraction(0)] * 100
    return [
        sum((a * b for a, b in zip(KERNEL, padded[start + i * stride :], strict=False)), Fraction(0))
        for i in range(count)
    ]


def numbers(values: list[Fraction], bits: int, radius: float = 0.0) -> FixedPoint:
    return fixed_point([flint.arb(to_fmpq(value)) + flint.arb(radius, radius) for value in values], bits)


@pytest.mark.parametrize(("start", "stride", "count"), [(0, 1, 31), (3, 3, 9), (2, 17, 5), (39, 1, 4)])
def test_sums_contain_the_exact_ones(start: int, stride: int, count: int) -> None:
    for bits in (4, 60):
        with arb_precision(200):
            sums, error = strided_sums(numbers(KERNEL, bits), numbers(VALUES, bits), start, stride, count)
            for ball, truth in zip(balls(sums, bits, error), exact_sums(start, stride, count), strict=True):
                assert ball.contains(to_fmpq(truth))
                assert ball.rad() < 1e3 * 2.0**-bits


@pytest.mark.parametrize(("kernel", "values"), [(Fraction(1, 3), Fraction(3)), (Fraction(3), Fraction(1, 3))])
def test_the_errors_of_the_kernel_and_of_the_values_are_needed(kernel: Fraction, values: Fraction) -> None:
    left, right, truth = numbers([kernel] * 4, 2), numbers([values] * 4, 2), to_fmpq(4 * kernel * values)
    sums, error = strided_sums(left, right, 0, 1, 1)
    assert balls(sums, 2, error)[0].contains(truth)
    exact_left, exact_right = (FixedPoint(part.numbers, 2, flint.arb(0)) for part in (left, right))
    sums, error = strided_sums(exact_left, exact_right, 0, 1, 1)
    assert not balls(sums, 2, error)[0].contains(truth)


def test_the_error_of_the_sums_is_needed() -> None:
    truth = flint.fmpq(3, 16)
    sums, error = strided_sums(numbers([Fraction(1, 4)], 2), numbers([Fraction(3, 4)], 2), 0, 1, 1)
    assert balls(sums, 2, error)[0].contains(truth)
    assert not balls(sums, 2, flint.arb(0))[0].contains(truth)


def test_what_is_not_finite_has_no_bound() -> None:
    found = fixed_point([flint.arb(1), flint.arb.nan()], 10)
    assert not found.error.is_finite()


CASE = make_case(3, "1/2,3/10,1/5", radius=Fraction(1))


def divergence(digits: int, route: str = "mp") -> Enclosure:
    return evaluate("kl_divergence", CASE, digits=digits, route=route)


def test_contexts_restore_what_they_found() -> None:
    before = (mpmath.mp.prec, flint.ctx.prec)
    with arb_precision(333):
        assert flint.ctx.prec == 333
        with arb_precision(77):
            assert flint.ctx.prec == 77
        assert flint.ctx.prec == 333
    with mp_context(555) as context:
        assert context.prec == 555
        assert mpmath.mp.prec == before[0]
        assert context.mpf(1) / 3 != mpmath.mpf(1) / 3
    with pytest.raises(RuntimeError, match="inside"), arb_precision(99):
        raise RuntimeError("inside")
    assert (mpmath.mp.prec, flint.ctx.prec) == before


def test_threads_at_different_digits_get_the_same_as_alone() -> None:
    digits = [8, 15] * 2
    alone = {n: divergence(n) for n in set(digits)}
    sequential = {n: evaluate("spectral_gap", make_case(7, "linear"), digits=n) for n in set(digits)}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(divergence, digits))
        gaps = list(pool.map(lambda n: evaluate("spectral_gap", make_case(7, "linear"), digits=n), digits))
    for n, value, gap in zip(digits, together, gaps, strict=True):
        assert (value.lower, value.upper) == (alone[n].lower, alone[n].upper)
        assert (gap.lower, gap.upper) == (sequential[n].lower, sequential[n].upper)
