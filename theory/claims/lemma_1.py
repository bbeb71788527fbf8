"""Lemma 1: a local Polyak-Łojasiewicz inequality."""

from theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")

ENTRY = Entry(
    id="lemma-1",
    title="A local Polyak-Łojasiewicz inequality",
    source="Why This Works, Mechanism 2, evidence anchor; Lemma 1 of the paper",
    quote="[Lemma 1] establishes local PL inequality",
    reading="There are γ, μ > 0 with ½‖∇ℓ(θ)‖² ≥ μ KL(θ) for 0 < ‖θ‖ ≤ γ; read with γ = 1 and μ = spectral_gap / 2.",
    group="Lemmas and Proposition 1",
    claims=(
        Claim(id="lemma-1/constant", statement="pl_constant(radius=1) > spectral_gap / 2", weights=_WEIGHTS),
        Claim(
            id="lemma-1/pointwise",
            statement="pl_ratio > spectral_gap / 2",
            weights=_WEIGHTS,
            for_all={"radius": ("1/100", "1")},
        ),
    ),
    hypotheses=(Claim(id="lemma-1/dft-condition", statement="spectral_gap > 0", weights=_WEIGHTS),),
    controls=(
        Claim(
            id="lemma-1/control-uniform",
            title="With uniform weights the ratio tends to 0 with the radius.",
            statement="pl_ratio > 1/100",
            radius="1/100",
            expect="refuted",
        ),
        Claim(
            id="lemma-1/control-too-strong",
            title="A constant above 1 contradicts the descent of the unit step.",
            statement="pl_ratio > 1",
            weights=_WEIGHTS,
            radius="1",
            expect="refuted",
        ),
    ),
    depends=("lemma-3",),
)
