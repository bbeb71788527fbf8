"""Phase diagrams: certified points, which stand in the data beside the figures."""

import csv
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family

DOCS = Path(__file__).parents[3] / "docs"
FAMILY = find_family("two-means")


def error_after(steps: int, separation: float) -> float:
    """|θ_t − μ|/μ from infinity, by sums over a grid."""
    x = np.arange(-10, 10, 0.005) + 0.0025
    mass = 0.0025 / np.sqrt(2 * np.pi) * (np.exp(-((x - separation) ** 2) / 2) + np.exp(-((x + separation) ** 2) / 2))
    theta = float(mass @ np.abs(x))
    for _ in range(steps - 1):
        theta = float(mass @ (x * np.tanh(theta * x)))
    return abs(theta - separation) / separation


def rows(name: str) -> list[dict[str, str]]:
    with (DOCS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.long
def test_diagrams_are_written_with_their_data(run: Callable[..., Any], tmp_path: Path) -> None:
    assert run("atlas", "--points", "2", "--out", tmp_path / "atlas").code == 0
    for name in ("spurious-weight", "separation-needed"):
        assert (tmp_path / "atlas" / f"{name}.svg").read_text(encoding="utf-8").startswith("<?xml")
        assert (tmp_path / "atlas" / f"{name}.csv").read_text(encoding="utf-8").count("certified") == 2


def test_the_diagrams_of_the_page_have_every_point_certified_to_ten_digits() -> None:
    weights, separations = rows("spurious-weight.csv"), rows("separation-needed.csv")
    assert (len(weights), len(separations)) == (21, 20)
    for row in (*weights, *separations):
        assert row["level"] == "certified"
        assert (Fraction(row["upper"]) - Fraction(row["lower"])) * 10**10 < Fraction(row["lower"])
    assert [Fraction(row["separation"]) for row in weights] == [Fraction(4 + i, 8) for i in range(21)]


@pytest.mark.parametrize("index", [0, 9, 19])
def test_separations_are_those_of_sums_over_a_grid(index: int) -> None:
    row = rows("separation-needed.csv")[index]
    place = float(row["value"])
    assert error_after(int(row["t"]), place * (1 - 1e-5)) > 0.01 > error_after(int(row["t"]), place * (1 + 1e-5))


@pytest.mark.parametrize("index", [4, 20])
def test_weights_of_the_page_are_evaluated_again(index: int) -> None:
    row = rows("spurious-weight.csv")[index]
    case = FAMILY.case({"separation": Fraction(row["separation"])})
    found = evaluate("two-means.spurious_threshold", case, {}, 8, "float")
    assert found.lower <= Fraction(row["value"]) <= found.upper


def test_an_error_that_is_never_reached() -> None:
    with pytest.raises(InputError, match="must be positive"):
        evaluate(
            "two-means.separation_needed",
            FAMILY.case({"separation": Fraction(1)}),
            {"t": Fraction(1), "error": Fraction(0)},
        )
