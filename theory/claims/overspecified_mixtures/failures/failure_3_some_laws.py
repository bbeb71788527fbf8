"""Failure signature 3 in a weaker reading: there are laws for which the simplex does not form."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="failure-3-some-laws",
    title="Some non-Gaussian data make the simplex geometry collapse: independent Laplace coordinates",
    source="Architecture Onboarding, failure signature 3",
    quote="Geometry Collapse: Non-Gaussian data prevents simplex formation from k-means",
    reading="Read for some laws: there is a non-Gaussian law, centred and isotropic, for which no regular simplex "
    "about its mean is a fixed point of Lloyd's algorithm. Independent Laplace coordinates in the plane are one, $k = "
    "3$: no triangle is fixed, whatever its orientation and radius, for the cells of three equal sides about the mean "
    "would need equal probabilities, and one of them has at least $(1 + √3)/8 > 1/3$.",
    claims=(Claim(id="failure-3-some-laws/laplace", derivation="lloyd-laplace", k=(3,)),),
    universal=False,
    instances=(
        Claim(
            id="failure-3-some-laws/fifteen-degrees",
            title="With the vertex at $15°$ to an axis the cell is a quarter and two wedges of probability $(3 − "
            "√3)/24$.",
            statement="1/4 + 2 * (3 - sqrt(3))/24 > (1 + sqrt(3))/8 > 1/3",
        ),
    ),
    controls=(
        Claim(
            id="failure-3-some-laws/control",
            title="The centroids with a vertex on an axis: with $(11 − 5√3)/2 = 2/√3$ all sides would be equal.",
            statement="3 * ((11 - 5*sqrt(3))/2)**2 == 4",
        ),
        Claim(
            id="failure-3-some-laws/control-third",
            title="The cell would have its third.",
            statement="(1 + sqrt(3))/8 <= 1/3",
        ),
    ),
    other_reading_of="failure-3",
)
