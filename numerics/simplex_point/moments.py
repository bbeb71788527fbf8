"""Moments of the posterior on the simplex, from one-dimensional quadrature nodes.

On a regular simplex the exponents may be taken i.i.d., y_j = sZ_j with s = r√(k/(k−1)), and with S = Σ π_j e^{y_j}
and 1/S^N = ∫ e^{Nu} exp(−e^u S) du / Γ(N) every moment of the posterior γ_j = π_j e^{y_j}/S of degree N is

    E[Π γ_j^{n_j}] = (1/Γ(N)) ∫ P(u) E_u[Π ξ_j^{n_j}] du,      P(u) = Π_j E exp(−π_j e^{u+y_j}),

where under E_u the ξ_j = π_j e^{u+y_j} are independent with density tilted by exp(−ξ_j). Powers of the posterior's
transform γ̂_m = Σ_j γ_j e^{2πi jm/k} are therefore moments of linear forms in independent variables, and follow from
the cumulant transforms K_p(m) = Σ_j κ_p(j) e^{2πi jm/k}, which need one table per *distinct* weight.

The code runs on double, mpmath and Arb numbers alike: arrays hold whichever the route put there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from emtheory.numerics.case import Case

Array = npt.NDArray[Any]
Number = Any
"""A real number of the route: float, mpf or arb."""

MOMENT_BOUND = 3.0
"""Bound on |t_mn|, and on β_m, at every point: minus t_mn is a mean fourth cumulant, between −3 and 27/16
(docs/error-bounds.md, section 12)."""


@dataclass(frozen=True)
class Nodes:
    """Quadrature of the outer integral: the weights h·P(u_i), and cumulants of ξ for each weight class.

    These are κ_p, p = 1..4 (or 1..2), shape (p, classes, nodes). The errors are what the quadrature may be off for a
    moment of degree 0..4 whose polynomial is at most 1 on the posteriors; added to each moment (a ball around zero, or
    0 where errors are estimated otherwise).
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
        """t_mn = 2 ∂β_m/∂(ρ_n²), minus a fourth cumulant of the posterior's transform."""

    def power_vector(self, frequencies: Sequence[int]) -> Sequence[Number]:
        """β_m for several m; together they may cost less."""
        return [self.power(m) for m in frequencies]

    def coupling_matrix(self, rows: Sequence[int], columns: Sequence[int] | None = None) -> Sequence[Sequence[Number]]:
        """t_mn for every m of the rows and n of the columns, by default the same; together they may cost less."""
        return [[self.coupling(m, n) for n in (rows if columns is None else columns)] for m in rows]


@dataclass(frozen=True)
class GivenMoments(HessianMoments):
    """β_m and t_mn as functions of the frequencies."""

    power_of: Callable[[int], Number]
    coupling_of: Callable[[int, int], Number]

    def power(self, m: int) -> Number:
        """E|γ̂_m|² = β_m."""
        return self.power_of(m)

    def coupling(self, m: int, n: int) -> Number:
        """t_mn."""
        return self.coupling_of(m, n)


class FourierMoments(HessianMoments, Protocol):
    """Moments of the posterior's transform γ̂ at a point, whatever quadrature they come from."""

    def triple(self, m: int, n: int) -> Number:
        """Re E[γ̂_{m+n} γ̂_m* γ̂_n*]."""

    def quadruple(self, m: int, n: int) -> Number:
        """E[|γ̂_m|² |γ̂_n|²]."""

    def coupling(self, m: int, n: int) -> Number:
        """t_mn = 2 ∂β_m/∂(ρ_n²) = −4 ∂²Λ/∂(ρ_m²)∂(ρ_n²), minus the mean fourth cumulant of the posterior's transform.

        Λ depends on the exponents only through their Gram matrix, in which it satisfies a heat equation, so its
        second derivatives are fourth derivatives of log-sum-exp, the joint cumulants of the posterior:
        t_mn = Σ_± (E|γ̂_{m±n}|² − 4 Re E[γ̂_{m±n} γ̂_m* γ̂_{±n}*]) + 6 E|γ̂_m|²|γ̂_n|².
        """
        result = 6 * self.quadruple(m, n)
        for sign in (1, -1):
            result = result + self.power(m + sign * n) - 4 * self.triple(m, sign * n)
        return result


class PosteriorMoments(HessianMoments):
    """Moments of γ̂ at a simplex, from nodes with classes in the order of ``case.classes``.

    `root_of_unity` takes j to e^{2πi j/k} in complex numbers of the route, and `product` multiplies complex class sums
    (frequencies × classes) and real cumulants (classes × nodes).
    """

    def __init__(
        self,
        case: Case,
        nodes: Nodes,
        root_of_unity: Callable[[int], Any],
        product: Callable[[Array, Array], Array] = np.matmul,
    ) -> None:
        self._members = list(case.classes.values())
        kind = object if nodes.weights.dtype == object else float
        self._counts = np.array([len(components) for components in self._members], dtype=kind)
        self._roots = cache(root_of_unity)
        self._product = product
        self._nodes = nodes
        self._k = case.k

    @property
    def size(self) -> int:
        """Numbers held."""
        return self._nodes.cumulants.size

    def power(self, m: int) -> Number:
        """E|γ̂_m|² = β_m."""
        return self.power_vector([m])[0]

    def power_vector(self, frequencies: Sequence[int]) -> list[Number]:
        """β_m = E_w[K_2(0) + |K_1(m)|²], E_w the sum over the nodes; one matrix product for all m."""
        values = _squares(self._transforms(1, frequencies)) + self._total(2)
        return [value + self._nodes.errors[2] for value in values @ self._nodes.weights]

    def coupling(self, m: int, n: int) -> Number:
        """t_mn."""
        return self.coupling_matrix([m], [n])[0][0]

    def coupling_matrix(self, rows: Sequence[int], columns: Sequence[int] | None = None) -> list[list[Number]]:
        """t_mn as in `FourierMoments.coupling`, the moments there written in cumulants of the ξ_j and sorted.

        With E_w the sum over the nodes and c = E_w[2K_2(0) − 4K_3(0) + K_4(0) + K_2(0)²] it is
        c + a_m + a_n + E_w|K_1(m)K_1(n)|² + Σ_± E_w(|D(m±n)|² + 2 Re D(m±n) K_1(m)* K_1(±n)*), D = K_2 − K_1,
        a_m = E_w[2 Re K_1(m)(K_3(m) − 2K_2(m))* + K_2(0)|K_1(m)|²].
        """
        columns = rows if columns is None else columns
        weights, errors = self._nodes.weights, self._nodes.errors
        signed = np.add.outer(rows, [*columns, *(-n for n in columns)]) % self._k
        folded = np.minimum(signed, self._k - signed)  # the transforms at −m are the conjugates of those at m
        used, (left, right, places) = _places(rows, columns, folded)
        first, second = self._transforms(1, used), self._transforms(2, used)
        outer = self._transforms(3, used) - 2 * second
        squares, total = _squares(first), self._total(2)
        single = (2 * _real(first * _conjugate(outer)) + total * squares) @ weights
        difference = second - first
        lone = _squares(difference) @ weights
        difference = np.stack([difference, _conjugate(difference)])
        constant = weights @ (2 * total - 4 * self._total(3) + self._total(4) + total * total)
        constant = constant + 2 * errors[2] + 8 * errors[3] + 6 * errors[4]
        conjugates = _conjugate(first)
        factors = np.concatenate([conjugates[right], first[right]])
        count = len(columns)
        result = []
        for m, row, side in zip(left, places, (signed != folded).astype(int), strict=True):
            pairs = lone[row] + 2 * _real((difference[side, row] * factors) @ (conjugates[m] * weights))
            both = squares[right] @ (squares[m] * weights)
            values = constant + single[m] + single[right] + both + pairs[:count] + pairs[count:]
            result.append(values.tolist())
        return result

    def _transforms(self, order: int, frequencies: Sequence[int]) -> Array:
        """K_order on the nodes, shape (frequencies, nodes)."""
        sums = [class_sums(self._members, self._counts, f % self._k, self._k, self._roots) for f in frequencies]
        return self._product(np.asarray(sums), self._nodes.cumulants[order - 1])

    def _total(self, order: int) -> Array:
        """K_order(0) on the nodes."""
        return np.asarray(self._counts @ self._nodes.cumulants[order - 1])


def _places(*frequencies: npt.ArrayLike) -> tuple[list[int], list[Array]]:
    """Return the distinct frequencies and, for each array of them, where its entries are among these."""
    arrays = [np.asarray(part) for part in frequencies]
    distinct = np.unique(np.concatenate([part.ravel() for part in arrays]))
    return distinct.tolist(), [np.searchsorted(distinct, part) for part in arrays]


def class_sums(
    members: Iterable[tuple[int, ...]], counts: Array, frequency: int, k: int, root: Callable[[int], Any]
) -> Array:
    """Σ_{j in class} e^{2πi jm/k} by `root`, j ↦ e^{2πi j/k}; the largest class by complement, as they add up to 0."""
    if frequency % k == 0:
        return counts
    largest = int(np.argmax(counts))
    sums: list[Any] = [0] * len(counts)
    for index, components in enumerate(members):
        if index != largest:
            sums[index] = sum((root(j * frequency % k) for j in components), start=0)
    sums[largest] = -sum(sums, start=0)
    return np.array(sums, dtype=complex if counts.dtype == float else object)


def _real(values: Array) -> Array:
    return np.asarray(_real_part(values)) if values.dtype == object else values.real


def _squares(values: Array) -> Array:
    return _real(values * _conjugate(values))


def _conjugate(values: Array) -> Array:
    # A real ball has no such method.
    is_real = values.dtype == object and not hasattr(values.flat[0], "conjugate")
    return values if is_real else np.conjugate(values)


_real_part = np.frompyfunc(lambda value: value.real, 1, 1)


@dataclass(frozen=True)
class HessianBlocks:
    """∇²ℓ on the simplex span, up to rotations that leave ℓ unchanged.

    Simple eigenvalues are known at once: β_m on the directions tangential to frequency m, and β + ρ²(t_mm − t_mn) on
    the differences within a group of frequencies that the weights do not tell apart. The others are those of the
    symmetric radial matrix δ_mn β_m + ρ_m ρ_n t_mn, one row per group.
    """

    simple: tuple[Number, ...]
    radial: tuple[tuple[Number, ...], ...]


Product = Callable[[int, int, int], Number]
"""(m, n, c) ↦ ρ_mρ_n√c."""
Groups = Sequence[tuple[int, ...]]
"""Frequencies that are not told apart, as `frequency_groups` returns them."""


def on_simplex(case: Case, m: int, n: int, c: int) -> Fraction:
    """Return (ρ_mρ_n√c/r²)² on the simplex ray."""
    return Fraction(c * case.multiplicity(m) * case.multiplicity(n), (case.k - 1) ** 2)


def hessian_blocks(case: Case, groups: Groups, moments: HessianMoments, product: Product) -> HessianBlocks:
    """Return the blocks of ∇²ℓ at a point; of the case only the multiplicities of the frequencies count."""
    first = [group[0] for group in groups]
    second = [group[1] for group in groups if len(group) > 1]
    powers, couplings = moments.power_vector(first), moments.coupling_matrix(first, [*first, *second])
    simple = []
    rows = []
    for i, group in enumerate(groups):
        m = group[0]
        means = list(couplings[i][: len(groups)])
        if case.multiplicity(m) == 2:
            simple.append(powers[i])
        if len(group) > 1:
            # Within a group t_mn takes one value on the diagonal and one off it.
            off_diagonal = couplings[i][len(groups) + second.index(group[1])]
            simple.append(powers[i] + product(m, m, 1) * (means[i] - off_diagonal))
            means[i] = (means[i] + (len(group) - 1) * off_diagonal) / len(group)
        sizes = [
            product(m, other[0], len(group) * len(other)) * mean for other, mean in zip(groups, means, strict=True)
        ]
        sizes[i] += powers[i]
        rows.append(tuple(sizes))
    return HessianBlocks(tuple(simple), tuple(rows))


def squared_gradient(groups: Groups, moments: HessianMoments, product: Product) -> Number:
    """‖∇ℓ‖² = Σ β_m² ρ_m², from ∇ℓ = B(θ)θ (derivation `stein-identity`); in a group all ρ_m are equal."""
    powers = moments.power_vector([group[0] for group in groups])
    # A product: python-flint's square of a ball that contains zero is not a number.
    terms = [
        power * power * product(group[0], group[0], len(group) ** 2)
        for group, power in zip(groups, powers, strict=True)
    ]
    return sum(terms[1:], start=terms[0])


def frequency_groups(case: Case) -> list[tuple[int, ...]]:
    """Group frequencies that neither the weights nor the point tell apart.

    On a simplex, if at most one component differs in weight from all the others, every class sum is −e^{2πi jm/k} or
    its negative for m ≠ 0, and t_mn depends only on whether m = n and whether m + n = k.
    """
    sizes = sorted(len(components) for components in case.classes.values())
    if (not case.has_point or case.on_simplex) and (len(sizes) == 1 or sizes == [1, case.k - 1]):
        paired = range(1, (case.k + 1) // 2)
        return [tuple(group) for group in (paired, case.frequencies[len(paired) :]) if group]
    return [(m,) for m in case.frequencies]
