"""Xu, Fazel and Du: three collinear means that hardly move."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import three_means

_TRAP = {"first_mean": "t", "second_mean": "0", "third_mean": "-t"}

ENTRY = Entry(
    id="xfd-trap",
    title="Three collinear means $t$, 0, $−t$ on one Gaussian: the outer ones move by $exp(−t²/8)$ only",
    source="Xu, Fazel and Du (2024), abstract: bad local regions; three collinear means as commonly quoted",
    quote="There are bad local regions that can trap gradient EM for an exponential number of steps.",
    reading="Data $N(0, 1)$, equal weights, means $t$, 0, $−t$. By symmetry gradient EM keeps the form, and a step "
    "with rate $η$ moves $t$ by $η E[γ₁(X − t)]$, which is negative, and between $−(63/100)exp(−t²/8)$ and "
    "$−(56/100)exp(−t²/8)$ for every $t$ from 9 to 12. From 10 to 12 it is above $−9/4000000$, so that from 12 to 10 "
    "gradient EM takes more than 800000$/η$ steps. In $d$ dimensions the map is the same on the line through the "
    "means; the paper's bound for $t = 12√d$ is exponential in $d$.",
    claims=(
        three_means(
            "xfd-trap/exponent",
            "-63/100*exp(-t**2/8) < gradient(component=1) < -56/100*exp(-t**2/8)",
            for_all={"t": ("9", "12")},
            values=_TRAP,
        ),
        three_means(
            "xfd-trap/steps",
            "gradient(component=1) > -9/4000000",
            for_all={"t": ("10", "12")},
            title="800000 steps and more from 12 to 10.",
            values=_TRAP,
        ),
    ),
    controls=(
        three_means(
            "xfd-trap/slower",
            "gradient(component=1) > -3/5*exp(-t**2/8)",
            for_all={"t": ("9", "12")},
            title="0.60 is too small a constant.",
            values=_TRAP,
        ),
        three_means(
            "xfd-trap/other-exponent",
            "gradient(component=1) > -63/100*exp(-t**2/7)",
            for_all={"t": ("9", "12")},
            title="The exponent is not 1/7.",
            values=_TRAP,
        ),
    ),
)
