"""Xu, Fazel and Du (2024): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Xu, Fazel and Du (2024)",
    reference=(
        "Toward global convergence of gradient EM for over-parameterized Gaussian mixture models, NeurIPS "
        "2024, arXiv 2407.00490"
    ),
    scope=(
        "One dimension, unit variance: data $W₀ N(μ, 1) + (1 − W₀) N(−μ, 1)$, fit $W N(θ, 1) + (1 − W) N(−θ, 1)$, "
        "population EM. Data $N(0, 1)$, two components of equal weights."
    ),
    not_judged="More than two components, and the trap of three collinear means; the constants of its rate.",
)
