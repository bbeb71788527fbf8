"""Beyond the paper, failure signature 3 and next check 2: data of any law."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")

ENTRY = Entry(
    id="beyond-data-law",
    title="The Jacobian at the origin depends on the data's covariance only; the origin attracts if $c(1 − σ²) < 1$",
    source="Beyond the paper; answers next check 2",
    quote="Test algorithm on non-Gaussian synthetic data (heavy-tailed, multimodal) to assess convergence degradation "
    "when structural assumptions are violated",
    reading="For every centred law with covariance $Σ$, $J_M(0) = ∑_jπ_jU_jᵀΣU_j − AᵀΣA$. For $Σ = cI$ it is $c(I − "
    "AᵀA)$: the origin attracts if $c$ is below the threshold $1/(1 − σ_{min}(A)²)$, one over the contraction factor, "
    "and repels if it is above, Gaussian or not. At the threshold it is not judged.",
    claims=(Claim(id="beyond-data-law/jacobian", derivation="data-law", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-data-law/coordinates",
            title="The same in coordinates, with every weight and every covariance a symbol.",
            derivation="data-law",
            k=(2, 3),
        ),
        Claim(
            id="beyond-data-law/threshold",
            title="Weights 1/2, 3/10, 1/5: the threshold is 100/93.",
            statement="1 / contraction_factor == 100/93",
            weights=_WEIGHTS,
        ),
        Claim(
            id="beyond-data-law/no-slack",
            title="Uniform weights: every $c$ above 1 repels.",
            statement="1 / contraction_factor == 1",
            k=(2, 3, 4, 8),
        ),
    ),
    hypotheses=(Claim(id="beyond-data-law/factor", statement="contraction_factor == 93/100", weights=_WEIGHTS),),
    controls=(
        Claim(
            id="beyond-data-law/control-threshold",
            title="$1/(1 − σ)$ with $σ$ in place of $σ²$.",
            statement="1 / contraction_factor == 1 / (1 - dft_modulus(m=1))",
            weights=_WEIGHTS,
        ),
        Claim(
            id="beyond-data-law/control-gaussian-only",
            title="The threshold is not the variance 1 of the paper's data.",
            statement="1 / contraction_factor <= 1",
            weights=_WEIGHTS,
        ),
    ),
)
