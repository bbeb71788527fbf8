"""Next check 3: geometry that is not that of the simplex."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="next-check-3",
    title="Maps other than the simplex's rotations give a linear rate too, if $A$ is invertible",
    source="Next Checks, 3",
    quote="evaluate practical performance and initialization strategies when simplex geometry is approximate rather "
    "than exact",
    reading="Approximate geometry is read as means $U_jθ$ with any orthogonal maps $U_j$: $B(θ) ⪰ e^{−‖θ‖²}AᵀA$ with "
    "$A = ∑_j π_jU_j$, so EM has a linear rate from every start if $A$ is invertible. $σ_{min}(A)$ differs from $min "
    "|π̂_m|$, that of the exact simplex, by at most $∑_j π_j‖U_j − R^j‖ ≤ max_j ‖U_j − R^j‖$. If that sum is below "
    "$min |π̂_m|$, $A$ is invertible, and the contraction factor is at most $1 − (min |π̂_m| − ∑_j π_j‖U_j − R^j‖)²$. "
    "Real data are not judged: no formal statement is made about them.",
    claims=(
        Claim(id="next-check-3/any-maps", derivation="contraction-bound", general=True, k=()),
        Claim(id="next-check-3/identity", derivation="stein-identity", general=True, k=()),
        Claim(id="next-check-3/near-maps", derivation="approximate-maps", general=True, k=()),
        Claim(id="next-check-3/exact-maps", derivation="matrix-a", general=True, k=()),
    ),
    instances=(
        Claim(
            id="next-check-3/start",
            title="A start that is only nearly a simplex: amplitudes of radius 1 are $(√2, 1)/√3 = (0.816…, 0.577…)$.",
            statement="asymptotic_rate == contraction_factor < 1",
            k=(4,),
            weights="linear",
            amplitudes=("0.8", "0.6"),
        ),
    ),
    controls=(
        Claim(
            id="next-check-3/control",
            title="Degenerate weights are not rescued by an inexact start.",
            statement="asymptotic_rate < 1",
            k=(4,),
            amplitudes=("0.8", "0.6"),
        ),
    ),
    depends=("beyond-contraction-bound",),
)
