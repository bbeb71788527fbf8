"""Certified bands of the laws: they hold at every point, are as narrow as their digits, of certified rows only."""

import csv
import math
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import flint
import pytest

from emtheory.reports.laws.table import Band, band, law_bands, law_rows, sample_rows

PUBLISHED = Path(__file__).parents[2] / "reference" / "expected_max_normal.csv"


def point(value: float | Fraction, slack: float = 1e-9) -> tuple[Fraction, Fraction]:
    return Fraction(value) * Fraction(1 - slack), Fraction(value) * Fraction(1 + slack)


def test_a_band_holds_and_a_narrower_one_does_not() -> None:
    points = {x: point(3 * x**2 + x) for x in (1, 2, 5, 9)}
    lower, upper = (Fraction(end) for end in band(points, lambda x: x**2))
    values = [Fraction(3 * x**2 + x, x**2) for x in points]
    assert lower <= min(values)
    assert max(values) <= upper
    # Four digits: a thousandth less on either side is false.
    assert lower * Fraction(1001, 1000) > min(values)
    assert upper * Fraction(999, 1000) < max(values)


def test_wide_enclosures_and_laws_with_an_error_widen_the_band() -> None:
    exact = {1: (Fraction(1), Fraction(1))}
    assert band(exact, lambda _: flint.arb(1)) == ("1", "1")
    lower, upper = band({1: (Fraction(9, 10), Fraction(11, 10))}, lambda _: flint.arb(1, 0.25))
    assert Fraction(lower) <= Fraction(72, 100)
    assert Fraction(upper) >= Fraction(11, 10) / Fraction(3, 4)


def rows(quantity: str, values: dict[int, float], level: str = "certified", **arguments: str) -> list[dict[str, Any]]:
    shown = {k: repr(float(value)) for k, value in values.items()}
    return [
        {
            "k": k,
            "d": k - 1,
            "weights": "w",
            "quantity": quantity,
            "arguments": arguments,
            "value": value,
            "level": level,
        }
        | {"lower": value, "upper": value}
        for k, value in shown.items()
    ]


def found(lines: Iterable[dict[str, Any]], samples: Iterable[dict[str, Any]] = ()) -> dict[str, Band]:
    return {each.value: each for each in law_bands(law_rows(lines), sample_rows(samples))}


def test_lloyds_radius_by_published_numbers() -> None:
    with PUBLISHED.open(encoding="utf-8") as file:
        maxima = {int(row["k"]): float(row["expected_max"]) for row in csv.DictReader(x for x in file if x[0] != "#")}
    radii = {k: math.sqrt(k / (k - 1)) * value for k, value in maxima.items() if k > 1}
    (one,) = found(rows("lloyd_radius", radii)).values()
    ratios = [radius / math.sqrt(2 * math.log(k)) for k, radius in radii.items()]
    assert float(one.lower) <= min(ratios) <= float(one.lower) * 1.001
    assert float(one.upper) * 0.999 <= max(ratios) <= float(one.upper) < 1


def test_only_certified_rows_have_a_band() -> None:
    values = {k: 1.0 + k for k in (8, 16, 32, 64)}
    assert set(found(rows("lloyd_radius", values))) == {"$R_0$"}
    assert found(rows("lloyd_radius", values, "observed")) == {}
    assert found([*rows("lloyd_radius", values), *rows("lloyd_radius", {128: 3.0}, "observed")]) == {}
    assert found(rows("lloyd_radius", dict(list(values.items())[:3]))) == {}


def test_infinite_radii_are_left_out_and_exponents_are_those_of_fits() -> None:
    lines = rows("strong_convexity_radius", {k: 1.5 + 1 / k for k in (16, 32, 64, 128)}, fraction="1/2")
    lines.append(
        rows("strong_convexity_radius", {8: 1.0}, fraction="1/2")[0] | dict.fromkeys(("value", "lower", "upper"), "inf")
    )
    factors = rows("worst_contraction_factor", {k: 1 - 0.5 * k**-0.25 for k in (8, 16, 32, 64)}, radius="1")
    needed = rows("samples_needed", {k: 40.0 * k**2 for k in (2, 4, 8, 16)})
    bands = found([*lines, *factors], needed)
    radius = bands["radius of $λ_{min}$ at least half the gap"]
    assert (radius.law, radius.points) == ("1", "16, 32, 64, 128")
    assert (float(radius.lower), float(radius.upper)) == (pytest.approx(1.5 + 1 / 128, abs=1e-3), 1.563)
    assert bands["1 − worst factor, in $k$"].law == "$k^{−0.25}$"
    assert bands["points needed, in $k$"].law == "$k^{2}$"
    assert (bands["points needed, in $k$"].lower, bands["points needed, in $k$"].upper) == ("40", "40")
