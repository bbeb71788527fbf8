"""Mechanism 3, assumption and break condition: the data must be Gaussian."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="mechanism-3-break",
    title="Lloyd's fixed point is a simplex only if the data are exactly standard Gaussian",
    source="Why This Works, Mechanism 3, core assumption and break condition",
    quote="Data distribution is exactly standard Gaussian … Non-Gaussian data prevents simplex formation, invalidating "
    "theoretical guarantees",
    reading="Read for every law: none but $N(0, I_d)$ has a regular simplex as a fixed point of Lloyd's algorithm. It "
    "is false if one other law has; every rotation-invariant one does, for instance the uniform law on a sphere.",
    disproofs=(Claim(id="mechanism-3-break/any-law", derivation="lloyd-centroid", general=True, k=()),),
    expected="refuted",
    controls=(
        Claim(
            id="mechanism-3-break/control",
            title="The fixed simplex would be degenerate.",
            statement="lloyd_radius <= 0",
            k=(2, 3, 10),
        ),
    ),
    correction="What counts is symmetry: for every rotation-invariant law with finite $E‖X‖$ and $P(X = 0) = 0$ the "
    "centroids form a regular simplex, of radius $R_0 E‖X‖/E‖Z‖$. The sentence is true of some laws with less "
    "symmetry: for independent Laplace coordinates in the plane no regular triangle about the mean is a fixed point "
    "(entry failure-3-some-laws). What becomes of the guarantees is judged in entry mechanism-3-break-guarantees.",
    corrected=(Claim(id="mechanism-3-break/rotation-invariant", derivation="lloyd-centroid", general=True, k=()),),
)
