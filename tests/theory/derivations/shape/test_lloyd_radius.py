"""Lloyd's fixed point: closed forms against published values, other laws against sums over their points."""

import csv
from pathlib import Path

import numpy as np
import pytest

from emtheory.theory.derivations.shape.lloyd_radius import closed_form
from emtheory.theory.simplex import vertices

PUBLISHED = Path(__file__).parents[3] / "reference" / "expected_max_normal.csv"


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_the_closed_form_is_the_published_expected_maximum(k: int) -> None:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        printed = next(row["expected_max"] for row in csv.DictReader(file) if row["k"] == str(k))
    value = float(closed_form(k).evalf(25)) * np.sqrt((k - 1) / k)
    assert value == pytest.approx(float(printed), rel=1e-14)


def sphere(dimension: int) -> np.ndarray:
    """About 40,000 points that cover the unit circle or sphere evenly (Fibonacci's lattice)."""
    n = 40_000
    index = np.arange(n) + 0.5
    if dimension == 2:
        angle = 2 * np.pi * index / n
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)
    height, angle = 1 - 2 * index / n, np.pi * (1 + np.sqrt(5)) * index
    side = np.sqrt(1 - height**2)
    return np.stack([side * np.cos(angle), side * np.sin(angle), height], axis=1)


@pytest.mark.parametrize(("k", "mean_norm"), [(3, np.sqrt(np.pi / 2)), (4, np.sqrt(8 / np.pi))])
def test_the_centroids_for_the_uniform_law_on_the_sphere(k: int, mean_norm: float) -> None:
    """Cell by cell, for d = k − 1: on the line of the vertex, at the Gaussian radius over E‖Z‖."""
    V = np.array(vertices(k), dtype=float)
    points = sphere(k - 1)
    cell = (points @ V).argmax(axis=1)
    for j in range(k):
        centroid = points[cell == j].mean(axis=0)
        assert centroid == pytest.approx(float(closed_form(k)) / mean_norm * V[:, j], abs=1e-3)
        assert centroid != pytest.approx(float(closed_form(k)) * V[:, j], abs=1e-1)
