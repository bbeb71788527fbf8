"""Every route that can, against values published by others (see README.md for the sources)."""

import csv
import math
from fractions import Fraction
from pathlib import Path

import pytest

from emtheory.numerics.arithmetic.precision import mp_context
from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.simplex_point import laplace

HERE = Path(__file__).parent
ROUTES = pytest.mark.parametrize("route", ["ball", "mp", "float"])


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def last_place(decimal: str) -> float:
    """One unit in the last place printed, but no less than double precision resolves."""
    return max(10.0 ** -len(decimal.partition(".")[2]), 3e-15)


def value(name: str, k: int, route: str, radius: Fraction | None = None, **arguments: int) -> float:
    exact = {key: Fraction(argument) for key, argument in arguments.items()}
    return float(evaluate(name, make_case(k, "uniform", radius=radius), exact, digits=18, route=route).midpoint)


@ROUTES
@pytest.mark.parametrize("row", rows("expected_max_normal.csv"), ids=lambda row: f"k={row['k']}")
def test_expected_maximum(row: dict[str, str], route: str) -> None:
    k, printed = int(row["k"]), row["expected_max"]
    computed = value("lloyd_radius", k, route) / math.sqrt(k / (k - 1))
    assert computed == pytest.approx(float(printed), abs=last_place(printed))
    assert computed != pytest.approx(float(printed) * (1 + 1e-7), abs=last_place(printed))
    if route != "float" and k <= 7:  # To twenty digits.
        radius = Fraction(evaluate("lloyd_radius", make_case(k, "uniform"), digits=30, route=route).midpoint)
        assert abs(radius**2 * (k - 1) / k / Fraction(printed) ** 2 - 1) < Fraction(4, 10**20)


@ROUTES
def test_values_of_others(route: str) -> None:
    """Of the propeller, of optimal quantisers of the plane, and of softplus and sigmoid of a normal number.

    log(1 + e^Z) = Z/2 + log 2 + log cosh(Z/2), and Λ(r) = E log cosh(rX) for two equal weights: here r = 1/2. By Stein
    E[Z σ(Z)] = E σ'(Z) = ¼ E sech²(Z/2) = ¼ (1 − β_1(1/2)).
    """
    assert value("lloyd_radius", 3, route) ** 2 == pytest.approx(27 / (8 * math.pi), rel=1e-14)
    for k, distortion in ((2, 1.36338), (3, 0.92570)):
        assert 2 - value("lloyd_radius", k, route) ** 2 == pytest.approx(distortion, abs=5e-4)
    softplus = math.log(2) + value("log_partition", 2, route, Fraction(1, 2))
    assert softplus == pytest.approx(0.80605918334744, abs=1e-14)
    sigmoid = (1 - value("posterior_power", 2, route, Fraction(1, 2), m=1)) / 4
    assert sigmoid == pytest.approx(0.206620964134777, abs=2e-11)


@pytest.mark.parametrize("row", rows("lognormal_laplace.csv"), ids=lambda row: f"u={row['u']}")
def test_laplace_transform_of_the_log_normal(row: dict[str, str]) -> None:
    """ψ_s(log u) with s² = 3/2, the building block of E log S, between the nodes of the table of the mp route."""
    with mp_context(laplace.working_bits(40.0, 0)) as context:
        table = laplace.tables_of(laplace.multiprecision(context), make_case(3, "uniform", radius=Fraction(1)), 40.0, 0)
        place = context.log(3 * laplace.real(context, Fraction(row["u"])))  # the table is of ψ(u + log 1/3)
        near = sorted(range(len(table.nodes)), key=lambda i: abs(table.nodes[i] - place))[:24]
        weights = {
            i: context.fprod((place - table.nodes[j]) / (table.nodes[i] - table.nodes[j]) for j in near if j != i)
            for i in near
        }
        value = context.fsum(weight * (1 + table.deficits[0][i]) for i, weight in weights.items())
        assert float(value) == pytest.approx(float(row["value"]), abs=last_place(row["value"]))
