"""Figures as data: panels of curves, which `emtheory.reports.render.plots` draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from emtheory.numerics.samples.estimate import Estimate
from emtheory.numerics.samples.simplex import FloatArray


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve of a panel.

    `label`, `x`, `y`: its name in the legend, and its points; `low`, `high`: Ends of the error bars, or None;
    `predicted`: whether it is a prediction: drawn as a dashed line, an observation with markers; `colour`: index into
    the palette: a prediction shares the colour of what it predicts; `notes`: what is written beside each point, if
    anything.
    """

    label: str
    x: FloatArray
    y: FloatArray
    low: FloatArray | None = None
    high: FloatArray | None = None
    predicted: bool = False
    colour: int = 0
    notes: tuple[str, ...] = ()


def curves_of(points: Mapping[str, Sequence[tuple[float, float]]]) -> tuple[Curve, ...]:
    """Return a curve for each label, through its points from left to right."""
    places = [np.array(sorted(each), dtype=float).reshape(-1, 2) for each in points.values()]
    return tuple(
        Curve(label, at[:, 0], at[:, 1], colour=i) for i, (label, at) in enumerate(zip(points, places, strict=True))
    )


def estimate_curve(label: str, x: FloatArray, estimates: Sequence[Estimate], colour: int = 0) -> Curve:
    """Return estimates with their intervals as error bars."""
    value, low, high = (
        np.array([getattr(estimate, end) for estimate in estimates]) for end in ("value", "low", "high")
    )
    return Curve(label, x, value, low, high, colour=colour)


@dataclass(frozen=True, eq=False)
class Heat:
    """A map: values, a row for each y and nan where there is none, and their meaning; `ticks` is what x is called."""

    x: FloatArray
    y: FloatArray
    values: FloatArray
    meaning: str
    ticks: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Panel:
    """Axes with their curves; `scales` are matplotlib's names for x and y, or "log2" with whole numbers.

    Upon a map a curve is told from its colours, and one of a single point is a star.
    """

    title: str
    x: str
    y: str
    curves: tuple[Curve, ...]
    scales: tuple[str, str] = ("linear", "linear")
    heat: Heat | None = None


def heat_of(points: Mapping[tuple[Fraction, Fraction], float], meaning: str, *, named: bool = False) -> Heat:
    """Return a map of values at (x, y); where x is named, its values stand side by side, whatever their distances."""
    x, y = (sorted({place[axis] for place in points}) for axis in (0, 1))
    values = np.full((len(y), len(x)), np.nan)
    for (across, up), value in points.items():
        values[y.index(up), x.index(across)] = value
    ticks = tuple(map(str, x)) if named else ()
    return Heat(np.array(range(len(x)) if named else x, dtype=float), np.array(y, dtype=float), values, meaning, ticks)
