"""Mechanism 1, core assumption: no entry of the weights' transform vanishes."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_PARTIAL = ("2/5", "3/10", "1/10", "1/5")
_there = partial(Claim, k=(4,), weights=_PARTIAL, radius="0")

ENTRY = Entry(
    id="mechanism-1-assumption",
    title="The DFT condition is exactly what strong convexity at the origin needs",
    source="Why This Works, Mechanism 1, core assumption",
    quote="Mixture weights satisfy DFT condition (no zero entries)",
    reading="Read as a condition that cannot be weakened: $∇²ℓ(0) = AᵀA$ is positive definite on the simplex span if "
    "and only if $π̂_m ≠ 0$ for every $m = 1$, …, $k−1$. One vanishing entry is enough to lose it, and $m = 0$ plays "
    "no part, since $π̂_0 = 1$ always.",
    claims=(
        Claim(id="mechanism-1-assumption/matrix-a", derivation="matrix-a", general=True, k=()),
        Claim(id="mechanism-1-assumption/hessian", derivation="hessian", general=True, k=()),
    ),
    instances=(
        _there(
            id="mechanism-1-assumption/one-entry",
            title="$π̂_2 = 0$ although $π̂_1$ is not.",
            statement="0 == dft_modulus(m=2) == hessian_min_eigenvalue < dft_modulus(m=1)",
        ),
    ),
    hypotheses=(
        Claim(id="mechanism-1-assumption/witness", statement="spectral_gap > 0", k=(2, 3, 4, 64), weights="linear"),
    ),
    controls=(
        _there(
            id="mechanism-1-assumption/control-not-uniform",
            title="That the weights are not uniform is not enough.",
            statement="hessian_min_eigenvalue > 0",
        ),
    ),
    depends=("lemma-3",),
)
