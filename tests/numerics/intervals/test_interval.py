"""Intervals contain exact results, and forms of the smallest eigenvalue that of every matrix between."""

import math
from collections.abc import Callable
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals import interval
from emtheory.numerics.intervals.form_functions import smallest_eigenvalue
from emtheory.numerics.intervals.interval import (
    MAX_EXPONENT_BITS,
    Interval,
    from_enclosure,
    from_rational,
    to_enclosure,
)
from emtheory.numerics.intervals.operations import as_interval
from emtheory.numerics.intervals.taylor_form import Box, TaylorForm, constant, signs_of
from emtheory.numerics.level import Level
from tests.tiers import examples

rationals = st.fractions(min_value=-50, max_value=50, max_denominator=1000)


WithPoint = tuple[Enclosure, Fraction]


@st.composite
def intervals_with_a_point(draw: st.DrawFn) -> WithPoint:
    """An interval and a rational number in it."""
    lower, inside, upper = sorted(draw(st.tuples(rationals, rationals, rationals)))
    return Enclosure(lower, upper, Level.CERTIFIED, "test"), inside


def contains(result: Interval, value: Fraction) -> bool:
    enclosure = to_enclosure(result)
    return enclosure.lower <= value <= enclosure.upper


@given(intervals_with_a_point(), intervals_with_a_point(), st.sampled_from("+-*/"), st.sampled_from((24, 64, 200)))
def test_arithmetic_contains_the_exact_result(left: WithPoint, right: WithPoint, operation: str, bits: int) -> None:
    (first, x), (second, y) = left, right
    with arb_precision(bits):
        a, b = from_enclosure(first), from_enclosure(second)
        if operation == "/":
            assume(not second.lower <= 0 <= second.upper)
            assert contains(a / b, x / y)
        else:
            result, exact = {"+": (a + b, x + y), "-": (a - b, x - y), "*": (a * b, x * y)}[operation]
            assert contains(result, exact)
            # Outward rounding is all that widens it: the hull of the corners is not left by more than 2^-bits or so.
            width = to_enclosure(result).upper - to_enclosure(result).lower
            corners = [u * v for u in (first.lower, first.upper) for v in (second.lower, second.upper)]
            if operation == "*":
                assert width <= max(corners) - min(corners) + Fraction(20000, 2**bits)


@given(intervals_with_a_point(), st.integers(-7, 7))
def test_integer_powers_contain_the_exact_result(base: WithPoint, exponent: int) -> None:
    enclosure, x = base
    assume(exponent >= 0 or not enclosure.lower <= 0 <= enclosure.upper)
    with arb_precision(80):
        power = from_enclosure(enclosure) ** exponent
        assert contains(power, x**exponent)
        if exponent % 2 == 0:
            assert power.lower >= 0


@given(intervals_with_a_point(), intervals_with_a_point())
def test_order_functions_contain_the_exact_result(left: WithPoint, right: WithPoint) -> None:
    (first, x), (second, y) = left, right
    with arb_precision(80):
        a, b = from_enclosure(first), from_enclosure(second)
        assert contains(abs(a), abs(x))
        assert contains(interval.minimum(a, b), min(x, y))
        assert contains(interval.maximum(a, b), max(x, y))


@given(intervals_with_a_point(), st.sampled_from(("sqrt", "log", "exp", "cos", "sin")))
def test_functions_contain_the_value_by_another_library(argument: WithPoint, name: str) -> None:
    enclosure, x = argument
    assume(name not in ("sqrt", "log") or enclosure.lower > 0)
    context = mpmath.MPContext()
    context.dps = 60
    value = getattr(context, name)(context.mpf(x.numerator) / x.denominator)
    with arb_precision(100):
        result = to_enclosure(getattr(interval, name)(from_enclosure(enclosure)))
    slack = context.mpf(10) ** -50 * (1 + abs(value))
    assert context.mpf(result.lower.numerator) / result.lower.denominator <= value + slack
    assert context.mpf(result.upper.numerator) / result.upper.denominator >= value - slack
    if name in ("cos", "sin"):
        assert -1 <= result.lower <= result.upper <= 1


@given(base=st.fractions(0, 8, max_denominator=50), end=st.fractions(0, 8, max_denominator=50))
@pytest.mark.parametrize(("low", "high"), [(Fraction(1, 3), Fraction(1, 3)), (Fraction(1, 7), Fraction(5, 2))])
def test_powers_from_zero_on(base: Fraction, end: Fraction, low: Fraction, high: Fraction) -> None:
    """A base in [0, b] and an exponent above zero: all powers are between 0 and the largest of b."""
    inside, end = sorted((base, end))
    with arb_precision(60):
        bases, exponents = (
            from_enclosure(Enclosure(*ends, Level.CERTIFIED, "test")) for ends in ((Fraction(0), end), (low, high))
        )
        result = to_enclosure(interval.power(bases, exponents))
    assert result.lower == 0
    for exponent in (low, high):
        assert float(result.upper) >= float(inside) ** float(exponent) * (1 - 1e-12)
    assert float(result.upper) <= max(float(end) ** float(low), float(end) ** float(high)) * (1 + 1e-12)


@pytest.mark.parametrize("exponent", [-1, 0])
def test_other_powers_from_zero_on_are_refused(exponent: int) -> None:
    bases, zero = (Interval(flint.arb(0), flint.arb(end), Level.CERTIFIED) for end in (1, 0))
    exponents = Interval(flint.arb(exponent), flint.arb(1), Level.CERTIFIED)
    for base in (bases, zero):
        with pytest.raises(CannotAnswerError):
            interval.power(base, exponents)
    with pytest.raises(InputError):
        interval.power(zero, Interval(flint.arb(-2), flint.arb(-1), Level.CERTIFIED))


def test_the_weakest_level_is_kept() -> None:
    with arb_precision(64):
        strong, weak = from_rational(1, Level.CERTIFIED), from_rational(2, Level.SUPPORTED)
        unary = (weak**3, abs(weak), interval.log(weak), interval.cos(weak))
        for result in (
            strong + weak,
            weak - strong,
            strong * weak,
            strong / weak,
            interval.maximum(strong, weak),
            *unary,
        ):
            assert result.level == Level.SUPPORTED


def infinite(lower: Bound, upper: Bound) -> Interval:
    return from_enclosure(Enclosure(lower, upper, Level.CERTIFIED, "test"))


def test_infinite_end_points() -> None:
    def ends(part: Interval) -> tuple[Bound, Bound]:
        found = to_enclosure(part)
        return found.lower, found.upper

    with arb_precision(64):
        beyond, one = infinite(Fraction(5), math.inf), from_rational(1, Level.EXACT)
        assert ends(beyond + beyond) == (10, math.inf)
        assert ends(beyond * from_rational(2, Level.EXACT)) == (10, math.inf)
        assert ends(-beyond) == (-math.inf, -5)
        assert ends(one / beyond)[0] == 0
        assert ends(one / beyond)[1] >= Fraction(1, 5)
        assert ends(interval.exp(beyond))[1] == math.inf
        assert ends(interval.exp(-beyond))[0] == 0
        assert ends(beyond - beyond) == (-math.inf, math.inf)
        assert ends(infinite(Fraction(0), Fraction(0)) * beyond) == (0, 0)
        assert ends(interval.sin(beyond)) == (-1, 1)


def test_what_is_not_a_number_may_be_any_number() -> None:
    with arb_precision(64):
        for part in (interval.from_ball(flint.arb.nan(), Level.CERTIFIED), infinite(-math.inf, math.inf)):
            largest = to_enclosure(interval.maximum(part, from_rational(0, Level.EXACT)))
            assert (largest.lower, largest.upper) == (0, math.inf)


def reciprocal(x: Interval) -> Interval:
    return from_rational(1, x.level) / x


def self_power(x: Interval) -> Interval:
    return interval.power(x, x)


@pytest.mark.parametrize("function", [interval.sqrt, interval.log, reciprocal, self_power, lambda x: x**-2])
def test_what_may_be_outside_the_domain_is_undecided(function: Callable[[Interval], object]) -> None:
    for level in (Level.CERTIFIED, Level.SUPPORTED):
        with arb_precision(64), pytest.raises(CannotAnswerError):
            function(Interval(flint.arb(-1), flint.arb(1), level))


@pytest.mark.parametrize(
    ("function", "value"),
    [(interval.sqrt, -1), (interval.log, -1), (interval.log, 0), (reciprocal, 0), (self_power, -2)],
)
def test_what_is_outside_the_domain_is_an_error_only_if_the_evidence_is_rigorous(
    function: Callable[[Interval], object], value: int
) -> None:
    with arb_precision(64):
        with pytest.raises(InputError):
            function(from_rational(value, Level.CERTIFIED))
        with pytest.raises(CannotAnswerError):
            function(from_rational(value, Level.SUPPORTED))


def test_huge_and_tiny_numbers_are_rounded_outwards() -> None:
    with arb_precision(64):
        huge = interval.exp(from_rational(10**9, Level.EXACT))
        limit = Fraction(2) ** MAX_EXPONENT_BITS
        assert to_enclosure(huge).lower == limit
        assert to_enclosure(huge).upper == math.inf
        assert to_enclosure(-huge).lower == -math.inf
        assert to_enclosure(-huge).upper == -limit
        tiny = to_enclosure(interval.exp(from_rational(-(10**9), Level.EXACT)))
        assert tiny.lower == 0
        assert tiny.upper == 1 / limit


def test_zero_times_an_infinite_number_has_no_value() -> None:
    infinite = Interval(flint.arb.pos_inf(), flint.arb.pos_inf(), Level.CERTIFIED)
    with pytest.raises(InputError, match="zero times infinity"):
        infinite * from_rational(0, Level.CERTIFIED)
    with pytest.raises(CannotAnswerError, match="not told from zero"):
        Interval(flint.arb(-1), flint.arb(1), Level.CERTIFIED) * infinite


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
