"""Daskalakis, Tzamos and Zampetakis: ten steps from infinity, read for every separation."""

from emtheory.theory.claim import REFUTED, Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="dtz-ten-steps-always",
    title="Ten steps from infinity leave an error below 1 %, whatever the separation",
    source="Daskalakis, Tzamos and Zampetakis (2017), abstract: an illustration in one dimension, read without a "
    "condition on the separation, which the abstract does not name",
    quote="In one dimension ten steps of EM from infinity estimate the means with an error below 1 %.",
    reading="$|θ_{10} − μ| < μ/100$ for every $μ$ from 1/10 to 4, balanced, $σ = 1$, $θ_1 = M(∞) = E|X|$.",
    expected=REFUTED,
    other_reading_of="dtz-ten-steps",
    claims=(
        two_means(
            "dtz-ten-steps-always/all",
            "abs(em_iterate(start=inf, t=10) - separation) < separation/100",
            {"separation": ("1/10", "4")},
        ),
    ),
    controls=(
        two_means(
            "dtz-ten-steps-always/twenty",
            "abs(em_iterate(start=inf, t=20) - separation) < separation/100",
            {"separation": ("1/10", "4")},
            title="Twenty are too few, too.",
        ),
    ),
    correction="Ten steps do if $μ ≥ 0.487181$, and not just below: at $μ = 0.48718$ they leave 1 %, at $μ = 1/10$ "
    "more than the separation itself.",
    corrected=(
        two_means(
            "dtz-ten-steps-always/below",
            "em_iterate(start=inf, t=10) > 101/100*separation",
            {"separation": ("1/10", "48718/100000")},
            title="Below it they leave more than 1 %,",
        ),
        two_means(
            "dtz-ten-steps-always/tenth",
            "em_iterate(start=inf, t=10) > 2*separation",
            title="and at 1/10 more than the separation.",
            separation="1/10",
        ),
    ),
)
