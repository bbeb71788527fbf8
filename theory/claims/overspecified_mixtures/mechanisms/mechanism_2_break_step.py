"""Mechanism 2, break condition in another reading: steps from beyond γ may be slower than those within."""

from emtheory.theory.claim import Claim, Entry

_FAR = "3.243"
"""Just below Lloyd's radius for a thousand components."""


def _heavy(name: str, statement: str, title: str = "", *, radius: str = _FAR) -> Claim:
    return Claim(
        id=f"mechanism-2-break-step/{name}",
        statement=statement,
        k=(1000,),
        weights="one-heavy:0.99",
        radius=radius,
        title=title,
    )


ENTRY = Entry(
    id="mechanism-2-break-step",
    title="Outside $γ$ a step may contract less than the neighbourhood promises",
    source="Why This Works, Mechanism 2, break condition",
    quote="Initialization outside radius $γ$ prevents exponential rate",
    reading="Read for single steps: within the neighbourhood of Lemma 5 each step multiplies $‖θ‖$ by at most $1 − ½ "
    "min |π̂_m|²$, and there are weights and a start outside it from which the first step does not. Shown at $k = "
    "1000$ with the weight 0.99 on one component, radius 3.243, where $1 − β$ is the factor of the step.",
    claims=(
        _heavy("slower", "1 - posterior_power(m=1) > 1 - spectral_gap / 2"),
        _heavy(
            "not-convex", "hessian_min_eigenvalue < 0", "Strong convexity fails on the way, at 2.64.", radius="2.64"
        ),
    ),
    universal=False,
    instances=(_heavy("within", "1 - posterior_power(m=1) < 1 - spectral_gap / 2", "As promised,", radius="1/4"),),
    controls=(
        _heavy("control", "1 - posterior_power(m=1) >= 1", "The step still contracts."),
        _heavy(
            "control-near", "1 - posterior_power(m=1) > 1 - spectral_gap / 2", "Nor is it so at radius 2.", radius="2"
        ),
    ),
    depends=("lemma-5",),
    other_reading_of="mechanism-2-break",
)
