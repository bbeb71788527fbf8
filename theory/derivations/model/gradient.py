"""EM is gradient descent on −E log p_θ(X) with unit step."""

import sympy
from sympy import Derivative, Interval, Subs, oo

from emtheory.theory.mixture import (
    columns,
    em_integrand,
    exponents,
    free_weights,
    generic_partition,
    generic_posterior,
    log_partition_integrand,
    posterior,
)
from emtheory.theory.proof.derivation import Derivation, Proposition, Statement, Variable, in_coordinates, related
from emtheory.theory.proof.meant.vectors import DATA, Adjoint, Image, Inner, Mean, Vector
from emtheory.theory.proof.step import Step, combination, equation, meant
from emtheory.theory.proof.words import citation
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "EM is gradient descent with unit step", 12)

_DATA_SQUARE, _MEAN_SQUARE = sympy.symbols("‖x‖² ‖θ‖²", positive=True)
_T, _INNER, _STEP_SQUARE = sympy.symbols("t ⟨θ|h⟩ ‖h‖²", real=True)
_I, _J, _N = component("i"), component("j"), component("n")
_WEIGHTS, _Y, _A, _B, _NORM = family("pi", positive=True), *(family(name) for name in "yabn")
_UPDATE, _SLOPE = sympy.symbols("⟨M(θ)|h⟩ ⟨∇ℓ(θ)|h⟩", real=True)
_LOSS = (_MEAN_SQUARE + 2 * _T * _INNER + _T**2 * _STEP_SQUARE) / 2 - sympy.log(
    generic_partition(_WEIGHTS, lambda n: _A[n] + _T * _B[n], _J)
)


def derive(k: int) -> Derivation:
    steps = _coordinate_steps(k)
    return STATEMENT.derivation(
        statement=in_coordinates(
            steps,
            "$y_j = ⟨x, U_jθ⟩$; along $θ + th$ the exponents are $a_j + t b_j$, $b_j = ⟨x, U_jh⟩$; so $∇Λ(θ) = "
            "M(θ)$ and $M(θ) = θ − ∇ℓ(θ)$",
        ),
        source="Section 3 of the paper (EM is gradient descent with step 1)",
        scope=f"$k = {k}$, any weights, any orthogonal maps, any $d$, at every observation $x$: for every sample "
        "and, since the gradient is bounded by $‖x‖$, which is integrable, for the population",
        k=k,
        steps=steps,
    )


def _coordinate_steps(k: int) -> tuple[Step, ...]:
    weights, maps = free_weights(k), rotations(k)
    y, a, b = (sympy.symbols(f"{name}_:{k}", real=True) for name in "yab")
    line = [start + _T * slope for start, slope in zip(a, b, strict=True)]
    h, x = columns(k - 1, "h", "x")
    gamma = free_weights(k, "gamma")
    loss = (_MEAN_SQUARE + 2 * _T * _INNER + _T**2 * _STEP_SQUARE) / 2 - log_partition_integrand(weights, line)
    densities = [sympy.exp(-(_DATA_SQUARE - 2 * value + _MEAN_SQUARE) / 2) for value in y]
    return (
        equation(
            "$p_θ(x)/φ(x) = e^{−‖θ‖²/2} ∑_j π_j e^{y_j}$; so $ℓ(θ) − ℓ(0) = −E log p_θ/φ = ‖θ‖²/2 − Λ(θ)$.",
            sympy.Add(*(p * f for p, f in zip(weights, densities, strict=True))) / sympy.exp(-_DATA_SQUARE / 2),
            sympy.exp(-_MEAN_SQUARE / 2) * sympy.exp(log_partition_integrand(weights, y)),
        ),
        equation(
            "Along $θ + th$ the exponents are $a_j + t b_j$ with $b_j = ⟨x, U_jh⟩ = ⟨U_jᵀx, h⟩$: the derivative of "
            "the integrand of $Λ$ is $∑_j γ_j b_j = ⟨∑_j γ_j U_jᵀx, h⟩$.",
            Derivative(log_partition_integrand(weights, line), _T),
            sympy.Add(*(g * slope for g, slope in zip(posterior(weights, line), b, strict=True))),
        ),
        equation(
            "For $U_j = R^j$ in coordinates: $∑_j γ_j⟨x, U_jh⟩ = ⟨∑_j γ_jU_jᵀx, h⟩$, the component of the integrand "
            "of $M$.",
            sympy.Add(*(g * value for g, value in zip(gamma, exponents(maps, h, x), strict=True))),
            (em_integrand(gamma, maps, x).T * h)[0],
        ),
        equation(
            "The loss $‖θ + th‖²/2 − log ∑_j π_j e^{y_j}$ has at $t = 0$ the slope $⟨θ, h⟩ − ⟨m(x; θ), h⟩$: the "
            "gradient step of unit length, $θ − ∇ℓ$, is $M(θ)$.",
            Subs(Derivative(loss, _T), _T, 0),
            _INNER - sympy.Add(*(g * slope for g, slope in zip(posterior(weights, a), b, strict=True))),
        ),
    )


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        statement=_statement(),
        source="Section 3 of the paper (EM is gradient descent with step 1)",
        scope="every $k$, any positive weights, any orthogonal maps, any $d$, every $θ$; samples and population",
        steps=_general_steps(),
    )


def _statement() -> Proposition:
    positive, real = Interval.open(0, oo), Interval(-oo, oo)
    densities = total(_WEIGHTS[_J] * sympy.exp(-(_DATA_SQUARE - 2 * _Y[_J] + _NORM[_J]) / 2), _J)
    posterior_mean = total(_WEIGHTS[_I] * sympy.exp(_A[_I]) * _B[_I], _I) / total(_WEIGHTS[_N] * sympy.exp(_A[_N]), _N)
    return Proposition(
        variables=(
            Variable(_WEIGHTS, positive, "the weights"),
            Variable(_Y, real, "the exponents $⟨x, U_jθ⟩$"),
            Variable(_A, real, "the same"),
            Variable(_B, real, "the exponents $⟨x, U_jh⟩$ of $h$"),
            Variable(_NORM, real, "the $‖U_jθ‖²$"),
            Variable(_DATA_SQUARE, positive),
            Variable(_MEAN_SQUARE, positive),
            Variable(_STEP_SQUARE, real),
            Variable(_INNER, real),
            Variable(_UPDATE, real),
            Variable(_SLOPE, real),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        exist_under=dict.fromkeys((_UPDATE, _SLOPE), ("weights", "orthogonal maps")),
        conclusions=(
            related(
                densities / sympy.exp(-_DATA_SQUARE / 2),
                "==",
                sympy.exp(-_MEAN_SQUARE / 2) * total(_WEIGHTS[_J] * sympy.exp(_Y[_J]), _J),
            ),
            related(Subs(Derivative(_LOSS, _T), _T, 0), "==", _INNER - posterior_mean),
            related(_UPDATE, "==", _INNER - _SLOPE),
        ),
        note="for every vector $h$, $M(θ) = θ − ∇ℓ(θ) = ∇Λ(θ)$; the first conclusion is $p_θ(x)/φ(x)$, so that "
        "$ℓ(θ) − ℓ(0) = ‖θ‖²/2 − Λ(θ)$, the second the slope of the loss at one observation, true for every "
        "sample too",
    )


def _general_steps() -> tuple[Step, ...]:
    posterior_mean = total(_WEIGHTS[_I] * sympy.exp(_A[_I]) * _B[_I], _I) / total(_WEIGHTS[_N] * sympy.exp(_A[_N]), _N)
    random, theta, h = (_A, _B), Vector("θ"), Vector("h")
    gamma = generic_posterior(_WEIGHTS, lambda n: Inner(DATA, Image(n, theta)), _I)
    return (
        meant(
            "With $y_j = ⟨x, U_jθ⟩$ and $‖U_jθ‖ = ‖θ‖$, as $U_j$ is orthogonal, $p_θ(x)/φ(x) = e^{−‖θ‖²/2} ∑_j π_j "
            "e^{y_j}$; so $ℓ(θ) − ℓ(0) = −E log p_θ/φ = ‖θ‖²/2 − Λ(θ)$.",
            _statement().conclusions[0],
            {_NORM[_J]: Inner(Image(_J, theta), Image(_J, theta)), _MEAN_SQUARE: Inner(theta, theta)},
            label="density",
            under=("orthogonal maps",),
        ),
        meant(
            "With $a_j = ⟨x, U_jθ⟩$ and $b_j = ⟨x, U_jh⟩$: $⟨x, U_jh⟩ = ⟨U_jᵀx, h⟩$, so $∑_j γ_j b_j = ⟨∑_j γ_j "
            "U_jᵀx, h⟩$, which has the mean $⟨M(θ), h⟩$.",
            related(_UPDATE, "==", Mean(posterior_mean, random)),
            {
                _A[_J]: Inner(DATA, Image(_J, theta)),
                _B[_J]: Inner(DATA, Image(_J, h)),
                _UPDATE: Mean(Inner(total(gamma * Adjoint(_I, DATA), _I), h), (DATA,)),
            },
            label="update",
        ),
        equation(
            "Along $θ + th$ the exponents are $a_j + t b_j$: the loss $‖θ + th‖²/2 − log ∑_j π_j e^{y_j}$ has at $t = "
            "0$ the slope $⟨θ, h⟩ − ⟨m(x; θ), h⟩$ for every $h$: its gradient is $θ − m(x; θ)$, at every observation "
            "$x$. Averaged over a sample, $θ − ∇ℓ_n(θ) = M_n(θ)$.",
            Subs(Derivative(_LOSS, _T), _T, 0),
            _INNER - posterior_mean,
            label="loss",
        ),
        citation(
            "dominated convergence",
            "The derivative is at most $‖x‖‖h‖$ for every $θ$, which is integrable, so the expectation may be "
            "differentiated under the integral.",
            related(_SLOPE, "==", Mean(Subs(Derivative(_LOSS, _T), _T, 0), random)),
            label="gradient",
            under=("normal data",),
        ),
        combination("$θ − ∇ℓ(θ) = M(θ)$.", related(_UPDATE, "==", _INNER - _SLOPE), {"update": 1, "gradient": 1}),
    )
