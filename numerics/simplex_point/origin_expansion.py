"""Taylor expansions at the origin of the simplex ray, with exact coefficients and proved remainders, to any order.

With i.i.d. N(0, x) exponents, x = s², the heat equation d/dx E F = ½ E ΔF gives every derivative in x of E F; at
x = 0 the posterior is the prior. It closes on polynomials in the power sums p_{a,f} = Σ_j γ_j^a e^{2πi fj/k}, since

    Δp_{a,f} = a(a−1) p_{a,f} − 2a² p_{a+1,f} + a(a+1) p_{2,0} p_{a,f},
    ⟨∇p_{a,f}, ∇p_{b,g}⟩ = ab (p_{a+b,f+g} − p_{a+1,f} p_{b,g} − p_{a,f} p_{b+1,g} + p_{2,0} p_{a,f} p_{b,g}),

both from ∂γ_j/∂y_i = γ_j(δ_ij − γ_i). The remainder follows from |½ΔF| ≤ N²B at degree N + 2 for an expectation F
over N independent draws from γ of a function at most B (docs/error-bounds.md, section 8).

They serve so near the origin that they are accurate enough, and quadrature is slow.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from itertools import combinations
from math import factorial, prod

import flint

from emtheory.numerics.arithmetic.algebraic import Algebraic
from emtheory.numerics.arithmetic.arb import to_arb, to_fmpq
from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.moments import GivenMoments, HessianMoments
from emtheory.numerics.simplex_point.spectrum import real_number

PowerSum = tuple[int, int]
"""(a, f) for p_{a,f}."""
Monomial = tuple[PowerSum, ...]
"""A product of power sums, sorted."""
Polynomial = Mapping[Monomial, Fraction]

_COLLISION: PowerSum = (2, 0)
"""p_{2,0} = Σ γ_j², the probability that two draws from γ agree, which every term of the Laplacian may bring in."""


@dataclass(frozen=True)
class Expansion:
    """g(x) = Σ_{i<n} coefficients[i] x^i + ρ(x) x^n with |ρ(x)| ≤ remainder for every x ≥ 0."""

    coefficients: tuple[Algebraic, ...]
    remainder: Fraction


def power_expansion(case: Case, order: int, m: int) -> Expansion:
    """Expand β_m = E p_{1,m} p_{1,−m} up to x^order, with so many exact coefficients."""
    return _expand(case, order, (m,), {2: 1})


def coupling_expansion(case: Case, order: int, m: int, n: int) -> Expansion:
    """Expand t_mn, minus the mean fourth cumulant of the posterior's transform (`PosteriorMoments.coupling`)."""
    return _expand(case, order, (m, n), {2: 2, 3: 8, 4: 6})


def mean_power_expansion(case: Case, order: int) -> Expansion:
    """Expand 2KL/r², using dKL/dx = ½(E p_{2,0} − 1/k) and r² = x(k − 1)/k."""
    found = _expand(case, order, (), {2: 1})
    return replace(found, remainder=found.remainder * _scale(case.k, order))


@lru_cache(maxsize=256)
def coefficient_polynomials(k: int, frequencies: tuple[int, ...], order: int) -> tuple[Polynomial, ...]:
    """Return the coefficients of x^0, …, x^{order−1} as polynomials in the power sums of the prior.

    `k`: the number of components; `frequencies`: (m,) for β_m, (m, n) for t_mn and () for 2KL/r²; `order`: how many, at
    least 1.
    """
    terms: list[tuple[Monomial, Fraction | int]]
    match frequencies:
        case (m, n):
            terms = [(((1, m), (1, -m), (1, n), (1, -n)), 6)]
            for f in (n, -n):
                terms += [(((1, m + f), (1, -m), (1, -f)), -4), (((1, m + f), (1, -m - f)), 1)]
        case (m,):
            terms = [(((1, m), (1, -m)), 1)]
        case _:
            terms = [((_COLLISION,), 1), ((), Fraction(-1, k))]
    polynomial = _collect(terms, k)
    found = []
    for i in range(order):
        by = (Fraction(1) if frequencies else _scale(k, i)) / factorial(i)
        found.append({monomial: by * coefficient for monomial, coefficient in polynomial.items()})
        polynomial = half_laplacian(polynomial, k) if i + 1 < order else polynomial
    return tuple(found)


def _scale(k: int, i: int) -> Fraction:
    """By what the i-th coefficient of ½E p_{2,0} is multiplied for that of 2KL/r²: the integral of x^i, in r²."""
    return Fraction(k, (k - 1) * (i + 1))


def half_laplacian(polynomial: Polynomial, k: int) -> Polynomial:
    """½Δ of a polynomial in power sums, Δ in the exponents."""
    terms: list[tuple[Monomial, Fraction]] = []
    for monomial, coefficient in polynomial.items():
        for index, factor in enumerate(monomial):
            rest = monomial[:index] + monomial[index + 1 :]
            terms += [(rest + new, coefficient * c / 2) for new, c in _laplacian(*factor)]
        for (i, first), (j, second) in combinations(enumerate(monomial), 2):
            rest = monomial[:i] + monomial[i + 1 : j] + monomial[j + 1 :]
            terms += [(rest + new, coefficient * c) for new, c in _gradients(first, second)]
    return _collect(terms, k)


def _laplacian(a: int, f: int) -> Iterator[tuple[Monomial, int]]:
    yield ((a, f),), a * (a - 1)
    yield ((a + 1, f),), -2 * a * a
    yield (_COLLISION, (a, f)), a * (a + 1)


def _gradients(first: PowerSum, second: PowerSum) -> Iterator[tuple[Monomial, int]]:
    (a, f), (b, g) = first, second
    yield ((a + b, f + g),), a * b
    yield ((a + 1, f), second), -a * b
    yield (first, (b + 1, g)), -a * b
    yield (_COLLISION, first, second), a * b


def _collect(terms: Iterable[tuple[Monomial, Fraction | int]], k: int) -> Polynomial:
    """Add up like monomials; frequencies count modulo k, and p_{1,0} = 1."""
    total: dict[Monomial, Fraction] = {}
    for monomial, coefficient in terms:
        key = tuple(sorted((a, f % k) for a, f in monomial if (a, f % k) != (1, 0)))
        total[key] = total.get(key, Fraction(0)) + coefficient
    return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}


def _expand(case: Case, order: int, frequencies: tuple[int, ...], bounds: Mapping[int, int]) -> Expansion:
    """Expand what is, or has for its slope, the mean of a sum of parts of degree N at most bounds[N]."""
    power_sum = _prior_power_sums(case)
    polynomials = coefficient_polynomials(case.k, frequencies, order)
    coefficients = tuple(real_number(_value_at_prior(each, power_sum, case.k)) for each in polynomials)
    bound = sum(size * prod((degree + 2 * i) ** 2 for i in range(order)) for degree, size in bounds.items())
    return Expansion(coefficients, Fraction(bound, factorial(order)))


def _prior_power_sums(case: Case) -> Callable[[PowerSum], flint.fmpq_poly]:
    """Return (a, f) ↦ p_{a,f} at the prior, as a polynomial in e^{2πi/k} modulo the cyclotomic polynomial."""
    modulus = flint.fmpq_poly(flint.fmpz_poly.cyclotomic(case.k))

    @cache
    def power_sum(factor: PowerSum) -> flint.fmpq_poly:
        a, f = factor
        sums = [flint.fmpq(0)] * case.k
        for weight, components in case.classes.items():
            power = to_fmpq(weight) ** a
            for j in components:
                sums[f * j % case.k] += power
        return flint.fmpq_poly(sums) % modulus

    return power_sum


def _value_at_prior(polynomial: Polynomial, power_sum: Callable[[PowerSum], flint.fmpq_poly], k: int) -> list[Fraction]:
    """The polynomial's value at the prior, as k coefficients of powers of e^{2πi/k}."""
    modulus = flint.fmpq_poly(flint.fmpz_poly.cyclotomic(k))
    total = flint.fmpq_poly([])
    for monomial, coefficient in polynomial.items():
        product = flint.fmpq_poly([to_fmpq(coefficient)])
        for factor in monomial:
            product = product * power_sum(factor) % modulus
        total += product
    known = [Fraction(int(c.p), int(c.q)) for c in total.coeffs()]
    return known + [Fraction(0)] * (k - len(known))


HIGHEST_ORDER = 6
"""Highest order of expansions: each further one takes two to three times as long for couplings as the last, a second at
order 8 for k = 5, while quadrature takes milliseconds."""


def sufficient_order(x: flint.arb, accuracy: float) -> int | None:
    """Return the lowest order whose remainder for β_m, 4ⁿ n! xⁿ, is below e^{−accuracy}; None if none is low enough."""
    logarithm = float(x.log().mid())
    for order in range(1, HIGHEST_ORDER + 1):
        if order * (logarithm + math.log(4)) + math.lgamma(order + 1) < -accuracy:
            return order
    return None


def expansion_reach(accuracy: float) -> float:
    """Return about the largest x for which `sufficient_order` finds an order."""
    orders = range(1, HIGHEST_ORDER + 1)
    return max(math.exp(-(accuracy + math.lgamma(order + 1)) / order) / 4 for order in orders)


def expanded_moments(case: Case, x: flint.arb, order: int) -> HessianMoments:
    """Return β_m and t_mn at x, from expansions of some order."""
    return GivenMoments(
        lambda m: expansion_value(power_expansion(case, order, m), x),
        lambda m, n: expansion_value(coupling_expansion(case, order, m, n), x),
    )


def expanded_kl(case: Case, x: flint.arb, order: int) -> flint.arb:
    """Return KL = (r²/2)·B, where B is the mean of Σ w_mβ_m over [0, r²] and r² = x(k − 1)/k."""
    return x * flint.fmpq(case.k - 1, 2 * case.k) * expansion_value(mean_power_expansion(case, order), x)


def expansion_value(expansion: Expansion, x: flint.arb) -> flint.arb:
    """Return a ball around an expanded function at every x ≥ 0 of a ball."""
    value = flint.arb(0, to_arb(expansion.remainder).upper())
    for coefficient in reversed(expansion.coefficients):
        value = coefficient.ball() + x * value
    return value
