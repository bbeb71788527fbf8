"""Beyond the paper: without a condition on weights or maps the true density is the only stationary point."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-stationary-point",
    title="For all weights and any matrices $θ = 0$ is the only stationary point, for orthogonal maps with $KL > "
    "‖θ‖⁴/(4(D + 2‖θ‖²))$",
    source="Beyond the paper; its Section 3 has a condition on the weights",
    quote="Overspecification usually creates spurious local minima",
    reading="For means $L_jθ$ with any matrices $L_j$, all means free among them, if $N = ∑_j π_jL_jᵀL_j$ is "
    "invertible, and for all weights, $k$, $d$ and $θ ≠ 0$: $⟨θ, ∇ℓ(θ)⟩ = E‖∑_j γ_jL_jθ‖² ≥ S²/(D + 2S) > 0$, $S = E "
    "∑_j γ_j‖L_jθ‖²$, where $D ≥ 1$ is at least the dimension of the span of the differences $L_iθ − L_jθ$: there is "
    "no other stationary point, and KL grows along every ray from 0. If all $L_j$ are injective EM converges to 0 from "
    "every start; for other matrices, free means among them, that is not judged. For orthogonal maps $S = ‖θ‖²$ and "
    "$KL(N(0, I) ‖ p_θ) > ‖θ‖⁴/(4(D + 2‖θ‖²))$; $d$ and $k − 1$ will do for $D$.",
    claims=(Claim(id="beyond-stationary-point/derivation", derivation="stationary-point", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-stationary-point/gradient",
            title="On the simplex $⟨θ, ∇ℓ(θ)⟩ = β r²$ if all $β_m$ are equal, as for uniform weights.",
            statement="posterior_power(m=1) >= radius**2 / (k - 1 + 2 * radius**2)",
            k=(2, 3),
            for_all={"radius": ("1/10", "6")},
        ),
        Claim(
            id="beyond-stationary-point/all-weights",
            title="Two components, from equal weights to 99 in a hundred.",
            statement="posterior_power(m=1) >= radius**2 / (k - 1 + 2 * radius**2)",
            k=(2,),
            weights="one-heavy:W",
            for_all={"W": ("1/2", "99/100"), "radius": ("1/10", "inf")},
        ),
        Claim(
            id="beyond-stationary-point/kl",
            statement="kl_divergence > radius**4 / (4 * (k - 1 + 2 * radius**2))",
            k=(2, 3),
            for_all={"radius": ("1/10", "6")},
        ),
        Claim(
            id="beyond-stationary-point/kl-partial",
            title="With one vanishing transform, $π̂_2 = 0$.",
            statement="kl_divergence > radius**4 / (4 * (k - 1 + 2 * radius**2))",
            k=(4,),
            weights=("2/5", "1/10", "1/10", "2/5"),
            radius="1/2",
        ),
        Claim(
            id="beyond-stationary-point/sharp",
            title="For uniform weights it is sharp to leading order.",
            statement="kl_divergence < (1 + radius) * radius**4 / (4 * (k - 1 + 2 * radius**2))",
            k=(2, 3, 4, 16),
            radius="1/100",
        ),
        Claim(
            id="beyond-stationary-point/kl-for-two",
            title="For two components 4/3 does in place of 2 in KL,",
            statement="kl_divergence >= radius**4 / (4 * (k - 1 + 4/3 * radius**2))",
            k=(2,),
            for_all={"radius": ("1/10", "inf")},
        ),
    ),
    controls=(
        Claim(
            id="beyond-stationary-point/control-dimension",
            title="$k − 2$ in place of $k − 1$.",
            statement="kl_divergence > radius**4 / (4 * (k - 2 + 2 * radius**2))",
            k=(3,),
            radius="1/10",
        ),
        Claim(
            id="beyond-stationary-point/control-order",
            title="Of second order KL is only where $A$ is invertible.",
            statement="kl_divergence > radius**2 / (4 * (k - 1 + 2 * radius**2))",
            k=(3,),
            radius="1/10",
        ),
        Claim(
            id="beyond-stationary-point/control-kl-for-two",
            title="and 1.32 does not;",
            statement="kl_divergence >= radius**4 / (4 * (k - 1 + 132/100 * radius**2))",
            k=(2,),
            radius="1/10",
        ),
        Claim(
            id="beyond-stationary-point/control-gradient-for-two",
            title="in the gradient 2 is sharp.",
            statement="posterior_power(m=1) >= radius**2 / (k - 1 + 199/100 * radius**2)",
            k=(2,),
            radius="1/100",
        ),
    ),
)
