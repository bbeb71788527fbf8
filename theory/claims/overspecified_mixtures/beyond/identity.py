"""Beyond the paper: the exact identity, from which the rest follows."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-identity",
    title="$M(θ) = (I − E[GᵀG])θ$ with the posterior-averaged map $G$, for every $θ$",
    source="Beyond the paper; replaces its local expansion",
    quote="Proof relies on continuity of Jacobian without explicitly bounding interval where spectral gap persists",
    reading="With $G = ∑_j γ_jU_j$ and $B = E[GᵀG]$: $M(θ) = (I − B(θ))θ$ and $0 ⪯ B(θ) ⪯ I$ for every $θ$, any "
    "orthogonal maps, weights and $d$; $B(0) = AᵀA$. In the cyclic case the frequency $m$ contracts by exactly $1 − "
    "E|γ̂_m|²$.",
    claims=(Claim(id="beyond-identity/derivation", derivation="stein-identity", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-identity/derivation-coordinates",
            title="The same for single $k$, in coordinates.",
            derivation="stein-identity",
            k=(2, 3, 4),
        ),
        Claim(
            id="beyond-identity/origin",
            title="$β_m(0) = |π̂_m|²$.",
            statement="posterior_power(m=1) == dft_modulus(m=1)**2",
            k=(2, 3, 5, 16),
            weights="linear",
            radius="0",
        ),
        Claim(
            id="beyond-identity/between",
            statement="0 < posterior_power(m=1) < 1",
            k=(3, 10, 100),
            weights="one-heavy:2/3",
            radius="4",
        ),
    ),
    controls=(
        Claim(
            id="beyond-identity/control",
            title="The power is not the square of the mean $E γ̂ = π̂$ away from the origin.",
            statement="posterior_power(m=1) == dft_modulus(m=1)**2",
            weights="linear",
            radius="1",
        ),
    ),
)
