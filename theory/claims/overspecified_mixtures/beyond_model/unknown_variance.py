"""Beyond the paper, open question 2: the variance fitted too, where A is singular."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-unknown-variance",
    title="Equal weights on $±θ$, $d = 1$, with the variance fitted too: $r_t ~ (4t)^{−1/6}$ in place of $(2t)^{−1/2}$",
    source="Beyond the paper; answers open question 2 where $A$ is singular",
    quote="Does exponential convergence persist with unknown or anisotropic covariances rather than fixed identity?",
    reading=(
        "$k = 2$, $d = 1$, weights 1/2, EM for $θ$ and the variance from any $θ_0 ≠ 0$ and any variance: after the "
        "first step the variance is $1 − θ²$, $|θ|$ decreases in every step after that, $r_t ~ (4t)^{−1/6}$ and "
        "$KL_t ~ (4t)^{−4/3}/12$, as $KL = r⁸/12 + O(r^{10})$ there; with the variance known $KL = r⁴/4 + O(r⁶)$, "
        "$r_t ~ (2t)^{−1/2}$ and $KL_t ~ 1/(16t²)$. So an unknown variance does change the rate where $A$ is "
        "singular. Other degenerate weights, higher dimensions and full covariances are not treated."
    ),
    group="Beyond the paper",
    claims=(
        Claim(id="beyond-unknown-variance/rate", derivation="unknown-variance", general=True, k=()),
        Claim(
            id="beyond-unknown-variance/known",
            title="The variance known, to compare with.",
            derivation="kl-expansion",
            general=True,
            k=(),
        ),
    ),
    instances=(
        Claim(
            id="beyond-unknown-variance/fourth-power",
            title="$KL/r⁴$ at a small radius, the variance known.",
            statement="abs(4 * kl_divergence / radius**4 - 1) < radius",
            k=(2,),
            radius="1/100",
        ),
    ),
    hypotheses=(Claim(id="beyond-unknown-variance/singular", statement="spectral_gap == 0", k=(2,)),),
    controls=(
        Claim(
            id="beyond-unknown-variance/control-eighth-power",
            title="With the variance known KL is not of order $r⁸$.",
            statement="abs(12 * kl_divergence / radius**8 - 1) < 1",
            k=(2,),
            radius="1/100",
            expect="refuted",
        ),
        Claim(
            id="beyond-unknown-variance/control-weights",
            title="It is for equal weights only: others leave $A$ invertible.",
            statement="spectral_gap == 0",
            k=(2,),
            weights=("2/3", "1/3"),
            expect="refuted",
        ),
    ),
    depends=("beyond-covariance",),
)
