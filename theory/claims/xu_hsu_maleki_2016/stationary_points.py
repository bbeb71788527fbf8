"""Xu, Hsu and Maleki: the stationary points of a balanced fit."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="xhm-stationary-points",
    title="A balanced fit has three stationary points, the truth twice and 0",
    source="Xu, Hsu and Maleki (2016), the theorem on the symmetric model; as commonly quoted",
    quote="Population EM for two opposite means with equal weights has no stationary points but the truth, its mirror "
    "image and 0.",
    reading="On the line, $W₀ = W = 1/2$: exactly three fixed points for every $μ$ from 1/2 to 3. 0, $μ$ and $−μ$ are "
    "three, so that there are no others; 0 repels, as $M′(0) = 1 + μ² > 1$. For every $μ > 0$ it follows from "
    "concavity on $θ > 0$, as $M$ is odd. In $d$ dimensions there are no others: with $p$ and $q$ the parts of $μ$ "
    "along $θ ≠ 0$ and across, $M(θ)$ is the map of one dimension for $p$ along, and $q E tanh(‖θ‖(p + Z))$ across. By "
    "symmetry $E tanh$ has the sign of $p$, and so what is across vanishes only on the line, $q = 0$, or for $p = 0$, "
    "where the map along is that of $μ = 0$ and has no fixed point but 0.",
    claims=(
        two_means(
            "xhm-stationary-points/count", "fixed_point_count(low=-inf, high=inf) == 3", {"separation": ("1/2", "3")}
        ),
        two_means("xhm-stationary-points/zero", "em_map_derivative == 1 + separation**2", theta="0", separation="3/2"),
        two_means("xhm-stationary-points/truth", "em_map == separation", theta="3/2", separation="3/2"),
        two_means(
            "xhm-stationary-points/across",
            "weight_map > 1/2",
            {"theta": ("1/10", "4"), "separation": ("1/10", "3")},
            title="Away from the line a step turns towards it: $E tanh(‖θ‖(p + Z)) > 0$, twice the weight less 1.",
            truth_weight="1",
        ),
    ),
    controls=(
        two_means(
            "xhm-stationary-points/two", "fixed_point_count(low=-inf, high=inf) == 2", {"separation": ("1/2", "3")}
        ),
        two_means(
            "xhm-stationary-points/across-more",
            "weight_map > 51/100",
            {"theta": ("1/10", "4"), "separation": ("1/10", "3")},
            title="For small $p$ only a little.",
            truth_weight="1",
        ),
        two_means("xhm-stationary-points/mirror", "em_map == separation", theta="-3/2", separation="3/2"),
    ),
)
