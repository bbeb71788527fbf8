"""The implied converse: two equal weights are harmless."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="uniform-two-components",
    title="Implied: for $k = 2$ uniform weights satisfy the DFT condition",
    source="Design tradeoffs: 'effectively banning uniform weights for $k$ > 2'",
    quote="must satisfy DFT condition (effectively banning uniform weights for $k > 2$)",
    reading="The sentence does not say this; the restriction to $k > 2$ implies it: two equal weights are allowed, "
    "$|π̂_1| > 0$ for $π = (1/2, 1/2)$. As it stands the sentence is judged in entry uniform-dft, and holds.",
    claims=(Claim(id="uniform-two-components/allowed", statement="dft_modulus(m=1) > 0", k=(2,)),),
    expected="refuted",
    universal=False,
    controls=(
        Claim(
            id="uniform-two-components/control",
            title="Unequal weights are allowed.",
            statement="dft_modulus(m=1) == 0",
            k=(2,),
            weights=("501/1000", "499/1000"),
        ),
    ),
    correction="$π̂_1 = π_0 − π_1 = 0$, so two equal weights are degenerate too, and EM's rate is 1: sublinear.",
    corrected=(
        Claim(id="uniform-two-components/zero", statement="dft_modulus(m=1) == 0", k=(2,)),
        Claim(id="uniform-two-components/rate", statement="asymptotic_rate == 1", k=(2,), radius="1"),
    ),
    other_reading_of="uniform-dft",
)
