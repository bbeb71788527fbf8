"""Method summary: the requirement of a contraction neighbourhood, read as one on EM itself."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "1/4", "1/8", "1/8")
_there = partial(Claim, k=(4,), weights=_WEIGHTS, radius="50")

ENTRY = Entry(
    id="method-initialisation-em",
    title="Exponential convergence itself requires a start within a contraction neighbourhood",
    source="Method Summary; Limitations",
    quote="The analysis requires specific weight conditions (non-zero discrete Fourier transform entries) and "
    "initialization within a contraction neighborhood",
    reading="Read of EM rather than of the proof: there is a start from which population EM has no exponential rate "
    "although no $π̂_m$ vanishes, here the simplex of radius 50.",
    claims=(_there(id="method-initialisation-em/far", statement="asymptotic_rate == 1"),),
    disproofs=(Claim(id="method-initialisation-em/derivation", derivation="global-convergence", general=True, k=()),),
    expected="refuted",
    controls=(
        Claim(
            id="method-initialisation-em/control-weights",
            title="The condition on the weights, in contrast, is needed.",
            statement="asymptotic_rate < 1",
            k=(2, 3, 4, 8),
            radius="1/100",
        ),
    ),
    correction="No start is excluded: every ball is a contraction neighbourhood, with a factor of at most $1 − e^{−ρ²} "
    "min |π̂_m|²$. Of the two conditions only that on the weights is needed: if $π̂_m = 0$, $∑_t ‖θ_t‖²$ diverges from "
    "every start that excites frequency $m$.",
    corrected=(
        Claim(id="method-initialisation-em/every-ball", derivation="contraction-bound", general=True, k=()),
        Claim(id="method-initialisation-em/weights", derivation="necessity", general=True, k=()),
        _there(id="method-initialisation-em/any-norm", statement="asymptotic_rate == contraction_factor == 15/16"),
    ),
    depends=("beyond-contraction-bound",),
    other_reading_of="method-initialisation",
)
