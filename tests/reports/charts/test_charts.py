"""Figures of --plot, and phase diagrams: what is drawn are certified values, which stand in the data beside."""

import csv
import math
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from emtheory.numerics.level import Level
from tests.reports.conftest import Run
from tests.tiers import first_every_day

KL = ("evaluate", "kl_divergence", "--k", "3", "--weights", "linear", "--radius", "1", "--digits", "8")
CLAIM = 'schema = 1\n[[claim]]\nid = "a $x_1$ b"\nstatement = "{}"\nk = 3\nweights = "one-heavy:1/2"\n'


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.mark.long
def test_a_quantity_is_drawn_against_the_radius_and_its_data_are_its_values(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "kl.svg"
    result = run(*KL, "--plot", path, "--json")
    assert result.document()["value"].startswith("0.1")
    assert result.err.endswith(f"wrote {path} and its data, {tmp_path / 'kl.csv'}\n")
    assert "asked for: 0.1" in path.read_text(encoding="utf-8")
    data = rows(tmp_path / "kl.csv")
    radii = [Fraction(row["radius"]) for row in data]
    assert (sorted(radii), radii[0], radii[-1]) == (radii, 0, 2)
    for row in (data[5], data[-1]):  # by a route that shares nothing with the one that drew
        truth = evaluate("kl_divergence", make_case(3, "linear", radius=row["radius"]), {}, 15, "mp").midpoint
        assert row["level"] == "certified"
        assert float(row["value"]) == pytest.approx(float(truth), rel=1e-5)
    assert sum(row["radius"] == "1" for row in data) == 2  # the point that was asked for stands in them, too


@pytest.mark.parametrize(
    ("arguments", "column", "ends"),
    [
        ("dft_modulus --k 5 --weights linear --set m=2", "m", ("1", "4")),
        ("spectral_gap --k 7 --weights difference-set:3/5", "k", ("7", "13")),
        ("em_iterate --family two-means --separation 1 --set start=inf --set t=1", "separation", ("0", "2")),
        ("log_partition --k 4 --weights linear --amplitudes 0,1/2", "radius", ("0", "1")),
    ],
)
def test_what_is_varied(run: Run, tmp_path: Path, arguments: str, column: str, ends: tuple[str, str]) -> None:
    assert run("evaluate", *arguments.split(), "--digits", "6", "--plot", tmp_path / "a.svg").code == 0
    places = [row[column] for row in rows(tmp_path / "a.csv")]
    assert (places[0], places[-1]) == ends


def test_what_has_no_finite_values_is_not_drawn(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    infinite = Enclosure(math.inf, math.inf, Level.CERTIFIED, "ball")
    for module in ("emtheory.numerics.evaluate", "emtheory.reports.charts.quantity"):
        monkeypatch.setattr(f"{module}.evaluate", lambda *_: infinite)
    arguments = ("strong_convexity_radius", "--k", "2", "--weights", "uniform", "--plot", tmp_path / "a.svg")
    run("evaluate", *arguments).assert_one_line_error(2, "there is nothing to draw: 7 of 7 points")


@pytest.mark.parametrize("ending", first_every_day(1, ["pdf", "svg", "png"]))
def test_a_trajectory_is_drawn_and_its_data_are_its_iterates(run: Run, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"t.{ending}"
    arguments = ("trajectory", "--k", "3", "--weights", "linear", "--radius", "1", "--steps", "2", "--digits", "4")
    first = run(*arguments, "--plot", path, "--json").document()
    assert path.read_bytes().startswith({"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}[ending])
    drawn = {(row["step"], row["quantity"], row["m"]): row["value"] for row in rows(tmp_path / "t.csv")}
    for iterate in first["iterates"]:
        value = float(drawn[str(iterate["iteration"]), "kl", ""])
        assert value == pytest.approx(float(iterate["kl_divergence"]["value"]), rel=1e-5)
    if ending != "svg":
        before = path.read_bytes()
        run(*arguments, "--plot", path)
        assert path.read_bytes() == before  # the same input, the same bytes


def test_claims_are_drawn_with_both_sides_and_the_witness(run: Run, tmp_path: Path) -> None:
    claims = tmp_path / "claims.toml"
    claims.write_text(CLAIM.format("1/20 < posterior_power(m=1) < 1/2") + "for_all = { radius = [0, 5] }\n")
    assert run("check", claims, "--plot", tmp_path / "c.svg").code == 1
    text = (tmp_path / "c.svg").read_text(encoding="utf-8")
    # The text of a claim is not read as mathematics.
    assert "a $x_1$ b: refuted" in text
    assert "witness" in text
    assert {row["side"] for row in rows(tmp_path / "c.csv")} == {"1/20", "posterior_power(m=1)", "1/2"}
    for row in rows(tmp_path / "c.csv")[30:34]:
        case = make_case(3, "one-heavy:1/2", radius=row["at"])
        truth = evaluate("posterior_power", case, {"m": Fraction(1)}, 12, "mp").midpoint
        assert float(row["value"]) == pytest.approx(float(truth), rel=1e-5)


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


def stored(name: str) -> list[dict[str, str]]:
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
    weights, separations = stored("spurious-weight.csv"), stored("separation-needed.csv")
    assert (len(weights), len(separations)) == (21, 20)
    for row in (*weights, *separations):
        assert row["level"] == "certified"
        assert (Fraction(row["upper"]) - Fraction(row["lower"])) * 10**10 < Fraction(row["lower"])
    assert [Fraction(row["separation"]) for row in weights] == [Fraction(4 + i, 8) for i in range(21)]


def test_separations_are_those_of_sums_over_a_grid() -> None:
    for row in stored("separation-needed.csv")[::19]:
        place = float(row["value"])
        assert error_after(int(row["t"]), place * (1 - 1e-5)) > 0.01 > error_after(int(row["t"]), place * (1 + 1e-5))


def test_the_band_covers_every_separation_and_contains_every_point() -> None:
    names = ("separation_low", "separation_high", "lower", "upper")
    band = [[Fraction(row[name]) for name in names] for row in stored("spurious-weight-band.csv")]
    assert (band[0][0], band[-1][1]) == (Fraction(1, 2), 3)
    assert all(before[1] == after[0] for before, after in pairwise(band))
    for point in stored("spurious-weight.csv"):
        for low, high, least, most in band:
            if low <= Fraction(point["separation"]) <= high:
                assert least <= Fraction(point["lower"]) < Fraction(point["upper"]) <= most


def test_every_point_of_the_basins_is_certified_and_the_curve_is_its_own_image() -> None:
    found = stored("fitted-basin.csv")
    assert len(found) == 57
    for row in found:
        assert row["level"] == "certified"
        assert (Fraction(row["upper"]) - Fraction(row["lower"])) * 10**10 <= abs(Fraction(row["lower"]))
    places = {(row["separation"], row["truth_weight"], Fraction(row["start_weight"])): row for row in found}
    for (mu, truth, weight), row in places.items():
        assert Fraction(places[mu, truth, 1 - weight]["lower"]) == -Fraction(row["upper"])


def test_basins_are_those_of_sums_over_a_grid() -> None:
    for row, sign in product(stored("fitted-basin.csv")[:46:45], (1, -1)):
        law = (float(row["separation"]), float(Fraction(row["truth_weight"])))
        theta, weight = float(row["value"]) + sign * 1e-6, float(Fraction(row["start_weight"]))
        for _ in range(300):
            theta, weight = fitted_step(theta, weight, *law)
        assert theta == pytest.approx(sign * law[0], abs=1e-6)


def test_weights_of_the_page_are_evaluated_again() -> None:
    row = stored("spurious-weight.csv")[20]
    case = find_family("two-means").case({"separation": Fraction(row["separation"])})
    found = evaluate("two-means.spurious_threshold", case, {}, 8, "float")
    assert found.lower <= Fraction(row["value"]) <= found.upper
