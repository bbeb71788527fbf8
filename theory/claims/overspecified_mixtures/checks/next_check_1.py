"""Next check 1: the boundary between exponential and sublinear rates."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="next-check-1",
    title="The boundary between exponential and sublinear rates is π̂_m = 0, at every radius",
    source="Next Checks, 1",
    quote="Systematically vary initialization radius and weight distributions to map boundary between exponential and "
    "sublinear convergence rates",
    reading=(
        "For starts on the simplex the rate is exponential if and only if no π̂_m vanishes: the radius plays no "
        "part. The boundary is approached continuously: weights at distance δ from uniform have the factor 1 − O(δ²)."
    ),
    group="Experiments and checks",
    claims=(
        Claim(id="next-check-1/exponential", derivation="global-convergence", general=True, k=()),
        Claim(id="next-check-1/sublinear", derivation="necessity", general=True, k=()),
    ),
    instances=(
        Claim(
            id="next-check-1/small-radius",
            statement="asymptotic_rate == contraction_factor < 1",
            k=(2, 3, 4, 8, 16),
            weights="linear",
            radius="1/1000",
        ),
        Claim(
            id="next-check-1/large-radius",
            statement="asymptotic_rate == contraction_factor < 1",
            k=(2, 3, 4, 8, 16),
            weights="geometric:9/10",
            radius="100",
        ),
        Claim(id="next-check-1/uniform", statement="asymptotic_rate == 1", k=(2, 3, 4, 8, 16), radius="1/1000"),
        Claim(
            id="next-check-1/near-uniform",
            title="Weight 1/k + δ on one component: 1 − (kδ/(k−1))², here for k = 3 and δ = 1/60.",
            statement="contraction_factor == 1 - (3/60/2)**2",
            k=(3,),
            weights="one-heavy:7/20",
        ),
    ),
    controls=(
        Claim(
            id="next-check-1/control",
            title="A small radius does not help degenerate weights.",
            statement="asymptotic_rate < 1",
            k=(4,),
            weights=("2/5", "3/10", "1/10", "1/5"),
            radius="1/1000",
            expect="refuted",
        ),
    ),
    depends=("beyond-contraction-bound", "beyond-necessity"),
)
