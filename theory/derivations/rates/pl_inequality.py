"""The Polyak-Łojasiewicz inequality from the exact identity, with its constant."""

import sympy
from sympy import Integral, Interval, Rational

from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.step import PLACE, Step, citation, combination, equation, monotone, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("the PL inequality and its constant", 0, general=True)

SURVIVORS = {"step 3 (integral): right 1 → -1": "t is odd, so its integrals from 0 to 1 and to −1 are equal"}
"""Changes that are not noticed, and why."""

_KL, _GRADIENT, _SIGMA, _RHO, _Q, _R = sympy.symbols("KL ‖∇ℓ‖² sigma rho q r", nonnegative=True)
_LEAST = sympy.Symbol("b", nonnegative=True)
_T = sympy.Symbol("t", nonnegative=True)
_FORM = sympy.Function("f", real=True)
_I = component("i")
_BETA, _X = family("beta", nonnegative=True), family("x")


def _statement() -> Proposition:
    nonnegative = Interval(0, sympy.oo)
    ratio = Rational(1, 2) * (_Q * _R**3) ** 2 / Integral(_Q * _T**3, (_T, 0, _R))
    return Proposition(
        variables=(
            Variable(_RHO, nonnegative, "the radius of the ball of the θ"),
            Variable(_LEAST, nonnegative, "the least eigenvalue of B on the ball"),
            Variable(_SIGMA, nonnegative, "σ_min(A)"),
            Variable(_KL, nonnegative, "the divergence at θ"),
            Variable(_GRADIENT, nonnegative, "the square of the gradient of ℓ at θ"),
            Variable(_Q, nonnegative, "the constant of statement degenerate-directions"),
            Variable(_R, nonnegative, "the distance from 0 along u"),
        ),
        hypotheses=("orthogonal maps", "normal data", "annihilated direction"),
        conclusions=(
            related(_LEAST**2 * _KL, "<=", _GRADIENT / 2),
            related(sympy.exp(-(_RHO**2)) * _SIGMA**2, "<=", _LEAST),
            related(sympy.exp(-2 * _RHO**2) * _SIGMA**4 * _KL, "<=", _GRADIENT / 2),
            related(ratio, "==", 2 * _Q * _R**2),
        ),
        note="the annihilated direction is for the last conclusion only: there the leading terms of ½‖∇ℓ‖² and KL "
        "have a ratio that tends to 0, so that no PL constant exists",
    )


def derive_general() -> Derivation:
    """Derive ½‖∇ℓ‖² ≥ b² KL, b the smallest eigenvalue of B on the ball, and that it fails if A is singular."""
    return Derivation(
        name="pl-inequality",
        title=STATEMENT.title,
        statement=_statement(),
        source="Lemma 1 of the paper (local PL inequality), with its constant",
        scope="every k, any weights, any orthogonal maps, any d, any ρ",
        k=None,
        steps=(*_divergence_steps(), *_gradient_steps(), *_constant_steps()),
    )


def _divergence_steps() -> tuple[Step, ...]:
    square = total(_X[_I] ** 2, _I)
    return (
        prose(
            "Statement stein-identity: ∇ℓ(θ) = B(θ)θ. So d/dt ℓ(tθ) = ⟨∇ℓ(tθ), θ⟩ = t f(t), f(t) = ⟨θ, B(tθ)θ⟩, and "
            "KL = ℓ(θ) − ℓ(0).",
            related(_KL, "==", Integral(_T * _FORM(_T), (_T, 0, 1))),
            label="path",
            under=("orthogonal maps", "normal data"),
        ),
        prose(
            "B ⪯ I, with x_i the coordinates of θ.",
            related(_FORM(_T), "<=", square),
            label="below I",
            under=("orthogonal maps",),
        ),
        monotone(
            "Under the integral",
            Integral(_T * _FORM(_T), (_T, 0, 1)),
            "<=",
            Integral(_T * square, (_T, 0, 1)),
            Integral(_T * PLACE, (_T, 0, 1)),
            "below I",
            label="integral",
        ),
        combination("KL is at most ‖θ‖²/2.", _KL, "<=", square / 2, {"path": -1, "integral": 1}, label="KL"),
    )


def _gradient_steps() -> tuple[Step, ...]:
    image = total(_BETA[_I] ** 2 * _X[_I] ** 2, _I)
    return (
        citation(
            "spectral theorem",
            "B(θ) is symmetric: let β_i be its eigenvalues and x_i the coordinates of θ in a basis of eigenvectors. "
            "‖∇ℓ‖² = ‖Bθ‖² is",
            related(_GRADIENT, "==", image),
            label="gradient",
        ),
        prose(
            "The least eigenvalue on the ball is at most each of them.", related(_LEAST, "<=", _BETA[_I]), label="least"
        ),
        monotone(
            "So b²‖θ‖² ≤ ‖∇ℓ‖²,",
            total(_LEAST**2 * _X[_I] ** 2, _I),
            "<=",
            image,
            total(PLACE**2 * _X[_I] ** 2, _I),
            "least",
            label="square",
        ),
        combination(
            "and with KL ≤ ‖θ‖²/2 this is the PL inequality.",
            _LEAST**2 * _KL,
            "<=",
            _GRADIENT / 2,
            {"KL": _LEAST**2, "square": Rational(1, 2), "gradient": Rational(1, 2)},
            label="PL",
        ),
    )


def _constant_steps() -> tuple[Step, ...]:
    bound = sympy.exp(-(_RHO**2)) * _SIGMA**2
    explicit = sympy.exp(-2 * _RHO**2) * _SIGMA**4
    return (
        prose(
            "Statement contraction-bound: B(θ) ⪰ e^{−‖θ‖²}AᵀA, and ‖θ‖ ≤ ρ.",
            related(bound, "<=", _LEAST),
            label="bound",
        ),
        monotone(
            "So μ = e^{−2ρ²} σ_min(A)⁴ is at most b²,",
            explicit,
            "<=",
            _LEAST**2,
            PLACE**2,
            "bound",
            label="bound of the square",
        ),
        combination(
            "a PL constant on the ball of radius ρ, positive for every ρ if A is invertible.",
            explicit * _KL,
            "<=",
            _GRADIENT / 2,
            {"bound of the square": _KL, "PL": 1},
        ),
        equation(
            "If Au = 0, the gradient along u is q r³ + O(r⁵) (statement degenerate-directions), KL(ru) its integral, "
            "and all of the gradient O(r³), as ℓ is smooth: the ratio of the leading terms along u tends to 0 with r, "
            "so there is no PL constant.",
            Rational(1, 2) * (_Q * _R**3) ** 2 / Integral(_Q * _T**3, (_T, 0, _R)),
            2 * _Q * _R**2,
            under=("annihilated direction",),
        ),
    )
