"""The Fourier transform of the weights, and |π̂_m|² through their autocorrelation."""

import sympy
from sympy import ImmutableMatrix, MatMul

from theory.derivation import Derivation, Step, definition, equation
from theory.derivations import STATEMENTS
from theory.fourier import circulant, eigenvalue, eigenvectors, root_of_unity
from theory.mixture import free_weights
from theory.simplex import shift


def derive(k: int) -> Derivation:
    """Derive the facts about π̂_m = Σ_j π_j e^{2πi jm/k} that the rate rests on, for a given k ≥ 2."""
    weights = free_weights(k)
    transform = [eigenvalue(weights, m) for m in range(k)]
    F, conjugate = eigenvectors(k), eigenvectors(k, conjugate=True)
    roots = [root_of_unity(m, k) for m in range(k)]
    square_sum = sympy.Add(*(p**2 for p in weights))
    power = sympy.Add(*(transform[m] * transform[-m] for m in range(k)))
    inverse = ImmutableMatrix(k, k, lambda j, m: roots[-j * m % k] / k)
    w = sympy.Symbol("w", positive=True)
    one_heavy = (w, *((1 - w) / (k - 1) for _ in range(k - 1)))
    steps = (
        definition("F: columns f_m = (e^{−2πi jm/k})_j for m = 1, …, k−1.", sympy.MatrixSymbol("F", k, k - 1), F),
        equation("The f_m are orthogonal and have norm √k.", MatMul(conjugate.T, F), k * ImmutableMatrix.eye(k - 1)),
        equation("Each is an eigenvector of the shift.", MatMul(shift(k), F), MatMul(F, sympy.diag(*roots[1:]))),
        equation(
            "Hence of every circulant Σ_j π_j P^j, with eigenvalue π̂_m = Σ_j π_j e^{2πi jm/k}.",
            MatMul(circulant(weights), F),
            MatMul(F, sympy.diag(*transform[1:])),
        ),
        equation("π̂_0 = 1: the weights sum to one.", sympy.Add(*weights, evaluate=False), sympy.S.One),
        *(_squared_modulus(weights, m) for m in range(1, k // 2 + 1)),
        equation("Parseval: Σ_m |π̂_m|² = k Σ_j π_j².", power, k * square_sum),
        equation(
            "The transform determines the weights: π_j = Σ_m π̂_m e^{−2πi jm/k} / k.",
            MatMul(inverse, ImmutableMatrix(transform)),
            ImmutableMatrix(weights),
        ),
        equation(
            "Uniform weights: π̂_m = 0 for every m = 1, …, k−1.",
            MatMul(circulant([sympy.Rational(1, k)] * k), F),
            ImmutableMatrix.zeros(k, k - 1),
        ),
        equation(
            "Weight w on one component, the rest equal: π̂_m = (kw − 1)/(k − 1) for every m, a flat spectrum.",
            MatMul(circulant(one_heavy), F),
            MatMul((k * w - 1) / (k - 1), F),
        ),
    )
    return Derivation(
        name="dft",
        title=STATEMENTS["dft"].title,
        statement="|π̂_m|² = Σ_s a_s cos(2πms/k), a_s = Σ_j π_j π_{j+s}; π̂ = (1, 0, …, 0) for uniform weights",
        source="Lemma 3 of the paper (DFT condition)",
        scope=f"k = {k}, any real weights with sum 1, all frequencies; for k − m everything is conjugate",
        k=k,
        steps=steps,
    )


def _squared_modulus(weights: tuple[sympy.Expr, ...], m: int) -> Step:
    k = len(weights)
    roots = [root_of_unity(m * s, k) for s in range(k)]
    correlations = [sympy.Add(*(weights[j] * weights[(j + s) % k] for j in range(k))) for s in range(k)]
    return equation(
        f"|π̂_{m}|² = π̂_{m} times its conjugate, is Σ_s a_s cos(2π{m}s/k) with the autocorrelation "
        "a_s = Σ_j π_j π_(j+s); each cosine is half a sum of conjugate roots of unity.",
        sympy.Mul(eigenvalue(weights, m), eigenvalue(weights, -m), evaluate=False),
        sympy.Add(*(a * (roots[s] + roots[-s]) / 2 for s, a in enumerate(correlations))),
    )
