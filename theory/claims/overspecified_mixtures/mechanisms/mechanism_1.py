"""Mechanism 1: the landscape is strongly convex near the origin."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="mechanism-1",
    title="With non-degenerate weights the objective is strongly convex near the origin",
    source="Why This Works, Mechanism 1",
    quote="Simplex configuration transforms the likelihood landscape from multi-modal to strongly convex near origin",
    reading="If no $π̂_m$ vanishes, $∇²ℓ(0) = AᵀA$ has smallest eigenvalue $min |π̂_m|² > 0$ on the simplex span, and "
    "by continuity $λ_{min}(∇²ℓ)$ stays positive on a ball around the origin.",
    claims=(Claim(id="mechanism-1/hessian", derivation="hessian", general=True, k=()),),
    instances=(
        Claim(
            id="mechanism-1/origin",
            statement="hessian_min_eigenvalue == spectral_gap > 0",
            k=(2, 3, 4, 5, 8, 16),
            weights="linear",
            radius="0",
        ),
        Claim(
            id="mechanism-1/near",
            statement="hessian_min_eigenvalue > spectral_gap / 2",
            weights=("1/2", "3/10", "1/5"),
            for_all={"radius": ("0", "1")},
        ),
    ),
    hypotheses=(
        Claim(id="mechanism-1/dft-condition", statement="spectral_gap > 0", k=(2, 3, 4, 5, 8, 16), weights="linear"),
    ),
    controls=(
        Claim(
            id="mechanism-1/control-uniform",
            title="Without the DFT condition the Hessian at the origin is singular.",
            statement="hessian_min_eigenvalue > 0",
            radius="0",
        ),
        Claim(
            id="mechanism-1/control-square-root",
            title="The eigenvalue is $|π̂_m|²$, not $|π̂_m|$.",
            statement="hessian_min_eigenvalue == dft_modulus(m=1)",
            weights=("1/2", "3/10", "1/5"),
            radius="0",
        ),
    ),
    correction="Before, there are no several modes: for means tied by any matrices, $L_jθ$, all means free among them, "
    "and any weights, $θ = 0$ is the only stationary point of $ℓ$ if the data are normal, as in the paper; "
    '"multi-modal" is false. What the simplex and the weights change is the curvature at 0.',
    corrected=(Claim(id="mechanism-1/one-mode", derivation="stationary-point", general=True, k=()),),
    depends=("lemma-3",),
)
