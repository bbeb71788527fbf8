"""Certified KL divergence beside nested adaptive quadrature and a plain trapezoidal rule in k − 1 dimensions.

Run ``python benchmarks/enclosures.py``. The first two tables time the ball route; the third times all three methods on
one case of three components. Only the ball route proves its error: for the others the digits that agree with it are
counted. Times are processor times, so that a busy machine does not disturb them.
"""

import math
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import flint
import mpmath
import numpy as np

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate

CASE = make_case(3, "1/2,3/10,1/5", radius=Fraction(1))

OTHERS: list[tuple[str, int, str, str | None, dict[str, str], int]] = [
    ("posterior_power", 3, "1/2,3/10,1/5", "1", {"m": "1"}, 30),
    ("posterior_power", 10, "linear", "1", {"m": "1"}, 30),
    ("pl_ratio", 3, "1/2,3/10,1/5", "1", {}, 30),
    ("kl_divergence", 5, "linear", "1e-60", {}, 30),
    ("hessian_min_eigenvalue", 3, "1/2,3/10,1/5", "1", {}, 30),
    ("hessian_min_eigenvalue", 10, "linear", "1", {}, 30),
    ("hessian_min_eigenvalue", 1000, "one-heavy:0.99", "2.64", {}, 10),
    ("lloyd_radius", 4096, "uniform", None, {}, 30),
    ("pl_constant", 2, "4/5,1/5", None, {"radius": "2"}, 20),
    ("worst_contraction_factor", 5, "one-heavy:3/5", None, {"radius": "2"}, 20),
    ("strong_convexity_radius", 4, "0.97,0.01,0.01,0.01", None, {"fraction": "3/4"}, 10),
    ("strong_convexity_radius", 3, "1/2,3/10,1/5", None, {}, 10),
    ("iterations_to_kl", 3, "1/2,3/10,1/5", "1", {"eps": "1e-6"}, 10),
]
"""Quantity, k, weights, radius, arguments, digits."""


def best_of(runs: int, compute: Callable[[], Any]) -> tuple[float, Any]:
    """Return the shortest processor time of several runs, in seconds, and the value."""
    times, value = [], None
    for _ in range(runs):
        start = time.process_time()
        value = compute()
        times.append(time.process_time() - start)
    return min(times), value


def nested_quadrature(case: Case, digits: int) -> Fraction:
    """KL by mpmath.quad within mpmath.quad over the plane, from the definition."""
    context = mpmath.MPContext()
    context.dps = digits + 5
    radius = context.mpf(case.radius.numerator) / case.radius.denominator
    weights = [context.mpf(w.numerator) / w.denominator for w in case.weights]
    vertices = [(context.cospi(context.mpf(2 * j) / 3), context.sinpi(context.mpf(2 * j) / 3)) for j in range(3)]

    def integrand(x: Any, y: Any) -> Any:
        terms = (w * context.exp(radius * (a * x + b * y)) for w, (a, b) in zip(weights, vertices, strict=True))
        return context.npdf(x) * context.npdf(y) * context.log(context.fsum(terms))

    end = math.ceil(math.sqrt(2 * math.log(10) * digits)) + 1
    points = [-end, 0, end]
    value = radius**2 / 2 - context.quad(integrand, points, points)
    return Fraction(int(context.nint(value * 10 ** (digits + 5))), 10 ** (digits + 5))


def tensor_rule(case: Case, digits: int) -> Fraction:
    """KL by a trapezoidal rule on a square lattice in k − 1 = 2 dimensions, in Arb without error bounds.

    The integrand is analytic up to the nearest zero of the partition function, π/(√3 r) away: the step follows.
    """
    accuracy = digits * math.log(10)
    step = flint.arb(math.pi / math.sqrt(3) * 2 * math.pi / accuracy)
    count = math.ceil(math.sqrt(2 * accuracy) / float(step))
    with arb_precision(math.ceil(accuracy / math.log(2)) + 20):
        radius = flint.arb(flint.fmpq(case.radius.numerator, case.radius.denominator))
        weights = [flint.arb(flint.fmpq(w.numerator, w.denominator)) for w in case.weights]
        axis = np.array([i * step for i in range(-count, count + 1)], dtype=object)
        mass = np.array([step * (-x * x / 2).exp() / (2 * flint.arb.pi()).sqrt() for x in axis], dtype=object)
        powers = []
        for j in range(3):
            sine, cosine = flint.arb.sin_cos_pi_fmpq(flint.fmpq(2 * j, 3))
            along = [np.array([(radius * part * x).exp() for x in axis], dtype=object) for part in (cosine, sine)]
            powers.append(weights[j] * np.outer(*along))
        logarithms = np.frompyfunc(flint.arb.log, 1, 1)(sum(powers))
        value = (radius**2 / 2 - mass @ logarithms @ mass).mid()
        mantissa, exponent = value.man_exp()
        return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def time_others() -> None:
    """Print the time of one request for each other quantity."""
    print("\nball route, other quantities, one run each\n")
    print(f"{'quantity':<26} {'k':>5} {'weights':<20} {'digits':>6} {'ms':>9}  value")
    for name, k, weights, radius, arguments, digits in OTHERS:
        case = make_case(k, weights, radius=None if radius is None else Fraction(radius))
        exact = {argument: Fraction(value) for argument, value in arguments.items()}
        compute = partial(evaluate, name, case, exact, digits, "ball")
        seconds, value = best_of(1, compute)
        print(
            f"{name:<26} {k:>5} {weights:<20} {digits:>6} {1e3 * seconds:>9.1f}  {float(value.midpoint):.10g}",
            flush=True,
        )


def certified(case: Case, digits: int) -> Fraction:
    return Fraction(evaluate("kl_divergence", case, {}, digits, "ball").midpoint)


def agreement(value: Fraction, truth: Fraction) -> int:
    error = abs(value / truth - 1)
    return 999 if error == 0 else int(-(math.log10(error.numerator) - math.log10(error.denominator)))


def main() -> None:
    certified(CASE, 15)
    print("ball route, certified digits of KL at radius 1, best of 3\n")
    print(f"{'k':>5} {'weights':<16} {'digits':>6} {'ms':>9}")
    for (k, weights), digits in product(
        [(3, "1/2,3/10,1/5"), (10, "linear"), (4096, "one-heavy:1/2")], (15, 30, 50, 100)
    ):
        case = make_case(k, weights, radius=Fraction(1))
        seconds, _ = best_of(3, lambda case=case, digits=digits: certified(case, digits))
        print(f"{k:>5} {weights:<16} {digits:>6} {1e3 * seconds:>9.1f}", flush=True)
    time_others()
    print("\nk = 3, weights 1/2,3/10,1/5, radius 1: three methods\n")
    print(f"{'method':<34} {'digits asked':>12} {'agree':>6} {'ms':>9}")
    truth = certified(CASE, 120)
    for digits in (15, 30):
        methods = [
            ("ball route (certified)", certified, 3),
            ("trapezoidal rule, 2 dimensions", tensor_rule, 1),
            ("nested mpmath.quad", nested_quadrature, 1),
        ]
        for name, method, runs in methods:
            seconds, value = best_of(runs, lambda method=method, digits=digits: method(CASE, digits))
            print(f"{name:<34} {digits:>12} {agreement(value, truth):>6} {1e3 * seconds:>9.1f}", flush=True)


if __name__ == "__main__":
    main()
