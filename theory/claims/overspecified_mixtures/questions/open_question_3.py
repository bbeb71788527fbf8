"""Open question 3: whether the DFT condition is necessary."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="open-question-3",
    title="The DFT condition is necessary and sufficient for an exponential rate, of $‖θ_t‖$ and of KL",
    source="Open Question 3",
    quote="Are mixture weight conditions (non-zero DFT entries) necessary for exponential convergence or just "
    "sufficient artifacts of proof technique?",
    reading="$‖θ_t‖$ and $KL_t$ tend to 0 at an exponential rate from every start if no $π̂_m$ vanishes; if $π̂_m = "
    "0$, neither does from any start that excites frequency $m$, those on the simplex among them.",
    claims=(
        Claim(id="open-question-3/sufficient", derivation="global-convergence", general=True, k=()),
        Claim(id="open-question-3/sufficient-kl", derivation="descent", general=True, k=()),
        Claim(id="open-question-3/sufficient-constant", derivation="pl-inequality", general=True, k=()),
        Claim(id="open-question-3/necessary", derivation="necessity", general=True, k=()),
    ),
    instances=(
        Claim(
            id="open-question-3/with",
            statement="asymptotic_rate < 1 < 1 + spectral_gap",
            k=(2, 3, 4, 5, 7, 16),
            weights="linear",
            radius="3",
        ),
        Claim(
            id="open-question-3/without",
            statement="asymptotic_rate == 1",
            k=(4,),
            weights=("2/5", "3/10", "1/10", "1/5"),
            radius="3",
        ),
    ),
    hypotheses=(Claim(id="open-question-3/witness", statement="spectral_gap > 0", k=(2, 3, 4, 16), weights="linear"),),
    controls=(
        Claim(
            id="open-question-3/control",
            title="Not for starts that leave the vanishing frequency alone.",
            statement="asymptotic_rate == 1",
            k=(4,),
            weights=("2/5", "3/10", "1/10", "1/5"),
            amplitudes=("1", "0"),
        ),
    ),
    depends=("beyond-contraction-bound", "beyond-necessity"),
)
