"""Mechanism 2: EM is gradient descent with unit step."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="mechanism-2",
    title="EM is gradient descent with unit step",
    source="Why This Works, Mechanism 2; Section 3 of the paper",
    quote="The update $θ_{t+1} = M(θ_t)$ is equivalent to $θ_{t+1} = θ_t − ∇L(θ_t)$",
    reading="$M(θ) = θ − ∇ℓ(θ)$ for every $θ$, with $ℓ$ the expected negative log-likelihood.",
    claims=(
        Claim(id="mechanism-2/operator", derivation="em-operator", general=True, k=()),
        Claim(id="mechanism-2/gradient", derivation="gradient", general=True, k=()),
    ),
    instances=(
        Claim(
            id="mechanism-2/operator-coordinates",
            title="The same for single $k$, in coordinates.",
            derivation="em-operator",
            k=(2, 3, 4),
        ),
        Claim(
            id="mechanism-2/gradient-coordinates",
            title="The same for single $k$, in coordinates.",
            derivation="gradient",
            k=(2, 3, 4),
        ),
        Claim(
            id="mechanism-2/jacobian-coordinates",
            title="The same for single $k$, in coordinates.",
            derivation="jacobian",
            k=(2, 3, 4),
        ),
        Claim(id="mechanism-2/jacobian", derivation="jacobian", general=True, k=()),
        Claim(
            id="mechanism-2/factor",
            statement="contraction_factor == 1 - spectral_gap",
            k=(2, 3, 4, 5, 8, 16),
            weights="linear",
        ),
    ),
    controls=(
        Claim(
            id="mechanism-2/control-half-step",
            title="A step of one half would contract by $1 − ½ min |π̂_m|²$.",
            statement="contraction_factor == 1 - spectral_gap / 2",
            weights="linear",
        ),
        Claim(
            id="mechanism-2/control-first-power",
            title="The Jacobian is $I − AᵀA$, not $I − A$.",
            statement="contraction_factor == 1 - dft_modulus(m=1)",
            weights="linear",
        ),
    ),
)
