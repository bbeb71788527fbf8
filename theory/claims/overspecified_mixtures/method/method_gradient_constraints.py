"""Method summary: under the geometric constraints EM is a gradient descent."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="method-gradient-constraints",
    title="Under the geometric constraints EM is gradient descent with unit step",
    source="Method Summary; Key Results",
    quote="under these geometric constraints with non-degenerate mixture weights, the EM operator becomes equivalent "
    "to gradient descent on the population log-likelihood with unit step size",
    reading="Read as a sufficient condition: with means $R^jθ$ and weights without a vanishing $π̂_m$, $M(θ) = θ − "
    "∇ℓ(θ)$ for every $θ$. The derivation needs neither, entry method-gradient-constraints-needed.",
    claims=(Claim(id="method-gradient-constraints/gradient", derivation="gradient", general=True, k=()),),
    instances=(
        Claim(
            id="method-gradient-constraints/origin",
            statement="contraction_factor == 1 - hessian_min_eigenvalue < 1",
            k=(2, 3, 4, 5),
            weights="linear",
            radius="0",
        ),
    ),
    hypotheses=(
        Claim(
            id="method-gradient-constraints/non-degenerate",
            statement="spectral_gap > 0",
            k=(2, 3, 4, 5),
            weights="linear",
        ),
    ),
    controls=(
        Claim(
            id="method-gradient-constraints/control",
            title="The step is 1, not 1/2.",
            statement="contraction_factor == 1 - hessian_min_eigenvalue / 2",
            k=(3, 4, 5),
            weights="linear",
            radius="0",
        ),
    ),
    depends=("mechanism-2",),
)
