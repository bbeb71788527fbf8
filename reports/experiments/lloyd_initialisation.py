"""Lloyd's algorithm as initialisation: whether its centroids form a simplex, of which radius, and for which laws."""

import math
from fractions import Fraction

import numpy as np

from numerics.case import make_case
from numerics.estimate import exponent, student
from numerics.laws import gaussian_sample, parse_law, sample
from numerics.lloyd_init import lloyd_fit
from reports.experiment import Comparison, Experiment, Findings, Table, computed, exact, theory
from reports.panels import Curve, Panel

_SIZES = (500, 4000, 32_000)
_SEEDS = range(12)
_LAW_N, _LAW_SEEDS = 16_000, range(6)
_LAWS = ("gaussian", "student:5", "ball", "laplace", "clusters:3", "anisotropic:4")


def run() -> Findings:
    """Cluster samples by k-means and fit regular simplices to the centroids."""
    comparisons, rows, curves = [], [], []
    sizes = np.array(_SIZES, dtype=float)
    for colour, (k, d) in enumerate(((3, 2), (4, 3))):
        case = make_case(k, "uniform", d)
        fits = [[lloyd_fit(case, gaussian_sample(n, d, seed), seed) for n in _SIZES] for seed in _SEEDS]
        distances = np.array([[fit.distance for fit in row] for row in fits])
        radius = student([row[-1].radius for row in fits], _SEEDS)
        slope = exponent(sizes, distances, _SEEDS)
        lloyd = theory("lloyd_radius", case)
        comparisons += [
            Comparison(f"the centroids have the radius R_0 at k = {k}, d = {d}", lloyd, radius),
            Comparison(f"their distance from a simplex ~ n^(-1/2) at k = {k}", exact(Fraction(-1, 2)), slope),
            Comparison(f"their distance from a simplex ~ n^(-1) at k = {k}", exact(-1), slope, "refuted"),
        ]
        curves.append(Curve(f"k = {k}, d = {d}", sizes, distances.mean(axis=0), colour=colour))
        rows.append(("gaussian", float(k), float(_SIZES[-1]), radius.value, float(distances[:, -1].mean())))
    case = make_case(3, "uniform", 2)
    for text in _LAWS:
        law = parse_law(text)
        found = [lloyd_fit(case, sample(law, _LAW_N, 2, seed), seed) for seed in _LAW_SEEDS]
        radius = student([fit.radius for fit in found], _LAW_SEEDS)
        rows.append((text, 3.0, float(_LAW_N), radius.value, float(np.mean([fit.distance for fit in found]))))
        if text == "ball":
            # R_0 E‖X‖/E‖Z‖ in the plane: E‖X‖ = (2/3)·2 on the disc of radius 2, E‖Z‖ = √(π/2).
            ratio = 4 / 3 / math.sqrt(math.pi / 2)
            scaled = computed(float(theory("lloyd_radius", case).midpoint) * ratio)
            comparisons += [
                Comparison("on a disc the radius is R_0 E‖X‖/E‖Z‖", scaled, radius),
                Comparison("on a disc the radius is R_0", theory("lloyd_radius", case), radius, "refuted"),
            ]
    line = curves[0].y[0] * np.sqrt(sizes[0] / sizes)
    return Findings(
        tuple(comparisons),
        (Table("k-means centroids", ("law", "k", "n", "radius", "relative distance from a simplex"), tuple(rows)),),
        (
            Panel(
                "Distance of k-means centroids of N(0, I) from a regular simplex",
                "n",
                "relative distance",
                (*curves, Curve("slope −1/2", sizes, line, predicted=True, colour=2)),
                ("log", "log"),
            ),
        ),
        (
            "Rotation-invariant laws (gaussian, student, ball) give a simplex: only its radius changes. Independent "
            "Laplace coordinates give nearly one; clusters and anisotropic data none.",
        ),
    )


EXPERIMENT = Experiment("Does Lloyd's algorithm find the simplex?", "Mechanism 3, Proposition 1", run)
