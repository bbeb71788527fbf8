"""Balakrishnan, Wainwright and Yu: contraction in a ball around the truth."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="bwy-contraction",
    title="EM contracts by $exp(−cμ²)$ in the ball of radius $μ/4$ around the truth",
    source="Balakrishnan, Wainwright and Yu (2017), the corollary on population EM for two symmetric components; as "
    "commonly quoted",
    quote="If the signal-to-noise ratio is large enough, population EM contracts in the ball of radius $‖θ^*‖/4$ by a "
    "factor of at most $exp(−cη²)$.",
    reading="On the line, balanced, $σ = 1$, the constants that the paper leaves open being $c = 1/2$ and $μ ≥ 1$: "
    "$|M(θ) − μ| ≤ exp(−μ²/2)|θ − μ|$ for $|θ − μ| ≤ μ/4$, $1 ≤ μ ≤ 4$. The largest $c$ there is $0.658330…$: four "
    "claims cover the box with 0.65833, and 0.658331 fails. With $c = 1/2$ it holds for every $μ > 0$, large or not, "
    "even on the ball of radius $μ/2$, and no larger $c$ does for all $μ$ (the proof is in the docs, on error bounds). "
    "Away from the line `dtz-every-dimension` gives $exp(−9μ²/32)$ for $1 ≤ μ ≤ 3$ in every dimension, as $‖θ‖ ≥ 3μ/4$ "
    "in the ball and the part of $μ$ along $θ$ is at least $√15μ/4$.",
    claims=(
        two_means(
            "bwy-contraction/box",
            "abs(em_map - separation) <= exp(-1/2*separation**2)*abs(theta - separation)",
            {"r": ("-1/4", "1/4"), "separation": ("1", "4")},
            theta="(1+r)*separation",
        ),
        two_means(
            "bwy-contraction/sharp",
            "abs(em_map - separation) <= exp(-65833/100000*separation**2)*abs(theta - separation)",
            {"r": ("-1/4", "-1/5"), "separation": ("15/4", "4")},
            title="The sharp $c$ on this box, $0.658330…$, is attained in the corner $r = −1/4$, $μ = 4$.",
            theta="(1+r)*separation",
        ),
        two_means(
            "bwy-contraction/sharp-nearer",
            "abs(em_map - separation) <= exp(-65833/100000*separation**2)*abs(theta - separation)",
            {"r": ("-1/4", "-1/5"), "separation": ("1", "15/4")},
            title="The rest of the box, in three parts: nearer means,",
            theta="(1+r)*separation",
        ),
        two_means(
            "bwy-contraction/sharp-below",
            "abs(em_map - separation) <= exp(-65833/100000*separation**2)*abs(theta - separation)",
            {"r": ("-1/5", "0"), "separation": ("1", "4")},
            title="starts nearer to the truth, below it,",
            theta="(1+r)*separation",
        ),
        two_means(
            "bwy-contraction/sharp-above",
            "abs(em_map - separation) <= exp(-65833/100000*separation**2)*abs(theta - separation)",
            {"r": ("0", "1/4"), "separation": ("1", "4")},
            title="and above it.",
            theta="(1+r)*separation",
        ),
    ),
    controls=(
        two_means(
            "bwy-contraction/sharper",
            "abs(em_map - separation) <= exp(-658331/1000000*separation**2)*abs(theta - separation)",
            {"r": ("-1/4", "1/4"), "separation": ("1", "4")},
            theta="(1+r)*separation",
        ),
        two_means(
            "bwy-contraction/wider",
            "abs(em_map - separation) <= exp(-1/2*separation**2)*abs(theta - separation)",
            {"r": ("-3/4", "1/4"), "separation": ("1", "4")},
            title="In a ball of three times the radius.",
            theta="(1+r)*separation",
        ),
    ),
)
