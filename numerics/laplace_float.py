"""The Laplace form in double precision (NumPy): fast, about 13 digits, no error bound."""

import math
from dataclasses import dataclass

import numpy as np

from numerics.case import Case
from numerics.errors import CannotAnswerError
from numerics.lattice import Lattice, plan
from numerics.moments import Array, Nodes, PosteriorMoments, cumulants_from_moments

FULL_ACCURACY = 39.0
"""L with e^{−L} below the unit roundoff."""
MAX_SPREAD = 150.0
"""Largest standard deviation of the exponents; beyond it the tables outgrow memory for no digit gained."""
_TINY = 1e-140


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
    difference = np.expm1(-np.exp(tables.nodes)) - np.expm1(log_product)
    return float(tables.step * difference.sum())


def posterior_moments(case: Case, degree: int, accuracy: float = FULL_ACCURACY) -> PosteriorMoments:
    """Return the moments of the posterior up to the given degree (2 or 4) at a simplex of positive radius."""
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
    nodes = np.arange(lattice.left, lattice.right, lattice.step)
    deficits, ratios = [], []
    for weight in weights:
        deficit, moments = _class_table(nodes + math.log(weight), s, lattice, degree)
        deficits.append(deficit)
        ratios.append(moments)
    # Where every ψ has underflowed the product is zero whatever the ratios are.
    alive = np.min(1 + np.array(deficits), axis=0) > _TINY
    return _Tables(
        nodes[alive],
        lattice.step,
        np.array(deficits)[:, alive],
        np.array(ratios).transpose(1, 0, 2)[:, :, alive],
    )


def _class_table(shifted: Array, s: float, lattice: Lattice, degree: int) -> tuple[Array, Array]:
    """Return ψ − 1 and D_1/ψ..D_degree/ψ at the shifted nodes, by the trapezoidal rule over the exponent."""
    offsets = np.arange(-lattice.reach, lattice.reach + lattice.inner_step, lattice.inner_step)
    density = np.exp(-((offsets / s) ** 2) / 2)
    density /= density.sum()
    results = np.empty((degree + 1, len(shifted)))
    block = max(1, 2_000_000 // len(offsets))
    for start in range(0, len(shifted), block):
        chunk = shifted[start : start + block]
        exponential = np.exp(np.minimum(chunk[:, None] + offsets, 700.0))
        results[0, start : start + block] = np.expm1(-exponential) @ density
        power = np.exp(-exponential)
        for order in range(1, degree + 1):
            power *= exponential
            results[order, start : start + block] = power @ density
    with np.errstate(divide="ignore", invalid="ignore"):
        return results[0], results[1:] / (1 + results[0])
