"""Wu and Zhou (2021): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Wu and Zhou (2021)",
    reference="Randomly initialized EM algorithm for two-component Gaussian mixture achieves near optimality in "
    "$O(√n)$ iterations, Mathematical Statistics and Learning 4 (2021), arXiv 1908.10935",
    scope="One dimension, unit variance: data $W₀ N(μ, 1) + (1 − W₀) N(−μ, 1)$, fit $W N(θ, 1) + (1 − W) N(−θ, 1)$, "
    "population EM. Balanced.",
    not_judged="All statements on samples, which are what the paper is about.",
)
