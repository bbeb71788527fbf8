"""Beyond the paper: what samples do at the fixed point."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")

ENTRY = Entry(
    id="beyond-finite-samples",
    title="The Fisher information at the origin is AᵀA; where it vanishes the likelihood is quadratic in r²",
    source="Beyond the paper; beside its finite-sample bounds",
    quote="Finite-sample bounds show convergence with explicit sample complexity guarantees",
    reading=(
        "The information at θ = 0 is AᵀA for all orthogonal maps. Along a line ru with Au = 0, ‖u‖ = 1, it vanishes, "
        "and the score in η = r² has the variance q/2, q = ‖Σπ_j(U_ju)(U_ju)ᵀ‖_F². What follows for estimators is "
        "cited in the derivation, not proved: for an invertible A the limits in law √n θ̂ → N(0, (AᵀA)^{−1}) and "
        "2n KL → χ²_d; the mean of 2n KL is observed on samples. Nothing is claimed of θ̂ where A is singular."
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
