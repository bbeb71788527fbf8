"""Xu, Hsu and Maleki: how near to one half."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="xhm-threshold",
    title="At $μ = 1$ the spurious fixed point is there for $w = 0.760629$ and gone for $w = 0.76063$",
    source="Beyond the paper: the constant that Xu, Hsu and Maleki (2018) leave open, at one separation",
    quote="close enough to 1/2",
    reading="$W = W₀ = w$, $μ = 1$: three fixed points at $w = 0.760629$, one at $w = 0.76063$ and for every $w$ from "
    "77/100 to 19/20. They merge at $w = 0.76062979153…$ For every $μ > 0$ there is one such weight, as $M$ increases "
    "in $(2w − 1)²$ at every $θ < μ$ (the proof is in the docs, on error bounds); at $μ = 1/2$ it is $0.625635…$ and "
    "at $μ = 3$ $0.999942…$",
    claims=(
        two_means(
            "xhm-threshold/tangency", "76062979153/10**11 < spurious_threshold < 76062979154/10**11", separation="1"
        ),
        two_means(
            "xhm-threshold/below",
            "fixed_point_count(low=-inf, high=inf) == 3",
            separation="1",
            truth_weight="760629/1000000",
            fit_weight="760629/1000000",
        ),
        two_means(
            "xhm-threshold/above",
            "fixed_point_count(low=-inf, high=inf) == 1",
            separation="1",
            truth_weight="76063/100000",
            fit_weight="76063/100000",
        ),
        two_means(
            "xhm-threshold/beyond",
            "fixed_point_count(low=-inf, high=inf) == 1",
            {"w": ("77/100", "19/20")},
            separation="1",
            truth_weight="w",
            fit_weight="w",
        ),
        two_means(
            "xhm-threshold/curve",
            "1 - 3/2*exp(-separation**2) < spurious_threshold < 1 - 1/3*exp(-separation**2)",
            {"separation": ("1/2", "3/2")},
            title="The weight for every separation from 1/2 to 3/2: its distance from 1 is about $exp(−μ²)$.",
        ),
    ),
    controls=(
        two_means(
            "xhm-threshold/curve-lower",
            "spurious_threshold > 1 - exp(-separation**2)",
            {"separation": ("3/2", "2")},
            title="Not with 1 in place of 3/2.",
        ),
        two_means(
            "xhm-threshold/control",
            "fixed_point_count(low=-inf, high=inf) == 1",
            {"w": ("3/4", "19/20")},
            separation="1",
            truth_weight="w",
            fit_weight="w",
        ),
    ),
)
