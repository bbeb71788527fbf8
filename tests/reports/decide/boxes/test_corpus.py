"""A corpus of boxes with known truth: drawn at random, with constants on both sides of what a fine grid shows.

The quantities of two components are integrated from their definitions in double precision, by none of the routes.
"""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest

from emtheory.reports.decide.verify import verify
from emtheory.theory.claim import Claim
from tests.tiers import first_every_day

X = np.arange(-9, 9, 0.01)
MASS = 0.01 / np.sqrt(2 * np.pi) * np.exp(-(X**2) / 2)
STEPS = 24
BOXES = 12
"""Of one seed; each is asked about twice, on either side of the truth."""

SHAPES = {
    "1": lambda w, r: 1.0,
    "W": lambda w, r: w,
    "spectral_gap": lambda w, r: (2 * w - 1) ** 2,
    "1/(1 + radius)": lambda w, r: 1 / (1 + r),
    "exp(-radius*W)": lambda w, r: np.exp(-r * w),
}


def quantities(weight: float, radius: float) -> Mapping[str, float]:
    """The four, at a mixture of N(±r, 1) with weights W and 1 − W."""
    tangent = np.tanh(radius * X + np.arctanh(2 * weight - 1))
    power = MASS @ tangent**2
    logarithm = np.logaddexp(np.log(weight) + radius * X, np.log(1 - weight) - radius * X)
    divergence = radius**2 / 2 - MASS @ logarithm
    return {
        "posterior_power(m=1)": power,
        "hessian_min_eigenvalue": 1 - MASS @ (X**2 * (1 - tangent**2)),
        "kl_divergence": divergence,
        "pl_ratio": (power * radius) ** 2 / 2 / divergence,
    }


def drawn(generator: np.random.Generator) -> tuple[Claim, Claim]:
    """A statement that holds on a box, and one that does not, whose constants differ by three in a hundred."""
    weight, radius = generator.uniform(0.52, 0.9), generator.uniform(0.1, 2.5)
    ends = [(weight, weight + generator.uniform(0.02, 0.08)), (radius, radius + generator.uniform(0.1, 0.6))]
    box = [[Fraction(end).limit_denominator(1000) for end in pair] for pair in ends]
    name = str(generator.choice(["posterior_power(m=1)", "hessian_min_eigenvalue", "kl_divergence", "pl_ratio"]))
    shape = str(generator.choice(list(SHAPES)))
    grids = [np.linspace(float(low), float(high), STEPS + 1) for low, high in box]
    quotients = [quantities(w, r)[name] / SHAPES[shape](w, r) for w in grids[0] for r in grids[1]]
    operator, sharp, factors = (">=", min(quotients), (0.98, 1.01))
    if generator.random() < 0.5:
        operator, sharp, factors = ("<=", max(quotients), (1.02, 0.99))
    constants = [Fraction(float(sharp) * factor).limit_denominator(10**7) for factor in factors]
    for_all = dict(zip(("W", "radius"), ((str(low), str(high)) for low, high in box), strict=True))
    true, false = (
        Claim("box", f"{name} {operator} {constant}*{shape}", k=(2,), weights=("W", "1-W"), for_all=for_all)
        for constant in constants
    )
    return true, false


@pytest.mark.parametrize(("seed", "count"), first_every_day(1, [(0, 2), *((seed, BOXES) for seed in range(1, 16))]))
def test_no_verdict_on_a_box_is_wrong(seed: int, count: int) -> None:
    generator = np.random.default_rng(seed)
    for _ in range(count):
        true, false = drawn(generator)
        assert verify(true).outcome == "certified", true
        assert verify(false).outcome == "refuted", false
