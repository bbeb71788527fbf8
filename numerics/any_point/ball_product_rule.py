"""Λ and the moments of the posterior at any point, enclosed, by a product rule in the directions of the exponents.

Up to about twelve digits the sums are taken in double precision with a proved bound on its rounding errors, which makes
lattices of 10⁸ nodes affordable; beyond, in balls. On the simplex ray the faster of this rule and the Laplace form is
taken.
"""

from collections.abc import Sequence
from typing import Any

import flint
import numpy as np

from emtheory.numerics.any_point import double_sums
from emtheory.numerics.any_point.ball_tensor import plan_tensor, tensor_axes
from emtheory.numerics.any_point.tensor_rule import Array, ball_nodes
from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.ball_partition import ball_posterior_moments, kl_at, root_of_unity
from emtheory.numerics.simplex_point.moments import FourierMoments, PosteriorMoments
from emtheory.numerics.weights import Weights


def log_partition(weights: Weights, amplitudes: Sequence[flint.arb], accuracy: float) -> flint.arb:
    """Return a ball around Λ(θ) = E log Σ_j π_j e^{y_j}, for amplitudes (wide balls, perhaps) not all zero.

    The error is about e^{−accuracy}, but not below e^{−31} where doubles are used; CannotAnswerError if the lattice
    would be too large.
    """
    rule = plan_tensor(amplitudes, weights, accuracy, 0)
    axes = tensor_axes(rule, weights)
    total, error = flint.arb(0), rule.logarithm_error()
    if rule.double:
        rounded = double_sums.round_axes(axes)
        for mass, joint in ball_nodes(rounded.axes, rule.reach):
            value, rounding = double_sums.logarithm_sum(rounded, mass, joint)
            total += value
            error += rounding
    else:
        for mass, joint in ball_nodes(axes, rule.reach):
            total += mass @ np.log(joint.sum(axis=0))
    return total + flint.arb(0, error.upper())


def tensor_posterior_moments(
    weights: Weights, amplitudes: Sequence[flint.arb], accuracy: float, degree: int
) -> "TensorMoments":
    """Return the moments of the posterior up to degree 2, for powers, or 4, for couplings; else as `log_partition`."""
    rule = plan_tensor(amplitudes, weights, accuracy, degree)
    axes = tensor_axes(rule, weights)
    size = len(weights) if degree == 2 else len(weights) * (len(weights) + 1) // 2
    products = flint.arb_mat(size, size)
    if rule.double:
        rounded = double_sums.round_axes(axes)
        for mass, joint in ball_nodes(rounded.axes, rule.reach):
            products += double_sums.gram_sum(rounded, mass, _monomials(joint, degree), degree)
    else:
        for mass, joint in ball_nodes(axes, rule.reach):
            products += _gram_sum(mass, _monomials(joint, degree))
    table = np.array(products.tolist(), dtype=object)
    if degree == 4:
        pair = _pair_index(len(weights))
        table = table[pair][:, :, pair]
    return TensorMoments(table, [rule.moment_error(n) for n in range(degree + 1)])


class TensorMoments(FourierMoments):
    """Moments of γ̂ from those of the posterior itself, for few components.

    The products E[γ_aγ_bγ_cγ_d], or E[γ_aγ_b] alone, are summed over the nodes and have one axis for each factor; the
    errors are for polynomials of degrees 0, 1, 2, … that are at most 1 on the posteriors.
    """

    def __init__(self, products: Array, errors: Sequence[flint.arb]) -> None:
        self._fourth = products
        self._third = products.sum(axis=-1)
        self._second = products if products.ndim == 2 else self._third.sum(axis=-1)
        self._errors = errors
        self._k = len(products)

    @property
    def size(self) -> int:
        """Numbers held."""
        return self._fourth.size

    def power(self, m: int) -> flint.arb:
        """E|γ̂_m|² = β_m."""
        root = self._roots(m)
        return self._real(self._second @ root.conjugate() @ root, 2)

    def triple(self, m: int, n: int) -> flint.arb:
        """Re E[γ̂_{m+n} γ̂_m* γ̂_n*]."""
        return self._real(self._third @ self._roots(-n) @ self._roots(-m) @ self._roots(m + n), 3)

    def quadruple(self, m: int, n: int) -> flint.arb:
        """E[|γ̂_m|² |γ̂_n|²]."""
        return self._real(self._fourth @ self._roots(-n) @ self._roots(n) @ self._roots(-m) @ self._roots(m), 4)

    def _roots(self, m: int) -> Array:
        root = root_of_unity(self._k)
        return np.array([root(m * j % self._k) for j in range(self._k)], dtype=object)

    def _real(self, value: Any, degree: int) -> flint.arb:
        result: flint.arb = value.real + flint.arb(0, self._errors[degree].upper())
        return result


def _monomials(joint: Array, degree: int) -> Array:
    """γ_a, or γ_aγ_b for a ≤ b, on the nodes of a block; their pairwise products are what is summed."""
    posterior: Array = joint / joint.sum(axis=0)
    return posterior if degree == 2 else np.concatenate([row * posterior[a:] for a, row in enumerate(posterior)])


def _pair_index(k: int) -> Array:
    """Position of γ_aγ_b among the monomials, shape (k, k)."""
    first, second = np.triu_indices(k)
    index = np.zeros((k, k), dtype=int)
    index[first, second] = index[second, first] = np.arange(len(first))
    return index


def _gram_sum(mass: Array, monomials: Array) -> flint.arb_mat:
    """Σ mass·monomial·monomial over the nodes, for all pairs."""
    size = len(monomials)
    left = flint.arb_mat(size, len(mass), (monomials * mass).ravel().tolist())
    return left * flint.arb_mat(len(mass), size, monomials.T.ravel().tolist())


_LARGEST_PLANE = 24.0, 5.0
"""Accuracy and radius up to which a rule in the plane, for three components, beats the Laplace form (measured)."""
_LARGEST_FINE = 33.0, 1.1
"""The same for second moments alone: beyond, rounding errors of doubles count."""


def ray_moments(case: Case, square: flint.arb, accuracy: float, degree: int) -> TensorMoments | PosteriorMoments:
    """Return the moments of the posterior on the simplex ray at r² > 0, up to degree 2 or 4, to about e^{−accuracy}."""
    if _is_product_faster(case.k, square, accuracy, degree):
        return tensor_posterior_moments(case.weights, [square.sqrt()], accuracy, degree)
    return ball_posterior_moments(case, _spread(case, square), accuracy, degree)


def ray_divergence(case: Case, square: flint.arb, accuracy: float) -> flint.arb:
    """Return KL on the simplex ray at r² > 0, to about e^{−accuracy}."""
    if _is_product_faster(case.k, square, accuracy):
        return square / 2 - log_partition(case.weights, [square.sqrt()], accuracy)
    return kl_at(case, _spread(case, square), accuracy)


def _is_product_faster(k: int, square: flint.arb, accuracy: float, degree: int = 0) -> bool:
    limits = (_LARGEST_PLANE, _LARGEST_FINE) if degree == 2 else (_LARGEST_PLANE,)
    return k == 2 or (k == 3 and any(accuracy <= most and square < radius * radius for most, radius in limits))


def _spread(case: Case, square: flint.arb) -> flint.arb:
    return (square * flint.fmpq(case.k, case.k - 1)).sqrt()
