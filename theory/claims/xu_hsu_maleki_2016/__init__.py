"""Xu, Hsu and Maleki (2016): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Xu, Hsu and Maleki (2016)",
    reference=(
        "Global analysis of Expectation Maximization for mixtures of two Gaussians, NeurIPS 2016, arXiv 1608.07630"
    ),
    scope="Unit variance: data $W₀ N(μ, 1) + (1 − W₀) N(−μ, 1)$, fit $W N(θ, 1) + (1 − W) N(−θ, 1)$, population EM. "
    "Balanced fit; in one dimension, and the stationary points in every dimension. Read were the abstract and what is "
    "commonly quoted of the theorem.",
    not_judged="The model with two free means; samples.",
)
