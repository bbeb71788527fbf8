"""Beyond the paper, open question 2: the covariance fitted too, uniform weights on a simplex."""

from emtheory.theory.claim import Claim, Entry

_MATCHED = "(k - 1) * (sqrt(1 + 4 * radius**2 / (k - 1)) - 1) / (2 * radius)"
_LEFT = "k * (sqrt(1 + 4 * radius**2 / k) - 1) / (2 * radius)"
"""‖θ‖ where it is `radius` times the variance 1 − ‖θ‖²/D: for D = k − 1, and for D = k."""

_AFTER = "radius * (1 - posterior_power(m=1))"
_KL = f"(k - 1) / 2 * log(1 - ({_MATCHED})**2 / (k - 1)) + ({_MATCHED}) * radius - log_partition"

ENTRY = Entry(
    id="beyond-unknown-covariance",
    title="Uniform weights with the covariance fitted too: $t^{−1/2}$ if it is $vI$ and $d ≥ k$, $t^{−1/4}$ if it is "
    "full or $d = k − 1$, for $k ≥ 3$",
    source="Beyond the paper; answers open question 2 where $A$ is singular",
    quote="Does exponential convergence persist with unknown or anisotropic covariances rather than fixed identity?",
    reading="Weights $1/k$, EM from any start on the simplex for $θ$ and a common covariance, which is $vI$, $D = d$, "
    "or full, $D = k − 1$, from a multiple of $I$ on the span of the means and one on its complement. After the first "
    "step the variance is $1 − ‖θ‖²/D$, in full on the span only, and $‖θ‖$ decreases in every step after that. If $D "
    "> k − 1$, $‖θ_t‖² ~ D(k−1)/(2(D−k+1)t)$ and $KL_t ~ D(k−1)/(16(D−k+1)t²)$, the orders for a known covariance. If "
    "$D = k − 1$ and $k ≥ 3$, $KL = (k−2)r⁶/(12(k−1)²) + O(r⁸)$ there, $‖θ_t‖⁴ ~ (k−1)²/(2(k−2)t)$ and $KL_t$ is of "
    "order $t^{−3/2}$. For $k = 2$ and $D = 1$ it is $t^{−1/6}$ (beyond-unknown-variance). Starts off the simplex, "
    "other starts of a full covariance, and other weights for which $A$ is singular are not judged.",
    claims=(
        Claim(id="beyond-unknown-covariance/rate", derivation="unknown-covariance", general=True, k=()),
        Claim(id="beyond-unknown-covariance/descent", derivation="covariance-descent", general=True, k=()),
        Claim(id="beyond-unknown-covariance/step", derivation="simplex-step", general=True, k=()),
    ),
    instances=(
        Claim(
            id="beyond-unknown-covariance/fifth-power",
            title="What a step takes away over $(k−2)r⁵/(2(k−1)²)$ at a small radius, $D = k − 1$.",
            statement=f"abs(2 * (k - 1)**2 * ({_MATCHED} - {_AFTER}) / ((k - 2) * ({_MATCHED})**5) - 1) < radius",
            k=(3, 4, 16),
            radius="1/20",
        ),
        Claim(
            id="beyond-unknown-covariance/sixth-power",
            title="KL over $(k−2)r⁶/(12(k−1)²)$ there.",
            statement=f"abs(12 * (k - 1)**2 * ({_KL}) / ((k - 2) * ({_MATCHED})**6) - 1) < radius",
            k=(3, 4, 16),
            radius="1/20",
        ),
        Claim(
            id="beyond-unknown-covariance/third-power",
            title="What a step takes away over $r³/(k(k−1))$, $D = k$.",
            statement=f"abs(k * (k - 1) * ({_LEFT} - {_AFTER}) / ({_LEFT})**3 - 1) < radius",
            k=(2, 3, 16),
            radius="1/20",
        ),
    ),
    hypotheses=(Claim(id="beyond-unknown-covariance/singular", statement="spectral_gap == 0", k=(3,)),),
    controls=(
        Claim(
            id="beyond-unknown-covariance/control-known",
            title="For $D = k − 1$ a step takes away less than half of what it does where the covariance is known.",
            statement=f"2 * (k - 1) * ({_MATCHED} - {_AFTER}) > ({_MATCHED})**3",
            k=(3,),
            radius="1/20",
        ),
        Claim(
            id="beyond-unknown-covariance/control-left",
            title="For $D = k$ it takes away more than $r⁵$.",
            statement=f"{_LEFT} - {_AFTER} < ({_LEFT})**5",
            k=(3,),
            radius="1/20",
        ),
        Claim(
            id="beyond-unknown-covariance/control-weights",
            title="It is for uniform weights only: most others leave $A$ invertible.",
            statement="spectral_gap == 0",
            k=(3,),
            weights=("1/2", "1/4", "1/4"),
        ),
    ),
    depends=("beyond-covariance", "beyond-unknown-variance"),
)
