"""Method summary: the analysis is said to require a start within a contraction neighbourhood."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "1/4", "1/8", "1/8")

ENTRY = Entry(
    id="method-initialisation",
    title="Exponential convergence requires a start within a contraction neighbourhood",
    source="Method Summary; Limitations",
    quote="The analysis requires specific weight conditions (non-zero discrete Fourier transform entries) and "
    "initialization within a contraction neighborhood",
    reading="There is a start, here of norm 50 or of norm 1/100, from which population EM has no exponential rate.",
    group="Method and practice",
    claims=(
        Claim(id="method-initialisation/far", statement="asymptotic_rate == 1", k=(4,), weights=_WEIGHTS, radius="50"),
    ),
    disproofs=(Claim(id="method-initialisation/derivation", derivation="global-convergence", general=True, k=()),),
    expected="refuted",
    controls=(
        Claim(
            id="method-initialisation/control-weights",
            title="The condition on the weights, in contrast, is needed.",
            statement="asymptotic_rate < 1",
            k=(2, 3, 4, 8),
            radius="1/100",
            expect="refuted",
        ),
    ),
    correction=(
        "No start is excluded: every ball is a contraction neighbourhood, with a factor of at most "
        "1 − e^{−ρ²} min |π̂_m|². Of the two conditions only that on the weights is needed."
    ),
    corrected=(
        Claim(
            id="method-initialisation/any-norm",
            statement="asymptotic_rate == contraction_factor == 15/16",
            k=(4,),
            weights=_WEIGHTS,
            radius="50",
        ),
    ),
    depends=("beyond-contraction-bound",),
)
