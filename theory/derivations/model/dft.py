"""The Fourier transform of the weights, and |π̂_m|² through their autocorrelation."""

import sympy
from sympy import ImmutableMatrix, Interval, MatMul, MatrixSymbol, ZeroMatrix, oo

from emtheory.theory.fourier import circulant, eigenvalue, eigenvectors, generic_root, root_of_unity
from emtheory.theory.mixture import free_weights
from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.step import Step, combination, definition, equation, prose
from emtheory.theory.simplex import shift
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement("the Fourier transform of the weights", 12, general=True)

_HEAVY = sympy.Symbol("w", positive=True)
_M = component("m")
_WEIGHTS = family("pi", positive=True)


def derive(k: int) -> Derivation:
    """Derive the facts about π̂_m = Σ_j π_j e^{2πi jm/k} that the rate rests on, for a given k ≥ 2."""
    return Derivation(
        name="dft",
        title=STATEMENT.title,
        statement=_statement(k),
        source="Lemma 3 of the paper (DFT condition)",
        scope=f"k = {k}, any real weights with sum 1, all frequencies; for k − m everything is conjugate",
        k=k,
        steps=(*_eigenvector_steps(k), *_modulus_steps(k), *_example_steps(k)),
    )


def _names(k: int) -> tuple[sympy.MatrixSymbol, ...]:
    """F and its conjugate, the shift, and the circulants of the weights, of uniform and of one-heavy ones."""
    square = [MatrixSymbol(name, k, k) for name in ("P", "C", "C_uniform", "C_heavy")]
    return (MatrixSymbol("F", k, k - 1), MatrixSymbol("F*", k, k - 1), *square)


def _transform(k: int) -> tuple[sympy.Symbol, ...]:
    return tuple(sympy.symbols(f"π̂_:{k}"))


def _statement(k: int) -> Proposition:
    F, conjugate, P, C, uniform, heavy = _names(k)
    weights, transform = free_weights(k), _transform(k)
    roots = [root_of_unity(m, k) for m in range(k)]
    return Proposition(
        variables=(
            *(Variable(weight, Interval.open(0, oo)) for weight in weights[:-1]),
            Variable(_HEAVY, Interval.open(0, oo), "the weight of one component, the others being equal"),
        ),
        conclusions=(
            related(MatMul(conjugate.T, F), "==", k * sympy.eye(k - 1).as_immutable()),
            related(MatMul(P, F), "==", MatMul(F, sympy.diag(*roots[1:]).as_immutable())),
            related(MatMul(C, F), "==", MatMul(F, sympy.diag(*transform[1:]).as_immutable())),
            related(transform[0], "==", 1),
            *(related(transform[m] * transform[-m], "==", _cosine_form(weights, m)) for m in range(1, k // 2 + 1)),
            related(
                sympy.Add(*(transform[m] * transform[-m] for m in range(k))),
                "==",
                k * sympy.Add(*(weight**2 for weight in weights)),
            ),
            related(MatMul(uniform, F), "==", ZeroMatrix(k, k - 1)),
            related(MatMul(heavy, F), "==", MatMul((k * _HEAVY - 1) / (k - 1), F)),
        ),
        note="the columns of F are f_m = (e^{−2πi jm/k})_j, m = 1, …, k−1, F* is its conjugate; P is the cyclic shift, "
        "C, C_uniform and C_heavy are the circulants Σ_j π_jP^j of the weights, of uniform and of one-heavy ones; the "
        "last weight is 1 minus the others",
    )


def _cosine_form(weights: tuple[sympy.Expr, ...], m: int) -> sympy.Expr:
    """Σ_s a_s cos(2πms/k) with the autocorrelation a_s = Σ_j π_j π_{j+s}."""
    k = len(weights)
    correlations = [sympy.Add(*(weights[j] * weights[(j + s) % k] for j in range(k))) for s in range(k)]
    return sympy.Add(*(a * sympy.cos(2 * sympy.pi * m * s / k) for s, a in enumerate(correlations)))


def _eigenvector_steps(k: int) -> tuple[Step, ...]:
    F, conjugate, P, C, *_ = _names(k)
    weights, transform = free_weights(k), _transform(k)
    roots = [root_of_unity(m, k) for m in range(k)]
    return (
        definition("F: columns f_m = (e^{−2πi jm/k})_j for m = 1, …, k−1.", F, eigenvectors(k)),
        definition("Its conjugate.", conjugate, eigenvectors(k, conjugate=True)),
        definition("The shift.", P, shift(k)),
        definition("The circulant Σ_j π_j P^j of the weights.", C, circulant(weights)),
        *(definition(f"π̂_{m} = Σ_j π_j e^(2πi jm/k).", transform[m], eigenvalue(weights, m)) for m in range(k)),
        equation("The f_m are orthogonal and have norm √k.", MatMul(conjugate.T, F), k * ImmutableMatrix.eye(k - 1)),
        equation("Each is an eigenvector of the shift.", MatMul(P, F), MatMul(F, _diagonal(roots[1:]))),
        equation("Hence of every circulant, with eigenvalue π̂_m.", MatMul(C, F), MatMul(F, _diagonal(transform[1:]))),
    )


def _diagonal(entries: tuple[sympy.Expr, ...] | list[sympy.Expr]) -> sympy.ImmutableMatrix:
    return sympy.diag(*entries).as_immutable()


def _modulus_steps(k: int) -> tuple[Step, ...]:
    weights, transform = free_weights(k), _transform(k)
    roots = [root_of_unity(m, k) for m in range(k)]
    inverse = ImmutableMatrix(k, k, lambda j, m: roots[-j * m % k] / k)
    squares = sympy.Add(*(weight**2 for weight in weights))
    return (
        equation("π̂_0 = 1: the weights sum to one.", transform[0], sympy.S.One),
        *(
            equation(
                f"|π̂_{m}|² = π̂_{m} times its conjugate, is Σ_s a_s cos(2π{m}s/k) with the autocorrelation "
                "a_s = Σ_j π_j π_(j+s).",
                transform[m] * transform[-m],
                _cosine_form(weights, m),
            )
            for m in range(1, k // 2 + 1)
        ),
        equation(
            "The transform determines the weights: π_j = Σ_m π̂_m e^{−2πi jm/k} / k.",
            MatMul(inverse, ImmutableMatrix(transform)),
            ImmutableMatrix(weights),
            label="inverse",
        ),
        prose("So no two weights have the same transform.", given=("inverse",)),
        equation(
            "Parseval: Σ_m |π̂_m|² = k Σ_j π_j².",
            sympy.Add(*(transform[m] * transform[-m] for m in range(k))),
            k * squares,
        ),
    )


def _example_steps(k: int) -> tuple[Step, ...]:
    F, _, _, _, uniform, heavy = _names(k)
    rest = (1 - _HEAVY) / (k - 1)
    return (
        definition("Uniform weights.", uniform, circulant([sympy.Rational(1, k)] * k)),
        equation("π̂_m = 0 for every m = 1, …, k−1.", MatMul(uniform, F), ZeroMatrix(k, k - 1)),
        definition("Weight w on one component, the rest equal.", heavy, circulant([_HEAVY] + [rest] * (k - 1))),
        equation(
            "π̂_m = (kw − 1)/(k − 1) for every m, a flat spectrum.",
            MatMul(heavy, F),
            MatMul((k * _HEAVY - 1) / (k - 1), F),
        ),
    )


def derive_general() -> Derivation:
    """Derive the eigenvalues π̂_m of every circulant, and their values for uniform and one-heavy weights."""
    return Derivation(
        name="dft",
        title=STATEMENT.title,
        statement=_general_statement(),
        source="Lemma 3 of the paper (DFT condition)",
        scope="every k ≥ 2, any real weights with sum 1, all frequencies",
        k=None,
        steps=(*_general_eigenvector_steps(), *_general_value_steps()),
    )


def _general_statement() -> Proposition:
    i, j, m = component("i"), component("j"), _M
    return Proposition(
        variables=(
            Variable(m, sympy.Range(0, oo), "the frequency"),
            Variable(i, sympy.Range(0, oo), "a coordinate"),
            Variable(_WEIGHTS, Interval.open(0, oo), "the weights"),
            Variable(_HEAVY, Interval.open(0, oo), "the weight of one component, the others being equal"),
        ),
        hypotheses=("residues",),
        conclusions=(
            related(
                total(_WEIGHTS[j] * generic_root((j - i) * m), j),
                "==",
                total(_WEIGHTS[j] * generic_root(j * m), j) * generic_root(-i * m),
            ),
            related(
                total(_WEIGHTS[i] * generic_root(i * m), i) * total(_WEIGHTS[j] * generic_root(-j * m), j),
                "==",
                total(_WEIGHTS[i] * _WEIGHTS[j] * generic_root((i - j) * m), i, j),
            ),
            related(total(generic_root(j * m), j), "==", 0),
            related(
                _HEAVY + (1 - _HEAVY) / (COUNT - 1) * (total(generic_root(j * m), j) - 1),
                "==",
                (COUNT * _HEAVY - 1) / (COUNT - 1),
            ),
        ),
        note="e^{2πi jm/k} is the coordinate j of an eigenvector of every circulant Σ_j π_jP^j and π̂_m = Σ_j π_j "
        "e^{2πi jm/k} the eigenvalue; the second conclusion is |π̂_m|²; the last two are π̂_m for uniform weights, "
        "times k, and for one-heavy ones, where m must not be divisible by k",
    )


def _general_eigenvector_steps() -> tuple[Step, ...]:
    i, j, m = component("i"), component("j"), _M
    return (
        equation(
            "e^{2πijm/k} is periodic in j with period k, so indices may be taken modulo k.",
            generic_root((j + COUNT) * m),
            generic_root(j * m),
            label="period",
        ),
        equation(
            "f_m = (e^{−2πijm/k})_j is an eigenvector of the shift, (Pf)_i = f_{i−1}, with eigenvalue e^{2πim/k}.",
            generic_root(-(i - 1) * m),
            generic_root(m) * generic_root(-i * m),
            label="shift",
        ),
        prose("Applied j times this gives P^j f_m.", given=("period", "shift")),
        equation(
            "Hence of every circulant C = Σ_j π_jP^j, with eigenvalue π̂_m = Σ_j π_j e^{2πijm/k}.",
            total(_WEIGHTS[j] * generic_root((j - i) * m), j),
            total(_WEIGHTS[j] * generic_root(j * m), j) * generic_root(-i * m),
        ),
        equation(
            "|π̂_m|² = Σ_ij π_iπ_j e^{2πi(i−j)m/k} = Σ_s a_s cos(2πms/k) with a_s = Σ_j π_jπ_{j+s}, real as a_s = "
            "a_{−s}.",
            total(_WEIGHTS[i] * generic_root(i * m), i) * total(_WEIGHTS[j] * generic_root(-j * m), j),
            total(_WEIGHTS[i] * _WEIGHTS[j] * generic_root((i - j) * m), i, j),
        ),
    )


def _general_value_steps() -> tuple[Step, ...]:
    j, m, n, z = component("j"), _M, component("n"), sympy.Symbol("z")
    roots = total(generic_root(j * m), j)
    return (
        equation(
            "Geometric sum, by induction on n: if 1 + z + … + z^{n−1} = (1 − z^n)/(1 − z), adding z^n gives",
            (1 - z**n) / (1 - z) + z**n,
            (1 - z ** (n + 1)) / (1 - z),
            label="geometric",
        ),
        prose(
            "For m not divisible by k, z = e^{2πim/k} is not 1 and z^k = 1. So the sum of the powers vanishes: f_1, …, "
            "f_{k−1} have sum zero, ⟨f_m, f_n⟩ = k if m = n, else 0, and they are an orthogonal basis of the sum-zero "
            "hyperplane. Uniform weights have π̂_m = (1/k) Σ_j e^{2πijm/k} = 0.",
            related(roots, "==", 0),
            label="roots",
            given=("geometric",),
            under=("residues",),
        ),
        combination(
            "Weight w on one component, the rest equal: the others' roots of unity sum to −1, so π̂_m = (kw − 1)/(k − "
            "1) for every m, a flat spectrum.",
            _HEAVY + (1 - _HEAVY) / (COUNT - 1) * (roots - 1),
            "==",
            (COUNT * _HEAVY - 1) / (COUNT - 1),
            {"roots": (1 - _HEAVY) / (COUNT - 1)},
        ),
    )
