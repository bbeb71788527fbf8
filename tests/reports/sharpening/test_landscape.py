"""The figure of a best constant and its data, against values in closed form."""

import csv
import math
from fractions import Fraction
from pathlib import Path

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.charts.landscape import write_landscapes
from emtheory.reports.sharpening.sharpen import Sharpened, sharpen
from emtheory.theory.claim import LARGEST, Claim, FreeConstant

FREE = FreeConstant("c", LARGEST, ("0", "1"))
PLANE = Claim(
    "plane",
    "dft_modulus(m=1)**2 >= c*U",
    weights=("U", "V", "1-U-V"),
    for_all={"U": ("1/2", "3/5"), "V": ("1/10", "1/5")},
    sharpen=FREE,
)
LINE = Claim(
    "line", "dft_modulus(m=1) >= c*W", k=(2,), weights="one-heavy:W", for_all={"W": ("3/5", "4/5")}, sharpen=FREE
)


def test_two_variables_are_a_map_and_one_is_a_curve(tmp_path: Path) -> None:
    line = sharpen(LINE, 4)
    told = write_landscapes([Sharpened(PLANE), line], tmp_path / "c.svg", steps=3)
    assert told == [f"wrote {tmp_path / 'c.svg'} and its data, {tmp_path / 'c.csv'}"]
    rows = list(csv.DictReader((tmp_path / "c.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 16 + 4
    for row in rows:
        if row["claim"] == "line":
            weight = float(Fraction(row["W"]))
            expected = (2 * weight - 1) / weight
        else:
            u, v = (float(Fraction(row[name])) for name in "UV")
            rest = 1 - u - v
            expected = (u * u + v * v + rest * rest - u * v - v * rest - u * rest) / u
        assert math.isclose(float(row["c"]), expected, rel_tol=1e-12)
    text = (tmp_path / "c.svg").read_text(encoding="utf-8")
    assert "largest c that holds there" in text
    assert "it fails just beyond" in text
    assert f"line: {line.bounds_text()}" in text.replace("≤", "<=")


def test_what_cannot_be_drawn_says_so(tmp_path: Path) -> None:
    fixed = Claim("fixed", "spectral_gap >= c", weights=("1/2", "3/10", "1/5"), sharpen=FREE)
    with pytest.raises(InputError, match="fixed: not drawn: a landscape has one k and one or two variables"):
        write_landscapes([Sharpened(fixed)], tmp_path / "c.svg")
    assert not list(tmp_path.iterdir())
