"""Boxes: verdicts against brute force."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import flint
import numpy as np
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.intervals.point_forms import power
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.forms import BoxForms, make_problem
from emtheory.reports.decide.boxes.vanishing import small_probability, vanishing
from emtheory.reports.decide.boxes.windows import windows
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import BruteForce, brute_force
from tests.reports.decide.conftest import QUANTITIES, claim
from tests.tiers import first_every_day

TWO = {"W": ("11/20", "99/100"), "radius": ("0", "8")}
FOUR = "1/2,1/4,1/8,1/8"


def box(
    statement: str, k: int, ranges: dict[str, tuple[str, str]], *assume: str, weights: Any = "one-heavy:W"
) -> Claim:
    return claim(statement, weights, *assume, k=k, **ranges)


VALUES = [
    ("log_partition", lambda found: found.log_partition),
    ("posterior_power(m=2)", lambda found: found.posterior_power[2]),
    ("hessian_min_eigenvalue", lambda found: min(found.hessian_eigenvalues)),
]


@pytest.mark.parametrize(("name", "value"), first_every_day(1, VALUES))
def test_amplitudes_of_four_components(name: str, value: Callable[[BruteForce], float]) -> None:
    ranges = {"amplitude_1": ("7/8", "1"), "amplitude_2": ("1/2", "5/8")}
    axes = [np.linspace(float(Fraction(low)), float(Fraction(high)), 3) for low, high in ranges.values()]
    places = [[Fraction(each).limit_denominator(1000) for each in place] for place in product(*axes)]
    values = [float(value(brute_force(make_case(4, FOUR, amplitudes=place)))) for place in places]
    least, most = min(values), max(values)
    inside = f"{Fraction(least - 0.02 * most)} <= {name} <= {Fraction(1.02 * most)}"
    assert decide_claim(box(inside, 4, ranges, weights=FOUR)).outcome == "certified"
    for false in (f"{name} >= {Fraction(least * 1.01)}", f"{name} <= {Fraction(most * 0.99)}"):
        assert decide_claim(box(false, 4, ranges, weights=FOUR)).outcome == "refuted"


def test_frequencies_that_a_symmetric_box_makes_look_alike_are_told_apart() -> None:
    """The middle of the box is on the simplex, where β_1 = β_2 for these weights."""
    ranges = {"amplitude_1": ("1/2", "1"), "amplitude_2": ("1/2", "1")}
    case = make_case(5, "one-heavy:1/2", amplitudes=[Fraction(1, 2), Fraction(1)])
    question = read_claim(box("posterior_power(m=2) > 0", 5, ranges, weights="one-heavy:1/2"))
    mixture = make_problem(question, case).mixture
    assert power(mixture.case, 2) != power(mixture.case, 1)


def test_weights_and_a_radius_of_which_one_has_a_single_value_or_none() -> None:
    wide = {"U": ("1/2", "11/20"), "V": ("1/10", "1/8"), "radius": ("1/2", "3/4")}
    even, origin = {"U": ("1/2", "1/2"), "radius": ("0", "1")}, {"U": ("3/5", "4/5"), "radius": ("0", "0")}
    for ranges, true, false in (
        (wide, "posterior_power(m=1) > spectral_gap/2", "posterior_power(m=1) > 1/5"),
        (even, "kl_divergence <= 63/500", "kl_divergence <= 1/8"),
        (origin, "1/25 <= posterior_power(m=1) == hessian_min_eigenvalue", "posterior_power(m=1) > 1/25"),
    ):
        k, weights = (3, ("U", "V", "1-U-V")) if ranges is wide else (2, ("U", "1-U"))
        found, other = (decide_claim(box(each, k, ranges, weights=weights)) for each in (true, false))
        assert (found.ok, other.outcome) == (True, "refuted"), found.reason


def test_an_assumption_cuts_the_box() -> None:
    """The sharp constant is near 0.816."""
    statement = "posterior_power(m=1) >= 82/100*(2*W-1)**2"
    ranges = {"W": ("9/10", "99/100"), "radius": ("1/2", "2")}
    assert decide_claim(box(statement, 2, ranges, "radius <= W")).outcome == "certified"
    verdict = decide_claim(box(statement, 2, ranges, "radius >= W"))
    assert verdict.outcome == "refuted"
    witness = verdict.counterexample.case
    weight, radius = float(dict(witness.parameters)["W"]), float(witness.radius)
    assert radius >= weight
    x = np.arange(-9, 9, 0.004)
    mass = 0.004 / np.sqrt(2 * np.pi) * np.exp(-(x**2) / 2)
    assert mass @ np.tanh(radius * x + np.arctanh(2 * weight - 1)) ** 2 < 0.82 * (2 * weight - 1) ** 2
    with pytest.raises(InputError):
        decide_claim(box("posterior_power(m=1) > 0", 2, {"W": ("11/20", "3/5"), "radius": ("1/2", "1")}, "W > 2/3"))


AMPLITUDES = dict.fromkeys(("amplitude_1", "amplitude_2", "amplitude_3"), ("1/2", "1"))
FAR, MANY = {"Q": ("3/5", "inf"), "radius": ("1", "2")}, {"W": ("1/2", "11/20"), "radius": ("1", "2")}
NO_TIME = [
    (box("posterior_power(m=1) >= (2*W-1)**2/2", 2, TWO), "the time is up"),
    (box("posterior_power(m=1) > 0", 2, TWO, weights=("W", "1-W")), "weight W of component 0 is positive: the time is"),
]
BEYOND = [
    (box("lloyd_radius > radius - 9", 2, TWO), "supported", "no enclosure on a box; in reach are .*pl_ratio"),
    (box("posterior_power(m=1) > 0", 2, FAR, weights="geometric:Q"), "supported", "Q has no upper end"),
    # What is slow at points is not looked at there.
    (box("hessian_min_eigenvalue > 0", 6, AMPLITUDES, weights="one-heavy:1/2"), "inconclusive", "k up to 5, or"),
    (box("hessian_min_eigenvalue > 0", 1000, MANY, weights="geometric:W"), "inconclusive", "k up to 64, or fixed w"),
]


def test_what_is_out_of_reach_says_what_would_be_in_reach() -> None:
    for asked, said in NO_TIME:
        verdict = decide_claim(asked, timeout=0)
        assert (verdict.outcome, said in verdict.reason) == ("inconclusive", True), verdict.reason
    for asked, outcome, said in BEYOND:
        verdict = decide_claim(asked)
        assert (verdict.outcome, bool(re.search(said, verdict.reason))) == (outcome, True), verdict.reason


NAMES = ["posterior_power(m=1)", "hessian_min_eigenvalue", "kl_divergence", "pl_ratio"]
SHAPES = {
    "1": lambda w, r: 1.0,
    "W": lambda w, r: w,
    "spectral_gap": lambda w, r: (2 * w - 1) ** 2,
    "1/(1 + radius)": lambda w, r: 1 / (1 + r),
    "exp(-radius*W)": lambda w, r: np.exp(-r * w),
}
TURN = np.exp(2j * np.pi / 3)
TRIANGLE_SHAPES = {
    "1": lambda u, v, r: 1.0,
    "spectral_gap": lambda u, v, r: abs(u + v * TURN + (1 - u - v) * TURN**2) ** 2,
    "exp(-U*radius)": lambda u, v, r: np.exp(-u * r),
    "max(V, radius/2)": lambda u, v, r: max(v, r / 2),
    "(2 + log(min(1, U + radius)))": lambda u, v, r: 2 + np.log(min(1, u + r)),
    "sqrt(abs(U - V) + 1/9)": lambda u, v, r: np.sqrt(abs(u - v) + 1 / 9),
}
BOXES = 12
"""Of one seed; each is asked about twice, on either side of the truth."""
Ends = list[Fraction]


def rounded(low: float, width: float) -> Ends:
    return [Fraction(end).limit_denominator(1000) for end in (low, low + width)]


def quotients(name: str, shape: Callable[..., float], box: Iterable[Ends], steps: int) -> list[float]:
    """A quantity by brute force over a function of weights and radius, on a grid of a box of these."""
    axes = [[low + (high - low) * i / steps for i in range(1 + steps * (low < high))] for low, high in box]
    found = []
    for *weights, radius in product(*axes):
        case = make_case(len(weights) + 1, [*weights, 1 - sum(weights)], radius=radius)
        found.append(QUANTITIES[name](brute_force(case)) / shape(*map(float, weights), float(radius)))
    return found


def on_both_sides(generator: np.random.Generator, asked: Claim, values: list[float]) -> tuple[Claim, Claim]:
    """A claim with a bound of all values, the least or the largest, in its gap, and one with what is none."""
    operator, sharp, factors = (">=", min(values), (0.98, 1.01))
    if generator.random() < 0.5:
        operator, sharp, factors = ("<=", max(values), (1.02, 0.99))
    constants = [Fraction(float(sharp) * factor).limit_denominator(10**7) for factor in factors]
    true, false = (replace(asked, statement=asked.statement.format(f"{operator} {constant}")) for constant in constants)
    return true, false


def for_two(generator: np.random.Generator) -> tuple[Claim, Claim]:
    """A statement that holds on a box, and one that does not, whose constants differ by three in a hundred."""
    weight, radius = generator.uniform(0.52, 0.9), generator.uniform(0.1, 2.5)
    box = {"W": rounded(weight, generator.uniform(0.02, 0.08)), "radius": rounded(radius, generator.uniform(0.1, 0.6))}
    name, shape = str(generator.choice(NAMES)), str(generator.choice(list(SHAPES)))
    for_all = {each: (str(low), str(high)) for each, (low, high) in box.items()}
    asked = Claim("box", f"{name} {{}}*{shape}", k=(2,), weights=("W", "1-W"), for_all=for_all)
    return on_both_sides(generator, asked, quotients(name, SHAPES[shape], box.values(), 12))


def for_three(generator: np.random.Generator) -> tuple[Claim, Claim]:
    """The same for three components: weights in two variables at one radius, or one of them and the radius."""
    starts = {"U": generator.uniform(0.35, 0.6), "V": generator.uniform(0.05, 0.2), "radius": generator.uniform(0.1, 2)}
    fixed = str(generator.choice(list(starts)))
    box = {each: rounded(low, (each != fixed) * generator.uniform(0.03, 0.1)) for each, low in starts.items()}
    name, shape = str(generator.choice(NAMES)), str(generator.choice(list(TRIANGLE_SHAPES)))
    values = quotients(name, TRIANGLE_SHAPES[shape], box.values(), 5)
    texts = {each: str(box[each][0]) if each == fixed else each for each in ("U", "V")}
    for_all = {each: (str(low), str(high)) for each, (low, high) in box.items() if each != fixed}
    radius = {"radius": str(box["radius"][0])} if fixed == "radius" else {}
    for each in ("U", "V"):
        shape = shape.replace(each, texts[each])
    weights = (texts["U"], texts["V"], f"1 - {texts['U']} - {texts['V']}")
    asked = Claim("box", f"{name} {{}}*{shape}", k=(3,), weights=weights, for_all=for_all, **radius)
    return on_both_sides(generator, asked, values)


CASES = [(for_two, 0, 2), (for_three, 100, 1), (for_two, 1, BOXES), (for_two, 2, BOXES), (for_three, 101, 3)]


@pytest.mark.parametrize(("drawn", "seed", "count"), first_every_day(2, CASES))
def test_no_verdict_on_a_box_is_wrong(drawn: Callable[..., tuple[Claim, Claim]], seed: int, count: int) -> None:
    generator = np.random.default_rng(seed)
    for _ in range(count):
        true, false = drawn(generator)
        assert decide_claim(true).outcome == "certified", true
        assert decide_claim(false).outcome == "refuted", false


HEAVIEST, SMALL = (1 - Fraction(1, 2**20), Fraction(1)), (Fraction(0), Fraction(1, 2**20))
SLIM = (Fraction(2, 5), Fraction(2, 5) + Fraction(1, 2**10))
THREE: tuple[str, ...] = ("U", "V", "1-U-V")


VANISHING = [
    (2, "one-heavy:W", {"W": HEAVIEST}),
    (2, "one-heavy:W", {"W": SMALL}),
    (3, "one-heavy:W", {"W": HEAVIEST}),
    (3, "one-heavy:W", {"W": SMALL}),
    (3, THREE, {"U": SLIM, "V": SMALL}),
    (3, THREE, {"U": SMALL, "V": SMALL}),
    (3, ("W", "W/3", "1-4*W/3"), {"W": SMALL}),
    (3, "geometric:W", {"W": SMALL}),
]


@pytest.mark.parametrize(("k", "weights", "sides"), VANISHING, ids=str)
def test_enclosures_where_weights_vanish(k: int, weights: Any, sides: dict[str, tuple[Fraction, Fraction]]) -> None:
    ranges = {name: (str(low), str(high)) for name, (low, high) in sides.items()} | {"radius": ("1/2", "1")}
    excluded = {SMALL: "> 0", HEAVIEST: "< 1"}
    assume = [f"{name} {excluded[ends]}" for name, ends in sides.items() if ends in excluded]
    box = sides | {"radius": (Fraction(1), Fraction(1))}
    for name, value_of in QUANTITIES.items():
        question = read_claim(claim(f"{name} >= 0", weights, *assume, k=k, **ranges))
        with arb_precision(100):
            forms = BoxForms(BoxCell(box, 6, box), make_problem(question, question.cases[0]), {})
            assert forms.vanishing is not None
            found = forms.form(question.comparison.operands[0]).range
        for part in (Fraction(1, 10**6), 1 - Fraction(1, 10**6)):
            place = {each: low + part * (high - low) for each, (low, high) in sides.items()}
            value = value_of(brute_force(question.at(question.cases[0], place | {"radius": Fraction(1)})))
            assert float(found.lower) - 1e-9 <= value <= float(found.upper) + 1e-9
        assert float(found.upper - found.lower) < 0.02
        off = Fraction(-1 if HEAVIEST in sides.values() else 1, 10)
        further = {each: high + off for each, (_, high) in sides.items()} | {"radius": Fraction(1)}
        outside = value_of(brute_force(question.at(question.cases[0], further)))
        assert not float(found.lower) <= outside <= float(found.upper)


def test_the_odds_of_small_weights_are_bounded_where_others_vary() -> None:
    """The base of the ratios may be larger than the others while these are smallest."""
    sides = {"U": (Fraction(0), Fraction(1, 2**10)), "V": (Fraction(1, 4), Fraction(1, 2))}
    ranges = {"U": ("0", "1/1024"), "V": ("1/4", "1/2"), "radius": ("1/2", "1")}
    question = read_claim(claim("kl_divergence >= 0", THREE, "U > 0", **ranges))
    with arb_precision(100):
        found = vanishing(make_problem(question, question.cases[0]).chart, 3, sides)
        (constant,) = found.constants
        for v in np.linspace(0.25, 0.5, 6):
            # U as large as its ratio to V, the base, allows.
            odds = float(constant.exp()) * v / (v + 1 - v - 1 / 1024)
            assert odds <= float(found.log_odds.exp())
        assert float(found.log_odds.exp()) < 4 / 1024


def test_up_to_where_one_of_several_weights_vanishes() -> None:
    for weights, small, ranges, statement, outcome in (
        ("geometric:W", "W", {"W": ("0", "1/16")}, "posterior_power(m=1) > 1/2", "certified"),
        ("geometric:W", "W", {"W": ("0", "1/16")}, "posterior_power(m=1) > 19/20", "refuted"),
        (THREE, "U", {"U": ("0", "1/64"), "V": ("1/2", "17/32")}, "posterior_power(m=1) < spectral_gap", "refuted"),
    ):
        asked = claim(statement, weights, f"{small} > 0", k=3, **ranges, radius=("1/4", "3/8"))
        assert decide_claim(asked).outcome == outcome, statement


def test_windows_where_a_domain_is_cut_are_few() -> None:
    """Where no weight is positive nothing is modelled, and next to a side windows are long."""
    ranges = {"U": ("0", "1/8"), "V": ("7/8", "1"), "radius": ("1/4", "3/8")}
    question = read_claim(claim("kl_divergence > 0", THREE, "U > 0", "U + V < 1", **ranges))
    whole = {name: (span.lower, span.top) for name, span in question.spans.items()}
    found = list(windows(make_problem(question, question.cases[0]), whole, 4))
    assert len(found) < 200
    assert sum(float((w["U"][1] - w["U"][0]) * (w["V"][1] - w["V"][0])) for w in found) in (1 / 64, 2 / 64)


def test_the_posterior_probability_of_small_weights_is_bounded() -> None:
    """k = 2: E 1/(1 + e^{2rX − log-odds}), and by no more than its square root times a number."""
    x = np.arange(-12, 12, 0.002)
    density = 0.002 / np.sqrt(2 * np.pi) * np.exp(-(x**2) / 2)
    for radius, log_odds in product((0.25, 1.0, 3.0), (-0.5, -4.0, -16.0)):
        mean = float(density @ (1 / (1 + np.exp(2 * radius * x - log_odds))))
        bound = float(small_probability(flint.arb(log_odds), 1, 2, flint.arb(radius)).upper())
        assert mean <= bound
        assert bound < 1 or log_odds == -0.5
        assert mean > bound**2 / 20


@pytest.mark.long
def test_all_weights_of_two_components_up_to_both_ends() -> None:
    """The sharp constant is near 0.816; at W = 1/2 both sides vanish with the radius, at W = 1 there are no weights."""
    for constant, outcome in (("1/2", "certified"), ("82/100", "refuted")):
        statement, ranges = f"posterior_power(m=1) >= {constant}*(2*W-1)**2", {"W": ("1/2", "1"), "radius": ("0", "8")}
        assert decide_claim(claim(statement, "one-heavy:W", "W < 1", k=2, **ranges)).outcome == outcome
