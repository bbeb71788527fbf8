"""Open question 4: the size of the neighbourhood."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_there = partial(Claim, k=(2,), weights="one-heavy:W", for_all={"W": ("11/20", "99/100"), "radius": ("1/100", "2")})

ENTRY = Entry(
    id="open-question-4",
    title="The neighbourhood is the whole space; the PL constant and the factor on each ball are explicit",
    source="Open Question 4",
    quote="Can the radius of local convergence neighborhood $(‖θ_0‖ ≤ γ)$ be explicitly quantified as function of $k$ "
    "and $d$?",
    reading="For every $γ$, on $‖θ‖ ≤ γ$: $‖M(θ)‖ ≤ (1 − e^{−γ²} min |π̂_m|²)‖θ‖$, and $μ = e^{−2γ²} min |π̂_m|⁴$ is a "
    "PL constant. Neither depends on $d$, and on $k$ only through the weights' transform.",
    claims=(
        Claim(id="open-question-4/factor", derivation="contraction-bound", general=True, k=()),
        Claim(id="open-question-4/pl", derivation="pl-inequality", general=True, k=()),
    ),
    instances=(
        Claim(
            id="open-question-4/worst-factor",
            statement="worst_contraction_factor(radius=1) <= 1 - spectral_gap * exp(-1)",
            k=(3, 4),
            weights="linear",
        ),
        Claim(
            id="open-question-4/how-sharp",
            title="The sharper bound of the derivation gives between a tenth and a half of the true gain $1 −$ factor.",
            statement="1/10 < (1 - contraction_bound(radius=2)) / (1 - worst_contraction_factor(radius=2)) < 1/2",
            k=(3, 4, 16),
            weights="linear",
        ),
        Claim(
            id="open-question-4/pl-constant",
            statement="pl_constant(radius=1) >= spectral_gap**2 * exp(-2)",
            k=(3, 4),
            weights="linear",
        ),
        _there(
            id="open-question-4/pl-sharp",
            title="Proved is $e^{−2ρ²} σ⁴$; for two components and $ρ ≤ 2$ the sharp one is between $0.767 σ²$ and "
            "$0.769 σ²$.",
            statement="pl_ratio >= 767/1000 * spectral_gap",
        ),
        Claim(
            id="open-question-4/pl-degenerate",
            title="Equal weights, $A = 0$: $½‖∇ℓ‖²$ is $2r²(1 + 2r²) KL$ near the origin.",
            statement="1.99 * radius**2 * (1 + 2 * radius**2) < pl_ratio < 2.01 * radius**2 * (1 + 2 * radius**2)",
            k=(2,),
            radius="1/100",
        ),
    ),
    controls=(
        _there(
            id="open-question-4/control-pl-sharp",
            title="and $0.769 σ²$ is too much.",
            statement="pl_ratio >= 769/1000 * spectral_gap",
        ),
        Claim(
            id="open-question-4/control",
            title="No bound without a loss in $γ$: the factor at the origin is not the worst.",
            statement="posterior_power(m=1) >= spectral_gap",
            k=(100,),
            weights="one-heavy:1/2",
            radius="1",
        ),
    ),
    depends=("beyond-contraction-bound", "lemma-1"),
)
