"""Lemma 1: a local Polyak-Łojasiewicz inequality."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")

ENTRY = Entry(
    id="lemma-1",
    title="Lemma 1: a local Polyak–Łojasiewicz inequality",
    source="Why This Works, Mechanism 2, evidence anchor; Lemma 1 of the paper",
    quote="[Lemma 1] establishes local PL inequality",
    reading="If $A$ is invertible there are $γ$, $μ > 0$ with $½‖∇ℓ(θ)‖² ≥ μ KL(θ)$ for $‖θ‖ ≤ γ$. Proved for every "
    "$γ$, with $μ = e^{−2γ²} min |π̂_m|⁴$.",
    claims=(Claim(id="lemma-1/derivation", derivation="pl-inequality", general=True, k=()),),
    instances=(
        Claim(
            id="lemma-1/explicit",
            title="The constant of the proof.",
            statement="pl_ratio >= exp(-2*radius**2) * spectral_gap**2",
            k=(2, 3, 4),
            weights="linear",
            for_all={"radius": ("1/10", "3")},
        ),
        Claim(
            id="lemma-1/constant",
            title="The best constant is much larger.",
            statement="pl_constant(radius=1) > spectral_gap / 2",
            weights=_WEIGHTS,
        ),
    ),
    hypotheses=(Claim(id="lemma-1/dft-condition", statement="spectral_gap > 0", weights=_WEIGHTS),),
    controls=(
        Claim(
            id="lemma-1/control-uniform",
            title="With uniform weights the ratio tends to 0 with the radius.",
            statement="pl_ratio > 1/100",
            radius="1/100",
        ),
        Claim(
            id="lemma-1/control-too-strong",
            title="A constant above 1 contradicts the descent of the unit step.",
            statement="pl_ratio > 1",
            weights=_WEIGHTS,
            radius="1",
        ),
    ),
    depends=("lemma-3", "mechanism-2", "beyond-contraction-bound"),
)
