"""The Laplace form in double precision (NumPy): fast, about 13 digits, no error bound."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point.lattice import plan
from emtheory.numerics.simplex_point.moments import Array, Nodes, PosteriorMoments, cumulants_from_moments

FULL_ACCURACY = 39.0
"""L with e^{−L} below the unit roundoff."""
MAX_SPREAD = 150.0
"""Largest standard deviation of the exponents; beyond it the tables outgrow memory for no digit gained."""
_TINY = 1e-140
"""Nodes where a ψ is smaller are left out: P, at most ψ, adds nothing there, and what is divided by ψ would soon be
0/0."""
_MAX_EXPONENT = 700.0
"""Below 709.8, the logarithm of the largest double; at u = 700 exp(−e^u) has long been 0."""


@dataclass(frozen=True)
class _Tables:
    """ψ − 1 and the raw moments D_n/ψ of each weight class on the outer nodes; shapes (classes, nodes)."""

    nodes: Array
    step: float
    deficits: Array
    ratios: Array


def exponent_spread(case: Case) -> float:
    """s = r√(k/(k−1)), the standard deviation of the i.i.d. exponents."""
    return math.sqrt(case.squared_radius * case.k / (case.k - 1))


def expected_log_sum(case: Case, accuracy: float = FULL_ACCURACY) -> float:
    """Λ = E log Σ_j π_j e^{sZ_j} = ∫ (exp(−e^u) − P(u)) du."""
    tables = _tables(case, accuracy, degree=0)
    counts = np.array([len(components) for components in case.classes.values()], dtype=float)
    with np.errstate(divide="ignore"):
        log_product = counts @ np.log1p(tables.deficits)
    difference = np.expm1(-np.exp(np.minimum(tables.nodes, _MAX_EXPONENT))) - np.expm1(log_product)
    return float(tables.step * difference.sum())


def float_posterior_moments(case: Case, degree: int, accuracy: float = FULL_ACCURACY) -> PosteriorMoments:
    """Return the moments of the posterior up to degree 2 or 4 at a simplex of positive radius.

    Errors of the rules are about e^{−accuracy}, rounding remains; CannotAnswerError if the radius is too large.
    """
    tables = _tables(case, accuracy, degree)
    counts = np.array([len(components) for components in case.classes.values()], dtype=float)
    product = np.exp(counts @ np.log1p(tables.deficits))
    nodes = Nodes(tables.step * product, cumulants_from_moments(tables.ratios))
    return PosteriorMoments(case, nodes, lambda j: complex(np.exp(2j * np.pi * j / case.k)))


def _tables(case: Case, accuracy: float, degree: int) -> _Tables:
    s = exponent_spread(case)
    if s > MAX_SPREAD:
        raise CannotAnswerError(f"the float route ends at radius {MAX_SPREAD:g}√((k−1)/k)")
    weights = [float(weight) for weight in case.classes]
    lattice = plan(s, accuracy, max(weights), degree)
    # Windows of the inner rule that overlap share their samples, for which the outer step must be a multiple.
    stride = 0 if lattice.step > 2 * lattice.reach else max(1, int(lattice.step / lattice.inner_step))
    inner_step = _short(lattice.inner_step) if stride else lattice.inner_step
    step = stride * inner_step or _short(lattice.step)
    nodes = step * np.arange(math.floor(lattice.left / step), math.ceil(lattice.right / step) + 1)
    reach = math.ceil(lattice.reach / inner_step)
    offsets = inner_step * np.arange(-reach, reach + 1)
    density = np.exp(-((offsets / s) ** 2) / 2)
    density /= density.sum()
    if stride:
        points = nodes[0] + offsets[0] + inner_step * np.arange((len(nodes) - 1) * stride + len(offsets))
    else:
        points = nodes[:, None] + offsets

    def average(values: Array) -> Array:
        windows = sliding_window_view(values, len(offsets))[::stride] if stride else values
        return np.asarray(windows @ density)

    tables = [_class_table(points + math.log(weight), average, degree) for weight in weights]
    deficits = np.array([deficit for deficit, _ in tables])
    ratios = np.array([moments for _, moments in tables]).transpose(1, 0, 2)
    # Where every ψ has underflowed the product is zero whatever the ratios are.
    alive = np.min(1 + deficits, axis=0) > _TINY
    return _Tables(nodes[alive], step, deficits[:, alive], ratios[:, :, alive])


def _short(step: float) -> float:
    """Round down to 30 binary places, so that all nodes are exact multiples: sums over them cancel to 1e−15."""
    return math.floor(step * 2**30) / 2**30


def _class_table(points: Array, average: Callable[[Array], Array], degree: int) -> tuple[Array, Array]:
    """Return ψ − 1 and D_1/ψ..D_degree/ψ at the outer nodes; `average` applies the inner rule to samples."""
    exponential = np.exp(np.minimum(points, _MAX_EXPONENT))
    deficit = average(np.expm1(-exponential))
    power = np.exp(-exponential)
    moments = []
    for _ in range(degree):
        power = power * exponential
        moments.append(average(power))
    with np.errstate(divide="ignore", invalid="ignore"):
        return deficit, np.array(moments).reshape(degree, len(deficit)) / (1 + deficit)
