"""Lloyd's algorithm (k-means) as initialisation: centroids, and the regular simplex about 0 nearest to them."""

from dataclasses import dataclass
from warnings import catch_warnings

import numpy as np
from threadpoolctl import threadpool_limits

from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError, require_packages
from emtheory.numerics.samples.simplex import FloatArray, distance_from_nearest_simplex, nearest_simplex

_ROWS = 2**20
"""Of larger data so many rows, evenly spaced, are clustered: k-means holds them in memory."""


@dataclass(frozen=True, eq=False)
class LloydFit:
    """Centroids of a data set and the regular simplex that fits them best.

    `centroids`: k × d, component 0 first: the heaviest weights have the largest clusters; `radius`: of the fitted
    simplex about the origin; `turn`: orthogonal d × d matrix Q: the fitted vertices are radius · v_j Q, so that x Qᵀ
    are data on which the rotation R acts in its own coordinates; `distance`: root mean square distance of the centroids
    from these vertices, relative to the radius.
    """

    centroids: FloatArray
    radius: float
    turn: FloatArray
    distance: float


def lloyd_fit(case: Case, data: FloatArray, seed: int) -> LloydFit:
    """Run k-means from two starts, of which the better one counts, and fit a regular simplex to the centroids.

    Which centroid belongs to which vertex does not change the distance, as every permutation of the vertices is an
    orthogonal map; it decides which weight a cluster gets, for which sizes are matched in order. InputError if there
    are fewer than k distinct points.

    `case`, `data`: gives k, d and the weights; n × d. `seed`: of the k-means++ starts.
    """
    require_packages("a start from k-means", "sklearn")
    from sklearn.cluster import KMeans  # noqa: PLC0415 - slow to import, and only this needs it
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415

    rows = np.array(data[:: -(-len(data) // _ROWS)], dtype=np.float64)
    # Its threads gain nothing at this size, and wait for each other busily.
    with threadpool_limits(limits=1), catch_warnings(action="error", category=ConvergenceWarning):
        try:
            fit = KMeans(case.k, n_init=2, random_state=seed % 2**32).fit(rows)
        except ConvergenceWarning:
            raise InputError(f"k-means finds no {case.k} clusters: the data have fewer distinct points") from None
    sizes = np.bincount(fit.labels_, minlength=case.k)
    order = np.empty(case.k, dtype=int)
    order[np.argsort([float(weight) for weight in case.weights], kind="stable")] = np.argsort(sizes, kind="stable")
    centroids = fit.cluster_centers_[order]
    radius, turn = nearest_simplex(centroids)
    return LloydFit(centroids, float(radius), turn, float(distance_from_nearest_simplex(centroids) / radius))


def fresh_radius(fit: LloydFit, data: FloatArray) -> float:
    """Return the radius of the simplex nearest to the means of other data, n × d, in the cells of fitted centroids.

    On the data it was fitted to k-means chooses, among all rotations of the simplex, one that suits their fluctuations,
    and the radius is too large by that. Here cells and data are independent, and for rotation-invariant laws no error
    of the cells changes the radius to first order but one of their scale, which leaves the cells as they are.
    """
    offsets = np.sum(fit.centroids**2, axis=1) / 2
    cells = np.argmax(data @ fit.centroids.T - offsets, axis=1)
    means = np.array([data[cells == j].mean(axis=0) for j in range(len(fit.centroids))])
    return float(nearest_simplex(means)[0])
