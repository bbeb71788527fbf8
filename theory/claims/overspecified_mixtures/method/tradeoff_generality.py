"""Design trade-off: speed against generality."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_there = partial(Claim, k=(5,), weights="linear", amplitudes=("1", "3"))

ENTRY = Entry(
    id="tradeoff-generality",
    title="An exponential rate requires simplex geometry",
    source="Architecture Onboarding, design tradeoffs",
    quote="Speed vs. Generality: Exponential rate requires specific data distribution and simplex geometry",
    reading="Read for the geometry: means that are no regular simplex make EM sublinear, here $R^jθ$ with amplitudes "
    "(1, 3) at $k = 5$. The data's distribution is the subject of entry tradeoff-generality-data.",
    claims=(_there(id="tradeoff-generality/off-the-simplex", statement="asymptotic_rate == 1"),),
    disproofs=(Claim(id="tradeoff-generality/bound", derivation="contraction-bound", general=True, k=()),),
    expected="refuted",
    controls=(
        Claim(
            id="tradeoff-generality/control",
            title="Nor does simplex geometry alone give the rate.",
            statement="asymptotic_rate < 1",
            k=(5,),
            radius="1",
        ),
    ),
    correction="For any orthogonal maps $U_j$, $B(θ) ⪰ e^{−‖θ‖²}AᵀA$ with $A = ∑_j π_jU_j$: $‖θ_t‖$ tends to 0 "
    "geometrically from every start if $A$ is invertible, whatever the shape that the means form.",
    corrected=(_there(id="tradeoff-generality/rate", statement="asymptotic_rate == contraction_factor < 1"),),
)
