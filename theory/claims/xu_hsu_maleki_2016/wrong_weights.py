"""Xu, Hsu and Maleki: a balanced fit to unbalanced data."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="xhm-wrong-weights",
    title="Fitting equal weights to unequal ones leaves the means where they are, and adds a mirror image",
    source="Beyond the paper: we found no theorem of Xu, Hsu and Maleki (2016, 2018) on weights that are wrong",
    quote="Weights that are held fixed at wrong values create stationary points that the truth has not.",
    reading="Our question, in the model of both papers. Fit $W = 1/2$ and truth $W₀ = 4/5$: $μ$ is still a fixed "
    "point, exactly, but $−μ$ is one too, where KL is as large as at $μ$. With $W = W₀$ there is none there.",
    claims=(
        two_means("xhm-wrong-weights/truth", "em_map == separation", theta="2", separation="2", truth_weight="4/5"),
        two_means("xhm-wrong-weights/mirror", "em_map == -separation", theta="-2", separation="2", truth_weight="4/5"),
        two_means(
            "xhm-wrong-weights/count",
            "fixed_point_count(low=-inf, high=inf) == 3",
            {"separation": ("1", "2")},
            truth_weight="4/5",
        ),
        two_means(
            "xhm-wrong-weights/none",
            "fixed_point_count(low=-inf, high=inf) == 1",
            separation="1",
            truth_weight="4/5",
            fit_weight="4/5",
        ),
    ),
    controls=(
        two_means(
            "xhm-wrong-weights/known",
            "em_map == -separation",
            theta="-2",
            separation="2",
            truth_weight="4/5",
            fit_weight="4/5",
        ),
        two_means("xhm-wrong-weights/divergence", "kl_divergence == 0", theta="2", separation="2", truth_weight="4/5"),
    ),
)
