"""Dwivedi et al.: where the exponents of the errors on samples come from."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

_CURVE = {"theta": "t", "fit_variance": "1-t**2", "separation": "0"}
"""Where EM is after its first step, if it fits the variance."""

ENTRY = Entry(
    id="dwivedi-exponents",
    title="$n^{−1/4}$ with the variance known, $n^{−1/8}$ with the variance fitted: KL is of the order $θ⁴$ or $θ⁸$",
    source="Dwivedi et al. (2020), on $n^{−1/4}$, and arXiv 1902.00194, on $n^{−1/8}$ in one dimension; as commonly "
    "quoted. What is judged is the law of KL behind the exponents",
    quote="The balanced fit is within $n^{−1/4}$ of the truth if the variance is known, and within $n^{−1/8}$ if it is "
    "fitted.",
    reading="Data $N(0, 1)$, fit $½N(θ, v) + ½N(−θ, v)$. What $n$ points can tell from it has a KL of the order $1/n$ "
    "or more. With $v = 1$ KL is $θ⁴/4$ at most, for all $θ ≤ 1$, and at least $13θ⁴/100$ for $θ ≤ 9/10$: it is below "
    "$1/n$ for $θ < (4/n)^{1/4}$. With $v = 1 − θ²$, where EM is after its first step, it is $θ⁸/12$ near 0 and at "
    "most $28θ⁸/100$ for all $θ ≤ 4/5$: below $1/n$ for $θ < (7n/25)^{−1/8}$. Up to $θ = 1/4$ that is read from its "
    "derivative, $(θ − M)(1 + θ²)/(1 − θ²)²$ (the proof is in the docs, on error bounds). That EM on samples comes so "
    "near is not judged.",
    claims=(
        two_means(
            "dwivedi-exponents/known",
            "kl_divergence <= 1/4*theta**4",
            {"theta": ("0", "1")},
            title="The variance known,",
            separation="0",
        ),
        two_means(
            "dwivedi-exponents/known-lower",
            "kl_divergence >= 13/100*theta**4",
            {"theta": ("0", "9/10")},
            title="from below.",
            separation="0",
        ),
        two_means(
            "dwivedi-exponents/fitted-near",
            "(t - em_map)*(1 + t**2) <= 668/1000*t**7*(1 - t**2)**2",
            {"t": ("0", "1/10")},
            title="The variance fitted: near 0 the derivative of KL is at most $0.668t⁷$",
            **_CURVE,
        ),
        two_means(
            "dwivedi-exponents/fitted-near-lower",
            "(t - em_map)*(1 + t**2) >= 2/3*t**7*(1 - t**2)**2",
            {"t": ("0", "1/10")},
            title="and at least $(2/3)t⁷$, that of $t⁸/12$;",
            **_CURVE,
        ),
        two_means(
            "dwivedi-exponents/fitted-between",
            "(t - em_map)*(1 + t**2) <= 56/25*t**7*(1 - t**2)**2",
            {"t": ("1/10", "1/4")},
            title="farther from 0 at most $8·0.28t⁷$;",
            **_CURVE,
        ),
        two_means(
            "dwivedi-exponents/fitted",
            "1/12*t**8 <= kl_divergence <= 28/100*t**8",
            {"t": ("2/5", "4/5")},
            title="KL itself, from 2/5 on",
            **_CURVE,
        ),
        two_means(
            "dwivedi-exponents/fitted-upper",
            "kl_divergence <= 28/100*t**8",
            {"t": ("1/4", "2/5")},
            title="and, from above, from 1/4 on.",
            **_CURVE,
        ),
        two_means(
            "dwivedi-exponents/steps",
            "em_iterate(start=inf, t=100) < 1/10 < 3/10 < location_scale_iterate(start=inf, t=100)",
            title="The steps of EM tell the same: a hundred of them from infinity.",
            separation="0",
        ),
    ),
    controls=(
        two_means(
            "dwivedi-exponents/known-eighth",
            "kl_divergence <= 28/100*theta**8",
            {"theta": ("1/4", "4/5")},
            title="The order $θ⁸$ needs the variance that EM fits.",
            separation="0",
        ),
        two_means(
            "dwivedi-exponents/known-sharper",
            "kl_divergence <= 24/100*theta**4",
            {"theta": ("0", "1")},
            title="$0.24$ is too small near 0.",
            separation="0",
        ),
        two_means(
            "dwivedi-exponents/fitted-sharper",
            "(t - em_map)*(1 + t**2) <= 666/1000*t**7*(1 - t**2)**2",
            {"t": ("0", "1/10")},
            title="So is $0.666$, for $2/3$ is the limit.",
            **_CURVE,
        ),
        two_means(
            "dwivedi-exponents/fitted-tenth",
            "kl_divergence <= 28/100*t**10",
            {"t": ("2/5", "4/5")},
            title="The exponent is 8.",
            **_CURVE,
        ),
    ),
)
