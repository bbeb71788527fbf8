"""The fitted mixture Σ π_j φ(x − U_j θ) at one observation x: exponents, posterior, and the integrands of Λ and M.

All maps U_j are orthogonal, so the norms of the means cancel and only the exponents y_j = ⟨x, U_j θ⟩ matter.
Population quantities are expectations of these expressions over x ~ N(0, I), sample quantities are averages.
"""

from collections.abc import Callable, Sequence

import sympy

from emtheory.theory.sums import component, total


def free_weights(k: int, name: str = "pi") -> tuple[sympy.Expr, ...]:
    """k symbolic weights with sum 1: the last is one minus the others."""
    free = sympy.symbols(f"{name}_:{k - 1}", positive=True)
    return (*free, 1 - sympy.Add(*free))


def columns(dimension: int, *names: str) -> tuple[sympy.ImmutableMatrix, ...]:
    """One column of real symbols name_0, name_1, … for every name."""
    return tuple(sympy.ImmutableMatrix(sympy.symbols(f"{name}_:{dimension}", real=True)) for name in names)


def exponents(
    maps: Sequence[sympy.ImmutableMatrix], theta: sympy.ImmutableMatrix, x: sympy.ImmutableMatrix
) -> tuple[sympy.Expr, ...]:
    """y_j = ⟨x, U_j θ⟩, one for each orthogonal d × d matrix U_j; θ and x are columns."""
    return tuple(sympy.expand((x.T * U * theta)[0]) for U in maps)


def log_partition_integrand(weights: Sequence[sympy.Expr], y: Sequence[sympy.Expr]) -> sympy.Expr:
    """log Σ_j π_j e^{y_j}, whose expectation is Λ(θ)."""
    return sympy.log(_partition(weights, y))


def posterior(weights: Sequence[sympy.Expr], y: Sequence[sympy.Expr]) -> tuple[sympy.Expr, ...]:
    """Responsibilities γ_j = π_j e^{y_j} / Σ_l π_l e^{y_l}."""
    total = _partition(weights, y)
    return tuple(p * sympy.exp(value) / total for p, value in zip(weights, y, strict=True))


def covariance(probabilities: Sequence[sympy.Expr], a: Sequence[sympy.Expr], b: Sequence[sympy.Expr]) -> sympy.Expr:
    """Σ_j p_j a_j (b_j − Σ_l p_l b_l), the covariance of a and b; that Σ_j p_j = 1 is used, not checked."""
    mean = sympy.Add(*(p * value for p, value in zip(probabilities, b, strict=True)))
    return sympy.Add(*(p * v * (w - mean) for p, v, w in zip(probabilities, a, b, strict=True)))


def em_integrand(
    responsibilities: Sequence[sympy.Expr], maps: Sequence[sympy.ImmutableMatrix], x: sympy.ImmutableMatrix
) -> sympy.ImmutableMatrix:
    """Σ_j γ_j U_jᵀ x, whose expectation is the EM operator M(θ); the U_j are orthogonal, and x is a column."""
    return sum(
        (gamma * U.T * x for gamma, U in zip(responsibilities, maps, strict=True)),
        sympy.ImmutableMatrix.zeros(x.rows, 1),
    )


def _partition(weights: Sequence[sympy.Expr], y: Sequence[sympy.Expr]) -> sympy.Expr:
    return sympy.Add(*(p * sympy.exp(value) for p, value in zip(weights, y, strict=True)))


def generic_posterior(
    weights: sympy.IndexedBase, exponent: Callable[[sympy.Symbol], sympy.Expr], index: sympy.Symbol
) -> sympy.Expr:
    """Responsibility γ_j of the component `index`, not named l, among k; the positive weights need not sum to 1."""
    other = component("l")
    return weights[index] * sympy.exp(exponent(index)) / generic_partition(weights, exponent, other)


def generic_partition(
    weights: sympy.IndexedBase, exponent: Callable[[sympy.Symbol], sympy.Expr], index: sympy.Symbol
) -> sympy.Expr:
    """Σ_j π_j e^{y_j} over k components, k a symbol, with `index` as the (bound) name of j."""
    return total(weights[index] * sympy.exp(exponent(index)), index)
