"""Beyond the paper: samples fitted by equal weights on ±θ."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-symmetric-sample",
    title="Equal weights on $±θ$: $θ̂$ is 0 if and only if $λ_{max}(S) ≤ 1$, with probability $→ ½$ on the line; else "
    "$~ n^{−1/4}$",
    source="Beyond the paper; beside its finite-sample bounds",
    quote="Finite-sample bounds show convergence with explicit sample complexity guarantees",
    reading="$k = 2$, weights 1/2, means $±θ$ in $R^d$; $A = 0$, and its kernel is $R^d$. On any sample, $S$ the mean "
    "of the $X_iX_iᵀ$ and $L = λ_{max}(S) − 1$: $θ̂ = 0$ if and only if $L ≤ 0$, and else $3L/(2e_4) ≤ ‖θ̂‖²$ and "
    "$‖θ̂‖²(m_4/3 − 2m_6‖θ̂‖²/15) ≤ L$, with fourth and sixth moments of the sample. For $n$ points of $N(0, I)$: "
    "$P(θ̂ = 0) → ½$ for $d = 1$, and $½ − √2/4 = 0.146…$ for $d = 2$; $√n θ̂² → max(0, N(0, 2))$ in law for $d = 1$, "
    "so that $θ̂$ is of order $n^{−1/4}$. The limits use the central limit theorem and Slutsky's. Not shown: the law "
    "of $θ̂$ for $d ≥ 2$, and any limit where the kernel of $A$ is neither 0 nor all of $R^d$.",
    claims=(
        Claim(id="beyond-symmetric-sample/estimate", derivation="symmetric-sample", general=True, k=()),
        Claim(
            id="beyond-symmetric-sample/bounds",
            title="with these bounds on tanh and log cosh.",
            derivation="hyperbolic-bounds",
            general=True,
            k=(),
        ),
    ),
    hypotheses=(Claim(id="beyond-symmetric-sample/singular", statement="spectral_gap == 0", k=(2,)),),
    controls=(
        Claim(
            id="beyond-symmetric-sample/control-weights",
            title="Other weights leave $A$ invertible.",
            statement="spectral_gap == 0",
            k=(2,),
            weights=("2/3", "1/3"),
        ),
    ),
    depends=("beyond-finite-samples",),
)
