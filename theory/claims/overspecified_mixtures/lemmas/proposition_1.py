"""Proposition 1: Lloyd's fixed point."""

from emtheory.theory.claim import Claim, Entry

_CLOSE = "1e-25"

ENTRY = Entry(
    id="proposition-1",
    title="Proposition 1: Lloyd's algorithm has the regular simplex as a fixed point at one radius $R_0$",
    source="Why This Works, Mechanism 3, evidence anchor; Proposition 1 of the paper",
    quote="[Section 2] simplex vertices form fixed point of Lloyd's algorithm; [Proposition 1] proves existence of "
    "unique scaling factor",
    reading="The centroid of the Voronoi cell of $v_i$ under $N(0, I_d)$ is $R_0 v_i$ with $R_0 = √(k/(k−1)) E "
    "max(Z_1…Z_k)$, whatever the radius of the simplex whose cells they are: so there is one fixed radius, $R_0$, and "
    "$R_0 ≤ √(2 log k)$. Instances: closed forms.",
    claims=(
        Claim(id="proposition-1/centroids", derivation="lloyd-centroid", general=True, k=()),
        Claim(id="proposition-1/at-most", derivation="lloyd-growth", general=True, k=()),
    ),
    instances=(
        Claim(id="proposition-1/two", statement=f"abs(lloyd_radius**2 - 2/pi) < {_CLOSE}", k=(2,)),
        Claim(id="proposition-1/three", statement=f"abs(lloyd_radius**2 - 27/(8*pi)) < {_CLOSE}", k=(3,)),
        Claim(
            id="proposition-1/growth",
            title="$R_0²$ is below $2 log k$.",
            statement="0 < lloyd_radius**2 < 2 * log(k)",
            k=(2, 3, 5, 10, 100, 1000),
        ),
        Claim(
            id="proposition-1/nearer",
            title="At 100,000 components it is above eight tenths of that.",
            statement="lloyd_radius**2 > 8/10 * 2 * log(k)",
            k=(100000,),
        ),
    ),
    controls=(
        Claim(
            id="proposition-1/control-four",
            title="The value of $k = 3$ is not that of $k = 4$.",
            statement=f"abs(lloyd_radius**2 - 27/(8*pi)) < {_CLOSE}",
            k=(4,),
        ),
        Claim(
            id="proposition-1/control-growth",
            title="Half the bound is too little.",
            statement="lloyd_radius**2 < log(k)",
            k=(1000,),
        ),
        Claim(
            id="proposition-1/control-scale",
            title="Without the factor $√(k/(k−1))$.",
            statement=f"abs(lloyd_radius - 3/(2*sqrt(pi))) < {_CLOSE}",
            k=(3,),
        ),
    ),
)
