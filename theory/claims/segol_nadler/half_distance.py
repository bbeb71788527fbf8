"""Segol and Nadler: starts as far as half the distance."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="sn-half-distance",
    title="EM contracts from starts as far as almost half the distance of the means",
    source="Segol and Nadler (2021), abstract: initial guesses at almost half the distance to the nearest component; "
    "that a step halves the error as commonly quoted",
    quote=("The initial guess of each component may be as far as almost half its distance to the nearest one."),
    reading="Two opposite means, known equal weights: half the distance is $μ$, and almost half is read as nine tenths "
    "of it, $|θ − μ| ≤ 9μ/10$. There a step halves the error for every $μ$ from $2.3286$ to 4, and not from $2.3285$ "
    "on: this is the separation of our reading, where the paper asks for the order $√(log K)$ with a constant. Without "
    "any it contracts by 973/1000 for $1/2 ≤ μ ≤ 3$. For every $r < 1$ and $μ > 0$ the factor for $|θ − μ| ≤ rμ$ is at "
    "most $exp(−(1 − r²)μ²/2)$ (the proof is in the docs, on error bounds), and so 1/2 beyond.",
    claims=(
        two_means(
            "sn-half-distance/halves",
            "abs(em_map - separation) <= 1/2*abs(theta - separation)",
            {"r": ("-9/10", "9/10"), "separation": ("23286/10000", "4")},
            title="Halved, if the means are apart.",
            theta="(1+r)*separation",
        ),
        two_means(
            "sn-half-distance/box",
            "abs(em_map - separation) <= 973/1000*abs(theta - separation)",
            {"r": ("-9/10", "9/10"), "separation": ("1/2", "3")},
            title="Nearer, it contracts,",
            theta="(1+r)*separation",
        ),
        two_means(
            "sn-half-distance/sharp",
            "abs(em_map - separation) <= 972643/1000000*abs(theta - separation)",
            {"r": ("-9/10", "9/10"), "separation": ("1/2", "3")},
            title="by $0.97264…$ and no less, which is attained in the corner $r = −9/10$, $μ = 1/2$.",
            theta="(1+r)*separation",
        ),
    ),
    controls=(
        two_means(
            "sn-half-distance/nearer",
            "abs(em_map - separation) <= 1/2*abs(theta - separation)",
            {"r": ("-9/10", "9/10"), "separation": ("23285/10000", "4")},
            title="The last digit of the separation is needed.",
            theta="(1+r)*separation",
        ),
        two_means(
            "sn-half-distance/sharper",
            "abs(em_map - separation) <= 972642/1000000*abs(theta - separation)",
            {"r": ("-9/10", "9/10"), "separation": ("1/2", "3")},
            theta="(1+r)*separation",
        ),
        two_means(
            "sn-half-distance/beyond",
            "abs(em_map - separation) <= 1*abs(theta - separation)",
            {"r": ("-5/4", "-1"), "separation": ("1/2", "3")},
            title="Beyond half the distance, at $r < −1$, EM goes to the mirror image.",
            theta="(1+r)*separation",
        ),
    ),
)
