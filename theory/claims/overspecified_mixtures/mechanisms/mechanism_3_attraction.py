"""Mechanism 3, “naturally”: Lloyd's map near the simplex and near the square."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="mechanism-3-attraction",
    title="Near the regular triangle Lloyd's map contracts all but turns; near the square it doubles a displacement",
    source="Why This Works, Mechanism 3",
    quote="Lloyd's algorithm naturally initializes components into required simplex configuration … k-means centroids "
    "converge to fixed point $R_0v_i$ dictated by angular symmetry",
    reading="Read for starts nearby, to first order: at $k = 3$ in the plane the derivative of Lloyd's map for $N(0, "
    "I)$ at the fixed regular simplex has the eigenvalue 1 once, for turns, and all others are real, not negative and "
    "below 0.58; at $k = 4$ in $d ≥ 3$ the derivative at the fixed square has the eigenvalue 2.",
    claims=(
        Claim(id="mechanism-3-attraction/simplex", derivation="lloyd-stability", k=(3,)),
        Claim(id="mechanism-3-attraction/square", derivation="lloyd-stability", k=(4,)),
    ),
    universal=False,
    instances=(
        Claim(
            id="mechanism-3-attraction/radius",
            title="The radius at which the derivative is taken.",
            statement="abs(lloyd_radius**2 - 27/(8*pi)) < 1e-12",
        ),
        Claim(
            id="mechanism-3-attraction/largest",
            title="The polynomial $x² − sx + p$, $s$ the sum and $p$ the product of the two other eigenvalues, is "
            "negative between them and positive at 0.58.",
            statement="(57/100)**2 - 57/100 * (27 - 12*sqrt(3) + 4*pi)/(8*pi) + 27*(pi - 2)/(32*pi**2) < 0 < "
            "(29/50)**2 - 29/50 * (27 - 12*sqrt(3) + 4*pi)/(8*pi) + 27*(pi - 2)/(32*pi**2)",
        ),
    ),
    controls=(
        Claim(
            id="mechanism-3-attraction/control",
            title="The two other eigenvalues do not add up to 1.",
            statement="(27 - 12*sqrt(3) + 4*pi)/(8*pi) >= 1",
        ),
    ),
    depends=("mechanism-3",),
    other_reading_of="mechanism-3",
)
