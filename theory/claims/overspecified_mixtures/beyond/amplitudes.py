"""Beyond the paper: the objective as a function of the amplitudes."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_there = partial(Claim, k=(1000,), weights="one-heavy:0.99", radius="2.64")

ENTRY = Entry(
    id="beyond-amplitudes",
    title="$Λ$ depends on the amplitudes only, and its derivatives are cumulants of the posterior",
    source="Beyond the paper; how everything off the simplex is computed",
    quote="Symmetric rotation matrix encoding simplex geometry",
    reading="For every $k$, all weights and every $θ$, in the cyclic case: $Λ$ is a function of the $ρ_m² = ‖P_mθ‖²$; "
    "for $ρ_m > 0$, $2 ∂Λ/∂(ρ_m²) = 1 − β_m$, and the second derivatives are means of fourth cumulants of the "
    "characters under the posterior, divided by 4. With them $∂²ℓ/∂ρ_m² = β_m − 4ρ_m² ∂²Λ/∂(ρ_m²)²$, $∂²ℓ/∂ρ_m∂ρ_n = "
    "−4ρ_mρ_n ∂²Λ/∂(ρ_m²)∂(ρ_n²)$, and $β_m$ is the eigenvalue across the radius.",
    claims=(Claim(id="beyond-amplitudes/derivation", derivation="amplitude-derivatives", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-amplitudes/coordinates",
            title="The same in coordinates, with the Gram matrix of the exponents.",
            derivation="amplitudes",
            k=(2, 3, 4),
        ),
        _there(
            id="beyond-amplitudes/radial",
            title="The smallest eigenvalue may be radial, below the tangential $β_1$, even negative.",
            statement="hessian_min_eigenvalue < 0 < posterior_power(m=1)",
        ),
    ),
    controls=(
        _there(
            id="beyond-amplitudes/control",
            title="The smallest eigenvalue is not always a tangential one.",
            statement="hessian_min_eigenvalue == posterior_power(m=1)",
        ),
    ),
    correction="$R$ is symmetric for $k = 2$ only: $⟨Rv_0, v_1⟩ = 1$ and $⟨v_0, Rv_1⟩ = ⟨v_0, v_2⟩ = −1/(k − 1)$ for "
    "$k ≥ 3$. What is needed of it is that it is orthogonal.",
    corrected=(Claim(id="beyond-amplitudes/rotation", derivation="simplex", general=True, k=()),),
)
