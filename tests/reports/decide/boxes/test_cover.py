"""Boxes of several variables: verdicts against brute force, on both sides of the truth."""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.intervals.point_forms import power
from emtheory.reports.decide.boxes.forms import make_problem
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import brute_force
from tests.tiers import first_every_day

TWO = {"W": ("11/20", "99/100"), "radius": ("0", "8")}
THREE = {"W": ("2/5", "4/5"), "radius": ("0", "3")}
STEPS = 10


def box(
    statement: str,
    k: int,
    ranges: dict[str, tuple[str, str]],
    *assume: str,
    weights: str | tuple[str, ...] = "one-heavy:W",
) -> Claim:
    return Claim(id="box", statement=statement, k=(k,), weights=weights, for_all=ranges, assume=assume)


def grid(ranges: dict[str, tuple[str, str]], steps: int) -> Iterator[tuple[float, ...]]:
    axes = [np.linspace(float(Fraction(low)), float(Fraction(high)), steps + 1) for low, high in ranges.values()]
    return product(*axes)


def two_component_power(weight: float, radius: float) -> float:
    """E tanh²(rX + a) by the trapezoidal rule."""
    x = np.arange(-9, 9, 0.004)
    return float(
        0.004 / np.sqrt(2 * np.pi) * np.exp(-(x**2) / 2) @ np.tanh(radius * x + np.arctanh(2 * weight - 1)) ** 2
    )


def test_a_constant_a_little_too_large_is_refuted_at_a_rational_point() -> None:
    ranges = {"W": ("9/10", "99/100"), "radius": ("0", "4")}
    verdict = decide_claim(box("posterior_power(m=1) >= 82/100*(2*W-1)**2", 2, ranges))
    assert verdict.outcome == "refuted"
    witness = verdict.counterexample.case
    weight, radius = dict(witness.parameters)["W"], witness.radius
    assert Fraction(9, 10) <= weight <= Fraction(99, 100)
    assert 0 <= radius <= 4
    assert two_component_power(float(weight), float(radius)) < 0.82 * (2 * float(weight) - 1) ** 2


QUANTITIES = {
    "posterior_power(m=1)": lambda found, square: found.posterior_power[1],
    "hessian_min_eigenvalue": lambda found, square: found.hessian_eigenvalues[0],
    "kl_divergence/radius**2": lambda found, square: found.kl / square,
    "pl_ratio": lambda found, square: found.gradient_square / 2 / found.kl,
}


def sharp_constant(name: str, k: int, ranges: dict[str, tuple[str, str]], steps: int) -> float:
    """The least quotient of a quantity and the spectral gap on a grid."""
    quotients = []
    for place in grid(ranges, steps):
        weight, radius = (Fraction(value).limit_denominator(1000) for value in place)
        gap = ((k * float(weight) - 1) / (k - 1)) ** 2
        found = brute_force(make_case(k, f"one-heavy:{weight}", radius=radius))
        quotients.append(QUANTITIES[name](found, place[1] ** 2) / gap)
    return min(quotients)


def check_both_sides(name: str, k: int, ranges: dict[str, tuple[str, str]]) -> None:
    sharp = sharp_constant(name, k, ranges, STEPS)
    below, above = (Fraction(sharp * factor).limit_denominator(10**6) for factor in (0.98, 1.01))
    assert decide_claim(box(f"{name} >= {below}*spectral_gap", k, ranges)).outcome == "certified"
    assert decide_claim(box(f"{name} >= {above}*spectral_gap", k, ranges)).outcome == "refuted"


@pytest.mark.parametrize("name", ["posterior_power(m=1)", "kl_divergence/radius**2"])
def test_constants_on_both_sides_of_the_sharp_one(name: str) -> None:
    check_both_sides(name, 3, {"W": ("3/5", "7/10"), "radius": ("1/2", "1")})


@pytest.mark.long
@pytest.mark.parametrize("name", ["posterior_power(m=1)", "pl_ratio"])
def test_all_weights_and_radii_of_three_components(name: str) -> None:
    """With a constant one in a hundred below the sharp one, and not with one as much above."""
    sharp = sharp_constant(name, 3, THREE | {"radius": ("1/100", "3")}, 12)
    below, above = (Fraction(sharp * factor).limit_denominator(10**6) for factor in (0.99, 1.01))
    assert decide_claim(box(f"{name} >= {below}*spectral_gap", 3, THREE, "radius > 0")).outcome == "certified"
    assert decide_claim(box(f"{name} >= {above}*spectral_gap", 3, THREE, "radius > 0")).outcome == "refuted"


@pytest.mark.long
def test_amplitudes_of_four_components() -> None:
    """Both bounds over the whole square: within one in a hundred of the sharp ones, and refuted as far beyond."""
    weights, ranges = "1/2,1/4,1/8,1/8", {"amplitude_1": ("0", "1"), "amplitude_2": ("0", "1")}

    def power(*place: float) -> float:
        amplitudes = [Fraction(value).limit_denominator(1000) for value in place]
        return float(brute_force(make_case(4, weights, amplitudes=amplitudes)).posterior_power[2])

    values = [power(*place) for place in grid(ranges, 4) if any(place)]
    values.append(power(0.001, 0.001))
    for operator, sharp, outwards in (("<=", max(values), 1), (">=", min(values), -1)):
        for off, outcome in ((0.01 * outwards, "certified"), (-0.01 * outwards, "refuted")):
            bound = Fraction(sharp * (1 + off)).limit_denominator(10**6)
            statement = f"posterior_power(m=2) {operator} {bound}"
            assert decide_claim(box(statement, 4, ranges, weights=weights)).outcome == outcome


AMPLITUDES = {"amplitude_1": ("1/2", "1"), "amplitude_2": ("1/4", "1")}
OFF_THE_SIMPLEX = {
    "kl_divergence": lambda found: found.kl,
    "log_partition": lambda found: found.log_partition,
    "hessian_min_eigenvalue": lambda found: min(found.hessian_eigenvalues),
    "pl_ratio": lambda found: found.gradient_square / 2 / found.kl,
}


@pytest.mark.parametrize("name", first_every_day(1, list(OFF_THE_SIMPLEX)))
def test_amplitudes_and_the_other_quantities(name: str) -> None:
    weights = "1/2,1/4,1/8,1/8"

    def value(*place: float) -> float:
        amplitudes = [Fraction(each).limit_denominator(10**6) for each in place]
        return float(OFF_THE_SIMPLEX[name](brute_force(make_case(4, weights, amplitudes=amplitudes))))

    values = [value(*place) for place in grid(AMPLITUDES, 3)]
    least, most = min(values), max(values)
    inside = f"{Fraction(least - 0.02 * most)} <= {name} <= {Fraction(1.02 * most)}"
    assert decide_claim(box(inside, 4, AMPLITUDES, weights=weights)).outcome == "certified"
    for false in (f"{name} >= {Fraction(least * 1.01)}", f"{name} <= {Fraction(most * 0.99)}"):
        assert decide_claim(box(false, 4, AMPLITUDES, weights=weights)).outcome == "refuted"


def test_frequencies_that_a_symmetric_box_makes_look_alike_are_told_apart() -> None:
    """The middle of the box is on the simplex, where β_1 = β_2 for these weights."""
    case = make_case(5, "one-heavy:1/2", amplitudes=[Fraction(1, 2), Fraction(1)])
    mixture = make_problem(
        read_claim(
            box(
                "posterior_power(m=2) > 0",
                5,
                {"amplitude_1": ("1/2", "1"), "amplitude_2": ("1/2", "1")},
                weights="one-heavy:1/2",
            )
        ),
        case,
    ).mixture
    assert power(mixture.case, 2) != power(mixture.case, 1)


def test_weights_in_two_variables_and_a_radius() -> None:
    ranges = {"U": ("1/2", "3/5"), "V": ("1/10", "3/20"), "radius": ("1/2", "1")}
    weights = ("U", "V", "1-U-V")
    assert decide_claim(box("posterior_power(m=1) > spectral_gap/2", 3, ranges, weights=weights)).outcome == "certified"
    assert decide_claim(box("posterior_power(m=1) > 1/5", 3, ranges, weights=weights)).outcome == "refuted"


@pytest.mark.long
def test_weights_in_three_variables_and_a_radius() -> None:
    ends = dict.fromkeys("UVW", ("1/5", "1/4")) | {"radius": ("1/2", "3/4")}
    powers = []
    for *weights, radius in grid(ends, 2):
        first = [Fraction(weight).limit_denominator(1000) for weight in weights]
        case = make_case(4, [str(each) for each in (*first, 1 - sum(first))], radius=Fraction(radius))
        powers.append(brute_force(case).posterior_power[1])
    for off, outcome in ((1, "certified"), (-1, "refuted")):
        bound = (Fraction(max(powers)) * (1 + Fraction(off, 50))).limit_denominator(10**6)
        claim = box(f"posterior_power(m=1) <= {bound}", 4, ends, weights=("U", "V", "W", "1-U-V-W"))
        assert decide_claim(claim).outcome == outcome


def test_an_assumption_cuts_the_box() -> None:
    statement = "posterior_power(m=1) >= 82/100*(2*W-1)**2"
    ranges = {"W": ("9/10", "99/100"), "radius": ("1/2", "2")}
    assert decide_claim(box(statement, 2, ranges, "radius <= W")).outcome == "certified"
    verdict = decide_claim(box(statement, 2, ranges, "radius >= W"))
    assert verdict.outcome == "refuted"
    witness = verdict.counterexample.case
    assert witness.radius >= dict(witness.parameters)["W"]


def test_assumptions_that_leave_nothing_are_an_error() -> None:
    with pytest.raises(InputError):
        decide_claim(
            box("posterior_power(m=1) > 0", 2, {"W": ("11/20", "3/5"), "radius": ("1/2", "1")}, "kl_divergence > 1")
        )


def test_time_that_is_up_leaves_everything_over() -> None:
    verdict = decide_claim(box("posterior_power(m=1) >= (2*W-1)**2/2", 2, TWO), timeout=0)
    assert verdict.outcome == "inconclusive"
    assert "the time is up" in verdict.reason


UNBOUNDED = {"Q": ("3/5", "inf"), "radius": ("1", "2")}


@pytest.mark.parametrize(
    ("statement", "ranges", "weights", "said"),
    [
        ("lloyd_radius > radius - 9", TWO, "one-heavy:W", r"no enclosure on a box; in reach are .*pl_ratio"),
        ("posterior_power(m=1) > 0", UNBOUNDED, "geometric:Q", "Q has no upper end"),
    ],
)
def test_what_is_out_of_reach_says_what_would_be_in_reach(
    statement: str, ranges: dict[str, tuple[str, str]], weights: str, said: str
) -> None:
    verdict = decide_claim(box(statement, 2, ranges, weights=weights))
    assert verdict.outcome == "supported"
    assert re.search(said, verdict.reason)


@pytest.mark.parametrize(
    ("k", "ranges", "weights", "said"),
    [
        (6, dict.fromkeys(("amplitude_1", "amplitude_2", "amplitude_3"), ("1/2", "1")), "one-heavy:1/2", "up to 5, or"),
        (1000, {"W": ("1/2", "11/20"), "radius": ("1", "2")}, "geometric:W", "up to 64, or fixed weights"),
    ],
)
def test_what_is_out_of_reach_and_slow_at_points_is_said_at_once(
    k: int, ranges: dict[str, tuple[str, str]], weights: str, said: str
) -> None:
    verdict = decide_claim(box("hessian_min_eigenvalue > 0", k, ranges, weights=weights))
    assert (verdict.outcome, verdict.domain["covered"].endswith("nothing")) == ("inconclusive", True)
    assert re.search(f"in reach are k {said}", verdict.reason)
    assert verdict.seconds < 5


def test_weights_whose_sign_is_not_known_in_time_are_no_bad_input() -> None:
    verdict = decide_claim(box("posterior_power(m=1) > 0", 2, TWO, weights=("W", "1-W")), timeout=0)
    assert verdict.outcome == "inconclusive"
    assert "whether weight W of component 0 is positive: the time is up" in verdict.reason
