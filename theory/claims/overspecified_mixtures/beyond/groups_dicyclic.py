"""Beyond the paper, open question 1: dicyclic groups acting on R⁴."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-groups-dicyclic",
    title="Dicyclic groups on $R⁴$: $AᵀA = (|P|² + |Q|²)I$, and EM keeps every direction",
    source="Beyond the paper; answers open question 1",
    quote="Can exponential convergence guarantees extend to general overspecified configurations beyond simplex "
    "geometry?",
    reading="The dicyclic group of order $4n$ on $R⁴$, for every $n ≥ 2$ (the quaternion group for 2), with weights "
    "$p_a$ on $ζ^a$ and $q_a$ on $ζ^aj$, $ζ = e^{πi/n}$: $AᵀA = (|P|² + |Q|²)I$ with $P = ∑ p_aζ^a$ and $Q = ∑ "
    "q_aζ^a$, and $M(θ) = (1 − β(θ))θ$ for every $θ$. Equal weights on $g$ and $−g$, uniform or not, make $A = 0$; "
    "then $r_t² ~ 1/(2qt)$ along every line, with one $q$.",
    claims=(
        Claim(id="beyond-groups-dicyclic/matrix", derivation="group-dicyclic", general=True, k=()),
        Claim(id="beyond-groups-dicyclic/rate", derivation="degenerate-directions", general=True, k=()),
    ),
    instances=(
        Claim(
            id="beyond-groups-dicyclic/matrix-coordinates",
            title="The same for single $n$, by its matrices.",
            derivation="group-dicyclic",
            k=(2, 3, 4),
        ),
    ),
    controls=(
        Claim(
            id="beyond-groups-dicyclic/control-flat",
            title="That all directions contract alike is special to them: it fails for the cyclic group of order 8.",
            statement="dft_modulus(m=1) == dft_modulus(m=2)",
            k=(8,),
            weights="linear",
        ),
    ),
    depends=("beyond-groups",),
)
