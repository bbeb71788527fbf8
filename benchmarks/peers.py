"""What a user would otherwise run for KL at a regular simplex: quadratures in k − 1 dimensions from the definition."""

import math
from fractions import Fraction
from typing import Any

import flint
import mpmath
import numpy as np
from scipy import integrate, stats

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case


def vertices(k: int) -> np.ndarray:
    """Return unit vectors to the vertices of a regular simplex, one a row, in k − 1 dimensions."""
    centred = np.eye(k) - 1 / k
    basis = np.linalg.svd(centred)[2][: k - 1]
    rows = centred @ basis.T
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def log_sum(case: Case, points: np.ndarray) -> np.ndarray:
    """log Σ π_j e^{⟨x, θ_j⟩} at points of shape (n, k − 1)."""
    exponents = float(case.radius) * points @ vertices(case.k).T + np.log([float(w) for w in case.weights])
    largest = exponents.max(axis=1, keepdims=True)
    return largest[:, 0] + np.log(np.exp(exponents - largest).sum(axis=1))


def half_square(case: Case) -> float:
    """‖θ‖²/2."""
    return float(case.squared_radius) / 2


def _weighted(case: Case, points: np.ndarray) -> np.ndarray:
    density = np.exp(-(points**2).sum(axis=1) / 2) / (2 * math.pi) ** ((case.k - 1) / 2)
    return density * log_sum(case, points)


def cubature(case: Case, digits: int, reach: float = 9.0) -> float:
    """KL by SciPy's adaptive cubature over a cube."""
    ends = np.full(case.k - 1, reach)
    found = integrate.cubature(lambda x: _weighted(case, x), -ends, ends, rtol=10.0**-digits, atol=10.0**-digits)
    return half_square(case) - float(found.estimate)


def nquad(case: Case, digits: int, reach: float = 9.0) -> float:
    """KL by SciPy's nested adaptive quadrature over a cube."""
    options = {"epsabs": 10.0**-digits, "epsrel": 10.0**-digits, "limit": 100}

    def integrand(*coordinates: float) -> float:
        return float(_weighted(case, np.array([coordinates]))[0])

    return half_square(case) - integrate.nquad(integrand, [(-reach, reach)] * (case.k - 1), opts=options)[0]


def gauss_hermite(case: Case, order: int) -> float:
    """KL by the tensor product of a Gauss-Hermite rule."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    weights = weights / weights.sum()
    dimension = case.k - 1
    points = np.stack([axis.ravel() for axis in np.meshgrid(*[nodes] * dimension)], axis=1)
    masses = np.ones(1)
    for _ in range(dimension):
        masses = np.outer(masses, weights).ravel()
    return half_square(case) - float(masses @ log_sum(case, points))


def sobol(case: Case, points: int, copies: int = 8) -> float:
    """KL by scrambled Sobol points through the normal quantile, the mean of several scramblings."""
    values = []
    for seed in range(copies):
        uniform = stats.qmc.Sobol(case.k - 1, seed=seed).random(points // copies)
        values.append(log_sum(case, stats.norm.ppf(np.clip(uniform, 1e-16, 1 - 1e-16))).mean())
    return half_square(case) - float(np.mean(values))


def monte_carlo(case: Case, points: int) -> float:
    """KL by plain Monte Carlo."""
    normals = np.random.default_rng(0).standard_normal((points, case.k - 1))
    return half_square(case) - float(log_sum(case, normals).mean())


def nested_quadrature(case: Case, digits: int) -> Fraction:
    """KL for k = 3 by mpmath.quad within mpmath.quad over the plane."""
    context = mpmath.MPContext()
    context.dps = digits + 5
    radius = context.mpf(case.radius.numerator) / case.radius.denominator
    weights = [context.mpf(w.numerator) / w.denominator for w in case.weights]
    corners = [(context.cospi(context.mpf(2 * j) / 3), context.sinpi(context.mpf(2 * j) / 3)) for j in range(3)]

    def integrand(x: Any, y: Any) -> Any:
        terms = (w * context.exp(radius * (a * x + b * y)) for w, (a, b) in zip(weights, corners, strict=True))
        return context.npdf(x) * context.npdf(y) * context.log(context.fsum(terms))

    end = math.ceil(math.sqrt(2 * math.log(10) * digits)) + 1
    points = [-end, 0, end]
    value = radius**2 / 2 - context.quad(integrand, points, points)
    return Fraction(int(context.nint(value * 10 ** (digits + 5))), 10 ** (digits + 5))


def plane_rule(case: Case, digits: int) -> Fraction:
    """KL for k = 3 by a trapezoidal rule on a square lattice in two dimensions, in Arb without error bounds.

    The integrand is analytic up to the nearest zero of the partition function, π/(√3 r) away: the step follows.
    """
    accuracy = digits * math.log(10)
    step = flint.arb(math.pi / math.sqrt(3) / float(case.radius) * 2 * math.pi / accuracy)
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
        return centre(radius**2 / 2 - mass @ logarithms @ mass)


def lattice_rule(case: Case, digits: int) -> float:
    """KL by the same rule as `plane_rule` in k − 1 dimensions, in double precision."""
    accuracy = digits * math.log(10)
    step = 2 * math.pi / accuracy * math.pi / math.sqrt(2 * case.k / (case.k - 1)) / float(case.radius)
    count = math.ceil(math.sqrt(2 * accuracy) / step)
    axis = step * np.arange(-count, count + 1)
    points = np.stack([part.ravel() for part in np.meshgrid(*[axis] * (case.k - 1))], axis=1)
    return half_square(case) - float(_weighted(case, points).sum()) * step ** (case.k - 1)


def centre(ball: flint.arb) -> Fraction:
    """Return the centre of a ball, exactly."""
    mantissa, exponent = ball.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
