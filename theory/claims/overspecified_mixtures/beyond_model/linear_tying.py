"""Beyond the paper, open question 1: means tied by any linear maps."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-linear-tying",
    title="For means $L_jθ$ with any matrices $L_j$ the Jacobian at the origin is $I − N⁻¹AᵀA$; a kernel of $A$ "
    "excludes rates",
    source="Beyond the paper; answers open question 1",
    quote="Can exponential convergence guarantees extend to general overspecified configurations beyond simplex "
    "geometry?",
    reading="$θ ∈ R^p$, means $L_jθ$, $A = ∑_j π_jL_j$, $N = ∑_j π_jL_jᵀL_j$ invertible, weights and covariance known: "
    "$J_M(0) = I − N⁻¹AᵀA$, with eigenvalues in [0, 1], all below 1 if and only if $A$ is injective; then the origin "
    "attracts geometrically. Otherwise, for iterates that remain in a small ball about 0, from a start whose part in "
    "the kernel of $A$ is not the smaller one and not 0, $1/‖θ_t‖²$ grows at most linearly in $t$: no rate is "
    "exponential, nor better than $t^{−1/2}$. That 0 is the only stationary point is beyond-stationary-point.",
    claims=(Claim(id="beyond-linear-tying/jacobian", derivation="linear-tying", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-linear-tying/orthogonal",
            title="Orthogonal maps, where $N = I$: the largest eigenvalue is $1 − σ_{min}(A)²$.",
            statement="contraction_factor == 1 - spectral_gap == 93/100",
            weights=("1/2", "3/10", "1/5"),
        ),
    ),
    hypotheses=(
        Claim(id="beyond-linear-tying/injective", statement="spectral_gap > 0", k=(2, 3, 4), weights="linear"),
    ),
    controls=(
        Claim(
            id="beyond-linear-tying/control-square",
            title="$A$ in place of $AᵀA$.",
            statement="contraction_factor == 1 - dft_modulus(m=1)",
            weights=("1/2", "3/10", "1/5"),
        ),
        Claim(
            id="beyond-linear-tying/control-kernel",
            title="A need not be injective.",
            statement="contraction_factor < 1",
            k=(2, 3, 4),
        ),
    ),
    depends=("beyond-identity",),
)
