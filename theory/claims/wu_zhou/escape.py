"""Wu and Zhou: how fast EM leaves the origin."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="wz-escape",
    title="Near 0 a step grows by at most $1 + μ²$, for the map is concave",
    source="Wu and Zhou (2021), the properties of the population map in one dimension; as commonly quoted",
    quote="The population map is increasing and concave on $θ ≥ 0$ with slope $1 + ‖θ^*‖²$ at 0.",
    reading="Balanced, $d = 1$: $M′(0) = 1 + μ²$ exactly, and $M(θ) ≤ (1 + μ²)θ$ for every $θ$ from 0 to 4 and $μ$ "
    "from 1/2 to 3. Concavity, $M″ = −2E[X³ tanh sech²] < 0$ for $θ > 0$, gives it for all $θ$ and $μ$.",
    claims=(
        two_means(
            "wz-escape/box", "em_map <= (1 + 1*separation**2)*theta", {"theta": ("0", "4"), "separation": ("1/2", "3")}
        ),
        two_means("wz-escape/slope", "em_map_derivative == 1 + separation**2", theta="0", separation="2"),
    ),
    controls=(
        two_means(
            "wz-escape/smaller",
            "em_map <= (1 + 19/20*separation**2)*theta",
            {"theta": ("0", "4"), "separation": ("1/2", "3")},
        ),
    ),
)
