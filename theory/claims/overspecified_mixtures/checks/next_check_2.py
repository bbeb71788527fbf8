"""Next check 2: robustness to the data's distribution."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="next-check-2",
    title="To first order at the origin non-Gaussian data change convergence only through their covariance",
    source="Next Checks, 2",
    quote="Test algorithm on non-Gaussian synthetic data (heavy-tailed, multimodal) to assess convergence degradation "
    "when structural assumptions are violated",
    reading="For every centred law with covariance $cI$ the Jacobian at the origin is $c(I − AᵀA)$: heavy tails with a "
    "finite variance, or several modes, change nothing to first order once the variance is that of the model. The "
    "origin attracts if $c(1 − σ²) < 1$ and repels if $c(1 − σ²) > 1$, $σ² = min |π̂_m|²$; what EM does far away is "
    "not judged.",
    claims=(Claim(id="next-check-2/jacobian", derivation="data-law", general=True, k=()),),
    instances=(
        Claim(
            id="next-check-2/margin",
            title="For these weights variances up to 1.07 keep the origin attractive.",
            statement="1.07 * contraction_factor < 1 < 1.08 * contraction_factor",
            weights=("1/2", "3/10", "1/5"),
        ),
    ),
    controls=(
        Claim(
            id="next-check-2/control",
            title="Not for the variance 1.1.",
            statement="1.1 * contraction_factor < 1",
            weights=("1/2", "3/10", "1/5"),
        ),
    ),
    depends=("beyond-data-law",),
)
