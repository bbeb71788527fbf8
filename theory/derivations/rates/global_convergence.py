"""Population EM converges linearly from every start under the DFT condition."""

import sympy
from sympy import Interval, Limit, oo

from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.step import (
    PLACE,
    Step,
    citation,
    combination,
    equation,
    induction,
    inequality,
    monotone,
    prose,
)
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("EM converges linearly from every start", 0, general=True)

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_BETA, _MODULUS = sympy.Function("beta", nonnegative=True), sympy.Symbol("|π̂_m|", positive=True)
_AMPLITUDE, _RADIUS = sympy.Function("rho", nonnegative=True), sympy.Function("r", nonnegative=True)
_SLOWEST, _IMAGE, _START, _HERE = sympy.symbols("σ ‖Aθ‖ r_0 ‖θ‖", positive=True)
_FORM = sympy.Symbol("⟨θ|∇ℓ(θ)⟩", real=True)
_M, _J, _N = component("m"), component("j"), component("n")
_RHO, _FACTOR, _FREE = family("rho"), family("beta", nonnegative=True), family("g", positive=True)


def _statement() -> Proposition:
    t, positive = _T, Interval.open(0, oo)
    loss = total(_RHO[_M] ** 2 - ((1 - _FACTOR[_M]) * _RHO[_M]) ** 2, _M)
    return Proposition(
        variables=(
            Variable(t, sympy.Range(0, oo), "the number of steps"),
            Variable(_START, positive, "‖θ_0‖"),
            Variable(_MODULUS, Interval.Lopen(0, 1), "any of them but m = 0"),
            Variable(_SLOWEST, positive, "the least |π̂_m| among the frequencies m that θ_0 has"),
            Variable(_FORM, Interval(-oo, oo), "that inner product at any θ ≠ 0"),
            Variable(_RHO, Interval(-oo, oo), "the amplitudes ‖P_mθ‖"),
            Variable(_FACTOR, Interval(0, oo), "β_m(θ)"),
        ),
        hypotheses=("weights", "cyclic maps", "invertible A"),
        conclusions=(
            related(_AMPLITUDE(t), "<=", (1 - sympy.exp(-(_START**2)) * _MODULUS**2) ** t * _AMPLITUDE(0)),
            related(0, "<=", loss),
            related(Limit(_RADIUS(t + 1) / _RADIUS(t), t, oo), "==", 1 - _SLOWEST**2),
            related(0, "<", _FORM),
        ),
        note="ρ(t) = ‖P_mθ_t‖ for any one frequency m, r(t) = ‖θ_t‖; the second conclusion is ‖M(θ)‖² ≤ ‖θ‖², the last "
        "that 0 is the only stationary point of ℓ; on the complement of the simplex one step reaches 0",
    )


def derive_general() -> Derivation:
    """Derive linear convergence from every start, the asymptotic factor and that 0 is the only stationary point."""
    return Derivation(
        name="global-convergence",
        title=STATEMENT.title,
        statement=_statement(),
        source="not in the paper; the exact identity and the bound on B",
        scope="every k, any weights with no π̂_m = 0, any d, every start",
        k=None,
        steps=(*_expansion_steps(), *_rate_steps(), *_limit_steps()),
    )


def _expansion_steps() -> tuple[Step, ...]:
    beta, rho = _FACTOR[_M], _RHO[_M]
    return (
        prose(
            "Statement stein-identity: a step of EM multiplies the component of frequency m by 1 − β_m, and "
            "β_m = E|γ̂_m|² is at most 1.",
            related(beta, "<=", 1),
            label="at most 1",
            under=("cyclic maps",),
        ),
        combination("So 2 − β_m is at least 1,", 1, "<=", 2 - beta, {"at most 1": 1}, label="two"),
        monotone(
            "and β_m ρ_m² ≤ β_m(2 − β_m)ρ_m², summed over m,",
            total(beta * rho**2, _M),
            "<=",
            total(beta * (2 - beta) * rho**2, _M),
            total(beta * PLACE * rho**2, _M),
            "two",
            label="loss",
        ),
        inequality("where the left side is not negative.", 0, "<=", total(beta * rho**2, _M), label="sign"),
        combination(
            "The right side is what ‖θ‖² = Σ_m ρ_m² loses in a step: ‖M(θ)‖ ≤ ‖θ‖ for every θ, and iterates remain in "
            "the ball of their start. Divergence is impossible.",
            0,
            "<=",
            total(rho**2 - ((1 - beta) * rho) ** 2, _M),
            {"loss": 1, "sign": 1},
        ),
    )


def _rate_steps() -> tuple[Step, ...]:
    t = _T
    bound = sympy.exp(-(_START**2)) * _MODULUS**2
    return (
        prose(
            "One frequency:",
            related(_AMPLITUDE(t + 1), "==", (1 - _BETA(t)) * _AMPLITUDE(t)),
            label="step",
            under=("cyclic maps",),
        ),
        prose(
            "Statement contraction-bound: β_m(θ) ≥ e^{−‖θ‖²}|π̂_m|², and ‖θ_t‖ ≤ ‖θ_0‖.",
            related(bound, "<=", _BETA(t)),
            label="bound",
            under=("weights",),
        ),
        inequality("e^{−r_0²} is less than 1,", sympy.exp(-(_START**2)), "<", 1, label="exponential"),
        combination("so is the bound,", bound, "<", _MODULUS**2, {"exponential": _MODULUS**2}, label="below"),
        inequality("as |π̂_m| ≤ 1.", _MODULUS**2, "<=", 1, label="modulus"),
        combination("Hence", 0, "<", 1 - bound, {"below": 1, "modulus": 1}, label="factor"),
        induction(
            "and by induction every frequency contracts geometrically, whatever θ_0, by at most "
            "1 − e^{−‖θ_0‖²} min |π̂_m|² < 1 a step, if no π̂_m vanishes.",
            _AMPLITUDE(t),
            "<=",
            (1 - bound) ** t * _AMPLITUDE(0),
            t,
            1 - bound,
            {"step": -1, "bound": _AMPLITUDE(t)},
            within=("factor",),
        ),
    )


def _limit_steps() -> tuple[Step, ...]:
    t = _T
    return (
        citation(
            "dominated convergence",
            "|γ̂_m|² ≤ 1 is continuous in θ, so β_m is, and β_m(θ_t) → β_m(0) = |π̂_m|² as θ_t → 0: in the limit ρ_m "
            "shrinks by the factor 1 − |π̂_m|² a step, and the slowest excited frequency decides.",
            related(Limit(_RADIUS(t + 1) / _RADIUS(t), t, oo), "==", 1 - _SLOWEST**2),
            under=("invertible A",),
        ),
        equation(
            "On the complement of the simplex R = I: γ̂_0 = Σ_j γ_j = 1, so β_0 = 1 and one step reaches 0 there. The "
            "exponents do not see the complement: nothing depends on d.",
            total(_FREE[_J] / total(_FREE[_N], _N), _J),
            sympy.S.One,
            label="complement",
        ),
        prose("So the frequency 0 does not delay.", given=("complement",)),
        prose(
            "⟨θ, ∇ℓ(θ)⟩ = ⟨θ, B(θ)θ⟩ (statements stein-identity and contraction-bound):",
            related(sympy.exp(-(_HERE**2)) * _IMAGE**2, "<=", _FORM),
            label="form",
        ),
        inequality("if A is invertible and θ ≠ 0", 0, "<", sympy.exp(-(_HERE**2)) * _IMAGE**2, label="positive"),
        combination(
            "it is positive: the origin is the only stationary point of ℓ and its global minimum; there are no "
            "spurious ones.",
            0,
            "<",
            _FORM,
            {"positive": 1, "form": 1},
            under=("invertible A",),
        ),
    )
