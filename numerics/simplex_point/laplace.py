"""The Laplace form in any arithmetic, in doubles or in mpmath to any precision: errors are estimated, not bounded.

ψ and the D_n are trapezoidal sums against a Gaussian. Where their windows overlap they share their samples, and are
made by one correlation. Where exponents spread so little that the inner lattice would be far finer than the outer one,
each window has samples of its own in doubles, and in mpmath ψ is summed as a power series in their variance.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import flint
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point.ball_inner import plan_outer, right_end, spread, widest_inner_step
from emtheory.numerics.simplex_point.moments import Array, Nodes, PosteriorMoments, cumulants_from_moments

FULL_ACCURACY = 39.0
"""L with e^{−L} below the unit roundoff."""
MAX_SPREAD = 150.0
"""Largest standard deviation of the exponents in doubles; beyond it the tables outgrow memory for no digit gained."""
MAX_NODES = 2_000_000
"""Largest table; beyond it a request is refused rather than left to run for hours."""
_GUARD_BITS = 48
"""Beyond the accuracy: sums over up to 2·10⁶ nodes lose up to 21 bits, which leaves room for the rounding of each
term."""
_STRIP = 1.4
"""Half-width of the strip in which the terms of the series are bounded, below π/2."""
_SERIES_REACH = _STRIP / 4
"""The series in s² is for s√(2L) up to this: it needs L/4 terms here, and beyond √2·1.4 it never reaches e^{−L}."""
_SERIES_GUARD = 12.0
"""Covers sup|f| ≤ (n/(e cos v))ⁿ, at most e^9 for moments up to the fourth."""
_LARGEST_EXPONENT = 700.0
"""Below 709.8, the logarithm of the largest double; at u = 700 exp(−e^u) has long been 0."""


@dataclass(frozen=True)
class Numbers:
    """What is done with arrays of the numbers of a route, beside + − × ÷.

    `number`: of a rational; `exp`, `expm1`: entry by entry; `powers`: (u, h, n) ↦ e^{u + ih}, i < n; `joint`: (ψ − 1 of
    classes, their sizes) ↦ P − 1 and P, P the product of all ψ; `correlated`: (samples, weights, stride) ↦ the sums of
    weights_j samples_{i·stride + j}; `product`: of a complex matrix with a real one; `root`: x ↦ e^{2πix}; `kind`: of
    arrays; `offset`: whether the nodes of two accuracies fall in different places.
    """

    number: Callable[[Fraction], Any]
    exp: Callable[[Any], Any]
    expm1: Callable[[Any], Any]
    joint: Callable[[Array, Array], tuple[Array, Array]]
    powers: Callable[[Any, Any, int], Array]
    correlated: Callable[[Array, Array, int], Array]
    product: Callable[[Array, Array], Array]
    root: Callable[[Fraction], Any]
    kind: type
    offset: bool


def _windows(samples: Array, weights: Array, stride: int) -> Array:
    return np.asarray(sliding_window_view(samples, len(weights))[::stride] @ weights)


def _joint(deficits: Array, counts: Array) -> tuple[Array, Array]:
    product = np.prod((1 + deficits) ** counts[:, None], axis=0)
    return product - 1, product


def _joint_by_logarithms(deficits: Array, counts: Array) -> tuple[Array, Array]:
    """By logarithms, by which neither ψ near 1 nor small products lose digits."""
    with np.errstate(divide="ignore"):
        logarithm = counts @ np.log1p(np.maximum(deficits, -1))
    return np.expm1(logarithm), np.exp(logarithm)


DOUBLES = Numbers(
    number=float,
    exp=lambda x: np.exp(np.minimum(x, _LARGEST_EXPONENT)),
    expm1=np.expm1,
    joint=_joint_by_logarithms,
    powers=lambda u, h, n: np.exp(np.minimum(u + h * np.arange(n), _LARGEST_EXPONENT)),
    correlated=_windows,
    product=np.matmul,
    root=lambda x: complex(np.exp(2j * np.pi * float(x))),
    kind=float,
    offset=False,
)
"""Doubles: fast, about 13 digits."""


def multiprecision(context: Any) -> Numbers:
    """Return the numbers of a context of mpmath of `working_bits` or more."""
    negligible = -2 * context.prec - 64  # of an exponent
    exp = np.frompyfunc(lambda x: context.exp(x) if x > negligible else context.zero, 1, 1)
    return Numbers(
        number=partial(real, context),
        exp=exp,
        expm1=lambda x: exp(x) - 1,
        joint=_joint,
        powers=lambda u, h, n: np.multiply.accumulate(np.array([context.exp(u), *[context.exp(h)] * (n - 1)])),
        correlated=partial(_by_integers, context),
        product=partial(_matrix_product, context),
        root=lambda x: context.expjpi(2 * real(context, x)),
        kind=object,
        offset=True,
    )


def working_bits(accuracy: float, degree: int) -> int:
    """Bits for errors of e^{−accuracy}; moments divide by ψ, which may be as small as e^{−accuracy} itself."""
    return math.ceil(accuracy / math.log(2)) * (2 if degree else 1) + _GUARD_BITS


def real(context: Any, value: Fraction) -> Any:
    """Return an exact rational as a real of the context."""
    return context.mpf(value.numerator) / value.denominator


def _integers(context: Any, values: Iterable[Any]) -> list[int]:
    return [int(context.ldexp(value, context.prec)) for value in values]


def _by_integers(context: Any, samples: Array, weights: Array, stride: int) -> Array:
    """All sums at once, as one product of polynomials with long integers for coefficients; weights are symmetric."""
    first, second = (flint.fmpz_poly(_integers(context, values)) for values in (weights, samples))
    product, places = first * second, range(len(weights) - 1, len(samples), stride)
    kept = [context.ldexp(context.mpf(int(product[place])), -2 * context.prec) for place in places]
    return np.array(kept, dtype=object)


def _matrix_product(context: Any, left: Array, right: Array) -> Array:
    """The product of a complex matrix with a real one, as products of matrices of long integers."""
    factor = flint.fmpz_mat([_integers(context, row) for row in right])
    parts = []
    for part in ("real", "imag"):
        rows = [_integers(context, [getattr(context.mpc(value), part) for value in row]) for row in left]
        entries = (flint.fmpz_mat(rows) * factor).entries()
        parts.append([context.ldexp(context.mpf(int(value)), -2 * context.prec) for value in entries])
    values = [context.mpc(*pair) for pair in zip(*parts, strict=True)]
    return np.array(values, dtype=object).reshape(len(left), -1)


@dataclass(frozen=True)
class Tables:
    """The nodes u, e^u, their step, and on them for each class of weights ψ − 1 and D_1, D_2, … up to a degree.

    Shapes are (nodes,), (classes, nodes) and (degree, classes, nodes).
    """

    nodes: Array
    exponentials: Array
    step: Any
    deficits: Array
    moments: Array


def expected_log_sum(numbers: Numbers, case: Case, accuracy: float) -> Any:
    """Λ = E log Σ_j π_j e^{sZ_j} = ∫ (exp(−e^u) − P(u)) du at a simplex of positive radius, to about e^{−accuracy}.

    CannotAnswerError if the table would be too large.
    """
    tables = tables_of(numbers, case, accuracy, 0)
    below, _ = _product(numbers, case, tables)
    return tables.step * (numbers.expm1(-tables.exponentials) - below).sum()


def posterior_moments(numbers: Numbers, case: Case, degree: int, accuracy: float) -> PosteriorMoments:
    """Return the moments of the posterior up to degree 2 or 4 at a simplex of positive radius, to about e^{−accuracy}.

    CannotAnswerError if the table would be too large.
    """
    tables = tables_of(numbers, case, accuracy, degree)
    _, product = _product(numbers, case, tables)
    # The moments where P is e^{−L} are up to L^degree; further out 0/0 would be computed.
    alive = product > numbers.exp(numbers.number(-Fraction(accuracy + degree * math.log(accuracy))))
    ratios = tables.moments[:, :, alive] / (1 + tables.deficits[:, alive])
    nodes = Nodes(tables.step * product[alive], cumulants_from_moments(ratios))
    return PosteriorMoments(case, nodes, lambda j: numbers.root(Fraction(j, case.k)), numbers.product)


def tables_of(numbers: Numbers, case: Case, accuracy: float, degree: int) -> Tables:
    """Return ψ and its moments on nodes that are chosen for an accuracy; CannotAnswerError if they are too many."""
    square = case.squared_radius * case.k / (case.k - 1)
    if numbers.kind is float and square > MAX_SPREAD**2:
        raise CannotAnswerError(f"the float route ends at radius {MAX_SPREAD:g}√((k−1)/k)")
    weights, deviation = [numbers.number(weight) for weight in case.classes], math.sqrt(square)
    end = right_end(
        {weight: len(each) for weight, each in case.classes.items()}, deviation, accuracy + degree * math.log(accuracy)
    )
    # Of E log S a part is exp(−e^u), which has to have fallen, too, and is made of no Gaussian variables.
    order, end = (2, end) if degree else (1, max(end, math.log(accuracy)))
    outer = plan_outer(case.k, deviation, accuracy, max(degree, 1), order, end, moved=degree > 0)
    inner_step, window = widest_inner_step(deviation, accuracy, degree)[0], spread(deviation, accuracy)
    narrow = numbers.kind is object and window <= _SERIES_REACH
    # Windows that overlap share their samples, for which the outer step must be a multiple of the inner one.
    apart = narrow or outer.step > 2 * window
    stride = 0 if apart else max(1, int(outer.step / inner_step))
    inner_step = _short(inner_step) if stride else inner_step
    unit = numbers.number(Fraction(inner_step))
    step = stride * inner_step or _short(outer.step)
    left, right = outer.first * outer.step, (outer.first + outer.count) * outer.step
    if (right - left + 2 * window) / (inner_step if stride else step) > MAX_NODES:
        raise CannotAnswerError(f"radius {math.sqrt(case.squared_radius):g} needs too large a table at this precision")

    first, last = math.floor(left / step), math.ceil(right / step)
    offset = numbers.number(Fraction(accuracy % 1 if numbers.offset else 0))
    nodes = (np.arange(first, last + 1).astype(numbers.kind) + offset) * numbers.number(Fraction(step))
    exponentials = numbers.powers(nodes[0], numbers.number(Fraction(step)), len(nodes))
    sums = _series(numbers, square, degree, accuracy, exponentials) if narrow else None
    if sums is None:
        reach = math.ceil(window / inner_step)
        offsets = np.arange(-reach, reach + 1).astype(numbers.kind) * unit
        density = numbers.exp(-(offsets * offsets) / numbers.number(2 * square))
        starts = (nodes[:1] if stride else nodes) - reach * unit
        count = (last - first) * stride + 2 * reach + 1 if stride else 2 * reach + 1
        rows = np.array([numbers.powers(start, unit, count) for start in starts])
        sums = _averages(numbers, rows, density / density.sum(), stride, degree)
    deficits, moments = zip(*map(sums, weights), strict=True)
    shape = len(weights), degree, len(nodes)
    table: Array = np.array(moments, dtype=numbers.kind).reshape(shape).transpose(1, 0, 2)
    return Tables(nodes, exponentials, numbers.number(Fraction(step)), np.array(deficits, dtype=numbers.kind), table)


Sums = Callable[[Any], tuple[Array, list[Array]]]
"""A weight π ↦ ψ − 1 and D_1, D_2, … at u + log π for the nodes u."""


def _averages(numbers: Numbers, rows: Array, density: Array, stride: int, degree: int) -> Sums:
    """By sums over windows of e^u: a row for each node, or one for all, in which they begin a stride apart."""

    def averaged(samples: Array) -> Array:
        return numbers.correlated(samples[0], density, stride) if stride else np.asarray(samples @ density)

    def sums(weight: Any) -> tuple[Array, list[Array]]:
        exponential = weight * rows
        power = numbers.exp(-exponential)
        deficit = averaged(np.expm1(-exponential)) if numbers.kind is float else averaged(power) - 1
        return deficit, [averaged(power := power * exponential) for _ in range(degree)]

    return sums


def _series(numbers: Numbers, square: Fraction, degree: int, accuracy: float, exponentials: Array) -> Sums:
    """By E f(u + sZ) = Σ_j (s²/2)^j/j! f^{(2j)}(u), f = x^n e^{−x} at x = e^u, which takes polynomials in x to others.

    By Cauchy's estimate in the strip |Im u| < v the term j is below (2j)!/(2^j j!) (s/v)^{2j} sup|f|: there the series
    are cut.
    """
    polynomials = []
    for order in range(degree + 1):
        derivative, total = [0] * order + [1], np.array([numbers.number(Fraction(0))])
        factor, log_bound, term = numbers.number(Fraction(1)), 0.0, 0
        while log_bound > -accuracy - _SERIES_GUARD:
            total = np.concatenate([total, [0] * (len(derivative) - len(total))])
            total = total + factor * np.array(derivative, dtype=object)
            for _ in range(2):  # d/du maps x^p e^{−x} to (p x^p − x^{p+1}) e^{−x}
                pairs = zip([*derivative, 0], [0, *derivative], strict=True)
                derivative = [p * a - b for p, (a, b) in enumerate(pairs)]
            term += 1
            factor = factor * numbers.number(square / (2 * term))
            log_bound += math.log(square) - 2 * math.log(_STRIP) + math.log(2 * term - 1)
        polynomials.append(total[::-1])

    def sums(weight: Any) -> tuple[Array, list[Array]]:
        x = weight * exponentials
        first, *others = (numbers.exp(-x) * np.polyval(each, x) for each in polynomials)
        return first - 1, others

    return sums


def _product(numbers: Numbers, case: Case, tables: Tables) -> tuple[Array, Array]:
    """P − 1 and P on the nodes."""
    counts: Array = np.array([len(components) for components in case.classes.values()], dtype=numbers.kind)
    return numbers.joint(tables.deficits, counts)


def _short(step: float) -> float:
    """Round down to 30 binary places, so that all nodes are exact multiples: sums over them cancel to 1e−15."""
    return math.floor(step * 2**30) / 2**30


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
