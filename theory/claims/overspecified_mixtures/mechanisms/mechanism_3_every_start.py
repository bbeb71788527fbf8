"""Mechanism 3 in a stronger reading: Lloyd's algorithm ends at the simplex from every start."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="mechanism-3-every-start",
    title="From every start Lloyd's algorithm converges to the regular simplex",
    source="Why This Works, Mechanism 3",
    quote="Lloyd's algorithm naturally initializes components into required simplex configuration … k-means centroids "
    "converge to fixed point $R_0v_i$ dictated by angular symmetry",
    reading="On $N(0, I_d)$, $d ≥ k − 1$, Lloyd's algorithm converges to a regular simplex from every $k$ distinct "
    "centres. It is false if Lloyd's map has another fixed point.",
    disproofs=(Claim(id="mechanism-3-every-start/square", derivation="lloyd-square", k=(4,)),),
    expected="refuted",
    controls=(
        Claim(
            id="mechanism-3-every-start/control",
            title="The square is not as far out as the simplex.",
            statement="lloyd_radius <= 2/sqrt(pi)",
            k=(4,),
        ),
    ),
    correction="For $k = 4$ the square $±c e_1$, $±c e_2$ with $c = 2/√π$ is a fixed point too, in every $d ≥ 2$. It "
    "is the worse one: $R_0 > c$, so its mean squared distance $d − c²$ is above the simplex's $d − R_0²$. It does not "
    "speak against the simplex in practice: in $d ≥ 3$ a small displacement out of its plane doubles in a step (entry "
    "mechanism-3-attraction), and from there and from random starts, in double precision, the algorithm ended at the "
    "simplex.",
    corrected=(
        Claim(
            id="mechanism-3-every-start/worse",
            title="$R_0$ against $c$.",
            statement="lloyd_radius**2 > 1.4 > 4/pi",
            k=(4,),
        ),
    ),
    other_reading_of="mechanism-3",
)
