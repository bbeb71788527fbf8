"""Dwivedi et al.: location and one variance for all directions fitted together, in two dimensions and more."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means


def _curve(share: str) -> dict[str, str]:
    """Return where every step but the first starts; `share` is 1/d."""
    return {"theta": "t", "fit_variance": f"1-{share}*t**2", "separation": "0"}


ENTRY = Entry(
    id="dwivedi-isotropic",
    title="With one variance for all directions fitted, too, $d ≥ 2$ dimensions contract by $1 − (1 − 1/d)θ²$ near 0",
    source="Dwivedi, Ho, Khamaru, Wainwright, Jordan and Yu, arXiv 1902.00194, abstract of its first versions: the "
    "covariance constrained to a multiple of the identity. What is judged is the population's step behind the "
    "exponents",
    quote="For $d ≥ 2$ and an isotropic covariance EM takes of the order $(n/d)^{1/2}$ steps and is within "
    "$(n/d)^{−1/4}$ of the location and $(nd)^{−1/2}$ of the scale.",
    reading="Fit $½N(θ, vI) + ½N(−θ, vI)$ to $N(0, I_d)$. A step leads to $θ′ = E[X tanh(θX/v)]$ along $θ$ and $v′ = 1 "
    "− θ′²/d$, so that every step but the first starts on the curve $v = 1 − t²/d$, $t ≤ E|X| < 4/5$. On it, as $M(t) "
    "= t − (1 − 1/d)t³ + …$, $(1 − (1 − 1/d)t²)t ≤ M(t) ≤ (1 − t²/4)t$ for every $d ≥ 2$ and $t ≤ 4/5$ at once. The "
    "cube, where one dimension has the seventh power (`dwivedi-location-scale`), gives $t_n$ of the order $n^{−1/2}$ "
    "after $n$ steps; KL, between $t⁴/8$ and $28t⁴/100$ for $d = 2$ and $t$ from 1/4 to 4/5, is below $1/n$ for $t$ of "
    "the order $n^{−1/4}$; $1 − v = t²/d$ is then of the order that the abstract has for the scale. A bound $1 − "
    "3t²/4$ from below is true for $d$ from 2 to 4 and false for $d = 5$.",
    claims=(
        two_means(
            "dwivedi-isotropic/lower-near",
            "em_map >= (1 - (1 - c)*t**2)*t",
            {"t": ("0", "1/10"), "c": ("0", "1/2")},
            title="From below, with $c = 1/d$ for every $d ≥ 2$, near 0",
            **_curve("c"),
        ),
        two_means(
            "dwivedi-isotropic/lower",
            "em_map >= (1 - (1 - c)*t**2)*t",
            {"t": ("1/10", "4/5"), "c": ("0", "1/2")},
            title="and beyond;",
            **_curve("c"),
        ),
        two_means(
            "dwivedi-isotropic/upper",
            "em_map <= (1 - 1/4*t**2)*t",
            {"t": ("0", "4/5"), "c": ("0", "1/2")},
            title="from above;",
            **_curve("c"),
        ),
        two_means(
            "dwivedi-isotropic/upper-two",
            "em_map <= (1 - 307/1000*t**2)*t",
            {"t": ("0", "4/5")},
            title="and for $d = 2$, where the largest constant is $0.3070…$",
            **_curve("1/2"),
        ),
        two_means(
            "dwivedi-isotropic/divergence",
            "1/8*t**4 <= kl_divergence + 1/2*(1/(1 - t**2/2) - 1 + log(1 - t**2/2)) <= 28/100*t**4",
            {"t": ("1/4", "4/5")},
            title="KL in two dimensions: that along $θ$ and that across, where the variances differ.",
            **_curve("1/2"),
        ),
    ),
    controls=(
        two_means(
            "dwivedi-isotropic/five",
            "em_map >= (1 - 3/4*t**2)*t",
            {"t": ("0", "4/5")},
            title="$3/4$ is too little for $d = 5$.",
            **_curve("1/5"),
        ),
        two_means(
            "dwivedi-isotropic/upper-sharper",
            "em_map <= (1 - 3071/10000*t**2)*t",
            {"t": ("0", "4/5")},
            title="The next digit is wrong.",
            **_curve("1/2"),
        ),
        two_means(
            "dwivedi-isotropic/one",
            "em_map <= (1 - 1/4*t**2)*t",
            {"t": ("1/10", "4/5")},
            title="One dimension is slower.",
            **_curve("1"),
        ),
    ),
)
