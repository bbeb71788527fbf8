"""Forms contain what they stand for: against evaluation at points, which knows nothing of forms."""

from fractions import Fraction

import flint
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.form_functions import apply_to_forms
from emtheory.numerics.intervals.interval import Interval, from_enclosure
from emtheory.numerics.intervals.operations import apply, as_interval
from emtheory.numerics.intervals.taylor_form import Box, TaylorForm, constant, signs_of
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.forms import BoxForms, make_problem
from emtheory.reports.decide.boxes.reach import is_followed
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.point import evaluate_expression
from emtheory.reports.language.expression import Expression
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span
from tests.tiers import examples

THREE = make_case(3, "1/2,3/10,1/5")


def expressions(leaves: list[str]) -> st.SearchStrategy[str]:
    def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pairs = st.tuples(inner, inner)
        return st.one_of(
            *(pairs.map(lambda p, o=o: f"({p[0]} {o} {p[1]})") for o in "+-*/"),
            *(pairs.map(lambda p, f=f: f"{f}({p[0]}, {p[1]})") for f in ("min", "max")),
            *(inner.map(lambda e, f=f: f"{f}({e})") for f in ("abs", "sqrt", "log", "exp", "cos", "sin", "-")),
            st.tuples(inner, st.sampled_from(["2", "3", "(-1)", "(1/2)", "(3/2)", "(-2)"])).map(
                lambda p: f"{p[0]}**{p[1]}"
            ),
        )

    return st.recursive(st.sampled_from(leaves), extend, max_leaves=5)


def at(form: TaylorForm, radius: Fraction) -> Interval:
    """The form's value at one radius."""
    start, slope = form.coefficients
    return as_interval(apply("+", [start, apply("*", [slope, rational(radius - form.domain.centre[0])])]))


def overlap(left: Interval, right: Interval) -> bool:
    return bool(left.lower <= right.upper and right.lower <= left.upper)


def forms_on(text: str, case: Case, lower: Fraction, upper: Fraction) -> tuple[BoxForms, Expression]:
    statement = parse_statement(f"{text} < radius", ("radius",))
    question = Question(statement, (case.at_radius(lower),), {"radius": Span(lower, upper, open_lower=True)})
    window = {"radius": (lower, max(upper, lower + Fraction(1, 4)))}
    cell = BoxCell({"radius": (lower, upper)}, 6, window)
    return BoxForms(cell, make_problem(question, question.cases[0]), {}), statement.operands[0]


def test_signs_of_forms() -> None:
    box = Box((Fraction(1),), (Fraction(1, 4),))
    with arb_precision(64):
        h = TaylorForm((rational(0), rational(1)), box)
        root = constant(rational(2).sqrt(), box)
        assert signs_of(h - h) == signs_of(root * root - 2) == {0}
        assert signs_of(h - 1) == {-1}
        assert signs_of(apply_to_forms("exp", [h]) - 1) == {-1, 0, 1}
        # Infinite constants do not decide by accident.
        infinite = constant(Interval(flint.arb.pos_inf(), flint.arb.pos_inf(), Level.EXACT), box)
        assert signs_of(infinite - 5) == {1}
        assert signs_of(infinite - infinite) == {-1, 0, 1}


@pytest.mark.parametrize("case", [make_case(64, "linear"), make_case(64, "one-heavy:1/2")], ids=["many", "two"])
def test_eigenvalues_of_many_different_weights_cannot_be_followed(case: Case) -> None:
    statement = parse_statement("hessian_min_eigenvalue > 0", ("radius",))
    question = Question(statement, (case.at_radius(Fraction(1)),), {"radius": Span(Fraction(1), Fraction(2))})
    assert is_followed(question, question.cases[0]) is (len(set(case.weights)) == 2)


def check(text: str, case: Case, cell: tuple[Fraction, Fraction], radius: Fraction) -> None:
    with arb_precision(300):
        try:
            forms, expression = forms_on(text, case, *cell)
            form = forms.form(expression)
            exact = from_enclosure(evaluate_expression(expression, case.at_radius(radius), 20))
        except (InputError, CannotAnswerError):
            assume(False)
        assert overlap(at(form, radius), exact)
        assert overlap(form.range, exact)


@examples(200)
@given(
    text=expressions(["radius", "1/3", "2", "radius**2", "sqrt(2)"]).filter(lambda text: "radius" in text),
    lower=st.integers(0, 30).map(lambda n: Fraction(n, 20)),
    width=st.integers(1, 30).map(lambda n: Fraction(n, 300)),
    place=st.integers(1, 17).map(lambda n: Fraction(n, 17)),
)
def test_forms_of_expressions_contain_their_values(
    text: str, lower: Fraction, width: Fraction, place: Fraction
) -> None:
    check(text, THREE, (lower, lower + width), lower + width * place)


QUANTITIES = ["posterior_power(m=1)", "kl_divergence", "log_partition", "pl_ratio", "hessian_min_eigenvalue"]


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_forms_of_quantities_contain_their_values_and_need_their_slopes(quantity: str) -> None:
    case, cell = make_case(4, "linear"), (Fraction(1), Fraction(9, 8))
    for radius in (Fraction(81, 80), Fraction(9, 8)):
        check(quantity, case, cell, radius)
    with arb_precision(200):
        forms, expression = forms_on(quantity, case, *cell)
        form = forms.form(expression)
        flat = TaylorForm((form.coefficients[0], rational(0)), form.domain)
        exact = from_enclosure(evaluate_expression(expression, case.at_radius(cell[1]), 20))
        assert not overlap(at(flat, cell[1]), exact)
