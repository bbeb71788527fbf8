"""Taylor forms contain what they stand for: against evaluation at points, which knows nothing of forms."""

import math
from dataclasses import replace
from fractions import Fraction

import flint
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.form_functions import apply_to_forms, to_power
from emtheory.numerics.intervals.interval import Interval, from_enclosure
from emtheory.numerics.intervals.operations import apply, as_interval
from emtheory.numerics.intervals.taylor_form import Domain, TaylorForm, constant, hull, leading
from emtheory.numerics.level import Level
from emtheory.reports.decide.cell import MODEL, ORIGIN, Cell
from emtheory.reports.decide.cell_decision import decide_on_cell
from emtheory.reports.decide.cell_forms import CellForms, has_forms
from emtheory.reports.decide.evaluation import evaluate_expression
from emtheory.reports.language.parser import parse_statement
from tests.tiers import examples

THREE = make_case(3, "1/2,3/10,1/5")
LEAVES = ["radius", "1/3", "2", "radius**2", "sqrt(2)"]
QUANTITIES = ["posterior_power(m=1)", "kl_divergence", "log_partition", "pl_ratio", "hessian_min_eigenvalue"]


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
    h = rational(radius - form.domain.centre)
    terms = [apply("*", [value, h**i]) for i, value in enumerate(form.coefficients)]
    total = terms[0]
    for term in terms[1:]:
        total = apply("+", [total, term])
    return as_interval(total)


def overlap(left: Interval, right: Interval) -> bool:
    return bool(left.lower <= right.upper and right.lower <= left.upper)


def check(text: str, case: Case, cell: Cell, radius: Fraction) -> None:
    statement = parse_statement(f"{text} < radius")
    expression = statement.operands[0]
    with arb_precision(300):
        try:
            form = CellForms(statement, case, cell, {}).form(expression)
            exact = from_enclosure(evaluate_expression(expression, case.at_radius(radius), 20))
        except (InputError, CannotAnswerError):
            assume(False)
        assert overlap(at(form, radius), exact)
        everywhere = hull(form)
        assert everywhere.lower <= exact.upper
        assert exact.lower <= everywhere.upper


cells = st.tuples(st.sampled_from([ORIGIN, MODEL]), st.integers(1, 30), st.integers(1, 30), st.integers(0, 16)).map(
    lambda parts: (
        Cell(Fraction(0), Fraction(parts[1], 60), ORIGIN, 30)
        if parts[0] == ORIGIN
        else Cell(Fraction(parts[1], 20), Fraction(parts[1], 20) + Fraction(parts[2], 300), MODEL, 6),
        Fraction(parts[3] + 1, 17),
    )
)


def inside(cell: Cell, place: Fraction) -> Fraction:
    return cell.lower + (cell.upper - cell.lower) * place


@examples(200)
@given(text=expressions(LEAVES), where=cells)
def test_forms_of_expressions_contain_their_values(text: str, where: tuple[Cell, Fraction]) -> None:
    cell, place = where
    assume("radius" in text)
    check(text, THREE, replace(cell, window=(cell.lower, cell.upper)), inside(cell, place))


@examples(6)
@given(
    text=expressions([*QUANTITIES, "radius"]),
    where=cells,
    parts=st.lists(st.integers(1, 12), min_size=2, max_size=4),
)
def test_forms_of_quantities_contain_their_values(text: str, where: tuple[Cell, Fraction], parts: list[int]) -> None:
    cell, place = where
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts])
    check(text, case, replace(cell, window=(cell.lower, cell.upper)), inside(cell, place))


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("weights", ["uniform", "linear"])
def test_each_quantity_at_the_origin_and_away_from_it(quantity: str, weights: str) -> None:
    case = make_case(4, weights)
    for place in (Fraction(1, 10), Fraction(1)):
        near = Cell(Fraction(0), Fraction(1, 8), ORIGIN, 30)
        check(quantity, case, near, inside(near, place))
        away = Cell(Fraction(1), Fraction(9, 8), MODEL, 6, (Fraction(1), Fraction(5, 4)))
        check(quantity, case, away, inside(away, place))


DOMAIN = Domain(Fraction(0), Fraction(0), Fraction(1, 4), 4, punctured=True)
H = TaylorForm((rational(0), rational(1), *[rational(0)] * 3), DOMAIN)


def test_common_powers_of_h_cancel() -> None:
    quotient = apply_to_forms("/", [H * H * 6, H * (H + 2)])
    assert quotient.coefficients[0].value == 0
    assert quotient.coefficients[1].value == 3


def test_negative_powers_and_logarithms_of_what_tends_to_zero_have_one_bound() -> None:
    with arb_precision(64):
        power = hull(apply_to_forms("/", [H, H * H * 2]))
        assert power.lower == 2
        assert power.upper == flint.arb.pos_inf()
        logarithm = hull(apply_to_forms("log", [H]))
        assert logarithm.lower == flint.arb.neg_inf()
        assert -1.3863 < logarithm.upper < -1.3862
    for name in ("/", "log"):
        with pytest.raises(CannotAnswerError):
            apply_to_forms(
                name, [constant(rational(1), DOMAIN), H * (H - Fraction(1, 8))][-1 if name == "log" else 0 :]
            )


def test_roots_of_even_powers_are_smooth_and_of_odd_ones_keep_their_range() -> None:
    assert [c.value for c in to_power(H * H * 9, rational(Fraction(1, 2))).coefficients[:2]] == [0, 3]
    with arb_precision(64):
        root = hull(to_power(H, rational(Fraction(1, 2))))
        assert root.lower == 0
        assert 0.5 <= root.upper < 0.51


def test_the_sign_of_the_first_coefficient_decides_where_both_sides_touch() -> None:
    with arb_precision(64):
        difference = leading(H * H * 2 - H * H * H)
        assert difference.power == 2
        assert difference.signs == {1}
        assert leading(H - H).signs == {0}
        assert leading(H - 1).signs == {-1}


def test_exactly_equal_leading_coefficients_survive_a_minimum() -> None:
    with arb_precision(64):
        first, second = H * H + 1, 1 - H * H + H * H * H * 4
        least = apply_to_forms("min", [first, H * H * 2 + 1])
        assert least == first
        both = apply_to_forms("max", [second, 1 + H * H * H * Fraction(1, 2)])
        assert both.coefficients[0].value == 1
        assert both.coefficients[1].value == 0


def test_the_remainder_is_needed() -> None:
    """Without its last coefficient the form of β_1 at the origin misses the value."""
    cell, radius = Cell(Fraction(0), Fraction(1, 2), ORIGIN, 30), Fraction(1, 2)
    statement = parse_statement("posterior_power(m=1) < 1")
    with arb_precision(200):
        form = CellForms(statement, THREE, cell, {}).form(statement.operands[0])
        exact = from_enclosure(evaluate_expression(statement.operands[0], THREE.at_radius(radius), 30))
        tiny = apply("*", [form.coefficients[-1], rational(Fraction(1, 10**6))])
        assert overlap(at(form, radius), exact)
        assert not overlap(at(TaylorForm((*form.coefficients[:-1], tiny), form.domain), radius), exact)


def test_statements_with_quantities_that_have_no_form_are_known() -> None:
    assert has_forms(parse_statement("kl_divergence + asymptotic_rate < lloyd_radius"), THREE)
    assert not has_forms(parse_statement("iterations_to_kl(eps=1/10) < 5"), THREE)
    assert not has_forms(parse_statement("pl_constant(radius=radius) > 0"), THREE)
    assert not has_forms(parse_statement("hessian_min_eigenvalue > 0"), make_case(64, "linear"))
    assert has_forms(parse_statement("hessian_min_eigenvalue > 0"), make_case(64, "one-heavy:1/2"))


def test_a_finding_on_a_cell_carries_its_enclosures() -> None:
    cell = Cell(Fraction(0), Fraction(1, 8), ORIGIN, 30)
    (link,) = decide_on_cell(parse_statement("kl_divergence > 0"), THREE, cell).links
    assert link.holds is True
    assert link.level == Level.CERTIFIED
    assert link.power == 2
    leading_term = 0.07 / 2
    assert 0 < link.difference.lower < leading_term < link.difference.upper
    assert link.left.lower == 0
    assert link.left.upper > 0
    assert link.distance == 0
    away = replace(cell, lower=Fraction(1, 16))
    (link,) = decide_on_cell(parse_statement("kl_divergence > 0"), THREE, away).links
    assert 0 < link.distance < leading_term / 250
    assert math.isclose(link.distance, link.difference.lower / 256)


def test_infinite_constants_do_not_decide_by_accident() -> None:
    domain = Domain(Fraction(1), Fraction(-1, 4), Fraction(1, 4), 1, punctured=False)
    with arb_precision(64):
        infinite = constant(Interval(flint.arb.pos_inf(), flint.arb.pos_inf(), Level.EXACT), domain)
        assert leading(infinite - 5).signs == {1}
        assert leading(infinite - infinite).signs == {-1, 0, 1}
