"""Exact signs: identities that hold, twins that miss by 10⁻⁶⁰, and a random comparison with SymPy."""

import math
import pickle
from fractions import Fraction

import flint
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.algebraic import Algebraic, ball_bounds, cosine_sum, rational
from emtheory.numerics.errors import CannotAnswerError

TINY = rational(Fraction(1, 10**60))


def cosine(m: int, n: int) -> Algebraic:
    """cos(2πm/n)."""
    return cosine_sum([Fraction(int(s == m % n)) for s in range(n)])


def root(value: int | Fraction) -> Algebraic:
    return rational(value).sqrt()


PHI = (rational(1) + root(5)) / rational(2)
IDENTITIES = {
    "2cos(π/5) is the golden ratio": (rational(2) * cosine(1, 10), PHI),
    "the golden ratio's square": (PHI**2, PHI + rational(1)),
    "negative powers": (PHI**-3, root(5) - rational(2)),
    "√2√3 = √6": (root(2) * root(3), root(6)),
    "Dedekind's nested root": ((rational(5) + rational(2) * root(6)).sqrt(), root(2) + root(3)),
    "√8 = 2√2": (root(8), rational(2) * root(2)),
    "cosines of the heptagon": (cosine(1, 7) + cosine(2, 7) + cosine(3, 7), rational(Fraction(-1, 2))),
    "Morrie's law at 2π/7": (cosine(1, 7) * cosine(2, 7) * cosine(3, 7), rational(Fraction(1, 8))),
    "cos(2π/8) = √2/2": (cosine(1, 8), root(2) / rational(2)),
    "4cos(π/15)cos(2π/15)…": (cosine(1, 15) * cosine(2, 15) * cosine(4, 15) * cosine(7, 15), rational(Fraction(1, 16))),
    "Gauss's seventeenth": (
        cosine(1, 17) + cosine(2, 17) + cosine(4, 17) + cosine(8, 17),
        (root(17) - rational(1)) / rational(4),
    ),
}


@pytest.mark.parametrize(("left", "right"), IDENTITIES.values(), ids=IDENTITIES.keys())
def test_identities_hold_and_their_twins_do_not(left: Algebraic, right: Algebraic) -> None:
    assert (left - right).sign == 0
    assert (left - right - TINY).sign == -1
    assert (left - right + TINY).sign == 1


@given(
    st.lists(st.fractions(-3, 3, max_denominator=9), min_size=1, max_size=24),
    st.lists(st.fractions(-3, 3, max_denominator=9), min_size=1, max_size=24),
)
def test_cosine_sums_agree_with_double_precision(first: list[Fraction], second: list[Fraction]) -> None:
    def value(coefficients: list[Fraction]) -> float:
        n = len(coefficients)
        return sum(float(c) * math.cos(2 * math.pi * s / n) for s, c in enumerate(coefficients))

    number = cosine_sum(first) * cosine_sum(second) - cosine_sum(second)
    lower, upper = number.enclose(15)
    assert float(lower) == pytest.approx(value(first) * value(second) - value(second), abs=1e-10)
    assert 0 <= upper - lower <= abs(upper) / 10**15
    assert number.sign == (lower > 0) - (lower < 0)


RADICALS = st.recursive(
    st.fractions(0, 6, max_denominator=4).map(lambda q: (rational(q), sympy.Rational(q.numerator, q.denominator))),
    lambda children: st.one_of(
        st.tuples(children, children).map(lambda p: (p[0][0] + p[1][0], p[0][1] + p[1][1])),
        st.tuples(children, children).map(lambda p: (p[0][0] * p[1][0], p[0][1] * p[1][1])),
        children.map(lambda p: (p[0].sqrt(), sympy.sqrt(p[1]))),
    ),
    max_leaves=4,
)


@given(RADICALS, RADICALS)
def test_signs_of_nested_radicals_agree_with_sympy(
    left: tuple[Algebraic, sympy.Expr], right: tuple[Algebraic, sympy.Expr]
) -> None:
    difference = (left[1] - right[1]).evalf(60)
    sign = 0 if abs(difference) < sympy.Float(10) ** -50 else int(sympy.sign(difference))
    assert (left[0] - right[0]).sign == sign


@pytest.mark.parametrize("number", [PHI, -root(Fraction(2, 3)) / PHI**3, (root(2) + cosine(1, 7)).sqrt(), rational(-3)])
def test_numbers_that_are_sent_elsewhere_stay_exact(number: Algebraic) -> None:
    sent = pickle.loads(pickle.dumps(number))  # noqa: S301 - our own
    assert sent == number
    assert (sent - number).sign == 0
    assert (sent - number - TINY).sign == -1
    assert sent.enclose(50) == number.enclose(50)


def test_impossible_operations_are_refused() -> None:
    with pytest.raises(ZeroDivisionError, match="exactly zero"):
        rational(1) / (root(2) * root(3) - root(6))
    with pytest.raises(ValueError, match="negative"):
        (root(2) - root(3)).sqrt()
    sum_of_roots = rational(0)
    for prime in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        sum_of_roots = sum_of_roots + root(prime)
    with pytest.raises(CannotAnswerError, match="bits"):
        _ = (sum_of_roots**2 - sum_of_roots * sum_of_roots).sign


@pytest.mark.parametrize("ball", [flint.arb.nan(), flint.arb.pos_inf(), flint.arb(0, flint.arb.pos_inf())])
def test_a_ball_of_which_nothing_is_known_has_no_bounds(ball: flint.arb) -> None:
    with pytest.raises(CannotAnswerError, match="outgrown"):
        ball_bounds(ball)
