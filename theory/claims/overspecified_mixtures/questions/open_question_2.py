"""Open question 2: unknown or anisotropic covariances."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="open-question-2",
    title="If $A$ is invertible, an unknown covariance leaves the local rate unchanged; anisotropic data change it",
    source="Open Question 2",
    quote="Does exponential convergence persist with unknown or anisotropic covariances rather than fixed identity?",
    reading="At $(0, I)$ the Jacobian of EM for $θ$ and a common covariance, isotropic or full, is $blockdiag(I − AᵀA, "
    "0)$: if $A$ is invertible its largest eigenvalue is $1 − σ_{min}(A)² < 1$, that for a known covariance. If "
    "$A$ is singular both are 1 and decide nothing. For uniform weights on a simplex $‖θ_t‖$ is of order "
    "$t^{−1/2}$ where the covariance is known, or $vI$ and $d ≥ k$; where it is full, or $vI$ and $d = k − 1$, "
    "of order $t^{−1/4}$ for $k ≥ 3$, and $r_t ~ (4t)^{−1/6}$ for $k = 2$. For all weights with $Au = 0$, $‖u‖ = "
    "1$, KL at $ru$ with the full covariance that fits is of order $r⁶$ or $r⁸$, by whether $∑_{ij} π_iπ_j⟨U_iu, "
    "U_ju⟩³$ is not 0 or is; $r⁴$ where the covariance is known. With the covariance fixed at $I$ and data of "
    "covariance $Σ$ the Jacobian at 0 is $∑_j π_jU_jᵀΣU_j − AᵀΣA$. If the covariance is fitted as $vI$ EM "
    "converges to $(0, 1)$ from every start, for all weights. The rest is local: starts far from $(0, I)$ are "
    "not covered for a full covariance. A fixed covariance $V$ that data and model share is $I$ in other "
    "coordinates, with means $V^{−1/2}U_jθ$: entry beyond-linear-tying.",
    claims=(
        Claim(id="open-question-2/unknown", derivation="covariance-blocks", general=True, k=()),
        Claim(id="open-question-2/singular", derivation="unknown-variance", general=True, k=()),
        Claim(id="open-question-2/uniform", derivation="unknown-covariance", general=True, k=()),
        Claim(id="open-question-2/order", derivation="matched-covariance", general=True, k=()),
        Claim(id="open-question-2/known", derivation="degenerate-directions", general=True, k=()),
        Claim(id="open-question-2/every-start", derivation="variance-landscape", general=True, k=()),
        Claim(id="open-question-2/anisotropic", derivation="data-law", general=True, k=()),
    ),
    controls=(
        Claim(
            id="open-question-2/control",
            title="Twice the variance, kept out of the model: here the origin does not attract, $c(1 − σ²) > 1$.",
            statement="2 * contraction_factor < 1",
            weights="linear",
        ),
    ),
    depends=(
        "beyond-covariance",
        "beyond-unknown-variance",
        "beyond-unknown-covariance",
        "beyond-matched-covariance",
        "beyond-variance-landscape",
        "beyond-data-law",
    ),
)
