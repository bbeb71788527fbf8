"""Polynomials in √π and arcsin(1/3): their arithmetic against SymPy's, identities, and twins that miss by 10⁻⁶⁰."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.algebraic import ball_bounds, rational
from emtheory.numerics.arithmetic.closed_form import MAX_TERMS, ClosedForm, lifted, pi_power
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.reports.commands.evaluate import readable_form
from emtheory.theory.derivations.shape.lloyd_radius import closed_form

ONE, TWO = lifted(rational(1)), lifted(rational(2))
PI, ROOT, ALPHA = pi_power(2, rational(1)), pi_power(1, rational(1)), pi_power(0, rational(1), 1)
SURD = lifted(rational(2).sqrt())
TINY = lifted(rational(Fraction(1, 10**60)))


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
def test_identities_hold_and_their_twins_do_not(left: ClosedForm, right: ClosedForm) -> None:
    assert (left - right).sign == 0
    assert (left - right - TINY).sign == -1
    assert (right - left + TINY).sign == 1


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


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_lloyds_radius_is_that_of_its_derivation_and_of_quadrature(k: int) -> None:
    case = make_case(k, "linear")
    found, enclosed = evaluate("lloyd_radius", case, digits=40), evaluate("lloyd_radius", case, {}, 40, "ball")
    assert found.level == Level.EXACT
    assert found.lower <= enclosed.upper
    assert enclosed.lower <= found.upper
    assert found.has_digits(40)
    assert found.exact is not None
    text = readable_form(found.exact)
    assert text is not None
    assert sympy.simplify(sympy.sympify(text) - closed_form(k)) == 0


def test_beyond_five_components_there_is_no_closed_form() -> None:
    assert evaluate("lloyd_radius", make_case(6, "uniform")).level == Level.CERTIFIED
    with pytest.raises(CannotAnswerError, match="2 to 5"):
        evaluate("lloyd_radius", make_case(6, "uniform"), {}, 10, "exact")
