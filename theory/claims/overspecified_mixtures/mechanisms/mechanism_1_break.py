"""Mechanism 1, break condition: uniform weights destroy strong convexity."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="mechanism-1-break",
    title="Uniform weights destroy strong convexity at the origin",
    source="Why This Works, Mechanism 1, break condition",
    quote="Uniform weights violate DFT condition for k>2, destroying strong convexity",
    reading="With uniform weights every $π̂_m = 0$, and so $λ_{min}(∇²ℓ(0)) = 0$, for every $k > 2$.",
    claims=(
        Claim(id="mechanism-1-break/dft", derivation="dft", general=True, k=()),
        Claim(id="mechanism-1-break/hessian", derivation="hessian", general=True, k=()),
    ),
    instances=(
        Claim(
            id="mechanism-1-break/singular",
            statement="hessian_min_eigenvalue == 0",
            k=(3, 4, 5, 6, 7, 8, 12, 16, 64),
            radius="0",
        ),
    ),
    controls=(
        Claim(
            id="mechanism-1-break/control",
            title="Weights that are not uniform keep it.",
            statement="hessian_min_eigenvalue == 0",
            weights=("1/2", "3/10", "1/5"),
            radius="0",
        ),
    ),
    correction="The same holds for $k = 2$: equal weights give $A = 0$ for every $k ≥ 2$.",
    corrected=(Claim(id="mechanism-1-break/two", statement="hessian_min_eigenvalue == 0", k=(2,), radius="0"),),
    depends=("uniform-dft",),
)
