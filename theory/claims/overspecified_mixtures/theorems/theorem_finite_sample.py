"""The finite-sample theorem, as far as the population quantities reach."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")

ENTRY = Entry(
    id="theorem-finite-sample",
    title="Sample EM is gradient descent too, and on one case contracts at the population's factor, as far as seen",
    source="Key Results",
    quote="Finite-sample bounds show convergence with explicit sample complexity guarantees",
    reading=(
        "The summary gives no bound and no constants, so the guarantees themselves are not judged. What is: on $n$ "
        "points EM is gradient descent on the sample objective (the derivation is pointwise in the data), and at $k "
        "= 3$ with the weights 1/2, 3/10, 1/5 the factor observed on samples agrees with $1 − min |π̂_m|²$. The "
        "second half is sampled evidence, with the number of points, trials and seed stated."
    ),
    group="Theorems and key results",
    claims=(
        Claim(id="theorem-finite-sample/gradient", derivation="gradient", general=True, k=()),
        Claim(
            id="theorem-finite-sample/factor",
            title="The 99 % interval over 8 samples of 40,000 points lies within 0.03 of the prediction.",
            statement="abs(sample_contraction_factor(n=40000, seed=100) - contraction_factor) < 0.03",
            weights=_WEIGHTS,
            radius="1",
        ),
    ),
    hypotheses=(Claim(id="theorem-finite-sample/dft-condition", statement="spectral_gap > 0", weights=_WEIGHTS),),
    controls=(
        Claim(
            id="theorem-finite-sample/control",
            title="The factor of $I − A$ instead of $I − AᵀA$.",
            statement="abs(sample_contraction_factor(n=40000, seed=100) - (1 - dft_modulus(m=1))) < 0.03",
            weights=_WEIGHTS,
            radius="1",
            expect="refuted",
        ),
    ),
    depends=("mechanism-2",),
)
