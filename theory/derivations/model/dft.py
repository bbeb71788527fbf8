"""The Fourier transform of the weights, and |π̂_m|² through their autocorrelation."""

import sympy
from sympy import ImmutableMatrix, MatMul, MatrixSymbol, ZeroMatrix

from emtheory.theory.fourier import circulant, eigenvalue, eigenvectors, generic_root, root_of_unity
from emtheory.theory.groups import cosine
from emtheory.theory.mixture import free_weights
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.step import Step, combination, equation, instance, meant
from emtheory.theory.proof.words import definition
from emtheory.theory.simplex import shift
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement(__name__, "the Fourier transform of the weights", 12)

_HEAVY = sympy.Symbol("w", positive=True)
_I, _J, _S = (component(name) for name in "ijs")
_M = sympy.Symbol("m", integer=True)
_WEIGHTS, _CORRELATIONS = family("pi", positive=True), family("a")
_CORRELATED = total(_CORRELATIONS[_S] * sympy.cos(2 * sympy.pi * _M * _S / COUNT), _S)
_ONE_HEAVY = _HEAVY + (1 - _HEAVY) / (COUNT - 1) * (total(generic_root(_J * _M), _J) - 1)
"""π̂_m for weight w on the first component and (1 − w)/(k − 1) on the others."""


def derive(k: int) -> Derivation:
    F, conjugate, P, C, uniform, heavy = _names(k)
    weights, transform = free_weights(k), _transform(k)
    roots = [root_of_unity(m, k) for m in range(k)]
    return STATEMENT.derivation(
        variables=(
            *(Variable(weight, POSITIVE) for weight in weights[:-1]),
            Variable(_HEAVY, POSITIVE, "the weight of one component, the others being equal"),
        ),
        conclusions=(
            related(MatMul(conjugate.T, F), "==", k * sympy.eye(k - 1).as_immutable()),
            related(MatMul(P, F), "==", MatMul(F, sympy.diag(*roots[1:]).as_immutable())),
            related(MatMul(C, F), "==", MatMul(F, sympy.diag(*transform[1:]).as_immutable())),
            related(transform[0], "==", 1),
            related(_inverse(k)[0], "==", _inverse(k)[1]),
            *(related(transform[m] * transform[-m], "==", _cosine_form(weights, m)) for m in range(1, k // 2 + 1)),
            related(
                sympy.Add(*(transform[m] * transform[-m] for m in range(k))),
                "==",
                k * sympy.Add(*(weight**2 for weight in weights)),
            ),
            related(MatMul(uniform, F), "==", ZeroMatrix(k, k - 1)),
            related(MatMul(heavy, F), "==", MatMul((k * _HEAVY - 1) / (k - 1), F)),
        ),
        note="the columns of $F$ are $f_m = (e^{−2πi jm/k})_j$, $m = 1$, …, $k−1$, $F^*$ is its conjugate; $P$ is "
        "the cyclic shift, $C$, $C_{uniform}$ and $C_{heavy}$ are the circulants $∑_j π_jP^j$ of the weights, "
        "of uniform and of one-heavy ones; the last weight is 1 minus the others",
        source="Lemma 3 of the paper (DFT condition)",
        scope=f"$k = {k}$, any real weights with sum 1, all frequencies; for $k − m$ everything is conjugate",
        k=k,
        steps=(*_eigenvector_steps(k), *_modulus_steps(k), *_example_steps(k)),
    )


def _names(k: int) -> tuple[sympy.MatrixSymbol, ...]:
    """F and its conjugate, the shift, and the circulants of the weights, of uniform and of one-heavy ones."""
    square = [MatrixSymbol(name, k, k) for name in ("P", "C", "C_uniform", "C_heavy")]
    return (MatrixSymbol("F", k, k - 1), MatrixSymbol("F*", k, k - 1), *square)


def _transform(k: int) -> tuple[sympy.Symbol, ...]:
    return tuple(sympy.Symbol(f"π̂_{m}") for m in range(k))


def _cosine_form(weights: tuple[sympy.Expr, ...], m: int) -> sympy.Expr:
    """Σ_s a_s cos(2πms/k) with the autocorrelation a_s = Σ_j π_j π_{j+s}, cosines as half sums of roots of unity."""
    k = len(weights)
    correlations = [sympy.Add(*(weights[j] * weights[(j + s) % k] for j in range(k))) for s in range(k)]
    return sympy.Add(*(a * cosine(m * s, k) for s, a in enumerate(correlations)))


def _eigenvector_steps(k: int) -> tuple[Step, ...]:
    F, conjugate, P, C, *_ = _names(k)
    weights, transform = free_weights(k), _transform(k)
    roots = [root_of_unity(m, k) for m in range(k)]
    return (
        definition("$F$: columns $f_m = (e^{−2πi jm/k})_j$ for $m = 1$, …, $k−1$.", F, eigenvectors(k)),
        definition("Its conjugate.", conjugate, eigenvectors(k, conjugate=True)),
        definition("The shift.", P, shift(k)),
        definition("The circulant $∑_j π_j P^j$ of the weights.", C, circulant(weights)),
        *(definition(f"$π̂_{m} = ∑_j π_j e^{{2πi jm/k}}$.", transform[m], eigenvalue(weights, m)) for m in range(k)),
        equation(
            "The $f_m$ are orthogonal and have norm $√k$.", MatMul(conjugate.T, F), k * ImmutableMatrix.eye(k - 1)
        ),
        equation("Each is an eigenvector of the shift.", MatMul(P, F), MatMul(F, _diagonal(roots[1:]))),
        equation("Hence of every circulant, with eigenvalue $π̂_m$.", MatMul(C, F), MatMul(F, _diagonal(transform[1:]))),
    )


def _diagonal(entries: tuple[sympy.Expr, ...] | list[sympy.Expr]) -> sympy.ImmutableMatrix:
    return sympy.diag(*entries).as_immutable()


def _inverse(k: int) -> tuple[sympy.Basic, sympy.Basic]:
    """The inverse transform of the transform, and the weights."""
    roots = [root_of_unity(m, k) for m in range(k)]
    inverse = ImmutableMatrix(k, k, lambda j, m: roots[-j * m % k] / k)
    return MatMul(inverse, ImmutableMatrix(_transform(k))), ImmutableMatrix(free_weights(k))


def _modulus_steps(k: int) -> tuple[Step, ...]:
    weights, transform = free_weights(k), _transform(k)
    squares = sympy.Add(*(weight**2 for weight in weights))
    return (
        equation("$π̂_0 = 1$: the weights sum to one.", transform[0], sympy.S.One),
        *(
            equation(
                f"$|π̂_{m}|² = π̂_{m}$ times its conjugate, is $∑_s a_s cos(2π{m}s/k)$ with the autocorrelation $a_s "
                "= ∑_j π_j π_{j+s}$; each cosine is half a sum of conjugate roots of unity.",
                transform[m] * transform[-m],
                _cosine_form(weights, m),
            )
            for m in range(1, k // 2 + 1)
        ),
        equation("No two weights have the same transform: $π_j = ∑_m π̂_m e^{−2πi jm/k} / k$.", *_inverse(k)),
        equation(
            "Parseval: $∑_m |π̂_m|² = k ∑_j π_j²$.",
            sympy.Add(*(transform[m] * transform[-m] for m in range(k))),
            k * squares,
        ),
    )


def _example_steps(k: int) -> tuple[Step, ...]:
    F, _, _, _, uniform, heavy = _names(k)
    rest = (1 - _HEAVY) / (k - 1)
    return (
        definition("Uniform weights.", uniform, circulant([sympy.Rational(1, k)] * k)),
        equation("$π̂_m = 0$ for every $m = 1$, …, $k−1$.", MatMul(uniform, F), ZeroMatrix(k, k - 1)),
        definition("Weight $w$ on one component, the rest equal.", heavy, circulant([_HEAVY] + [rest] * (k - 1))),
        equation(
            "$π̂_m = (kw − 1)/(k − 1)$ for every $m$, a flat spectrum.",
            MatMul(heavy, F),
            MatMul((k * _HEAVY - 1) / (k - 1), F),
        ),
    )


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_M, sympy.S.Integers, "the frequency"),
            Variable(_I, sympy.S.Naturals0, "a coordinate"),
            Variable(_WEIGHTS, POSITIVE, "the weights"),
            Variable(_CORRELATIONS, REAL, "$a_s = ∑_j π_jπ_{j+s}$, indices modulo $k$"),
            Variable(_HEAVY, POSITIVE, "the weight of one component, the others being equal"),
        ),
        hypotheses=("residues",),
        conclusions=(
            related(
                total(_WEIGHTS[_J] * generic_root((_J - _I) * _M), _J),
                "==",
                _generic_transform() * generic_root(-_I * _M),
            ),
            related(_SQUARED, "==", _CORRELATED),
            related(total(generic_root(_J * _M) / COUNT, _J), "==", 0),
            related(_ONE_HEAVY, "==", (COUNT * _HEAVY - 1) / (COUNT - 1)),
        ),
        note="$π̂_m = ∑_j π_j e^{2πijm/k}$ is the eigenvalue of every circulant $∑_j π_jP^j$ for the eigenvector "
        "with the coordinates $e^{−2πiim/k}$; the second conclusion is $|π̂_m|²$; the last two are $π̂_m$ for "
        "uniform and for one-heavy weights, and need that $m$ is not divisible by $k$",
        source="Lemma 3 of the paper (DFT condition)",
        scope="every $k ≥ 2$, any real weights, of sum 1 for the last conclusion alone; all frequencies",
        steps=(*_general_eigenvector_steps(), *_modulus_square_steps(), *_root_steps()),
    )


def _generic_transform(sign: int = 1) -> sympy.Expr:
    """π̂_m = Σ_j π_j e^{2πi jm/k} with k a symbol; its conjugate for the sign −1."""
    return total(_WEIGHTS[_J] * generic_root(sign * _J * _M), _J)


_SQUARED = _generic_transform() * _generic_transform(-1)


def _general_eigenvector_steps() -> tuple[Step, ...]:
    return (
        equation(
            "$f_m = (e^{−2πijm/k})_j$, of period $k$ in $j$, is an eigenvector of the shift, $(Pf)_i = f_{i−1}$, so "
            "that $(P^jf_m)_i = e^{2πi(j−i)m/k}$. Hence of every circulant $C = ∑_j π_jP^j$, with eigenvalue $π̂_m = "
            "∑_j π_j e^{2πijm/k}$.",
            total(_WEIGHTS[_J] * generic_root((_J - _I) * _M), _J),
            _generic_transform() * generic_root(-_I * _M),
        ),
    )


def _modulus_square_steps() -> tuple[Step, ...]:
    turn = generic_root(_S * _M)
    return (
        meant(
            "For each $j$, $s = i − j$ runs through all residues modulo $k$ as $i$ does, and $e^{2πism/k}$ has the "
            "period $k$ in $s$.",
            related(_pairs(_M), "==", _differences(_M)),
            {},
            label="residues",
        ),
        instance(
            "So for $−m$, as $π̂_{−m}$ is the conjugate.",
            related(_pairs(-_M), "==", _differences(-_M)),
            "residues",
            {_M: -_M},
            label="conjugate",
        ),
        definition(
            "Let $a_s = ∑_j π_jπ_{j+s}$, indices modulo $k$.",
            _CORRELATIONS[_S],
            total(_WEIGHTS[_J] * _WEIGHTS[sympy.Mod(_J + _S, COUNT)], _J),
        ),
        equation(
            "The cosine is half the sum of two roots of unity.",
            sympy.cos(2 * sympy.pi * _M * _S / COUNT),
            (turn + 1 / turn) / 2,
            label="cosine",
        ),
        combination(
            "$π̂_m$ times its conjugate is a sum over pairs. So $|π̂_m|² = ∑_s a_s cos(2πms/k)$.",
            related(_SQUARED, "==", _CORRELATED),
            {"residues": sympy.S.Half, "conjugate": sympy.S.Half},
            given=("cosine",),
        ),
    )


def _pairs(m: sympy.Expr) -> sympy.Expr:
    return total(_WEIGHTS[_I] * _WEIGHTS[_J] * generic_root((_I - _J) * m), _I, _J)


def _differences(m: sympy.Expr) -> sympy.Expr:
    """The same sum with j + s modulo k for i."""
    other = _WEIGHTS[sympy.Mod(_J + _S, COUNT)]
    return total(total(_WEIGHTS[_J] * other, _J) * generic_root(_S * m), _S)


def _root_steps() -> tuple[Step, ...]:
    return (
        meant(
            "For $m$ not divisible by $k$, $z = e^{2πim/k}$ is not 1 and $z^k = 1$, so that $1 + z + … + z^{k−1} = (1 "
            "− z^k)/(1 − z)$ vanishes: $f_1$, …, $f_{k−1}$ have sum zero, $⟨f_m, f_n⟩ = k$ if $m = n$, else 0, and "
            "they are an orthogonal basis of the sum-zero hyperplane.",
            related(total(generic_root(_J * _M), _J), "==", 0),
            {},
            label="roots",
            under=("residues",),
        ),
        combination(
            "Uniform weights: $π̂_m = 0$.",
            related(total(generic_root(_J * _M) / COUNT, _J), "==", sympy.S.Zero),
            {"roots": 1 / COUNT},
        ),
        combination(
            "Weight $w$ on one component, the rest equal: the others' roots of unity sum to −1, so $π̂_m = (kw − "
            "1)/(k − 1)$ for every $m$, a flat spectrum.",
            related(_ONE_HEAVY, "==", (COUNT * _HEAVY - 1) / (COUNT - 1)),
            {"roots": (1 - _HEAVY) / (COUNT - 1)},
        ),
    )
