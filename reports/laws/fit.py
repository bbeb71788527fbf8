"""Least-squares fits of the laws, with what speaks for and against them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

CONFIDENCE = 0.95
"""Of the interval for a slope: the customary one. It describes how a line fits, and no verdict depends on it."""


@dataclass(frozen=True)
class Fit:
    """The line y = intercept + slope · x by least squares, with Student's interval for the slope at `CONFIDENCE`.

    The points have no random errors: it says how well they determine the slope if the departures from the law were
    random, nothing about the limit of large k. The residual is the largest.
    """

    slope: float
    intercept: float
    low: float
    high: float
    residual: float
    points: int


def fit_line(x: Sequence[float], y: Sequence[float]) -> Fit:
    """Fit a line; fewer than three points, which leave no residual, are a ValueError."""
    if len(x) < 3:
        raise ValueError(f"{len(x)} points leave no residual to judge a line by")
    across, along = np.array(x, dtype=float), np.array(y, dtype=float)
    centred = across - across.mean()
    squares = float(centred @ centred)
    slope = float(centred @ along) / squares
    intercept = float(along.mean() - slope * across.mean())
    residuals = along - intercept - slope * across
    error = math.sqrt(float(residuals @ residuals) / (len(x) - 2) / squares)
    margin = error * float(stats.t.ppf((1 + CONFIDENCE) / 2, len(x) - 2))
    return Fit(slope, intercept, slope - margin, slope + margin, float(np.abs(residuals).max()), len(x))


def fit_power(x: Sequence[float], y: Sequence[float]) -> Fit:
    """Fit log y = intercept + slope · log x; ValueError also if a number is not positive."""
    return fit_line([math.log(a) for a in x], [math.log(b) for b in y])
