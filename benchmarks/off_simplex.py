"""Points off the simplex: certified product rules, scrambled Sobol sequences and plain Monte Carlo on the same cases.

Run ``python benchmarks/off_simplex.py``. Only the ball route proves its error; for the others the difference from it is
shown beside the error they claim (three standard errors for Monte Carlo). For k = 64 nothing is proved; Sobol sequences
are run until four digits are there, with all processors, at three kinds of points: amplitudes within a factor of two,
drawn at random, and falling like 1/m.
"""

import math
import time
from fractions import Fraction
from functools import partial
from itertools import product

import numpy as np

from emtheory.numerics.any_point.sobol_hessian import smallest_eigenvalue
from emtheory.numerics.any_point.sobol_rule import estimate
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])
FIVE = make_case(5, "linear", amplitudes=[Fraction(9, 10), Fraction(2, 5)])
K = 64
SHAPES = {
    "even": [2 + m % 3 for m in range(K // 2)],
    "random": np.random.default_rng(1).random(K // 2).tolist(),
    "1/m": [1 / m for m in range(1, 1 + K // 2)],
}
POINTS = 2**20


def monte_carlo(case: Case, points: int = POINTS) -> tuple[float, float]:
    """KL from the definition, with independent normal coordinates for each frequency."""
    normals = np.random.default_rng(0).standard_normal((len(case.frequencies), 2, points))
    angles = 2 * np.pi * np.outer(range(case.k), case.frequencies) / case.k
    scale = np.sqrt([float(square) for square in case.squared_amplitudes])
    exponents = np.einsum("jm,mn->jn", scale * np.cos(angles), normals[:, 0])
    exponents += np.einsum("jm,mn->jn", scale * np.sin(angles), normals[:, 1])
    weights = np.array([float(weight) for weight in case.weights])
    values = float(case.squared_radius) / 2 - np.log(weights @ np.exp(exponents))
    return float(values.mean()), 3 * float(values.std()) / math.sqrt(points)


def main() -> None:
    print(f"{'case':<6} {'method':<34} {'KL':>22} {'claimed error':>14} {'difference':>11} {'CPU s':>7}")
    for name, case, digits in (("k = 4", FOUR, (10, 15, 30)), ("k = 5", FIVE, (8, 10, 12))):
        for wanted in digits:
            start = time.process_time()
            found = evaluate("kl_divergence", case, {}, wanted, "ball")
            seconds = time.process_time() - start
            error = float(found.upper - found.lower) / 2
            label = f"product rule, {wanted} digits, certified"
            print(f"{name:<6} {label:<34} {float(found.midpoint):>22.16g} {error:>14.1e} {'':>11} {seconds:>7.2f}")
        truth = float(found.midpoint)
        start = time.process_time()
        sobol = estimate(case, lambda found: found.divergence, 4, divergence=True)
        rows = [("scrambled Sobol, 4 digits", sobol.value, sobol.half_width, time.process_time() - start)]
        start = time.process_time()
        rows.append(("Monte Carlo, 2^20 points", *monte_carlo(case), time.process_time() - start))
        for label, value, error, seconds in rows:
            print(f"{name:<6} {label:<34} {value:>22.16g} {error:>14.1e} {value - truth:>11.1e} {seconds:>7.2f}")
    many()


def many() -> None:
    """Four digits at k = 64, linear weights."""
    for (shape, values), radius in product(SHAPES.items(), (1.2, 3.0)):
        scale = radius / float(np.linalg.norm(values))
        case = make_case(K, "linear", amplitudes=[Fraction(scale * value).limit_denominator(10**6) for value in values])
        estimates = {
            "KL": partial(estimate, case, lambda found: found.divergence, divergence=True),
            "β_1": partial(estimate, case, lambda found: found.power(1), divergence=False),
            "β_32": partial(estimate, case, lambda found: found.power(32), divergence=False),
            "λ_min": partial(smallest_eigenvalue, case),
        }
        for name, run in estimates.items():
            start, wall = time.process_time(), time.perf_counter()
            found = run(4)
            seconds, elapsed = time.process_time() - start, time.perf_counter() - wall
            label = f"{shape}, ‖θ‖ = {radius}, {name}"
            print(
                f"k = 64 {label:<34} {found.value:>22.6g} {found.half_width:>14.1e} {elapsed:>9.1f} s {seconds:>7.2f}"
            )
        start = time.process_time()
        value, error = monte_carlo(case, 2**17)
        seconds = time.process_time() - start
        print(f"k = 64 {'KL, Monte Carlo, 2^17 points':<34} {value:>22.6g} {error:>14.1e} {'':>11} {seconds:>7.2f}")


if __name__ == "__main__":
    main()
