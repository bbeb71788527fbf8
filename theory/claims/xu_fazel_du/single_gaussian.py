"""Xu, Fazel and Du: gradient EM on a single Gaussian."""

from dataclasses import replace

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="xfd-single-gaussian",
    title="Two components on one Gaussian: every step goes towards 0, but ever more slowly",
    source="Xu, Fazel and Du (2024), abstract: global convergence at the rate $O(1/√t)$, for two components",
    quote="Gradient EM on data from a single Gaussian converges globally, at the sublinear rate $O(1/√t)$.",
    reading="Two components $±θ$ of equal weights on $N(0, 1)$; gradient EM moves each mean by $η$ times the gradient "
    "in it, $E[γ₁(X − θ)] = −½(θ − M(θ))$, and keeps the form. So a step is $θ − (η/2)(θ − M(θ))$. $0 < M(θ) < θ$ for "
    "every $θ$ above 0 and up to 6: each step with $η ∈$ (0, 2] lowers $θ$ and keeps its sign. For $θ ≥ 1$ it is by "
    "more than $0.197η$, and up to 1 $θ − M(θ) ≥ 0.394294θ³$, so that $θ_t⁻² ≥ θ_0⁻² + 0.394294ηt$ from $θ_0 ≤ 1$: "
    "$θ_t ≤ 1.6/√(ηt)$. The order is that of $θ$: $θ − M(θ) ≤ θ³$, so no factor below 1 serves near 0. The abstract "
    "does not say of what it is the rate; KL, at most $θ⁴/4$ for $θ ≤ 1$, falls faster here, like $t⁻²$.",
    claims=(
        replace(
            two_means("xfd-single-gaussian/descends", "0 < em_map < theta", {"theta": ("0", "6")}, separation="0"),
            assume=("theta > 0",),
        ),
        two_means("xfd-single-gaussian/slow", "theta - em_map <= theta**3", {"theta": ("0", "6")}, separation="0"),
        two_means(
            "xfd-single-gaussian/rate",
            "theta - em_map >= 394294/10**6*theta**3",
            {"theta": ("0", "1")},
            title="The cube from below, up to 1, with the largest constant to six digits;",
            separation="0",
        ),
        two_means(
            "xfd-single-gaussian/far",
            "theta - em_map >= 394/1000",
            {"theta": ("1", "6")},
            title="beyond, steps do not become small.",
            separation="0",
        ),
        two_means(
            "xfd-single-gaussian/divergence",
            "kl_divergence <= 1/4*theta**4",
            {"theta": ("0", "1")},
            title="KL.",
            separation="0",
        ),
    ),
    controls=(
        two_means(
            "xfd-single-gaussian/factor",
            "em_map <= 99/100*theta",
            {"theta": ("0", "6")},
            title="No linear rate: it fails near 0.",
            separation="0",
        ),
        two_means(
            "xfd-single-gaussian/cubic",
            "theta - em_map <= 99/100*theta**3",
            {"theta": ("0", "6")},
            title="The constant of the cubic term is sharp.",
            separation="0",
        ),
        two_means(
            "xfd-single-gaussian/rate-sharper",
            "theta - em_map >= 394295/10**6*theta**3",
            {"theta": ("0", "1")},
            title="So is the one from below, at $θ = 1$.",
            separation="0",
        ),
    ),
)
