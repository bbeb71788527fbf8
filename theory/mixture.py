"""The fitted mixture Σ π_j φ(x − U_j θ) at one observation x: exponents, posterior, and the integrands of Λ and M.

All maps U_j are orthogonal, so the norms of the means cancel and only the exponents y_j = ⟨x, U_j θ⟩ matter.
Population quantities are expectations of these expressions over x ~ N(0, I), sample quantities are averages.
"""

from collections.abc import Sequence

import sympy

__all__ = ["em_integrand", "exponents", "free_weights", "log_partition_integrand", "posterior"]


def free_weights(k: int, name: str = "pi") -> tuple[sympy.Expr, ...]:
    """k symbolic weights with sum 1: the last is one minus the others."""
    free = sympy.symbols(f"{name}_:{k - 1}", positive=True)
    return (*free, 1 - sympy.Add(*free))


def exponents(
    maps: Sequence[sympy.ImmutableMatrix], theta: sympy.ImmutableMatrix, x: sympy.ImmutableMatrix
) -> tuple[sympy.Expr, ...]:
    """y_j = ⟨x, U_j θ⟩ for d × d maps and d × 1 columns θ and x."""
    return tuple(sympy.expand((x.T * U * theta)[0]) for U in maps)


def log_partition_integrand(weights: Sequence[sympy.Expr], y: Sequence[sympy.Expr]) -> sympy.Expr:
    """log Σ_j π_j e^{y_j}, whose expectation is Λ(θ)."""
    return sympy.log(_partition(weights, y))


def posterior(weights: Sequence[sympy.Expr], y: Sequence[sympy.Expr]) -> tuple[sympy.Expr, ...]:
    """Responsibilities γ_j = π_j e^{y_j} / Σ_l π_l e^{y_l}."""
    total = _partition(weights, y)
    return tuple(p * sympy.exp(value) / total for p, value in zip(weights, y, strict=True))


def em_integrand(
    responsibilities: Sequence[sympy.Expr], maps: Sequence[sympy.ImmutableMatrix], x: sympy.ImmutableMatrix
) -> sympy.ImmutableMatrix:
    """Σ_j γ_j U_jᵀ x, whose expectation is the EM operator M(θ)."""
    return sum(
        (gamma * U.T * x for gamma, U in zip(responsibilities, maps, strict=True)),
        sympy.ImmutableMatrix.zeros(x.rows, 1),
    )


def _partition(weights: Sequence[sympy.Expr], y: Sequence[sympy.Expr]) -> sympy.Expr:
    return sympy.Add(*(p * sympy.exp(value) for p, value in zip(weights, y, strict=True)))
