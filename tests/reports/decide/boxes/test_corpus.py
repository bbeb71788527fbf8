"""A corpus of boxes with known truth: drawn at random, with constants on both sides of what a fine grid shows."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import brute_force
from tests.reports.decide.conftest import QUANTITIES
from tests.tiers import first_every_day

NAMES = ["posterior_power(m=1)", "hessian_min_eigenvalue", "kl_divergence", "pl_ratio"]
SHAPES = {
    "1": lambda w, r: 1.0,
    "W": lambda w, r: w,
    "spectral_gap": lambda w, r: (2 * w - 1) ** 2,
    "1/(1 + radius)": lambda w, r: 1 / (1 + r),
    "exp(-radius*W)": lambda w, r: np.exp(-r * w),
}
TURN = np.exp(2j * np.pi / 3)
TRIANGLE_SHAPES = {
    "1": lambda u, v, r: 1.0,
    "spectral_gap": lambda u, v, r: abs(u + v * TURN + (1 - u - v) * TURN**2) ** 2,
    "exp(-U*radius)": lambda u, v, r: np.exp(-u * r),
    "max(V, radius/2)": lambda u, v, r: max(v, r / 2),
    "(2 + log(min(1, U + radius)))": lambda u, v, r: 2 + np.log(min(1, u + r)),
    "sqrt(abs(U - V) + 1/9)": lambda u, v, r: np.sqrt(abs(u - v) + 1 / 9),
}
BOXES = 12
"""Of one seed; each is asked about twice, on either side of the truth."""
Ends = list[Fraction]


def rounded(low: float, width: float) -> Ends:
    return [Fraction(end).limit_denominator(1000) for end in (low, low + width)]


def quotients(name: str, shape: Callable[..., float], box: Iterable[Ends], steps: int) -> list[float]:
    """A quantity by brute force over a function of weights and radius, on a grid of a box of these."""
    axes = [[low + (high - low) * i / steps for i in range(1 + steps * (low < high))] for low, high in box]
    found = []
    for *weights, radius in product(*axes):
        case = make_case(len(weights) + 1, [*weights, 1 - sum(weights)], radius=radius)
        found.append(QUANTITIES[name](brute_force(case)) / shape(*map(float, weights), float(radius)))
    return found


def on_both_sides(generator: np.random.Generator, asked: Claim, values: list[float]) -> tuple[Claim, Claim]:
    """A claim with a bound of all values, the least or the largest, in its gap, and one with what is none."""
    operator, sharp, factors = (">=", min(values), (0.98, 1.01))
    if generator.random() < 0.5:
        operator, sharp, factors = ("<=", max(values), (1.02, 0.99))
    constants = [Fraction(float(sharp) * factor).limit_denominator(10**7) for factor in factors]
    true, false = (replace(asked, statement=asked.statement.format(f"{operator} {constant}")) for constant in constants)
    return true, false


def for_two(generator: np.random.Generator) -> tuple[Claim, Claim]:
    """A statement that holds on a box, and one that does not, whose constants differ by three in a hundred."""
    weight, radius = generator.uniform(0.52, 0.9), generator.uniform(0.1, 2.5)
    box = {"W": rounded(weight, generator.uniform(0.02, 0.08)), "radius": rounded(radius, generator.uniform(0.1, 0.6))}
    name, shape = str(generator.choice(NAMES)), str(generator.choice(list(SHAPES)))
    for_all = {each: (str(low), str(high)) for each, (low, high) in box.items()}
    asked = Claim("box", f"{name} {{}}*{shape}", k=(2,), weights=("W", "1-W"), for_all=for_all)
    return on_both_sides(generator, asked, quotients(name, SHAPES[shape], box.values(), 12))


def for_three(generator: np.random.Generator) -> tuple[Claim, Claim]:
    """The same for three components: weights in two variables at one radius, or one of them and the radius."""
    starts = {"U": generator.uniform(0.35, 0.6), "V": generator.uniform(0.05, 0.2), "radius": generator.uniform(0.1, 2)}
    fixed = str(generator.choice(list(starts)))
    box = {each: rounded(low, (each != fixed) * generator.uniform(0.03, 0.1)) for each, low in starts.items()}
    name, shape = str(generator.choice(NAMES)), str(generator.choice(list(TRIANGLE_SHAPES)))
    values = quotients(name, TRIANGLE_SHAPES[shape], box.values(), 5)
    texts = {each: str(box[each][0]) if each == fixed else each for each in ("U", "V")}
    for_all = {each: (str(low), str(high)) for each, (low, high) in box.items() if each != fixed}
    radius = {"radius": str(box["radius"][0])} if fixed == "radius" else {}
    for each in ("U", "V"):
        shape = shape.replace(each, texts[each])
    weights = (texts["U"], texts["V"], f"1 - {texts['U']} - {texts['V']}")
    asked = Claim("box", f"{name} {{}}*{shape}", k=(3,), weights=weights, for_all=for_all, **radius)
    return on_both_sides(generator, asked, values)


CASES = [(for_two, 0, 2), (for_three, 100, 1), (for_two, 1, BOXES), (for_two, 2, BOXES), (for_three, 101, 3)]


@pytest.mark.parametrize(("drawn", "seed", "count"), first_every_day(2, CASES))
def test_no_verdict_on_a_box_is_wrong(drawn: Callable[..., tuple[Claim, Claim]], seed: int, count: int) -> None:
    generator = np.random.default_rng(seed)
    for _ in range(count):
        true, false = drawn(generator)
        assert decide_claim(true).outcome == "certified", true
        assert decide_claim(false).outcome == "refuted", false
