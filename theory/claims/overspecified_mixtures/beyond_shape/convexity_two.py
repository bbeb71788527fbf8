"""Beyond the paper: convexity everywhere for two components."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_there = partial(Claim, k=(2,), weights=("3/5", "2/5"))

ENTRY = Entry(
    id="beyond-convexity-two",
    title="For two components the Hessian is positive definite everywhere, save at 0 for equal weights",
    source="Beyond the paper; sharpens Lemma 5",
    quote="[Lemma 5] establishes strong convexity",
    reading="$k = 2$: $∇²ℓ(r) = E[X² tanh²(rX + a)]$, $tanh a = π_0 − π_1$, is positive for every $r$ unless $r = 0$ "
    "and the weights are equal. So $ℓ$ is strictly convex for all weights, equal ones too; what these lack is strong "
    "convexity near 0, where $∇²ℓ(0) = (π_0 − π_1)² = 0$.",
    claims=(Claim(id="beyond-convexity-two/square", derivation="convexity-two", k=(2,)),),
    universal=False,
    instances=(
        _there(
            id="beyond-convexity-two/positive", statement="hessian_min_eigenvalue > 0", for_all={"radius": ("0", "10")}
        ),
        Claim(
            id="beyond-convexity-two/all-weights",
            title="From equal weights to 99 in a hundred, at every radius from 1/10 on.",
            statement="hessian_min_eigenvalue > 0",
            k=(2,),
            weights="one-heavy:W",
            for_all={"W": ("1/2", "99/100"), "radius": ("1/10", "inf")},
        ),
        _there(id="beyond-convexity-two/radius", statement="strong_convexity_radius > exp(exp(k))"),
    ),
    controls=(
        Claim(
            id="beyond-convexity-two/control-origin",
            title="Equal weights at the origin: strictly convex, not strongly.",
            statement="hessian_min_eigenvalue > 0",
            k=(2,),
            radius="0",
        ),
        _there(
            id="beyond-convexity-two/control-power",
            title="The factor $X²$ is needed: $∇²ℓ$ is not $β = E tanh²$.",
            statement="hessian_min_eigenvalue == posterior_power(m=1)",
            radius="1",
        ),
    ),
)
