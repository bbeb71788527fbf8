"""The paper's matrix A and its eigenvalues."""

import sympy
from sympy import Interval, MatAdd, MatMul, MatPow, MatrixSymbol, Product, ZeroMatrix, oo

from emtheory.theory.fourier import circulant, eigenvalue, eigenvectors, generic_root, matrix_a
from emtheory.theory.mixture import free_weights
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, in_coordinates, related
from emtheory.theory.proof.meant.vectors import Frequency, Image, Inner, Vector
from emtheory.theory.proof.step import Step, equation, meant
from emtheory.theory.proof.words import citation, definition
from emtheory.theory.simplex import basis, rotation
from emtheory.theory.sums import COUNT, component, family, normalised, total

STATEMENT = Statement(__name__, "$A = ∑ π_j R^j$ and its eigenvalues", 12)

_I, _J, _M, _N = (component(name) for name in "ijmn")
_PRODUCT, _COMPONENT = family("q", complex=True), sympy.Symbol("⟨f_m|h⟩", complex=True)
_WEIGHTS = family("pi", positive=True)
_MODULUS = sympy.Function("|π̂|", nonnegative=True)
_MINIMUM = sympy.Function("min_m", nonnegative=True)
_DETERMINANT, _LEAST = sympy.symbols("|det(A)| σ_min(A)", nonnegative=True)


def derive(k: int) -> Derivation:
    steps = _coordinate_steps(k)
    return STATEMENT.derivation(
        statement=in_coordinates(
            steps,
            "$H$ is an orthonormal basis of the simplex's span, $C$ the circulant of the weights, $C_2$ that of "
            "their autocorrelation, $F = (f_1, …, f_{k−1})$ and F* its conjugate: A $H f_m = π̂_m H f_m$, so $A$ is "
            "invertible if and only if no $π̂_m$ vanishes, and $σ_{min}(A) = min |π̂_m|$",
        ),
        source="Lemma 3 of the paper ($A$ is invertible)",
        scope=f"$k = {k}$, any real weights with sum 1, any $d ≥ k − 1$",
        k=k,
        steps=steps,
    )


def _coordinate_steps(k: int) -> tuple[Step, ...]:
    weights = free_weights(k)
    H, R, A = MatrixSymbol("H", k - 1, k), MatrixSymbol("R", k - 1, k - 1), MatrixSymbol("A", k - 1, k - 1)
    C, C2 = MatrixSymbol("C", k, k), MatrixSymbol("C_2", k, k)
    F, conjugate = MatrixSymbol("F", k, k - 1), MatrixSymbol("F*", k, k - 1)
    identity = sympy.eye(k - 1).as_immutable()
    powers = [identity, *(MatPow(R, j) for j in range(1, k))]
    correlations = [sympy.Add(*(weights[j] * weights[(j + s) % k] for j in range(k))) for s in range(k)]

    def diagonal(sign: int) -> sympy.ImmutableMatrix:
        return sympy.diag(*(eigenvalue(weights, sign * m) for m in range(1, k))).as_immutable()

    return (
        definition("$H$: the orthonormal basis of the hyperplane, as rows.", H, basis(k)),
        definition("$R$: the rotation of the simplex in this basis.", R, rotation(k)),
        definition("$A$ is written $H C Hᵀ$,", A, matrix_a(weights)),
        definition("$C = ∑_j π_j P^j$ the circulant of the weights.", C, circulant(weights)),
        definition("$C_2$: that of the autocorrelation $a_s = ∑_j π_j π_{j+s}$.", C2, circulant(correlations)),
        definition("$F$: the columns $f_m = (e^{−2πi jm/k})_j$, $m = 1$, …, $k−1$,", F, eigenvectors(k)),
        definition("and its conjugate.", conjugate, eigenvectors(k, conjugate=True)),
        equation("$A = ∑_j π_j R^j$.", MatAdd(*(p * power for p, power in zip(weights, powers, strict=True))), A),
        equation("The rows of $H$ are orthonormal.", MatMul(H, H.T), identity),
        equation("$H$ carries the circulant to $A$,", MatMul(A, H), MatMul(H, C)),
        equation("and the transposed circulant to $Aᵀ$.", MatMul(A.T, H), MatMul(H, C.T)),
        equation(
            "The $f_m$ are eigenvectors of $C$ with eigenvalues $π̂_m$; hence $A H f_m = H C f_m = π̂_m H f_m$.",
            MatMul(C, F),
            MatMul(F, diagonal(1)),
        ),
        equation(
            "$Cᵀ$, hence $Aᵀ$, has the same eigenvectors and the conjugate eigenvalues: $A$ is normal, its singular "
            "values are the $|π̂_m|$.",
            MatMul(C.T, F),
            MatMul(F, diagonal(-1)),
        ),
        equation(
            "The $f_m$ have sum zero, so they lie in the hyperplane, where $H$ is an isometry: the $H f_m$ are not "
            "zero.",
            MatMul(sympy.ones(1, k).as_immutable(), F),
            ZeroMatrix(1, k - 1),
        ),
        equation(
            "They are orthogonal and $k − 1$ in number: a basis of eigenvectors.", MatMul(conjugate.T, F), k * identity
        ),
        equation(
            "$CᵀC$ is the circulant of the autocorrelation; hence $AᵀA = H CᵀC Hᵀ = ∑_s a_s R^s$.", MatMul(C.T, C), C2
        ),
        equation(
            "On the complement of the simplex, where $R = I$, $A$ is $∑_j π_j = 1$.",
            sympy.Add(*weights, evaluate=False),
            sympy.S.One,
        ),
    )


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_WEIGHTS, Interval.open(0, oo), "the weights"),
            Variable(_I, sympy.Range(0, oo), "a coordinate"),
            Variable(_M, sympy.Range(0, oo), "a frequency, from 1 to $k − 1$"),
            Variable(_DETERMINANT, Interval(0, oo)),
            Variable(_LEAST, Interval(0, oo)),
        ),
        hypotheses=("cyclic maps",),
        exist_under=dict.fromkeys((_DETERMINANT, _LEAST), ("cyclic maps",)),
        conclusions=(
            related(
                total(_WEIGHTS[_J] * generic_root((_J - _I) * _M), _J),
                "==",
                total(_WEIGHTS[_J] * generic_root(_J * _M), _J) * generic_root(-_I * _M),
            ),
            related(
                total(_WEIGHTS[_J] * generic_root(-(_I + _J) * _M), _J),
                "==",
                total(_WEIGHTS[_J] * generic_root(-_J * _M), _J) * generic_root(-_I * _M),
            ),
            related(_DETERMINANT, "==", Product(_MODULUS(_M), (_M, 1, COUNT - 1))),
            related(_LEAST, "==", _MINIMUM(_MODULUS(_M))),
            related(total(normalised(_WEIGHTS, _J), _J), "==", 1),
        ),
        note="$A f_m = π̂_m f_m$ and $Aᵀ f_m$ is the conjugate of $π̂_m$ times $f_m$, $f_m = (e^{−2πi jm/k})_j$; "
        "$|π̂|(m) = |π̂_m|$, so $A$ is invertible if and only if $π̂_m ≠ 0$ for $m = 1$, …, $k−1$; on the "
        "complement of the simplex $A$ is 1",
        source="Lemma 3 of the paper ($A$ is invertible)",
        scope="every $k ≥ 2$, any weights with sum 1, any $d ≥ k − 1$",
        steps=_general_steps(),
    )


def _general_steps() -> tuple[Step, ...]:
    return (
        meant(
            "$R$ turns an eigenvector $f_m$ by roots of unity: $R^jf_m$ has with $R^ih$ the product",
            related(_PRODUCT[_J, _I], "==", generic_root((_I - _J) * _M) * _COMPONENT),
            {
                _PRODUCT[_I, _J]: Inner(Image(_I, Frequency(_M)), Image(_J, Vector("h"))),
                _COMPONENT: Inner(Frequency(_M), Vector("h")),
            },
            label="turned",
            under=("cyclic maps",),
        ),
        equation(
            "On the simplex's span, a copy of the hyperplane of sum 0 in $R^k$, $R$ is the cyclic shift $P$ and $A$ "
            "the circulant $∑_j π_jP^j$, with eigenvectors $f_1$, …, $f_{k−1}$: $A f_m = π̂_m f_m$,",
            total(_WEIGHTS[_J] * generic_root((_J - _I) * _M), _J),
            total(_WEIGHTS[_J] * generic_root(_J * _M), _J) * generic_root(-_I * _M),
        ),
        equation(
            "and $Aᵀ f_m$, with $R^{−j}$ in place of $R^j$, is the conjugate of $π̂_m$ times $f_m$.",
            total(_WEIGHTS[_J] * generic_root(-(_I + _J) * _M), _J),
            total(_WEIGHTS[_J] * generic_root(-_J * _M), _J) * generic_root(-_I * _M),
        ),
        citation(
            "spectral theorem",
            "$A$ and $Aᵀ$ are diagonal in the same orthogonal basis, so $A$ is normal, its singular values are the "
            "$|π̂_m|$:",
            related(_LEAST, "==", _MINIMUM(_MODULUS(_M))),
            given=("turned",),
        ),
        citation(
            "spectral theorem",
            "and the modulus of its determinant, as of every normal matrix, is their product: $A$ is invertible if "
            "and only if none of them vanishes.",
            related(_DETERMINANT, "==", Product(_MODULUS(_M), (_M, 1, COUNT - 1))),
        ),
        equation(
            "On the complement of the simplex $R = I$ and $A$ is $∑_j π_j = 1$: invertible whatever the weights.",
            total(normalised(_WEIGHTS, _J), _J),
            sympy.S.One,
        ),
    )
