"""Beyond the paper, open question 2: the weights fitted too."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-unknown-weights",
    title="With the weights fitted too $θ$ contracts if $A$ is invertible at weights near enough, or where they settle",
    source="Beyond the paper; beside open question 2",
    quote="Does exponential convergence persist with unknown or anisotropic covariances rather than fixed identity?",
    reading="EM for $θ$ and the weights, the covariance known, any orthogonal maps, all weights positive at the start: "
    "$‖π_{t+1} − π_t‖₁ ≤ k‖θ_t‖²$, and $‖θ_{t+1}‖ ≤ (1 − e^{−‖θ_t‖²}σ_t²)‖θ_t‖$ with $σ_t = σ_{min}(A)$ at the weights "
    "$π_t$. If $∑‖θ_t‖²$ is finite the weights converge and that factor tends to $1 − σ²$, $σ$ that of the limiting "
    "weights. It is finite if $8k r_0² e^{r_0²} ≤ σ_0³$, $r_0 = ‖θ_0‖$: then $‖π_t − π_0‖₁ ≤ σ_0/2$ and $‖θ_t‖ ≤ (1 − "
    "e^{−r_0²}σ_0²/4)^t r_0$. Other starts are not judged.",
    claims=(
        Claim(id="beyond-unknown-weights/change", derivation="weight-change", general=True, k=()),
        Claim(id="beyond-unknown-weights/contraction", derivation="unknown-weights", general=True, k=()),
    ),
    instances=(
        Claim(
            id="beyond-unknown-weights/radius",
            title="A start that is near enough: weights 2/3, 1/6, 1/6, where $σ_0 = 1/2$, and $r_0 = 1/20$.",
            statement="8 * k * radius**2 * exp(radius**2) <= dft_modulus(m=1)**3",
            weights=("2/3", "1/6", "1/6"),
            radius="1/20",
        ),
    ),
    hypotheses=(
        Claim(id="beyond-unknown-weights/invertible", statement="spectral_gap == 1/4", weights=("2/3", "1/6", "1/6")),
    ),
    controls=(
        Claim(
            id="beyond-unknown-weights/control-far",
            title="The condition is one: a start at $r_0 = 1/10$ does not meet it.",
            statement="8 * k * radius**2 * exp(radius**2) <= dft_modulus(m=1)**3",
            weights=("2/3", "1/6", "1/6"),
            radius="1/10",
        ),
        Claim(
            id="beyond-unknown-weights/control-uniform",
            title="Nor do uniform weights, from any start but 0.",
            statement="8 * k * radius**2 * exp(radius**2) <= dft_modulus(m=1)**3",
            radius="1/1000",
        ),
    ),
    depends=("beyond-identity", "beyond-contraction-bound"),
)
