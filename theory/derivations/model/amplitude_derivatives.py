"""Λ as a function of the amplitudes ρ_m = ‖P_mθ‖ for every k: its derivatives by two frequencies m and n."""

import sympy
from sympy import Derivative, ImmutableMatrix, MatMul, MatrixSymbol, Subs
from sympy.matrices import MatrixSet

from emtheory.theory.fourier import generic_root
from emtheory.theory.proof.at import At
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Planar
from emtheory.theory.proof.step import Step, equation, meant
from emtheory.theory.proof.words import citation, definition
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "derivatives of $Λ$ and $ℓ$ in the amplitudes, for every $k$")

_J, _I, _N = (component(name) for name in "jin")
_G, _Y = family("g", positive=True), family("y")
_CHI, _PSI = family("χ", complex=True, nonzero=True), family("ψ", complex=True, nonzero=True)
_RHO_M, _RHO_N = sympy.symbols("ρ_m ρ_n", positive=True)
_BETA_M = sympy.Symbol("β_m", real=True)
_FIRST_M, _FIRST_N = sympy.symbols("Λ_m Λ_n", real=True)
_MIXED, _SECOND_M, _SECOND_N = sympy.symbols("Λ_mn Λ_mm Λ_nn", real=True)
_ENTRY, _OWN = sympy.symbols("∂²ℓ/∂ρ_m∂ρ_n ∂²ℓ/∂ρ_m²", real=True)
_P, _Q = sympy.symbols("p q", real=True)
_POLYNOMIAL = sympy.Function("T", real=True)(_P, _Q)
_U, _V = sympy.symbols("u v", real=True)
_POINT = sympy.symbols("x y z", real=True)
_PLANE = MatrixSymbol("∇²ℓ", 3, 2)
_NAMES = ("γ̂_m", "γ̂_−m", "γ̂_n", "γ̂_−n", "γ̂_m+n", "γ̂_−m−n", "γ̂_m−n", "γ̂_n−m", "γ̂_2m", "γ̂_−2m")
_TRANSFORM = dict(zip(_NAMES, sympy.symbols(_NAMES, complex=True), strict=True))
_RATIO = (_CHI[_I] / _CHI[_J] + _CHI[_J] / _CHI[_I]) / 2


def _posterior_mean(values: sympy.Expr) -> sympy.Expr:
    return total(_G[_J] * values, _J) / total(_G[_N], _N)


def _transforms() -> dict[sympy.Symbol, sympy.Expr]:
    chi, psi = _CHI[_J], _PSI[_J]
    values = (chi, 1 / chi, psi, 1 / psi, chi * psi, 1 / (chi * psi), chi / psi, psi / chi, chi**2, 1 / chi**2)
    return {_TRANSFORM[name]: _posterior_mean(value) for name, value in zip(_NAMES, values, strict=True)}


def _mean(value: sympy.Expr) -> sympy.Expr:
    """Mean over X, of which the posterior is a function."""
    return Mean(value, (_G,))


def _mixed_cumulant() -> sympy.Expr:
    """κ₄(χ_m, χ̄_m, χ_n, χ̄_n) under the posterior."""
    m, m_, n, n_, both, both_, apart, apart_, _, _ = _TRANSFORM.values()
    return (
        -both * both_
        - apart * apart_
        + 2 * (both * m_ * n_ + both_ * m * n)
        + 2 * (apart * m_ * n + apart_ * m * n_)
        - 6 * m * m_ * n * n_
    )


def _own_cumulant() -> sympy.Expr:
    """The same for n = m."""
    m, m_, *_, twice, twice_ = _TRANSFORM.values()
    return -1 - twice * twice_ + 2 * (twice * m_**2 + twice_ * m**2) + 4 * m * m_ - 6 * (m * m_) ** 2


def _across(eigenvalue: sympy.Expr) -> sympy.Rel:
    value = ImmutableMatrix([-_V * eigenvalue, _U * eigenvalue, 0])
    return related(MatMul(_PLANE, ImmutableMatrix([-_V, _U])), "==", value)


def _along(eigenvalue: sympy.Expr) -> sympy.Rel:
    """`eigenvalue` is that across the radius."""
    square = _U**2 + _V**2
    factor = eigenvalue - 4 * square * _SECOND_M
    value = ImmutableMatrix([_U * factor, _V * factor, -4 * square * _RHO_N * _MIXED])
    return related(MatMul(_PLANE, ImmutableMatrix([_U, _V])), "==", value)


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_RHO_M, POSITIVE, "the amplitude $‖P_mθ‖$"),
            Variable(_RHO_N, POSITIVE, "that of another frequency"),
            Variable(_FIRST_M, REAL, "$∂Λ/∂(ρ_m²)$"),
            Variable(_MIXED, REAL, "$∂²Λ/∂(ρ_m²)∂(ρ_n²)$"),
            Variable(_SECOND_M, REAL, "$∂²Λ/∂(ρ_m²)²$"),
            Variable(_ENTRY, REAL),
            Variable(_OWN, REAL),
            Variable(
                _PLANE,
                MatrixSet(3, 2, sympy.Reals),
                "the columns of $u$ and $v$ of the Hessian of $ℓ$ where $P_mθ = (u, v)$, $m$ not $k/2$, by $u$, "
                "$v$ and the amplitude of $n$",
            ),
            Variable(_U, REAL),
            Variable(_V, REAL),
        ),
        hypotheses=("weights", "cyclic maps", "normal data"),
        exist_under=dict.fromkeys(
            (_FIRST_M, _MIXED, _SECOND_M, _ENTRY, _OWN, _PLANE), ("weights", "cyclic maps", "normal data")
        ),
        conclusions=(
            related(_FIRST_M, "==", (1 - _BETA_M) / 2),
            related(_MIXED, "==", _mean(_mixed_cumulant()) / 4),
            related(_SECOND_M, "==", _mean(_own_cumulant()) / 4),
            related(_ENTRY, "==", -4 * _RHO_M * _RHO_N * _MIXED),
            related(_OWN, "==", _BETA_M - 4 * _RHO_M**2 * _SECOND_M),
            _across(_BETA_M),
            _along(_BETA_M),
        ),
        note="$Λ$ is a function of the $ρ_m²$. $γ̂_m = ∑_j γ_je^{2πimj/k}$ is the transform of the posterior, $β_m$ "
        "the mean of $γ̂_mγ̂_{−m} = |γ̂_m|²$; the other means are of its fourth cumulants at the characters of "
        "$m$ and $n$",
        source="not in the paper; Gaussian interpolation in the covariance of the exponents",
        scope="every $k$, any weights, any $θ$, any two frequencies $m ≠ n$ that $θ$ has, $U_j = R^j$",
        steps=(
            *_covariance_steps(),
            *_interpolation_steps(),
            *_polynomial_steps(),
            *_radial_steps(),
            *_tangential_steps(),
        ),
    )


def turned_plane() -> Step:
    """How the exponents of one frequency covary, by which Λ depends on the amplitude."""
    m = sympy.Symbol("m", integer=True)
    return meant(
        "$R^s$ turns the plane of frequency $m$ by $2πms/k$: with $y_j = ⟨X, R^jP_mθ⟩$ and $χ_j = e^{2πimj/k}$",
        related(Mean(_Y[_I] * _Y[_J], (_Y,)), "==", _RHO_M**2 * _RATIO),
        {_Y[_J]: _RHO_M * Inner(DATA, Image(_J, Planar(m))), _CHI[_J]: generic_root(m * _J)},
        label="plane",
        under=("cyclic maps", "normal data"),
    )


def _covariance_steps() -> tuple[Step, ...]:
    omega, ratio = family("ω"), _RATIO
    return (
        turned_plane(),
        equation(
            "$cos(2πm(j − i)/k)$ is $(χ_i/χ_j + χ_j/χ_i)/2$: as coefficients of $∂_i∂_j$ "
            "these make $D_mD̄_m$, $D_m = ∑χ_j∂_j$ and $D̄_m = ∑χ_j^{−1}∂_j$.",
            total(ratio * omega[_I] * omega[_J], _I, _J),
            total(_CHI[_J] * omega[_J], _J) * total(omega[_J] / _CHI[_J], _J),
            label="operator",
        ),
        *(
            definition(
                "With $g$ the posterior up to a factor, $χ_j = e^{2πimj/k}$ and $ψ_j = e^{2πinj/k}$, the transform "
                "at this frequency.",
                name,
                value,
            )
            for name, value in _transforms().items()
        ),
        definition("$β_m = E|γ̂_m|²$.", _BETA_M, _mean(_TRANSFORM["γ̂_m"] * _TRANSFORM["γ̂_−m"])),
    )


def _contracted(*characters: sympy.IndexedBase) -> sympy.Expr:
    """D_mD̄_m, or D_mD̄_mD_nD̄_n, of log Σ_j π_je^{y_j}: by derivatives along the characters and their conjugates."""
    shifts = sympy.symbols("a b c d", real=True)[: 2 * len(characters)]
    along = [value for character in characters for value in (character[_J], 1 / character[_J])]
    exponent = sympy.Add(*(shift * value for shift, value in zip(shifts, along, strict=True)))
    return At(Derivative(sympy.log(total(_G[_J] * sympy.exp(exponent), _J)), *shifts), shifts, (0,) * len(shifts))


def _interpolation_steps() -> tuple[Step, ...]:
    second, fourth, own = _contracted(_CHI), _contracted(_CHI, _PSI), _contracted(_CHI, _CHI)
    return (
        citation(
            "Price's theorem",
            "The exponents $y_j = ⟨X, R^jθ⟩$ are centred Gaussian with the covariances $∑_m ρ_m² cos(2πm(j − i)/k)$, "
            "so that $Λ = E log ∑_j π_je^{y_j}$ is a function of the $ρ_m²$. Let $y_j$ grow by $aχ_j + b/χ_j$. $f = "
            "log ∑_j π_je^{y_j}$ is smooth, with derivatives of at most exponential growth: $∂Λ/∂(ρ_m²) = ½E D_mD̄_m "
            "f$.",
            related(_FIRST_M, "==", _mean(second) / 2),
            label="first interpolation",
            given=("plane", "operator"),
        ),
        equation(
            "$D_mD̄_m f = 1 − |γ̂_m|²$, so that $2 ∂Λ/∂(ρ_m²) = 1 − β_m$.",
            _FIRST_M,
            (1 - _BETA_M) / 2,
            label="first",
            given=("first interpolation",),
        ),
        citation(
            "Price's theorem",
            "Let $y_j$ grow by $aχ_j + b/χ_j + cψ_j + d/ψ_j$. Applied twice to $f$, $∂²Λ/∂(ρ_m²)∂(ρ_n²) = ¼E "
            "D_mD̄_mD_nD̄_n f$.",
            related(_MIXED, "==", _mean(fourth) / 4),
            label="interpolation",
        ),
        equation(
            "That derivative is a joint cumulant of the characters under the posterior:",
            _MIXED,
            _mean(_mixed_cumulant()) / 4,
            given=("interpolation",),
        ),
        citation(
            "Price's theorem",
            "Likewise twice for $m$.",
            related(_SECOND_M, "==", _mean(own) / 4),
            label="own interpolation",
        ),
        equation("That is,", _SECOND_M, _mean(_own_cumulant()) / 4, given=("own interpolation",)),
    )


def _taylor(first: sympy.Expr, second: sympy.Expr, start: tuple[sympy.Expr, sympy.Expr]) -> sympy.Expr:
    """Λ to the second order where ρ_m² and ρ_n² become `first` and `second`, up to a constant."""
    return At(_POLYNOMIAL, (_P, _Q), (first - start[0], second - start[1]))


def _polynomial_steps() -> tuple[Step, ...]:
    p, q = _P, _Q
    return (
        definition(
            "Let $T(p, q)$ be the polynomial with the derivatives of $Λ$ by $ρ_m²$ and $ρ_n²$ up to the second order:",
            _POLYNOMIAL,
            _FIRST_M * p + _FIRST_N * q + _SECOND_M * p**2 / 2 + _MIXED * p * q + _SECOND_N * q**2 / 2,
        ),
    )


def _radial_steps() -> tuple[Step, ...]:
    x, y, _ = _POINT
    taylor = _taylor(x**2, y**2, (_RHO_M**2, _RHO_N**2))
    at = ((x, y), (_RHO_M, _RHO_N))
    return (
        citation(
            "Taylor's theorem",
            "$ℓ = ‖θ‖²/2 − Λ +$ constant, $‖θ‖² = ∑_m ρ_m²$; its derivatives are those of $T$, the Taylor "
            "polynomial of $Λ$ at the $ρ_m²$, in the amplitudes $x$ and $y$:",
            related(_ENTRY, "==", -Subs(Derivative(taylor, x, y), *at)),
            label="Taylor",
        ),
        equation("By the chain rule,", _ENTRY, -4 * _RHO_M * _RHO_N * _MIXED, given=("Taylor",)),
        citation(
            "Taylor's theorem",
            "Likewise",
            related(_OWN, "==", 1 - Subs(Derivative(taylor, x, x), *at)),
            label="own Taylor",
        ),
        equation(
            "with a term of the first derivative,",
            _OWN,
            1 - 2 * _FIRST_M - 4 * _RHO_M**2 * _SECOND_M,
            label="own chain",
            given=("own Taylor",),
        ),
        equation("which is", _OWN, _BETA_M - 4 * _RHO_M**2 * _SECOND_M, given=("own chain", "first")),
    )


def _tangential_steps() -> tuple[Step, ...]:
    x, y, z = _POINT
    taylor, at = sympy.Function("T_m", real=True)(x, y, z), (_POINT, (_U, _V, _RHO_N))
    entries = ImmutableMatrix(3, 2, lambda i, j: int(i == j) - Subs(Derivative(taylor, _POINT[i], _POINT[j]), *at))
    return (
        definition(
            "In the coordinates $(x, y)$ of $P_mθ$ and the amplitude $z$ of $n$ the polynomial is",
            taylor,
            _taylor(x**2 + y**2, z**2, (_U**2 + _V**2, _RHO_N**2)),
        ),
        citation("Taylor's theorem", "where $P_mθ = (u, v)$.", related(_PLANE, "==", entries), label="coordinates"),
        equation(
            "Across the radius $∇²ℓ$ has the eigenvalue $1 − 2 ∂Λ/∂(ρ_m²)$,",
            *_across(1 - 2 * _FIRST_M).args,
            label="across",
            given=("coordinates",),
        ),
        equation("which is $β_m$,", *_across(_BETA_M).args, given=("across", "first")),
        equation("and along it", *_along(1 - 2 * _FIRST_M).args, label="along", given=("coordinates",)),
        equation("the one that the amplitudes give.", *_along(_BETA_M).args, given=("along", "first")),
    )
