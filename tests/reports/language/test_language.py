"""Statements, spans, kernels, published numbers and weights as text: what may be written, and nothing of it is run."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from operator import eq, ge, gt, le, lt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import emtheory
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure, Level
from emtheory.numerics.errors import InputError
from emtheory.reports.decide.point import evaluate_expression
from emtheory.reports.language import expression
from emtheory.reports.language.expression import Call, Comparison, Expression, Number, Operation
from emtheory.reports.language.kernel import kernel_variance
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span, points
from emtheory.reports.language.varying_weights import family_weights, in_parameter, rational_value, weight_expressions
from emtheory.theory.published import as_chain, published_interval
from emtheory.theory.syntax import MAX_PARENTHESES
from tests.reports.conftest import Run
from tests.tiers import examples


def side(text: str) -> Expression:
    return parse_statement(f"{text} < 1").operands[0]


def test_numbers_are_the_text_not_a_float() -> None:
    for text, value in (
        ("0.1", Fraction(1, 10)),
        ("1e-6", Fraction(1, 10**6)),
        (".5", Fraction(1, 2)),
        ("2.", Fraction(2)),
        ("0.1000000000000000055511151231257827", Fraction(1000000000000000055511151231257827, 10**34)),
    ):
        assert side(text) == Number(value)


def test_a_chain_keeps_its_operators_and_texts() -> None:
    chain = parse_statement("0 < spectral_gap <= dft_modulus(m = 1)**2")
    one, two = Number(Fraction(1)), Number(Fraction(2))
    assert (chain.operators, chain.texts) == (("<", "<="), ("0", "spectral_gap", "dft_modulus(m = 1)**2"))
    assert chain.operands[1:] == (Call("spectral_gap"), Operation("**", (Call("dft_modulus", (("m", one),)), two)))


def test_precedence_is_that_of_mathematics() -> None:
    two = Number(Fraction(2))
    assert side("-2**2") == Operation("neg", (Operation("**", (two, two)),))
    assert side("2**2**2") == Operation("**", (two, Operation("**", (two, two))))
    assert side("2-2-2") == Operation("-", (Operation("-", (two, two)), two))
    assert side("+2") == two
    assert side("1/2*k") == Operation("*", (Operation("/", (Number(Fraction(1)), two)), expression.Symbol("k")))


def test_dependence_on_the_point() -> None:
    texts = ("radius", "kl_divergence", "pl_constant(radius=radius)", "k*d*pi*spectral_gap", "pl_constant(radius=1)")
    assert [expression.depends_on_point(side(text)) for text in texts] == [True] * 3 + [False] * 2


def test_what_is_empty_or_too_large_is_refused() -> None:
    deep = MAX_PARENTHESES + 1
    for text in (
        *("\n\t", "(" * 10**6 + "1" + ")" * 10**6, "1" * 10_000, "0." + "1" * 1500, "1" + "+1" * 900),
        *("2" + "**2" * 600, "(" * deep + "1" + ")" * deep, "sqrt(" * 399 + "1" + ")" * 399),
    ):
        with pytest.raises(InputError):
            parse_statement(f"{text} < 2")


numbers = st.fractions(0, 3, max_denominator=6)
spans = st.builds(Span, numbers, numbers, st.booleans(), st.booleans())


@given(spans, st.sampled_from(["<", "<=", ">", ">=", "=="]), numbers, numbers)
def test_a_restriction_keeps_what_satisfies_it(span: Span, operator: str, bound: Fraction, value: Fraction) -> None:
    satisfies = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq}[operator]
    assert (value in span.restricted(operator, bound)) == (value in span and satisfies(value, bound))


@given(spans, numbers, numbers)
def test_an_end_that_is_excluded_is_open_and_no_more_is_lost(span: Span, bound: Fraction, value: Fraction) -> None:
    assert not span.is_empty or value not in span
    if not span.holds_inside(bound):
        assert (value in span.restricted("!=", bound)) == (value in span and value != bound)


@given(st.lists(spans.filter(lambda span: not span.is_empty), min_size=1, max_size=7))
def test_points_lie_in_the_box_and_are_different(box: list[Span]) -> None:
    named = {str(index): span for index, span in enumerate(box)}
    places = [tuple(point.values()) for point in points(named)]
    assert len(set(places)) == len(places)
    assert all(value in span for place in places for value, span in zip(place, box, strict=True))


def test_a_box_is_tried_at_its_corners_and_inside() -> None:
    for variables in (1, 2, 40):
        places = {tuple(p.values()) for p in points({str(i): Span(Fraction(0), Fraction(1)) for i in range(variables)})}
        assert {(0,) * variables, (1,) * variables} <= places
        assert sum(all(0 < value < 1 for value in place) for place in places) >= 16
        assert len(places) <= 60


def test_variances_of_kernels_are_exact_and_anything_else_is_no_kernel() -> None:
    texts = ("normal(t, 1)", " normal( mu , 0.3 )", "normal(t, 1e-6)")
    assert [kernel_variance(text) for text in texts] == [1, Fraction(3, 10), Fraction(1, 10**6)]
    for text, said in (
        ("", "the kernel is empty"),
        ("poisson(t)", "'poisson' is no kernel that is certified"),
        ("normal(t)", "2 arguments|1 are given"),
        ("normal(t, 0)", "is not positive"),
        ("normal(0, 1)", "the mean '0' is no name"),
        ("normal(t, s)", "'s' is not an exact number"),
        ("normal(t, variance=1)", "is no kernel"),
        ("normal(t, __import__('os').getpid())", "character"),
        ("(lambda: 1)()", "character"),
        ("normal(*t, 1)", "is no name"),
        ("normal(t, 9**9**9**9)", "is not an exact number"),
        ("normal(t, 1" + "0" * 3000, "characters"),
    ):
        with pytest.raises(InputError, match=said):
            kernel_variance(text)


THREE = {"k": 3, "weights": ["1/2", "3/10", "1/5"]}


def test_an_enclosure_and_a_claim_agree() -> None:
    for truth, printed, right in (
        ("2/3", "0.667", True),
        ("2/3", "0.666", False),
        ("2/3", "0.666…", True),
        ("2/3", "0.667...", False),
        ("-2/3", "-0.666…", True),
        ("-2/3", "-0.667…", False),
        ("1/5", "0.1…", False),
        ("1/5", "0.2…", True),
        ("1/8", "0.12", True),
        ("1/8", "0.13", True),
        ("-1/1000", "-0.00…", True),
        ("1/1000", "-0.00…", False),
        ("123451", "1.234e5", False),
    ):
        assert Enclosure(Fraction(truth), Fraction(truth), Level.EXACT, "exact").matches(printed) == right
        record = emtheory.check(emtheory.Claim("a", f"matches({truth}, '{printed}')"))["a"]
        assert record.verdict == ("proved" if right else "refuted"), (truth, printed)


def test_a_claim_says_which_interval_it_is() -> None:
    claim = emtheory.Claim("kl", 'matches(kl_divergence, "0.10483905…")', radius=1, **THREE)  # type: ignore[arg-type]
    assert claim.statement == "0.10483905 <= kl_divergence < 0.10483906"
    wrong = emtheory.Claim("off", 'matches(kl_divergence, "0.10483906…")', radius=1, **THREE)  # type: ignore[arg-type]
    found = emtheory.check(claim, wrong)
    assert [record.verdict for record in found] == ["certified", "refuted"]
    assert as_chain("matches(1 - pi/4, '-1.5e-3')") == "-0.00155 <= 1 - pi/4 <= -0.00145"
    assert as_chain("matches(-pi, '-3.1…')") == "-3.2 < (-pi) <= -3.1"


def test_in_a_file_it_is_verified_like_any_other(run: Run, tmp_path: Path) -> None:
    table = (
        "[[claim]]\nid = '{}'\nstatement = 'matches(spectral_gap, \"{}\")'\nk = 3\nweights = ['1/2', '3/10', '1/5']\n"
    )
    path = tmp_path / "claims.toml"
    path.write_text("schema = 1\n" + table.format("right", "0.07"), encoding="utf-8")
    assert run("check", path, "--certificates", tmp_path / "made").code == 0
    assert run("replay", tmp_path / "made", "--claim", path).code == 0
    assert run("verify", tmp_path / "made").code == 0
    path.write_text("schema = 1\n" + table.format("none", "about 0.07"), encoding="utf-8")
    run("check", path).assert_one_line_error(2, "'about 0.07' is no decimal such as '0.1048'")


def test_what_matches_nothing_is_an_error_and_many_digits_are_exact() -> None:
    for statement in (
        *(
            "matches(pi)",
            "matches(pi, 3.14)",
            "matches(pi, '3.14', 2)",
            "matches(pi, '3,14')",
            "matches(pi, '1e99999')",
        ),
        *("matches(3 < pi, '3.14')", "matches(pi, '3.14') and 1 < 2", "matches(pi) < 4) < (5"),
        "matches(matches(pi, '3'), '3')",
    ):
        with pytest.raises(emtheory.InputError):
            emtheory.check(emtheory.Claim("a", statement))
    digits = "1" * 900
    printed = published_interval(f"0.{digits}…")
    assert Fraction(printed.high) - Fraction(printed.low) == Fraction(1, 10**900)
    with pytest.raises(emtheory.InputError):
        published_interval("1" * 2000)


proportions = st.fractions(Fraction(1, 20), Fraction(9, 20), max_denominator=60)


def test_weights_at_a_point() -> None:
    weights = weight_expressions(("U", "V/2", "1 - U - V/2"), ("U", "V"), 3)
    assert weights.parameters == ("U", "V")
    point = {"U": Fraction(1, 3), "V": Fraction(1, 2)}
    assert weights.at(3, point) == (Fraction(1, 3), Fraction(1, 4), Fraction(5, 12))
    with pytest.raises(InputError, match=r"weight 1 - U - V/2 of component 2 is 0, .* at U = 1/2, V = 1"):
        weights.at(3, {"U": Fraction(1, 2), "V": Fraction(1)})

    with_powers = weight_expressions(("1/(1 + Q)", "Q**(-1)/(1 + 1/Q) * 2/k * Q"), ("Q",), 2)
    assert with_powers.at(2, {"Q": Fraction(3)}) == (Fraction(1, 4), Fraction(3, 4))


def test_malformed_weights() -> None:
    for texts, message in (
        (("W", "W"), r"sum to 2\*W, not to 1"),
        (("W", "1 - W", "0"), "3 weights were given for k = 2"),
        (("W", "1 - V"), "unknown name 'V'"),
        (("sqrt(W)", "1 - sqrt(W)"), "sqrt is not part of a weight"),
        (("W**1001", "1 - W**1001"), "powers with integer exponents up to ±1000"),
        (("W**1000", "1 - W**1000"), "cannot be told whether the weights sum to 1: polynomials of degree 1000"),
        (("W", "1 - kl_divergence"), "kl_divergence is not part of a weight"),
        (("W**W", "1 - W"), "not part of a weight"),
        (("W", ""), "the expression is empty"),
        (("W", "__import__('os')"), "not part of the statement language"),
        (("W/(W - W)", "1"), "division by zero"),
    ):
        with pytest.raises(InputError, match=message):
            weight_expressions(texts, ("W",), 2)


def check_transform(closed: Callable[[Comparison], Comparison], names: tuple[str, ...], at: Case, m: int) -> None:
    """Check what is told of Fourier coefficients in closed form, by an FFT of the weights."""
    moduli = np.abs(np.fft.fft(np.array(at.weights, dtype=float)))
    for text, expected in (
        (f"dft_modulus(m={m})", moduli[m]),
        (f"dft_modulus(m={m})**2", moduli[m] ** 2),
        ("spectral_gap", min(moduli[1:]) ** 2),
        ("contraction_factor", 1 - min(moduli[1:]) ** 2),
    ):
        written = closed(parse_statement(f"{text} > 0", names))
        uniform = replace(make_case(at.k, "uniform"), parameters=at.parameters)
        assert float(evaluate_expression(written.operands[0], uniform, 20).midpoint) == pytest.approx(
            expected, abs=1e-9
        )


@given(u=proportions, v=proportions, k=st.sampled_from([3, 4, 5, 6, 8]), data=st.data())
@examples(60)
def test_closed_forms_are_the_discrete_fourier_transform(u: Fraction, v: Fraction, k: int, data: st.DataObject) -> None:
    weights = weight_expressions(("U", "V", *(f"(1 - U - V)/{k - 2}",) * (k - 2)), ("U", "V"), k)
    at = replace(make_case(k, weights.at(k, {"U": u, "V": v})), parameters=(("U", u), ("V", v)))
    check_transform(lambda asked: weights.in_closed_form(asked, k), ("U", "V"), at, data.draw(st.integers(1, k - 1)))


@given(
    family=st.sampled_from(["one-heavy", "difference-set", "geometric"]),
    value=st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=60),
    data=st.data(),
)
@examples(60)
def test_closed_forms_of_families_are_the_transform(family: str, value: Fraction, data: st.DataObject) -> None:
    k = data.draw(st.sampled_from([7, 11, 13]) if family == "difference-set" else st.integers(2, 12))
    at = replace(make_case(k, f"{family}:{value}"), parameters=(("W", value),))
    check_transform(lambda asked: in_parameter(asked, family, "W", k), ("W",), at, data.draw(st.integers(1, k - 1)))


def test_weights_of_a_family_as_expressions() -> None:
    for family, k in (("one-heavy", 2), ("one-heavy", 5), ("difference-set", 7), ("geometric", 4)):
        written = [rational_value(weight, {"W": Fraction(2, 7)}, k) for weight in family_weights(family, "W", k)]
        assert tuple(written) == make_case(k, f"{family}:2/7").weights
