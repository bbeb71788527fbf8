"""Beyond the paper: Lloyd's radius may lie outside the strongly convex region."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_HEAVY = "one-heavy:0.99"
_there = partial(Claim, k=(1000,), weights=_HEAVY)

ENTRY = Entry(
    id="beyond-lloyd-basin",
    title="Lloyd's initialisation lies in the strongly convex region",
    source="Beyond the paper; critical path (initialisation, then check of the radius)",
    quote="Initialization (must form simplex) -> Check Radius (must be small enough)",
    reading="$R_0$ is at most the strong convexity radius $γ_{sc}$, the largest $ρ$ with $λ_{min}(∇²ℓ) ≥ 0$ along the "
    "simplex ray up to $ρ$: for $k = 2$, 3, 4 with linear weights, and $k = 1000$ with the weight 0.99 on one "
    "component, where the Hessian must then be positive semidefinite at radius $2.64 < R_0$.",
    claims=(
        Claim(
            id="beyond-lloyd-basin/few",
            statement="lloyd_radius < strong_convexity_radius",
            k=(2, 3, 4),
            weights="linear",
        ),
        _there(id="beyond-lloyd-basin/many", statement="hessian_min_eigenvalue >= 0", radius="2.64"),
    ),
    expected="refuted",
    hypotheses=(
        _there(
            id="beyond-lloyd-basin/beyond",
            title="2.64 is inside Lloyd's radius, which is $√(2 log k)$ to leading order.",
            statement="2.64 < 3.24 < lloyd_radius < sqrt(2 * log(k) * k / (k - 1))",
        ),
    ),
    controls=(
        Claim(
            id="beyond-lloyd-basin/control",
            title="Where weights are all alike the Hessian is semidefinite there.",
            statement="hessian_min_eigenvalue < 0",
            k=(1000,),
            radius="2.64",
        ),
    ),
    correction="$R_0$ lies inside $γ_{sc}$ for $k = 2$, 3, 4 with linear weights, and with the weight 0.99 on one "
    "component inside for $k = 100$ and outside for $k = 1000$. EM contracts there all the same, at radius 3.243 by "
    "the factor $1 − β < 0.56$.",
    corrected=(
        Claim(
            id="beyond-lloyd-basin/inside",
            statement="lloyd_radius < strong_convexity_radius",
            k=(2, 3, 4),
            weights="linear",
        ),
        Claim(
            id="beyond-lloyd-basin/inside-hundred",
            title="With a hundred components still inside,",
            statement="lloyd_radius < strong_convexity_radius",
            k=(100,),
            weights=_HEAVY,
        ),
        _there(
            id="beyond-lloyd-basin/outside",
            title="with a thousand outside.",
            statement="strong_convexity_radius < 2.2 < lloyd_radius",
        ),
        _there(id="beyond-lloyd-basin/contracts", statement="0.44 < posterior_power(m=1) < 0.45", radius="3.243"),
    ),
)
