"""Key result: acceleration compared with sublinear rates."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="key-acceleration",
    title="Valid weights reach a small KL in far fewer steps than the sublinear rate",
    source="Executive Summary",
    quote="numerical experiments confirming dramatic acceleration compared to conventional sublinear rates",
    reading=(
        "From radius 1 at k = 3, KL ≤ 10^{−5} takes fewer than 70 steps with weights 1/2, 3/10, 1/5, and more than "
        "100 with uniform ones, which follow KL_t ~ (k − 1)/(16 t²), √12500 ≈ 112 steps."
    ),
    group="Theorems and key results",
    claims=(
        Claim(
            id="key-acceleration/valid",
            statement="iterations_to_kl(eps=1e-5) < 70",
            weights=("1/2", "3/10", "1/5"),
            radius="1",
        ),
        Claim(id="key-acceleration/uniform", statement="100 < iterations_to_kl(eps=1e-5) < 130", k=(3,), radius="1"),
    ),
    universal=False,
    controls=(
        Claim(
            id="key-acceleration/control",
            title="Uniform weights are not that fast.",
            statement="iterations_to_kl(eps=1e-5) < 70",
            k=(3,),
            radius="1",
            expect="refuted",
        ),
    ),
    depends=("theorem-population", "failure-1"),
)
