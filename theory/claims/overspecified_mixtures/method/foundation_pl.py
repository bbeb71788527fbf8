"""Foundational learning: PL is weaker than strong convexity."""

from emtheory.theory.claim import Claim, Entry


def _far(name: str, statement: str, title: str = "") -> Claim:
    return Claim(
        id=f"foundation-pl/{name}", statement=statement, k=(1000,), weights="one-heavy:0.99", radius="2.64", title=title
    )


ENTRY = Entry(
    id="foundation-pl",
    title="PL allows exponential convergence where the objective is not convex",
    source="Foundational Learning, Strong Convexity vs. PL Inequality",
    quote="PL is a generalization of strong convexity that allows exponential convergence even when the log-likelihood "
    "isn't globally concave",
    reading="There are weights and a point at which $∇²ℓ$ has a negative eigenvalue, while $½‖∇ℓ‖² ≥ KL/10$ on the "
    "simplex ray up to there, and EM contracts there. Shown at $k = 1000$, weight 0.99 on one component, radius 2.64. "
    "That strong convexity implies PL is textbook knowledge and not judged.",
    claims=(
        _far("not-convex", "hessian_min_eigenvalue < -1/10"),
        Claim(
            id="foundation-pl/ratio", statement="pl_constant(radius=2.64) > 1/10", k=(1000,), weights="one-heavy:0.99"
        ),
        _far("contracts", "2/5 < posterior_power(m=1) < 1"),
    ),
    universal=False,
    controls=(_far("control-convex", "hessian_min_eigenvalue > 0", "Strong convexity there."),),
    depends=("lemma-1",),
)
