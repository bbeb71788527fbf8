"""Covers of whole domains: what parts in double precision and the choice of a rule save.

A box is decided by forms on a thousand parts of a cell at once and, on the other side, by those in ball arithmetic
on one cell after the other; claims over radii with the faster of two rules and with the Laplace form alone.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from unittest.mock import patch

import numpy as np

from benchmarks.comparison import Comparison, Scale, Side, Target
from emtheory.numerics.any_point import ball_product_rule
from emtheory.reports.decide.boxes.part_forms import PartForms
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim

STATEMENTS = (
    "posterior_power(m=1) > 1/1000",
    "hessian_min_eigenvalue > -1",
    "kl_divergence > 1/10**6",
    "pl_ratio > 1/10**6",
)
"""None follows from what is known of the quantity everywhere, such as β_1 ≥ 0."""
BOXES = {
    "β_1, k = 2": Claim(
        "box",
        "posterior_power(m=1) >= (2*W - 1)**2/2",
        k=(2,),
        weights="one-heavy:W",
        for_all={"W": ("11/20", "99/100"), "radius": ("0", "2")},
    ),
    "λ_min(∇²ℓ), k = 3": Claim(
        "box",
        "hessian_min_eigenvalue >= 4/5*spectral_gap",
        k=(3,),
        weights="one-heavy:W",
        for_all={"W": ("3/5", "4/5"), "radius": ("3/2", "5/2")},
    ),
}

CLAIM = "λ_min and the PL ratio take 50 ms a claim, β_1 and KL 30 ms, nearly all of it moments at some tens of radii."
"""By the times of the claims of each quantity."""


def intervals(count: int) -> list[Claim]:
    """Claims of three components over intervals of radii, always the same."""
    generator = np.random.default_rng(19)
    claims = []
    for i in range(count):
        parts = [int(part) for part in generator.integers(1, 10, 3)]
        weights = tuple(str(Fraction(part, sum(parts))) for part in parts)
        low = Fraction(int(generator.integers(1, 11)), 10)
        radii = (str(low), str(low + Fraction(int(generator.integers(5, 20)), 10)))
        statement = STATEMENTS[i % len(STATEMENTS)]
        claims.append(Claim(f"interval-{i}", statement, k=(3,), weights=weights, for_all={"radius": radii}))
    return claims


def decided(claims: list[Claim]) -> None:
    assert all(decide_claim(claim, quotes_theorems=False).outcome == "certified" for claim in claims)


def by_mean_value_forms(claims: list[Claim]) -> None:
    with patch.object(PartForms, "applies", False):
        decided(claims)


def by_the_laplace_form(claims: list[Claim]) -> None:
    with patch.object(ball_product_rule, "_is_product_faster", lambda *_: False):
        decided(claims)


def measured(scale: Scale) -> Iterator[Comparison]:
    for name, claim in list(BOXES.items())[: 1 if scale == "tiny" else None]:
        sides = (
            Side("on parts", partial(decided, [claim])),
            Side("mean value forms", partial(by_mean_value_forms, [claim])),
        )
        yield Comparison(f"a box, {name}", sides)
    count = {"tiny": 4, "quick": 40, "full": 200}[scale]
    claims = intervals(count)
    target = Target("200 claims over radii, k = 3, in 8 s", 8, otherwise=CLAIM)
    targets = (target,) if scale == "full" else ()
    sides = (
        Side("the faster of two rules", partial(decided, claims)),
        Side("the Laplace form", partial(by_the_laplace_form, claims)),
    )
    yield Comparison(f"{count} claims over radii, k = 3", sides, targets)
