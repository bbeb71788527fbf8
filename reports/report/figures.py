"""The figures of the report, each with the data it shows."""

import tomllib
from pathlib import Path

from emtheory.reports.charts.landscape import landscape_chart
from emtheory.reports.experiments.finite_sample_bound import quantile_panels, quantile_points
from emtheory.reports.render.chart import Chart
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.report.numbers import SETTINGS, decays, profile
from emtheory.reports.sharpening.sharpen import sharpen
from emtheory.theory.claim import LARGEST, Claim, FreeConstant

_SIZES, _DIMENSIONS = (5000, 10_000, 20_000), (2, 4, 8)
"""n and d at which the finite-sample bound is held against samples."""
_SEEDS = range(5000, 5300)
"""Of these samples: as few as give an interval of the 95 % quantile."""

_CAPTIONS = tomllib.loads(Path(__file__).with_name("captions.toml").read_text(encoding="utf-8"))
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
    rows = [
        {"curve": curve.label, "iteration": int(t), "kl": kl}
        for curve in panel.curves
        for t, kl in zip(curve.x.tolist(), curve.y.tolist(), strict=True)
    ]
    return Chart([panel], rows).drawing("decay", _CAPTIONS["decay"])


def profile_drawing() -> Drawing:
    """β, λ_min and the contraction factor along the simplex ray."""
    drawn = [profile(setting, 4.0) for setting in (SETTINGS[1], SETTINGS[-1])]
    rows = [
        {"case": panel.title, "radius": radius, "quantity": curve.label, "value": value}
        for panel in drawn
        for curve in panel.curves
        for radius, value in zip(curve.x.tolist(), curve.y.tolist(), strict=True)
    ]
    return Chart(drawn, rows).drawing("profile", _CAPTIONS["profile"])


def samples_drawing() -> Drawing:
    """The proved bound on where EM on samples ends, and where it does."""
    points = quantile_points(_SIZES, _DIMENSIONS, _SIZES[-1], _SEEDS)
    rows = [
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
    ]
    return Chart(quantile_panels(points), rows).drawing("samples", _CAPTIONS["samples"])


def share_drawing() -> Drawing:
    """How much of |π̂_1|² is left of β_1 for two components, and the share that is left everywhere."""
    return landscape_chart([sharpen(_SHARPENED, 3)]).drawing("share", _CAPTIONS["share"])
