"""Beyond the paper: what samples do at the fixed point."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")

ENTRY = Entry(
    id="beyond-finite-samples",
    title="The Fisher information at the origin is $AᵀA$; if $A$ is invertible the mean of $2n KL(θ̂)$ tends to $d$",
    source="Beyond the paper; beside its finite-sample bounds",
    quote="Finite-sample bounds show convergence with explicit sample complexity guarantees",
    reading="The information at $θ = 0$ is $AᵀA$ for all orthogonal maps. Along a line $ru$ with $Au = 0$, $‖u‖ = 1$, "
    "it vanishes, and the score in $η = r²$ has the variance $q/2$, $q = ‖∑π_j(U_ju)(U_ju)ᵀ‖_F²$. Derived: for an "
    "invertible $A$, $θ̂$ is bounded on every sample by the mean of the $‖X_i‖$, and where that is at most $ρ$ by "
    "$e^{ρ²}/σ²$ times the largest $‖M_n − M‖$ on $‖θ‖ ≤ ρ$. Cited: the limits in law $√n θ̂ → N(0, (AᵀA)^{−1})$ and "
    "$2n KL → χ²_d$, and the theorems on moments by which, with these bounds, the mean of $2n KL$ tends to $d$. Not "
    "shown: the law of $θ̂$ where $A$ is singular, for which beyond-symmetric-sample has one case. What holds for a "
    "given $n$, with a given probability, is in theorem-finite-sample.",
    claims=(
        Claim(id="beyond-finite-samples/information", derivation="fisher-information", general=True, k=()),
        Claim(id="beyond-finite-samples/mean", derivation="sample-mean", general=True, k=()),
    ),
    instances=(
        Claim(
            id="beyond-finite-samples/bound",
            title="$2n KL$ of EM's limit on 5000 points is on average below what it is at most in 95 % of all samples.",
            statement="sample_likelihood_gain(n=5000, seed=5) < 10000 * sample_kl_bound(n=5000, delta=1/20, "
            "radius=1/10)",
            weights="one-heavy:4/5",
            radius="1/10",
        ),
        Claim(
            id="beyond-finite-samples/wilks",
            title="$2n KL$ of EM's limit on 4000 points is $d$ on average: $d = 2$,",
            statement="abs(sample_likelihood_gain(n=4000, seed=5) - d) < 3/5",
            weights=_WEIGHTS,
            radius="1/2",
        ),
        Claim(
            id="beyond-finite-samples/wilks-four",
            title="and with other weights, $d = 4$.",
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
            statement="abs(sample_likelihood_gain(n=1000, seed=5) - d) < 3/5",
            radius="1/2",
        ),
        Claim(
            id="beyond-finite-samples/control-half",
            title="$n KL$ in place of $2n KL$.",
            statement="abs(sample_likelihood_gain(n=4000, seed=5) / 2 - d) < 3/5",
            weights=_WEIGHTS,
            radius="1/2",
        ),
    ),
)
