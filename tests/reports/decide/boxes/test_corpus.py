"""A corpus of boxes with known truth: drawn at random, with constants on both sides of what a fine grid shows.

The quantities of two components are integrated from their definitions in double precision, by none of the routes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.tiers import first_every_day

X = np.arange(-9, 9, 0.01)
MASS = 0.01 / np.sqrt(2 * np.pi) * np.exp(-(X**2) / 2)
STEPS = 12
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
    for_all = dict(zip(("W", "radius"), ((str(low), str(high)) for low, high in box), strict=True))
    asked = Claim("box", f"{name} {{}}*{shape}", k=(2,), weights=("W", "1-W"), for_all=for_all)
    return on_both_sides(generator, asked, quotients)


def on_both_sides(generator: np.random.Generator, asked: Claim, quotients: list[float]) -> tuple[Claim, Claim]:
    """A claim with a bound of all quotients, the least or the largest, in its gap, and one with what is none."""
    operator, sharp, factors = (">=", min(quotients), (0.98, 1.01))
    if generator.random() < 0.5:
        operator, sharp, factors = ("<=", max(quotients), (1.02, 0.99))
    constants = [Fraction(float(sharp) * factor).limit_denominator(10**7) for factor in factors]
    true, false = (replace(asked, statement=asked.statement.format(f"{operator} {constant}")) for constant in constants)
    return true, false


@pytest.mark.parametrize(("seed", "count"), first_every_day(1, [(0, 2), (1, BOXES), (2, BOXES)]))
def test_no_verdict_on_a_box_is_wrong(seed: int, count: int) -> None:
    generator = np.random.default_rng(seed)
    check(drawn(generator) for _ in range(count))


def check(pairs: Iterable[tuple[Claim, Claim]]) -> None:
    for true, false in pairs:
        assert decide_claim(true).outcome == "certified", true
        assert decide_claim(false).outcome == "refuted", false


AXIS = np.arange(-7.5, 7.51, 0.15)
PLANE = np.stack(np.meshgrid(AXIS, AXIS), axis=-1).reshape(-1, 2)
PLANE_MASS = 0.15**2 / (2 * np.pi) * np.exp(-(PLANE**2).sum(axis=1) / 2)
TURNS = 2 * np.pi * np.arange(3) / 3
VERTICES = np.stack([np.cos(TURNS), np.sin(TURNS)], axis=1)
"""Of a triangle: the rotation by a third of a turn takes each to the next."""

TRIANGLE_SHAPES = {
    "1": lambda u, v, r: 1.0,
    "spectral_gap": lambda u, v, r: abs(u + v * np.exp(1j * TURNS[1]) + (1 - u - v) * np.exp(1j * TURNS[2])) ** 2,
    "exp(-U*radius)": lambda u, v, r: np.exp(-u * r),
    "max(V, radius/2)": lambda u, v, r: max(v, r / 2),
    "(2 + log(min(1, U + radius)))": lambda u, v, r: 2 + np.log(min(1, u + r)),
    "sqrt(abs(U - V) + 1/9)": lambda u, v, r: np.sqrt(abs(u - v) + 1 / 9),
}


def on_a_triangle(u: float, v: float, radius: float) -> Mapping[str, float]:
    """The four for three components with weights U, V and 1 − U − V, from the definitions."""
    weights = np.array([u, v, 1 - u - v])
    exponents = radius * PLANE @ VERTICES.T
    terms = weights * np.exp(exponents)
    total = terms.sum(axis=1)
    posterior = terms / total[:, None]
    transform = posterior @ np.exp(1j * TURNS)
    divergence = radius**2 / 2 - PLANE_MASS @ np.log(total)
    images = np.stack([PLANE @ rotation(-turn).T for turn in TURNS], axis=1)
    mean = np.einsum("nj,nji->ni", posterior, images)
    gradient = radius * VERTICES[0] - PLANE_MASS @ mean
    second = np.einsum("n,nj,nji,njl->il", PLANE_MASS, posterior, images, images)
    covariance = second - np.einsum("n,ni,nl->il", PLANE_MASS, mean, mean)
    return {
        "posterior_power(m=1)": PLANE_MASS @ abs(transform) ** 2,
        "hessian_min_eigenvalue": 1 - np.linalg.eigvalsh(covariance)[-1],
        "kl_divergence": divergence,
        "pl_ratio": gradient @ gradient / 2 / divergence,
    }


def rotation(turn: float) -> np.ndarray:  # type: ignore[type-arg]
    return np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])


def drawn_for_three(generator: np.random.Generator, steps: int) -> tuple[Claim, Claim]:
    """The same for three components: weights in two variables at one radius, or one of them and the radius."""
    starts = {"U": generator.uniform(0.35, 0.6), "V": generator.uniform(0.05, 0.2), "radius": generator.uniform(0.1, 2)}
    fixed = str(generator.choice(list(starts)))
    box = {
        name: [
            Fraction(end).limit_denominator(1000) for end in (low, low + (name != fixed) * generator.uniform(0.03, 0.1))
        ]
        for name, low in starts.items()
    }
    name = str(generator.choice(["posterior_power(m=1)", "hessian_min_eigenvalue", "kl_divergence", "pl_ratio"]))
    shape = str(generator.choice(list(TRIANGLE_SHAPES)))
    grids = [np.linspace(float(low), float(high), 1 + steps * (low < high)) for low, high in box.values()]
    values = [
        on_a_triangle(u, v, r)[name] / TRIANGLE_SHAPES[shape](u, v, r)
        for u in grids[0]
        for v in grids[1]
        for r in grids[2]
    ]
    texts = {each: str(box[each][0]) if each == fixed else each for each in ("U", "V")}
    weights = (texts["U"], texts["V"], f"1 - {texts['U']} - {texts['V']}")
    for_all = {each: (str(low), str(high)) for each, (low, high) in box.items() if each != fixed}
    radius = {"radius": str(box["radius"][0])} if fixed == "radius" else {}
    for each in ("U", "V"):
        shape = shape.replace(each, texts[each])
    asked = Claim("box", f"{name} {{}}*{shape}", k=(3,), weights=weights, for_all=for_all, **radius)
    return on_both_sides(generator, asked, values)


@pytest.mark.parametrize(("seed", "count"), first_every_day(1, [(0, 1), (1, 3)]))
def test_no_verdict_on_a_box_of_three_components_is_wrong(seed: int, count: int) -> None:
    generator = np.random.default_rng(100 + seed)
    check(drawn_for_three(generator, 5) for _ in range(count))
