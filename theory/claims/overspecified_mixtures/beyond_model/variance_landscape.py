"""Beyond the paper, open question 2: a common variance fitted too, from every start."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-variance-landscape",
    title="With a common variance fitted too EM converges to the truth from every start, for all weights",
    source="Beyond the paper; the global half of open question 2",
    quote="Does exponential convergence persist with unknown or anisotropic covariances rather than fixed identity?",
    reading="For all weights, orthogonal maps, $k$ and $d$, EM for $θ$ and the variance $v$ of components $N(U_jθ, "
    "vI)$, the weights known: a step from $(θ, v)$ leads to $(θ', v')$ with $v⟨θ, θ'⟩ = ‖θ‖² − E‖Gθ‖²$, $v' = 1 − "
    "‖θ'‖²/d$ and, for $θ ≠ 0$, $⟨θ, θ'⟩(2‖θ‖² + dv) < ‖θ‖²(d + ‖θ‖²)$. On the curve $v = 1 − ‖θ‖²/d$, where "
    "every step ends, $⟨θ, θ'⟩ < ‖θ‖²$: $(0, 1)$ is the only fixed point, and EM converges to it from every "
    "start. How fast is not said here: beyond-covariance has the rate where $A$ is invertible. A full covariance "
    "is not judged.",
    claims=(Claim(id="beyond-variance-landscape/derivation", derivation="variance-landscape", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-variance-landscape/no-fixed-point",
            title="Uniform weights, $d = k − 1$: with $‖θ‖ = rv$ a fixed point has $v = 1 − β(r)$ and $‖θ‖² = dβ(r)$, "
            "and at no $r$ are both true.",
            statement="radius**2 * (1 - posterior_power(m=1))**2 < (k - 1) * posterior_power(m=1)",
            k=(2, 3),
            for_all={"radius": ("1/10", "6")},
        ),
        Claim(
            id="beyond-variance-landscape/no-fixed-point-for-four",
            title="Four components, at some radii.",
            statement="radius**2 * (1 - posterior_power(m=1))**2 < (k - 1) * posterior_power(m=1)",
            k=(4,),
            radius="3",
        ),
    ),
    controls=(
        Claim(
            id="beyond-variance-landscape/control-sharp",
            title="Not by a hundredth less than $k − 1$: near $(0, 1)$ both sides agree.",
            statement="radius**2 * (1 - posterior_power(m=1))**2 < 99/100 * (k - 1) * posterior_power(m=1)",
            k=(2, 3),
            radius="1/100",
        ),
    ),
    depends=("beyond-covariance",),
)
