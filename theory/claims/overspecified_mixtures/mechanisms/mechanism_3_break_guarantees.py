"""Mechanism 3, break condition, second half: what other data do to the guarantees."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")

ENTRY = Entry(
    id="mechanism-3-break-guarantees",
    title="Data that are not standard Gaussian can invalidate the guarantees",
    source="Why This Works, Mechanism 3, break condition",
    quote="Non-Gaussian data prevents simplex formation, invalidating theoretical guarantees",
    reading="Of the guarantees, read as: there are weights that satisfy the DFT condition and a law of the data for "
    "which the origin repels EM. Every centred law with covariance $cI$ is one, Gaussian or not, once $c(1 − σ²) > 1$, "
    "$σ² = min |π̂_m|²$; shown for $c = 2$.",
    claims=(
        Claim(id="mechanism-3-break-guarantees/threshold", derivation="data-law", general=True, k=()),
        Claim(
            id="mechanism-3-break-guarantees/twice",
            title="Twice the variance.",
            statement="2 * contraction_factor > 1",
            weights=_WEIGHTS,
        ),
    ),
    universal=False,
    hypotheses=(
        Claim(id="mechanism-3-break-guarantees/dft-condition", statement="spectral_gap == 7/100", weights=_WEIGHTS),
    ),
    controls=(
        Claim(
            id="mechanism-3-break-guarantees/control",
            title="Not so for the variance 1.07: a law need not be the model's for the origin to attract.",
            statement="1.07 * contraction_factor > 1",
            weights=_WEIGHTS,
        ),
    ),
)
