"""E max(Z_1..Z_k), against published values and closed forms."""

import csv
from pathlib import Path

import flint
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.simplex_point import far_out
from emtheory.numerics.simplex_point.far_out import expected_maximum

REFERENCE = Path(__file__).parents[2] / "reference" / "expected_max_normal.csv"


@pytest.mark.parametrize(
    "row", list(csv.DictReader(REFERENCE.read_text().splitlines())), ids=lambda row: f"k={row['k']}"
)
def test_published_values(row: dict[str, str]) -> None:
    with arb_precision(120):
        value = expected_maximum(int(row["k"]), 60)
        unit = flint.arb(10) ** -len(row["expected_max"].split(".")[1])
        assert abs(value - flint.arb(row["expected_max"])) < (2 if len(row["expected_max"]) > 15 else 1) * unit
        assert value.rad() < 1e-25


@pytest.mark.parametrize("accuracy", [10.0, 60.0, 230.0])
def test_closed_form_for_three(accuracy: float) -> None:
    with arb_precision(working_bits(accuracy)):
        value = expected_maximum(3, accuracy)
        assert value.overlaps(3 / (2 * flint.arb.pi().sqrt()))
        assert value.rad() < 2 * flint.arb(-accuracy).exp()


def test_many_components_are_bounded_by_the_union_bound() -> None:
    with arb_precision(120):
        value = expected_maximum(65536, 60)
        assert value < (2 * flint.arb(65536).log()).sqrt()
        assert value > expected_maximum(65535, 60)


def test_the_tail_bound_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    with arb_precision(160):
        truth = 1 / flint.arb.pi().sqrt()
        monkeypatch.setattr(far_out.math, "sqrt", lambda _: 2.0)  # integrates over [−2, 2] only
        assert expected_maximum(2, 60).contains(truth)
        monkeypatch.setattr(far_out, "tail", lambda *_: flint.arb(0))
        assert not expected_maximum(2, 60).overlaps(truth)
