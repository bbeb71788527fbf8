"""Dwivedi et al.: unbalanced fits to one Gaussian."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="dwivedi-unbalanced",
    title="An unbalanced fit to $N(0, 1)$ contracts by $1 − ρ²/2$ everywhere",
    source="Dwivedi et al. (2020), the theorem on unbalanced fits; as commonly quoted",
    quote="With $ρ = |1 − 2π|$ population EM satisfies $‖M(θ)‖ ≤ (1 − ρ²/2)‖θ‖$ for every $θ$.",
    reading="With the length $θ$ in every dimension, $μ = 0$, $W = w$: $M(θ) ≤ (1 − (2w − 1)²/2)θ$ for every $θ$ from "
    "0 to 8 and $w$ from 1/2 to 99/100, and for larger $θ$, as $M ≤ E|X| = 0.7978…$ is less than both bounds there.",
    claims=(
        two_means(
            "dwivedi-unbalanced/box",
            "em_map <= (1 - 1/2*(2*w - 1)**2)*theta",
            {"theta": ("0", "8"), "w": ("1/2", "99/100")},
            separation="0",
            fit_weight="w",
        ),
        two_means(
            "dwivedi-unbalanced/sharp",
            "em_map <= (1 - 816139/1000000*(2*w - 1)**2)*theta",
            {"theta": ("1", "3"), "w": ("9/10", "99/100")},
            title="The sharp constant, $0.816139…$ beside the published 1/2, where it is attained: near $θ = 1.7227$, "
            "$w = 0.97887$.",
            separation="0",
            fit_weight="w",
        ),
        two_means(
            "dwivedi-unbalanced/sharp-nearer",
            "em_map <= (1 - 816139/1000000*(2*w - 1)**2)*theta",
            {"theta": ("0", "1"), "w": ("1/2", "99/100")},
            title="The rest of the domain, in three parts: $θ ≤ 1$,",
            separation="0",
            fit_weight="w",
        ),
        two_means(
            "dwivedi-unbalanced/sharp-farther",
            "em_map <= (1 - 816139/1000000*(2*w - 1)**2)*theta",
            {"theta": ("3", "8"), "w": ("1/2", "99/100")},
            title="$θ ≥ 3$,",
            separation="0",
            fit_weight="w",
        ),
        two_means(
            "dwivedi-unbalanced/sharp-nearly-balanced",
            "em_map <= (1 - 816139/1000000*(2*w - 1)**2)*theta",
            {"theta": ("1", "3"), "w": ("1/2", "9/10")},
            title="and $w ≤ 9/10$ in between.",
            separation="0",
            fit_weight="w",
        ),
    ),
    controls=(
        two_means(
            "dwivedi-unbalanced/sharper",
            "em_map <= (1 - 81614/100000*(2*w - 1)**2)*theta",
            {"theta": ("1", "3"), "w": ("9/10", "99/100")},
            title="The next digit is wrong: near $θ = 1.7227$, $w = 0.97887$.",
            separation="0",
            fit_weight="w",
        ),
        two_means(
            "dwivedi-unbalanced/origin",
            "em_map <= (1 - 1*(2*w - 1)**2)*theta",
            {"theta": ("0", "8"), "w": ("1/2", "99/100")},
            title="The factor at 0 is not the worst.",
            separation="0",
            fit_weight="w",
        ),
    ),
)
