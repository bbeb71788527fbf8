"""Failure signature 3: the geometry collapses on non-Gaussian data."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="failure-3",
    title="Non-Gaussian data make the simplex geometry collapse",
    source="Architecture Onboarding, failure signature 3",
    quote="Geometry Collapse: Non-Gaussian data prevents simplex formation from k-means",
    reading=(
        "For non-Gaussian data the centroids of the simplex's Voronoi cells are not on the lines of its vertices, or "
        "they shrink to a point. False if a non-Gaussian law is found for which they form a regular simplex of "
        "positive radius."
    ),
    group="Failure signatures",
    disproofs=(Claim(id="failure-3/any-law", derivation="lloyd-centroid", general=True, k=()),),
    expected="refuted",
    controls=(
        Claim(
            id="failure-3/control",
            title="The radius vanishes for many components.",
            statement="lloyd_radius < 1",
            k=(100, 1000),
            expect="refuted",
        ),
    ),
    correction=(
        "The simplex survives for every rotation-invariant law, and only its radius changes. What such a law may "
        "change is whether EM then contracts: the origin attracts if c(1 − σ²) < 1 and repels if c(1 − σ²) > 1, c "
        "the variance of a coordinate and σ² = min |π̂_m|²."
    ),
    corrected=(Claim(id="failure-3/threshold", derivation="data-law", general=True, k=()),),
)
