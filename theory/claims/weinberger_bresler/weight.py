"""Weinberger and Bresler: EM for the weight alone."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

_BOX = {"w": ("1/20", "19/20"), "separation": ("1/10", "3")}
_MATCHED = {"theta": "separation", "fit_weight": "w"}

ENTRY = Entry(
    id="wb-weight",
    title="EM for the weight, the means known, contracts by $1 − 4W(1 − W)(1 − exp(−μ²/2))$",
    source="Weinberger and Bresler (2022), abstract: EM for the weight with the mean held fixed",
    quote="EM for the weight with a fixed mean, possibly not the true one, attains the minimax rate on samples in "
    "$O(1/‖θ_*‖²)$ steps.",
    reading="Of this the population's part with the true mean, $θ = μ$. $W′ = E γ₁$ is linear in $W₀$, and $W′ = W$ "
    "where $W₀ = W$: $W′ − W₀ = (1 − D)(W − W₀)$ exactly, $D = E_+ γ₁ − E_− γ₁ = (E_+ γ₁ − W)/(1 − W)$, with $E_±$ "
    "over $N(±μ, 1)$. So $W$ approaches $W₀$ from its side, from every start, and $D ≥ 4W(1 − W)(1 − exp(−μ²/2))$ for "
    "every $W$ from 1/20 to 19/20 and $μ$ from 1/10 to 3: of the order $μ²$ for small $μ$, so that a number of steps "
    "of the order $1/μ²$ suffices for each factor. Only $⟨X, μ⟩$ matters, so this is the same in every dimension. With "
    "another mean the limit is another: for $μ = 1$, $W₀ = 7/10$ and $θ = 3/2$ a step from $W₀$ leads below it.",
    claims=(
        two_means(
            "wb-weight/gain",
            "weight_map - w >= 4*w*(1 - w)**2*(1 - exp(-1/2*separation**2))",
            _BOX,
            title="$D$: the data here are the first component alone.",
            truth_weight="1",
            **_MATCHED,
        ),
        two_means(
            "wb-weight/step",
            "abs(weight_map - truth_weight) <= (1 - 4*w*(1 - w)*(1 - exp(-1/2*separation**2)))*abs(w - truth_weight)",
            {"w": ("1/20", "13/20"), "separation": ("1/10", "3")},
            title="The step itself, for $W₀ = 7/10$.",
            truth_weight="7/10",
            **_MATCHED,
        ),
        two_means(
            "wb-weight/mismatched",
            "weight_map < 69/100",
            title="With a mean that is not the true one.",
            separation="1",
            theta="3/2",
            truth_weight="7/10",
            fit_weight="7/10",
        ),
    ),
    controls=(
        two_means(
            "wb-weight/faster",
            "weight_map - w >= 101/100*4*w*(1 - w)**2*(1 - exp(-1/2*separation**2))",
            _BOX,
            title="One percent more is too much, where $W = 1/2$ and $μ = 3$.",
            truth_weight="1",
            **_MATCHED,
        ),
        two_means(
            "wb-weight/first-order",
            "weight_map - w >= 4*w*(1 - w)**2*(1 - exp(-1/2*separation))",
            _BOX,
            title="The order is that of $μ²$.",
            truth_weight="1",
            **_MATCHED,
        ),
    ),
)
