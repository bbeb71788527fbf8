"""The exact identity M(θ) = (I − B(θ))θ, from Stein's lemma."""

import sympy
from sympy import Derivative, ImmutableMatrix, Interval, MatMul, MatrixSymbol, Subs, oo

from emtheory.theory.fourier import circulant, eigenvalue, eigenvectors, generic_root
from emtheory.theory.mixture import columns, free_weights, generic_posterior, posterior
from emtheory.theory.proof.derivation import Derivation, Statement, in_coordinates
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import (
    PLACE,
    Step,
    citation,
    combination,
    definition,
    equation,
    inequality,
    monotone,
    prose,
)
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("M(θ) = (I − B(θ))θ with B = E GᵀG", 5, general=True)

_I, _J, _M, _N = (component(name) for name in "ijmn")
_WEIGHTS, _U, _C, _D = family("pi", positive=True), family("u"), family("c"), family("d")
_FREE = family("g", positive=True)
_UPDATE, _INNER = sympy.symbols("⟨h|M(θ)⟩ ⟨h|θ⟩", real=True)
_SQUARE, _FORM, _BETA = sympy.symbols("‖θ‖² ⟨θ|B(θ)θ⟩ β_m", real=True)


def derive(k: int) -> Derivation:
    """Derive M(θ) = (I − B(θ))θ with B = E GᵀG, G = Σ_j γ_j U_j, and 0 ⪯ B ⪯ I, for a given k ≥ 2."""
    steps = (*_posterior_steps(k), *_matrix_steps(k))
    return Derivation(
        name="stein-identity",
        title=STATEMENT.title,
        statement=in_coordinates(
            steps,
            "with the exponents x u_j + c_j as functions of one coordinate x; G = Σ_j γ_jU_j, m = Σ_j γ_jU_jᵀ(U_jθ − "
            "Gθ), whose expectation is M(θ); C the circulant of γ and F that of the eigenvectors: M(θ) = (I − B(θ))θ, "
            "B(θ) = E[G(X; θ)ᵀG(X; θ)], 0 ⪯ B(θ) ⪯ I, B(0) = AᵀA",
        ),
        source="not in the paper; Stein's lemma applied to its EM operator",
        scope=f"k = {k}, any weights, any orthogonal maps, any d, every θ; the identity of matrices and the "
        f"frequencies "
        "are the case U_j = R^j. That the boundary term vanishes is read off: 0 < γ_j < 1 and φ decays",
        k=k,
        steps=steps,
    )


def _posterior_steps(k: int) -> tuple[Step, ...]:
    weights = free_weights(k)
    x, t = sympy.symbols("x t", real=True)
    u, c = sympy.symbols(f"u_:{k}", real=True), sympy.symbols(f"c_:{k}", real=True)
    responsibilities = ImmutableMatrix(posterior(weights, [x * a + b for a, b in zip(u, c, strict=True)]))
    density = sympy.exp(-(x**2) / 2) / sympy.sqrt(2 * sympy.pi)
    slopes = responsibilities.applyfunc(lambda g: Derivative(g, x))
    mean_slope = sympy.Add(*(g * a for g, a in zip(responsibilities, u, strict=True)))
    return (
        equation(
            "As a function of one coordinate x of the observation the exponents are x u_j + c_j: u_j is that "
            "coordinate "
            "of U_jθ, c_j collects the others. Divergence identity: γ_jφ vanishes at infinity, so the integral of the "
            "left side is 0: E[γ_jX] = E[∂γ_j], Stein's lemma.",
            responsibilities.applyfunc(lambda g: Derivative(g * density, x)),
            density * (slopes - x * responsibilities),
        ),
        equation(
            "The derivative of the posterior; over all coordinates, ∇γ_j = γ_j(U_jθ − Gθ) with G = Σ_l γ_l U_l.",
            slopes,
            ImmutableMatrix([g * (a - mean_slope) for g, a in zip(responsibilities, u, strict=True)]),
        ),
        equation(
            "Along tθ the exponents are t⟨x, U_jθ⟩; at t = 0 the posterior is π, so G = A and B(0) = AᵀA.",
            ImmutableMatrix([Subs(g, t, 0) for g in posterior(weights, [t * value for value in c])]),
            ImmutableMatrix(weights),
        ),
    )


def _matrix_steps(k: int) -> tuple[Step, ...]:
    gamma, maps, (coordinates,) = free_weights(k, "gamma"), rotations(k), columns(k - 1, "theta")
    s = sympy.Symbol("s", real=True)
    gram = [[s if i == j else sympy.Symbol(f"c_{min(i, j)}{max(i, j)}", real=True) for j in range(k)] for i in range(k)]
    pairs = [(i, j) for i in range(k) for j in range(k)]
    image_square = sympy.Add(*(gamma[i] * gamma[j] * gram[i][j] for i, j in pairs))
    posterior_map = sum((g * U for g, U in zip(gamma, maps, strict=True)), ImmutableMatrix.zeros(k - 1))
    G, theta, m = MatrixSymbol("G", k - 1, k - 1), MatrixSymbol("theta", k - 1, 1), MatrixSymbol("m", k - 1, 1)
    C, F = MatrixSymbol("C", k, k), MatrixSymbol("F", k, k - 1)
    powers = [eigenvalue(gamma, m) * eigenvalue(gamma, -m) for m in range(1, k)]
    drift = [g * U.T * (U * coordinates - posterior_map * coordinates) for g, U in zip(gamma, maps, strict=True)]
    return (
        definition("G = Σ_j γ_jR^j.", G, posterior_map),
        definition("θ in coordinates.", theta, coordinates),
        definition(
            "m = Σ_j γ_jU_jᵀ(U_jθ − Gθ), the integrand in M(θ) = E Σ_j U_jᵀγ_jX = E Σ_j U_jᵀ∇γ_j.",
            m,
            sum(drift, ImmutableMatrix.zeros(k - 1, 1)),
        ),
        equation("M(θ) is θ − E GᵀGθ; here for U_j = R^j.", m, theta - G.T * G * theta),
        equation(
            "The same for any orthogonal maps, against any vector h = θ: with c_ij = ⟨U_iθ, U_jθ⟩, c_ii = s = ‖θ‖², "
            "Σ_j γ_j⟨U_jθ, U_jθ − Gθ⟩ = ‖θ‖² − ‖Gθ‖². Polarising in θ gives the identity of matrices.",
            sympy.Add(*(gamma[j] * (s - sum(gamma[i] * gram[j][i] for i in range(k))) for j in range(k))),
            s - image_square,
        ),
        equation(
            "I − GᵀG is positive semidefinite: ‖θ‖² − ‖Gθ‖² is the mean of ‖U_iθ − U_jθ‖²/2 = s − c_ij. As "
            "⟨θ, GᵀGθ⟩ = ‖Gθ‖² ≥ 0 too, 0 ⪯ B(θ) ⪯ I.",
            s - image_square,
            sympy.Add(*(gamma[i] * gamma[j] * (s - gram[i][j]) for i, j in pairs)),
        ),
        definition("The circulant of γ", C, circulant(gamma)),
        definition("and its eigenvectors.", F, eigenvectors(k)),
        equation(
            "In frequency (U_j = R^j): GᵀG multiplies the component m by |γ̂_m|², so P_mM(θ) = (1 − E|γ̂_m|²) P_mθ.",
            MatMul(C.T, C, F),
            MatMul(F, sympy.diag(*powers).as_immutable()),
        ),
    )


def _gamma(index: sympy.Symbol) -> sympy.Expr:
    return _FREE[index] / total(_FREE[_N], _N)


def derive_general() -> Derivation:
    """Derive M(θ) = (I − B(θ))θ and 0 ⪯ B ⪯ I for every k, any weights, orthogonal maps and dimension."""
    return Derivation(
        name="stein-identity",
        title=STATEMENT.title,
        statement=_statement(),
        source="not in the paper; Stein's lemma applied to its EM operator",
        scope="every k, any positive weights, any orthogonal maps, any d, every θ",
        k=None,
        steps=(*_stein_steps(), *_identity_steps(), *_bound_steps(), *_frequency_steps()),
    )


def _statement() -> Proposition:
    real = Interval(-oo, oo)
    t = sympy.Symbol("t", real=True)
    at_zero = _WEIGHTS[_J] * sympy.exp(t * _C[_J]) / total(_WEIGHTS[_N] * sympy.exp(t * _C[_N]), _N)
    overlap = total(_gamma(_J) * _gamma(_I) * _C[_J, _I], _I, _J)
    power = total(_gamma(_I) * _gamma(_J) * generic_root((_J - _I) * _M), _I, _J)
    return Proposition(
        variables=(
            Variable(_UPDATE, real),
            Variable(_INNER, real),
            Variable(_C, real, "c_jl = ⟨U_jh, U_lθ⟩, and c_j = ⟨x, U_jθ⟩ in the last conclusion"),
            Variable(_FORM, real, "the expectation of ‖Gθ‖² with G = Σ_j γ_jU_j"),
            Variable(_SQUARE, real),
            Variable(_BETA, real, "the factor of P_mθ in P_m(θ − M(θ))"),
            Variable(_M, sympy.Range(0, oo), "a frequency"),
            Variable(_WEIGHTS, Interval.open(0, oo), "the weights"),
            Variable(_J, sympy.Range(0, oo), "a component"),
        ),
        hypotheses=("orthogonal maps", "normal data", "cyclic maps"),
        conclusions=(
            related(_UPDATE, "==", _INNER - Mean(overlap, (_FREE,))),
            related(0, "<=", _FORM),
            related(_FORM, "<=", _SQUARE),
            related(_BETA, "==", Mean(power, (_FREE,))),
            related(Subs(at_zero, t, 0), "==", _WEIGHTS[_J] / total(_WEIGHTS[_N], _N)),
        ),
        note="for all vectors h, g the posterior up to a factor: M(θ) = (I − B(θ))θ with B(θ) = E[G(X; θ)ᵀG(X; θ)], "
        "0 ⪯ "
        "B(θ) ⪯ I, B(0) = AᵀA; the cyclic maps are for β_m = E|γ̂_m|² only",
    )


def _stein_steps() -> tuple[Step, ...]:
    x = sympy.Symbol("x", real=True)

    def responsibility(index: sympy.Symbol) -> sympy.Expr:
        return generic_posterior(_WEIGHTS, lambda component: x * _U[component] + _D[component], index)

    density = sympy.exp(-(x**2) / 2) / sympy.sqrt(2 * sympy.pi)
    random = (x, _D)
    deviation = _U[_J] - total(responsibility(_I) * _U[_I], _I)
    drift = total(_gamma(_J) * (_INNER - total(_gamma(_I) * _C[_J, _I], _I)), _J)
    return (
        equation(
            "As a function of one coordinate x of the observation the exponents are x u_j + d_j, where u_j is that "
            "coordinate of U_jθ. The derivative of γ_jφ is φ times ∂γ_j − xγ_j.",
            Derivative(responsibility(_J) * density, x),
            density * (Derivative(responsibility(_J), x) - x * responsibility(_J)),
            label="divergence",
        ),
        equation(
            "∂γ_j = γ_j(u_j − Σ_l γ_lu_l): over all coordinates ∇γ_j = γ_j(U_jθ − Gθ) with G = Σ_l γ_lU_l.",
            Derivative(responsibility(_J), x),
            responsibility(_J) * deviation,
            label="slope",
        ),
        citation(
            "Stein's lemma",
            "γ_j is smooth with 0 < γ_j < 1, and its gradient is at most 2‖θ‖.",
            related(Mean(x * responsibility(_J), random), "==", Mean(Derivative(responsibility(_J), x), random)),
            label="Stein",
            given=("divergence", "slope"),
            under=("normal data",),
        ),
        equation(
            "So the moments of the observation under the posterior are",
            Mean(x * responsibility(_J), random),
            Mean(responsibility(_J) * deviation, random),
            given=("Stein",),
            label="moment",
        ),
        prose(
            "Against any vector h: ⟨h, M(θ)⟩ = E Σ_j γ_j⟨U_jh, X⟩ = E Σ_j γ_j⟨U_jh, U_jθ − Gθ⟩, coordinate by "
            "coordinate. Write c_jl = ⟨U_jh, U_lθ⟩; c_jj = ⟨h, θ⟩ for every j because U_j is orthogonal. With g the "
            "posterior up to a factor:",
            related(_UPDATE, "==", Mean(drift, (_FREE,))),
            label="update",
            given=("moment",),
            under=("orthogonal maps",),
        ),
    )


def _identity_steps() -> tuple[Step, ...]:
    drift = total(_gamma(_J) * (_INNER - total(_gamma(_I) * _C[_J, _I], _I)), _J)
    overlap = total(_gamma(_J) * _gamma(_I) * _C[_J, _I], _I, _J)
    return (
        equation("As Σγ = 1, and ⟨Gh, Gθ⟩ = Σ_jl γ_jγ_l c_jl,", drift, _INNER - overlap, label="pointwise"),
        equation(
            "⟨h, M(θ)⟩ = ⟨h, θ⟩ − E⟨Gh, Gθ⟩ for every h, that is M(θ) = θ − E[GᵀG]θ.",
            _UPDATE,
            _INNER - Mean(overlap, (_FREE,)),
            given=("update", "pointwise"),
        ),
    )


def _bound_steps() -> tuple[Step, ...]:
    image = sympy.Symbol("‖Gθ‖²", nonnegative=True)
    random = (_FREE, image)
    inner = _C[_I, _J]
    pairs = total(_gamma(_I) * _gamma(_J) * inner, _I, _J)
    return (
        prose(
            "With h = θ, ‖U_iθ − U_jθ‖²/2 = ‖θ‖² − c_ij is not negative:",
            related(inner, "<=", _SQUARE),
            label="inner products",
            under=("orthogonal maps",),
        ),
        monotone(
            "averaged,",
            pairs,
            "<=",
            total(_gamma(_I) * _gamma(_J) * _SQUARE, _I, _J),
            total(_gamma(_I) * _gamma(_J) * PLACE, _I, _J),
            "inner products",
            label="average",
        ),
        prose("and ‖Gθ‖² = Σ_ij γ_iγ_jc_ij.", related(image, "==", pairs), label="image"),
        combination("So ‖Gθ‖² ≤ ‖θ‖²,", image, "<=", _SQUARE, {"average": 1, "image": -1}, label="contraction"),
        monotone(
            "also in expectation.",
            Mean(image, random),
            "<=",
            Mean(_SQUARE, random),
            Mean(PLACE, random),
            "contraction",
            label="mean contraction",
        ),
        inequality("And it is not negative:", 0, "<=", Mean(image, random), label="mean sign"),
        prose("⟨θ, B(θ)θ⟩ = E‖Gθ‖².", related(_FORM, "==", Mean(image, random)), label="form"),
        combination("0 ⪯ B(θ)", 0, "<=", _FORM, {"mean sign": 1, "form": 1}),
        combination("and B(θ) ⪯ I.", _FORM, "<=", _SQUARE, {"mean contraction": 1, "form": -1}),
    )


def _frequency_steps() -> tuple[Step, ...]:
    t = sympy.Symbol("t", real=True)
    power = total(_gamma(_I) * _gamma(_J) * generic_root((_J - _I) * _M), _I, _J)
    transform = total(_gamma(_J) * generic_root(_J * _M), _J)
    conjugate = total(_gamma(_I) * generic_root(-_I * _M), _I)
    return (
        prose(
            "For U_j = R^j, G acts on the eigenvectors of R of frequency m as γ̂_m = Σ_j γ_j e^{2πijm/k}, so GᵀG = G*G "
            "as |γ̂_m|²: P_mM(θ) = (1 − E|γ̂_m|²) P_mθ.",
            related(_BETA, "==", Mean(transform * conjugate, (_FREE,))),
            label="power",
            under=("cyclic maps",),
        ),
        combination("Multiplied out,", _BETA, "==", Mean(power, (_FREE,)), {"power": 1}),
        equation(
            "Along tθ, with c_j = ⟨x, U_jθ⟩: at t = 0 the exponents vanish and the posterior is π, so G = A, B(0) = "
            "AᵀA.",
            Subs(_WEIGHTS[_J] * sympy.exp(t * _C[_J]) / total(_WEIGHTS[_N] * sympy.exp(t * _C[_N]), _N), t, 0),
            _WEIGHTS[_J] / total(_WEIGHTS[_N], _N),
        ),
    )
