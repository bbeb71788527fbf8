"""Daskalakis, Tzamos and Zampetakis (2017): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Daskalakis, Tzamos and Zampetakis (2017)",
    reference="Ten Steps of EM Suffice for Mixtures of Two Gaussians, COLT 2017, arXiv 1609.00368",
    scope=(
        "One dimension, unit variance: data $W₀ N(μ, 1) + (1 − W₀) N(−μ, 1)$, fit $W N(θ, 1) + (1 − W) N(−θ, 1)$, "
        "population EM. Balanced."
    ),
    not_judged="Dimensions above one away from the line of the means; samples.",
)
