"""Taylor forms contain what they stand for: against evaluation at points, which knows nothing of forms."""

from fractions import Fraction
from functools import reduce

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
from emtheory.numerics.intervals.taylor_form import Box, Domain, TaylorForm, constant, hull, leading
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.decision import examine
from emtheory.reports.decide.boxes.forms import BoxForms, make_problem
from emtheory.reports.decide.boxes.origin_forms import OriginForms
from emtheory.reports.decide.boxes.reach import is_followed
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.evaluation import evaluate_expression
from emtheory.reports.language.expression import Expression
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span
from tests.tiers import examples

THREE = make_case(3, "1/2,3/10,1/5")
LEAVES = ["radius", "1/3", "2", "radius**2", "sqrt(2)"]
Stretch = tuple[Fraction, Fraction]
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
    centre = form.domain.centre[0] if isinstance(form.domain, Box) else form.domain.centre
    h = rational(radius - centre)
    terms = [apply("*", [value, h**i]) for i, value in enumerate(form.coefficients)]
    return as_interval(reduce(lambda total, term: apply("+", [total, term]), terms))


def overlap(left: Interval, right: Interval) -> bool:
    return bool(left.lower <= right.upper and right.lower <= left.upper)


def forms_on(text: str, case: Case, lower: Fraction, upper: Fraction) -> tuple[BoxForms, Expression]:
    """Expansions on what reaches 0, models elsewhere."""
    statement = parse_statement(f"{text} < radius", ("radius",))
    question = Question(statement, (case.at_radius(lower),), {"radius": Span(lower, upper, open_lower=True)})
    window = {"radius": (lower, max(upper, lower + Fraction(1, 4)))}
    cell = BoxCell({"radius": (lower, upper)}, 6, window)
    return (BoxForms if lower else OriginForms)(
        cell, make_problem(question, question.cases[0]), {}
    ), statement.operands[0]


def check(text: str, case: Case, cell: Stretch, radius: Fraction) -> None:
    with arb_precision(300):
        try:
            forms, expression = forms_on(text, case, *cell)
            form = forms.form(expression)
            exact = from_enclosure(evaluate_expression(expression, case.at_radius(radius), 20))
        except (InputError, CannotAnswerError):
            assume(False)
        assert overlap(at(form, radius), exact)
        everywhere = hull(form)
        assert everywhere.lower <= exact.upper
        assert exact.lower <= everywhere.upper


cells = st.tuples(st.booleans(), st.integers(1, 30), st.integers(1, 30), st.integers(0, 16)).map(
    lambda parts: (
        (Fraction(0), Fraction(parts[1], 60))
        if parts[0]
        else (Fraction(parts[1], 20), Fraction(parts[1], 20) + Fraction(parts[2], 300)),
        Fraction(parts[3] + 1, 17),
    )
)


def inside(cell: Stretch, place: Fraction) -> Fraction:
    return cell[0] + (cell[1] - cell[0]) * place


@examples(200)
@given(text=expressions(LEAVES), where=cells)
def test_forms_of_expressions_contain_their_values(text: str, where: tuple[Stretch, Fraction]) -> None:
    cell, place = where
    assume("radius" in text)
    check(text, THREE, cell, inside(cell, place))


@examples(6)
@given(
    text=expressions([*QUANTITIES, "radius"]),
    where=cells,
    parts=st.lists(st.integers(1, 12), min_size=2, max_size=4),
)
def test_forms_of_quantities_contain_their_values(text: str, where: tuple[Stretch, Fraction], parts: list[int]) -> None:
    cell, place = where
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts])
    check(text, case, cell, inside(cell, place))


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("weights", ["uniform", "linear"])
def test_each_quantity_at_the_origin_and_away_from_it(quantity: str, weights: str) -> None:
    case = make_case(4, weights)
    for place in (Fraction(1, 10), Fraction(1)):
        for cell in ((Fraction(0), Fraction(1, 8)), (Fraction(1), Fraction(9, 8))):
            check(quantity, case, cell, inside(cell, place))


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
    radius = Fraction(1, 2)
    with arb_precision(200):
        forms, expression = forms_on("posterior_power(m=1)", THREE, Fraction(0), radius)
        form = forms.form(expression)
        exact = from_enclosure(evaluate_expression(expression, THREE.at_radius(radius), 30))
        tiny = apply("*", [form.coefficients[-1], rational(Fraction(1, 10**6))])
        assert overlap(at(form, radius), exact)
        assert not overlap(at(TaylorForm((*form.coefficients[:-1], tiny), form.domain), radius), exact)


@pytest.mark.parametrize(
    ("statement", "case", "followed"),
    [
        ("kl_divergence + asymptotic_rate < lloyd_radius", THREE, True),
        ("iterations_to_kl(eps=1/10) < 5", THREE, False),
        ("pl_constant(radius=radius) > 0", THREE, False),
        ("hessian_min_eigenvalue > 0", make_case(64, "linear"), False),
        ("hessian_min_eigenvalue > 0", make_case(64, "one-heavy:1/2"), True),
    ],
)
def test_statements_that_can_be_followed_are_known(statement: str, case: Case, followed: bool) -> None:
    spans = {"radius": Span(Fraction(1), Fraction(2))}
    question = Question(parse_statement(statement, ("radius",)), (case.at_radius(Fraction(1)),), spans)
    assert is_followed(question, question.cases[0]) is followed


def test_a_finding_beside_the_origin_tells_by_which_power_sides_differ() -> None:
    sides = {"radius": (Fraction(0), Fraction(1, 8))}
    case, spans = THREE.at_radius(Fraction(0)), {"radius": Span(Fraction(0), Fraction(1, 8), open_lower=True)}
    problem = make_problem(Question(parse_statement("kl_divergence > 0", ("radius",)), (case,), spans), case)
    (link,) = examine(problem, BoxCell(sides, 6, sides), {}).finding.links
    assert link.holds is True
    assert link.level == Level.CERTIFIED
    assert link.power == 2
    leading_term = 0.07 / 2
    assert 0 < link.difference.lower < leading_term < link.difference.upper
    assert link.left.lower == 0
    assert link.left.upper > 0
    assert link.distance == 0


def test_infinite_constants_do_not_decide_by_accident() -> None:
    domain = Domain(Fraction(1), Fraction(-1, 4), Fraction(1, 4), 1, punctured=False)
    with arb_precision(64):
        infinite = constant(Interval(flint.arb.pos_inf(), flint.arb.pos_inf(), Level.EXACT), domain)
        assert leading(infinite - 5).signs == {1}
        assert leading(infinite - infinite).signs == {-1, 0, 1}
