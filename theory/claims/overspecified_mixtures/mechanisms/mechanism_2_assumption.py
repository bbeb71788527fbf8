"""Mechanism 2, core assumption: iterates stay in the neighbourhood."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="mechanism-2-assumption",
    title="Iterates remain in every ball around the origin that they start in",
    source="Why This Works, Mechanism 2, core assumption",
    quote="Iterates remain within contraction neighborhood $(‖θ‖ ≤ γ)$",
    reading="Not an assumption but a theorem: $‖M(θ)‖ ≤ ‖θ‖$ for every $θ$, so whatever $γ$ is, iterates that start "
    "within it never leave it. Each frequency shrinks by itself: $P_mM(θ) = (1 − β_m)P_mθ$ with $0 ≤ β_m ≤ 1$.",
    claims=(Claim(id="mechanism-2-assumption/identity", derivation="stein-identity", general=True, k=()),),
    instances=(
        Claim(
            id="mechanism-2-assumption/every-radius",
            statement="0 < posterior_power(m=1) < 1",
            k=(2, 3, 4),
            weights="linear",
            for_all={"radius": ("1/10", "8")},
        ),
        Claim(
            id="mechanism-2-assumption/many-components",
            statement="0 < posterior_power(m=1) < 1",
            k=(64, 1000),
            weights="one-heavy:0.99",
            radius="3",
        ),
    ),
    controls=(
        Claim(
            id="mechanism-2-assumption/control",
            title="A step does not halve every amplitude.",
            statement="posterior_power(m=1) > 1/2",
            weights="linear",
            radius="1/2",
        ),
    ),
)
