"""Laws that are fitted to rows, and certified bands: they hold at every point, of certified rows only."""

import csv
import math
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import flint
import pytest

from emtheory.numerics.fingerprint import package_fingerprint
from emtheory.numerics.sweep.cell import compute
from emtheory.reports.laws.figures import simplex_drifts
from emtheory.reports.laws.plan import Family, LawGrid, lloyd_ball, plan_laws
from emtheory.reports.laws.table import (
    Band,
    band,
    bound_over_truth,
    fit_line,
    law_bands,
    law_fits,
    law_rows,
    number,
    sample_rows,
)
from emtheory.reports.tables.sweep_table import line_of

PUBLISHED = Path(__file__).parents[2] / "reference" / "expected_max_normal.csv"

SMALL = LawGrid((Family("one-heavy:3/5", (4,), (4,), (4,)),), "2", "1", (Fraction(1, 2),), "1/2", (), ())


def _line(k: int, quantity: str, value: float, weights: str = "w", **arguments: str) -> dict[str, Any]:
    cell = {"k": k, "d": k - 1, "weights": weights, "quantity": quantity, "arguments": arguments, "level": "certified"}
    return cell | dict.fromkeys(("value", "lower", "upper"), repr(float(value)))


def published_maxima() -> dict[int, float]:
    """E max of k normal variables, as it is published."""
    with PUBLISHED.open(encoding="utf-8") as file:
        table = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return {int(row["k"]): float(row["expected_max"]) for row in table}


def test_the_rows_are_those_of_the_sweep() -> None:
    cells = plan_laws(SMALL)["laws"].values()
    (row,) = law_rows(line_of(cell, compute(cell, package_fingerprint())) for cell in cells)
    # (4·3/5 − 1)²/9 = 49/225, and by Proposition 1 and E max = 1.02938 of four normals, R_0 = √(4/3)·1.02938.
    assert number(row, "spectral_gap") == pytest.approx(49 / 225)
    assert number(row, "lloyd_radius") == pytest.approx(math.sqrt(4 / 3) * 1.0293753730)
    assert number(row, "strong_convexity_radius") == math.inf
    ratio = bound_over_truth(row)
    assert ratio is not None
    assert 0 < ratio < 1


def test_the_ball_just_holds_lloyds_simplex() -> None:
    maxima = published_maxima()
    for k in (2, 5, 10):
        assert 0 < float(lloyd_ball(k)) - math.sqrt(k / (k - 1)) * maxima[k] <= 1e-3


def test_laws_put_into_the_rows_are_found() -> None:
    lines = []
    for k in (8, 16, 64, 256):
        lines.append(_line(k, "lloyd_radius", 2 * math.sqrt(2 * math.log(k)) - 1))
        lines.append(_line(k, "worst_contraction_factor", 1 - 0.5 * k**-0.25, radius="1"))
        lines.append(_line(k, "contraction_bound", 1 - 0.25 * k**-2.0, radius="1"))
        lines.append(_line(k, "strong_convexity_radius", 1.5 + 3 / k, fraction="1/2"))
    fits = {str(fit["law"]): fit for fit in law_fits(law_rows(lines))}
    slopes = {law.split(" is ")[0]: float(str(fit["slope"])) for law, fit in fits.items()}
    assert slopes == {
        "$R_0 = a + b √(2 log k)$": pytest.approx(2),
        "1 − worst factor": pytest.approx(-0.25),
        "1 − contraction bound": pytest.approx(-2),
        "radius of $λ_{min}$ at least half the gap": pytest.approx(3),
    }


def test_the_drift_is_the_angle_between_the_step_and_the_simplex() -> None:
    powers = {"1": "0.25", "2": "0.5"}
    lines = [
        _line(4, "posterior_power", float(value), "geometric:1/2", m=m) | {"radius": "1"} for m, value in powers.items()
    ]
    (row,) = simplex_drifts(lines)
    # After the step (√2·3/4, 1/2); its angle to (√2, 1): cos = (3/2 + 1/2)/(√3 √(9/8 + 1/4)).
    cosine = 2 / math.sqrt(3 * (9 / 8 + 1 / 4))
    assert row["drift"] == pytest.approx(math.sqrt(1 - cosine**2))


def test_the_interval_is_students() -> None:
    # x̄ = 1, ȳ = 4/3, Sxx = 2: slope 1, residuals 1/3·(1, −2, 1), s² = 2/3; t_{0.975} with 1 degree of freedom 12.706.
    fit = fit_line([0, 1, 2], [1 / 3 + 1 / 3, 4 / 3 - 2 / 3, 7 / 3 + 1 / 3])
    assert fit.slope == pytest.approx(1)
    assert fit.high - fit.slope == pytest.approx(12.7062 * math.sqrt(2 / 3 / 2), rel=1e-4)
    assert fit.residual == pytest.approx(2 / 3)


def test_a_band_holds_and_a_narrower_one_does_not() -> None:
    points = {x: tuple((3 * x**2 + x) * Fraction(1 + sign * 1e-9) for sign in (-1, 1)) for x in (1, 2, 5, 9)}
    lower, upper = (Fraction(end) for end in band(points, lambda x: x**2))
    values = [Fraction(3 * x**2 + x, x**2) for x in points]
    assert lower <= min(values)
    assert max(values) <= upper
    # Four digits: a thousandth less on either side is false.
    assert lower * Fraction(1001, 1000) > min(values)
    assert upper * Fraction(999, 1000) < max(values)
    # Wide enclosures and laws with an error widen it.
    lower, upper = band({1: (Fraction(9, 10), Fraction(11, 10))}, lambda _: flint.arb(1, 0.25))
    assert Fraction(lower) <= Fraction(72, 100)
    assert Fraction(upper) >= Fraction(11, 10) / Fraction(3, 4)


def rows(quantity: str, values: dict[int, float], level: str = "certified", **arguments: str) -> list[dict[str, Any]]:
    return [_line(k, quantity, value, **arguments) | {"level": level} for k, value in values.items()]


def bands_of(lines: Iterable[dict[str, Any]], samples: Iterable[dict[str, Any]] = ()) -> dict[str, Band]:
    return {each.value: each for each in law_bands(law_rows(lines), sample_rows(samples))}


def test_lloyds_radius_by_published_numbers() -> None:
    radii = {k: math.sqrt(k / (k - 1)) * value for k, value in published_maxima().items() if k > 1}
    (one,) = bands_of(rows("lloyd_radius", radii)).values()
    ratios = [radius / math.sqrt(2 * math.log(k)) for k, radius in radii.items()]
    assert float(one.lower) <= min(ratios) <= float(one.lower) * 1.001
    assert float(one.upper) * 0.999 <= max(ratios) <= float(one.upper) < 1


def test_only_certified_rows_have_a_band() -> None:
    values = {k: 1.0 + k for k in (8, 16, 32, 64)}
    assert set(bands_of(rows("lloyd_radius", values))) == {"$R_0$"}
    assert bands_of(rows("lloyd_radius", values, "observed")) == {}
    assert bands_of([*rows("lloyd_radius", values), *rows("lloyd_radius", {128: 3.0}, "observed")]) == {}
    assert bands_of(rows("lloyd_radius", dict(list(values.items())[:3]))) == {}


def test_infinite_radii_are_left_out_and_exponents_are_those_of_fits() -> None:
    lines = rows("strong_convexity_radius", {k: 1.5 + 1 / k for k in (16, 32, 64, 128)}, fraction="1/2")
    lines.append(
        rows("strong_convexity_radius", {8: 1.0}, fraction="1/2")[0] | dict.fromkeys(("value", "lower", "upper"), "inf")
    )
    factors = rows("worst_contraction_factor", {k: 1 - 0.5 * k**-0.25 for k in (8, 16, 32, 64)}, radius="1")
    needed = rows("samples_needed", {k: 40.0 * k**2 for k in (2, 4, 8, 16)})
    bands = bands_of([*lines, *factors], needed)
    radius = bands["radius of $λ_{min}$ at least half the gap"]
    assert (radius.law, radius.points) == ("1", "16, 32, 64, 128")
    assert (float(radius.lower), float(radius.upper)) == (pytest.approx(1.5 + 1 / 128, abs=1e-3), 1.563)
    assert bands["1 − worst factor, in $k$"].law == "$k^{−0.25}$"
    assert bands["points needed, in $k$"].law == "$k^{2}$"
    assert (bands["points needed, in $k$"].lower, bands["points needed, in $k$"].upper) == ("40", "40")
