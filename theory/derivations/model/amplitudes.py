"""Λ as a function of the amplitudes ρ_m = ‖P_mθ‖, with first and second derivatives, in the cyclic case."""

from collections.abc import Mapping

import sympy
from sympy import Derivative, ImmutableMatrix, MatMul, Rational, Subs
from sympy.matrices import MatrixSet

from emtheory.theory.amplitude_vector import amplitude_vector, cosines
from emtheory.theory.cumulants import along, fourth_cumulant, transform_symbols
from emtheory.theory.derivations.model.amplitude_derivatives import turned_plane
from emtheory.theory.fourier import eigenvalue, root_of_unity
from emtheory.theory.mixture import free_weights
from emtheory.theory.proof.at import At
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Proposition, Statement, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import Step, equation
from emtheory.theory.proof.words import citation, definition

STATEMENT = Statement(__name__, "$Λ$ and the Hessian as functions of the amplitudes", 5, general=False)

_RADIUS = sympy.Symbol("r", positive=True)
_SHIFTS = sympy.symbols("s t", real=True)
_U, _V = sympy.symbols("u v", real=True)
_POINT = sympy.symbols("x y z", real=True)
_IN_THE_PLANE = (
    "the columns of $u$ and $v$ of the Hessian of $ℓ$ where $P_mθ = (u, v)$, by these coordinates and the amplitude of "
    "another frequency"
)


def derive(k: int) -> Derivation:
    """Derive the Hessian of ℓ in the amplitudes from posterior cumulants, for a given k ≥ 2."""
    return STATEMENT.derivation(
        statement=_statement(k),
        source="not in the paper; Gaussian interpolation (heat equation) in the Gram matrix of the exponents",
        scope=f"$k = {k}$, $U_j = R^j$, any weights and amplitudes, all frequencies",
        k=k,
        steps=(
            turned_plane(),
            *_gram_steps(k),
            *_heat_steps(k),
            *_cumulant_steps(k),
            *_entry_steps(k),
            *(step for m in _planes(k) for step in _tangent_steps(m, k)),
        ),
    )


def _frequencies(k: int) -> range:
    return range(1, k // 2 + 1)


def _pairs(k: int) -> list[tuple[int, int]]:
    return [(m, n) for m in _frequencies(k) for n in range(1, m + 1)]


def _planes(k: int) -> list[int]:
    """Return the frequencies that have a plane, not a line."""
    return [m for m in _frequencies(k) if 2 * m < k]


def _rho(m: int) -> sympy.Symbol:
    return sympy.Symbol(f"rho_{m}", positive=True)


def _beta(m: int) -> sympy.Symbol:
    return sympy.Symbol(f"beta_{m}", real=True)


def _derivative(*frequencies: int) -> sympy.Symbol:
    """∂Λ/∂(ρ_m²), ∂²Λ/∂(ρ_m²)∂(ρ_n²)."""
    return sympy.Symbol(f"Λ_{''.join(map(str, sorted(frequencies, reverse=True)))}", real=True)


def _entry(m: int, n: int) -> sympy.Symbol:
    return sympy.Symbol(f"∂²ℓ/∂ρ_{m}∂ρ_{n}", real=True)


def _others(m: int, k: int) -> list[int]:
    """Return the frequency beside m, if there is one."""
    return [n for n in _frequencies(k) if n != m]


def _plane(m: int, k: int) -> sympy.MatrixSymbol:
    """Columns of the Hessian in coordinates of the plane of frequency m and one of another frequency: of the former."""
    return sympy.MatrixSymbol(f"∇²ℓ_{m}", 2 + len(_others(m, k)), 2)


def _mean(value: sympy.Expr, k: int) -> sympy.Expr:
    return Mean(value, tuple(transform_symbols(k)[1:]))


def _gram_names(k: int) -> tuple[sympy.MatrixSymbol, ...]:
    number = len(_frequencies(k))
    return tuple(
        sympy.MatrixSymbol(name, *shape)
        for name, *shape in (("θ", k, 1), ("R^sθ", k, k), ("cos(2πms/k)", k, number), ("ρ²", number, 1))
    )


def _statement(k: int) -> Proposition:
    theta, turned, table, squares = _gram_names(k)
    frequencies, planes = _frequencies(k), _planes(k)
    simplex = ImmutableMatrix([_RADIUS**2 * (1 if 2 * m == k else 2) / (k - 1) for m in frequencies])
    return Proposition(
        variables=(
            Variable(_RADIUS, POSITIVE, "the radius of a regular simplex"),
            *(Variable(_rho(m), POSITIVE, f"the amplitude $‖P_{m}θ‖$") for m in frequencies),
            *(Variable(_derivative(m), REAL, f"$∂Λ/∂(ρ_{m}²)$") for m in frequencies),
            *(Variable(_derivative(m, n), REAL, f"$∂²Λ/∂(ρ_{m}²)∂(ρ_{n}²)$") for m, n in _pairs(k)),
            *(Variable(_entry(m, n), REAL) for m, n in _pairs(k)),
            *(Variable(H, MatrixSet(*H.shape, sympy.Reals), _IN_THE_PLANE) for H in (_plane(m, k) for m in planes)),
            *(Variable(name, REAL) for name in ((_U, _V) if planes else ())),
        ),
        hypotheses=("cyclic maps", "normal data"),
        conclusions=(
            related(MatMul(turned, theta), "==", MatMul(table, squares)),
            related(MatMul(table, simplex), "==", ImmutableMatrix([_RADIUS**2, *[-(_RADIUS**2) / (k - 1)] * (k - 1)])),
            *(_first(m) for m in frequencies),
            *(_second(m, n, k) for m, n in _pairs(k)),
            *(_radial(m, n) for m, n in _pairs(k)),
            *(formula for m in planes for formula in (_across(m, k, _beta(m)), _along(m, k, _beta(m)))),
        ),
        note="the rows of the first conclusion are the $⟨R^sθ, θ⟩$, on which $Λ$ depends; the second is the regular "
        "simplex; $β_m = E|γ̂_m|²$, and the means are of the joint cumulants $κ₄(χ_m, χ̄_m, χ_n, χ̄_n)$ of the "
        "posterior",
    )


def _first(m: int) -> sympy.Eq:
    return related(_derivative(m), "==", (1 - _beta(m)) / 2)


def _second(m: int, n: int, k: int) -> sympy.Eq:
    return related(_derivative(m, n), "==", _mean(fourth_cumulant(transform_symbols(k), m, n), k) / 4)


def _radial(m: int, n: int) -> sympy.Eq:
    return related(_entry(m, n), "==", int(m == n) * _beta(m) - 4 * _rho(m) * _rho(n) * _derivative(m, n))


def _across(m: int, k: int, eigenvalue: sympy.Expr) -> sympy.Eq:
    value = ImmutableMatrix([-_V * eigenvalue, _U * eigenvalue, *(0 for _ in _others(m, k))])
    return related(MatMul(_plane(m, k), ImmutableMatrix([-_V, _U])), "==", value)


def _along(m: int, k: int, across: sympy.Expr) -> sympy.Eq:
    square = _U**2 + _V**2
    factor = across - 4 * square * _derivative(m, m)
    mixed = (-4 * square * _rho(n) * _derivative(m, n) for n in _others(m, k))
    return related(
        MatMul(_plane(m, k), ImmutableMatrix([_U, _V])), "==", ImmutableMatrix([_U * factor, _V * factor, *mixed])
    )


def _gram_steps(k: int) -> tuple[Step, ...]:
    theta, turned, table, squares = _gram_names(k)
    frequencies = _frequencies(k)
    phases = sympy.symbols(f"w_1:{k // 2 + 1}", positive=True)
    coordinates = amplitude_vector([_rho(m) for m in frequencies], phases, k)
    gram, simplex = _statement(k).conclusions[:2]
    return (
        definition(
            "$θ$ with amplitudes $ρ_m$, as a vector of $R^k$ with sum zero; $w_m$ is its phase in the plane $m$.",
            theta,
            ImmutableMatrix(coordinates),
        ),
        definition(
            "The rows $R^sθ$, $s = 0$, …, $k − 1$.", turned, ImmutableMatrix(k, k, lambda s, j: coordinates[j - s])
        ),
        definition(
            "The cosines, a column for each $m$.", table, ImmutableMatrix([cosines(m, k) for m in frequencies]).T
        ),
        definition("The squares of the amplitudes.", squares, ImmutableMatrix([_rho(m) ** 2 for m in frequencies])),
        equation(
            "$⟨R^sθ, θ⟩ = ∑_m ρ_m² cos(2πms/k)$: the Gram matrix of the exponents, hence $Λ$, depends on the $ρ_m²$ "
            "only.",
            *gram.args,
            label="Gram",
        ),
        equation(
            "The regular simplex of radius $r$ has $ρ_m² = r² dim_m/(k−1)$, $dim_m = 2$, or 1 for $m = k/2$: the "
            "inner products of $r v_0$ with all $r v_s$.",
            *simplex.args,
        ),
    )


def _heat_steps(k: int) -> tuple[Step, ...]:
    omega = sympy.symbols(f"omega_:{k}", real=True)
    squares = {m: sympy.Symbol(f"p_{m}", positive=True) for m in _frequencies(k)}
    covariance = [sympy.Add(*(p_m * cosines(m, k)[s] for m, p_m in squares.items())) for s in range(k)]
    exponent = -Rational(1, 2) * sympy.Add(
        *(covariance[(i - j) % k] * omega[i] * omega[j] for i in range(k) for j in range(k))
    )
    s, t = _SHIFTS
    start = sympy.Symbol("y", real=True)

    def moved(m: int) -> sympy.Expr:
        """E^(i⟨ω, y⟩) with y moved by s χ_m + t χ̄_m."""
        steps = [s * root_of_unity(m * j, k) + t * root_of_unity(-m * j, k) for j in range(k)]
        return sympy.exp(sympy.I * (start + sympy.Add(*(w * step for w, step in zip(omega, steps, strict=True)))))

    return tuple(
        equation(
            f"$m = {m}$: the exponents $y_j = ⟨X, R^jθ⟩$ are Gaussian and $E e^{{i⟨ω, y⟩}}$ has the exponent "
            "$−∑_{jl} ⟨R^jθ, R^lθ⟩ω_jω_l/2$. Its derivative by $p_m = ρ_m²$ is half of what $D D̄$ multiplies "
            "$e^{i⟨ω, y⟩}$ by, where $D = ∑_j χ_m(j) ∂_j$ and $χ_m(j) = e^{2πimj/k}$.",
            Derivative(exponent, squares[m]) * sympy.exp(sympy.I * start),
            At(Derivative(moved(m), s, t), (s, t), (0, 0)) / 2,
            label=f"symbol {m}",
        )
        for m in squares
    )


def _cumulant_steps(k: int) -> tuple[Step, ...]:
    gamma, s = free_weights(k, "gamma"), _SHIFTS[0]
    characters = [[root_of_unity(m * j, k) for j in range(k)] for m in range(k)]
    grown = [[g * sympy.exp(s * c) for g, c in zip(gamma, characters[m], strict=True)] for m in range(1, k)]
    sums = [sympy.Add(*values) for values in grown]
    transform = [eigenvalue(gamma, m) for m in range(k)]
    return (
        equation(
            "If $y_j$ grows by $s χ_m(j)$, the integrand $f = log ∑_j π_je^{y_j}$ of $Λ$ grows by $log ∑_j "
            "γ_je^{sχ_m(j)}$. Along $χ_m$, $m = 1$, …, $k−1$, $f$ changes by $γ̂_m$,",
            ImmutableMatrix([Subs(Derivative(sympy.log(value), s), s, 0) for value in sums]),
            ImmutableMatrix(transform[1:]),
            label="first",
        ),
        equation(
            "and $γ̂_a$, a row for each $a = 1$, …, $k−1$, by $γ̂_{a+m} − γ̂_aγ̂_m$.",
            ImmutableMatrix(
                k - 1, k - 1, lambda a, m: Subs(Derivative(eigenvalue(grown[m], a + 1) / sums[m], s), s, 0)
            ),
            ImmutableMatrix(
                k - 1, k - 1, lambda a, m: transform[(a + m + 2) % k] - transform[a + 1] * transform[m + 1]
            ),
            label="next",
        ),
        *(step for m in _frequencies(k) for step in _slope_steps(m, k)),
        *(step for m, n in _pairs(k) for step in _curvature_steps(m, n, k)),
    )


def _slope_steps(m: int, k: int) -> tuple[Step, ...]:
    transform = transform_symbols(k)
    return (
        definition(f"$β_{m} = E|γ̂_{m}|²$.", _beta(m), _mean(transform[m] * transform[-m], k)),
        citation(
            "Price's theorem",
            f"$∂Λ/∂(ρ_{m}²) = ½E D D̄ f$, as for all $e^{{i⟨ω, y⟩}}$, because $f$ is smooth with derivatives of at "
            f"most exponential growth. $D$ and $D̄$ are the derivatives along $χ_{m}$ and its conjugate, $χ_{k - m}$: "
            f"$D̄ f$ is the conjugate of $γ̂_{m}$.",
            related(_derivative(m), "==", _mean(along(transform[-m], m, k), k) / 2),
            label=f"interpolation {m}",
            given=("plane", f"symbol {m}", "first", "next"),
        ),
        equation(f"$D D̄ f = 1 − |γ̂_{m}|²$.", *_first(m).args, given=(f"interpolation {m}",), label=f"slope {m}"),
    )


def _curvature_steps(m: int, n: int, k: int) -> tuple[Step, ...]:
    fourth = along(along(along(transform_symbols(k)[-n], n, k), -m, k), m, k)
    return (
        citation(
            "Price's theorem",
            f"Likewise $∂²Λ/∂(ρ_{m}²)∂(ρ_{n}²) = ¼E D_mD̄_mD_nD̄_n f$, as $e^{{i⟨ω, y⟩}}$ is multiplied for $m$ and $n$.",
            related(_derivative(m, n), "==", _mean(fourth, k) / 4),
            label=f"interpolation {m}{n}",
            given=("plane",),
        ),
        equation(
            "It is the joint cumulant $κ₄(χ_m, χ̄_m, χ_n, χ̄_n)$ of the posterior, $−|γ̂_{m+n}|² − |γ̂_{m−n}|² + "
            "4Re(γ̂_{m+n}γ̂_m^*γ̂_n^*) + 4Re(γ̂_{m−n}γ̂_m^*γ̂_n) − 6|γ̂_m|²|γ̂_n|²$.",
            *_second(m, n, k).args,
            given=(f"interpolation {m}{n}",),
        ),
    )


def _taylor(squares: Mapping[int, sympy.Expr], start: Mapping[int, sympy.Expr]) -> sympy.Expr:
    """Λ to the second order in the ρ_m², from `start` to `squares`, up to a constant."""
    changes = {m: value - start[m] for m, value in squares.items()}
    linear = sympy.Add(*(_derivative(m) * value for m, value in squares.items()))
    return linear + sympy.Add(*(_derivative(m, n) * changes[m] * changes[n] for m in changes for n in changes)) / 2


def _entry_steps(k: int) -> tuple[Step, ...]:
    names = dict(zip(_frequencies(k), _POINT, strict=False))
    polynomial = sympy.Function("T", real=True)(*names.values())
    return (
        definition(
            "The Taylor polynomial of $Λ$ at the $ρ_m²$, in amplitudes: of those its first and second derivatives are.",
            polynomial,
            _taylor({m: name**2 for m, name in names.items()}, {m: _rho(m) ** 2 for m in names}),
        ),
        *(step for m, n in _pairs(k) for step in _radial_steps(m, n, names, polynomial)),
    )


def _radial_steps(m: int, n: int, names: Mapping[int, sympy.Symbol], polynomial: sympy.Expr) -> tuple[Step, ...]:
    second, chain = Derivative(polynomial, names[m], names[n]), _radial(m, n)
    return (
        citation(
            "Taylor's theorem",
            f"The second derivative of $ℓ = ‖θ‖²/2 − Λ +$ constant, $‖θ‖² = ∑_m ρ_m²$, in $ρ_{m}$ and $ρ_{n}$.",
            related(_entry(m, n), "==", int(m == n) - Subs(second, tuple(names.values()), tuple(map(_rho, names)))),
            label=f"Taylor {m}{n}",
        ),
        *(_diagonal_steps(m) if m == n else (equation("By the chain rule.", *chain.args, given=(f"Taylor {m}{n}",)),)),
    )


def _diagonal_steps(m: int) -> tuple[Step, ...]:
    return (
        equation(
            "By the chain rule,",
            _entry(m, m),
            1 - 2 * _derivative(m) - 4 * _rho(m) ** 2 * _derivative(m, m),
            given=(f"Taylor {m}{m}",),
            label=f"chain {m}",
        ),
        equation("and by $2 ∂Λ/∂(ρ_m²) = 1 − β_m$.", *_radial(m, m).args, given=(f"chain {m}", f"slope {m}")),
    )


def _tangent_steps(m: int, k: int) -> tuple[Step, ...]:
    others, hessian = _others(m, k), _plane(m, k)
    names = x, y, *rest = _POINT[: 2 + len(others)]
    at = (_U, _V, *map(_rho, others))
    polynomial = sympy.Function(f"T_{m}", real=True)(*names)
    eigenvalue = 1 - 2 * _derivative(m)
    squares = {m: x**2 + y**2} | {n: name**2 for n, name in zip(others, rest, strict=True)}
    entries = ImmutableMatrix(
        *hessian.shape, lambda i, j: int(i == j) - Subs(Derivative(polynomial, names[i], names[j]), names, at)
    )
    return (
        definition(
            f"The same polynomial in the coordinates of $P_{m}θ$, and the amplitude of the other frequency, if any.",
            polynomial,
            _taylor(squares, {m: _U**2 + _V**2} | {n: _rho(n) ** 2 for n in others}),
        ),
        citation(
            "Taylor's theorem",
            f"Likewise where $P_{m}θ = (u, v)$.",
            related(hessian, "==", entries),
            label=f"plane {m}",
        ),
        equation(
            "Across the radius $∇²ℓ$ has the eigenvalue $1 − 2 ∂Λ/∂(ρ_m²)$,",
            *_across(m, k, eigenvalue).args,
            label=f"across {m}",
            given=(f"plane {m}",),
        ),
        equation("which is $β_m$,", *_across(m, k, _beta(m)).args, given=(f"across {m}", f"slope {m}")),
        equation("and along it", *_along(m, k, eigenvalue).args, label=f"along {m}", given=(f"plane {m}",)),
        equation("the one that the amplitudes give.", *_along(m, k, _beta(m)).args, given=(f"along {m}", f"slope {m}")),
    )
