"""Lloyd's algorithm as initialisation: whether its centroids form a simplex, of which radius, and for which laws."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from numerics.case import Case, make_case
from numerics.enclosure import Enclosure
from numerics.estimate import Estimate, exponent, student
from numerics.laws import parse_law, sample
from numerics.lloyd_init import lloyd_fit
from numerics.simplex import FloatArray
from reports.experiment import Comparison, Experiment, Findings, Table, computed, exact, theory
from reports.panels import Curve, Panel

_SIZES = (1000, 8000, 64_000)
_SEEDS = range(48)
_GROUP = 4
"""Seeds whose squared distances are averaged before the logarithm, which has heavy tails where they are near 0."""
_NORM_RATIOS = {
    "gaussian": 1.0,
    "student:5": math.sqrt(3) / (math.sqrt(2) * math.gamma(5 / 2)),
    "ball": 4 / 3 / math.sqrt(math.pi / 2),
}
"""E‖X‖/E‖Z‖ in the plane. Student's X is √3 Z/χ_5, and E 1/χ_5 = Γ(2)/(√2 Γ(5/2)); E‖X‖ = (2/3)·2 on the disc of
radius 2, and E‖Z‖ = √(π/2)."""
_NO_SIMPLEX = ("clusters:3", "anisotropic:4")


@dataclass(frozen=True, eq=False)
class _Clustering:
    """K-means on samples of a law.

    Attributes
    ----------
    radius
        Of the fitted simplex at the largest n.
    distances
        From a simplex, relative to the radius: root mean squares over groups of seeds, groups × sizes.
    """

    law: str
    case: Case
    radius: Estimate
    distances: FloatArray

    @property
    def label(self) -> str:
        return f"{self.law}, k = {self.case.k}, d = {self.case.d}"

    @property
    def slope(self) -> Estimate:
        return exponent(np.array(_SIZES, dtype=float), self.distances, _SEEDS)

    def curve(self, colour: int) -> Curve:
        return Curve(self.label, np.array(_SIZES, dtype=float), self.distances.mean(axis=0), colour=colour)


def _cluster(text: str, k: int, d: int) -> _Clustering:
    case, law = make_case(k, "uniform", d), parse_law(text)
    fits = [[lloyd_fit(case, sample(law, n, d, seed), seed) for n in _SIZES] for seed in _SEEDS]
    radius = student([row[-1].radius for row in fits], _SEEDS)
    squares = np.array([[fit.distance**2 for fit in row] for row in fits])
    return _Clustering(text, case, radius, np.sqrt(squares.reshape(-1, _GROUP, len(_SIZES)).mean(axis=1)))


def _comparisons(normal: Sequence[_Clustering], laws: Sequence[_Clustering]) -> list[Comparison]:
    half, quarter = exact(Fraction(-1, 2)), exact(Fraction(-1, 4))
    found = []
    for one in (*normal, *laws):
        if one.law in _NO_SIMPLEX:
            found.append(Comparison(f"distance from a simplex ~ n^(-1/2), {one.label}", half, one.slope, "refuted"))
        if one.law not in _NORM_RATIOS:
            continue
        found += [
            Comparison(f"the radius is R_0 E‖X‖/E‖Z‖, {one.label}", _radius(one), one.radius),
            Comparison(f"distance from a simplex ~ n^(-1/2), {one.label}", half, one.slope),
            Comparison(f"distance from a simplex ~ n^(-1/4), {one.label}", quarter, one.slope, "refuted"),
        ]
        if one.law != "gaussian":
            lloyd = theory("lloyd_radius", one.case)
            found.append(Comparison(f"the radius is R_0, {one.label}", lloyd, one.radius, "refuted"))
    return found


def _radius(one: _Clustering) -> Enclosure:
    lloyd = theory("lloyd_radius", one.case)
    return lloyd if one.law == "gaussian" else computed(float(lloyd.midpoint) * _NORM_RATIOS[one.law])


def run() -> Findings:
    """Cluster samples by k-means and fit regular simplices to the centroids."""
    normal = [_cluster("gaussian", k, d) for k, d in ((3, 2), (4, 3))]
    laws = [_cluster(law, 3, 2) for law in ("student:5", "ball", "laplace", *_NO_SIMPLEX)]
    sizes, first = np.array(_SIZES, dtype=float), normal[0].distances.mean(axis=0)[0]
    rows: tuple[tuple[str | float, ...], ...] = tuple(
        (one.law, float(one.case.k), one.radius.value, *map(float, one.distances.mean(axis=0)))
        for one in (*normal, *laws)
    )
    return Findings(
        tuple(_comparisons(normal, laws)),
        (
            Table(
                f"k-means centroids; radius at n = {_SIZES[-1]}, and relative distance from a simplex at each n",
                ("law", "k", "radius", *(f"n = {n}" for n in _SIZES)),
                rows,
            ),
        ),
        (
            Panel(
                "Distance of k-means centroids from a regular simplex",
                "n",
                "relative distance",
                (
                    *(one.curve(colour) for colour, one in enumerate((*normal, *laws[2:]))),
                    Curve("slope −1/2", sizes, first * np.sqrt(sizes[0] / sizes), predicted=True, colour=5),
                ),
                ("log", "log"),
            ),
        ),
        (
            "Rotation-invariant laws (gaussian, student, ball) give a simplex: only its radius changes. Independent "
            "Laplace coordinates give nearly one, and samples of this size do not tell how far they stay from it; "
            "clusters and anisotropic data give none.",
            f"An exponent is the mean over {len(_SEEDS) // _GROUP} groups of {_GROUP} seeds.",
        ),
    )


EXPERIMENT = Experiment("Does Lloyd's algorithm find the simplex?", "Mechanism 3, Proposition 1", run)
