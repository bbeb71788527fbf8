"""The constants of the derivations on other models."""

from emtheory.theory.constants.constant import ENCLOSED, OPEN, SHARP, Constant

_WEIGHTS = "beyond-unknown-weights"
_NEAR = "8·k·r(0)²·e^{r(0)²} ≤ σ(0)³"
_SLOW = (
    "the best number in place of 32 is between 2 and 32: two equal weights have $K = 1$ and $1/r_t² ~ 2t$. It is 2 in "
    "the end wherever $b/a → 0$; 32 serves from every start with $b ≤ a$."
)

EXTENSIONS = (
    Constant(
        "beyond-free-means",
        "free-means",
        "b(0) ≤ a(0) ⇒ 1/a(t)² ≤ 1/a(0)² + 32·t·K",
        OPEN,
        _SLOW,
        ("beyond-dichotomy/limit", "beyond-necessity/power-for-two"),
    ),
    Constant(
        "beyond-linear-tying",
        "linear-tying",
        "−a(t) + b(t) ≤ ((1 + 15·f)/16)^t·(−a(0) + b(0))",
        OPEN,
        "16 is from the size of the ball, $32K‖θ‖² ≤ 1 − f$: in a small enough one the factor is as near $f$ as one "
        "likes, and it is never below $f$, which is attained by the linear map.",
    ),
    Constant(
        "beyond-linear-tying",
        "linear-tying",
        "b(0) ≤ a(0) ⇒ 1/a(t)² ≤ 1/a(0)² + 32·t·K",
        OPEN,
        _SLOW,
        ("beyond-dichotomy/limit", "beyond-necessity/power-for-two"),
    ),
    Constant(
        "beyond-unknown-covariance",
        "covariance-descent",
        "m² < −1 + k",
        ENCLOSED,
        "the best number is the square of Lloyd's radius, to which $m$ rises as $r → ∞$: $2/π$ for two components, "
        "where Lloyd's radius is between 0.79 and 0.8. Only $v' > 0$ is asked for.",
        ("mechanism-3/radius",),
    ),
    Constant(
        "beyond-variance-landscape",
        "variance-landscape",
        "Q·(2·r² + v·d) < r²·(d + r²)",
        SHARP,
        "for uniform weights and $d = k − 1$ on the curve $v = 1 − r²/d$ in the limit $r → 0$: $Q = r² + O(r⁶)$ there.",
        ("beyond-variance-landscape/control-sharp",),
    ),
    Constant(
        _WEIGHTS,
        "unknown-weights",
        "r(1 + t) ≤ (1 − σ(t)²·e^{−r(t)²})·r(t)",
        ENCLOSED,
        "the contraction bound at the weights of the step: for two components 0.816 in place of $e^{−r²}$, to its last "
        "digit, for weights up to 99/100.",
        ("beyond-contraction-bound/sharp-for-two", "beyond-contraction-bound/control-sharp-for-two"),
    ),
    Constant(
        _WEIGHTS,
        "unknown-weights",
        f"{_NEAR} ⇒ D(t) ≤ σ(0)/2",
        OPEN,
        "½ is a choice: any share $c$ of $σ_0$ would do with a premise to match. In the premise $k$ is that of "
        "statement weight-change, where near the origin $2/(3√3) = 0.3849…$ would do for every $k$.",
    ),
    Constant(
        _WEIGHTS,
        "unknown-weights",
        f"{_NEAR} ⇒ r(t) ≤ (1 − σ(0)²·e^{{−r(0)²}}/4)^t·r(0)",
        OPEN,
        "1/4 is the square of the share of $σ_0$ that is left by the line above; in the limit $r_0 → 0$ the weights "
        "stay, and 1 would do.",
    ),
    Constant(
        _WEIGHTS,
        "unknown-weights",
        f"{_NEAR} ⇒ ∑_{{n=0…∞}} r(n)² < ∞",
        OPEN,
        "the premise is that of the lines above; whether there are starts with an invertible $A$ and an infinite sum "
        "is not known.",
    ),
    Constant(
        _WEIGHTS,
        "weight-change",
        "C ≤ k·r²",
        OPEN,
        "in the limit $r → 0$ the best number for every $k$ is $2/(3√3) = 0.3849…$, attained by two components with "
        "$(2π_0 − 1)² = 1/3$; for larger $r$ it is not known.",
    ),
    Constant(
        "beyond-matched-covariance",
        "matched-covariance",
        "12·q²/(d·(2 + d)) ≤ K",
        SHARP,
        "attained on the line by two equal weights, where $q = 1$, and $K = 4$ is the square of the cumulant −2.",
    ),
)
