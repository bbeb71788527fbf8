"""Daskalakis, Tzamos and Zampetakis: ten steps from infinity."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="dtz-ten-steps",
    title="Ten steps from infinity leave an error below 1 %, if the means are apart",
    source="Daskalakis, Tzamos and Zampetakis (2017), abstract: an illustration in one dimension",
    quote="In one dimension ten steps of EM from infinity estimate the means with an error below 1 %.",
    reading="The abstract names no separation; of the paper's illustration itself we had no text. Read for means that "
    "are apart: $|θ_{10} − μ| < μ/100$ for every $μ$ from $0.487181$ to 4 (means $0.97$ standard deviations apart), "
    "balanced, $σ = 1$, $θ_1 = M(∞) = E|X|$. The relative error decreases in $μ$ for every number of steps (the proof "
    "is in the docs, on error bounds), so that one separation parts those for which it is below 1 % from those for "
    "which it is not, and larger $μ$ follow. At $μ = 1$ ten steps leave less than $10⁻⁶$. One step needs $μ = "
    "1.948302…$, five $0.729694…$, twenty $0.331219…$; a figure of the atlas has all from 1 to 20.",
    claims=(
        two_means(
            "dtz-ten-steps/apart",
            "abs(em_iterate(start=inf, t=10) - separation) < separation/100",
            {"separation": ("487181/1000000", "4")},
            title="The smallest separation, to six digits, and all up to 4.",
        ),
        two_means(
            "dtz-ten-steps/one-step",
            "1948302/10**6 < separation_needed(t=1, error=1/100) < 1948303/10**6",
            title="The smallest separation for one step,",
            separation="1",
        ),
        two_means(
            "dtz-ten-steps/five",
            "729694/10**6 < separation_needed(t=5, error=1/100) < 729695/10**6",
            title="for five",
            separation="1",
        ),
        two_means(
            "dtz-ten-steps/twenty",
            "331219/10**6 < separation_needed(t=20, error=1/100) < 331220/10**6",
            title="and for twenty.",
            separation="1",
        ),
        two_means("dtz-ten-steps/one", "abs(em_iterate(start=inf, t=10) - separation) < 1/1000000", separation="1"),
    ),
    controls=(
        two_means(
            "dtz-ten-steps/nine",
            "abs(em_iterate(start=inf, t=9) - separation) < separation/100",
            {"separation": ("487181/1000000", "4")},
            title="Nine steps do not reach as far.",
        ),
        two_means(
            "dtz-ten-steps/edge",
            "abs(em_iterate(start=inf, t=10) - separation) < separation/100",
            {"separation": ("48718/100000", "4")},
            title="The last digit of the bound is needed.",
        ),
    ),
)
