"""Dwivedi et al.: balanced fits contract slowly."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="dwivedi-balanced-lower",
    title="A balanced fit to $N(0, 1)$ contracts by no less than $1/(1 + 2θ²)$",
    source="Dwivedi et al. (2020), the theorem on balanced fits, lower bound; as commonly quoted",
    quote="In the balanced case $‖M(θ)‖ ≥ ‖θ‖/(1 + 2‖θ‖²)$.",
    reading="With the length $θ$ in every dimension, $μ = 0$, $W = 1/2$: $M(θ)(1 + 2θ²) ≥ θ$ for every $θ$ from 0 to "
    "6, and beyond, where $M$ increases and $θ/(1 + θ²)$ decreases.",
    claims=(
        two_means(
            "dwivedi-balanced-lower/box", "em_map*(1 + 2*theta**2) >= theta", {"theta": ("0", "6")}, separation="0"
        ),
        two_means(
            "dwivedi-balanced-lower/sharp",
            "em_map*(1 + 1*theta**2) >= theta",
            {"theta": ("0", "6")},
            title="1 does in place of 2, and is sharp as $θ → 0$, where $M(θ) = θ − θ³ + …$",
            separation="0",
        ),
    ),
    controls=(
        two_means(
            "dwivedi-balanced-lower/sharper",
            "em_map*(1 + 99/100*theta**2) >= theta",
            {"theta": ("0", "6")},
            separation="0",
        ),
    ),
)
