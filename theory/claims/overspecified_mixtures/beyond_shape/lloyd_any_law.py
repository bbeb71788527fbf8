"""Beyond the paper: a fixed point of Lloyd's algorithm for every rotation-invariant law."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-lloyd-any-law",
    title="The regular simplex is a fixed point of Lloyd's algorithm for every rotation-invariant law; only its radius "
    "depends on the law",
    source="Beyond the paper; the true version of Mechanism $3's$ break condition and of failure signature 3",
    quote="Non-Gaussian data prevents simplex formation, invalidating theoretical guarantees",
    reading="For every rotation-invariant law with finite $E‖X‖$ and $P(X = 0) = 0$ the Voronoi cell of $v_i$ has the "
    "centroid $R_0v_i$, $R_0 = E max_j⟨X, v_j⟩$, which is the Gaussian value times $E‖X‖/E‖Z‖$. There may be other "
    "fixed points (entry mechanism-3-every-start).",
    claims=(Claim(id="beyond-lloyd-any-law/centroid", derivation="lloyd-centroid", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-lloyd-any-law/circle",
            title="On the unit circle, $k = 3$, the centroid of a sector is at $sin(π/3)/(π/3)$; $E‖Z‖ = √(π/2)$.",
            statement="abs(lloyd_radius - sqrt(pi/2) * sin(pi/3)/(pi/3)) < 1e-12",
        ),
        Claim(
            id="beyond-lloyd-any-law/half-line",
            title="$k = 2$ on the line: half of $E|Z|$ on either side, 1 for the law of a fair sign.",
            statement="abs(lloyd_radius - sqrt(2/pi)) < 1e-12",
            k=(2,),
        ),
    ),
    controls=(
        Claim(
            id="beyond-lloyd-any-law/control-square",
            title="The factor is $E‖X‖/E‖Z‖$, not the root of the ratio of second moments ($√2$ for the plane).",
            statement="abs(lloyd_radius - sqrt(2) * sin(pi/3)/(pi/3)) < 1e-12",
        ),
    ),
)
