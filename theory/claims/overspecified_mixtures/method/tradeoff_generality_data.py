"""Design trade-off: speed against generality of the data."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")

ENTRY = Entry(
    id="tradeoff-generality-data",
    title="An exponential rate requires standard Gaussian data",
    source="Architecture Onboarding, design tradeoffs",
    quote="Speed vs. Generality: Exponential rate requires specific data distribution and simplex geometry",
    reading="Read for the data: for no other law than $N(0, I_d)$ does EM converge geometrically to the origin from "
    "nearby. The geometry is the subject of entry tradeoff-generality.",
    disproofs=(Claim(id="tradeoff-generality-data/any-law", derivation="data-law", general=True, k=()),),
    expected="refuted",
    hypotheses=(Claim(id="tradeoff-generality-data/dft-condition", statement="spectral_gap > 0", weights=_WEIGHTS),),
    controls=(
        Claim(
            id="tradeoff-generality-data/control",
            title="Nor will every law do: not twice the variance.",
            statement="2 * contraction_factor < 1",
            weights=_WEIGHTS,
        ),
    ),
    correction="Near the origin only the covariance counts: for every centred law with covariance $cI$ the Jacobian "
    "there is $c(I − AᵀA)$, and EM converges to the origin geometrically from nearby if $c(1 − σ²) < 1$, $σ² = min "
    "|π̂_m|²$. If $c(1 − σ²) > 1$ the origin repels.",
    corrected=(
        Claim(
            id="tradeoff-generality-data/margin",
            title="For these weights $c = 1.07$ will do.",
            statement="1.07 * contraction_factor < 1",
            weights=_WEIGHTS,
        ),
    ),
)
