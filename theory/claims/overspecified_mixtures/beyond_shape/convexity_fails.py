"""Beyond the paper: strong convexity ends at a finite radius where there are many components."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_HEAVY = "one-heavy:0.99"
_there = partial(Claim, k=(1000,), weights=_HEAVY)

ENTRY = Entry(
    id="beyond-convexity-fails",
    title="Non-degenerate weights make the objective convex on the whole simplex ray, whatever $k$",
    source="Beyond the paper; the reach of Lemma 5",
    quote="Simplex configuration transforms the likelihood landscape from multi-modal to strongly convex near origin",
    reading="Whenever no $π̂_m$ vanishes, $λ_{min}(∇²ℓ) ≥ 0$ at every radius of the simplex: tested at $k = 1000$, "
    "weight 0.99.",
    claims=(_there(id="beyond-convexity-fails/thousand", statement="hessian_min_eigenvalue >= 0", radius="2.64"),),
    expected="refuted",
    hypotheses=(_there(id="beyond-convexity-fails/condition", statement="spectral_gap == (989/999)**2"),),
    controls=(
        _there(
            id="beyond-convexity-fails/control",
            title="Near the origin convexity does hold.",
            statement="hessian_min_eigenvalue < 0",
            radius="1",
        ),
    ),
    correction="Strong convexity is local: at $k = 1000$ with the weight 0.99 on one component the smallest eigenvalue "
    "is positive at radius 2 and below −0.13 at 2.64, although $|π̂_m| = 989/999$. EM contracts there by more than a "
    "half.",
    corrected=(
        _there(id="beyond-convexity-fails/inside", statement="0.13 < hessian_min_eigenvalue < 0.14", radius="2"),
        _there(id="beyond-convexity-fails/outside", statement="-0.14 < hessian_min_eigenvalue < -0.13", radius="2.64"),
        _there(id="beyond-convexity-fails/contracts", statement="0.55 < posterior_power(m=1) < 0.56", radius="2.64"),
    ),
    depends=("beyond-contraction-bound",),
)
