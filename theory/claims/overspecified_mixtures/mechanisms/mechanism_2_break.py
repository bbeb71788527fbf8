"""Mechanism 2, break condition: no exponential rate from outside the radius."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")

ENTRY = Entry(
    id="mechanism-2-break",
    title="Initialisation outside the radius $γ$ prevents an exponential rate",
    source="Why This Works, Mechanism 2, break condition",
    quote="Initialization outside radius $γ$ prevents exponential rate",
    reading="Read for the rate in the end: from no start outside the ball does population EM converge at an "
    "exponential rate. Judged at the simplex of radius 20, and by a proof of the opposite for every start.",
    claims=(Claim(id="mechanism-2-break/rate", statement="asymptotic_rate >= 1", weights=_WEIGHTS, radius="20"),),
    disproofs=(Claim(id="mechanism-2-break/any-start-at-all", derivation="global-convergence", general=True, k=()),),
    expected="refuted",
    controls=(
        Claim(
            id="mechanism-2-break/control",
            title="A rate faster than the slowest frequency's.",
            statement="asymptotic_rate < contraction_factor",
            weights=_WEIGHTS,
            radius="20",
        ),
    ),
    correction="If no $π̂_m$ vanishes, $‖θ_t‖$ tends to 0 geometrically from every start, and the factor of a "
    "step tends to $1 − min |π̂_m|²$ over the frequencies $m ≠ 0$ that the start has: on the simplex "
    "all, but with weights 1/2, 1/4, 1/8, 1/8 and frequency 1 alone it is 27/32. A start orthogonal "
    "to the simplex's span is at 0 after one step. A far start delays it: each step multiplies the "
    "amplitude at frequency $m$ by $1 − β_m(θ)$, which is below 1 everywhere.",
    corrected=(
        Claim(id="mechanism-2-break/factor-in-the-end", derivation="asymptotic-factor", general=True, k=()),
        Claim(
            id="mechanism-2-break/one-frequency",
            statement="asymptotic_rate == 27/32 < contraction_factor",
            k=(4,),
            weights=("1/2", "1/4", "1/8", "1/8"),
            amplitudes=("20", "0"),
        ),
        Claim(id="mechanism-2-break/every-factor", derivation="contraction-bound", general=True, k=()),
        Claim(
            id="mechanism-2-break/any-start",
            statement="asymptotic_rate == contraction_factor < 1",
            weights=_WEIGHTS,
            radius="20",
        ),
        Claim(
            id="mechanism-2-break/every-step",
            statement="1 - posterior_power(m=1) < 1",
            weights=_WEIGHTS,
            for_all={"radius": ("0", "20")},
        ),
    ),
)
