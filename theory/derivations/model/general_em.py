"""EM for any finite mixture: it does not lower the likelihood, where it stops, and how fast it is there."""

import sympy
from sympy import Derivative, Subs

from emtheory.theory.mixture import generic_partition, generic_posterior
from emtheory.theory.proof.derivation import REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import PLACE, Step, combination, equation, meant, monotone
from emtheory.theory.proof.words import citation, definition
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "EM for any finite mixture: ascent, stationary points, and the rate $I − I_c^{−1}I_o$")

_I, _J, _N = (component(name) for name in "ijn")
_OLD, _NEW = family("g", positive=True), family("h", positive=True)
_LOG, _LOG_NEXT = family("l"), family("m")
_P, _U, _W, _C, _D = family("p", positive=True), family("u"), family("w"), family("c"), family("b")
_NOW, _NEXT = sympy.symbols("p q", real=True)
_GAIN, _RISE, _SCORE, _SURROGATE, _TRUE_SCORE = sympy.symbols("Q ℓ ∂ℓ ∂Q ∂ℓ(η*)", real=True)
_OBSERVED, _COMPLETE, _MISSING, _MOVED = sympy.symbols("I_o I_c I_m K", real=True)
_T, _S = sympy.symbols("t s", real=True)
_RANDOM = (_P, _U, _W, _C, _D)


def _names() -> dict[sympy.Basic, sympy.Basic]:
    now, following = total(sympy.exp(_LOG[_N]), _N), total(sympy.exp(_LOG_NEXT[_N]), _N)
    return {
        _OLD[_J]: sympy.exp(_LOG[_J]) / now,
        _NEW[_J]: sympy.exp(_LOG_NEXT[_J]) / following,
        _NOW: sympy.log(now),
        _NEXT: sympy.log(following),
    }


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_SCORE, REAL, "the slope of the expected log-likelihood along $e$"),
            Variable(_TRUE_SCORE, REAL, "the same at parameters whose law is that of the data"),
            Variable(_OBSERVED, REAL, "$⟨e, I_oh⟩$, $I_o = −∇² E log p$"),
        ),
        hypotheses=("finite mixture", "inner M-step", "well specified"),
        exist_under={
            **dict.fromkeys((_GAIN, _SCORE, _OBSERVED), ("finite mixture",)),
            _MOVED: ("finite mixture", "inner M-step"),
            _TRUE_SCORE: ("finite mixture", "well specified"),
        },
        conclusions=(
            related(_GAIN, "<=", _RISE),
            related(_SCORE, "==", _SURROGATE),
            related(_OBSERVED, "==", _COMPLETE - _MISSING),
            related(_MOVED, "==", _COMPLETE - _OBSERVED),
            related(_TRUE_SCORE, "==", 0),
        ),
        note="$e$ and $h$ are any directions of parameters; $p_j$ is weight times density of component $j$ at the "
        "observation, and $l_j$ its logarithm. $Q$ is what a step from $θ$ to any $θ'$ adds to $Q(·|θ)$, which "
        "the M-step makes as large as it can, and $ℓ$ what it adds to the expected log-likelihood; $∂Q$ is the "
        "slope of $Q(·|θ)$ at $θ$, which is 0 where EM stops. $I_c = −E ∑_j γ_j∇²l_j$, and $I_m$ is the mean "
        "of the covariance of the slopes of $l_j$ under the posterior, in the directions $e$ and $h$. At a "
        "fixed point $K$ is $⟨e, I_cJh⟩$ with the Jacobian $J$ of EM: $J = I − I_c^{−1}I_o$",
        source="A. Dempster, N. Laird and D. Rubin, J. Roy. Statist. Soc. B 39 (1977); T. Louis, ibid. 44 (1982)",
        scope="every finite mixture with smooth densities, every law of the data for which the means exist",
        steps=(*_ascent_steps(), *_score_steps(), *_information_steps(), *_rate_steps()),
    )


def _gamma(index: sympy.Symbol, moved: sympy.Expr = sympy.S.Zero) -> sympy.Expr:
    """γ_index at θ + `moved` h."""
    return generic_posterior(_P, lambda n: moved * _W[n], index)


def _ascent_steps() -> tuple[Step, ...]:
    random = (_OLD, _NEW, _LOG, _LOG_NEXT, _NOW, _NEXT)
    ratio = _OLD[_J] * sympy.log(_NEW[_J] / _OLD[_J])
    change = total(_OLD[_J] * (_LOG_NEXT[_J] - _LOG[_J]), _J)
    return (
        meant("Posteriors sum to 1, $g_j$ at $θ$", total(_OLD[_J], _J), "==", 1, _names(), label="old"),
        meant("and $h_j$ at $θ'$.", related(total(_NEW[_J], _J), "==", 1), _names(), label="new"),
        citation(
            "Jensen's inequality",
            "The logarithm is concave: with the weights $g_j$",
            related(total(ratio, _J), "<=", sympy.log(total(_NEW[_J], _J))),
            label="concave",
        ),
        equation("where the right side is", sympy.log(total(_NEW[_J], _J)), sympy.S.Zero, given=("new",), label="none"),
        combination("that is,", total(ratio, _J), "<=", 0, {"concave": 1, "none": -1}, label="Gibbs at a point"),
        monotone(
            "and in expectation",
            related(Mean(total(ratio, _J), random), "<=", Mean(sympy.S.Zero, random)),
            Mean(PLACE, random),
            "Gibbs at a point",
            label="Gibbs",
        ),
        meant(
            "By Bayes' formula $l_j$ is $p = log p_θ(X)$ and $log g_j$, and $m_j$, at $θ'$, $q = log p_{θ'}(X)$ and "
            "$log h_j$:",
            related(_LOG_NEXT[_J] - _LOG[_J], "==", _NEXT - _NOW + sympy.log(_NEW[_J] / _OLD[_J])),
            _names(),
            label="Bayes",
        ),
        definition("$Q(θ'|θ) − Q(θ|θ)$ is", _GAIN, Mean(change, random), label="gain"),
        definition("and $ℓ(θ') − ℓ(θ)$", _RISE, Mean(_NEXT - _NOW, random), label="rise"),
        equation(
            "The change of all $l_j$ is that of $log p$ and the sum above:",
            change,
            (_NEXT - _NOW) * total(_OLD[_J], _J) + total(ratio, _J),
            given=("Bayes",),
            label="changes",
        ),
        equation(
            "in expectation",
            Mean(change, random),
            Mean(_NEXT - _NOW, random) + Mean(total(ratio, _J), random),
            given=("changes", "old"),
            label="sum",
        ),
        combination(
            "What a step adds to $Q$ the likelihood gains, or more.",
            related(_GAIN, "<=", _RISE),
            {"Gibbs": 1, "sum": -1},
            label="ascent",
        ),
    )


def _score_steps() -> tuple[Step, ...]:
    partition = generic_partition(_P, lambda n: _T * _U[n], _N)
    slope = total(_gamma(_J) * _U[_J], _J)
    return (
        citation(
            "dominated convergence",
            "With $u_j$ the slopes of $l_j$ along $e$, that of the expected log-likelihood is the mean of that of $log "
            "∑p$.",
            related(_SCORE, "==", Mean(Subs(Derivative(sympy.log(partition), _T), _T, 0), _RANDOM)),
            label="score",
        ),
        definition("That of $Q(·|θ)$ at $θ$ is", _SURROGATE, Mean(slope, _RANDOM), label="surrogate"),
        combination(
            "the same: where EM stops, it vanishes, and the point is stationary.",
            related(_SCORE, "==", _SURROGATE),
            {"score": 1},
        ),
    )


def _information_steps() -> tuple[Step, ...]:
    curved = total(_gamma(_J, _S) * (_U[_J] + _S * _C[_J]), _J)
    second = total(_gamma(_I) * _W[_I], _I)
    spread = total(_gamma(_J) * _U[_J] * (_W[_J] - second), _J)
    bent = total(_gamma(_J) * _C[_J], _J)
    return (
        citation(
            "dominated convergence",
            "From $θ$ to $θ + sh$ the slopes along $e$ grow by $sc_j$ and $l_j$ by $sw_j$ to first order. $I_o$ is "
            "minus the slope of the score, that is, the mean of that of $∑_j γ_ju_j$:",
            related(_OBSERVED, "==", -Mean(Subs(Derivative(curved, _S), _S, 0), _RANDOM)),
            label="observed",
        ),
        definition("$I_c$ is", _COMPLETE, -Mean(bent, _RANDOM), label="complete"),
        definition("and $I_m$, of covariances of $u$ and $w$ under the posterior,", _MISSING, Mean(spread, _RANDOM)),
        combination("so", related(_OBSERVED, "==", _COMPLETE - _MISSING), {"observed": 1}, label="Louis"),
    )


def _rate_steps() -> tuple[Step, ...]:
    after = total(_gamma(_J, _S) * (_U[_J] + _S * _D[_J]), _J)
    return (
        citation(
            "dominated convergence",
            "At $θ + sh$ the M-step leads to $θ + sJh$ to first order, where the slopes along $e$ have grown by "
            "$sb_j$. There $∑_j γ_ju_j$, the posteriors those at $θ + sh$, has the mean 0 at every $s$. So has its "
            "slope:",
            related(0, "==", Mean(Subs(Derivative(after, _S), _S, 0), _RANDOM)),
            label="implicit",
            under=("finite mixture",),
        ),
        definition("$⟨e, I_cJh⟩$ is", _MOVED, -Mean(total(_gamma(_J) * _D[_J], _J), _RANDOM), label="image"),
        combination(
            "$I_cJ = I_m = I_c − I_o$.", _MOVED, "==", _COMPLETE - _OBSERVED, {"implicit": 1, "Louis": 1}, label="rate"
        ),
        citation(
            "dominated convergence",
            "Where the data have the law of the fit the mean of $∑_j γ_ju_j$ is the slope of $∑_j ∫ p_j$, which is "
            "1 everywhere: the truth is a stationary point.",
            related(_TRUE_SCORE, "==", 0),
        ),
    )
