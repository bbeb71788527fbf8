"""Beyond the paper: EM from every start with any weights, and gradient EM with any step in (0, 2)."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-gradient-em",
    title="Gradient EM with any step $s$ in (0, 2) converges from every start, with any weights",
    source="Beyond the paper; its Mechanism 2 has the step 1",
    quote="The update $θ_{t+1} = M(θ_t)$ is equivalent to $θ_{t+1} = θ_t − ∇L(θ_t)$",
    reading="For all weights, orthogonal maps, $k$, $d$ and starts, $θ ← θ − s∇ℓ(θ)$ with $0 < s < 2$ never raises "
    "$‖θ‖$, and $‖θ_t‖² ≤ ‖θ_0‖²/(1 + ct‖θ_0‖²)$ with $c = s(2 − s)/(D + 2‖θ_0‖²)$, $D ≥ 1$ at least the dimension of "
    "the span of the $U_iθ − U_jθ$: $d$, or $k − 1$. Besides, $‖θ_t‖² ≤ (1 − s(2 − s)e^{−‖θ_0‖²}σ_{min}(A)²)^t "
    "‖θ_0‖²$: a linear rate if $A$ is invertible. EM is $s = 1$.",
    claims=(Claim(id="beyond-gradient-em/derivation", derivation="gradient-em", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-gradient-em/long-steps",
            title="At frequency $m$ a step multiplies by $1 − sβ_m$: $s = 19/10$.",
            statement="abs(1 - 19/10 * posterior_power(m=1)) < 1",
            k=(2, 3, 4),
            weights="linear",
            for_all={"radius": ("1/10", "6")},
        ),
        Claim(
            id="beyond-gradient-em/uniform",
            title="EM's own step, uniform weights: the loss of $r²$ that the bound promises.",
            statement="1 - (1 - posterior_power(m=1))**2 > radius**2 / (k - 1 + 2 * radius**2)",
            k=(2, 3, 8),
            for_all={"radius": ("1/10", "6")},
        ),
        Claim(
            id="beyond-gradient-em/twice",
            title="Near the origin the loss of EM's own step is twice what the bound promises.",
            statement="1.99 < (1 - (1 - posterior_power(m=1))**2) * (k - 1 + 2 * radius**2) / radius**2 < 2.01",
            k=(2, 3, 8),
            radius="1/100",
        ),
    ),
    controls=(
        Claim(
            id="beyond-gradient-em/control-step",
            title="A step of 21/10 goes further away where $β_m$ is near 1.",
            statement="abs(1 - 21/10 * posterior_power(m=1)) < 1",
            k=(3,),
            weights="one-heavy:99/100",
            radius="1/100",
        ),
        Claim(
            id="beyond-gradient-em/control-rate",
            title="Nor is the loss twice as large.",
            statement="1 - (1 - posterior_power(m=1))**2 > 4 * radius**2 / (k - 1 + 2 * radius**2)",
            k=(3,),
            radius="1/10",
        ),
    ),
    depends=("beyond-stationary-point", "beyond-contraction-bound"),
)
