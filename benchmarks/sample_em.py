"""One EM iteration beside its floor and beside scikit-learn's spherical mixture, all in one run.

Run ``python benchmarks/sample_em.py``. The floor is two matrix products and n·k exponentials in the same cache-sized
blocks, with the points one after the other as most programs hold them; "floor, columns" has them in the layout that
EM copies data to once. Each time is the shortest of several, in milliseconds. scikit-learn's mixture fits free means,
variances and weights, so that it has more to do; it is what a user would otherwise run.
"""

import time
import warnings
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.samples.block_threads import workers
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.posterior_sums import sample_blocks
from emtheory.numerics.samples.sample_em import Sample, make_sample
from emtheory.numerics.samples.simplex import FloatArray, point, rotation
from emtheory.numerics.samples.tied_em import em_step, log_weights, orbit

SIZES = ((1_000_000, 3, 4), (200_000, 15, 16), (100_000, 63, 64))
RUNS = 15


def best_of(runs: int, compute: Callable[[], object]) -> float:
    """Return the shortest time of several runs, in milliseconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        compute()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def floor(blocks: Sequence[FloatArray], means: FloatArray) -> FloatArray:
    """Two matrix products and the exponentials, block by block, in place."""
    result = np.zeros_like(means)
    memory = np.empty(len(means) * len(blocks[0]), means.dtype)
    for points in blocks:
        exponents = memory[: len(means) * len(points)].reshape(len(means), -1)
        np.dot(means, points.T, out=exponents)
        np.exp(exponents, out=exponents)
        result += np.dot(exponents, points)
    return result


def iteration(case: Case, sample: Sample, threads: int) -> float:
    """Time of one step of tied EM from the case's point."""
    blocks, log_pi, R = sample_blocks(sample.points, case.k), log_weights(case), rotation(case.k, case.d)
    with workers(threads) as share:
        return best_of(RUNS, lambda: em_step(blocks, log_pi, R, point(case), sample.largest_norm, share))


def scikit_learn(case: Case, data: FloatArray) -> float:
    """Time of one more iteration of scikit-learn: that of four less that of two, halved."""
    means = orbit(rotation(case.k, case.d), point(case), case.k)

    def fit(iterations: int) -> None:
        GaussianMixture(
            case.k,
            covariance_type="spherical",
            weights_init=np.exp(log_weights(case)),
            means_init=means,
            precisions_init=np.ones(case.k),
            max_iter=iterations,
            tol=0,
        ).fit(data)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return (best_of(3, lambda: fit(4)) - best_of(3, lambda: fit(2))) / 2


def main() -> None:
    print(
        f"{'n':>8} {'d':>3} {'k':>3} {'type':>8} {'floor':>7} {'floor, columns':>14} {'EM':>7} {'2 threads':>9}", end=""
    )
    print(f" {'scikit-learn':>12} {'EM/floor':>8} {'2 threads/floor':>15} {'sklearn/EM':>10} {'sklearn/2 threads':>17}")
    for n, d, k in SIZES:
        case = make_case(k, "linear", d, Fraction(1))
        for dtype in ("float64", "float32"):
            data = gaussian_sample(n, d, 0).astype(dtype)
            sample = make_sample(data, d)
            means = orbit(rotation(k, d), point(case), k).astype(dtype)
            columns = [points for points, _ in sample_blocks(sample.points, k)]
            rows = [np.ascontiguousarray(points) for points in columns]
            with workers(1):
                by_rows, by_columns = (best_of(RUNS, lambda x=x, means=means: floor(x, means)) for x in (rows, columns))
            one, two = (iteration(case, sample, threads) for threads in (1, 2))
            peer = scikit_learn(case, data)
            print(
                f"{n:>8} {d:>3} {k:>3} {dtype:>8} {by_rows:>7.1f} {by_columns:>14.1f} {one:>7.1f} {two:>9.1f}", end=""
            )
            print(
                f" {peer:>12.1f} {one / by_rows:>8.2f} {two / by_rows:>15.2f} {peer / one:>10.1f} {peer / two:>17.1f}"
            )


if __name__ == "__main__":
    main()
