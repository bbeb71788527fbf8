"""Foundational learning, read without a condition on the weights."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="foundation-overspecification-weights",
    title="The simplex constraint alone avoids slow convergence, whatever the weights",
    source="Foundational Learning, Overspecification in Mixture Models",
    quote=(
        "Overspecification usually creates spurious local minima, but under simplex constraints avoids slow convergence"
    ),
    reading="As it stands, with no condition on the weights: with means $R^jθ$ EM has an exponential rate from every "
    "start, for all weights. It is false if it has none for some.",
    expected="refuted",
    disproofs=(
        Claim(
            id="foundation-overspecification-weights/uniform", statement="asymptotic_rate == 1", k=(2, 3, 4), radius="1"
        ),
    ),
    controls=(
        Claim(
            id="foundation-overspecification-weights/control",
            title="Nearly uniform weights have one.",
            statement="asymptotic_rate == 1",
            k=(3,),
            weights=("334/1000", "333/1000", "333/1000"),
            radius="1",
        ),
    ),
    correction="With uniform weights, and from every start with a frequency whose $π̂_m$ vanishes, convergence is "
    "sublinear, though 0 is still the only stationary point.",
    corrected=(
        Claim(id="foundation-overspecification-weights/slow", derivation="necessity", general=True, k=()),
        Claim(id="foundation-overspecification-weights/only-one", derivation="stationary-point", general=True, k=()),
    ),
    other_reading_of="foundation-overspecification",
)
