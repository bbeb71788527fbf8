"""Beyond the paper: how sharp the finite-sample theorem is."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = "one-heavy:4/5"
_AT = "delta=1/20, radius=1/10"

ENTRY = Entry(
    id="beyond-sample-constants",
    title="The finite-sample bounds on KL and $‖Aθ̂‖$ have the constants of normal theory in the limit, but for a "
    "share of $δ$",
    source="Beyond the paper; beside its finite-sample bounds",
    quote="Finite-sample bounds show convergence with explicit sample complexity guarantees",
    reading="For every observation the posterior covariance at $θ$ exceeds that at 0 by the factor $e^{8‖x‖²‖θ‖²/3}$ "
    "and the third cumulant at most, whatever $k$ and the weights; so on any sample the derivative of EM on a whole "
    "ball is bounded by three numbers of the sample, without a net. The bound on $‖θ̂‖$ that follows is, at $k = 3$, "
    "$d = 2$, $n = 10⁴$, $δ = 1/20$ with 80 % on one mean, within a factor 1.26 of the tail of the limit law; 1.05 of "
    "it is that only 3/4 of $δ$ are left for the mean of the points, and at $n = 10^{24}$ nothing else remains. This "
    "is of $‖θ̂‖$ only where $AᵀA = σ²I$, as it is there; else its bound has $1/σ$ in place of $A^{−1}$: in the limit "
    "it is $2.32$ times the 95 % quantile for the weights 1/2, 1/4, 1/8, 1/8 at $d = 20$, and $3.11$ times for 1/2, "
    "3/10, 1/5 at $d = 100$. Of KL and $‖Aθ̂‖$ it is for all weights and dimensions.",
    claims=(
        Claim(id="beyond-sample-constants/observation", derivation="posterior-curvature", general=True, k=()),
        Claim(id="beyond-sample-constants/ball", derivation="sample-curvature", general=True, k=()),
    ),
    instances=(
        Claim(
            id="beyond-sample-constants/norm",
            title="Within a factor 1.26 of normal theory, the root of the tail of $χ²_2$ divided by $σ√n$,",
            statement=f"sample_error_bound(n=10000, {_AT}) * dft_modulus(m=1) * 100 < 1.26 * sqrt(-2 * log(1/20))",
            weights=_WEIGHTS,
        ),
        Claim(
            id="beyond-sample-constants/divergence",
            title="within a factor 1.8 of Wilks' law,",
            statement=f"20000 * sample_kl_bound(n=10000, {_AT}) < 1.8 * (-2 * log(1/20))",
            weights=_WEIGHTS,
        ),
        Claim(
            id="beyond-sample-constants/limit",
            title="and in the limit 1.1, for the share 3/4 of $δ$.",
            statement=f"0 < 2 * 10**24 * sample_kl_bound(n=10**24, {_AT}) + 2 * log(3/80) < 1/10**9",
            weights=_WEIGHTS,
        ),
        Claim(
            id="beyond-sample-constants/even",
            title="With the weights 1/2, 3/10, 1/5 the threshold is higher; at $n = 400000$ the factor is below 1.5.",
            statement="sample_error_bound(n=400000, delta=1/20, radius=1/25) * dft_modulus(m=1) * sqrt(400000) < 1.5 * "
            "sqrt(-2 * log(1/20))",
            weights=("1/2", "3/10", "1/5"),
        ),
        Claim(
            id="beyond-sample-constants/dimensions",
            title="In more dimensions than the simplex has, the dimension enters by the law of $x̄$ only.",
            statement=f"sample_error_bound(n=100000, {_AT}) < 3/100",
            weights=_WEIGHTS,
            d=20,
        ),
        Claim(
            id="beyond-sample-constants/exponential",
            title="In $e^w − w ≤ e^{2w²/3}$ 0.558 does in place of 2/3,",
            statement="exp(radius) - radius <= exp(558/1000 * radius**2)",
            for_all={"radius": ("0", "4")},
        ),
    ),
    hypotheses=(
        Claim(id="beyond-sample-constants/dft-condition", statement="spectral_gap == 49/100", weights=_WEIGHTS),
    ),
    controls=(
        Claim(
            id="beyond-sample-constants/control-normal",
            title="It is not below the tail of the limit law.",
            statement=f"sample_error_bound(n=10000, {_AT}) * dft_modulus(m=1) * 100 < sqrt(-2 * log(1/20))",
            weights=_WEIGHTS,
        ),
        Claim(
            id="beyond-sample-constants/control-half",
            title="$n KL$ in place of $2n KL$.",
            statement=f"10**24 * sample_kl_bound(n=10**24, {_AT}) > -2 * log(1/20)",
            weights=_WEIGHTS,
        ),
        Claim(
            id="beyond-sample-constants/control-first-power",
            title="$|π̂|$ in place of its square in KL.",
            statement=f"sample_kl_bound(n=10**24, {_AT}) > dft_modulus(m=1) * "
            f"sample_error_bound(n=10**24, {_AT})**2 / 2",
            weights=_WEIGHTS,
        ),
        Claim(
            id="beyond-sample-constants/control-exponential",
            title="and 0.557 does not.",
            statement="exp(radius) - radius <= exp(557/1000 * radius**2)",
            radius="16/25",
        ),
    ),
)
