"""Population EM converges linearly from every start under the DFT condition."""

import sympy
from sympy import Interval, oo

from emtheory.theory.derivations.model import stein_identity
from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.made import made
from emtheory.theory.proof.step import PLACE, Step, combination, equation, induction, inequality, monotone
from emtheory.theory.proof.words import prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("EM converges linearly from every start", 0, general=True)

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_BETA, _MODULUS = sympy.Function("beta", nonnegative=True), sympy.Symbol("|π̂_m|", positive=True)
_AMPLITUDE, _RADIUS = sympy.Function("rho", nonnegative=True), sympy.Function("r", nonnegative=True)
_SLOWEST, _START = sympy.symbols("σ r_0", positive=True)
_M, _J, _N = component("m"), component("j"), component("n")
_RHO, _FACTOR, _FREE = family("rho"), family("beta", nonnegative=True), family("g", positive=True)


def derive_general() -> Derivation:
    """Derive linear convergence from every start, frequency by frequency and of the norm."""
    t, positive = _T, Interval.open(0, oo)
    loss = total(_RHO[_M] ** 2 - ((1 - _FACTOR[_M]) * _RHO[_M]) ** 2, _M)
    return STATEMENT.derivation(
        name="global-convergence",
        statement=Proposition(
            variables=(
                Variable(t, sympy.Range(0, oo), "the number of steps"),
                Variable(_START, positive, "$‖θ_0‖$"),
                Variable(_MODULUS, Interval.Lopen(0, 1), "any of them but $m = 0$"),
                Variable(
                    _SLOWEST, Interval.Lopen(0, 1), "the least $|π̂_m|$ among the frequencies $m ≠ 0$ that $θ_0$ has"
                ),
                Variable(_RHO, Interval(-oo, oo), "the amplitudes $‖P_mθ‖$"),
                Variable(_FACTOR, Interval(0, oo), "$β_m(θ)$"),
            ),
            hypotheses=("weights", "cyclic maps", "normal data"),
            conclusions=(
                related(_AMPLITUDE(t), "<=", (1 - sympy.exp(-(_START**2)) * _MODULUS**2) ** t * _AMPLITUDE(0)),
                related(0, "<=", loss),
                related(
                    _RADIUS(t) ** 2, "<=", (1 - sympy.exp(-(_START**2)) * _SLOWEST**2) ** (2 * t) * _RADIUS(0) ** 2
                ),
            ),
            note="$ρ(t) = ‖P_mθ_t‖$ for any one frequency $m$, $r(t) = ‖θ_t‖$; the second conclusion is $‖M(θ)‖² ≤ "
            "‖θ‖²$; no $π̂_m$ that $θ_0$ has may vanish, the others may; on the complement of the simplex one step "
            "reaches 0",
        ),
        source="not in the paper; the exact identity and the bound on $B$",
        scope="every $k$, any weights, any $d$, every start that has no frequency with $π̂_m = 0$",
        steps=(*_expansion_steps(), *_rate_steps(), *_complement_steps(), *_norm_steps()),
    )


def _expansion_steps() -> tuple[Step, ...]:
    beta, rho = _FACTOR[_M], _RHO[_M]
    return (
        made(stein_identity.derive_general).quoted(
            "A step of EM multiplies the component of frequency $m$ by $1 − β_m$, and $β_m = E|γ̂_m|²$, the form of $B$ "
            "at a unit vector of this frequency, is at most 1 (statement stein-identity).",
            2,
            {"⟨h|B(sθ)h⟩": beta, "‖h‖²": sympy.S.One},
            label="at most 1",
        ),
        monotone(
            "So $2 − β_m$ is at least 1, and $β_m ρ_m² ≤ β_m(2 − β_m)ρ_m²$, summed over $m$,",
            related(total(beta * rho**2, _M), "<=", total(beta * (2 - beta) * rho**2, _M)),
            total(beta * (2 - PLACE) * rho**2, _M),
            "at most 1",
            label="loss",
        ),
        inequality("where the left side is not negative.", related(0, "<=", total(beta * rho**2, _M)), label="sign"),
        combination(
            "The right side is what $‖θ‖² = ∑_m ρ_m²$ loses in a step: $‖M(θ)‖ ≤ ‖θ‖$ for every $θ$, and iterates "
            "remain in the ball of their start. Divergence is impossible.",
            related(0, "<=", total(rho**2 - ((1 - beta) * rho) ** 2, _M)),
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
            under=("weights", "cyclic maps", "normal data"),
        ),
        prose(
            "Statement contraction-bound: $β_m(θ) ≥ e^{−‖θ‖²}|π̂_m|²$, and $‖θ_t‖ ≤ ‖θ_0‖$.",
            related(bound, "<=", _BETA(t)),
            label="bound",
            under=("weights", "cyclic maps", "normal data"),
        ),
        made(stein_identity.derive_general).quoted(
            "and it is at most 1:", 2, {"⟨h|B(sθ)h⟩": _BETA(t), "‖h‖²": sympy.S.One}, label="one"
        ),
        combination("Hence", related(0, "<=", 1 - bound), {"bound": 1, "one": 1}, label="factor"),
        induction(
            "and by induction every frequency contracts geometrically, whatever $θ_0$, by at most $1 − e^{−‖θ_0‖²} "
            "min |π̂_m|² < 1$ a step, if no $π̂_m$ vanishes.",
            related(_AMPLITUDE(t), "<=", (1 - bound) ** t * _AMPLITUDE(0)),
            t,
            1 - bound,
            {"step": -1, "bound": _AMPLITUDE(t)},
            within=("factor",),
        ),
    )


def _norm_steps() -> tuple[Step, ...]:
    t, beta, rho = _T, _FACTOR[_M], _RHO[_M]
    bound = sympy.exp(-(_START**2)) * _SLOWEST**2
    factor, now, following = 1 - bound, _RADIUS(t) ** 2, _RADIUS(t + 1) ** 2
    return (
        prose(
            "All frequencies at once: $σ²$ is at most $|π̂_m|²$ for those that $θ_0$ has, which are those of $θ_t$, "
            "and $β_0 = 1$ on the complement.",
            related(bound, "<=", beta),
            label="bound of all",
            given=("complement",),
            under=("weights", "cyclic maps", "normal data"),
        ),
        combination("$1 − β_m$ is not negative,", related(0, "<=", 1 - beta), {"at most 1": 1}, label="not negative"),
        combination(
            "nor is the bound of it:", related(0, "<=", factor), {"bound of all": 1, "at most 1": 1}, label="positive"
        ),
        combination(
            "so $(1 − β_m)²$",
            related((1 - beta) ** 2, "<=", factor * (1 - beta)),
            {"bound of all": 1 - beta},
            within=("not negative",),
            label="once",
        ),
        combination(
            "is, with",
            related(factor * (1 - beta), "<=", factor**2),
            {"bound of all": factor},
            within=("positive",),
            label="twice",
        ),
        combination(
            "at most its square.", related((1 - beta) ** 2, "<=", factor**2), {"once": 1, "twice": 1}, label="square"
        ),
        monotone(
            "Summed,",
            related(total((1 - beta) ** 2 * rho**2, _M), "<=", total(factor**2 * rho**2, _M)),
            total(PLACE * rho**2, _M),
            "square",
            label="squares",
        ),
        prose("where $∑ρ_m²$ is $r²$,", related(now, "==", total(rho**2, _M)), label="norm"),
        prose(
            "and after a step",
            related(following, "==", total((1 - beta) ** 2 * rho**2, _M)),
            label="norm next",
            under=("weights", "cyclic maps", "normal data"),
        ),
        combination(
            "A step multiplies the norm by at most $1 − e^{−‖θ_0‖²}σ²$,",
            related(following, "<=", factor**2 * now),
            {"squares": 1, "norm": factor**2, "norm next": -1},
            label="norm step",
        ),
        induction(
            "and $t$ steps by its power.",
            related(now, "<=", factor ** (2 * t) * _RADIUS(0) ** 2),
            t,
            factor**2,
            {"norm step": 1},
        ),
    )


def _complement_steps() -> tuple[Step, ...]:
    return (
        equation(
            "On the complement of the simplex $R = I$: $γ̂_0 = ∑_j γ_j = 1$, so $β_0 = 1$ and one step reaches 0 "
            "there. The exponents do not see the complement: nothing depends on $d$.",
            total(_FREE[_J] / total(_FREE[_N], _N), _J),
            sympy.S.One,
            label="complement",
        ),
    )
