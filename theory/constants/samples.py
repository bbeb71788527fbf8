"""The constants of the derivations on finite samples."""

from emtheory.theory.constants.constant import ENCLOSED, OPEN, SHARP, Constant

_THEOREM, _CONSTANTS = "theorem-finite-sample", "beyond-sample-constants"
_NORMAL = (f"{_CONSTANTS}/norm", f"{_CONSTANTS}/divergence", f"{_CONSTANTS}/limit", f"{_CONSTANTS}/control-normal")
_BALL = "R²·(5·(2 + D)) ≤ σ²"
_CONTRACTS = "R·T + (1 − σ²)·(λ + ω·R²) ≤ 1 − γ"
_KEPT = "s·√q/√n ≤ R·(1 − (1 − σ²)·(λ + ω·R²/3) − R·T/2)"
_ENDS = "σ·√q/√n ≤ r₁·(1 − (1 − σ²)·(λ + ω·r₁²/3) − T·r₁/2)"
_NEAR = f"r ≤ R ∧ ‖x̄‖ ≤ x ∧ {_CONTRACTS}"
_SMALL = f"{_NEAR} ∧ σ·x ≤ r₁·(1 − (1 − σ²)·(λ + ω·r₁²/3) − T·r₁/2)"
_STAYS = "s·‖x̄‖ ≤ R·(1 − (1 − σ²)·(λ + ω·R²/3) − R·T/2)"
_SHARE = "10·ε ≤ (9·(1 − p))·(R − √q/√n)"

SAMPLES = (
    Constant(
        _THEOREM,
        "covering-number",
        "N ≤ (1 + 2·ρ/τ)^D",
        SHARP,
        "attained on the line, $D = 1$, in the limit: where $2ρ/τ$ is just above an integer $m$, there are $m + 1$ "
        "points with distances above $τ$.",
    ),
    Constant(
        _THEOREM,
        "degenerate-sample",
        "r² ≤ √(D + 2·r²)·(x + √(D + 2·r²)·(η + x))",
        SHARP,
        "as to $η$, in the limit $r → 0$ on the line with two equal weights: $r² ~ η$, as $A = 0$ and $∇M_n(0)$ is the "
        "mean of the $X_i²$. The 2 are those of statement stationary-point; what $x$ needs is not known.",
        ("beyond-stationary-point/control-gradient-for-two",),
    ),
    Constant(
        _THEOREM,
        "degenerate-sample",
        "r ≤ ρ ⇒ r² ≤ √(D + 2·ρ²)·(x + √(D + 2·ρ²)·(η + x))",
        SHARP,
        "as the line above, in the limit $ρ → 0$.",
    ),
    Constant(
        _THEOREM,
        "degenerate-sample",
        "r ≤ ρ ⇒ KL ≤ (x + √(D + 2·ρ²)·(η + x))²·((3·D + 6·ρ² + 6·(1 + √(D + 2·ρ²))² + 8·√(D + 2·ρ²)·(1 + "
        "√(D + 2·ρ²)))/12)",
        OPEN,
        "for small $r$ on the line with two equal weights $KL ~ η²/4$, a fourteenth of the bound: $A = 0$ there, and "
        "$‖Aθ̂‖$ has its part in the bound all the same.",
    ),
    Constant(
        _THEOREM,
        "degenerate-sample",
        "√n·E[w] ≤ C₀·(D + 2·ρ²) + √D·(D + √(D + 2·ρ²) + 2·ρ²)",
        OPEN,
        "the order $n^{−1/2}$ is that of $w$; $C_0$ is far above what $η$ is on samples.",
    ),
    Constant(
        _THEOREM,
        "degenerate-sample",
        "r ≤ ρ ∧ n·x² ≤ q ∧ η ≤ −1 + λ + C₁/(√δ·√n) ⇒ r² ≤ √(D + 2·ρ²)·(√q/√n + √(D + 2·ρ²)·(−1 + λ + √q/√n + "
        "C₁/(√δ·√n)))",
        OPEN,
        "as the bound by $x$ and $η$, of which it is that at the largest of them; in the limit $n → ∞$, with balls "
        "that become small, $C_1$ is 0, and for two equal weights, $δ = 1/20$, the radius is 2.4 times the quantile.",
    ),
    Constant(
        _THEOREM,
        "degenerate-sample",
        "P_f ≤ δ₁ + δ₂ + δ + e^{−n·D·(1 − log(2))/2}",
        OPEN,
        "it is a sum over four events; the last one is that of statement sample-shells.",
    ),
    Constant(
        _THEOREM,
        "model-deviation",
        "log(2·N/δ) ≤ L ∧ 2·L·(v + b·ε/3) ≤ n·ε² ⇒ P ≤ δ",
        OPEN,
        "the 2 before $L$ is sharp in the limit $n → ∞$, as the central limit theorem shows; the sum over $N$ points "
        "of the grid, of which near ones deviate together, is not, and 1/3 comes from Bernstein's inequality.",
    ),
    Constant(
        _THEOREM,
        "finite-sample",
        f"{_BALL} ∧ {_CONTRACTS} ∧ {_KEPT} ∧ {_ENDS} ⇒ P ≤ δ₁ + δ₂ + δ₃ + δ₄",
        ENCLOSED,
        "all numbers together, for 4/5 on one of three components, $δ = 1/20$ and radius 1/10: the bound on $‖θ‖$ is "
        "1 to 1.26 times that of normal theory at $n = 10⁴$, and that on KL 1.1 times Wilks' law in the limit; the 1.1 "
        "is from the share of $δ$ that is given to $x̄$.",
        _NORMAL,
    ),
    Constant(
        _THEOREM,
        "finite-sample",
        "1 − σ² < (1 − 16·σ²/(15·(2 + D)))^{1 + D/2}",
        ENCLOSED,
        "by Bernoulli's inequality 2 would do in place of 16/15 for every $D$, and no more, as $σ → 0$; for $D = 2$ it "
        "is decided that the best number is between 2 and 2.1. 16/15 is from $R² = σ²/(5(D + 2))$, where 3/8 would do "
        "in place of 1/5.",
        (f"{_THEOREM}/bernoulli", f"{_THEOREM}/control-bernoulli"),
    ),
    Constant(
        _CONSTANTS,
        "posterior-curvature",
        "c(1) ≤ c(0)·e^w",
        SHARP,
        "in the limit of two components with weights 1 and 0, the maps $±1$: there $c(s)$ is $4x²e^{a + ws}$ to "
        "leading order, $e^a$ the smaller weight.",
    ),
    Constant(
        _CONSTANTS,
        "posterior-curvature",
        "c(1) ≤ (−w + e^w)·c(0) + c₃(0)",
        SHARP,
        "in the same limit, where $c_3(0) = w c(0)$.",
    ),
    Constant(
        _CONSTANTS,
        "posterior-curvature",
        "c(1) ≤ c(0)·e^{2·w²/3} + c₃(0)",
        ENCLOSED,
        "the best number in place of 2/3 with which $e^w − w ≤ e^{2w²/3}$ is between 0.557 and 0.558 for $w ≤ 4$; "
        "larger $w$ need less.",
        (f"{_CONSTANTS}/exponential", f"{_CONSTANTS}/control-exponential"),
    ),
    Constant(
        _THEOREM,
        "sample-ball",
        f"{_SHARE} ∧ t·log(p) ≤ log((R − √q/√n)/(10·ρ)) ⇒ ε/(1 − p) + ρ·p^t ≤ R − √q/√n",
        SHARP,
        "of 9/10 and 1/10 every other two numbers with the sum 1 would do, and none with a larger sum: it is attained "
        "if both premises are equalities.",
    ),
    Constant(
        _THEOREM,
        "sample-ball",
        f"ε ≤ ρ·(1 − p) ∧ {_BALL} ∧ {_SHARE} ∧ {_CONTRACTS} ∧ {_KEPT} ∧ {_ENDS} ⇒ P ≤ δ₁ + δ₂ + δ₃ + δ₄ + δ₅",
        OPEN,
        "$ε$ is from a net, whose exponent $D$ makes it too large: for $KL ≤ 1/1000$ it asks for 300,000 points and "
        "more, normal theory for 3000, and for $k ≤ 4$ statement sample-shells for 6538. The other numbers are those "
        "of statement finite-sample.",
        (f"{_THEOREM}/any-start", f"{_THEOREM}/ball", f"{_THEOREM}/control-ball"),
    ),
    Constant(
        _THEOREM,
        "sample-shells",
        "Pᵥ ≤ e^{−n·(a − κ)}",
        SHARP,
        "with the best $τ$ the exponent is that of the limit of $log(P_v)/n$ (Cramér's theorem).",
    ),
    Constant(
        _THEOREM,
        "sample-shells",
        "Q(t) ≤ 2·(−ℓₙ(t) + ℓₙ(0))",
        SHARP,
        "attained by a step from a start in the subspace on which the $U_j$ agree, as the objective is a quadratic "
        "there.",
    ),
    Constant(
        _THEOREM,
        "sample-shells",
        "P_f ≤ δ₀ + ∑_j (N_j·e^{−n·I_j}) + e^{−D·n·(1 − log(2))/2}",
        OPEN,
        "it is a sum over cells; at $k = 3$, $n = 1000$ and $n = 10^4$ the radius for $δ = 1/20$ is 2 and 2.4 times "
        "the quantile on samples. In place of $√(2D)$ every radius above the mean of $‖X‖$ would do, with another "
        "first term.",
    ),
    Constant(
        _THEOREM,
        "sample-shells",
        "KLₛ ≤ K ∧ n·w² ≤ q ⇒ KL ≤ K + q/(2·n)",
        SHARP,
        "attained if both premises are equalities.",
    ),
    Constant(
        _THEOREM,
        "sample-constants",
        f"{_BALL} ⇒ 8·R²/3 < 1/4",
        OPEN,
        "1/4 is where moments become infinite, and only that they are finite is used; 32/9 would do in place of 5, "
        "and no less, as $D = 1$ shows in the limit $σ → 1$.",
    ),
    Constant(
        _THEOREM, "sample-constants", "1 < (1 + √D/√n + √2·√(−log(δ₂))/√n)²", SHARP, "1 is the limit for large $n$."
    ),
    Constant(
        _THEOREM,
        "sample-constants",
        "0 < 2·√D·√(2 + D)·√(4 + D)·(1 − σ²)/(√δ₃·√n)",
        SHARP,
        "0 is the limit for large $n$.",
    ),
    Constant(
        _THEOREM,
        "sample-constants",
        f"{_BALL} ⇒ 0 < (−1 + (1 − 16·R²/3)^{{−(1 + D/2)}} + √D·√(2 + D)·√(1 + (1 − 32·R²/3)^{{−(2 + D/2)}} − "
        "2·(1 − 16·R²/3)^{−(2 + D/2)})/(√δ₄·√n))/R²",
        OPEN,
        "only that it is positive is used; it is above $8(D + 2)/3$, its limit for small $R$ and large $n$.",
    ),
    Constant(
        _THEOREM,
        "sample-contraction",
        f"{_STAYS} ⇒ ‖M_n(θ)‖ ≤ R",
        SHARP,
        "given the bound on $∇M_n$: 1/3 and 1/2 are the integrals of $v²$ and $v$ from 0 to 1.",
    ),
    Constant(
        _THEOREM,
        "sample-contraction",
        f"R·T + (1 − σ²)·(λ + ω·R²) ≤ p ∧ {_STAYS} ⇒ D(t) ≤ p^t·D(0)",
        SHARP,
        "given the bound on $∇M_n$: attained by a linear map. The other premise is that EM stays in the ball.",
    ),
    Constant(
        _THEOREM,
        "sample-contraction",
        f"t·log(p) ≤ log(σ·r₁/(ρ + r₁)) ∧ R·T + (1 − σ²)·(λ + ω·R²) ≤ p ∧ {_STAYS} ⇒ D(t) ≤ σ·r₁",
        SHARP,
        "given the line above: attained where the first premise is an equality, $‖θ̂‖ = r_1$ and the start is opposite.",
    ),
    Constant(
        _CONSTANTS,
        "sample-curvature",
        "h(r) ≤ (2·(1 − ‖Au‖²)·(3·λ + ω·r²) + 3·T·r)/6",
        SHARP,
        "given the bound on $q$, of which it is the mean over the ray; $ω$ has the 2/3 of statement "
        "posterior-curvature in it, for which 0.558 would do.",
        (f"{_CONSTANTS}/exponential", f"{_CONSTANTS}/control-exponential"),
    ),
    Constant(
        _THEOREM,
        "sample-divergence",
        "KL ≤ (3·r⁴ + 6·z² + 8·z·r²)/12",
        OPEN,
        "1/2 of $z²$ and 1/4 of $r⁴$ are sharp: for weights near 1 and 0, and for two equal weights, in the limit $r → "
        "0$. Of 2/3 of $zr²$ nothing is known but that it need not be above 2/3: no case is known that needs it.",
        ("beyond-descent/control-half", f"{_THEOREM}/control-quartic"),
    ),
    Constant(
        _THEOREM,
        "sample-limit",
        f"{_NEAR} ⇒ r·(1 − (1 − σ²)·(λ + ω·r²/3) − T·r/2) ≤ σ·x",
        SHARP,
        "given the bound on $∇M_n$, as for statement sample-contraction.",
    ),
    Constant(_THEOREM, "sample-limit", f"{_SMALL} ⇒ r ≤ r₁", SHARP, "attained where the last premise is an equality."),
    Constant(
        _THEOREM,
        "sample-limit",
        f"{_SMALL} ⇒ z ≤ r₁·σ",
        SHARP,
        "attained as the line above, where $θ̂$ is along the vector of $σ$.",
    ),
    Constant(
        "beyond-finite-samples",
        "sample-mean",
        "S ≤ ρ ⇒ r ≤ W·e^{ρ²}/σ²",
        OPEN,
        "$⟨θ, Bθ⟩$ is all that it needs, with an exponent near the origin of at most $4 − 2√3$ in place of 1; for two "
        "components $1/0.816$ does in place of $e^{ρ²}$.",
        ("beyond-contraction-bound/sharp-for-two",),
    ),
    Constant(
        "beyond-finite-samples",
        "sample-mean",
        "S ≤ ρ ⇒ 2·KL·n ≤ n·W²·e^{2·ρ²}/σ⁴",
        OPEN,
        "as the line above, with $KL ≤ ½‖θ‖²$, in which ½ is sharp.",
        ("beyond-descent/control-half",),
    ),
    Constant(
        _THEOREM,
        "sample-hessian",
        "f ≤ 2^m·x^{2 + m}·(1 + m)!",
        OPEN,
        "for $m = 0$ it is sharp, attained by two equal weights on the line; for $m = 1$ the best number in place of 4 "
        "is between $4/√27$, attained there by weights of $(1 ± 1/√3)/2$, and 4.",
    ),
    Constant(
        _THEOREM,
        "sample-hessian",
        "η ≤ −1 + λ + w",
        SHARP,
        "attained at $ρ = 0$ where $A = 0$ on the line.",
    ),
    Constant(
        _THEOREM,
        "sample-net",
        "m ≤ e^{D·κ}",
        OPEN,
        "$Dκ$ is $2Ds²$ for small $s$; with one mean $m = e^{s²/2}$. The best number in place of 2 is between $1/(2D)$ "
        "and 2; it is not known whether $D$ is needed.",
    ),
    Constant(
        _THEOREM,
        "sample-net",
        "P ≤ (1 + 2/ν)^D·(1 + 2·ρ/τ)^D·e^{n·(D·κ − d₀·s)}",
        OPEN,
        "the sum over the points of the nets of what is proved for one: their numbers are sharp on the line only, and "
        "the events at neighbouring points are far from exclusive.",
    ),
    Constant(
        _THEOREM,
        "sample-net",
        "(D·κ + log((1 + 2/ν)^D·(1 + 2·ρ/τ)^D/δ)/n)/s ≤ d₀ ⇒ P ≤ δ",
        SHARP,
        "given the line above, of which it is the solution for $d_0$.",
    ),
    Constant(
        _THEOREM,
        "sample-net",
        "r³ ≤ ε·(D + 2·r²)",
        SHARP,
        "given $ε$, on the line with two equal weights, as 2 is in statement stationary-point.",
        ("beyond-stationary-point/control-gradient-for-two",),
    ),
    Constant(
        _THEOREM,
        "sample-tails",
        "E‖T‖² ≤ 4·D·(1 − σ²)²·(2 + D)·(4 + D)/n",
        SHARP,
        "on the line with two components, $D = 1$, in the limit $σ → 1$: the third cumulant is $−2σ(1 − σ²)x³$.",
    ),
    Constant(
        _THEOREM,
        "sample-tails",
        "E‖W−EW‖² ≤ D·(2 + D)·(1 + (1 − 4·b)^{−(2 + D/2)} − 2·(1 − 2·b)^{−(2 + D/2)})",
        SHARP,
        "in the limit $b → 1/4$: the right side is $E‖W‖²$, which tends to infinity, while $EW$ does not.",
    ),
    Constant(
        "beyond-symmetric-sample",
        "hyperbolic-bounds",
        "tanh(u) ≤ u",
        SHARP,
        "in the limit $u → 0$, as the first term of Taylor's series.",
    ),
    Constant(
        "beyond-symmetric-sample",
        "hyperbolic-bounds",
        "u·(1 − u²/3) ≤ tanh(u)",
        SHARP,
        "in the limit $u → 0$, as the first two terms.",
    ),
    Constant(
        "beyond-symmetric-sample",
        "hyperbolic-bounds",
        "tanh(u) ≤ u·(1 − u²/3 + 2·u⁴/15)",
        SHARP,
        "in the limit $u → 0$, as the first three terms.",
    ),
    Constant(
        "beyond-symmetric-sample",
        "hyperbolic-bounds",
        "log(cosh(u)) ≤ u²/2",
        SHARP,
        "in the limit $u → 0$, as the first term of Taylor's series.",
    ),
    Constant(
        "beyond-symmetric-sample",
        "hyperbolic-bounds",
        "u²·(6 − u²)/12 ≤ log(cosh(u))",
        SHARP,
        "in the limit $u → 0$, as the first two terms.",
    ),
    Constant(
        "beyond-symmetric-sample",
        "symmetric-sample",
        "0 < r ⇒ r²·(5·m₄ − 2·m₆·r²)/15 ≤ L",
        SHARP,
        "in the limit $r → 0$, on the line: the fixed point has $L = r²m_4/3 − 2r⁴m_6/15 + …$",
    ),
    Constant(
        "beyond-symmetric-sample",
        "symmetric-sample",
        "0 < L ⇒ 3·L/(2·e₄) ≤ r²",
        OPEN,
        "on the line $r² ~ 3L/e_4$ in the limit $L → 0$, twice the bound: the best number in place of 3/2 is between "
        "3/2 and 3. It has to serve the largest $L$ too.",
    ),
)
