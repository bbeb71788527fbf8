"""Beyond the paper, open question 1: dihedral groups acting on the plane."""

from emtheory.theory.claim import Claim, Entry

_KLEIN = ("2/5", "1/5", "3/10", "1/10")

ENTRY = Entry(
    id="beyond-groups-dihedral",
    title="Dihedral groups on the plane: $A$ has the singular values $|P| + |Q|$ and $||P| − |Q||$",
    source="Beyond the paper; answers open question 1",
    quote="Can exponential convergence guarantees extend to general overspecified configurations beyond simplex "
    "geometry?",
    reading="$D_n$ on the plane, for every $n ≥ 2$ (Klein's four group for 2, $S_3$ for 3), with weights $p_a$ on the "
    "rotations $ω^a$ and $q_a$ on the reflections $ω^as$: with $P = ∑ p_aω^a$ and $Q = ∑ q_aω^a$ the spectral gap is "
    "$(|P| − |Q|)²$. So $p = q$ makes $A$ singular, uniform or not. EM then stays on a line that $A$ annihilates, and "
    "there $r_t² ~ 1/(2qt)$ with $q = (1 + |∑ 2p_aω^{2a}|²)/2$.",
    claims=(
        Claim(id="beyond-groups-dihedral/matrix", derivation="group-dihedral", general=True, k=()),
        Claim(id="beyond-groups-dihedral/rate", derivation="degenerate-directions", general=True, k=()),
    ),
    instances=(
        Claim(
            id="beyond-groups-dihedral/matrix-coordinates",
            title="The same for single $n$, by its matrices.",
            derivation="group-dihedral",
            k=(2, 3, 4, 5),
        ),
    ),
    controls=(
        Claim(
            id="beyond-groups-dihedral/control-group",
            title="The group matters: weights that are singular for Klein's four group $(2/5 − 1/5 = 3/10 − 1/10)$ are "
            "not for the cyclic group of order 4.",
            statement="spectral_gap == 0",
            k=(4,),
            weights=_KLEIN,
        ),
    ),
    depends=("beyond-groups",),
)
