"""Daskalakis, Tzamos and Zampetakis: the factor of a step."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="dtz-rate",
    title="One step of EM contracts by $exp(−min(θ, μ)²/2)$",
    source="Daskalakis, Tzamos and Zampetakis (2017), the theorem on one dimension; as commonly quoted",
    quote="In one dimension the error of a step is at most $exp(−min(θ, μ)²/2σ²)$ times the error before it.",
    reading="Balanced truth and fit, $σ = 1$: $|M(θ) − μ| ≤ exp(−min(θ, μ)²/2) |θ − μ|$. Enclosures decide it for "
    "every $θ$ from 1/10 to 4 and $μ$ from 1/10 to 3, the point $θ = μ$ included, where both sides vanish. For all $θ, "
    "μ > 0$ it follows from one integral (the proof is in the docs, on error bounds), with $exp(−μ²/2)$ for $θ ≥ μ/2$ "
    "and $exp(−θμ + θ²/2)$ for $θ ≤ μ$. For all $μ$ at once 1/2 is the sharp constant: at $θ = μ$ the best falls to it "
    "as $μ$ grows.",
    claims=(
        two_means(
            "dtz-rate/box",
            "abs(em_map - separation) <= exp(-1/2*min(theta, separation)**2)*abs(theta - separation)",
            {"theta": ("1/10", "4"), "separation": ("1/10", "3")},
        ),
        two_means(
            "dtz-rate/sharp",
            "abs(em_map - separation) <= exp(-795701/1000000*min(theta, separation)**2)*abs(theta - separation)",
            {"theta": ("1/10", "4"), "separation": ("1/10", "3")},
            title="The sharp constant on this domain, 0.795701…, beside the published 1/2.",
        ),
        two_means(
            "dtz-rate/below",
            "abs(em_map - separation) <= exp(-theta*separation + 1/2*theta**2)*abs(theta - separation)",
            {"r": ("1/5", "4/5"), "separation": ("1", "2")},
            title="From starts below the truth it is faster.",
            theta="r*separation",
        ),
    ),
    controls=(
        two_means(
            "dtz-rate/sharper",
            "abs(em_map - separation) <= exp(-795702/1000000*min(theta, separation)**2)*abs(theta - separation)",
            title="The next digit is wrong: beside $θ = μ = 3$.",
            theta="3000001/1000000",
            separation="3",
        ),
        two_means(
            "dtz-rate/far",
            "abs(em_map - separation) <= exp(-3/5*min(theta, separation)**2)*abs(theta - separation)",
            title="Where $μ$ is large 0.6 is too much: at $μ = 10$.",
            theta="101/10",
            separation="10",
        ),
        two_means(
            "dtz-rate/strict",
            "abs(em_map - separation) < exp(-1/2*min(theta, separation)**2)*abs(theta - separation)",
            {"theta": ("1", "2"), "separation": ("1", "2")},
        ),
        two_means(
            "dtz-rate/weights",
            "abs(em_map - separation) <= exp(-1/2*min(theta, separation)**2)*abs(theta - separation)",
            {"theta": ("1/2", "2")},
            title="A fit with another weight than the truth has.",
            separation="1",
            truth_weight="1/2",
            fit_weight="3/5",
        ),
    ),
)
