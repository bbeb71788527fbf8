import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import islice, product
from typing import Any, NoReturn

import pytest

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.errors import InputError
from emtheory.numerics.level import Level
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.point import decide_at
from emtheory.reports.decide.verdict import Finding, Link, Verdict, decide
from emtheory.reports.language.expression import OPERATORS
from emtheory.theory.claim import Claim
from emtheory.theory.errors import DerivationError
from tests.tiers import first_every_day

CASE = make_case(3, "uniform")
HOLDS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def certified(lower: Bound, upper: Bound) -> Enclosure:
    return Enclosure(lower, upper, Level.CERTIFIED, "test")


def exact(value: Fraction | int) -> Enclosure:
    return exact_enclosure(rational(value), 20)


def test_positions_of_two_intervals() -> None:
    for left, right, answers in (
        # Answers to < <= > >= == !=, from the position of the two intervals.
        ((1, 2), (3, 4), (True, True, False, False, False, True)),
        ((1, 2), (2, 3), (None, True, False, None, None, None)),
        ((2, 2), (2, 2), (False, True, False, True, True, False)),
        ((5, math.inf), (1, 4), (False, False, True, True, False, True)),
        ((5, math.inf), (4, 6), (None, None, None, None, None, None)),
        ((-math.inf, math.inf), (0, 0), (None, None, None, None, None, None)),
    ):
        for operator, answer in zip(OPERATORS, answers, strict=True):
            link = decide(operator, certified(*left), certified(*right))
            assert (link.holds, link.level) == (answer, Level.CERTIFIED), operator


def test_exact_numbers_are_always_decided_exactly() -> None:
    for operator, (left, right) in product(OPERATORS, ((1, 2), (2, 2), (3, Fraction(5, 2)))):
        link = decide(operator, exact(left), exact(right))
        assert (link.holds, link.level) == (HOLDS[operator](left, right), Level.EXACT)
        assert link.distance == abs(left - right)


def test_algebraic_numbers_whose_enclosures_coincide_are_decided() -> None:
    root = exact_enclosure(rational(2).sqrt(), 10)
    near = exact_enclosure(rational(2).sqrt() + rational(Fraction(1, 10**60)), 10)
    assert root.lower <= near.upper
    assert near.lower <= root.upper
    link = decide("<", root, near)
    assert (link.holds, link.level) == (True, Level.EXACT)
    assert 0 < link.distance <= Fraction(1, 10**60)
    assert decide("==", root, exact_enclosure(rational(8).sqrt() / rational(2), 10)).holds is True


def test_enclosures_decide_at_the_weaker_level_and_never_above_certified() -> None:
    for left, right in product(Level, Level):
        link = decide("<", Enclosure(0, 1, left, "test"), Enclosure(2, 3, right, "test"))
        assert link.level == min(left, right, Level.CERTIFIED)


def test_the_distance_is_a_lower_bound() -> None:
    assert decide("<", certified(0, 1), certified(3, 9)).distance == 2
    assert decide("<=", certified(0, 1), certified(1, 2)).distance == 0
    assert decide("<", certified(0, 2), certified(1, 3)).distance is None
    assert decide(">", certified(math.inf, math.inf), certified(10**400, 10**400)).distance == math.inf
    assert decide("<", certified(math.inf, math.inf), certified(math.inf, math.inf)).holds is False


def finding(*links: Link) -> Finding:
    return Finding(CASE, tuple("abcd"[: len(links) + 1]), links)


YES = decide("<", certified(0, 1), certified(3, 4))
NO = decide("<", certified(3, 4), certified(0, 1))
WEAK_YES = decide("<", Enclosure(0, 1, Level.SUPPORTED, "test"), exact(2))
WEAK_NO = decide("<", Enclosure(3, 4, Level.OBSERVED, "test"), exact(2))
OPEN = decide("<", certified(0, 2), certified(1, 3))


def test_a_chain() -> None:
    weak, failed = finding(YES, WEAK_YES), finding(WEAK_NO, YES, NO)
    assert (weak.holds, weak.level, weak.distance) == (True, Level.SUPPORTED, 1)
    assert [finding(*links).holds for links in ((YES, OPEN), (OPEN, NO), ())] == [None, False, None]
    assert (failed.level, failed.failing) == (Level.CERTIFIED, NO)


def verdict(outcome: str, *findings: Finding) -> Verdict:
    return Verdict("x", "holds", outcome, Level.CERTIFIED, {}, "", findings)


def test_the_margin_is_the_smallest_over_cases_and_the_strongest_counterexample_the_witness() -> None:
    assert verdict("certified", finding(YES), finding(YES, WEAK_YES)).margin == "1"
    assert verdict("refuted", finding(YES, WEAK_YES), finding(NO)).margin == "2"
    assert verdict("inconclusive", finding(OPEN)).margin is None
    assert verdict("refuted", finding(WEAK_NO), finding(NO)).counterexample == finding(NO)
    with pytest.raises(TypeError, match="no truth value"):
        bool(verdict("proved"))


RADII = {"radius": ("0", "3")}
FAR = {"radius": ("1", "inf")}
TWO: dict[str, Any] = {"k": (2,), "weights": ("W", "1-W"), "for_all": {"W": ("11/20", "19/20"), "radius": ("0", "2")}}


def claim(statement: str, weights: str = "linear", **more: Any) -> Claim:
    return Claim("x", statement, **({"weights": weights, "for_all": RADII} | more))


WITH_MARGIN = [
    claim("posterior_power(m=1) >= spectral_gap"),
    claim("0 <= kl_divergence <= radius**2"),
    claim("radius < 3", assume=("radius < 3",)),
    claim("spectral_gap > 0", k=(3, 4, 5), for_all={}),
    claim("log_partition <= 0.8*radius", "uniform", k=(2,), for_all=FAR),
    claim("iterations_to_kl(eps=1/10) < 50", for_all={"radius": ("1", "2")}),
    claim("posterior_power(m=1) <= 99/100", assume=("radius*W <= 1",), **TWO),
]
WITHOUT = [
    claim("posterior_power(m=1) < 1", for_all=FAR),
    claim("iterations_to_kl(eps=1/10) < 50", "linear", k=(4,), for_all={"radius": ("1/10", "1/5")}),
]


def test_what_has_no_margin() -> None:
    assert [decide_claim(asked).margin for asked in WITHOUT] == [None, None]


@pytest.mark.parametrize("asked", first_every_day(6, WITH_MARGIN), ids=lambda asked: asked.statement)
def test_no_point_of_the_domain_is_nearer_than_the_margin(asked: Claim) -> None:
    margin, question = Fraction(str(decide_claim(asked).margin)), read_claim(asked)
    for place in (each for case in question.cases for each in islice(question.places(case), 12)):
        if all(decide_at(assumption, place).holds for assumption in question.local_assumptions):
            for link in decide_at(question.comparison, place).links:
                assert margin <= abs(link.left.midpoint - link.right.midpoint) + Fraction(1, 10**12)


THREE = ("1/2", "3/10", "1/5")


def at_case(statement: str, **case: Any) -> Claim:
    return Claim("test", statement, **{"k": (3,), "weights": THREE, **case})


PROVED = [
    at_case("spectral_gap == 7/100"),
    at_case("dft_modulus(m=1) == dft_modulus(m=3)", k=(4, 5, 7), weights="one-heavy:3/5"),
    at_case("dft_modulus(m=1) == dft_modulus(m=2)", k=(7,), weights="difference-set:1/2"),
    at_case("sublinear_constant == (k-1)/16", k=(2, 3, 10), weights="uniform"),
    at_case("sqrt(2) + sqrt(3) == sqrt(5 + 2*sqrt(6))"),
    at_case("(8/27)**(2/3) == 4/9"),
    at_case("(pi + sqrt(2))*(pi - sqrt(2)) == pi**2 - 2"),
    at_case("lloyd_radius == sqrt(2/pi)", k=(2,), weights="uniform"),
    at_case("lloyd_radius**2 == 27/(8*pi)"),
    at_case("sin(pi/3 * (lloyd_radius * sqrt(3*pi)/2 - 3/2)) == 1/3", k=(4,), weights="linear"),
]
CERTIFIED = [
    at_case("kl_divergence > 0", radius="1"),
    at_case("log(2) < 0.6931471805599453094172321214581765680756"),
    at_case("lloyd_radius > 1.84", k=(17,), weights="uniform"),
]
REFUTED = [
    at_case("spectral_gap == 7/100 + 1e-25"),
    at_case("sqrt(2) + sqrt(3) == sqrt(5 + 2*sqrt(6) + 1e-60)"),
    at_case("log(2) == 0.6931471805599453094172321214581765680755"),
    at_case("lloyd_radius**2 == 27/(8*pi) + 1e-25"),
    at_case("lloyd_radius == sqrt(2/pi + 1e-60)", k=(2,), weights="uniform"),
    at_case("sin(pi/3 * (lloyd_radius * sqrt(3*pi)/2 - 3/2 - 1e-60)) == 1/3", k=(4,), weights="linear"),
    at_case("kl_divergence < 0", radius="1"),
]
INCONCLUSIVE = [
    at_case("log(pi)**2/6 == log(pi)*log(pi)/6"),
    at_case("lloyd_radius == lloyd_radius", k=(6,), weights="uniform"),
    at_case("1/(log(4) - 2*log(2)) > 0"),
]


def test_truths_are_proved_or_certified() -> None:
    for true in PROVED:
        verdict = decide_claim(true)
        assert (verdict.outcome, verdict.level, verdict.counterexample) == ("proved", Level.EXACT, None), true
    for true in CERTIFIED:
        assert decide_claim(true).outcome == "certified", true


def test_falsehoods_are_refuted_rigorously_with_a_witness_and_equal_inexact_numbers_stay_open() -> None:
    for false in REFUTED:
        verdict = decide_claim(false)
        assert (verdict.outcome, verdict.ok) == ("refuted", False), false
        assert decide_claim(replace(false, expect="refuted")).ok
        witness = verdict.as_json()["witness"]
        assert (witness["rigorous"], witness["k"] in false.k) == (True, True)
    for open_claim in INCONCLUSIVE:
        verdict = decide_claim(open_claim)
        assert (verdict.outcome, verdict.level, verdict.margin, verdict.ok) == ("inconclusive", None, None, False)
        assert verdict.reason


def fake_quantities(monkeypatch: pytest.MonkeyPatch, enclosures: Callable[[int], Enclosure]) -> None:
    """Let every quantity be answered by `enclosures`, a function of the digits asked for."""
    monkeypatch.setattr("emtheory.numerics.evaluate.evaluate", lambda *given: enclosures(given[-1]))


def around(value: Fraction | int, width: Fraction, level: Level = Level.SUPPORTED) -> Enclosure:
    return Enclosure(Fraction(value) - width, Fraction(value) + width, level, "fake")


def test_the_level_is_that_of_the_weakest_part(monkeypatch: pytest.MonkeyPatch) -> None:
    for level in Level:
        fake_quantities(monkeypatch, lambda _digits, level=level: around(1, Fraction(1, 100), level))
        outcome = {Level.OBSERVED: "observed", Level.SUPPORTED: "supported"}.get(level, "certified")
        assert decide_claim(at_case("lloyd_radius < 2 * sqrt(2)")).outcome == outcome
        verdict = decide_claim(at_case("lloyd_radius > 2"))
        assert (verdict.outcome, verdict.level) == ("refuted", min(level, Level.CERTIFIED))
        assert verdict.as_json()["witness"]["rigorous"] is (level >= Level.CERTIFIED)


def test_digits_are_raised_until_the_25th_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refine(digits: int) -> Enclosure:
        asked.append(digits)
        return around(Fraction(1, 3), Fraction(1, 10 ** (digits + 2)))

    fake_quantities(monkeypatch, refine)
    just_above = Fraction(1, 3) + Fraction(1, 10**25)
    assert decide_claim(at_case(f"lloyd_radius < {just_above}")).outcome == "supported"
    assert asked == [15, 30]
    assert decide_claim(at_case(f"lloyd_radius > {just_above}")).outcome == "refuted"
    asked.clear()
    assert decide_claim(at_case("lloyd_radius < 1/3")).outcome == "inconclusive"
    assert asked == [15, 30, 60, 120]
    asked.clear()
    assert decide_claim(at_case(f"lloyd_radius < {just_above}"), digits_max=20).outcome == "inconclusive"
    assert asked == [15, 20]


def test_infinite_quantities_and_denominators_not_yet_told_from_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    infinity = Enclosure(float("inf"), float("inf"), Level.EXACT, "fake")
    fake_quantities(monkeypatch, lambda _digits: infinity)
    assert decide_claim(at_case("strong_convexity_radius > 10**100")).outcome == "certified"
    assert decide_claim(at_case("1/strong_convexity_radius < 1e-30")).outcome == "certified"
    assert decide_claim(at_case("strong_convexity_radius < 10")).outcome == "refuted"
    fake_quantities(monkeypatch, lambda _digits: Enclosure(Fraction(5), float("inf"), Level.SUPPORTED, "fake"))
    assert decide_claim(at_case("strong_convexity_radius >= 5")).outcome == "supported"
    assert decide_claim(at_case("strong_convexity_radius > 6")).outcome == "inconclusive"
    fake_quantities(monkeypatch, lambda digits: around(Fraction(1, 10**20), Fraction(1, 10**digits)))
    assert decide_claim(at_case("1/lloyd_radius > 1e19")).outcome == "supported"


INTERVAL = {"radius": ("0", "2")}


def test_sides_that_touch_at_a_minimum_maximum_or_square() -> None:
    for touching, outcome in (
        (at_case("max(kl_divergence, 1/10) > 1/10", radius="1/2"), "refuted"),
        (at_case("max(kl_divergence, 1/10) == 1/10", radius="1/2"), "inconclusive"),
        (at_case("max(kl_divergence, 1/10) >= 1/10", for_all=INTERVAL), "proved"),
        (at_case("min(kl_divergence, 1/10) < 1/10", for_all=INTERVAL), "refuted"),
        (at_case("(kl_divergence - 1/10)**2 >= 0", for_all=INTERVAL), "proved"),
    ):
        assert decide_claim(touching, 20).outcome == outcome, touching


def test_a_statement_needs_a_value_on_its_domain_only() -> None:
    ends, statement = {"W": ("3/5", "4/5"), "radius": ("0", "inf")}, "kl_divergence > log(radius - W)/100 - radius"
    for inside, outcome in (
        (at_case("kl_divergence * (1/radius) > 0", for_all=INTERVAL, assume=("radius > 0",)), "certified"),
        (at_case("1/(radius - 1) != 0", for_all=INTERVAL, assume=("radius != 1",)), "proved"),
        (at_case(statement, k=(2,), weights="one-heavy:W", for_all=ends, assume=("radius > W",)), "supported"),
    ):
        assert decide_claim(inside, 20).outcome == outcome, inside
        with pytest.raises(InputError, match=r"division by zero|log of a number"):
            decide_claim(replace(inside, assume=()), 20)


def test_an_exact_tie_too_hard_to_decide_is_given_up_at_once() -> None:
    roots = [f"sqrt({n})" for n in range(2, 40)]
    question = read_claim(at_case("+".join(roots) + " == " + "+".join(reversed(roots))))
    finding = decide_at(question.comparison, question.cases[0])
    assert finding.holds is None
    assert "zero test" in finding.reason


def test_a_derivation_with_a_false_step_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str, k: int) -> NoReturn:
        raise DerivationError(f"{name}, k = {k}, step 2: the sides differ")

    monkeypatch.setattr("emtheory.reports.decide.claim.derive", fail)
    verdict = decide_claim(Claim("test", derivation="dft", k=(3,)))
    assert (verdict.outcome, verdict.as_json()["witness"]) == ("refuted", None)
    assert "step 2: the sides differ" in verdict.reason
