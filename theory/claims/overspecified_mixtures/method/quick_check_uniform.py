"""Foundational learning, quick check: three equal weights."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="quick-check-uniform",
    title="Implied by a question: equal weights for $k = 3$ violate the DFT condition",
    source="Foundational Learning, Discrete Fourier Transform of Weights, quick check question",
    quote="If we used equal weights $π_j = 1/k$ for $k=3$, would the DFT condition hold? (Hint: Check for zeros in the "
    "DFT of a uniform signal)",
    reading="It would not: $|π̂_1| = |π̂_2| = 0$ for $π = (1/3, 1/3, 1/3)$.",
    claims=(Claim(id="quick-check-uniform/zero", statement="dft_modulus(m=1) == dft_modulus(m=2) == 0", k=(3,)),),
    universal=False,
    controls=(
        Claim(
            id="quick-check-uniform/control",
            title="Weights 7/20, 13/40, 13/40, nearly equal, satisfy it.",
            statement="dft_modulus(m=1) == 0",
            weights=("7/20", "13/40", "13/40"),
        ),
    ),
)
