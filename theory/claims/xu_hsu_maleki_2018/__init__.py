"""Xu, Hsu and Maleki (2018): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Xu, Hsu and Maleki (2018)",
    reference="Benefits of over-parameterization with EM, NeurIPS 2018, arXiv 1810.11344",
    scope="One dimension, unit variance: data $W₀ N(μ, 1) + (1 − W₀) N(−μ, 1)$, fit $W N(θ, 1) + (1 − W) N(−θ, 1)$, "
    "population EM. Known weights, and weights that are fitted, too, with the variance known or fitted.",
    not_judged="Convergence from almost everywhere for every law when the weights are fitted (judged are given laws "
    "and starts); dimensions above one; other mixtures, on which the paper has experiments.",
)
