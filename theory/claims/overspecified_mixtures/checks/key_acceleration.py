"""Key result: acceleration compared with sublinear rates."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="key-acceleration",
    title="Valid weights reach $KL = 10^{−6}$ in less than a quarter of the steps of uniform ones",
    source="Executive Summary",
    quote="numerical experiments confirming dramatic acceleration compared to conventional sublinear rates",
    reading="Judged at $k = 3$ from radius 1: $KL ≤ 10^{−6}$ takes fewer than 80 steps with weights 1/2, 3/10, 1/5, "
    "and more than 320 with uniform ones, which follow $KL_t ~ (k − 1)/(16 t²)$, $√125000 ≈ 354$ steps.",
    claims=(
        Claim(
            id="key-acceleration/valid",
            statement="iterations_to_kl(eps=1e-6) < 80",
            weights=("1/2", "3/10", "1/5"),
            radius="1",
        ),
        Claim(id="key-acceleration/uniform", statement="320 < iterations_to_kl(eps=1e-6) < 380", k=(3,), radius="1"),
    ),
    universal=False,
    controls=(
        Claim(
            id="key-acceleration/control",
            title="Uniform weights are not that fast.",
            statement="iterations_to_kl(eps=1e-6) < 80",
            k=(3,),
            radius="1",
        ),
    ),
    depends=("theorem-population", "failure-1"),
)
