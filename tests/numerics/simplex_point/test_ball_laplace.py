"""D_n(u) in balls: published values, an independent quadrature, every part of the error bound shown to be needed."""

import csv
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import flint
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point import ball_laplace
from emtheory.numerics.simplex_point.ball_laplace import OuterRule, laplace_moments, plan_outer, raised
from tests.tiers import examples

REFERENCE = Path(__file__).parents[2] / "reference" / "lognormal_laplace.csv"


def single_node(u: float, accuracy: float) -> OuterRule:
    """A lattice of one node at u > 0."""
    return OuterRule(u, 1, 1, 1.0, 0.0, accuracy)


def reference(u: float, s: float, n: int) -> mpmath.mpf:
    """∫ φ(z) e^{n(u+sz)} exp(−e^{u+sz}) dz by Gauss-Legendre rules on short intervals, about 30 digits."""
    context = mpmath.MPContext()
    context.dps = 40

    def integrand(z: Any) -> Any:
        y = u + s * z
        return context.npdf(z) * context.exp(n * y - context.exp(y))

    return context.quad(integrand, context.linspace(-14, 14, 57))


def contains(ball: flint.arb, value: mpmath.mpf, slack: float = 1e-28) -> bool:
    return ball.contains(flint.arb(mpmath.nstr(value, 35), slack))


@pytest.mark.parametrize(
    "row", list(csv.DictReader(REFERENCE.read_text().splitlines())), ids=lambda row: f"u={row['u']}"
)
def test_published_laplace_transform_of_the_log_normal(row: dict[str, str]) -> None:
    with arb_precision(100):
        deviation = flint.arb(row["variance_of_log"]).sqrt()
        rule = single_node(1.0, 40.0)
        value = laplace_moments(flint.arb(row["u"]) * (-flint.arb(1)).exp(), deviation, rule, 0)[0, 0]
        assert abs(value - flint.arb(row["value"])) < 1e-8  # the source gives eight decimals, the last within 1


@examples(12)
@given(
    u=st.integers(-20, 12).map(lambda i: i / 4 + 1 / 64),
    s=st.sampled_from([1 / 128, 1 / 16, 0.5, 1.25, 3.0]),
    n=st.integers(0, 4),
    accuracy=st.sampled_from([8.0, 20.0, 50.0]),
)
def test_balls_contain_an_independent_quadrature(u: float, s: float, n: int, accuracy: float) -> None:
    with arb_precision(200):
        rule = replace(single_node(1.0, accuracy), step=abs(u), first=-1 if u < 0 else 1)
        value = laplace_moments(flint.arb(1), flint.arb(s), rule, n)[n, 0]
        assert contains(value, reference(u, s, n))
        assert value.rad() < 1e4 * math.exp(-accuracy)


def test_direct_and_convolved_sums_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    with arb_precision(160):
        rule = plan_outer(3, 0.5, 60.0, 2, 2, 4.0)
        convolved = laplace_moments(flint.arb(0.5), flint.arb(0.5), rule, 4)
        monkeypatch.setattr(ball_laplace, "_convolved_sums", ball_laplace._direct_sums)
        direct = laplace_moments(flint.arb(0.5), flint.arb(0.5), rule, 4)
    assert all(a.overlaps(b) for a, b in zip(convolved.flat, direct.flat, strict=True))
    assert max(float(abs(a - b).upper()) for a, b in zip(convolved.flat, direct.flat, strict=True)) < 1e-27


def test_a_wide_deviation_covers_all_its_members() -> None:
    with arb_precision(120):
        rule = plan_outer(3, 1.0, 40.0, 2, 2, 4.0)
        wide = laplace_moments(flint.arb(0.5), flint.arb(1, 0.01), rule, 4)
        for deviation in (0.99, 1.0, 1.01):
            member = laplace_moments(flint.arb(0.5), flint.arb(deviation), rule, 4)
            assert all(a.contains(b.mid()) for a, b in zip(wide.flat, member.flat, strict=True))


@pytest.mark.parametrize(
    ("coarse", "drop"),
    [
        pytest.param(lambda r: replace(r, step=4 * r.step, reach=r.reach // 4), "discretisation_error", id="step"),
        pytest.param(lambda r: replace(r, reach=r.reach // 2), "_supremum", id="reach"),
        pytest.param(lambda r: replace(r, accuracy=2.0), "_power_exp", id="end"),
    ],
)
def test_every_part_of_the_inner_error_is_needed(
    monkeypatch: pytest.MonkeyPatch, coarse: Callable[[Any], Any], drop: str
) -> None:
    """With a lattice too coarse in one respect the ball contains the truth, and without that bound it does not."""
    truth = [reference(u, 1.25, 0) for u in (-2.0, 0.0, 2.0)]

    def missed() -> bool:
        with arb_precision(working_bits(60)):
            rule = replace(single_node(2.0, 60.0), first=-1, count=3)
            values = laplace_moments(flint.arb(1), flint.arb(1.25), rule, 0)[0]
            return not all(contains(value, exact) for value, exact in zip(values, truth, strict=True))

    plan = ball_laplace._plan_inner
    monkeypatch.setattr(ball_laplace, "_plan_inner", lambda *arguments: coarse(plan(*arguments)))
    monkeypatch.setattr(
        ball_laplace, "_convolved_sums", ball_laplace._direct_sums
    )  # any inner step may follow each outer node
    assert not missed()
    monkeypatch.setattr(ball_laplace, drop, lambda *arguments: flint.arb(0))
    assert missed()


def test_powers_of_a_ball_that_contains_zero() -> None:
    zero, half = raised(np.array([flint.arb(0, 0.5), flint.arb(0.5)], dtype=object), 40)
    assert zero.contains(0)
    assert zero.contains(flint.arb(2) ** -40)
    assert zero.rad() < 1e-11
    assert half.contains(flint.arb(2) ** -40)


def test_a_table_beyond_memory_is_refused() -> None:
    with arb_precision(200), pytest.raises(CannotAnswerError, match="a table of"):
        laplace_moments(flint.arb(1), flint.arb(10) ** 9, plan_outer(2, 1e9, 60.0, 2, 2, 4.0), 2)
