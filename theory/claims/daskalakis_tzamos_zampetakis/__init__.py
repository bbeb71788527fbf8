"""Daskalakis, Tzamos and Zampetakis (2017): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Daskalakis, Tzamos and Zampetakis (2017)",
    reference="Ten Steps of EM Suffice for Mixtures of Two Gaussians, COLT 2017, arXiv 1609.00368",
    scope="Unit variance: data $W₀ N(μ, 1) + (1 − W₀) N(−μ, 1)$, fit $W N(θ, 1) + (1 − W) N(−θ, 1)$, population EM. "
    "Balanced, in one dimension; the factor of a step in every dimension, too. Read were the abstract and what is "
    "commonly quoted of the theorems.",
    not_judged="The illustration of ten steps as it stands in the paper's body, of which we had no text; samples.",
)
