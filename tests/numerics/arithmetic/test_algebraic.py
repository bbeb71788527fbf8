"""Exact numbers: signs and identities, twins that miss by 10⁻⁶⁰, random comparisons with SymPy, and rationals."""

import math
import pickle
from fractions import Fraction

import flint
import pytest
import sympy
from hypothesis import example, given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.algebraic import Algebraic, ball_bounds, cosine_sum, rational
from emtheory.numerics.arithmetic.closed_form import MAX_TERMS, ClosedForm, lifted, pi_power
from emtheory.numerics.arithmetic.constant import Constant, real_number
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import CannotAnswerError, InputError
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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/2", Fraction(1, 2)),
        ("0.3", Fraction(3, 10)),
        (" -.5 ", Fraction(-1, 2)),
        ("+7.", Fraction(7)),
        ("2.5E3", Fraction(2500)),
        ("1e1000", Fraction(10**1000)),
    ],
)
def test_exact_values(text: str, value: Fraction) -> None:
    assert parse_rational(text) == value


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_decimals_are_read_exactly(value: object) -> None:
    numerator, denominator = value.as_integer_ratio() if -900 < value.adjusted() < 900 else (0, 1)  # type: ignore[attr-defined]
    text = str(value) if numerator else "0"
    assert parse_rational(text) == Fraction(numerator, denominator)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not an exact number"),
        ("nan", "not an exact number"),
        ("0x10", "not an exact number"),
        ("1_000", "not an exact number"),
        ("²", "not an exact number"),
        ("٣", "not an exact number"),
        ("1/0.5", "not an exact number"),
        ("__import__('os')", "not an exact number"),
        ("3/0", "divides by zero"),
        ("1e1001", "exponent beyond"),
        ("1" * 1001, "has 1001 characters; at most 1000"),
    ],
)
def test_bad_text_is_refused_with_its_name(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        parse_rational(text, "radius")
    assert str(caught.value).startswith("radius ")
    assert len(str(caught.value)) < 200


VALUES = st.one_of(
    st.fractions(),
    st.builds(lambda m, e: Fraction(m) * Fraction(10) ** e, st.integers(-(10**30), 10**30), st.integers(-300, 300)),
    st.builds(lambda m, e: Fraction(m) * Fraction(2) ** e, st.integers(-(2**60), 2**60), st.integers(-900, 900)),
)


@given(VALUES, st.integers(1, 60))
@example(Fraction(999999), 3)
@example(Fraction(-999999), 3)
@example(Fraction(1, 3) / 10**6, 1)
@example(Fraction(10**41) - 1, 20)
def test_rounding_is_outward_and_has_the_digits(value: Fraction, digits: int) -> None:
    down, nearest, up = (Fraction(decimal_text(value, digits, rounding)) for rounding in ("down", "nearest", "up"))
    unit = abs(value) / Fraction(10) ** (digits - 1)
    assert down <= value <= up
    assert up - down <= unit
    assert down <= nearest <= up
    assert abs(nearest - value) <= unit / 2
    assert (up == down) == (down == value)


@pytest.mark.parametrize(
    ("value", "digits", "rounding", "text"),
    [
        (Fraction(1, 3), 5, "down", "0.33333"),
        (Fraction(1, 3), 5, "up", "0.33334"),
        (Fraction(2, 3), 3, "nearest", "0.667"),
        (Fraction(7, 100), 30, "nearest", "0.07"),
        (Fraction(0), 30, "up", "0"),
        (Fraction(99999, 10), 4, "up", "10000"),
        (Fraction(1, 10**9), 5, "nearest", "1e-09"),
        (Fraction(123, 10**12), 5, "nearest", "1.23e-10"),
        (Fraction(10**45), 5, "nearest", "1e+45"),
        (-math.inf, 5, "nearest", "-inf"),
    ],
)
def test_layout(value: Fraction | float, digits: int, rounding: str, text: str) -> None:
    assert decimal_text(value, digits, rounding) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3/10", Fraction(3, 10)),
        ("cos(2*pi/3)", Fraction(-1, 2)),
        ("sqrt(2)**2/4", Fraction(1, 2)),
        ("1e-3", Fraction(1, 1000)),
    ],
)
def test_what_is_a_fraction_becomes_one(text: str, value: Fraction) -> None:
    assert real_number(text, "theta") == value


def test_what_is_none_is_kept_as_its_formula() -> None:
    root = real_number(" sqrt(2) /\n2", "theta")
    assert root == Constant("sqrt(2) / 2") == pickle.loads(pickle.dumps(root))  # noqa: S301
    assert Fraction(7071067811, 10**10) < root < Fraction(7071067812, 10**10)
    assert not root <= Fraction(7071067811, 10**10)
    close = Fraction("0.70710678118654752440084436210484903928483593768847")
    assert close < root < close + Fraction(1, 10**50)


def test_a_hidden_fraction_is_not_taken_for_another_number() -> None:
    hidden = Constant("sqrt(3 + 2*sqrt(2)) - sqrt(2)")
    with pytest.raises(InputError, match="cannot be told from 1"):
        _ = hidden < Fraction(1)


@pytest.mark.parametrize("text", ["", "x", "sqrt(-1)", "1/0", "log(0)", "nan", "inf", "1" * 2000, "9**9**9", "em_rate"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="theta"):
        real_number(text, "theta")
