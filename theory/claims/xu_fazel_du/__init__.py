"""Xu, Fazel and Du (2024): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Xu, Fazel and Du (2024)",
    reference="Toward global convergence of gradient EM for over-parameterized Gaussian mixture models, NeurIPS 2024, "
    "arXiv 2407.00490",
    scope="One dimension, unit variance: data $N(0, 1)$, population EM and its gradient form with the step $η$. Two "
    "components $N(θ, 1)$, $N(−θ, 1)$ and three components with means $t$, 0, $−t$, of equal weights.",
    not_judged="Global convergence for any number of components, and the constants of its rate; random starts.",
)
