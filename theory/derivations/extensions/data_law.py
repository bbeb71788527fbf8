"""Data that are not N(0, I): the Jacobian of EM at the origin depends on their covariance only."""

import sympy
from sympy import Derivative, Identity, ImmutableMatrix, Interval, MatMul, MatrixSymbol, Subs, oo
from sympy.matrices.expressions.sets import MatrixSet

from emtheory.theory.fourier import matrix_a
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.mixture import columns, covariance, free_weights, generic_posterior
from emtheory.theory.proof.derivation import Derivation, Statement, in_coordinates, provided
from emtheory.theory.proof.formula import POSITIVE, REAL, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Applied, Image, Inner, Mean, Most, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, meant, monotone
from emtheory.theory.proof.words import assumption, citation, definition
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, normalised, total

STATEMENT = Statement(__name__, "the Jacobian at the origin for data of any law", 3)

SOURCE = "not in the paper; its next check 2 and failure signature 3"

_I, _J, _N = (component(name) for name in "ijn")
_PI, _A, _B = family("pi", positive=True), family("a"), family("b")
_STRETCHED, _TURNED, _DIAGONAL = family("m"), family("n"), family("s")
_SLOPE, _INNER = sympy.symbols("⟨e|J_M(0)h⟩ ⟨e|h⟩", real=True)
_SCALE = sympy.Symbol("c", positive=True)
_LEAST, _OTHER = sympy.Symbol("sigma", nonnegative=True), family("s_A", nonnegative=True)
_T = sympy.Symbol("t", real=True)
_DIMENSION = sympy.Symbol("d", integer=True, positive=True)
_COVARIANCE = MatrixSymbol("Σ", _DIMENSION, _DIMENSION)


def _overlap(products: sympy.IndexedBase) -> sympy.Expr:
    return total(normalised(_PI, _I) * normalised(_PI, _J) * products[_I, _J], _I, _J)


_AVERAGE = total(normalised(_PI, _J) * _DIAGONAL[_J], _J)


def derive_general() -> Derivation:
    isotropic = related(_COVARIANCE, "==", _SCALE * Identity(_DIMENSION))
    threshold, own = 1 / (1 - _LEAST**2), _SCALE * (1 - _OTHER[_I] ** 2)
    return STATEMENT.derivation(
        variables=(
            Variable(_SLOPE, REAL, "the slope of $⟨e, M(th)⟩$ at $t = 0$, for any vectors $e$ and $h$"),
            Variable(_PI, POSITIVE, "the weights, up to a factor"),
            Variable(_DIAGONAL, REAL, "the inner products $s_j = ⟨U_je, ΣU_jh⟩$"),
            Variable(_STRETCHED, REAL, "$m_{ij} = ⟨U_ie, ΣU_jh⟩$, so that their sum is $⟨Ae, ΣAh⟩$"),
            Variable(_TURNED, REAL, "$n_{ij} = ⟨U_ie, U_jh⟩$, so that their sum is $⟨Ae, Ah⟩$"),
            Variable(_INNER, REAL),
            Variable(_DIMENSION, sympy.Range(1, oo)),
            Variable(_COVARIANCE, MatrixSet(_DIMENSION, _DIMENSION, sympy.Reals), "the covariance of the data"),
            Variable(_SCALE, POSITIVE),
            Variable(_I, sympy.Range(0, oo), "a number up to $d$"),
            Variable(_OTHER, Interval(0, 1), "the singular values $σ_i$ of $A$"),
            Variable(_LEAST, Interval.Ropen(0, 1), "the least of them"),
        ),
        hypotheses=("weights", "orthogonal maps", "centred data"),
        exist_under={_SLOPE: ("weights", "orthogonal maps")},
        conclusions=(
            related(_SLOPE, "==", _AVERAGE - _overlap(_STRETCHED)),
            provided(related(_SLOPE, "==", _SCALE * (_INNER - _overlap(_TURNED))), isotropic),
            related(0, "<=", own),
            provided(related(own, "<", 1), related(_SCALE, "<", threshold)),
            provided(related(1, "<", _SCALE * (1 - _LEAST**2)), related(threshold, "<", _SCALE)),
        ),
        note="for all vectors $e$ and $h$: $J_M(0) = ∑_j π_jU_jᵀΣU_j − AᵀΣA$; for $Σ = cI$ it is $c(I − AᵀA)$ with "
        "the eigenvalues $c(1 − σ_i²)$, so the origin attracts if $c(1 − σ²) < 1$ and repels if $c(1 − σ²) > 1$",
        source=SOURCE,
        scope="every $k$, all weights, any orthogonal maps, any $d$, every centred law of the data with second moments",
        steps=(*_slope_steps(), *_isotropic_steps(), *_threshold_steps()),
    )


def _slope_steps() -> tuple[Step, ...]:
    image = total(generic_posterior(_PI, lambda component: _T * _B[component], _J) * _A[_J], _J)
    first = total(normalised(_PI, _J) * _A[_J] * _B[_J], _J)
    second = total(normalised(_PI, _I) * normalised(_PI, _J) * _A[_I] * _B[_J], _I, _J)
    random = (_A, _B)
    return (
        citation(
            "dominated convergence",
            "With $b_j = ⟨x, U_jh⟩$ and $a_j = ⟨x, U_je⟩$, $e$ a unit vector, the slope of $∑γ_ja_j$, a coordinate of "
            "the integrand of $M$, along $θ = th$ is at most $2‖x‖²‖h‖$, as orthogonal maps keep norms, and integrable "
            "for second moments. At $t = 0$ it is the covariance of $a$ and $b$ under $π$, in the mean",
            related(_SLOPE, "==", Mean(Subs(Derivative(image, _T), _T, 0), random)),
            label="Jacobian",
            under=("centred data",),
        ),
        meant(
            "It is quadratic in $x$, so that only second moments enter: $E a_jb_j = ⟨U_je, ΣU_jh⟩ = s_j$, on "
            "average over $π$,",
            related(Mean(first, random), "==", _AVERAGE),
            _meanings(),
            label="moments",
            under=("centred data",),
        ),
        meant(
            "and $E a_ib_j = ⟨U_ie, ΣU_jh⟩ = m_{ij}$.",
            related(Mean(second, random), "==", _overlap(_STRETCHED)),
            _meanings(),
            label="pairs",
            under=("centred data",),
        ),
        combination(
            "$J_M(0) = ∑_j π_jU_jᵀΣU_j − AᵀΣA$.",
            related(_SLOPE, "==", _AVERAGE - _overlap(_STRETCHED)),
            {"Jacobian": 1, "moments": 1, "pairs": -1},
            label="law",
        ),
    )


def _meanings() -> dict[sympy.Basic, sympy.Basic]:
    e, h = Vector("e"), Vector("h")

    def stretched(i: sympy.Symbol) -> sympy.Expr:
        return Inner(Image(i, e), Applied(_COVARIANCE, Image(_J, h)))

    return {
        _A[_J]: Inner(DATA, Image(_J, e)),
        _B[_J]: Inner(DATA, Image(_J, h)),
        _DIAGONAL[_J]: stretched(_J),
        _STRETCHED[_I, _J]: stretched(_I),
        _TURNED[_I, _J]: Inner(Image(_I, e), Image(_J, h)),
        _INNER: Inner(e, h),
    }


def _isotropic_steps() -> tuple[Step, ...]:
    return (
        assumption("Let $Σ = cI$.", related(_COVARIANCE, "==", _SCALE * Identity(_DIMENSION)), label="isotropic"),
        meant(
            "The maps cancel, $U_jᵀU_j = I$, and $s_j = c⟨e, h⟩$, and on average as well,",
            related(_AVERAGE, "==", _SCALE * _INNER),
            _meanings(),
            label="diagonal",
            given=("isotropic",),
            under=("orthogonal maps",),
        ),
        meant(
            "while $m_{ij} = c⟨U_ie, U_jh⟩$.",
            related(_overlap(_STRETCHED), "==", _SCALE * _overlap(_TURNED)),
            _meanings(),
            label="scaled",
            given=("isotropic",),
        ),
        combination(
            "$c(I − AᵀA)$ is left.",
            related(_SLOPE, "==", _SCALE * (_INNER - _overlap(_TURNED))),
            {"law": 1, "diagonal": 1, "scaled": -1},
            label="cI",
        ),
    )


def _threshold_steps() -> tuple[Step, ...]:
    threshold = 1 / (1 - _LEAST**2)
    own, largest = _SCALE * (1 - _OTHER[_I] ** 2), _SCALE * (1 - _LEAST**2)
    return (
        inequality("$J_M(0)$ is symmetric with the eigenvalues $c(1 − σ_i²)$. None is negative,", 0, "<=", own),
        meant(
            "and as $σ$ is the least of the $σ_i$,",
            related(_LEAST, "<=", _OTHER[_I]),
            {_LEAST: -Most(-_OTHER[_J], _J)},
            label="least",
        ),
        monotone("squared,", related(_LEAST**2, "<=", _OTHER[_I] ** 2), PLACE**2, "least", label="squares"),
        combination("$c(1 − σ²)$ is the largest.", related(own, "<=", largest), {"squares": _SCALE}, label="largest"),
        assumption("Let $c$ be below the threshold:", related(_SCALE, "<", threshold), label="below"),
        combination("Then all are below 1.", own, "<", 1, {"largest": 1, "below": 1 - _LEAST**2}),
        assumption("Let $c$ be above it:", related(threshold, "<", _SCALE), label="above"),
        combination("then the largest is above 1.", 1, "<", largest, {"above": 1 - _LEAST**2}),
    )


def derive(k: int) -> Derivation:
    steps = _coordinate_steps(k)
    return STATEMENT.derivation(
        statement=in_coordinates(
            steps,
            "$L$ is lower triangular, $Σ = LLᵀ$ and $B = ∑_jπ_jU_jᵀΣU_j$: $J_M(0)h$ is the first average, for data "
            "$X = LZ$, and $c(I − AᵀA)h$ for $Σ = cI$",
        ),
        source=SOURCE,
        scope=f"$k = {k}$, $d = {k - 1}$, $U_j = R^j$, all weights; the integrand is quadratic, so the law of $Z$ does "
        "not matter beyond $E Z = 0$ and $E ZZᵀ = I$",
        k=k,
        steps=steps,
    )


def _coordinate_steps(k: int) -> tuple[Step, ...]:
    d = k - 1
    weights, maps = free_weights(k), rotations(k)
    h, z = columns(d, "h", "z")
    L = ImmutableMatrix(d, d, lambda i, j: sympy.Symbol(f"L_{i}{j}", real=True) if j <= i else sympy.S.Zero)
    A, sigma, mean = (MatrixSymbol(name, d, d) for name in ("A", "Σ", "B"))
    column = MatrixSymbol("h", d, 1)
    turned = [U.T * L * z for U in maps]
    b = [sympy.expand((vector.T * h)[0]) for vector in turned]
    slopes = [covariance(weights, [vector[i] for vector in turned], b) for i in range(d)]
    scale = {L[i, j]: sympy.sqrt(_SCALE) if i == j else sympy.S.Zero for i in range(d) for j in range(i + 1)}
    averaged = sum((p * U.T * L * L.T * U for p, U in zip(weights, maps, strict=True)), ImmutableMatrix.zeros(d))
    matrix = matrix_a(weights)
    return (
        definition("$A = ∑_j π_jR^j$,", A, matrix),
        definition("$Σ = LLᵀ$,", sigma, L * L.T),
        definition("$B = ∑_j π_jU_jᵀΣU_j$,", mean, averaged),
        definition("and a direction.", column, h),
        equation(
            "The covariance of the vectors $U_jᵀX$ and the exponents $b_j$ under $π$, averaged over $X = LZ$.",
            ImmutableMatrix([Expectation(sympy.expand(slope), tuple(z)) for slope in slopes]),
            MatMul(mean - A.T * sigma * A, column),
        ),
        equation(
            "Isotropic data, $L = √c I$.",
            (averaged - matrix.T * L * L.T * matrix).xreplace(scale),
            _SCALE * (ImmutableMatrix.eye(d) - A.T * A),
        ),
    )
