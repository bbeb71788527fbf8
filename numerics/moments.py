"""Moments of the posterior on the simplex, from one-dimensional quadrature nodes.

On a regular simplex the exponents may be taken i.i.d., y_j = sZ_j with s = r√(k/(k−1)), and with S = Σ π_j e^{y_j}
and 1/S^N = ∫ e^{Nu} exp(−e^u S) du / Γ(N) every moment of the posterior γ_j = π_j e^{y_j}/S of degree N is

    E[Π γ_j^{n_j}] = (1/Γ(N)) ∫ P(u) E_u[Π ξ_j^{n_j}] du,      P(u) = Π_j E exp(−π_j e^{u+y_j}),

where under E_u the ξ_j = π_j e^{u+y_j} are independent with density tilted by exp(−ξ_j). Powers of the posterior's
transform γ̂_m = Σ_j γ_j e^{2πi jm/k} are therefore moments of linear forms in independent variables, and follow from
the cumulant transforms K_p(m) = Σ_j κ_p(j) e^{2πi jm/k}, which need one table per *distinct* weight.

The code runs on double, mpmath and Arb numbers alike: arrays hold whichever the route put there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from numerics.case import Case

Array = npt.NDArray[Any]
Number = Any
"""A real number of the route: float, mpf or arb."""


@dataclass(frozen=True)
class Nodes:
    """Quadrature of the outer integral.

    Attributes
    ----------
    weights
        h·P(u_i), shape (nodes,).
    cumulants
        κ_p of ξ for a component of each weight class, p = 1..4 (or 1..2), shape (p, classes, nodes).
    errors
        What the quadrature may be off for a moment of degree 0..4 whose polynomial is at most 1 on the
        posteriors; added to each moment (a ball around zero, or 0 where errors are estimated otherwise).
    """

    weights: Array
    cumulants: Array
    errors: tuple[Number, ...] = (0, 0, 0, 0, 0)


def cumulants_from_moments(moments: Array) -> Array:
    """Turn raw moments μ_1.. of shape (p, …), p = 2 or 4, into the cumulants κ_1.. of the same shape."""
    first, second = moments[:2]
    square = first * first  # python-flint's power of a ball that contains zero is not a number
    if len(moments) == 2:
        return np.array([first, second - square])
    third, fourth = moments[2:]
    return np.array(
        [
            first,
            second - square,
            third - 3 * first * second + 2 * first * square,
            fourth - 4 * first * third - 3 * second * second + 12 * square * second - 6 * square * square,
        ]
    )


class HessianMoments(Protocol):
    """What the Hessian is made of: β_m and the couplings, as numbers or as functions."""

    def power(self, m: int) -> Number:
        """E|γ̂_m|² = β_m."""

    def coupling(self, m: int, n: int) -> Number:
        """t_mn, the fourth cumulant of the posterior's transform."""


class FourierMoments(HessianMoments, Protocol):
    """Moments of the posterior's transform γ̂ at a point, whatever quadrature they come from."""

    def triple(self, m: int, n: int) -> Number:
        """Re E[γ̂_{m+n} γ̂_m* γ̂_n*]."""

    def quadruple(self, m: int, n: int) -> Number:
        """E[|γ̂_m|² |γ̂_n|²]."""

    def coupling(self, m: int, n: int) -> Number:
        """t_mn = 2 ∂β_m/∂(ρ_n²) = −4 ∂²Λ/∂(ρ_m²)∂(ρ_n²), the fourth cumulant of the posterior's transform.

        Λ depends on the exponents only through their Gram matrix, in which it satisfies a heat equation, so its
        second derivatives are fourth derivatives of log-sum-exp, the joint cumulants of the posterior:
        t_mn = Σ_± (E|γ̂_{m±n}|² − 4 Re E[γ̂_{m±n} γ̂_m* γ̂_{±n}*]) + 6 E|γ̂_m|²|γ̂_n|².
        """
        result = 6 * self.quadruple(m, n)
        for sign in (1, -1):
            result = result + self.power(m + sign * n) - 4 * self.triple(m, sign * n)
        return result


class PosteriorMoments(FourierMoments):
    """Moments of γ̂ at a simplex, memoised transforms included.

    Parameters
    ----------
    case
        Gives the weight classes.
    nodes
        The quadrature, classes in the order of ``case.classes``.
    root_of_unity
        ``root_of_unity(j)`` is e^{2πi j/k} as a complex number of the route.
    """

    def __init__(self, case: Case, nodes: Nodes, root_of_unity: Callable[[int], Any]) -> None:
        members = list(case.classes.values())
        counts = np.array([len(components) for components in members], dtype=object)
        roots = cache(root_of_unity)
        self._nodes = nodes
        self._k = case.k
        if nodes.weights.dtype != object:
            counts = counts.astype(float)

        @cache
        def transform(order: int, frequency: int) -> Array:
            """K_order(frequency) on the nodes."""
            return np.asarray(class_sums(members, counts, frequency, case.k, roots) @ nodes.cumulants[order - 1])

        self._transform = transform

    def power(self, m: int) -> Number:
        """E|γ̂_m|² = β_m."""
        K = self._K
        return self._moment(2, K(2, 0) + _square(K(1, m)), 1)

    def triple(self, m: int, n: int) -> Number:
        """Re E[γ̂_{m+n} γ̂_m* γ̂_n*]."""
        K, total = self._K, m + n
        first = [np.conjugate(K(1, f)) for f in (m, n)]
        terms = K(3, 0) + K(1, total) * np.conjugate(K(2, total)) + first[0] * K(2, m) + first[1] * K(2, n)
        return self._moment(3, terms + K(1, total) * first[0] * first[1], 2)

    def quadruple(self, m: int, n: int) -> Number:
        """E[|γ̂_m|² |γ̂_n|²]."""
        K = self._K
        power_m, power_n = _square(K(1, m)), _square(K(1, n))
        terms = K(4, 0) + 2 * (K(1, m) * np.conjugate(K(3, m)) + K(1, n) * np.conjugate(K(3, n)))
        terms = terms + K(2, 0) * (K(2, 0) + power_m + power_n) + power_m * power_n
        for sign in (1, -1):
            pair = K(2, m + sign * n)
            terms = terms + _square(pair) + 2 * pair * np.conjugate(K(1, m)) * np.conjugate(K(1, sign * n))
        return self._moment(4, terms, 6)

    def _K(self, order: int, frequency: int) -> Array:
        return self._transform(order, frequency % self._k)

    def _moment(self, degree: int, values: Array, gamma: int) -> Number:
        """Integrate complex values whose integral is real; `gamma` is Γ(degree)."""
        return (self._nodes.weights @ values).real / gamma + self._nodes.errors[degree]


def class_sums(
    members: Iterable[tuple[int, ...]], counts: Array, frequency: int, k: int, root: Callable[[int], Any]
) -> Array:
    """Σ_{j in class} e^{2πi jm/k} for each class; the largest class by complement, since all roots sum to 0."""
    if frequency % k == 0:
        return counts
    largest = int(np.argmax(counts))
    sums: list[Any] = [0] * len(counts)
    for index, components in enumerate(members):
        if index != largest:
            sums[index] = sum((root(j * frequency % k) for j in components), start=0)
    sums[largest] = -sum(sums, start=0)
    return np.array(sums, dtype=complex if counts.dtype == float else object)


def _square(values: Array) -> Array:
    return values * np.conjugate(values)


@dataclass(frozen=True)
class HessianBlocks:
    """∇²ℓ on the simplex span, up to rotations that leave ℓ unchanged.

    Attributes
    ----------
    simple
        Eigenvalues known at once: β_m on the directions tangential to frequency m, and β + ρ²(t_mm − t_mn) on
        the differences within a group of frequencies that the weights do not tell apart.
    radial
        The symmetric matrix δ_mn β_m + ρ_m ρ_n t_mn, one row per group, whose eigenvalues are the others.
    """

    simple: tuple[Number, ...]
    radial: tuple[tuple[Number, ...], ...]


def hessian_blocks(
    case: Case, moments: HessianMoments, number: Callable[[Fraction], Number], root: Callable[[Number], Number]
) -> HessianBlocks:
    """Return the blocks of ∇²ℓ at a point; `number` and `root` convert an exact square and take its root."""
    squares = {m: case.squared_amplitudes[m - 1] for m in case.frequencies}
    groups = frequency_groups(case)
    simple = []
    rows = []
    for group in groups:
        m = group[0]
        power = moments.power(m)
        if case.multiplicity(m) == 2:
            simple.append(power)
        if len(group) > 1:
            contrast = moments.coupling(m, m) - moments.coupling(m, group[1])
            simple.append(power + number(squares[m]) * contrast)
        rows.append(
            tuple(
                (power if other is group else 0)
                + root(number(squares[m] * squares[other[0]] * len(group) * len(other)))
                * _mean_coupling(moments, group, other)
                for other in groups
            )
        )
    return HessianBlocks(tuple(simple), tuple(rows))


def squared_gradient(case: Case, moments: HessianMoments, number: Callable[[Fraction], Number]) -> Number:
    """‖∇ℓ‖² = Σ β_m² ρ_m², from ∇ℓ = B(θ)θ (derivation `stein-identity`)."""
    total: Number = 0
    for group in frequency_groups(case):
        power = moments.power(group[0])
        # A product: python-flint's square of a ball that contains zero is not a number.
        total += power * power * number(sum((case.squared_amplitudes[m - 1] for m in group), Fraction(0)))
    return total


def _mean_coupling(moments: HessianMoments, group: tuple[int, ...], other: tuple[int, ...]) -> Number:
    """Average of t_mn over the block; within a group t_mn takes one value off the diagonal and one on it."""
    if group is not other or len(group) == 1:
        return moments.coupling(group[0], other[0])
    size = len(group)
    diagonal, off_diagonal = moments.coupling(group[0], group[0]), moments.coupling(group[0], group[1])
    return (diagonal + (size - 1) * off_diagonal) / size


def frequency_groups(case: Case) -> list[tuple[int, ...]]:
    """Group frequencies that neither the weights nor the point tell apart.

    On a simplex, if at most one component differs in weight from all the others, every class sum is −e^{2πi jm/k} or
    its negative for m ≠ 0, and t_mn depends only on whether m = n and whether m + n = k.
    """
    sizes = sorted(len(components) for components in case.classes.values())
    if (not case.has_point or case.on_simplex) and (len(sizes) == 1 or sizes == [1, case.k - 1]):
        paired = tuple(m for m in case.frequencies if case.multiplicity(m) == 2)
        groups = [paired, tuple(m for m in case.frequencies if case.multiplicity(m) == 1)]
        return [group for group in groups if group]
    return [(m,) for m in case.frequencies]
