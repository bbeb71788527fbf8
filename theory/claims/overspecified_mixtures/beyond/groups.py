"""Beyond the paper, open question 1: finite groups of orthogonal maps."""

from emtheory.theory.claim import Claim, Entry

_KLEIN = ("2/5", "1/5", "3/10", "1/10")

ENTRY = Entry(
    id="beyond-groups",
    title="For a finite group of maps EM contracts linearly if and only if the Fourier transform of the weights is "
    "invertible",
    source="Beyond the paper; answers open question 1",
    quote="Can exponential convergence guarantees extend to general overspecified configurations beyond simplex "
    "geometry?",
    reading=(
        "A = Σ π_g g is the transform of the weights at the representation. Dihedral groups on the plane (Klein's four "
        "group, S_3, …): spectral gap (|P| − |Q|)². Dicyclic groups on R⁴ (the quaternion group, …): AᵀA = (|P|² + "
        "|Q|²)I. In each there are weights that are not uniform and yet make A singular, with r_t² ~ 1/(2qt)."
    ),
    group="Beyond the paper",
    claims=(
        Claim(
            id="beyond-groups/any-orthogonal-maps",
            title="Whatever the maps: B(θ) ⪰ b AᵀA with b > 0, so an invertible A suffices,",
            derivation="contraction-bound",
            general=True,
            k=(),
        ),
        Claim(
            id="beyond-groups/singular",
            title="and a singular one does not allow a factor below 1.",
            derivation="degenerate-directions",
            general=True,
            k=(),
        ),
    ),
    instances=(
        Claim(
            id="beyond-groups/dihedral",
            title="Klein's four group (2), S_3 on its two-dimensional irreducible representation (3), and larger ones.",
            derivation="group-dihedral",
            k=(2, 3, 4, 5, 6),
        ),
        Claim(
            id="beyond-groups/dicyclic",
            title="The quaternion group (2) on its four-dimensional irreducible representation, and larger ones.",
            derivation="group-dicyclic",
            k=(2, 3, 4),
        ),
    ),
    controls=(
        Claim(
            id="beyond-groups/control-group",
            title="The group matters: weights that are singular for Klein's four group (2/5 − 1/5 = 3/10 − 1/10) are "
            "not for the cyclic group of order 4.",
            statement="spectral_gap == 0",
            k=(4,),
            weights=_KLEIN,
            expect="refuted",
        ),
        Claim(
            id="beyond-groups/control-flat",
            title="That all directions contract alike is special to the quaternions: it fails for the cyclic group of "
            "order 8.",
            statement="dft_modulus(m=1) == dft_modulus(m=2)",
            k=(8,),
            weights="linear",
            expect="refuted",
        ),
    ),
    depends=("beyond-contraction-bound", "beyond-necessity"),
)
