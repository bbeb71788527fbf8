"""Dwivedi, Ho, Khamaru, Wainwright, Jordan and Yu (2020): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Dwivedi, Ho, Khamaru, Wainwright, Jordan and Yu (2020)",
    reference=(
        "Singularity, misspecification and the convergence rate of EM, Annals of Statistics 48 (2020), arXiv 1810.00828"
    ),
    scope="Data $N(0, I_d)$, fit $W N(θ, I) + (1 − W) N(−θ, I)$ with $W$ known, and $½N(θ, vI) + ½N(−θ, vI)$ with $v$ "
    "fitted (their second paper, arXiv 1902.00194); population EM. What is across $θ$ has mean 0 and is independent of "
    "$⟨X, θ⟩$, so that $M(θ)$ is along $θ$ and as long as in one dimension: with $v$ known every $d$ is the same. Read "
    "were the abstracts and what is commonly quoted of the theorems.",
    not_judged="Errors on samples ($n^{−1/4}$, $n^{−1/8}$ and $(nd)^{−1/2}$), but for the law of KL behind these; "
    "covariances other than multiples of the identity; the constants of the second paper for $d ≥ 2$, of which we had "
    "no text.",
)
