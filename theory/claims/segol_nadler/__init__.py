"""Segol and Nadler (2021): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Segol and Nadler (2021)",
    reference="Improved convergence guarantees for learning Gaussian mixture models by EM and gradient EM, Electronic "
    "Journal of Statistics 15 (2021), arXiv 2101.00575",
    scope="One dimension, unit variance: data $W₀ N(μ, 1) + (1 − W₀) N(−μ, 1)$, fit $W N(θ, 1) + (1 − W) N(−θ, 1)$, "
    "population EM. Balanced, $K = 2$ with opposite means.",
    not_judged="More components; free means; samples; the separation of order $√(log K)$.",
)
