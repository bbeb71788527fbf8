from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, NoReturn

import pytest

from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import InputError
from emtheory.numerics.level import Level
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.point import decide_at
from emtheory.theory.claim import Claim
from emtheory.theory.errors import DerivationError

THREE = ("1/2", "3/10", "1/5")


def claim(statement: str, **case: Any) -> Claim:
    return Claim("test", statement, **{"k": (3,), "weights": THREE, **case})


PROVED = [
    claim("spectral_gap == 7/100"),
    claim("dft_modulus(m=1) == dft_modulus(m=3)", k=(4, 5, 7), weights="one-heavy:3/5"),
    claim("dft_modulus(m=1) == dft_modulus(m=2)", k=(7,), weights="difference-set:1/2"),
    claim("sublinear_constant == (k-1)/16", k=(2, 3, 10), weights="uniform"),
    claim("sqrt(2) + sqrt(3) == sqrt(5 + 2*sqrt(6))"),
    claim("(8/27)**(2/3) == 4/9"),
    claim("(pi + sqrt(2))*(pi - sqrt(2)) == pi**2 - 2"),
    claim("lloyd_radius == sqrt(2/pi)", k=(2,), weights="uniform"),
    claim("lloyd_radius**2 == 27/(8*pi)"),
    claim("sin(pi/3 * (lloyd_radius * sqrt(3*pi)/2 - 3/2)) == 1/3", k=(4,), weights="linear"),
]
CERTIFIED = [
    claim("kl_divergence > 0", radius="1"),
    claim("log(2) < 0.6931471805599453094172321214581765680756"),
    claim("lloyd_radius > 1.84", k=(17,), weights="uniform"),
]
REFUTED = [
    claim("spectral_gap == 7/100 + 1e-25"),
    claim("sqrt(2) + sqrt(3) == sqrt(5 + 2*sqrt(6) + 1e-60)"),
    claim("log(2) == 0.6931471805599453094172321214581765680755"),
    claim("lloyd_radius**2 == 27/(8*pi) + 1e-25"),
    claim("lloyd_radius == sqrt(2/pi + 1e-60)", k=(2,), weights="uniform"),
    claim("sin(pi/3 * (lloyd_radius * sqrt(3*pi)/2 - 3/2 - 1e-60)) == 1/3", k=(4,), weights="linear"),
    claim("kl_divergence < 0", radius="1"),
]
INCONCLUSIVE = [
    claim("log(pi)**2/6 == log(pi)*log(pi)/6"),
    claim("lloyd_radius == lloyd_radius", k=(6,), weights="uniform"),
    claim("log(4) <= 2*log(2)"),
    claim("1/(log(4) - 2*log(2)) > 0"),
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
    monkeypatch.setattr(
        "emtheory.numerics.evaluate.evaluate", lambda _name, _case, _arguments, digits: enclosures(digits)
    )


def around(value: Fraction | int, width: Fraction, level: Level = Level.SUPPORTED) -> Enclosure:
    return Enclosure(Fraction(value) - width, Fraction(value) + width, level, "fake")


def test_the_level_is_that_of_the_weakest_part(monkeypatch: pytest.MonkeyPatch) -> None:
    for level in Level:
        fake_quantities(monkeypatch, lambda _digits, level=level: around(1, Fraction(1, 100), level))
        outcome = {Level.OBSERVED: "observed", Level.SUPPORTED: "supported"}.get(level, "certified")
        assert decide_claim(claim("lloyd_radius < 2 * sqrt(2)")).outcome == outcome
        verdict = decide_claim(claim("lloyd_radius > 2"))
        assert verdict.outcome == "refuted"
        assert verdict.level == min(level, Level.CERTIFIED)
        assert verdict.as_json()["witness"]["rigorous"] is (level >= Level.CERTIFIED)


def test_digits_are_raised_until_the_25th_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refine(digits: int) -> Enclosure:
        asked.append(digits)
        return around(Fraction(1, 3), Fraction(1, 10 ** (digits + 2)))

    fake_quantities(monkeypatch, refine)
    just_above = Fraction(1, 3) + Fraction(1, 10**25)
    assert decide_claim(claim(f"lloyd_radius < {just_above}")).outcome == "supported"
    assert asked == [15, 30]
    assert decide_claim(claim(f"lloyd_radius > {just_above}")).outcome == "refuted"
    asked.clear()
    assert decide_claim(claim("lloyd_radius < 1/3")).outcome == "inconclusive"
    assert asked == [15, 30, 60, 120]
    asked.clear()
    assert decide_claim(claim(f"lloyd_radius < {just_above}"), digits_max=20).outcome == "inconclusive"
    assert asked == [15, 20]


def test_infinite_quantities_and_denominators_not_yet_told_from_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    infinity = Enclosure(float("inf"), float("inf"), Level.EXACT, "fake")
    fake_quantities(monkeypatch, lambda _digits: infinity)
    assert decide_claim(claim("strong_convexity_radius > 10**100")).outcome == "certified"
    assert decide_claim(claim("1/strong_convexity_radius < 1e-30")).outcome == "certified"
    assert decide_claim(claim("strong_convexity_radius < 10")).outcome == "refuted"
    fake_quantities(monkeypatch, lambda _digits: Enclosure(Fraction(5), float("inf"), Level.SUPPORTED, "fake"))
    assert decide_claim(claim("strong_convexity_radius >= 5")).outcome == "supported"
    assert decide_claim(claim("strong_convexity_radius > 6")).outcome == "inconclusive"
    fake_quantities(monkeypatch, lambda digits: around(Fraction(1, 10**20), Fraction(1, 10**digits)))
    assert decide_claim(claim("1/lloyd_radius > 1e19")).outcome == "supported"


INTERVAL = {"radius": ("0", "2")}


def test_sides_that_touch_at_a_minimum_maximum_or_square() -> None:
    for touching, outcome in (
        (claim("max(kl_divergence, 1/10) > 1/10", radius="1/2"), "refuted"),
        (claim("max(kl_divergence, 1/10) == 1/10", radius="1/2"), "inconclusive"),
        (claim("max(kl_divergence, 1/10) >= 1/10", for_all=INTERVAL), "proved"),
        (claim("min(kl_divergence, 1/10) < 1/10", for_all=INTERVAL), "refuted"),
        (claim("(kl_divergence - 1/10)**2 >= 0", for_all=INTERVAL), "proved"),
    ):
        assert decide_claim(touching, 20).outcome == outcome, touching


def test_a_statement_needs_a_value_on_its_domain_only() -> None:
    ends, statement = {"W": ("3/5", "4/5"), "radius": ("0", "inf")}, "kl_divergence > log(radius - W)/100 - radius"
    for inside, outcome in (
        (claim("kl_divergence * (1/radius) > 0", for_all=INTERVAL, assume=("radius > 0",)), "certified"),
        (claim("1/(radius - 1) != 0", for_all=INTERVAL, assume=("radius != 1",)), "proved"),
        (claim(statement, k=(2,), weights="one-heavy:W", for_all=ends, assume=("radius > W",)), "supported"),
    ):
        assert decide_claim(inside, 20).outcome == outcome, inside
        with pytest.raises(InputError, match=r"division by zero|log of a number"):
            decide_claim(replace(inside, assume=()), 20)


def test_an_exact_tie_too_hard_to_decide_is_given_up_at_once() -> None:
    roots = [f"sqrt({n})" for n in range(2, 40)]
    question = read_claim(claim("+".join(roots) + " == " + "+".join(reversed(roots))))
    finding = decide_at(question.comparison, question.cases[0])
    assert finding.holds is None
    assert "zero test" in finding.reason


def test_a_derivation_with_a_false_step_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str, k: int) -> NoReturn:
        raise DerivationError(f"{name}, k = {k}, step 2: the sides differ")

    monkeypatch.setattr("emtheory.reports.decide.claim.derive", fail)
    verdict = decide_claim(Claim("test", derivation="dft", k=(3,)))
    assert verdict.outcome == "refuted"
    assert "step 2: the sides differ" in verdict.reason
    assert verdict.as_json()["witness"] is None
