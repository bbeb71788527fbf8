"""Balakrishnan, Wainwright and Yu (2017): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Balakrishnan, Wainwright and Yu (2017)",
    reference="Statistical guarantees for the EM algorithm: from population to sample-based analysis, Annals of "
    "Statistics 45 (2017), arXiv 1408.2156",
    scope="One dimension, unit variance: data $W₀ N(μ, 1) + (1 − W₀) N(−μ, 1)$, fit $W N(θ, 1) + (1 − W) N(−θ, 1)$, "
    "population EM. Balanced.",
    not_judged="The best constant in the ball in $d$ dimensions away from the line of the means; regression; samples; "
    "the constant in “sufficiently large”, which the paper leaves open.",
)
