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
from emtheory.numerics.arithmetic.closed_form import MAX_TERMS, ClosedForm, lifted, pi_power
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.reports.commands.evaluate import readable_form
from emtheory.theory.derivations.shape.lloyd_radius import closed_form

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
    "Dedekind's nested root": ((rational(5) + rational(2) * root(6)).sqrt(), root(2) + root(3)),
    "cosines of the heptagon": (cosine(1, 7) + cosine(2, 7) + cosine(3, 7), rational(Fraction(-1, 2))),
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


Radical = tuple[Algebraic, sympy.Expr]
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
def test_signs_of_nested_radicals_agree_with_sympy(left: Radical, right: Radical) -> None:
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


ONE, TWO = lifted(rational(1)), lifted(rational(2))
PI, ROOT, ALPHA = pi_power(2, rational(1)), pi_power(1, rational(1)), pi_power(0, rational(1), 1)
SURD = lifted(rational(2).sqrt())
TINY_FORM = lifted(rational(Fraction(1, 10**60)))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (ROOT * ROOT, PI),
        ((TWO * PI).sqrt() / SURD, ROOT),
        ((PI + SURD) * (PI - SURD), PI**2 - TWO),
        ((PI + ALPHA) ** 2, PI**2 + TWO * PI * ALPHA + ALPHA * ALPHA),
        ((SURD * PI) ** -3 * PI**3 * SURD**3, ONE),
        ((PI + ONE) / PI - ONE, PI**-1),
    ],
)
def test_identities_with_pi_hold_and_their_twins_do_not(left: ClosedForm, right: ClosedForm) -> None:
    assert (left - right).sign == 0
    assert (left - right - TINY_FORM).sign == -1
    assert (right - left + TINY_FORM).sign == 1


atoms = st.sampled_from(
    [
        (ONE, sympy.Integer(1)),
        (SURD, sympy.sqrt(2)),
        (PI, sympy.pi),
        (ROOT, sympy.sqrt(sympy.pi)),
        (ALPHA, sympy.asin(sympy.Rational(1, 3))),
    ]
)
expressions = st.recursive(
    atoms,
    lambda inner: st.tuples(inner, inner, st.sampled_from("+-*")).map(
        lambda parts: tuple(
            {"+": a + b, "-": a - b, "*": a * b}[parts[2]] for a, b in zip(parts[0], parts[1], strict=True)
        )
    ),
    max_leaves=6,
)


@given(expressions)
def test_random_polynomials_against_sympy(pair: tuple[ClosedForm, sympy.Expr]) -> None:
    number, expression = pair
    expanded = sympy.expand(expression)
    assert number.sign == sympy.sign(expanded.n(40, chop=True))
    if expanded != 0:
        lower, upper = number.enclose(20)
        value = Fraction(str(expanded.n(40)))
        slack = abs(value) / 10**30
        assert lower - slack <= value <= upper + slack
        assert upper - lower <= abs(value) / 10**20


def test_what_is_not_a_polynomial_is_refused() -> None:
    for refused in (lambda: ONE / (PI + ONE), (PI + ONE).sqrt, ROOT.sqrt, ALPHA.sqrt):
        with pytest.raises(CannotAnswerError, match="not known to be a polynomial"):
            refused()
    with pytest.raises(CannotAnswerError, match="terms"):
        _ = (PI + ONE) ** MAX_TERMS
    with pytest.raises(CannotAnswerError, match="too large"):
        _ = (SURD + PI + lifted(rational(3).sqrt()) * PI**2) ** 50
    with pytest.raises(ValueError, match="negative"):
        (-PI).sqrt()


def test_a_number_that_may_be_zero_is_not_told_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of π and arcsin(1/3) it is not known that they satisfy no equation: only balls tell such numbers from zero."""
    near = Fraction(ball_bounds(ALPHA.ball())[0])
    number = ALPHA - lifted(rational(near))
    assert number.sign == 1
    monkeypatch.setattr("emtheory.numerics.arithmetic.closed_form.MAX_BITS", 32)
    with pytest.raises(CannotAnswerError, match="bits"):
        _ = (ALPHA - lifted(rational(near))).sign


@pytest.mark.parametrize("k", [2, 3, 5])
def test_lloyds_radius_is_that_of_its_derivation_and_of_quadrature(k: int) -> None:
    case = make_case(k, "linear")
    found, enclosed = evaluate("lloyd_radius", case, digits=40), evaluate("lloyd_radius", case, {}, 40, "ball")
    assert found.level == Level.EXACT
    assert found.lower <= enclosed.upper
    assert enclosed.lower <= found.upper
    assert found.has_digits(40)
    text = readable_form(found.exact)
    assert sympy.simplify(sympy.sympify(text) - closed_form(k)) == 0


def test_beyond_five_components_there_is_no_closed_form() -> None:
    assert evaluate("lloyd_radius", make_case(6, "uniform")).level == Level.CERTIFIED
    with pytest.raises(CannotAnswerError, match="2 to 5"):
        evaluate("lloyd_radius", make_case(6, "uniform"), {}, 10, "exact")
