"""Weinberger and Bresler: starting at 0."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="wb-start-at-zero",
    title="With a known unequal weight EM may start at 0",
    source="Weinberger and Bresler (2022), abstract: global convergence of population EM from 0",
    quote="If the weight is known and unequal, population EM converges to the truth from a start on the side of the "
    "heavier component, such as 0.",
    reading="$W = W₀ = w$: the first step from 0 is $(2w − 1)²μ$, and from 0 on $μ$ is the only fixed point, for every "
    "$w$ from 3/5 to 7/10 and $μ$ from 1 to 3/2; as $M$ increases and is bounded, the iterates rise to it. For all $w "
    "≠ 1/2$ and $μ > 0$ it follows from the balanced case, as on $0 ≤ θ < μ$ the map increases in $(2w − 1)²$ and "
    "beyond $μ$ it decreases (the proof is in the docs, on error bounds).",
    claims=(
        two_means(
            "wb-start-at-zero/first",
            "em_map == (2*truth_weight - 1)**2*separation",
            theta="0",
            separation="2",
            truth_weight="3/5",
            fit_weight="3/5",
        ),
        two_means(
            "wb-start-at-zero/only",
            "fixed_point_count(low=0, high=inf) == 1",
            {"w": ("3/5", "7/10"), "separation": ("1", "3/2")},
            truth_weight="w",
            fit_weight="w",
        ),
        two_means(
            "wb-start-at-zero/arrives",
            "abs(em_iterate(start=0, t=40) - separation) < 1/1000000",
            separation="1",
            truth_weight="3/5",
            fit_weight="3/5",
        ),
    ),
    controls=(
        two_means(
            "wb-start-at-zero/balanced",
            "fixed_point_count(low=0, high=inf) == 1",
            title="Equal weights: 0 is a fixed point itself.",
            separation="1",
        ),
        two_means(
            "wb-start-at-zero/linear",
            "em_map == (2*truth_weight - 1)*separation",
            theta="0",
            separation="2",
            truth_weight="3/5",
            fit_weight="3/5",
        ),
    ),
)
