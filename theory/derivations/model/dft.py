"""The Fourier transform of the weights, and |π̂_m|² through their autocorrelation."""

import sympy
from sympy import ImmutableMatrix, MatMul

from emtheory.theory.derivation import Derivation, Statement, Step, definition, equation, prose
from emtheory.theory.fourier import circulant, eigenvalue, eigenvectors, generic_root, root_of_unity
from emtheory.theory.mixture import free_weights
from emtheory.theory.simplex import shift
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement("the Fourier transform of the weights", 12, general=True)


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
        title=STATEMENT.title,
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


def derive_general() -> Derivation:
    """Derive the eigenvalues π̂_m of every circulant, and their values for uniform and one-heavy weights."""
    i, j, m, n = (component(name) for name in "ijmn")
    weights, z, w = family("pi", positive=True), sympy.Symbol("z"), sympy.Symbol("w", positive=True)
    steps = (
        equation(
            "e^{2πijm/k} is periodic in j with period k, so indices may be taken modulo k.",
            generic_root((j + COUNT) * m),
            generic_root(j * m),
        ),
        equation(
            "f_m = (e^{−2πijm/k})_j is an eigenvector of the shift, (Pf)_i = f_{i−1}, with eigenvalue e^{2πim/k}.",
            generic_root(-(i - 1) * m),
            generic_root(m) * generic_root(-i * m),
        ),
        equation(
            "Hence of every circulant C = Σ_j π_jP^j, with eigenvalue π̂_m = Σ_j π_j e^{2πijm/k}.",
            total(weights[j] * generic_root(-(i - j) * m), j),
            total(weights[j] * generic_root(j * m), j) * generic_root(-i * m),
        ),
        equation(
            "Geometric sum, by induction on n: if 1 + z + … + z^{n−1} = (1 − z^n)/(1 − z), adding z^n gives",
            (1 - z**n) / (1 - z) + z**n,
            (1 - z ** (n + 1)) / (1 - z),
        ),
        prose(
            "For m not divisible by k, z = e^{2πim/k} is not 1 and z^k = 1: Σ_j e^{2πijm/k} = 0. So f_1, …, f_{k−1} "
            "have sum zero, and ⟨f_m, f_n⟩ = k if m = n, else 0: they are an orthogonal basis of the sum-zero "
            "hyperplane."
        ),
        equation(
            "|π̂_m|² = Σ_ij π_iπ_j e^{2πi(i−j)m/k} = Σ_s a_s cos(2πms/k) with a_s = Σ_j π_jπ_{j+s}, real as a_s = "
            "a_{−s}.",
            total(weights[i] * generic_root(i * m), i) * total(weights[j] * generic_root(-j * m), j),
            total(weights[i] * weights[j] * generic_root((i - j) * m), i, j),
        ),
        prose("Uniform weights: π̂_m = (1/k) Σ_j e^{2πijm/k} = 0 for every m = 1, …, k−1 and every k ≥ 2."),
        equation(
            "Weight w on one component, the rest equal: the others' roots of unity sum to −1, so π̂_m = (kw − 1)/(k "
            "− 1) for every m, a flat spectrum.",
            w - (1 - w) / (COUNT - 1),
            (COUNT * w - 1) / (COUNT - 1),
        ),
    )
    return Derivation(
        name="dft",
        title=STATEMENT.title,
        statement="|π̂_m|² = Σ_s a_s cos(2πms/k), a_s = Σ_j π_j π_{j+s}; π̂ = (1, 0, …, 0) for uniform weights",
        source="Lemma 3 of the paper (DFT condition)",
        scope="every k ≥ 2, any real weights with sum 1, all frequencies",
        k=None,
        steps=steps,
    )
