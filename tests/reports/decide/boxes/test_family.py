from dataclasses import replace
from fractions import Fraction

import flint
import numpy as np
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
from emtheory.numerics.models.packaged import packaged_models
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.forms import BoxForms, make_problem
from emtheory.reports.decide.boxes.reach import is_followed
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.point import evaluate_expression
from emtheory.reports.language.expression import Expression
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span
from emtheory.theory.claim import Claim
from tests.reports.decide.conftest import Replayed
from tests.tiers import examples, first_every_day

TOUCHING = "abs(em_map - separation) <= exp(-min(theta, separation)**2/2)*abs(theta - separation)"
NEAR = {"theta": ("3/4", "5/4"), "separation": ("3/4", "5/4")}
Ranges = dict[str, tuple[str, str]]


def claim(statement: str, for_all: Ranges | None = None, *assume: str, **values: str) -> Claim:
    return Claim("family", statement, family="two-means", k=(), for_all=for_all or {}, values=values, assume=assume)


def observed_map(theta: float, separation: float, truth: float, fit: float) -> float:
    """M by a sum of posterior means."""
    x = np.arange(-10, 10, 0.002) + 0.001
    density = truth * np.exp(-((x - separation) ** 2) / 2) + (1 - truth) * np.exp(-((x + separation) ** 2) / 2)
    posterior = fit / (fit + (1 - fit) * np.exp(-2 * theta * x))
    return float(0.002 / np.sqrt(2 * np.pi) * density @ (x * (2 * posterior - 1)))


def test_a_box_of_three_variables_against_brute_force(replayed: Replayed) -> None:
    ranges = {"theta": ("1", "5/4"), "separation": ("1", "5/4"), "w": ("1/2", "11/20")}
    subject = claim("em_map > 4/5", ranges, truth_weight="w", fit_weight="1-w/2")
    verdict = decide_claim(subject)
    assert verdict.outcome == "certified"
    axes = [np.linspace(float(Fraction(low)), float(Fraction(high)), 4) for low, high in ranges.values()]
    least = min(observed_map(t, m, w, 1 - w / 2) for t in axes[0] for m in axes[1] for w in axes[2])
    assert Fraction(str(verdict.margin)) <= Fraction(least - 0.8)
    assert replayed(subject, verdict) == "certified"
    beyond = decide_claim(claim(f"em_map > {least + 0.01:.6f}", ranges, truth_weight="w", fit_weight="1-w/2"))
    assert beyond.outcome == "refuted"


def test_boxes_fill_domains_of_either_sign() -> None:
    """The end 0 is an end like others: a box that stops short of it is no cover."""
    for ends in (("-1/5", "0"), ("0", "1/5"), ("-1/10", "1/10")):
        verdict = decide_claim(claim("em_map > 3/5", {"r": ends, "separation": ("1", "3/2")}, theta="(1+r)*separation"))
        assert verdict.outcome == "certified"
        cells = [finding.box.sides["r"] for finding in verdict.findings if finding.box is not None]
        assert (min(low for low, _ in cells), max(high for _, high in cells)) == tuple(map(Fraction, ends))


def test_sides_that_touch_inside_the_box_are_decided(replayed: Replayed) -> None:
    for statement, values, outcome in (
        (TOUCHING, {"truth_weight": "3/10", "fit_weight": "0.5"}, "certified"),
        (TOUCHING.replace("/2)", "*2)"), {}, "refuted"),
        (TOUCHING.replace("<=", "<"), {}, "refuted"),
        (TOUCHING, {"truth_weight": "3/5", "fit_weight": "2/5"}, "refuted"),
        (TOUCHING, {"fit_variance": "1001/1000"}, "refuted"),
    ):
        subject = claim(statement, NEAR, **values)
        verdict = decide_claim(subject)
        assert verdict.outcome == replayed(subject, verdict) == outcome, (statement, values)
        assert str(verdict.level) in ("certified", "exact")


AFTER = {"theta": ("3/2", "3"), "separation": ("1/2", "3/2")}
BEFORE = {"theta": ("1/2", "3/2"), "separation": ("3/2", "2")}


AT_AN_END = [
    ("separation <= em_map <= theta", AFTER, "certified"),
    ("separation <= em_map <= theta", BEFORE, "refuted"),
    ("4/3 <= em_map <= theta", {"theta": ("4/3", "3")}, "certified"),
    ("4/3 <= em_map <= theta", {"theta": ("5/4", "3")}, "refuted"),
    ("separation <= em_map <= theta", AFTER | {"separation": ("1/2", "8/5")}, "refuted"),
    ("theta <= em_map <= separation", BEFORE, "certified"),
    ("theta <= em_map < separation", BEFORE, "refuted"),
    ("em_map >= separation + 1/40*(theta - separation)", AFTER, "certified"),
    ("em_map >= separation + 1/40*(theta - separation)", BEFORE, "refuted"),
    ("separation + 7/10*(theta - separation) <= em_map", BEFORE, "certified"),
    ("(em_map - separation)**3 <= (theta - separation)**3/8", AFTER, "certified"),
    ("(em_map - separation)**3 <= (theta - separation)**3/1000", AFTER, "refuted"),
    ("em_map >= -separation", {"theta": ("-4/3", "2")}, "certified"),
    ("em_map >= -separation", {"theta": ("-27/20", "2")}, "refuted"),
    ("abs(em_map + separation) <= 9/10*abs(theta + separation)", NEAR | {"theta": ("-5/4", "-3/4")}, "certified"),
    ("abs(em_map + separation) <= 1/4*abs(theta + separation)", NEAR | {"theta": ("-5/4", "-3/4")}, "refuted"),
    ("(em_map - separation)*(theta - separation) >= 0", NEAR, "certified"),
    ("(em_map - separation)*(theta - separation) >= (theta - separation)**2/2", NEAR, "refuted"),
]


@pytest.mark.parametrize(("statement", "ranges", "outcome"), AT_AN_END)
def test_sides_that_touch_at_an_end_are_decided(
    statement: str, ranges: Ranges, outcome: str, replayed: Replayed
) -> None:
    subject = claim(statement, ranges, **({} if "separation" in ranges else {"separation": "4/3"}))
    verdict = decide_claim(subject)
    assert verdict.outcome == replayed(subject, verdict) == outcome


def test_quantities_keep_the_bounds_that_are_known_of_them(replayed: Replayed) -> None:
    """The sides touch all along θ = ±μ, where nothing is on one side of anything."""
    ranges = {"theta": ("-2", "2"), "separation": ("1/2", "3/2")}
    for statement, outcome in (
        ("kl_divergence >= 0", "certified"),
        ("0 <= 2*kl_divergence + em_rate**2", "certified"),
        ("sqrt(kl_divergence)/2 >= 0", "certified"),
        ("kl_divergence > 0", "refuted"),
        ("kl_divergence >= 1/10**6", "refuted"),
        ("sqrt(kl_divergence) >= 1/1000", "refuted"),
        ("em_map >= 0", "refuted"),
    ):
        subject = claim(statement, ranges)
        verdict = decide_claim(subject)
        assert verdict.outcome == replayed(subject, verdict) == outcome, statement


@pytest.mark.long
def test_counts_over_a_box(replayed: Replayed) -> None:
    for low, outcome in (("7/8", "certified"), ("7/10", "refuted")):
        statement, ends = "fixed_point_count(low=-inf, high=inf) == 1", {"w": (low, "9/10")}
        subject = claim(statement, ends, separation="1", truth_weight="w", fit_weight="w")
        verdict = decide_claim(subject)
        assert verdict.outcome == replayed(subject, verdict) == outcome


def test_a_box_that_leaves_the_domain_of_a_variable_is_an_error_but_at_an_open_end() -> None:
    for ends, separation in ((("-1", "0"), "s"), (("0", "1"), "s**2-s+1/5")):
        with pytest.raises(InputError, match=r"separation .*is not at least 0 .* at s = "):
            decide_claim(claim("em_map >= -10", {"s": ends}, theta="1", separation=separation))
    subject = claim("em_map < 2", {"w": ("0", "1/2"), "s": ("1", "3/2")}, theta="1", separation="s", fit_weight="w")
    assert decide_claim(subject).outcome == "certified"


SMALL = {"theta": ("0", "1/8")}
ZERO = {"separation": "0"}
MODEL, CURVE = packaged_models()["two-means"].text, {"theta": "t", "fit_variance": "1-t**2"} | ZERO
AT_ZERO = [
    # Inside an interval, and strictly where 0, or the truth, is left out: M(θ)/θ falls from 1 + μ² to 1 at μ.
    (claim("theta*em_map <= {c}*theta**2", {"theta": ("-1", "1")}, separation="1"), "2", "199/100"),
    (claim("em_map < {c}*theta", {"theta": ("0", "2")}, "theta > 0", separation="1/2"), "5/4", "124/100"),
    (claim("{c} < em_map < theta", {"theta": ("1", "3")}, "theta > 1", separation="1"), "1", "1001/1000"),
    # M = θ − θ³ + 2θ⁵ − … for data N(0, 1), and dKL/dθ = θ − M.
    (claim("em_map_derivative >= 1 - {c}*theta**2", SMALL, **ZERO), "3", "29/10"),
    (claim("em_map/theta < 1 + {c}*separation**2", SMALL | {"separation": ("1/2", "3/4")}, "theta > 0"), "1", "99/100"),
    # Location and scale: M = t − (2/3)t⁷ + 2t⁹ − …, the point being a function of the variable of the box.
    (claim("em_map >= (1 - {c}*t**6)*t", {"t": ("0", "1/40")}, **CURVE), "2/3", "16/25"),
    # M = θ/v − (θ/v)³ + …, while the divergence with another variance does not vanish at 0.
    (claim("em_map <= {c}*theta/fit_variance", SMALL | {"fit_variance": ("9/10", "10/9")}, **ZERO), "1", "99/100"),
    # KL = θ⁴/4 − θ⁶/3 + … by the expansion that every model has.
    (replace(claim("kl_divergence <= {c}*theta**4", {"theta": ("0", "1/64")}, **ZERO), family=MODEL), "1/4", "24/100"),
    (claim("em_map*(1 + {c}*theta**2) >= theta", {"theta": ("0", "1/4")}, **ZERO), "1", "99/100"),
]


@pytest.mark.parametrize(("subject", "constant", "wrong"), first_every_day(8, AT_ZERO), ids=range(len(AT_ZERO)))
def test_sides_that_touch_at_zero_are_decided(subject: Claim, constant: str, wrong: str, replayed: Replayed) -> None:
    for each, outcome in ((constant, "certified"), (wrong, "refuted")):
        asked = replace(subject, statement=subject.statement.format(c=each))
        verdict = decide_claim(asked)
        assert verdict.outcome == outcome
        if outcome == "certified":
            assert replayed(asked, verdict) == outcome


def test_a_strict_statement_fails_at_zero_alone_and_without_a_zero_of_the_divergence() -> None:
    strict = claim("em_map_derivative > 1 - 3*theta**2", SMALL, **ZERO)
    assert decide_claim(strict).outcome == "refuted"
    three = {"truth_first_mean": "-2", "truth_second_mean": "0", "truth_third_mean": "2", "second_mean": "0"}
    around = {"first_mean": ("-3", "-1"), "third_mean": ("1", "3")}  # One of its truths is in the middle.
    asked = replace(strict, family="three-means", statement="kl_divergence > 0", values=three, for_all=around)
    assert decide_claim(asked).outcome == "refuted"
    assert decide_claim(replace(strict, assume=("theta > 0",))).outcome == "certified"
    other = claim("kl_divergence <= 1/4*theta**4", {"t": ("0", "1/4")}, theta="t", fit_variance="1+t", **ZERO)
    assert decide_claim(other).outcome == "refuted"


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
def test_forms_of_expressions_hold_their_values(text: str, lower: Fraction, width: Fraction, place: Fraction) -> None:
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
