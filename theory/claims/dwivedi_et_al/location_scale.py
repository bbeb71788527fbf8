"""Dwivedi et al.: location and scale fitted together."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

_CURVE = {"theta": "t", "fit_variance": "1-t**2", "separation": "0"}
"""Where every step but the first starts."""

ENTRY = Entry(
    id="dwivedi-location-scale",
    title="With the variance fitted, too, a balanced fit to $N(0, 1)$ contracts by $1 − (2/3)θ⁶$ only",
    source="Dwivedi, Ho, Khamaru, Wainwright, Jordan and Yu, Sharp analysis of Expectation-Maximization for weakly "
    "identifiable models, AISTATS 2020, arXiv 1902.00194; the constants 1/5 and 3/2 as commonly quoted",
    quote="For the fit of location and scale in one dimension the population operator satisfies $1 − 3θ⁶/2 ≤ M(θ)/θ ≤ "
    "1 − θ⁶/5$ near 0.",
    reading="Fit $½N(θ, v) + ½N(−θ, v)$ to $N(0, 1)$. From any $(θ, v)$ a step leads to $θ′ = E[X tanh(θX/v)]$ and $v′ "
    "= 1 − θ′²$, $|θ′| ≤ E|X| = 0.7978…$: every step but the first starts on the curve $v = 1 − θ²$ with $|θ| < 4/5$. "
    "On it both bounds hold for every $θ = t$ from 0 to 9/10. For the first step, from any $(θ, v)$, there is none: it "
    "may lead away from 0. The second keeps both, for all $θ$ from 1 to 3 and $v$ from 1/2 to 1 at once.",
    claims=(
        two_means(
            "dwivedi-location-scale/upper",
            "em_map <= (1 - 1/5*t**6)*t",
            {"t": ("0", "1/10")},
            title="The upper bound, near 0,",
            **_CURVE,
        ),
        two_means(
            "dwivedi-location-scale/upper-between",
            "em_map <= (1 - 1/5*t**6)*t",
            {"t": ("1/10", "1/4")},
            title="to 1/4,",
            **_CURVE,
        ),
        two_means(
            "dwivedi-location-scale/upper-sharp",
            "em_map <= (1 - 282443/1000000*t**6)*t",
            {"t": ("1/4", "4/5")},
            title="to 4/5, with the largest constant up to there, $0.282443…$ beside the published 1/5,",
            **_CURVE,
        ),
        two_means(
            "dwivedi-location-scale/upper-beyond",
            "em_map <= (1 - 1/5*t**6)*t",
            {"t": ("4/5", "9/10")},
            title="and beyond.",
            **_CURVE,
        ),
        two_means(
            "dwivedi-location-scale/sharp-near",
            "em_map >= (1 - 2/3*t**6)*t",
            {"t": ("0", "11/100")},
            title="The lower bound, near 0: 2/3 does in place of 3/2, and no less, as $M(t) = t − (2/3)t⁷ + 2t⁹ − …$;",
            **_CURVE,
        ),
        two_means(
            "dwivedi-location-scale/lower",
            "em_map >= (1 - 3/2*t**6)*t",
            {"t": ("11/100", "4/25")},
            title="as published, where we leave it at that;",
            **_CURVE,
        ),
        two_means(
            "dwivedi-location-scale/sharp",
            "em_map >= (1 - 2/3*t**6)*t",
            {"t": ("4/25", "9/10")},
            title="with 2/3 again from there on.",
            **_CURVE,
        ),
        two_means(
            "dwivedi-location-scale/first-step",
            "variance_map > 9/25",
            {"theta": ("0", "4"), "fit_variance": ("1/2", "4")},
            title="The first step leads to $v′ > 9/25$, thus $θ′ < 4/5$.",
            separation="0",
        ),
        two_means(
            "dwivedi-location-scale/second-step",
            "(1 - 2/3*em_map**6)*em_map <= location_scale_iterate(start=theta, t=2) <= (1 - 1/5*em_map**6)*em_map",
            {"theta": ("1", "3"), "fit_variance": ("1/2", "1")},
            title="The second step, in $θ$ and $v$.",
            separation="0",
        ),
    ),
    controls=(
        two_means(
            "dwivedi-location-scale/less",
            "em_map >= (1 - 16/25*t**6)*t",
            {"t": ("0", "1/4")},
            title="0.64 is too little near 0.",
            **_CURVE,
        ),
        two_means(
            "dwivedi-location-scale/upper-sharper",
            "em_map <= (1 - 282444/1000000*t**6)*t",
            {"t": ("3/4", "4/5")},
            title="The next digit is wrong.",
            **_CURVE,
        ),
        two_means(
            "dwivedi-location-scale/fourth",
            "em_map <= (1 - 1/5*t**4)*t",
            {"t": ("0", "9/10")},
            title="The exponent is 6.",
            **_CURVE,
        ),
        two_means(
            "dwivedi-location-scale/first",
            "em_map <= (1 - 1/5*theta**6)*theta",
            {"theta": ("1/10", "4/5"), "fit_variance": ("1/4", "1")},
            title="The first step from another variance need not keep the bound.",
            separation="0",
        ),
        two_means(
            "dwivedi-location-scale/known",
            "em_iterate(start=theta, t=2) >= (1 - 3/2*em_map**6)*em_map",
            {"theta": ("1/10", "1/2")},
            title="With the variance known a step is longer.",
            separation="0",
        ),
    ),
)
