"""Dwivedi et al.: location and scale fitted together."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means, two_means_control

ENTRY = Entry(
    id="dwivedi-location-scale",
    title="With the variance fitted, too, a balanced fit to $N(0, 1)$ contracts by $1 − (2/3)θ⁶$ only",
    source=(
        "Dwivedi, Ho, Khamaru, Wainwright, Jordan and Yu, Sharp analysis of Expectation-Maximization for weakly "
        "identifiable models, AISTATS 2020, arXiv 1902.00194; the constants 1/5 and 3/2 as commonly quoted"
    ),
    quote=(
        "For the fit of location and scale in one dimension the population operator satisfies "
        "$1 − 3θ⁶/2 ≤ M(θ)/θ ≤ 1 − θ⁶/5$ near 0."
    ),
    reading=(
        "Fit $½N(θ, v) + ½N(−θ, v)$ to $N(0, 1)$. An M-step gives $v = E X² − θ² = 1 − θ²$, so from the second step on "
        "$M(θ) = E[X tanh(θX/(1 − θ²))]$: the map of two means at $t/(1 − t²)$. Both bounds hold for every $θ = t$ "
        "from 0 to 3/20, and the upper one to 9/10."
    ),
    claims=(
        two_means(
            "dwivedi-location-scale/upper",
            "em_map <= (1 - 1/5*t**6)*t",
            {"t": ("0", "9/10")},
            theta="t/(1-t**2)",
            separation="0",
        ),
        two_means(
            "dwivedi-location-scale/lower",
            "em_map >= (1 - 3/2*t**6)*t",
            {"t": ("0", "3/20")},
            theta="t/(1-t**2)",
            separation="0",
        ),
        two_means(
            "dwivedi-location-scale/sharp",
            "em_map >= (1 - 2/3*t**6)*t",
            {"t": ("1/4", "9/10")},
            title="2/3 does in place of 3/2: from 1/4 on,",
            theta="t/(1-t**2)",
            separation="0",
        ),
        two_means(
            "dwivedi-location-scale/sharp-near",
            "em_map >= (1 - 2/3*t**6)*t",
            {"t": ("0", "1/10")},
            title="and near 0, where no less does, as $M(t) = t − (2/3)t⁷ + 2t⁹ − …$",
            theta="t/(1-t**2)",
            separation="0",
        ),
    ),
    controls=(
        two_means_control(
            "dwivedi-location-scale/less",
            "em_map >= (1 - 16/25*t**6)*t",
            {"t": ("0", "1/4")},
            title="0.64 is too little near 0.",
            theta="t/(1-t**2)",
            separation="0",
        ),
        two_means_control(
            "dwivedi-location-scale/fourth",
            "em_map <= (1 - 1/5*t**4)*t",
            {"t": ("0", "9/10")},
            title="The exponent is 6.",
            theta="t/(1-t**2)",
            separation="0",
        ),
        two_means_control(
            "dwivedi-location-scale/known",
            "em_map >= (1 - 3/2*theta**6)*theta",
            {"theta": ("0", "3/20")},
            title="With the variance known a step is longer.",
            separation="0",
        ),
    ),
)
