"""Next check 1: the boundary between exponential and sublinear rates."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="next-check-1",
    title="The boundary between exponential and sublinear rates is $π̂_m = 0$, at every radius",
    source="Next Checks, 1",
    quote="Systematically vary initialization radius and weight distributions to map boundary between exponential and "
    "sublinear convergence rates",
    reading="For starts on the simplex, of any radius: $‖θ_t‖$ tends to 0 at an exponential rate if no $π̂_m$ "
    "vanishes, and at none, nor does KL, if one does. How the rate approaches the boundary is judged in entry "
    "next-check-1-approach.",
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
    ),
    controls=(
        Claim(
            id="next-check-1/control",
            title="A small radius does not help degenerate weights.",
            statement="asymptotic_rate < 1",
            k=(4,),
            weights=("2/5", "3/10", "1/10", "1/5"),
            radius="1/1000",
        ),
    ),
    depends=("beyond-contraction-bound", "beyond-necessity"),
)
