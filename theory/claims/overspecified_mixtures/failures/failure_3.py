"""Failure signature 3: the geometry collapses on non-Gaussian data."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="failure-3",
    title="Non-Gaussian data make the simplex geometry collapse",
    source="Architecture Onboarding, failure signature 3",
    quote="Geometry Collapse: Non-Gaussian data prevents simplex formation from k-means",
    reading="Read for every law: for non-Gaussian data the centroids of the simplex's Voronoi cells are not on the "
    "lines of its vertices, or they shrink to a point. False if a non-Gaussian law is found for which they form a "
    "regular simplex of positive radius.",
    disproofs=(Claim(id="failure-3/any-law", derivation="lloyd-centroid", general=True, k=()),),
    expected="refuted",
    controls=(
        Claim(
            id="failure-3/control",
            title="The radius vanishes for many components.",
            statement="lloyd_radius < 1",
            k=(100, 1000),
        ),
    ),
    correction="The simplex survives for every rotation-invariant law with finite $E‖X‖$ and $P(X = 0) = 0$, and only "
    "its radius changes. The sentence is true of laws with less symmetry, such as independent Laplace coordinates "
    "(entry failure-3-some-laws). What a centred law with covariance $cI$ may change is whether EM then contracts: the "
    "origin attracts if $c(1 − σ²) < 1$ and repels if $c(1 − σ²) > 1$, $σ² = min |π̂_m|²$.",
    corrected=(Claim(id="failure-3/threshold", derivation="data-law", general=True, k=()),),
)
