"""Mechanism 3: Lloyd's algorithm leads to the simplex."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="mechanism-3",
    title="Lloyd's algorithm takes a regular simplex to the one of radius $R_0$, its fixed point",
    source="Why This Works, Mechanism 3",
    quote="Lloyd's algorithm naturally initializes components into required simplex configuration … k-means centroids "
    "converge to fixed point $R_0v_i$ dictated by angular symmetry",
    reading="From a regular simplex of any radius $ϱ > 0$ one step of Lloyd's algorithm on $N(0, I_d)$ gives the "
    "centroids $R_0v_i$, $R_0 = √(k/(k−1)) E max(Z_1…Z_k)$, which are then fixed. Whether other starts converge to "
    "them (“naturally”) is another question, entry mechanism-3-every-start.",
    claims=(Claim(id="mechanism-3/centroids", derivation="lloyd-centroid", general=True, k=()),),
    instances=(
        Claim(id="mechanism-3/radius", statement="0.79 < lloyd_radius < 0.80", k=(2,)),
        Claim(id="mechanism-3/many", statement="3 < lloyd_radius < 3.5", k=(1000,)),
    ),
    controls=(
        Claim(
            id="mechanism-3/control",
            title="The radius is not that of unit vectors.",
            statement="lloyd_radius == 1",
            k=(3, 4),
        ),
    ),
)
