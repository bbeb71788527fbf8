"""EM for normal mixtures written once more, in extended precision and without a thought of speed."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Long = NDArray[np.longdouble]


def inverse(matrix: Any) -> tuple[Long, np.longdouble]:
    """The inverse and the log-determinant of a positive definite matrix, by Gauss and Jordan's elimination."""
    size = len(matrix)
    work = np.concatenate([np.array(matrix, dtype=np.longdouble), np.eye(size, dtype=np.longdouble)], axis=1)
    log_det = np.longdouble(0)
    for i in range(size):
        log_det += np.log(work[i, i])
        work[i] /= work[i, i]
        for other in range(size):
            if other != i:
                work[other] -= work[other, i] * work[i]
    return work[:, size:], log_det


def log_terms(weights: Any, means: Any, covariances: Any, x: Any) -> Long:
    """log of weight times density, k × n."""
    x = np.asarray(x, dtype=np.longdouble)
    rows = []
    for weight, mean, covariance in zip(weights, means, covariances, strict=True):
        precision, log_det = inverse(covariance)
        apart = x - np.asarray(mean, dtype=np.longdouble)
        square = np.einsum("na,ab,nb->n", apart, precision, apart)
        rows.append(
            np.log(np.longdouble(weight)) - (square + log_det + x.shape[1] * np.log(2 * np.longdouble(np.pi))) / 2
        )
    return np.stack(rows)


def mean_log_likelihood(weights: Any, means: Any, covariances: Any, x: Any) -> np.longdouble:
    """The mean over observations of log p, from the definition; π is that of doubles."""
    logs = log_terms(weights, means, covariances, x)
    peak = logs.max(axis=0)
    return np.longdouble((peak + np.log(np.exp(logs - peak).sum(axis=0))).mean())


def em(kind: str, weights: Any, means: Any, covariances: Any, x: Any, reg: float = 0.0) -> tuple[Long, Long, Long]:
    """One step of EM."""
    x = np.asarray(x, dtype=np.longdouble)
    n, d = x.shape
    logs = log_terms(weights, means, covariances, x)
    posterior = np.exp(logs - logs.max(axis=0))
    posterior /= posterior.sum(axis=0)
    mass = posterior.sum(axis=1)
    new_means = posterior @ x / mass[:, None]
    new = []
    for j in range(len(mass)):
        apart = x - new_means[j]
        new.append((posterior[j][:, None] * apart).T @ apart / mass[j])
    stacked = np.stack(new)
    if kind == "tied":
        stacked = np.stack([np.tensordot(mass / n, stacked, 1)] * len(mass))
    if kind in ("diag", "spherical"):
        stacked = stacked * np.eye(d)
    if kind == "spherical":
        stacked = np.stack([np.trace(each) / d * np.eye(d) for each in stacked])
    return mass / n, new_means, stacked + np.longdouble(reg) * np.eye(d)


def clusters(seed: int, n: int, k: int, d: int, apart: float) -> NDArray[np.float64]:
    """Points of k normal clusters with different spreads."""
    rng = np.random.default_rng(seed)
    centres = apart * rng.normal(size=(k, d))
    which = rng.integers(0, k, n)
    return np.asarray(centres[which] + rng.normal(size=(n, d)) * (0.7 + 0.3 * which)[:, None])


def start(kind: str, k: int, x: NDArray[np.float64], seed: int) -> dict[str, Any]:
    """A fit to begin with: weights alike, means at observations, the covariance of all."""
    rng = np.random.default_rng(seed)
    d = x.shape[1]
    whole = np.atleast_2d(np.cov(x.T, bias=True))
    covariances = {
        "full": [whole] * k,
        "tied": whole,
        "diag": [np.diag(whole)] * k,
        "spherical": [float(np.trace(whole)) / d] * k,
    }[kind]
    means = x[rng.choice(len(x), k, replace=False)]
    return {"covariance_type": kind, "weights": [1 / k] * k, "means": means, "covariances": covariances}


def expanded(kind: str, k: int, d: int, covariances: Any) -> NDArray[np.float64]:
    """The covariances as k matrices."""
    array = np.asarray(covariances, dtype=float)
    if kind == "full":
        return array
    if kind == "tied":
        return np.stack([array] * k)
    if kind == "diag":
        return np.stack([np.diag(each) for each in array])
    return np.stack([each * np.eye(d) for each in array])
