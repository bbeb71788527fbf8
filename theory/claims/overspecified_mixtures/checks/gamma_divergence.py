"""Critical path: the radius must be small enough, or EM diverges."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")

ENTRY = Entry(
    id="initialisation-beyond-gamma",
    title="There is a radius beyond which EM no longer shrinks $θ$",
    source="Architecture Onboarding, critical path; first experiment 3",
    quote="Check Radius (must be small enough) … empirically find threshold $γ$ where convergence switches from "
    "exponential to unstable/slow",
    reading="At some radius up to 10 on the simplex ray a step of population EM does not shrink $‖θ‖$: $sup (1 − β) ≥ "
    "1$. Judged at the weights 1/2, 3/10, 1/5, and by a proof of the opposite for every start.",
    claims=(
        Claim(
            id="initialisation-beyond-gamma/threshold",
            statement="worst_contraction_factor(radius=10) >= 1",
            weights=_WEIGHTS,
        ),
    ),
    disproofs=(
        Claim(id="initialisation-beyond-gamma/every-start", derivation="global-convergence", general=True, k=()),
    ),
    expected="refuted",
    controls=(
        Claim(
            id="initialisation-beyond-gamma/control",
            title="The worst factor is not better than the one at the origin.",
            statement="worst_contraction_factor(radius=10) < contraction_factor - 1/1000",
            weights=_WEIGHTS,
        ),
    ),
    correction="There is no threshold for the population if no $π̂_m$ vanishes: the factor is below 1 at every radius. "
    "For these weights it is largest at the origin, up to radius 10; for others steps at some radius are slower than "
    "those near the origin (entry beyond-worst-at-origin).",
    corrected=(
        Claim(id="initialisation-beyond-gamma/every-ball", derivation="contraction-bound", general=True, k=()),
        Claim(
            id="initialisation-beyond-gamma/factor",
            statement="0 <= 1 - posterior_power(m=1) <= contraction_factor + 1e-20",
            weights=_WEIGHTS,
            for_all={"radius": ("0", "10")},
        ),
    ),
    depends=("mechanism-2",),
)
