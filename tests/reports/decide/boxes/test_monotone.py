"""Quantities that are monotone in a variable are decided on boxes by their values at corners."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.decide.claim import decide_claim
from tests.reports.decide.conftest import claim

THREE = ("1/2", "3/10", "1/5")
HEAVY = ("4/5", "1/10", "1/10")


def decided(statement: str, for_all: dict[str, tuple[str, str]], weights: tuple[str, ...] = THREE) -> str:
    return decide_claim(claim(statement, weights, **for_all)).outcome


def steps_by_quadrature(radius: float, eps: float) -> int:
    """EM's steps until KL is at most eps, by its definition in the plane on a lattice."""
    line = np.arange(-8, 8.01, 0.1)
    x = np.array(np.meshgrid(line, line)).reshape(2, -1)
    rule = np.exp(-(x**2).sum(axis=0) / 2)
    rule /= rule.sum()
    turns = [np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) for a in 2 * np.pi * np.arange(3) / 3]
    weights = np.array([0.5, 0.3, 0.2])[:, None]
    theta, steps = np.array([radius, 0.0]), 0
    while True:
        terms = weights * np.exp(np.stack([(turn @ theta) @ x for turn in turns]))
        total = terms.sum(axis=0)
        if theta @ theta / 2 - rule @ np.log(total) <= eps:
            return steps
        images = np.stack([turn.T @ x for turn in turns])
        theta = (rule * terms / total * images.transpose(1, 0, 2)).sum(axis=(1, 2))
        steps += 1


def test_steps_over_an_interval_are_those_from_its_far_end() -> None:
    most = steps_by_quadrature(0.5, 0.01)
    assert most > 0
    ends = {"radius": ("0", "1/2")}
    assert decided(f"iterations_to_kl(eps=1/100) <= {most}", ends) == "certified"
    assert decided(f"iterations_to_kl(eps=1/100) < {most}", ends) == "refuted"


@pytest.mark.long
def test_steps_over_an_interval_of_radii_and_targets() -> None:
    box = {"radius": ("1/10", "1"), "E": ("1/1000", "1/100")}
    assert decided("iterations_to_kl(eps=E) <= 8*log(1/E)", box) == "certified"
    assert decided("iterations_to_kl(eps=E) <= 1.8*log(1/E)", box) == "refuted"


def test_bounds_of_samples_over_sizes_probabilities_and_targets() -> None:
    """Between integers there is nothing to decide."""
    error, kl = "sample_error_bound(n=N, delta=1/20, radius=1/20)", "sample_kl_bound(n=20000, delta=D, radius=1/20)"
    for statement, ends, outcome in (
        (f"{error} <= 41/10/sqrt(N)", {"N": ("20000", "40001")}, "certified"),
        (f"{error} <= 4/sqrt(N)", {"N": ("20000", "40001")}, "refuted"),
        (f"{kl} <= 1/4600", {"D": ("1/20", "1/5")}, "certified"),
        (f"{kl} <= 1/4700", {"D": ("1/20", "1/5")}, "refuted"),
        ("samples_needed(eps=E, delta=1/20, radius=1/20) <= 20/E", {"E": ("1/1500", "1/1000")}, "certified"),
        (f"{error}*(N - 20001) >= 0", {"N": ("20000", "20003")}, "refuted"),
        (f"{error}*(N - 20001) >= -1", {"N": ("20000", "20003")}, "certified"),
    ):
        assert decided(statement, ends, HEAVY) == outcome, statement
    with pytest.raises(InputError, match="or arguments of quantities, not over 'D'"):
        decided("spectral_gap > 0", {"D": ("0", "1")})


@settings(max_examples=5)
@given(st.integers(20_000, 10**7), st.integers(1, 10**7), st.fractions("1/100", "1/2"), st.fractions("0", "1/3"))
def test_bounds_fall_as_points_or_failures_are_more(n: int, more: int, delta: Fraction, later: Fraction) -> None:
    case = make_case(3, HEAVY)
    for name in ("sample_error_bound", "sample_kl_bound"):
        few, many, often = (
            evaluate(name, case, {"n": Fraction(size), "delta": share, "radius": Fraction(1, 20)}, 10)
            for size, share in ((n, delta), (n + more, delta), (n, delta + later))
        )
        assert max(many.lower, often.lower) <= few.upper
