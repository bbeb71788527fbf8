"""The finite-sample theorem, with constants."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS, _HEAVY = ("1/2", "3/10", "1/5"), "one-heavy:4/5"
_ERROR = "sample_operator_error(n=400000, delta=1/20, radius=1)"

ENTRY = Entry(
    id="theorem-finite-sample",
    title="Theorem for samples: with probability $1 − δ$, EM from a whole ball tends to one point; how near 0 it is",
    source="Key Results",
    quote="Finite-sample bounds show convergence with explicit sample complexity guarantees",
    reading="The summary gives no bound and no constants; these are ours. On $n$ points EM is gradient descent on the "
    "sample objective. If $A$ is invertible and $n$ is large enough, then with probability $1 − δ$ sample EM maps a "
    "ball into itself and contracts it, tends from every start there to one point $θ̂$, and $‖θ̂‖ ≤ r_1$, $‖Aθ̂‖ ≤ "
    "σr_1$, with $r_1$ the root of an explicit cubic, $√(χ²_d/n)/σ$ to leading order; $KL ≤ ‖Aθ̂‖²/2 + 2‖Aθ̂‖‖θ̂‖²/3 + "
    "‖θ̂‖⁴/4$. In a ball of any radius $ρ$ EM stays, and $‖θ_t‖ ≤ p^tρ + ε/(1 − p)$ for every start and all $t$, with "
    "an explicit $ε$, so that it reaches the inner ball, but for much larger $n$. Derived for every $k$, weights, "
    "orthogonal maps, $n$ and $d$; the law of the largest singular value of a normal matrix is cited. For degenerate "
    "weights $‖θ̂‖² ≤ K(‖x̄‖ + K(‖x̄‖ + η))$, $K² = D + 2‖θ̂‖²$, on every sample, $η$ the excess of $∇M_n$ over $∇M$, "
    "which has explicit bounds on every ball, without a net: so $‖θ̂‖$ is of order $n^{−1/4}$, as samples are, with a "
    "constant, for every $k$. For $k ≤ 4$ fixed points of "
    "EM are excluded cell by cell, with exponential moments computed for the weights at hand: with probability $1 − δ$ "
    "EM from *every* start ends within a radius that is about twice the quantile that samples show, from some hundred "
    "points on, for degenerate weights as well. For $k > 4$ there is a bound for every start from some thousand points "
    "on, but a large one until $n$ reaches the threshold of contraction. Not shown: a number of steps below that.",
    claims=(
        Claim(id="theorem-finite-sample/gradient", derivation="gradient", general=True, k=()),
        Claim(id="theorem-finite-sample/theorem", derivation="finite-sample", general=True, k=()),
        Claim(id="theorem-finite-sample/contraction", derivation="sample-contraction", general=True, k=()),
        Claim(id="theorem-finite-sample/limit", derivation="sample-limit", general=True, k=()),
        Claim(id="theorem-finite-sample/constants", derivation="sample-constants", general=True, k=()),
        Claim(id="theorem-finite-sample/tails", derivation="sample-tails", general=True, k=()),
        Claim(id="theorem-finite-sample/divergence", derivation="sample-divergence", general=True, k=()),
        Claim(id="theorem-finite-sample/any-ball", derivation="sample-net", general=True, k=()),
        Claim(id="theorem-finite-sample/nets", derivation="covering-number", general=True, k=()),
        Claim(id="theorem-finite-sample/every-start", derivation="sample-ball", general=True, k=()),
        Claim(id="theorem-finite-sample/cells", derivation="sample-shells", general=True, k=()),
        Claim(id="theorem-finite-sample/models", derivation="model-deviation", general=True, k=()),
        Claim(id="theorem-finite-sample/degenerate", derivation="degenerate-sample", general=True, k=()),
        Claim(id="theorem-finite-sample/hessian", derivation="sample-hessian", general=True, k=()),
    ),
    instances=(
        Claim(
            id="theorem-finite-sample/points",
            title="$k = 3$, 80 % on one mean, starts with $‖θ‖ ≤ 1/10$: 6400 points are enough for $KL ≤ 1/1000$ nats,",
            statement="samples_needed(eps=1/1000, delta=1/20, radius=1/10) <= 6400",
            weights=_HEAVY,
        ),
        Claim(
            id="theorem-finite-sample/steps",
            title="and eight steps.",
            statement="steps_needed(n=10000, delta=1/20, radius=1/10) <= 8",
            weights=_HEAVY,
        ),
        Claim(
            id="theorem-finite-sample/any-start",
            title="From $‖θ‖ ≤ 1$ hardly more are needed:",
            statement="6500 < samples_needed(eps=1/1000, delta=1/20, radius=1) < 6600",
            weights=_HEAVY,
        ),
        Claim(
            id="theorem-finite-sample/hundreds",
            title="The weights 1/2, 3/10, 1/5: 1,000 points leave $‖θ̂‖ ≤ 0.517$,",
            statement="sample_error_bound(n=1000, delta=1/20, radius=1) < 517/1000",
            weights=_WEIGHTS,
        ),
        Claim(
            id="theorem-finite-sample/thousands",
            title="10,000 points $‖θ̂‖ ≤ 0.217$ (95 % of samples: 0.264 and 0.0923).",
            statement="sample_error_bound(n=10000, delta=1/20, radius=1) < 217/1000",
            weights=_WEIGHTS,
        ),
        Claim(
            id="theorem-finite-sample/uniform",
            title="Equal weights: 10,000 points $‖θ̂‖ ≤ 0.35$, and 16 times as many a little more than half of that.",
            statement="max(sample_error_bound(n=10000, delta=1/20, radius=1) - 7/20, sample_error_bound(n=160000, "
            "delta=1/20, radius=1) - 9/50) < 0",
            weights="uniform",
        ),
        Claim(
            id="theorem-finite-sample/singular",
            title="Five of them: $10^{16}$ points $‖θ̂‖ ≤ 9n^{−1/4}$, and $10^{20}$ points $8n^{−1/4}$.",
            statement="max(10**4 * sample_error_bound(n=10**16, delta=1/20, radius=1) - 9, 10**5 * "
            "sample_error_bound(n=10**20, delta=1/20, radius=1) - 8) < 0",
            k=(5,),
            weights="uniform",
        ),
        Claim(
            id="theorem-finite-sample/five",
            title="80 % on one of five means, starts anywhere: 465,000 points are enough for $KL ≤ 1/1000$ nats.",
            statement="samples_needed(eps=1/1000, delta=1/20, radius=50) < 465000",
            k=(5,),
            weights=_HEAVY,
        ),
        Claim(
            id="theorem-finite-sample/ball",
            title="With 400,000 points and $‖θ_0‖ ≤ 1$ EM stays there and $‖θ_t‖ ≤ p^t + 3/25$, $p$ the contraction "
            "bound.",
            statement=f"{_ERROR} < 3/25 * (1 - contraction_bound(radius=1))",
            weights=_HEAVY,
        ),
        Claim(
            id="theorem-finite-sample/factor",
            title="The 99 % interval of the factor over 8 samples of 40,000 points lies within 0.03 of the prediction.",
            statement="abs(sample_contraction_factor(n=40000, seed=100) - contraction_factor) < 0.03",
            weights=_WEIGHTS,
            radius="1",
        ),
        Claim(
            id="theorem-finite-sample/bernoulli",
            title="$1 − x ≤ (1 − 2x/(D + 2))^{1 + D/2}$ at $D = 2$: 2 in place of 16/15,",
            statement="1 - radius <= (1 - radius/2)**2",
            for_all={"radius": ("0", "1")},
        ),
    ),
    hypotheses=(
        Claim(id="theorem-finite-sample/dft-condition", statement="spectral_gap > 0", weights=_WEIGHTS),
        Claim(id="theorem-finite-sample/heavy", statement="spectral_gap == 49/100", weights=_HEAVY),
    ),
    controls=(
        Claim(
            id="theorem-finite-sample/control",
            title="The factor of $I − A$ instead of $I − AᵀA$.",
            statement="abs(sample_contraction_factor(n=40000, seed=100) - (1 - dft_modulus(m=1))) < 0.03",
            weights=_WEIGHTS,
            radius="1",
        ),
        Claim(
            id="theorem-finite-sample/control-ball",
            title="A tenth for 3/25.",
            statement=f"{_ERROR} < 1/10 * (1 - contraction_bound(radius=1))",
            weights=_HEAVY,
        ),
        Claim(
            id="theorem-finite-sample/control-hundreds",
            title="Three quarters of the bound are not shown.",
            statement="sample_error_bound(n=1000, delta=1/20, radius=1) < 387/1000",
            weights=_WEIGHTS,
        ),
        Claim(
            id="theorem-finite-sample/control-singular",
            title="Of order $n^{−1/3}$ it is not.",
            statement="sample_error_bound(n=10**20, delta=1/20, radius=1) * 20 < sample_error_bound(n=10**16, "
            "delta=1/20, radius=1)",
            k=(5,),
            weights="uniform",
        ),
        Claim(
            id="theorem-finite-sample/control-size",
            title="Half as many points are not as good.",
            statement="sample_kl_bound(n=10000, delta=1/20, radius=1/10) <= sample_kl_bound(n=20000, delta=1/20, "
            "radius=1/10)",
            weights=_HEAVY,
        ),
        Claim(
            id="theorem-finite-sample/control-bernoulli",
            title="and no more than 2.",
            statement="1 - radius <= (1 - 21/40 * radius)**2",
            radius="1/100",
        ),
        Claim(
            id="theorem-finite-sample/control-quartic",
            title="1/4 of $‖θ‖⁴$ is needed in KL: $A = 0$ here.",
            statement="kl_divergence <= 249/1000 * radius**4",
            k=(2,),
            radius="1/100",
        ),
    ),
    depends=("mechanism-2", "beyond-sample-constants"),
)
