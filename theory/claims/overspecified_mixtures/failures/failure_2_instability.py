"""Failure signature 2 in another reading: neighbours that move apart."""

from emtheory.theory.claim import Claim, Entry


def _heavy(name: str, statement: str, title: str = "", *, radius: str = "2.64") -> Claim:
    return Claim(
        id=f"failure-2-instability/{name}",
        statement=statement,
        k=(1000,),
        weights="one-heavy:0.99",
        radius=radius,
        title=title,
    )


ENTRY = Entry(
    id="failure-2-instability",
    title="Outside the strongly convex basin a step may take neighbours apart",
    source="Architecture Onboarding, failure signature 2",
    quote="Divergence/Instability: Initialization radius exceeds $γ$, leaving strongly convex basin",
    reading="Read for differences: there are weights and a point at which the derivative of $M$, $I − ∇²ℓ$, has an "
    "eigenvalue above 1, so that points a little apart along its eigenvector are further apart after a step. Shown at "
    "$k = 1000$, weight 0.99 on one component, radius 2.64: the eigenvalue is above 1.12 there, though the step takes "
    "both nearer to 0.",
    claims=(
        Claim(id="failure-2-instability/derivative", derivation="gradient", general=True, k=()),
        _heavy("apart", "1 - hessian_min_eigenvalue > 1.12"),
        _heavy("nearer", "1 - posterior_power(m=1) < 3/5", "Towards 0, by more than two fifths."),
    ),
    universal=False,
    instances=(_heavy("within", "1 - hessian_min_eigenvalue < 1", "Near the origin none do.", radius="1/4"),),
    controls=(
        _heavy("control-near", "1 - hessian_min_eigenvalue > 1", "Nor at radius 1.", radius="1"),
        _heavy("control-size", "1 - hessian_min_eigenvalue > 1.14", "Not by much more."),
    ),
    other_reading_of="failure-2",
)
