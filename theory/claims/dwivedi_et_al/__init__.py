"""Dwivedi, Ho, Khamaru, Wainwright, Jordan and Yu (2020): statements on two means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Dwivedi, Ho, Khamaru, Wainwright, Jordan and Yu (2020)",
    reference=(
        "Singularity, misspecification and the convergence rate of EM, Annals of Statistics 48 (2020), arXiv 1810.00828"
    ),
    scope=(
        "One dimension: data $N(0, 1)$, fit $W N(θ, 1) + (1 − W) N(−θ, 1)$ with $W$ known, and $½N(θ, v) + ½N(−θ, v)$ "
        "with $v$ fitted (their second paper, arXiv 1902.00194); population EM."
    ),
    not_judged=(
        "Errors on samples ($n^{−1/4}$ and $n^{−1/8}$), but for the law of KL behind these; dimensions above one."
    ),
)
