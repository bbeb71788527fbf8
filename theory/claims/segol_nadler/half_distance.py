"""Segol and Nadler: starts as far as half the distance."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means, two_means_control

ENTRY = Entry(
    id="sn-half-distance",
    title="EM contracts from starts as far as almost half the distance of the means",
    source=("Segol and Nadler (2021), abstract: initial guesses at almost half the distance to the nearest component"),
    quote=("The initial guess of each component may be as far as almost half its distance to the nearest one."),
    reading=(
        "Two opposite means, known equal weights: half the distance is $μ$. For $|θ − μ| ≤ 9μ/10$ and $1/2 ≤ μ ≤ 3$ "
        "a step contracts by 973/1000, without the separation that the paper needs for many components. For every "
        "$r < 1$ and $μ > 0$ the factor for $|θ − μ| ≤ rμ$ is at most $exp(−(1 − r²)μ²/2)$ (the proof is in the docs, "
        "on error bounds)."
    ),
    claims=(
        two_means(
            "sn-half-distance/box",
            "abs(em_map - separation) <= 973/1000*abs(theta - separation)",
            {"r": ("-9/10", "9/10"), "separation": ("1/2", "3")},
            theta="(1+r)*separation",
        ),
        two_means(
            "sn-half-distance/sharp",
            "abs(em_map - separation) <= 972643/1000000*abs(theta - separation)",
            {"r": ("-9/10", "9/10"), "separation": ("1/2", "3")},
            title="The sharp factor on this domain, $0.97264…$, is attained in the corner $r = −9/10$, $μ = 1/2$.",
            theta="(1+r)*separation",
        ),
    ),
    controls=(
        two_means_control(
            "sn-half-distance/sharper",
            "abs(em_map - separation) <= 972642/1000000*abs(theta - separation)",
            {"r": ("-9/10", "9/10"), "separation": ("1/2", "3")},
            theta="(1+r)*separation",
        ),
        two_means_control(
            "sn-half-distance/beyond",
            "abs(em_map - separation) <= 1*abs(theta - separation)",
            {"r": ("-5/4", "-1"), "separation": ("1/2", "3")},
            title="Beyond half the distance, at $r < −1$, EM goes to the mirror image.",
            theta="(1+r)*separation",
        ),
    ),
)
