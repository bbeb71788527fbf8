"""Dwivedi et al.: balanced fits contract."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="dwivedi-balanced-upper",
    title="A balanced fit to $N(0, 1)$ contracts by $1 − p + p/(1 + θ²/2)$, $p = 0.8413…$",
    source="Dwivedi et al. (2020), the theorem on balanced fits, upper bound with $p = P(|Z| ≤ 1) + P(|Z| > 1)/2$; as "
    "commonly quoted",
    quote="In the balanced case $‖M(θ)‖ ≤ (1 − p + p/(1 + ‖θ‖²/2))‖θ‖$.",
    reading="With the length $θ$ in every dimension, $μ = 0$, $W = 1/2$, $p = 0.841345 > P(|Z| ≤ 1) + P(|Z| > 1)/2 = "
    "0.8413447…$: the bound holds for every $θ$ from 0 to 6, and beyond, as $M ≤ E|X| = 0.7978… < (1 − p)θ$ there, "
    "with the sharp $p$ from 17/2 on.",
    claims=(
        two_means(
            "dwivedi-balanced-upper/box",
            "em_map <= (1 - 841345/1000000 + 841345/1000000/(1 + theta**2/2))*theta",
            {"theta": ("0", "6")},
            separation="0",
        ),
        two_means(
            "dwivedi-balanced-upper/sharp",
            "em_map <= (1 - 905886/1000000 + 905886/1000000/(1 + theta**2/2))*theta",
            {"theta": ("0", "17/2")},
            title="The largest $p$ for all $θ$ is $0.905886…$, attained near $θ = 3.7992$; published is $0.841344…$",
            separation="0",
        ),
    ),
    controls=(
        two_means(
            "dwivedi-balanced-upper/sharper",
            "em_map <= (1 - 905887/1000000 + 905887/1000000/(1 + theta**2/2))*theta",
            {"theta": ("0", "6")},
            title="The next digit is wrong.",
            separation="0",
        ),
    ),
)
