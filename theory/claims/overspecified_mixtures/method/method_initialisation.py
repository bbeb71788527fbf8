"""Method summary: what an analysis by strong convexity near the origin requires."""

from emtheory.theory.claim import Claim, Entry


def _heavy(name: str, statement: str, radius: str, title: str = "") -> Claim:
    return Claim(
        id=f"method-initialisation/{name}",
        statement=statement,
        k=(1000,),
        weights="one-heavy:0.99",
        radius=radius,
        title=title,
    )


ENTRY = Entry(
    id="method-initialisation",
    title="An analysis by strong convexity requires conditions on the weights and a start near the origin",
    source="Method Summary; Limitations",
    quote="The analysis requires specific weight conditions (non-zero discrete Fourier transform entries) and "
    "initialization within a contraction neighborhood",
    reading="Read as it stands, of the paper's way of proof, strong convexity near the origin. Both conditions are "
    "needed for it: $∇²ℓ(0) = AᵀA$ is singular if a $π̂_m$ vanishes, and there are weights without such a zero for "
    "which $∇²ℓ$ has a negative eigenvalue away from the origin, here $k = 1000$, weight 0.99 on one component, radius "
    "2.64.",
    claims=(
        Claim(id="method-initialisation/hessian", derivation="hessian", general=True, k=()),
        _heavy("condition", "hessian_min_eigenvalue == spectral_gap > 0", "0", "These weights satisfy the condition,"),
        _heavy("not-convex", "hessian_min_eigenvalue < -1/10", "2.64", "and convexity fails."),
    ),
    universal=False,
    instances=(
        Claim(id="method-initialisation/uniform", statement="hessian_min_eigenvalue == 0", k=(2, 3, 4, 8), radius="0"),
    ),
    controls=(_heavy("control", "hessian_min_eigenvalue < 0", "1", "Near the origin it does not fail."),),
)
