"""Beyond the paper: what samples do at the fixed point."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")

ENTRY = Entry(
    id="beyond-finite-samples",
    title="The Fisher information at the origin is AᵀA: Wilks' limit and (AᵀA)^{−1}/n, or n^{−1/4} where A is singular",
    source="Beyond the paper; sharpens its finite-sample bounds",
    quote="Finite-sample bounds show convergence with explicit sample complexity guarantees",
    reading=(
        "The information is AᵀA for all orthogonal maps, so by the cited limit theorems √n θ̂ → N(0, (AᵀA)^{−1}) and "
        "E[2n KL] → d whatever the weights, if A is invertible. Along u with Au = 0 the likelihood is quadratic in r², "
        "with information q/2, and ‖θ̂‖ is of order n^{−1/4}. The samples are observed, not proved."
    ),
    group="Beyond the paper",
    claims=(Claim(id="beyond-finite-samples/information", derivation="fisher-information", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-finite-samples/wilks",
            title="2n KL of EM's limit on 4000 points is d on average: d = 2,",
            statement="abs(sample_likelihood_gain(n=4000, seed=5) - d) < 3/5",
            weights=_WEIGHTS,
            radius="1/2",
        ),
        Claim(
            id="beyond-finite-samples/wilks-four",
            title="and with other weights, d = 4.",
            statement="abs(sample_likelihood_gain(n=4000, seed=5) - d) < 9/10",
            k=(4,),
            weights="one-heavy:3/5",
            d=4,
            radius="1/2",
        ),
    ),
    hypotheses=(Claim(id="beyond-finite-samples/dft-condition", statement="spectral_gap == 7/100", weights=_WEIGHTS),),
    controls=(
        Claim(
            id="beyond-finite-samples/control-weights",
            title="For uniform weights Wilks' limit fails.",
            statement="abs(sample_likelihood_gain(n=4000, seed=5) - d) < 3/5",
            radius="1/2",
            expect="refuted",
        ),
        Claim(
            id="beyond-finite-samples/control-half",
            title="n KL in place of 2n KL.",
            statement="abs(sample_likelihood_gain(n=4000, seed=5) / 2 - d) < 3/5",
            weights=_WEIGHTS,
            radius="1/2",
            expect="refuted",
        ),
    ),
)
