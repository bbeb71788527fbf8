"""Dwivedi, Ho, Khamaru, Wainwright, Jordan and Yu (2020): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Dwivedi, Ho, Khamaru, Wainwright, Jordan and Yu (2020)",
    reference=(
        "Singularity, misspecification and the convergence rate of EM, Annals of Statistics 48 (2020), arXiv 1810.00828"
    ),
    scope=(
        "One dimension, unit variance: data $W₀ N(μ, 1) + (1 − W₀) N(−μ, 1)$, fit $W N(θ, 1) + (1 − W) N(−θ, 1)$, "
        "population EM. Data $N(0, 1)$."
    ),
    not_judged=(
        "Rates in the sample size; the location-scale fit (Sharp analysis of Expectation-Maximization for "
        "weakly identifiable models, 2020)."
    ),
)
