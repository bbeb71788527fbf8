"""The Laplace form in mpmath, to any precision; errors are estimated by the route, not bounded.

All values of ψ on a lattice are one correlation of exp(−e^y) with a Gaussian, done as one product of two long
integers. When the exponents spread so little that the inner lattice would be far finer than the outer one, ψ is summed
as a power series in their variance instead.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import flint
import gmpy2
import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point.lattice import STRIP, Lattice, plan
from emtheory.numerics.simplex_point.moments import Array, Nodes, PosteriorMoments, cumulants_from_moments

MAX_NODES = 2_000_000
"""Largest table; beyond it a request is refused rather than left to run for hours."""
_SERIES_REACH = STRIP / 4
"""The series in s² is for s√(2L) up to this: it needs L/4 terms here, and beyond √2·STRIP it never reaches e^{−L}."""
_GUARD_BITS = 48
"""Beyond the accuracy: sums over up to 2·10⁶ nodes lose up to 21 bits, which leaves room for the rounding of each
term."""
_SERIES_GUARD = 12.0
"""Covers sup|f| ≤ (n/(e cos v))ⁿ, at most e^9 for moments up to the fourth."""


def working_bits(accuracy: float, degree: int) -> int:
    """Bits for errors of e^{−accuracy}; moments divide by ψ, which may be as small as e^{−accuracy} itself."""
    return math.ceil(accuracy / math.log(2)) * (2 if degree else 1) + _GUARD_BITS


def exponent_spread(context: Any, case: Case) -> Any:
    """s = r√(k/(k−1)), the standard deviation of the i.i.d. exponents."""
    return context.sqrt(real(context, case.squared_radius * case.k / (case.k - 1)))


def real(context: Any, value: Fraction) -> Any:
    """Return an exact rational as a real of the context."""
    return context.mpf(value.numerator) / value.denominator


def expected_log_sum(context: Any, case: Case, accuracy: float) -> Any:
    """Λ = E log Σ_j π_j e^{sZ_j} = ∫ (exp(−e^u) − P(u)) du at a simplex of positive radius.

    The mpmath context is of `working_bits` or more; CannotAnswerError if the table would be too large.
    """
    lattice = _plan(context, case, accuracy, 0)
    left, step, tables = _tables(context, case, accuracy, 0, lattice)
    total = context.mpf(0)
    exponential, growth = context.exp(left), context.exp(step)
    product = _product(case, [table[0] for table in tables])
    for value in product:
        total += context.exp(-exponential) - value
        exponential *= growth
    return total * step


def mp_posterior_moments(context: Any, case: Case, degree: int, accuracy: float) -> PosteriorMoments:
    """Return the moments of the posterior up to degree 2 or 4 at a simplex of positive radius.

    The mpmath context is of `working_bits` or more; CannotAnswerError if the table would be too large.
    """
    lattice = _plan(context, case, accuracy, degree)
    _, step, tables = _tables(context, case, accuracy, degree, lattice)
    product = _product(case, [table[0] for table in tables])
    threshold = context.exp(-accuracy - degree * math.log(accuracy))  # the moments there are up to accuracy^degree
    alive = np.array([value > threshold for value in product])
    ratios = np.array([[moment[alive] / table[0][alive] for moment in table[1:]] for table in tables], dtype=object)
    nodes = Nodes(step * product[alive], cumulants_from_moments(ratios.transpose(1, 0, 2)))
    return PosteriorMoments(
        case,
        nodes,
        lambda j: context.expjpi(context.mpf(2 * j) / case.k),
        partial(_matrix_product, context, working_bits(accuracy, degree)),
    )


def _matrix_product(context: Any, bits: int, left: Array, right: Array) -> Array:
    """Product of a complex matrix with a real one, rounded to `bits` binary places, as products of integer matrices."""

    def scaled(values: Array) -> flint.fmpz_mat:
        return flint.fmpz_mat([[int(context.ldexp(value, bits)) for value in row] for row in values])

    factor = scaled(right)
    real, imaginary = (scaled(part) * factor for part in (_real(left), _imaginary(left)))
    parts = [[context.ldexp(int(value), -2 * bits) for value in product.entries()] for product in (real, imaginary)]
    values = [context.mpc(*pair) for pair in zip(*parts, strict=True)]
    return np.array(values, dtype=object).reshape(len(left), -1)


def expected_maximum(context: Any, k: int, accuracy: float) -> Any:
    """E max(Z_1..Z_k) = ∫ (1 − Φ(z)^k − Φ(−z)^k) dz over z > 0, as k ∫ z φ(z) Φ(z)^{k−1} dz on the line.

    The last form is entire and decays like a Gaussian. Near its peak at √(2 log k) it is like exp(−k e^{−z²/2}), which
    stays bounded for |Im z| < π/(2√(2 log k)): hence the strip.
    """
    strip = 1.2 / math.sqrt(1 + 2 * math.log(k))
    step = 2 * context.pi * strip / context.mpf(accuracy + strip**2)
    reach = context.sqrt(2 * context.mpf(accuracy + math.log(k)))
    count = int(reach / step) + 1
    return (
        k
        * step
        * context.fsum(
            j * step * context.npdf(j * step) * context.ncdf(j * step) ** (k - 1) for j in range(-count, count + 1)
        )
    )


def _plan(context: Any, case: Case, accuracy: float, degree: int) -> Lattice:
    s = float(exponent_spread(context, case))
    lattice = plan(s, accuracy, float(max(case.weights)), degree)
    inner_step = lattice.step if _is_narrow(lattice) else lattice.inner_step
    if (lattice.right - lattice.left + 2 * lattice.reach) / inner_step > MAX_NODES:
        raise CannotAnswerError(
            f"radius {float(case.squared_radius) ** 0.5:g} needs too large a table at this precision"
        )
    return lattice


def _is_narrow(lattice: Lattice) -> bool:
    return lattice.reach <= _SERIES_REACH


def _tables(
    context: Any, case: Case, accuracy: float, degree: int, lattice: Lattice
) -> tuple[Any, Any, list[list[Array]]]:
    """Return the first outer node, the outer step, and D_0..D_degree on the outer nodes for each weight class."""
    s = exponent_spread(context, case)
    stride = 1 if _is_narrow(lattice) else max(1, int(lattice.step / lattice.inner_step))
    step = context.mpf(lattice.step) if _is_narrow(lattice) else stride * context.mpf(lattice.inner_step)
    # The offset makes the nodes of two accuracies fall in different places.
    left = context.mpf(lattice.left) + step * context.mpf(accuracy % 1)
    starts = [left + context.log(real(context, weight)) for weight in case.classes]
    if _is_narrow(lattice):
        series = [_heat_series(context, s, order, accuracy) for order in range(degree + 1)]
        return left, step, [_series_table(context, start, lattice, series) for start in starts]
    bits = working_bits(accuracy, degree)
    return left, step, [_correlated_table(context, start, s, lattice, stride, degree, bits) for start in starts]


def _correlated_table(
    context: Any, left: Any, s: Any, lattice: Lattice, stride: int, degree: int, bits: int
) -> list[Array]:
    """D_n(left + i·stride·h) for all i, by one long-integer product for each n."""
    step = context.mpf(lattice.inner_step)
    reach = int(lattice.reach / lattice.inner_step) + 1
    outer = int((lattice.right - lattice.left) / (lattice.inner_step * stride)) + 1
    density = _gaussian_weights(context, s, step, reach)
    kernel = [int(context.ldexp(value, bits)) for value in density]
    values = _exponential_moments(context, left - reach * step, step, (outer - 1) * stride + 2 * reach + 1, degree)
    results = []
    for samples in values:
        scaled = [int(context.ldexp(value, bits)) for value in samples]
        correlation = _convolve(kernel, scaled, 2 * bits + 8 * degree + len(kernel).bit_length() + 8)
        start = len(kernel) - 1
        kept = correlation[start : start + (outer - 1) * stride + 1 : stride]
        results.append(np.array([context.ldexp(context.mpf(int(value)), -2 * bits) for value in kept], dtype=object))
    return results


def _convolve(first: Sequence[int], second: Sequence[int], width: int) -> list[Any]:
    """Product of two polynomials with non-negative integer coefficients, each sum below 2^width."""
    product = gmpy2.pack(list(first), width) * gmpy2.pack(list(second), width)
    return list(gmpy2.unpack(product, width)) + [0] * (len(first) + len(second))


def _series_table(context: Any, left: Any, lattice: Lattice, series: Sequence[Sequence[Any]]) -> list[Array]:
    """D_n = exp(−x) Q_n(x), x = e^u, at the outer nodes, Q_n from `_heat_series`."""
    growth, x = context.exp(context.mpf(lattice.step)), context.exp(left)
    results: list[list[Any]] = [[] for _ in series]
    for _ in range(int((lattice.right - lattice.left) / lattice.step) + 1):
        decay = context.exp(-x)
        for samples, coefficients in zip(results, series, strict=True):
            samples.append(decay * context.polyval(coefficients, x))
        x *= growth
    return [np.array(samples, dtype=object) for samples in results]


def _heat_series(context: Any, s: Any, order: int, accuracy: float) -> list[Any]:
    """Coefficients, highest first, of the polynomial Q with E f(u + sZ) ≈ exp(−x) Q(x), x = e^u, f(u) = xⁿ exp(−x).

    E f(u + sZ) = Σ_j (s²/2)^j/j! f^{(2j)}(u), and d/du maps x^p exp(−x) to (p x^p − x^{p+1}) exp(−x). By Cauchy's
    estimate in the strip |Im u| < v the term j is below (2j)!/(2^j j!) (s/v)^{2j} sup|f|: the series is cut there.
    """
    derivative = [0] * order + [1]
    total = [context.mpf(0)] * (order + 1)
    factor, log_bound, term = context.mpf(1), 0.0, 0
    while log_bound > -accuracy - _SERIES_GUARD:
        total += [context.mpf(0)] * (len(derivative) - len(total))
        total = [value + factor * coefficient for value, coefficient in zip(total, derivative, strict=True)]
        for _ in range(2):
            derivative = [p * a - b for p, (a, b) in enumerate(zip([*derivative, 0], [0, *derivative], strict=True))]
        term += 1
        factor *= s**2 / (2 * term)
        log_bound += 2 * math.log(float(s) / STRIP) + math.log(2 * term - 1)
    return total[::-1]


def _gaussian_weights(context: Any, s: Any, step: Any, reach: int) -> list[Any]:
    """Weights of the inner rule with sum 1: an error of the sum would count in every ψ, even where ψ is almost 1."""
    density = [context.exp(-((j * step / s) ** 2) / 2) for j in range(-reach, reach + 1)]
    total = context.fsum(density)
    return [value / total for value in density]


def _exponential_moments(context: Any, start: Any, step: Any, count: int, degree: int) -> list[list[Any]]:
    """f_n(y) = e^{ny} exp(−e^y) at y = start + i·step, for n = 0..degree."""
    results: list[list[Any]] = [[] for _ in range(degree + 1)]
    growth, exponential = context.exp(step), context.exp(start)
    # Past this point f_n is below every precision in use.
    negligible = 2 * context.prec + 64
    for _ in range(count):
        value = context.exp(-exponential) if exponential < negligible else context.mpf(0)
        for samples in results:
            samples.append(value)
            value *= exponential
        exponential *= growth
    return results


def _product(case: Case, tables: Sequence[Array]) -> Array:
    """P = Π_j ψ(u + log π_j) on the nodes, the power of each class at once."""
    product: Array | int = 1
    for components, table in zip(case.classes.values(), tables, strict=True):
        product = product * table ** len(components)
    return np.asarray(product)


_real = np.frompyfunc(lambda value: value.real, 1, 1)
_imaginary = np.frompyfunc(lambda value: value.imag, 1, 1)
