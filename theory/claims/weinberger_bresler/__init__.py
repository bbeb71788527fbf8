"""Weinberger and Bresler (2022): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Weinberger and Bresler (2022)",
    reference=(
        "The EM algorithm is adaptively-optimal for unbalanced symmetric Gaussian mixtures, JMLR 23 "
        "(2022), arXiv 2103.15653"
    ),
    scope=(
        "One dimension, unit variance: data $W₀ N(μ, 1) + (1 − W₀) N(−μ, 1)$, fit $W N(θ, 1) + (1 − W) N(−θ, 1)$, "
        "population EM. The weight is known and unequal."
    ),
    not_judged="Error rates of samples; dimensions above one.",
)
