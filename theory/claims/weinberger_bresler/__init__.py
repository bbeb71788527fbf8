"""Weinberger and Bresler (2022): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Weinberger and Bresler (2022)",
    reference="The EM algorithm is adaptively-optimal for unbalanced symmetric Gaussian mixtures, JMLR 23 (2022), "
    "arXiv 2103.15653",
    scope="One dimension, unit variance: data $W₀ N(μ, 1) + (1 − W₀) N(−μ, 1)$, fit $W N(θ, 1) + (1 − W) N(−θ, 1)$, "
    "population EM. The weight is known and unequal, or it is what EM fits while the mean is the true one, which is "
    "the same in every dimension. Read was the abstract.",
    not_judged="Error rates of samples; the mean in dimensions above one away from the line of the means; EM for the "
    "weight with a mean that is not the true one, but for one example.",
)
