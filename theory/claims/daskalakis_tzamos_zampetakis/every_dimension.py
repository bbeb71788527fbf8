"""Daskalakis, Tzamos and Zampetakis: the factor of a step in every dimension."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="dtz-every-dimension",
    title="In every dimension a step contracts by $exp(−min(‖θ‖, p)²/2)$, $p$ the part of $μ$ along $θ$",
    source="Daskalakis, Tzamos and Zampetakis (2017), abstract: geometric convergence with closed-form rates; the form "
    "for more than one dimension as commonly quoted",
    quote="EM converges geometrically to the means, with simple closed-form expressions for the rate.",
    reading="Balanced truth and fit $±μ$, $±θ$ in $R^d$, $Σ = I$. Let $p$ be the component of $μ$ along $θ$, $q$ the "
    "one across. $⟨X, θ⟩$ is that of one dimension with the separation $p$, and what is across is independent of it "
    "but for the sign: $M(θ)$ is $M_1(‖θ‖)$ along $θ$, the map of one dimension, and $q E tanh(‖θ‖(p + Z))$ across. "
    "Along, the error contracts by $exp(−min(‖θ‖, p)²/2)$; across, by $1 − E tanh(‖θ‖(p + Z))$, which is no larger for "
    "every $‖θ‖$ from 1/10 to 4 and $p$ from 1/10 to 3. So $‖M(θ) − μ‖ ≤ exp(−min(‖θ‖, p)²/2) ‖θ − μ‖$ there, in every "
    "dimension. The weight map of one dimension, for data of the first component only ($W₀ = 1$), is $(1 + E "
    "tanh(‖θ‖(p + Z)))/2$.",
    claims=(
        two_means(
            "dtz-every-dimension/along",
            "abs(em_map - separation) <= exp(-1/2*min(theta, separation)**2)*abs(theta - separation)",
            {"theta": ("1/10", "4"), "separation": ("1/10", "3")},
            title="Along $θ$.",
        ),
        two_means(
            "dtz-every-dimension/across",
            "2 - 2*weight_map <= exp(-1/2*min(theta, separation)**2)",
            {"theta": ("1/10", "4"), "separation": ("1/10", "3")},
            title="Across $θ$.",
            truth_weight="1",
        ),
        two_means(
            "dtz-every-dimension/sharp",
            "2 - 2*weight_map <= exp(-609/1000*min(theta, separation)**2)",
            {"theta": ("1/10", "4"), "separation": ("1/10", "3")},
            title="Up to $0.609$ does in place of 1/2.",
            truth_weight="1",
        ),
    ),
    controls=(
        two_means(
            "dtz-every-dimension/sharper",
            "2 - 2*weight_map <= exp(-61/100*min(theta, separation)**2)",
            {"theta": ("2", "4"), "separation": ("2", "3")},
            title="$0.61$ is too much: at $‖θ‖ = p = 3$.",
            truth_weight="1",
        ),
        two_means(
            "dtz-every-dimension/larger",
            "2 - 2*weight_map <= exp(-1/2*max(theta, separation)**2)",
            {"theta": ("1/10", "4"), "separation": ("1/10", "3")},
            title="The smaller of the two decides.",
            truth_weight="1",
        ),
    ),
)
