"""The constants of the derivations on rates and convexity."""

from emtheory.theory.constants.constant import ENCLOSED, OPEN, SHARP, Constant

_BOUND, _PL, _STATIONARY = "beyond-contraction-bound", "open-question-4", "beyond-stationary-point"

RATES = (
    Constant(
        _BOUND,
        "contraction-bound",
        "‖Aw‖²·((1 + 2·α)/(1 + α)²)^{D/2}·e^{−r²/((1 + α)·(1 + 2·α))} ≤ E‖Gw‖²",
        OPEN,
        "no $α$ is best for all $r$; with the best one the bound is 0.43 of the truth for weights 1/2, 3/10, 1/5 at "
        "radius 2. $α = 0$ is the next bound.",
        (f"{_BOUND}/how-far",),
    ),
    Constant(
        _BOUND,
        "contraction-bound",
        "‖Aw‖²·e^{−r²} ≤ E‖Gw‖²",
        SHARP,
        "in the exponent, over all maps: let $U_0θ = −θ$, $U_0w = −w$ have the weight $ε$, and $U_{±}θ = θ$, $U_{±}w = "
        "3εw ± √(1 − 9ε²)e$ half of the rest each, with unit vectors $w$ and $e$, and $θ$, orthogonal. Then $E‖Gw‖²/"
        "‖Aw‖² = 1 − cr² + O(r⁴)$ with $c → 1$ as $ε → 0$. For $w$ along $θ$ the largest $c$ of all maps and weights "
        "is $4 − 2√3 = 0.5358…$, that of two components; for these and radii from 1/4 to 1 the best exponent is "
        "between 0.475 and 0.48. "
        "As a number in place of $e^{−r²}$: 0.816 for two components and all radii, 0.821 for three and radii to 2.",
        (
            f"{_BOUND}/exponent",
            f"{_BOUND}/control-exponent",
            f"{_BOUND}/sharp-for-two",
            f"{_BOUND}/control-sharp-for-two",
            f"{_BOUND}/sharp-for-three",
            f"{_BOUND}/control-sharp-for-three",
        ),
    ),
    Constant(
        _BOUND,
        "contraction-bound",
        "‖Aw‖²/((1 + r·√2/√D)·e^{1/2})^{D/2} ≤ E‖Gw‖²",
        OPEN,
        "at $r = 0$ it is $e^{−D/4}$ for 1; for two components 0.816 holds at every radius, so that there the power "
        "is not of the right order. That it has to depend on $D$ is shown by a control.",
        (f"{_BOUND}/sharp-for-two", f"{_BOUND}/control-dimension"),
    ),
    Constant(
        "beyond-convexity-radius",
        "convexity-radius",
        "−4·r² + σ²·e^{−r²} ≤ λ_min(∇²ℓ)",
        ENCLOSED,
        "for two components the best number in place of 4 is between 0.21 and 0.22 for radii from 1/4 to 1; near the "
        "origin it is $13/36 = 0.3611…$, at $(2π_0 − 1)² = 11/18$. For all $k$ it is between 13/36 and 4.",
        ("beyond-convexity-radius/loss-for-two", "beyond-convexity-radius/control-loss-for-two"),
    ),
    Constant(
        "beyond-convexity-radius",
        "convexity-radius",
        "r² ≤ σ²·(1 − c)/(4 + σ²) ⇒ c·σ² ≤ λ_min(∇²ℓ)",
        OPEN,
        "the 4 is that of the line above. For a thousand components, 0.99 on one, and $c = ½$ the true radius is 5 to "
        "5.2 times $σ/√10$.",
        ("beyond-convexity-radius/half",),
    ),
    Constant(
        "beyond-convexity-three",
        "convexity-three",
        "β·(1 − r²) + r²·E[(1 − 6·γ₀·γ₁ − 6·γ₀·(1 − γ₀ − γ₁) − 6·γ₁·(1 − γ₀ − γ₁))²] ≤ ∂²ℓ/∂r²",
        SHARP,
        "both sides agree wherever the three products of posteriors are equal: for uniform weights in the limit $r → "
        "0$, where the difference is of the order of the squares of their differences.",
    ),
    Constant(
        "beyond-convexity-three",
        "convexity-three",
        "1 ≤ r ⇒ (194 − 225·√2·e^{−1/2})/200 ≤ ∂²ℓ/∂r²",
        OPEN,
        "0.005 is proved, by hand; the best number is below 0.5337, the value at radius 1 for the weights 177/200, "
        "23/400, 23/400; for uniform ones it is $0.6319…$ there. It serves only to show a sign.",
        ("beyond-convexity-three/radius-one",),
    ),
    Constant(
        "beyond-convexity-three",
        "secant-bound",
        "1/(cosh(z/2))² < 1/75 + e^{−z²/6}",
        ENCLOSED,
        "the best number in place of $1/75 = 0.0133…$ is between 0.011 and 0.0111, for all $z$.",
        ("beyond-convexity-three/secant-constant", "beyond-convexity-three/control-secant"),
    ),
    Constant(
        "beyond-descent",
        "descent",
        "KL(t) ≤ KL(0)·e^{−t·μ}",
        SHARP,
        "in the limit $μ → 0$: $(1 − μ)^{1/μ} → e^{−1}$, so that the bound loses nothing against $(1 − μ)^t$.",
    ),
    Constant(
        "theorem-population",
        "global-convergence",
        "ρ(t) ≤ (1 − |π̂_m|²·e^{−r₀²})^t·ρ(0)",
        ENCLOSED,
        "for one step of two components, from radii up to any, the best number in place of $e^{−r_0²}$ is 0.816 to its "
        "last digit; the exponent near the origin is $0.5358…$ in place of 1.",
        (f"{_BOUND}/sharp-for-two", f"{_BOUND}/control-sharp-for-two", f"{_BOUND}/control-exponent"),
    ),
    Constant(
        "theorem-population",
        "global-convergence",
        "r(t)² ≤ (1 − σ²·e^{−r₀²})^{2·t}·r(0)²",
        ENCLOSED,
        "as the line above, of which it is the sum over $m$.",
        (f"{_BOUND}/sharp-for-two", f"{_BOUND}/control-sharp-for-two"),
    ),
    Constant(
        "beyond-gradient-em",
        "gradient-em",
        "(1 + s·t·(2 − s)·R(0)/(D + 2·R(0)))·R(t) ≤ R(0)",
        SHARP,
        "in the limit $s → 0$, for uniform weights near the origin. For EM itself, $s = 1$, the loss of a step from "
        "near the origin is twice what is promised, within half a per cent.",
        ("beyond-gradient-em/twice",),
    ),
    Constant(
        "beyond-gradient-em",
        "gradient-em",
        "R(t) ≤ (1 − s·σ²·(2 − s)·e^{−R(0)})^t·R(0)",
        SHARP,
        "where all maps are equal, $σ = 1$, in the limit $R(0) → 0$: then $R(t) = (1 − s)^{2t}R(0)$. For two "
        "components 0.816 does in place of $e^{−R(0)}$.",
        (f"{_BOUND}/sharp-for-two",),
    ),
    Constant(
        "beyond-necessity",
        "necessity",
        "β(t) ≤ k·r(t)²",
        ENCLOSED,
        "for two components the best number in place of $k = 2$ is between 0.97 and 1 for radii from 1/10 on. "
        "For every $k$ it is at most 1 in the limit $r → 0$, where $β_m/r²$ is the square of the norm of a "
        "covariance of unit vectors; beyond, for $k > 2$, it is not known.",
        ("beyond-necessity/power-for-two", "beyond-necessity/control-power-for-two"),
    ),
    Constant(
        "beyond-necessity",
        "necessity",
        "W ≤ 1/2 ⇒ ρ(0) ≤ e^{2·k·S(t)}·ρ(t)",
        OPEN,
        "it needs $1 − x ≥ e^{−2x}$ for $x ≤ ½$, where $2 log 2 = 1.386…$ would do in place of 2 and nothing less; and "
        "$k$ is that of the line above. Only that the number is finite is used.",
    ),
    Constant(
        "beyond-necessity",
        "necessity",
        "r(t)² ≤ 2·√(D + 2·r(0)²)·√KL(t)",
        SHARP,
        "the first 2 for uniform weights in the limit $r → 0$, where $KL ~ r⁴/(4(k − 1))$; the second as in statement "
        "stationary-point, of which this is the root.",
        (f"{_STATIONARY}/sharp",),
    ),
    Constant(
        _PL,
        "pl-inequality",
        "KL·b² ≤ ‖∇ℓ‖²/2",
        SHARP,
        "attained where all maps are equal: $b = 1$, $KL = ‖θ‖²/2$ and $∇ℓ = θ$. With $b < 1$ a power of $b$ is lost: "
        "near the origin $½‖∇ℓ‖²$ is $b KL$ at least.",
    ),
    Constant(
        _PL,
        "pl-inequality",
        "σ²·e^{−ρ²} ≤ b",
        SHARP,
        "in the exponent: the contraction bound. For two components 0.816 does in place of $e^{−ρ²}$.",
        (f"{_BOUND}/sharp-for-two", f"{_BOUND}/control-sharp-for-two"),
    ),
    Constant(
        _PL,
        "pl-inequality",
        "KL·σ⁴·e^{−2·ρ²} ≤ ‖∇ℓ‖²/2",
        ENCLOSED,
        "for two components, weights from 11/20 to 99/100 and $ρ ≤ 2$ the best constant is between $0.767 σ²$ and "
        "$0.769 σ²$; near the origin it is $σ²$ for every $k$.",
        (f"{_PL}/pl-sharp", f"{_PL}/control-pl-sharp"),
    ),
    Constant(
        _PL,
        "pl-inequality",
        "‖∇ℓ(ru)‖²/2 ≤ 2·KL(ru)·c²·r²·(D + 2·r²)",
        SHARP,
        "the first 2, for two equal weights in the limit $r → 0$, where $c = D = 1$.",
        (f"{_PL}/pl-degenerate",),
    ),
    Constant(
        "beyond-total-variation",
        "sidak-bound",
        "TV(γ|π) ≤ tanh(Ω/4)",
        SHARP,
        "attained by two components, of the prior weights $p$ and $1 − p$ with $p = 1/(1 + e^{Ω/2})$.",
    ),
    Constant(
        "beyond-total-variation",
        "sidak-bound",
        "σ − 2·tanh(Ω/4) ≤ |γ̂_m|",
        SHARP,
        "in the limit $Ω → 0$, by two components with $π̂_1 = tanh(Ω/2)$ and $γ̂_1 = 0$.",
    ),
    Constant(
        "beyond-total-variation",
        "sidak-bound",
        "σ²·(erf(σ·√2/(4·r)))^k/4 ≤ βₘ",
        OPEN,
        "near the origin the truth is $σ²$, so that the best number in place of 1/4 is between 1/4 and 1. The exponent "
        "$k$ is not needed at all: the contraction bound has none.",
        ("beyond-total-variation/near-zero", "beyond-total-variation/weaker"),
    ),
    Constant(
        _STATIONARY,
        "stationary-point",
        "r⁴ ≤ (D + 2·r²)·f(r)",
        SHARP,
        "$D$ for uniform weights in the limit $r → 0$, and 2 for two equal weights: $β_1 = r² − 2r⁴ + …$",
        (f"{_STATIONARY}/control-dimension", f"{_STATIONARY}/control-gradient-for-two"),
    ),
    Constant(
        _STATIONARY,
        "stationary-point",
        "r⁴/(4·(D + 2·r²)) < KL(r)",
        ENCLOSED,
        "4 and $D$ are sharp for uniform weights in the limit $r → 0$. For two equal weights the best number in place "
        "of 2 is between 1.32 and 4/3 for radii from 1/10 on; in the limit it is 4/3.",
        (f"{_STATIONARY}/sharp", f"{_STATIONARY}/kl-for-two", f"{_STATIONARY}/control-kl-for-two"),
    ),
    Constant(
        _STATIONARY,
        "stationary-point",
        "S² ≤ F·(D + 2·S)",
        SHARP,
        "in $D$ and in 2 where $S = ‖θ‖²$: the line before the last.",
        (f"{_STATIONARY}/control-dimension", f"{_STATIONARY}/control-gradient-for-two"),
    ),
    Constant(
        "beyond-dichotomy",
        "sublinear-rate",
        "t·R(t) < D + 2·R(0)",
        OPEN,
        "for uniform weights $t R(t) → (k − 1)/2$, half of the bound from small starts; so the best number in place of "
        "1 is between 1/2 and 1.",
        ("beyond-dichotomy/limit",),
    ),
    Constant(
        "beyond-dichotomy",
        "sublinear-rate",
        "V ≤ 1 ∧ W ≤ 1 ⇒ S(0) ≤ (1 + 8·t·k·S(0))·R(t)",
        OPEN,
        "for uniform weights $t R(t) → (k − 1)/2$, where $1/(8k)$ is proved: for two components the best number in "
        "place of 8 is between 1 and 8. It has to serve all weights and starts, for which $β ≤ k r²$ is not sharp.",
        ("beyond-dichotomy/limit",),
    ),
    Constant(
        "beyond-dichotomy",
        "sublinear-rate",
        "V ≤ 1 ∧ W ≤ 1 ⇒ t²·KL(t) < k·(D + 2·R(0))²",
        OPEN,
        "for uniform weights $t² KL(t) → (k − 1)/16$, a share $1/(16k(k − 1))$ of the bound from small starts.",
        ("beyond-dichotomy/limit",),
    ),
    Constant(
        "beyond-dichotomy",
        "sublinear-rate",
        "V ≤ 1 ∧ W ≤ 1 ⇒ S(0)² ≤ (1 + 8·t·k·S(0))²·(4·(D + 2·R(0)))·KL(t)",
        OPEN,
        "the 8 is that of $R(t)$, the 4 is sharp (statement stationary-point); for uniform weights $t² KL(t) → (k − "
        "1)/16$, where $1/(256k²(k − 1))$ is proved from small starts.",
        ("beyond-dichotomy/limit", f"{_STATIONARY}/sharp"),
    ),
)
