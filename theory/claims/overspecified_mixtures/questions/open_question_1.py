"""Open question 1: beyond simplex geometry."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="open-question-1",
    title="The guarantee extends to all orthogonal maps with invertible $A$, and to no other orthogonal maps",
    source="Open Question 1",
    quote=(
        "Can exponential convergence guarantees extend to general overspecified configurations beyond simplex geometry?"
    ),
    reading="For means $U_jθ$ with any orthogonal maps $U_j$: EM converges linearly from every start if $A = ∑_j "
    "π_jU_j$ is invertible, and if $Au = 0$ no bound $‖θ_t‖ ≤ C f^t‖θ_0‖$ with $f < 1$ holds for all starts near the "
    "origin; where the maps are the powers $R^j$ and $π̂_m = 0$, there is none from any start that excites frequency "
    "$m$. For means $L_jθ$ with any matrices $L_j$ the Jacobian at the origin is $I − N⁻¹AᵀA$, $N = ∑_j π_jL_jᵀL_j$ "
    "invertible: the origin attracts geometrically if $A = ∑_j π_jL_j$ is injective, and else no exponential rate "
    "holds near it from starts mostly in the kernel of $A$, as for all means free, with any weights. No other "
    "stationary point is in the way: for any matrices 0 is the only one, KL grows along every ray from it, and if "
    "every $L_j$ is injective EM converges to 0 from every start. Whether it does for free means is not judged.",
    claims=(
        Claim(id="open-question-1/sufficient", derivation="contraction-bound", general=True, k=()),
        Claim(id="open-question-1/necessary", derivation="necessity", general=True, k=()),
        Claim(id="open-question-1/sublinear", derivation="degenerate-directions", general=True, k=()),
        Claim(id="open-question-1/any-tying", derivation="linear-tying", general=True, k=()),
        Claim(id="open-question-1/landscape", derivation="stationary-point", general=True, k=()),
        Claim(id="open-question-1/free-means", derivation="free-means", general=True, k=()),
    ),
    instances=(
        Claim(
            id="open-question-1/groups",
            title="$S_3$ and Klein's four group on the plane,",
            derivation="group-dihedral",
            k=(2, 3),
        ),
        Claim(
            id="open-question-1/quaternions", title="the quaternion group on $R⁴$.", derivation="group-dicyclic", k=(2,)
        ),
    ),
    hypotheses=(Claim(id="open-question-1/invertible", statement="spectral_gap > 0", k=(3, 4, 5), weights="linear"),),
    controls=(
        Claim(
            id="open-question-1/control",
            title="Invertibility is needed: $π̂_2 = 0$ here.",
            statement="asymptotic_rate < 1",
            k=(4,),
            weights=("2/5", "3/10", "1/10", "1/5"),
            radius="1",
        ),
    ),
    depends=(
        "beyond-identity",
        "beyond-contraction-bound",
        "beyond-necessity",
        "beyond-stationary-point",
        "beyond-linear-tying",
        "beyond-free-means",
    ),
)
