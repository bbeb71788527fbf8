"""Foundational learning: overspecification without spurious minima."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="foundation-overspecification",
    title=(
        "With non-degenerate weights overspecification causes neither spurious stationary points nor slow convergence"
    ),
    source="Foundational Learning, Overspecification in Mixture Models",
    quote=(
        "Overspecification usually creates spurious local minima, but under simplex constraints avoids slow convergence"
    ),
    reading="Read with the condition on the weights that the paper's theorems have and this sentence has not (without "
    "it: entry foundation-overspecification-weights): with means $R^jθ$ and weights of which no $π̂_m$ vanishes, $θ = "
    "0$, the true density, is the only stationary point of $ℓ$, and EM converges linearly to it from every start, for "
    "every number $k$ of components. What happens usually is not judged.",
    claims=(
        Claim(id="foundation-overspecification/only-one", derivation="stationary-point", general=True, k=()),
        Claim(id="foundation-overspecification/linear", derivation="global-convergence", general=True, k=()),
    ),
    instances=(
        Claim(
            id="foundation-overspecification/gradient",
            title="The gradient vanishes nowhere on the ray.",
            statement="pl_ratio > 0",
            k=(2, 3, 4),
            weights="linear",
            for_all={"radius": ("1/10", "6")},
        ),
    ),
    hypotheses=(
        Claim(
            id="foundation-overspecification/dft-condition",
            statement="spectral_gap > 0",
            k=(2, 3, 4, 64),
            weights="linear",
        ),
    ),
    controls=(
        Claim(
            id="foundation-overspecification/control-uniform",
            title="Without the DFT condition convergence is slow.",
            statement="asymptotic_rate < 1",
            k=(3,),
            radius="1",
        ),
    ),
    depends=("beyond-contraction-bound",),
)
