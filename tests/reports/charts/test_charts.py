"""Figures of ``--plot``: what is drawn are the values that the commands print, and what cannot be drawn says so."""

import csv
import json
import math
from fractions import Fraction
from pathlib import Path

import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.evaluate import evaluate
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
    assert result.code == 0
    assert json.loads(result.out)["value"].startswith("0.1")
    assert result.err.endswith(f"wrote {path} and its data, {tmp_path / 'kl.csv'}\n")
    assert "asked for: 0.1" in path.read_text(encoding="utf-8")
    data = rows(tmp_path / "kl.csv")
    radii = [Fraction(row["radius"]) for row in data]
    assert radii == sorted(radii)
    assert (radii[0], radii[-1]) == (0, 2)
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


def test_a_quantity_without_finite_values_is_not_drawn(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    infinite = Enclosure(math.inf, math.inf, Level.CERTIFIED, "ball")
    for module in ("emtheory.numerics.evaluate", "emtheory.reports.charts.quantity"):
        monkeypatch.setattr(f"{module}.evaluate", lambda *_: infinite)
    arguments = ("strong_convexity_radius", "--k", "2", "--weights", "uniform", "--plot", tmp_path / "a.svg")
    run("evaluate", *arguments).assert_one_line_error(2, "there is nothing to draw: 7 of 7 points")


@pytest.mark.parametrize("ending", first_every_day(1, ["pdf", "svg", "png"]))
def test_a_trajectory_is_drawn_and_its_data_are_its_iterates(run: Run, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"t.{ending}"
    arguments = ("trajectory", "--k", "3", "--weights", "linear", "--radius", "1", "--steps", "2", "--digits", "4")
    first = json.loads(run(*arguments, "--plot", path, "--json").out)
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
    result = run("check", claims, "--plot", tmp_path / "c.svg")
    assert result.code == 1
    text = (tmp_path / "c.svg").read_text(encoding="utf-8")
    assert "a $x_1$ b: refuted" in text  # the text of a claim is not read as mathematics
    assert "witness" in text
    sides = {row["side"] for row in rows(tmp_path / "c.csv")}
    assert sides == {"1/20", "posterior_power(m=1)", "1/2"}
    for row in rows(tmp_path / "c.csv")[30:34]:
        case = make_case(3, "one-heavy:1/2", radius=row["at"])
        truth = evaluate("posterior_power", case, {"m": Fraction(1)}, 12, "mp").midpoint
        assert float(row["value"]) == pytest.approx(float(truth), rel=1e-5)
