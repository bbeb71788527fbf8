"""The EM operator, from the surrogate that the M-step maximises."""

import sympy
from sympy import ImmutableMatrix, Interval, oo

from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.mixture import columns, em_integrand, exponents, free_weights, posterior
from emtheory.theory.proof.derivation import Derivation, Proposition, Statement, Variable, in_coordinates, related
from emtheory.theory.proof.meant.vectors import DATA, Adjoint, Image, Inner, Mean, Vector
from emtheory.theory.proof.step import Step, combination, equation, inequality, meant
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, normalised, total

STATEMENT = Statement(__name__, "the EM operator $M(θ)$ from the surrogate it maximises", 12)

_DATA_SQUARE, _MEAN_SQUARE = sympy.symbols("‖x‖² ‖θ‖²", positive=True)
_INNER, _SURROGATE = sympy.symbols("⟨m|θ'⟩ Q(θ')", real=True)
_J, _N = component("j"), component("n")
_WEIGHTS, _Y, _FREE = family("pi", positive=True), family("y"), family("g", positive=True)
_THETA, _TARGET, _ENTRY, _NORM = family("theta"), family("m"), family("a"), family("n")
_X = sympy.Symbol("x", real=True)
_LOG_DENSITY = -(_DATA_SQUARE - 2 * _Y[_J] + _MEAN_SQUARE) / 2
_UNTIED = -(_DATA_SQUARE - 2 * _Y[_J] + _NORM[_J]) / 2
_NAMES = {
    _Y[_J]: Inner(DATA, Image(_J, Vector("θ"))),
    _INNER: Inner(total(normalised(_FREE, _J) * Adjoint(_J, DATA), _J), Vector("θ")),
    _X: Inner(DATA, Vector("e")),
}


def derive(k: int) -> Derivation:
    steps = _coordinate_steps(k)
    return STATEMENT.derivation(
        statement=in_coordinates(
            steps,
            "with $y_j = ⟨x, U_jθ⟩$: Bayes' rule; the surrogate of the M-step; its linear part $⟨m, θ'⟩$ with $m = "
            "∑_j γ_jU_jᵀx$; its maximum at $θ' = E m = M(θ)$; at the origin $M(0) = 0$",
        ),
        source="Section 3 of the paper (the EM update with tied means)",
        scope=f"$k = {k}$, any weights; the linear part and the origin for $U_j = R^j$ in $d = {k - 1}$, the others "
        "for "
        "any orthogonal maps",
        k=k,
        steps=steps,
    )


def _coordinate_steps(k: int) -> tuple[Step, ...]:
    weights, gamma, maps = free_weights(k), free_weights(k, "gamma"), rotations(k)
    theta, x, target = columns(k - 1, "theta", "x", "m")
    y = sympy.symbols(f"y_:{k}", real=True)
    log_densities = [-(_DATA_SQUARE - 2 * value + _MEAN_SQUARE) / 2 for value in y]
    image, at_origin = em_integrand(gamma, maps, x), em_integrand(weights, maps, x)
    densities = [weight * sympy.exp(value) for weight, value in zip(weights, log_densities, strict=True)]
    return (
        equation(
            "E-step: Bayes' rule for the densities $exp(−‖x − U_jθ‖²/2)$. As $‖U_jθ‖ = ‖θ‖$ the norms cancel.",
            ImmutableMatrix([density / sympy.Add(*densities) for density in densities]),
            ImmutableMatrix(posterior(weights, y)),
        ),
        equation(
            "M-step: the surrogate $∑_j γ_j log φ(x − U_jθ')$, up to a constant, is linear in the exponents $y_j$ "
            "of $θ'$ apart from $‖θ'‖²$, because the $γ_j$ sum to 1.",
            sympy.Add(*(g * value for g, value in zip(gamma, log_densities, strict=True))),
            -(_DATA_SQUARE + _MEAN_SQUARE) / 2 + sympy.Add(*(g * value for g, value in zip(gamma, y, strict=True))),
        ),
        equation(
            "The linear part is $⟨m, θ'⟩$ with $m = ∑_j γ_j U_jᵀ x$.",
            sympy.Add(*(g * value for g, value in zip(gamma, exponents(maps, theta, x), strict=True))),
            sympy.Add(*(a * b for a, b in zip(image, theta, strict=True))),
        ),
        equation(
            "Completing the square: after taking expectations, $θ' = E m$ is the only maximiser.",
            -_square(theta) / 2 + (target.T * theta)[0],
            _square(target) / 2 - _square(theta - target) / 2,
        ),
        equation(
            "The origin is a fixed point: there $γ = π$, and $E ∑_j π_j U_jᵀ X = 0$.",
            at_origin.applyfunc(lambda entry: Expectation(entry, tuple(x))),
            ImmutableMatrix.zeros(k - 1, 1),
        ),
    )


def _square(vector: ImmutableMatrix) -> sympy.Expr:
    return sympy.Add(*(entry**2 for entry in vector))


def _lengths() -> dict[sympy.Basic, sympy.Basic]:
    theta = Vector("θ")
    return {_NORM[_J]: Inner(Image(_J, theta), Image(_J, theta)), _MEAN_SQUARE: Inner(theta, theta)}


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        statement=_statement(),
        source="Section 3 of the paper (the EM update with tied means)",
        scope="every $k$, any positive weights, any orthogonal maps, any $d$",
        steps=_general_steps(),
    )


def _statement() -> Proposition:
    density = _WEIGHTS[_J] * sympy.exp(_UNTIED)
    positive, real = Interval.open(0, oo), Interval(-oo, oo)
    return Proposition(
        variables=(
            Variable(_WEIGHTS, positive, "the weights"),
            Variable(_Y, real, "the exponents $⟨x, U_jθ⟩$"),
            Variable(_NORM, real, "the $‖U_jθ‖²$"),
            Variable(_DATA_SQUARE, positive),
            Variable(_MEAN_SQUARE, positive, "$‖θ‖²$, or $‖θ'‖²$ in the surrogate"),
            Variable(_J, sympy.Range(0, oo), "a component"),
            Variable(_SURROGATE, real, "the surrogate $∑_j γ_j log φ(x − U_jθ')$ up to a constant"),
            Variable(_INNER, real, "the inner product with $m = ∑_j γ_jU_jᵀx$"),
            Variable(_THETA, real, "the coordinates of $θ'$"),
            Variable(_TARGET, real, "those of $E m$"),
            Variable(_ENTRY, real, "an entry of each $U_jᵀ$"),
        ),
        hypotheses=("orthogonal maps", "normal data"),
        conclusions=(
            related(
                density / total(density, _J),
                "==",
                _WEIGHTS[_J] * sympy.exp(_Y[_J]) / total(_WEIGHTS[_J] * sympy.exp(_Y[_J]), _J),
            ),
            related(_SURROGATE, "==", -(_DATA_SQUARE + _MEAN_SQUARE) / 2 + _INNER),
            related(
                total(_TARGET[_J] * _THETA[_J] - _THETA[_J] ** 2 / 2, _J),
                "==",
                total(_TARGET[_J] ** 2 / 2 - (_THETA[_J] - _TARGET[_J]) ** 2 / 2, _J),
            ),
            related(total(_TARGET[_J] * _THETA[_J] - _THETA[_J] ** 2 / 2, _J), "<=", total(_TARGET[_J] ** 2 / 2, _J)),
            related(Mean(total(_WEIGHTS[_J] * _ENTRY[_J] * _X, _J), (_X,)), "==", 0),
        ),
        note="so $M(θ) = E ∑_j γ_j(X; θ) U_jᵀ X$ is the only maximiser of the surrogate's mean, and $M(0) = 0$",
    )


def _general_steps() -> tuple[Step, ...]:
    linear, target = total(normalised(_FREE, _J) * _Y[_J], _J), total(_TARGET[_J] ** 2 / 2, _J)
    drop = total((_THETA[_J] - _TARGET[_J]) ** 2 / 2, _J)
    return (
        meant(
            "E-step: Bayes' rule for the densities $exp(−‖x − U_jθ‖²/2)$. As $‖U_jθ‖ = ‖θ‖$ the norms cancel, and "
            "$γ_j$ is proportional to $π_j e^{y_j}$, $y_j = ⟨x, U_jθ⟩$.",
            _statement().conclusions[0],
            _lengths(),
            under=("orthogonal maps",),
        ),
        meant(
            "M-step: the surrogate $∑_j γ_j log φ(x − U_jθ')$, up to a constant, is",
            related(_SURROGATE, "==", total(normalised(_FREE, _J) * _LOG_DENSITY, _J)),
            {_SURROGATE: total(normalised(_FREE, _J) * _UNTIED, _J), **_lengths()},
            label="surrogate",
            under=("orthogonal maps",),
        ),
        meant("$∑_j γ_j⟨x, U_jθ'⟩ = ⟨m, θ'⟩$ with $m = ∑_j γ_jU_jᵀx$.", linear, "==", _INNER, _NAMES, label="linear"),
        combination(
            "It is linear in the exponents of $θ'$ apart from $‖θ'‖²$, because the $γ_j$ sum to 1. $E m$ exists "
            "since $‖m‖ ≤ ‖x‖$.",
            related(_SURROGATE, "==", -(_DATA_SQUARE + _MEAN_SQUARE) / 2 + _INNER),
            {"surrogate": 1, "linear": 1},
        ),
        equation(
            "Completing the square, in any number of coordinates: $−‖θ'‖²/2 + ⟨E m, θ'⟩ = ‖E m‖²/2 − ‖θ' − E m‖²/2$,",
            total(_TARGET[_J] * _THETA[_J] - _THETA[_J] ** 2 / 2, _J),
            total(_TARGET[_J] ** 2 / 2 - (_THETA[_J] - _TARGET[_J]) ** 2 / 2, _J),
        ),
        inequality("and the square is not negative,", related(0, "<=", drop), label="square"),
        combination(
            "so $θ' = E m$ is the only maximiser.",
            related(total(_TARGET[_J] * _THETA[_J] - _THETA[_J] ** 2 / 2, _J), "<=", target),
            {"square": 1},
        ),
        meant("$E X = 0$,", related(Mean(_X, (_X,)), "==", 0), _NAMES, label="centred", under=("normal data",)),
        combination(
            "and at $θ = 0$ the posterior is $π$: $E ∑_j π_jU_jᵀX = 0$, the origin is a fixed point.",
            related(Mean(total(_WEIGHTS[_J] * _ENTRY[_J] * _X, _J), (_X,)), "==", sympy.S.Zero),
            {"centred": total(_WEIGHTS[_J] * _ENTRY[_J], _J)},
        ),
    )
