"""Balakrishnan, Wainwright and Yu: the radius."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="bwy-radius",
    title="On the line the radius need not be a quarter of the separation, nor the separation large",
    source="Beyond the paper: what becomes of Balakrishnan, Wainwright and Yu (2017) in one dimension",
    quote="the ball of radius $‖θ^*‖/4$",
    reading="$|M(θ) − μ| ≤ 0.972643 |θ − μ|$ for every $θ$ from $μ/10$ to $2μ$ and every $μ$ from 1/2 to 4; the sharp "
    "factor is $0.97264…$, attained at $θ = μ/10$, $μ = 1/2$.",
    claims=(
        two_means(
            "bwy-radius/box",
            "abs(em_map - separation) <= 972643/1000000*abs(theta - separation)",
            {"r": ("-9/10", "1"), "separation": ("1/2", "4")},
            theta="(1+r)*separation",
        ),
    ),
    controls=(
        two_means(
            "bwy-radius/factor",
            "abs(em_map - separation) <= 972642/1000000*abs(theta - separation)",
            {"r": ("-9/10", "1"), "separation": ("1/2", "4")},
            theta="(1+r)*separation",
        ),
    ),
)
