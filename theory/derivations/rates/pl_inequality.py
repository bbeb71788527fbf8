"""The Polyak-Łojasiewicz inequality from the exact identity, with its constant."""

import sympy
from sympy import Integral, Interval, Rational

from emtheory.theory.derivations.model import hessian, stein_identity
from emtheory.theory.derivations.rates import contraction_bound, stationary_point
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, made, related
from emtheory.theory.proof.meant.laws import average
from emtheory.theory.proof.meant.vectors import Inner, Most, Unit
from emtheory.theory.proof.step import PLACE, Step, combination, equation, instance, meant, monotone
from emtheory.theory.proof.words import at_most, citation, prose
from emtheory.theory.sums import component, family, over_coordinates

STATEMENT = Statement(__name__, "the PL inequality and its constant")

_KL, _GRADIENT, _LENGTH, _SIGMA, _RHO, _C = sympy.symbols("KL ‖∇ℓ‖² ‖θ‖² sigma rho c", nonnegative=True)
_R, _S = sympy.symbols("r s", positive=True)
_DIVERGENCE, _ALONG = sympy.symbols("KL(ru) ‖∇ℓ(ru)‖²", nonnegative=True)
_DIMENSION = sympy.Symbol("D", positive=True)
_H, _LINEAR, _SQUARED = sympy.symbols("h n_1 n_2", real=True)
_HESSIAN, _IMAGE = sympy.symbols("⟨h|∇²ℓ(0)h⟩ ‖Ah‖²", real=True)
_COMPONENT, _REST = sympy.Function("n", real=True), sympy.Function("e", real=True)
_LEAST, _AT = sympy.symbols("b r_b", nonnegative=True)
_FORM = sympy.Function("f", real=True)
_I = component("i")
_BETA, _X = family("beta", nonnegative=True), family("x")


def derive_general() -> Derivation:
    nonnegative = Interval(0, sympy.oo)
    vanishing = 2 * _C**2 * _R**2 * (_DIMENSION + 2 * _R**2)
    return STATEMENT.derivation(
        variables=(
            Variable(_RHO, nonnegative, "the radius of the ball of the $θ$"),
            Variable(_LEAST, nonnegative, "the least eigenvalue of $B$ on the ball"),
            Variable(_SIGMA, nonnegative, "$σ_{min}(A)$"),
            Variable(_KL, nonnegative, "the divergence at $θ$"),
            Variable(_GRADIENT, nonnegative, "the square of the gradient of $ℓ$ at $θ$"),
            Variable(_R, Interval.open(0, sympy.oo), "the distance from 0 along $u$"),
            Variable(_C, nonnegative, "the supremum of $‖∇ℓ(su)‖/s³$ over $0 < s ≤ r$, which is finite"),
            Variable(_DIMENSION, Interval.open(0, sympy.oo), "at least the dimension of the span of the $U_iu − U_ju$"),
            Variable(_DIVERGENCE, nonnegative, "the divergence at $ru$"),
            Variable(_ALONG, nonnegative, "the square of the gradient there"),
            Variable(_LENGTH, nonnegative),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data", "annihilated direction"),
        exist_under=dict.fromkeys((_DIVERGENCE, _ALONG), ("weights", "orthogonal maps", "annihilated direction")),
        conclusions=(
            related(_LEAST**2 * _KL, "<=", _GRADIENT / 2),
            related(sympy.exp(-(_RHO**2)) * _SIGMA**2, "<=", _LEAST),
            related(sympy.exp(-2 * _RHO**2) * _SIGMA**4 * _KL, "<=", _GRADIENT / 2),
            related(_ALONG / 2, "<=", vanishing * _DIVERGENCE),
            related(_KL, "<=", _LENGTH / 2),
        ),
        note="along an annihilated direction the ratio of $½‖∇ℓ‖²$ and KL tends "
        "to 0 with $r$, so that no PL constant exists",
        source="Lemma 1 of the paper (local PL inequality), with its constant",
        scope="every $k$, any weights, any orthogonal maps, any $d$, any $ρ$",
        steps=(*_divergence_steps(), *_gradient_steps(), *_constant_steps(), *_degenerate_steps()),
    )


def _divergence_steps() -> tuple[Step, ...]:
    square = over_coordinates(_X[_I] ** 2, _I)
    return (
        meant("With $x_i$ the coordinates of $θ$,", related(_LENGTH, "==", square), {_LENGTH: square}, label="length"),
        made(stationary_point.derive_general).quoted(
            "$⟨∇ℓ(sθ), sθ⟩$ is $s²f(s)$, $f(s) = ⟨θ, B(sθ)θ⟩$ (statement stationary-point):",
            6,
            {"KL(r)": _KL, "f(r*s)": _S**2 * _FORM(_S)},
            label="path",
        ),
        made(stein_identity.derive_general).quoted(
            "$B ⪯ I$ (statement stein-identity).", 2, {"⟨h|B(sθ)h⟩": _FORM(_S), "‖h‖²": _LENGTH}, label="below I"
        ),
        monotone(
            "Under the integral",
            related(Integral(_S * _FORM(_S), (_S, 0, 1)), "<=", Integral(_S * _LENGTH, (_S, 0, 1))),
            Integral(_S * PLACE, (_S, 0, 1)),
            "below I",
            label="integral",
        ),
        combination("KL is at most $‖θ‖²/2$.", _KL, "<=", _LENGTH / 2, {"path": -1, "integral": 1}, label="KL"),
    )


def _gradient_steps() -> tuple[Step, ...]:
    image = over_coordinates(_BETA[_I] ** 2 * _X[_I] ** 2, _I)
    moved, lost = family("m")[_I], family("b")[_I]
    return (
        made(stein_identity.derive_general).quoted(
            "$∇ℓ(θ) = B(θ)θ$ (statement stein-identity).",
            0,
            {"⟨h|M(θ)⟩": moved, "⟨h|θ⟩": _X[_I], "⟨h|B(θ)θ⟩": lost},
            label="identity",
        ),
        citation(
            "spectral theorem",
            "$B(θ)$ is symmetric: let $β_i$ be its eigenvalues, and $x_i$, $m_i$ and $b_i$ the coordinates of $θ$, "
            "$M(θ)$ and $B(θ)θ$ in a basis of eigenvectors,",
            related(lost, "==", _BETA[_I] * _X[_I]),
            label="eigenvalues",
        ),
        citation(
            "spectral theorem",
            "which is orthonormal:",
            related(_GRADIENT, "==", over_coordinates((_X[_I] - moved) ** 2, _I)),
            label="coordinates",
        ),
        equation("so", _GRADIENT, image, label="gradient", given=("coordinates", "identity", "eigenvalues")),
        meant(
            "The least eigenvalue on the ball is at most each of them.",
            related(_LEAST, "<=", _BETA[_I]),
            {_LEAST: -Most(-_BETA[component("n")], component("n"))},
            label="least",
        ),
        monotone(
            "So $b²‖θ‖² ≤ ‖∇ℓ‖²$,",
            related(over_coordinates(_LEAST**2 * _X[_I] ** 2, _I), "<=", image),
            over_coordinates(PLACE**2 * _X[_I] ** 2, _I),
            "least",
            label="square",
        ),
        combination(
            "and with $KL ≤ ‖θ‖²/2$ this is the PL inequality.",
            related(_LEAST**2 * _KL, "<=", _GRADIENT / 2),
            {"KL": _LEAST**2, "length": -(_LEAST**2) / 2, "square": Rational(1, 2), "gradient": Rational(1, 2)},
            label="PL",
        ),
    )


def _constant_steps() -> tuple[Step, ...]:
    explicit = sympy.exp(-2 * _RHO**2) * _SIGMA**4
    return (
        *at_most("Where it is attained $‖θ‖$ is", _AT, _RHO, label="in the ball"),
        made(contraction_bound.derive_general).quoted(
            "so that by statement contraction-bound, at a unit eigenvector,",
            3,
            {"r": _AT, "rho": _RHO, "sigma": _SIGMA, "‖w‖²": sympy.S.One, "E‖Gw‖²": _LEAST},
            ("in the ball",),
            label="bound",
        ),
        monotone(
            "So $μ = e^{−2ρ²} σ_{min}(A)⁴$ is at most $b²$,",
            related(explicit, "<=", _LEAST**2),
            PLACE**2,
            "bound",
            label="bound of the square",
        ),
        combination(
            "a PL constant on the ball of radius $ρ$, positive for every $ρ$ if $A$ is invertible.",
            related(explicit * _KL, "<=", _GRADIENT / 2),
            {"bound of the square": _KL, "PL": 1},
        ),
    )


def _degenerate_steps() -> tuple[Step, ...]:
    h, r, at = _H, _R, _COMPONENT
    image = sympy.Symbol("|Au|²", nonnegative=True)

    def cube(h: sympy.Symbol) -> sympy.Expr:
        return (_REST(h) + _REST(-h)) / 2 * h**3

    expansion = related(at(h), "==", _LINEAR * h + _SQUARED * h**2 + _REST(h) * h**3)
    return (
        citation(
            "Taylor's theorem",
            "Let $Au = 0$, and $n(h)$ a component of $∇ℓ(hu)$, for $h$ of both signs. $ℓ$ is smooth, so, with a "
            "function $e$ that is bounded near 0,",
            expansion,
            label="expansion",
        ),
        prose(
            "Smoothness alone leaves $h²$. But $X$ and $−X$ have the same law, and the posterior at $(−θ, X)$ is "
            "that at $(θ, −X)$: $ℓ$ is even and $∇ℓ$ odd.",
            related(at(-h), "==", -at(h)),
            label="odd",
            under=("weights", "normal data"),
        ),
        instance("At $−h$", expansion.xreplace({h: -h}), "expansion", {h: -h}, label="at −h"),
        made(hessian.derive_general).quoted(
            "By statement hessian $∇²ℓ(0) = AᵀA$, as the forms are the same:",
            2,
            {"⟨h|∇²ℓ(0)h⟩": _HESSIAN, "‖Ah‖²": _IMAGE, "‖h‖²": sympy.S.One},
            label="Hessian",
        ),
        meant(
            "where $Au$ is 0:",
            related(image, "==", 0),
            {image: Inner(average(Unit("u")), average(Unit("u")))},
            label="annihilated",
            under=("annihilated direction",),
        ),
        prose(
            "The linear term is a component of $∇²ℓ(0)u = AᵀAu = 0$; there is no rule for vectors of derivatives:",
            related(_LINEAR, "==", 0),
            label="linear",
            given=("Hessian", "annihilated"),
        ),
        combination(
            "The half of the difference is free of $h²$: what remains is of third order.",
            related(at(h), "==", cube(h)),
            {"expansion": Rational(1, 2), "at −h": -Rational(1, 2), "odd": Rational(1, 2), "linear": h},
            label="third order",
        ),
        instance("Let $h$ be $r$", at(r), "==", cube(r), "third order", {h: r}, label="at r"),
        prose("and the component that along $∇ℓ(ru)$ itself:", _ALONG, "==", at(r) ** 2, label="whole"),
        prose(
            "$c$ is the supremum of $‖∇ℓ(su)‖/s³$ over $0 < s ≤ r$, so that",
            related((cube(r) / r**3) ** 2, "<=", _C**2),
            label="supremum",
        ),
        combination(
            "the norm of the gradient is of third order.",
            related(_ALONG, "<=", _C**2 * r**6),
            {"supremum": r**6, "whole": -1, "at r": -at(r) - cube(r)},
            label="gradient along u",
        ),
        made(stationary_point.derive_general).quoted(
            "Statement stationary-point: KL is of fourth order, no less.",
            2,
            {"KL(r)": _DIVERGENCE, "r": r, "D": _DIMENSION},
            label="fourth order",
        ),
        combination(
            "A PL constant of any ball would thus be at most $2c²r²(D + 2r²)$ for all small $r$: there is none.",
            related(_ALONG / 2, "<=", 2 * _C**2 * r**2 * (_DIMENSION + 2 * r**2) * _DIVERGENCE),
            {"gradient along u": Rational(1, 2), "fourth order": 2 * _C**2 * r**2 * (_DIMENSION + 2 * r**2)},
        ),
    )
