"""Beyond the paper, open question 2: the variance fitted too, where A is singular."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_R = "(sqrt(1 + 4 * radius**2) - 1) / (2 * radius)"
"""‖θ‖ where it is `radius` times the variance 1 − ‖θ‖²."""

_there = partial(Claim, k=(2,), radius="1/100")

ENTRY = Entry(
    id="beyond-unknown-variance",
    title="Equal weights on $±θ$ with the covariance fitted too: $r_t ~ (4t)^{−1/6}$ in place of $(2t)^{−1/2}$",
    source="Beyond the paper; answers open question 2 where $A$ is singular",
    quote="Does exponential convergence persist with unknown or anisotropic covariances rather than fixed identity?",
    reading="$k = 2$, weights 1/2, EM for $θ$ and the variance, $d = 1$, or for $θ$ and a full covariance, any $d$, "
    "from any $θ_0 ≠ 0$ and any covariance: after the first step it is $I − θθᵀ$, $‖θ‖$ decreases in every step after "
    "that, $r_t ~ (4t)^{−1/6}$ and $KL_t ~ (4t)^{−4/3}/12$, as $KL = r⁸/12 + O(r^{10})$ there; with the covariance "
    "known $KL = r⁴/4 + O(r⁶)$, $r_t ~ (2t)^{−1/2}$ and $KL_t ~ 1/(16t²)$. So an unknown covariance does change the "
    "rate where $A$ is singular. For $k ≥ 3$ and a multiple of $I$ in more dimensions see beyond-unknown-covariance.",
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
        _there(
            id="beyond-unknown-variance/fourth-power",
            title="$KL/r⁴$ at a small radius, the variance known.",
            statement="abs(4 * kl_divergence / radius**4 - 1) < radius",
        ),
        _there(
            id="beyond-unknown-variance/eighth-power",
            title="KL over $r⁸/12$ at a small radius, on the curve $v = 1 − r²$.",
            statement=f"abs(12 * (log(1 - ({_R})**2) / 2 + {_R} * radius - log_partition) / ({_R})**8 - 1) < radius",
        ),
    ),
    hypotheses=(Claim(id="beyond-unknown-variance/singular", statement="spectral_gap == 0", k=(2,)),),
    controls=(
        _there(
            id="beyond-unknown-variance/control-eighth-power",
            title="With the variance known KL is not of order $r⁸$.",
            statement="abs(12 * kl_divergence / radius**8 - 1) < 1",
        ),
        Claim(
            id="beyond-unknown-variance/control-weights",
            title="It is for equal weights only: others leave $A$ invertible.",
            statement="spectral_gap == 0",
            k=(2,),
            weights=("2/3", "1/3"),
        ),
    ),
    depends=("beyond-covariance",),
)
