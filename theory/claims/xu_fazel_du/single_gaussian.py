"""Xu, Fazel and Du: gradient EM on a single Gaussian."""

from dataclasses import replace

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means, two_means_control

ENTRY = Entry(
    id="xfd-single-gaussian",
    title="Two components on one Gaussian: every step goes towards 0, but ever more slowly",
    source="Xu, Fazel and Du (2024), abstract: global convergence at a sublinear rate, for two components",
    quote="Gradient EM on data from a single Gaussian converges globally, at a sublinear rate.",
    reading=(
        "Gradient EM with step $η ∈$ (0, 1] is $θ − η(θ − M(θ))$. $μ = 0$, $W = 1/2$: $0 < M(θ) < θ$ for every $θ$ "
        "above 0 and up to 6, so each step lowers $θ$ and keeps its sign; and $θ − M(θ) ≤ θ³$, so no factor below 1 "
        "serves near 0."
    ),
    claims=(
        replace(
            two_means("xfd-single-gaussian/descends", "0 < em_map < theta", {"theta": ("0", "6")}, separation="0"),
            assume=("theta > 0",),
        ),
        two_means(
            "xfd-single-gaussian/slow",
            "theta - em_map <= theta**3",
            {"theta": ("0", "6")},
            separation="0",
        ),
    ),
    controls=(
        two_means_control(
            "xfd-single-gaussian/factor",
            "em_map <= 99/100*theta",
            {"theta": ("0", "6")},
            title="No linear rate: it fails near 0.",
            separation="0",
        ),
        two_means_control(
            "xfd-single-gaussian/cubic",
            "theta - em_map <= 99/100*theta**3",
            {"theta": ("0", "6")},
            title="The constant of the cubic term is sharp.",
            separation="0",
        ),
    ),
)
