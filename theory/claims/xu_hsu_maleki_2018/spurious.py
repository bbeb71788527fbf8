"""Xu, Hsu and Maleki: known weights create spurious fixed points."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="xhm-known-weights",
    title="With known weights near one half there is a spurious fixed point, from which EM does not leave",
    source="Xu, Hsu and Maleki (2018), the theorem on EM with known weights; as commonly quoted",
    quote="With the weights fixed at their true values $w₁ > w₂$, close enough to 1/2, EM from the wrong side "
    "converges to a point that is not the truth.",
    reading="$W = W₀ = w$: three fixed points for $w = 11/20$ and every $μ$ from 1/2 to 3, of which at most one is the "
    "truth; from $θ = −∞$ EM stays below $−μ/2$.",
    claims=(
        two_means(
            "xhm-known-weights/count",
            "fixed_point_count(low=-inf, high=inf) == 3",
            {"separation": ("1/2", "3")},
            truth_weight="11/20",
            fit_weight="11/20",
        ),
        two_means(
            "xhm-known-weights/stuck",
            "em_iterate(start=-inf, t=50) < -separation/2",
            separation="1",
            truth_weight="11/20",
            fit_weight="11/20",
        ),
        two_means(
            "xhm-known-weights/basin",
            "-1/10 < basin_boundary < 0",
            separation="1",
            truth_weight="11/20",
            fit_weight="11/20",
        ),
    ),
    controls=(
        two_means(
            "xhm-known-weights/one",
            "fixed_point_count(low=-inf, high=inf) == 1",
            {"separation": ("1/2", "3")},
            truth_weight="11/20",
            fit_weight="11/20",
        ),
        two_means(
            "xhm-known-weights/far",
            "fixed_point_count(low=-inf, high=inf) == 3",
            title="Far from one half there is none.",
            separation="1",
            truth_weight="9/10",
            fit_weight="9/10",
        ),
    ),
)
