"""Open question 2: unknown or anisotropic covariances."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="open-question-2",
    title="Fitting the covariance too leaves the local rate unchanged; anisotropic data change it",
    source="Open Question 2",
    quote="Does exponential convergence persist with unknown or anisotropic covariances rather than fixed identity?",
    reading=(
        "At (0, I) the Jacobian of EM for θ and a common covariance is blockdiag(I − AᵀA, 0), isotropic or full, and "
        "with unknown weights blockdiag(I − AᵀA, I): locally θ contracts at the same factor. With the covariance "
        "fixed at I and data of covariance Σ it is Σ_j π_jU_jᵀΣU_j − AᵀΣA."
    ),
    group="Open questions",
    claims=(
        Claim(id="open-question-2/unknown", derivation="covariance-blocks", general=True, k=()),
        Claim(id="open-question-2/anisotropic", derivation="data-law", general=True, k=()),
    ),
    controls=(
        Claim(
            id="open-question-2/control",
            title="Twice the variance, kept out of the model: here the origin does not attract, c(1 − σ²) > 1.",
            statement="2 * contraction_factor < 1",
            weights="linear",
            expect="refuted",
        ),
    ),
    depends=("beyond-covariance", "beyond-data-law"),
)
