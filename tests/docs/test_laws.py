"""The numbers on the pages of laws and of finite samples are those that the program computes, fits among them."""

import math
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import OutOfReachError
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.laws.plan import LAWS, dimension_rows, direction_rows, lloyd_ball, worst_row
from emtheory.reports.laws.table import Fit, fit_line, fit_power
from tests.tiers import first_every_day

PAGE = (Path(__file__).parents[2] / "docs" / "laws.md").read_text(encoding="utf-8")


def _table(heading: str) -> list[list[str]]:
    section = PAGE.split(f"## {heading}")[1].split("\n## ")[0]
    lines = re.findall(r"^\| (.*) \|$", section, flags=re.MULTILINE)
    return [line.split(" | ") for line in lines if not line.startswith("---")][1:]


FACTORS = [
    [weights, int(k), *map(float, values)]
    for weights, k, *values in _table("The worst factor and what is proved of it at once")
]
RADII = [[weights, int(k), *map(float, values)] for weights, k, *values in _table("Radii")]


@pytest.mark.parametrize("row", first_every_day(4, [FACTORS[i] for i in (0, 11, 22, 25, 19)]))
def test_factors(row: list[Any]) -> None:
    weights, k, worst, bound, ratio = row
    case, ball = make_case(k, weights), {"radius": lloyd_ball(k)}
    least = 1 - float(evaluate("worst_contraction_factor", case, ball, 5).midpoint)
    proved = float(1 - Fraction(evaluate("contraction_bound", case, ball, 15).midpoint))
    assert (worst, bound, ratio) == (
        pytest.approx(least, rel=1e-3),
        pytest.approx(proved, rel=1e-3),
        pytest.approx(proved / least, rel=1e-3),
    )


@pytest.mark.parametrize("row", first_every_day(1, [RADII[i] for i in (0, 2, 7)]))
def test_radii(row: list[Any]) -> None:
    weights, k, lloyd, half = row
    case = make_case(k, weights)
    assert lloyd == pytest.approx(float(evaluate("lloyd_radius", case, {}, 8).midpoint), rel=1e-4)
    found = evaluate("strong_convexity_radius", case, {"fraction": Fraction(1, 2)}, 5)
    assert found.rigorous
    assert half == pytest.approx(float(found.midpoint), rel=1e-4)


def _fits() -> dict[tuple[str, str], Fit]:
    large = [k for k in LAWS.families[0].ks if k >= 8]
    lloyd = [float(evaluate("lloyd_radius", make_case(k, "uniform"), {}, 8).midpoint) for k in large]
    fits = {("R₀ = a + b √(2 log k)", "any"): fit_line([math.sqrt(2 * math.log(k)) for k in large], lloyd)}
    for weights in ("one-heavy:3/5", "one-heavy:99/100"):
        _, ks, worst, bound, _ = zip(*(row for row in FACTORS if row[0] == weights and row[1] >= 8), strict=True)
        fits["1 − worst factor is eᵃ kᵇ", weights] = fit_power(ks, worst)
        fits["1 − contraction bound is eᵃ kᵇ", weights] = fit_power(ks, bound)
    heavy = [row for row in RADII if row[0] == "one-heavy:99/100" and row[1] >= 8 and math.isfinite(row[3])]
    line = fit_line([1 / row[1] for row in heavy], [row[3] for row in heavy])
    return fits | {("radius of λₘᵢₙ at least half the gap is a + b/k", "one-heavy:99/100"): line}


def test_the_fits_are_those_through_the_tables() -> None:
    fits = _fits()
    shown = _table("Fits")
    assert {(law, weights) for law, weights, *_ in shown} == set(fits)
    for law, weights, intercept, slope, interval, residual in shown:
        fit = fits[law, weights]
        low, high = map(float, interval.split(" to "))
        assert (float(intercept), float(slope)) == pytest.approx((fit.intercept, fit.slope), rel=5e-3, abs=5e-3)
        assert (low, high) == pytest.approx((fit.low, fit.high), rel=1e-2, abs=1e-2)
        assert float(residual) == pytest.approx(fit.residual, rel=2e-2, abs=2e-3)


def _values() -> dict[tuple[str, str, str], dict[int, float]]:
    """(value, variable of the law, weights) → k or d → the value, from the other tables of the page."""
    found: dict[tuple[str, str, str], dict[int, float]] = {}
    for weights, k, worst, bound, _ in FACTORS:
        if k >= 8:
            found.setdefault(("1 − worst factor", "k", weights), {})[k] = worst
            found.setdefault(("1 − contraction bound", "k", weights), {})[k] = bound
    for weights, k, _, half in RADII:
        if k >= 8 and math.isfinite(half):
            found.setdefault(("radius of λ_min at least half the gap", "1", weights), {})[k] = half
    for weights, k, d, error, needed in _table("Finite samples"):
        places = [("k", k)] if int(d) == int(k) - 1 else []
        for variable, x in (*places, *([("d", d)] if k == "3" else [])):
            found.setdefault(("sample error bound", variable, weights), {})[int(x)] = float(error)
            found.setdefault(("points needed", variable, weights), {})[int(x)] = float(needed)
    return found


BANDS = _table("Certified bands")


def test_the_bands_hold_and_are_narrow() -> None:
    values = _values()
    for value, law, weights, low, high, places in BANDS[1:]:
        variable, _, exponent = law.partition("^")
        power = float(exponent.replace("−", "-")) if exponent else 0.0
        shown = values[value, variable, weights]
        ratios = [y / x**power for x, y in shown.items()]
        assert (min(ratios), max(ratios)) == (pytest.approx(float(low), rel=1e-3), pytest.approx(float(high), rel=1e-3))
        assert {int(x) for x in re.findall(r"\d+", places.replace("k = 3, d", ""))} <= set(shown)
    ratios = [
        float(evaluate("lloyd_radius", make_case(k, "uniform"), {}, 8).midpoint) / math.sqrt(2 * math.log(k))
        for k in LAWS.families[0].ks
    ]
    assert float(BANDS[0][3]) <= min(ratios) <= float(BANDS[0][3]) * 1.001
    assert float(BANDS[0][4]) * 0.999 <= max(ratios) <= float(BANDS[0][4])


def test_the_finite_sample_bounds() -> None:
    for weights, k, d, error, needed in _table("Finite samples")[::6]:
        case = make_case(int(k), weights, int(d))
        at = {"delta": Fraction(1, 20), "radius": Fraction(1, 100)}
        bound = evaluate("sample_error_bound", case, {**at, "n": Fraction(10**6)}, 8)
        assert float(error) == pytest.approx(float(bound.midpoint), abs=6e-7)
        assert evaluate("samples_needed", case, {**at, "eps": Fraction(1, 1000)}, 8).midpoint == int(needed)


@pytest.mark.long
def test_the_dimension_and_the_directions() -> None:
    for shown, row in zip(_table("The dimension"), dimension_rows(), strict=True):
        assert shown == [str(row["d"]), row["first_factor"], row["exact_first"], row["last_factor"], row["exact_last"]]
    shown, (row,) = _table("Directions")[0], direction_rows((Fraction(1, 2),))
    names = (
        "radius",
        "simplex_eigenvalue",
        "worst_eigenvalue",
        "eigenvalue_amplitudes",
        "simplex_factor",
        "worst_factor",
    )
    assert [each.strip("()") for each in shown] == [row[name] for name in names]


WORST = _table("The worst direction for every k")


@pytest.mark.parametrize("row", first_every_day(1, [WORST[i] for i in (8, 11, 3)]))
def test_the_worst_direction(row: list[str]) -> None:
    found = worst_row(int(row[1]), row[0])
    names = ("lloyd_radius", "simplex_eigenvalue", "worst_eigenvalue", "simplex_factor", "worst_factor", "level")
    assert row == [row[0], str(found["k"]), *(found[name] for name in names)]


@pytest.mark.long
def test_radii_in_all_directions() -> None:
    k, weights, question, everywhere, amplitudes, along, lloyd = _table("Radii in all directions")[0]
    case, places = make_case(int(k), weights), len(everywhere.removeprefix("0."))
    ((name, argument, value),) = re.findall(r"^`worst_(\w+)\((\w+)=(.+)\)`$", question)
    found = evaluate(f"worst_{name}", case, {argument: Fraction(value)}, places)
    assert found.rigorous
    assert float(everywhere) == pytest.approx(float(found.midpoint), abs=10.0**-places)
    worst = found.note.removeprefix("worst near amplitudes ").split(", ")
    assert list(map(float, amplitudes.split(", "))) == pytest.approx(list(map(float, worst)), abs=0.02)
    ray = evaluate(name, case, {argument: Fraction(value)}, 6)
    assert float(along) == pytest.approx(float(ray.midpoint), rel=1e-5)
    assert float(lloyd) == pytest.approx(float(evaluate("lloyd_radius", case, {}, 8).midpoint), rel=1e-5)


SAMPLES = (Path(__file__).parents[2] / "docs" / "finite-samples.md").read_text(encoding="utf-8")
HEAVY = make_case(3, "one-heavy:4/5")
AT = {"delta": Fraction(1, 20), "radius": Fraction(1, 10)}


def rows_below(head: str) -> list[list[str]]:
    lines = SAMPLES.split(f"\n{head}\n")[1].split("\n\n")[0].splitlines()[1:]
    return [line.removeprefix("| ").removesuffix(" |").split(" | ") for line in lines]


def test_the_commands_give_what_the_page_says() -> None:
    commands = re.findall(r"^emtheory evaluate (\w+) +--k 3 --weights one-heavy:4/5 (.*)$", SAMPLES, flags=re.MULTILINE)
    found = {}
    for name, options in commands:
        given = dict(re.findall(r"--set (\w+)=(\S+)", options)) | dict(re.findall(r"--(radius) (\S+)", options))
        answer = evaluate(name, HEAVY, {key: Fraction(value) for key, value in given.items()}, 6)
        found[name] = float(answer.midpoint)
    said = re.search(
        r"The first is ([\d.]+), the second ([\d.]+) nats; (\d+) points are enough for 1/1000 nats; (\d+) steps",
        SAMPLES,
    )
    assert said
    names = ("sample_error_bound", "sample_kl_bound", "samples_needed", "steps_needed")
    error, factor = found["sample_operator_error"], found["contraction_bound"]
    ball = re.search(r"give ε = ([\d.]+) and p = ([\d.]+): .* ‖θ_t‖ ≤ [\d.]+\^t \+ ([\d.]+) for all t", SAMPLES)
    assert ball
    assert [float(part) for part in ball.groups()] == pytest.approx([error, factor, error / (1 - factor)], rel=2e-3)
    assert [float(part) for part in said.groups()] == pytest.approx([found[name] for name in names], rel=2e-3)


def test_the_bounds_of_the_tables() -> None:
    """For a heavy weight in some dimensions, and for few points in a larger ball."""
    of_d = rows_below("| n | d | proved bound | 95 % quantile of ‖θ̂‖ on 400 samples | ratio |")
    of_weights = rows_below("| weights | n | proved bound | 95 % quantile of ‖θ̂‖ on 400 samples | ratio |")
    settings = [(n, make_case(3, "one-heavy:4/5", int(d)), Fraction(1, 20), rest) for n, d, *rest in of_d]
    settings += [(n, make_case(3, weights), Fraction(5), rest) for weights, n, *rest in of_weights]
    for n, case, radius, (bound, seen, ratio) in settings:
        arguments = {"delta": Fraction(1, 20), "radius": radius, "n": Fraction(n.replace(",", ""))}
        answer = float(evaluate("sample_error_bound", case, arguments, 6).upper)
        assert float(bound) == pytest.approx(answer, abs=1.1e-3 if radius == 5 else 6e-5)
        assert float(ratio) == pytest.approx(answer / float(seen), abs=0.01)


def test_in_the_limit_the_bound_on_the_norm_is_that_of_normal_theory_only_where_all_singular_values_are_one() -> None:
    """√n Aθ̂ is N(0, I) in the limit, and the bound leaves 3/4 of δ to the law of its norm."""
    random = np.random.default_rng(0)
    for weights, dimension, ratio in rows_below("| weights | d | bound, times the quantile |"):
        moduli = np.abs(np.fft.fft([float(Fraction(part)) for part in weights.split(", ")]))[1:]
        free = int(dimension) - len(moduli)
        norm = (random.standard_normal((400_000, len(moduli))) ** 2) @ moduli**-2
        norm += random.chisquare(free, 400_000) if free else 0
        tail = np.quantile(random.chisquare(int(dimension), 400_000), 1 - 3 / 80)
        assert float(ratio) == pytest.approx(np.sqrt(tail / np.quantile(norm, 0.95)) / moduli.min(), rel=0.01)


def test_the_thresholds() -> None:
    """Of contraction, from near and far; with the shells far starts need hardly more than near ones."""
    even = make_case(3, ["1/2", "3/10", "1/5"])
    for case, radius, said in (
        (HEAVY, "1/25", r"it takes over: ([\d,]+) points"),
        (even, "1/25", r"([\d,]+) for the weights 1/2, 3/10, 1/5 \(σ² = 7/100\)"),
        (HEAVY, "1", r"contraction: ([\d,]+) points are enough for 80 % on one of three means from radius 1"),
    ):
        number = re.search(said, SAMPLES)
        assert number
        with pytest.raises(OutOfReachError, match=f"n = {number[1].replace(',', '')} are enough"):
            evaluate("steps_needed", case, {**AT, "radius": Fraction(radius), "n": Fraction(1)})
    far = re.search(r"the shells now need ([\d,]+) for", SAMPLES)
    assert far
    least = evaluate("samples_needed", HEAVY, {**AT, "radius": Fraction(1), "eps": Fraction(1, 1000)})
    assert int(far[1].replace(",", "")) == least.midpoint
