"""One EM iteration beside its floor, plain NumPy, and scikit-learn's spherical mixture.

The floor is two matrix products and n·k exponentials in cache-sized blocks, with the points one after the other as most
programs hold them; "floor, columns" has them in the layout that EM copies data to, once for all iterations, which is
"EM's copy". Plain NumPy is the formula in two lines. scikit-learn fits free means, variances and weights, so that it
has more to do; it is what a user would otherwise run. Digits are counted against a sum in extended precision.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from benchmarks.comparison import Comparison, Scale, Side, Target
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.posterior_sums import Block, sample_blocks, workers
from emtheory.numerics.samples.sample_em import make_sample
from emtheory.numerics.samples.simplex import FloatArray, point, rotation
from emtheory.numerics.samples.tied_em import em_step, log_weights, orbit

SIZES = {
    "tiny": ((1_000, 3, 4, "float64"),),
    "quick": ((200_000, 3, 4, "float64"),),
    "full": tuple(
        (n, d, k, dtype)
        for n, d, k in ((1_000_000, 3, 4), (200_000, 15, 16), (100_000, 63, 64))
        for dtype in ("float64", "float32")
    ),
}


def floor(blocks: Sequence[FloatArray], means: FloatArray) -> FloatArray:
    """Two matrix products and the exponentials, block by block, in place, on one thread."""
    result = np.zeros_like(means)
    memory = np.empty(len(means) * len(blocks[0]), means.dtype)
    with workers(1):
        for points in blocks:
            exponents = memory[: len(means) * len(points)].reshape(len(means), -1)
            np.dot(means, points.T, out=exponents)
            np.exp(exponents, out=exponents)
            result += np.dot(exponents, points)
    return result


def iteration(case: Case, blocks: Sequence[Block], largest_norm: float, threads: int) -> FloatArray:
    """One step of tied EM from the case's point."""
    with workers(threads) as share:
        return em_step(blocks, log_weights(case), rotation(case.k, case.d), point(case), largest_norm, share)[0]


def plain(case: Case, data: FloatArray, dtype: type = np.float64) -> FloatArray:
    """Σ_j U_jᵀ Σ_i γ_ij x_i / n in a few lines of NumPy."""
    R = rotation(case.k, case.d).astype(dtype)
    points = data.astype(dtype)
    exponents = points @ orbit(R, point(case).astype(dtype), case.k).T + log_weights(case).astype(dtype)
    gamma = np.exp(exponents - exponents.max(axis=1, keepdims=True))
    sums = (gamma / gamma.sum(axis=1, keepdims=True)).T @ points
    total, power = np.zeros(case.d, dtype), np.eye(case.d, dtype=dtype)
    for row in sums:
        total += power.T @ row
        power = R @ power
    return total / len(points)


def scikit_learn(case: Case, data: FloatArray) -> None:
    """Two iterations: its start costs about as much as one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        GaussianMixture(
            case.k,
            covariance_type="spherical",
            weights_init=np.exp(log_weights(case)),
            means_init=orbit(rotation(case.k, case.d), point(case), case.k),
            precisions_init=np.ones(case.k),
            max_iter=2,
            tol=0,
        ).fit(data)


def measured(scale: Scale) -> Iterator[Comparison]:
    for n, d, k, dtype in SIZES[scale]:
        yield _beside(make_case(k, "linear", d, "1"), gaussian_sample(n, d, 0).astype(dtype))


def _beside(case: Case, data: FloatArray) -> Comparison:
    sample = make_sample(data, case.d)
    means = orbit(rotation(case.k, case.d), point(case), case.k).astype(data.dtype)
    blocks = sample_blocks(sample.points, case.k)
    columns = [points for points, _ in blocks]
    rows = [np.ascontiguousarray(points) for points in columns]
    one, two = "EM, one thread", "EM, two threads"
    sides = (
        Side("floor", partial(floor, rows, means)),
        Side("floor, columns", partial(floor, columns, means)),
        Side(one, partial(iteration, case, blocks, sample.largest_norm, 1), _right(case, data)),
        Side(two, partial(iteration, case, blocks, sample.largest_norm, 2), _right(case, data)),
        Side("EM's copy of the data, once", partial(sample_blocks, sample.points, case.k)),
        Side("plain NumPy", partial(plain, case, data), _right(case, data)),
        Side("scikit-learn, two iterations", partial(scikit_learn, case, data)),
    )
    where = f"n = {len(data)}, d = {case.d}, k = {case.k}, {data.dtype}"
    targets = (
        Target(f"EM on one thread at most 1.15 times its floor ({where})", 1.15, one, otherwise=NORMALISED),
        Target(f"EM on two threads below its floor ({where})", 1.0, two, otherwise=NORMALISED),
    )
    large = data.size * case.k >= 10**7
    return Comparison(f"One iteration, {where}", sides, targets if large else (), clock="wall")


NORMALISED = (
    "The floor leaves the normalisation of posteriors out, a pass over n·k numbers, which counts for single precision."
)


def _right(case: Case, data: FloatArray) -> Callable[[FloatArray], float]:
    def reached(value: FloatArray) -> float:
        few = data[: 10**5]
        truth = plain(case, few, np.longdouble)
        sample = make_sample(few, case.d)
        blocks = sample_blocks(sample.points, case.k)
        found = value if len(few) == len(data) else iteration(case, blocks, sample.largest_norm, 1)
        return round(float(-np.log10(np.abs(found - truth).max() / np.abs(truth).max())), 1)

    return reached
