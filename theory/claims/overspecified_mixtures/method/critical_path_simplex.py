"""Critical path: the initialisation must form a simplex."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "1/4", "1/8", "1/8")
_there = partial(Claim, k=(4,), weights=_WEIGHTS)

ENTRY = Entry(
    id="critical-path-simplex",
    title="The initial means must form a regular simplex",
    source="Architecture Onboarding, critical path",
    quote="Initialization (must form simplex)",
    reading="From a start whose means $R^jθ_0$ do not form a regular simplex population EM has no exponential rate: "
    "judged at amplitudes (1, 0) and (2, 1/2) for $k = 4$, and by a proof of the opposite for every start.",
    claims=(
        _there(id="critical-path-simplex/one-frequency", statement="asymptotic_rate >= 1", amplitudes=("1", "0")),
        _there(id="critical-path-simplex/both", statement="asymptotic_rate >= 1", amplitudes=("2", "1/2")),
    ),
    disproofs=(Claim(id="critical-path-simplex/derivation", derivation="global-convergence", general=True, k=()),),
    expected="refuted",
    controls=(
        _there(
            id="critical-path-simplex/control",
            title="Off the simplex the rate need not be that of the simplex.",
            statement="asymptotic_rate == contraction_factor",
            amplitudes=("1", "0"),
        ),
    ),
    correction="If no $π̂_m$ vanishes every $θ_0$ will do; the simplex is one orbit among many. A start that excites "
    "only some frequencies may have a better rate: $1 − |π̂_1|² = 27/32$ from amplitudes (1, 0), against 15/16.",
    corrected=(
        _there(
            id="critical-path-simplex/rate-of-excited",
            statement="27/32 == asymptotic_rate < contraction_factor == 15/16",
            amplitudes=("1", "0"),
        ),
        _there(
            id="critical-path-simplex/rate-of-all",
            statement="asymptotic_rate == contraction_factor",
            amplitudes=("2", "1/2"),
        ),
    ),
    depends=("beyond-contraction-bound",),
)
