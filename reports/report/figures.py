"""The figures of the report, each with the data it shows."""

from emtheory.reports.charts.landscape import landscape_drawing
from emtheory.reports.experiments.finite_sample_bound import quantile_panels, quantile_points
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.render.plots import panel_figure
from emtheory.reports.report.numbers import SETTINGS, decays, profile
from emtheory.reports.sharpening.sharpen import sharpen
from emtheory.reports.tables.sweep_table import csv_text
from emtheory.theory.claim import LARGEST, Claim, FreeConstant

_SIZES, _DIMENSIONS = (5000, 10_000, 20_000), (2, 4, 8)
"""n and d at which the finite-sample bound is held against samples."""
_SEEDS = range(5000, 5300)
"""Of these samples: as few as give an interval of the 95 % quantile."""

_DECAY = (
    "KL divergence along population EM, $k = 4$ ($d = 3$). With valid weights it decays by the squared contraction "
    "factor in each step (the dashed line has the predicted slope and is drawn through the last point); with uniform "
    "weights like $(k − 1)/(16 t²)$, with nothing fitted."
)
_PROFILE = (
    "Along the simplex ray, in double precision: the smallest $β = E|γ̂|²$, the smallest eigenvalue of the Hessian, and "
    "the factor by which EM contracts. At $k = 1000$ strong convexity fails near radius 2.2, and EM still contracts "
    "there."
)
_SAMPLES = (
    "Where EM on $n$ points ends: the proved bound on $‖θ̂‖$ for 95 % of all samples, what it tends to, √q/(σ√n) with q "
    f"the tail of χ² with $d$ degrees of freedom, and the 95 % quantile on {len(_SEEDS)} samples with an interval of "
    "99.9 %. $k = 3$, 80 % of the weight on one mean; against $n$ at "
    f"$d = {_DIMENSIONS[0]}$, against $d$ at $n = {_SIZES[-1]}$. The numbers are the ratios of bound and "
    "quantile. For fewer points than it needs the theorem says nothing."
)
_LANDSCAPE = (
    "Which share of $|π̂_1|²$ is left of $β_1$ at each weight $W$ and radius, for two components: the largest $c ≤ 1$ "
    "with $β_1 ≥ c |π̂_1|²$ there. With the lower constant of the title this holds on the whole domain, by a cover; "
    "with the upper one it fails at the star. The entry beyond-contraction-bound has all $W$ from 1/2 on."
)
_SHARPENED = Claim(
    id="β_1 ≥ c |π̂_1|²",
    statement="posterior_power(m=1) >= c * spectral_gap",
    k=(2,),
    weights="one-heavy:W",
    for_all={"W": ("4/5", "99/100"), "radius": ("0", "4")},
    sharpen=FreeConstant("c", LARGEST, ("0", "1")),
)


def decay_drawing() -> Drawing:
    """KL against iterations beside the predictions."""
    panel = decays(4, "1/2,1/4,1/8,1/8", 300)
    rows = (
        {"curve": curve.label, "iteration": int(t), "kl": kl}
        for curve in panel.curves
        for t, kl in zip(curve.x.tolist(), curve.y.tolist(), strict=True)
    )
    return Drawing(panel_figure([panel], "decay"), csv_text(rows), _DECAY)


def profile_drawing() -> Drawing:
    """β, λ_min and the contraction factor along the simplex ray."""
    drawn = [profile(setting, 4.0) for setting in (SETTINGS[1], SETTINGS[-1])]
    rows = (
        {"case": panel.title, "radius": radius, "quantity": curve.label, "value": value}
        for panel in drawn
        for curve in panel.curves
        for radius, value in zip(curve.x.tolist(), curve.y.tolist(), strict=True)
    )
    return Drawing(panel_figure(drawn, "profile"), csv_text(rows), _PROFILE)


def samples_drawing() -> Drawing:
    """The proved bound on where EM on samples ends, and where it does."""
    points = quantile_points(_SIZES, _DIMENSIONS, _SIZES[-1], _SEEDS)
    rows = (
        {
            "n": point.n,
            "d": point.d,
            "bound": point.bound,
            "tail": point.tail,
            "observed": point.observed.value,
            "low": point.observed.low,
            "high": point.observed.high,
            "ratio": point.bound / point.observed.value,
        }
        for point in points
    )
    return Drawing(panel_figure(quantile_panels(points), "samples"), csv_text(rows), _SAMPLES)


def share_drawing() -> Drawing:
    """How much of |π̂_1|² is left of β_1 for two components, and the share that is left everywhere."""
    return landscape_drawing(sharpen(_SHARPENED, 3), _LANDSCAPE)
