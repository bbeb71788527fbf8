"""Phase diagrams: certified points, which stand in the data beside the figures."""

import csv
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from tests.reports.conftest import Run

DOCS = Path(__file__).parents[3] / "docs"


def error_after(steps: int, separation: float) -> float:
    """|θ_t − μ|/μ from infinity, by sums over a grid."""
    x = np.arange(-10, 10, 0.005) + 0.0025
    mass = 0.0025 / np.sqrt(2 * np.pi) * (np.exp(-((x - separation) ** 2) / 2) + np.exp(-((x + separation) ** 2) / 2))
    theta = float(mass @ np.abs(x))
    for _ in range(steps - 1):
        theta = float(mass @ (x * np.tanh(theta * x)))
    return abs(theta - separation) / separation


def fitted_step(theta: float, weight: float, separation: float, truth: float) -> tuple[float, float]:
    """A step of EM with the weight fitted, from posteriors by Bayes' rule."""
    x = np.arange(-12, 12, 1 / 32) + 1 / 64
    data = truth * np.exp(-((x - separation) ** 2) / 2) + (1 - truth) * np.exp(-((x + separation) ** 2) / 2)
    mass = data / np.sqrt(2 * np.pi) / 32
    first, second = weight * np.exp(-((x - theta) ** 2) / 2), (1 - weight) * np.exp(-((x + theta) ** 2) / 2)
    posterior = first / (first + second)
    return float(mass @ (x * (2 * posterior - 1))), float(mass @ posterior)


def rows(name: str) -> list[dict[str, str]]:
    with (DOCS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.long
def test_diagrams_are_written_with_their_data(run: Run, tmp_path: Path) -> None:
    assert run("atlas", "--points", "2", "--out", tmp_path / "atlas").code == 0
    counts = {"spurious-weight": 2, "spurious-weight-band": 16, "separation-needed": 2, "fitted-basin": 6}
    for name, count in counts.items():
        assert (tmp_path / "atlas" / f"{name}.svg").read_text(encoding="utf-8").startswith("<?xml")
        assert (tmp_path / "atlas" / f"{name}.csv").read_text(encoding="utf-8").count("certified") == count


def test_the_diagrams_of_the_page_have_every_point_certified_to_ten_digits() -> None:
    weights, separations = rows("spurious-weight.csv"), rows("separation-needed.csv")
    assert (len(weights), len(separations)) == (21, 20)
    for row in (*weights, *separations):
        assert row["level"] == "certified"
        assert (Fraction(row["upper"]) - Fraction(row["lower"])) * 10**10 < Fraction(row["lower"])
    assert [Fraction(row["separation"]) for row in weights] == [Fraction(4 + i, 8) for i in range(21)]


def test_separations_are_those_of_sums_over_a_grid() -> None:
    for row in rows("separation-needed.csv")[::19]:
        place = float(row["value"])
        assert error_after(int(row["t"]), place * (1 - 1e-5)) > 0.01 > error_after(int(row["t"]), place * (1 + 1e-5))


def test_the_band_covers_every_separation_and_contains_every_point() -> None:
    names = ("separation_low", "separation_high", "lower", "upper")
    band = [[Fraction(row[name]) for name in names] for row in rows("spurious-weight-band.csv")]
    assert (band[0][0], band[-1][1]) == (Fraction(1, 2), 3)
    assert all(before[1] == after[0] for before, after in pairwise(band))
    for point in rows("spurious-weight.csv"):
        for low, high, least, most in band:
            if low <= Fraction(point["separation"]) <= high:
                assert least <= Fraction(point["lower"]) < Fraction(point["upper"]) <= most


def test_every_point_of_the_basins_is_certified_and_the_curve_is_its_own_image() -> None:
    found = rows("fitted-basin.csv")
    assert len(found) == 57
    for row in found:
        assert row["level"] == "certified"
        assert (Fraction(row["upper"]) - Fraction(row["lower"])) * 10**10 <= abs(Fraction(row["lower"]))
    places = {(row["separation"], row["truth_weight"], Fraction(row["start_weight"])): row for row in found}
    for (mu, truth, weight), row in places.items():
        assert Fraction(places[mu, truth, 1 - weight]["lower"]) == -Fraction(row["upper"])


def test_basins_are_those_of_sums_over_a_grid() -> None:
    for row, sign in product(rows("fitted-basin.csv")[:46:45], (1, -1)):
        law = (float(row["separation"]), float(Fraction(row["truth_weight"])))
        theta, weight = float(row["value"]) + sign * 1e-6, float(Fraction(row["start_weight"]))
        for _ in range(300):
            theta, weight = fitted_step(theta, weight, *law)
        assert theta == pytest.approx(sign * law[0], abs=1e-6)


def test_weights_of_the_page_are_evaluated_again() -> None:
    row = rows("spurious-weight.csv")[20]
    case = find_family("two-means").case({"separation": Fraction(row["separation"])})
    found = evaluate("two-means.spurious_threshold", case, {}, 8, "float")
    assert found.lower <= Fraction(row["value"]) <= found.upper
