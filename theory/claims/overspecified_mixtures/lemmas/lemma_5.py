"""Lemma 5: strong convexity near the origin."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="lemma-5",
    title="Lemma 5: strong convexity near the origin",
    source="Why This Works, Mechanism 1, evidence anchor; Lemma 5 of the paper",
    quote="[Lemma 5] establishes strong convexity",
    reading="If $A$ is invertible there is $γ > 0$ with $λ_{min}(∇²ℓ(θ)) ≥ ½ min |π̂_m|²$ for $‖θ‖ ≤ γ$: by continuity "
    "from $∇²ℓ(0) = AᵀA$. Instances: $γ = 1/4$ on the simplex ray.",
    claims=(Claim(id="lemma-5/hessian", derivation="hessian", general=True, k=()),),
    instances=(
        Claim(
            id="lemma-5/hessian-coordinates",
            title="The same for single $k$, in coordinates.",
            derivation="hessian",
            k=(2, 3, 4),
        ),
        Claim(
            id="lemma-5/three",
            statement="hessian_min_eigenvalue > spectral_gap / 2",
            k=(2, 3),
            weights="linear",
            for_all={"radius": ("0", "1/4")},
        ),
        Claim(
            id="lemma-5/two",
            title="All weights of two components from 11/20 to 99/100.",
            statement="hessian_min_eigenvalue > spectral_gap / 2",
            k=(2,),
            weights="one-heavy:W",
            for_all={"W": ("11/20", "99/100"), "radius": ("0", "1/4")},
        ),
        Claim(
            id="lemma-5/four",
            statement="hessian_min_eigenvalue > spectral_gap / 2",
            k=(4,),
            weights=("1/2", "1/4", "1/8", "1/8"),
            for_all={"radius": ("0", "1/4")},
        ),
    ),
    hypotheses=(Claim(id="lemma-5/dft-condition", statement="spectral_gap > 0", k=(2, 3), weights="linear"),),
    controls=(
        Claim(
            id="lemma-5/control-everywhere",
            title="Strong convexity is local: with many components it fails away from the origin.",
            statement="hessian_min_eigenvalue > 0",
            k=(1000,),
            weights="one-heavy:0.99",
            radius="2.64",
        ),
        Claim(id="lemma-5/control-uniform", statement="hessian_min_eigenvalue > 0", k=(3,), radius="0"),
    ),
    depends=("lemma-3",),
)
