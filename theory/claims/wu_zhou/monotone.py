"""Wu and Zhou: iterates approach the truth from one side."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="wz-monotone",
    title="From either side EM approaches the truth without passing it",
    source="Wu and Zhou (2021), the properties of the population map in one dimension; as commonly quoted",
    quote="Population EM from $θ > 0$ converges monotonically.",
    reading="Balanced, $d = 1$: $θ < M(θ) < μ$ for every $θ$ from $μ/10$ to $9μ/10$, and $μ < M(θ) < θ$ from $11μ/10$ "
    "to $2μ$, $1/2 ≤ μ ≤ 3$. For all $θ, μ > 0$ it follows from one integral for $M(θ) − μ$, which has the sign of $θ "
    "− μ$ (the proof is in the docs, on error bounds), and from concavity for $M(θ) − θ$.",
    claims=(
        two_means(
            "wz-monotone/below",
            "theta < em_map < separation",
            {"r": ("1/10", "9/10"), "separation": ("1/2", "3")},
            theta="r*separation",
        ),
        two_means(
            "wz-monotone/above",
            "separation < em_map < theta",
            {"r": ("11/10", "2"), "separation": ("1/2", "3")},
            theta="r*separation",
        ),
    ),
    controls=(
        two_means(
            "wz-monotone/control",
            "separation < em_map < theta",
            {"r": ("9/10", "2"), "separation": ("1/2", "3")},
            theta="r*separation",
        ),
    ),
)
