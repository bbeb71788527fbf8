"""Best constants against brute force that uses none of the routes, and what has no best constant.

The figure of a best constant and its data, against values in closed form.
"""

import csv
import math
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.certificates.file import read_certificate
from emtheory.reports.certificates.replay import replay
from emtheory.reports.charts.landscape import landscape_chart
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.sharpening.sharpen import Sharpened, sharpen
from emtheory.theory.claim import LARGEST, SMALLEST, Claim, FreeConstant
from tests.reports.conftest import Run

RANGES = {"W": ("19/20", "99/100"), "radius": ("1", "2")}
ALL = {"W": ("11/20", "99/100"), "radius": ("0", "8")}


def claim(statement: str, side: str = LARGEST, between: tuple[str, str] = ("0", "1"), **others: object) -> Claim:
    given = {"k": (2,), "weights": "one-heavy:W", "for_all": RANGES} | others
    return Claim(id="sharp", statement=statement, sharpen=FreeConstant("c", side, between), **given)  # type: ignore[arg-type]


def quotient(weight: float, radius: float) -> float:
    """E tanh²(rX + a)/tanh² a by the trapezoidal rule."""
    x = np.arange(-10, 10, 0.02)
    mass = 0.02 / np.sqrt(2 * np.pi) * np.exp(-(x**2) / 2)
    return float(mass @ np.tanh(radius * x + np.arctanh(2 * weight - 1)) ** 2) / (2 * weight - 1) ** 2


def least_quotient(ranges: dict[str, tuple[str, str]] = RANGES) -> float:
    """On ever narrower grids around the worst place of the last."""
    ends = [(float(Fraction(low)), float(Fraction(high))) for low, high in ranges.values()]
    within, least = ends, math.inf
    for _ in range(12):
        places = list(product(*(np.linspace(low, high, 9) for low, high in within)))
        values = [quotient(*at) for at in places]
        least, worst = min(values), places[values.index(min(values))]
        steps = [(high - low) / 8 for low, high in within]
        sides = zip(ends, worst, steps, strict=True)
        within = [(max(low, at - step), min(high, at + step)) for (low, high), at, step in sides]
    return least


@pytest.mark.long
def test_bounds_enclose_brute_force() -> None:
    result = sharpen(claim("posterior_power(m=1) >= c * (2*W - 1)**2", for_all=ALL), 3)
    assert result.lower < least_quotient(ALL) < result.upper
    assert result.upper - result.lower <= Fraction(1, 1000)
    assert result.as_json()["level"] == "certified"
    assert result.holding is not None
    # Both sides are claims of their own.
    witness = result.failing[1].counterexample
    weight, radius = dict(witness.case.parameters)["W"], witness.case.radius
    assert Fraction(19, 20) <= weight <= Fraction(99, 100)
    assert quotient(float(weight), float(radius)) < result.upper
    assert decide_claim(result.failing[0]).outcome == "refuted"


def test_a_constant_that_always_does_or_never_does_is_told_so() -> None:
    for between, lower in (("1/4", "1/2"), Fraction(1, 2)), (("19/20", "1"), None):
        result = sharpen(claim("(2*W - 1)**2 + 1/20 >= c*W", between=between, for_all={"W": ("4/5", "9/10")}), 3)
        assert result.lower == lower
        assert (result.failing is None) == (lower is not None)
        assert ("fails with 19/20" in result.reason) == (lower is None)


def test_what_has_no_largest_constant_is_refused() -> None:
    for statement in (
        "posterior_power(m=1) >= (c - 1/2)**2",  # not monotone between 0 and 1
        "posterior_power(m=1) >= abs(c)*W",  # no slope everywhere
        "posterior_power(m=1) == c",  # nothing to be largest
        "posterior_power(m=1) >= c*(W - 24/25)",  # not monotone
        "posterior_power(m=1) <= c",  # holds beyond, not before
        "posterior_power(m=1) >= 1/2",  # no constant
    ):
        with pytest.raises(InputError):
            sharpen(claim(statement), 3)
    with pytest.raises(InputError, match="free constant, c: emtheory sharpen finds its best value"):
        decide_claim(claim("posterior_power(m=1) >= c*W"))


@pytest.mark.long
@pytest.mark.parametrize(
    ("statement", "side", "between", "quotient_of"),
    [
        ("1 - posterior_power(m=1) <= 1 - c*(2*W - 1)**2", LARGEST, ("1/2", "1"), lambda c: c),
        # The same least quotient q in other clothes: e^{−c} = q.
        ("posterior_power(m=1) >= exp(-c) * (2*W - 1)**2", SMALLEST, ("0", "1"), lambda c: math.exp(-c)),
    ],
)
def test_a_constant_may_stand_in_an_upper_bound_and_nonlinearly(
    statement: str, side: str, between: tuple[str, str], quotient_of: Callable[[float], float]
) -> None:
    result = sharpen(claim(statement, side, between), 3)
    ends = sorted(quotient_of(float(end)) for end in (result.lower, result.upper))
    assert ends[0] < least_quotient() < ends[1] < ends[0] + 1e-2


def test_a_constant_may_stand_nonlinearly_in_algebra_and_be_the_smallest() -> None:
    """(2W − 1)/W is least at W = 19/20, where it is 18/19; 2W − 1 is at most 3/5 up to 4/5."""
    result = sharpen(claim("dft_modulus(m=1) >= c**2*W", for_all={"W": ("19/20", "99/100")}), 4)
    assert result.lower < math.sqrt(18 / 19) < result.upper
    assert result.as_json()["level"] == "proved"
    result = sharpen(claim("dft_modulus(m=1) <= c", SMALLEST, for_all={"W": ("3/5", "4/5")}), 4)
    assert result.lower <= Fraction(3, 5) <= result.upper <= result.lower + Fraction(1, 10**4)


@pytest.mark.parametrize(
    ("statement", "side", "between"), [("W**2 > c", LARGEST, ("0", "361/400")), ("W < c", SMALLEST, ("99/100", "2"))]
)
def test_a_strict_statement_fails_with_the_end_it_tends_to(statement: str, side: str, between: tuple[str, str]) -> None:
    result = sharpen(claim(statement, side, between, for_all={"W": RANGES["W"]}), 4)
    end = Fraction(between[1] if side == LARGEST else between[0])
    assert (result.upper if side == LARGEST else result.lower) == end
    assert 0 < result.upper - result.lower <= Fraction(1, 10**4)


TOML = """schema = 1
[[claim]]
id = "rate"
statement = "posterior_power(m=1) >= c * (2*W - 1)**2"
k = 2
weights = "one-heavy:W"
for_all = { W = ["19/20", "99/100"], radius = [1, 2] }
sharpen = { constant = "c", side = "largest", between = ["0", "1"] }
[[claim]]
id = "other"
statement = "spectral_gap > 0"
k = 2
weights = "1/3,2/3"
"""


@pytest.mark.usefixtures("no_workers")
def test_the_command_writes_json_and_certificates_that_are_replayed(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    path.write_text(TOML, encoding="utf-8")
    (found,) = run("sharpen", path, "--digits", "2", "--out", tmp_path / "out", "--json").document()["claims"]
    assert Fraction(found["lower"]) < least_quotient() < Fraction(found["upper"])
    assert found["witness"]["rigorous"]
    outcomes = {replay(*read_certificate(file)).outcome for file in (tmp_path / "out").glob("*.json")}
    assert outcomes == {"certified", "refuted"}
    assert Path(found["certificate"]).is_file()


def test_a_malformed_constant_is_bad_input(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    for old, new in (
        ('constant = "c"', 'constant = "W"'),
        ('constant = "c"', 'constant = "e"'),
        ('side = "largest"', 'side = "greatest"'),
        ("sharpen =", 'expect = "refuted"\nsharpen ='),
        ('["0", "1"] }', '["1", "0"] }'),
    ):
        path.write_text(TOML.replace(old, new), encoding="utf-8")
        assert run("sharpen", path).code == 2


def test_what_is_wrong_with_one_claim_ends_no_search_for_others(run: Run, tmp_path: Path) -> None:
    table = '[[claim]]\nid = "{}"\nstatement = "{}"\nk = 2\nweights = "uniform"\n{}'
    constant = 'sharpen = { constant = "c", side = "largest", between = ["0", "1"] }\n'
    wrong = table.format("wrong", "kl_divergence/(radius-1)**2 >= c", "for_all = { radius = [0, 2] }\n" + constant)
    path = tmp_path / "claims.toml"
    path.write_text("schema = 1\n" + wrong + table.format("right", "1 - c >= 1/3", constant), encoding="utf-8")
    shown = run("sharpen", path, "--jobs", "1")
    assert shown.code == 2
    assert "claim 'wrong': column 1: division by zero at radius = 1, which is in the domain" in shown.err
    assert shown.out.splitlines()[0].startswith("wrong: no bounds for c: column 1: division by zero")
    assert shown.out.splitlines()[1].startswith("right: 0.66666")


FREE = FreeConstant("c", LARGEST, ("0", "1"))
PLANE = Claim(
    "plane",
    "dft_modulus(m=1)**2 >= c*U",
    weights=("U", "V", "1-U-V"),
    sharpen=FREE,
    for_all={"U": ("1/2", "3/5"), "V": ("1/10", "1/5")},
)
LINE = Claim(
    "line", "dft_modulus(m=1) >= c*W", k=(2,), weights="one-heavy:W", sharpen=FREE, for_all={"W": ("3/5", "4/5")}
)


def test_two_variables_are_a_map_and_one_is_a_curve(tmp_path: Path) -> None:
    line = sharpen(LINE, 4)
    told = landscape_chart([Sharpened(PLANE), line], steps=3).write(tmp_path / "c.svg")
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
        landscape_chart([Sharpened(fixed)]).write(tmp_path / "c.svg")
    assert not list(tmp_path.iterdir())
