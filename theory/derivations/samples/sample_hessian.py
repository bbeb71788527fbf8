"""The Hessian of the sample objective against the population's, uniformly on a ball, without a net."""

import sympy
from sympy import Interval, oo

from emtheory.theory.derivations.model import jacobian
from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, made, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import PLACE, Step, combination, either, induction, meant, monotone
from emtheory.theory.proof.words import assumption, citation, prose

STATEMENT = Statement(__name__, "the Hessian of the sample objective on a ball, for all weights")

COUNT, SHARE = sympy.symbols("n delta", positive=True)
DIMENSION = sympy.Symbol("D", integer=True, positive=True)
RADIUS, SPREAD, EXCESS = sympy.symbols("rho lambda eta", nonnegative=True)
_ORDER = sympy.Symbol("m", integer=True, nonnegative=True)
_X, _NORM, _AT_ORIGIN, _CHANGE = sympy.symbols("x f eta_0 w", nonnegative=True)
_WHOLE, _REST, _PROBABILITY = sympy.symbols("W_0 W_1 P", nonnegative=True)
_PRODUCT, _SQUARE = sympy.Function("F", nonnegative=True), sympy.Function("S", nonnegative=True)
WHOLE_SUM, CHANGE_SUM = sympy.symbols("C_0 C_1", nonnegative=True)
_RANDOM = (_X, _NORM)
_MOMENT = 2 ** (_ORDER + 2) * sympy.gamma(DIMENSION / 2 + _ORDER + 2) / sympy.gamma(DIMENSION / 2)
"""E‖X‖^{2m + 4} on the subspace."""


def _factor(order: sympy.Expr) -> sympy.Expr:
    """2^m (m + 1)!, the product of 2p over p = 2, …, m + 1."""
    return 2**order * sympy.factorial(order + 1)


def _summed(value: sympy.Expr, least: int) -> sympy.Expr:
    """The sum over all sets of at least so many coordinates of (2ρ)^m times a value."""
    each = sympy.binomial(DIMENSION, _ORDER) * (2 * RADIUS) ** _ORDER
    return sympy.Sum(each * value, (_ORDER, least, DIMENSION))


def _constant(least: int) -> sympy.Expr:
    """√n times the bound on the root of the mean square, from derivatives of that order on."""
    return _summed(_factor(_ORDER) * sympy.sqrt(_MOMENT), least)


def largest(spread: sympy.Expr) -> sympy.Expr:
    """λ − 1 + C_1/√(nδ)."""
    return spread - 1 + CHANGE_SUM / sympy.sqrt(COUNT * SHARE)


def derive_general() -> Derivation:
    nonnegative = Interval(0, oo)
    return STATEMENT.derivation(
        variables=(
            Variable(COUNT, sympy.Range(1, oo), "the number of points"),
            Variable(DIMENSION, sympy.Range(1, oo), "the dimension of the subspace outside of which the $U_j$ agree"),
            Variable(RADIUS, nonnegative, "the radius of a ball"),
            Variable(SHARE, POSITIVE),
            Variable(_ORDER, sympy.Range(0, oo), "the order of a derivative"),
            Variable(_X, nonnegative, "the norm of a point $x$ in the subspace"),
            Variable(
                _NORM,
                nonnegative,
                "the Frobenius norm of a derivative of order $m$, by coordinates of $θ$, of the posterior covariance "
                "of the $U_jᵀx$, any $θ$",
            ),
            Variable(_WHOLE, nonnegative, "the root of the mean square of the supremum of $‖∇M_n − ∇M‖$ on the ball"),
            Variable(_REST, nonnegative, "that of the supremum $w$ of the change of $∇M_n − ∇M$ from 0 on"),
            Variable(_CHANGE, nonnegative, "$w$"),
            Variable(_PROBABILITY, nonnegative, "the probability that $w$ exceeds $C_1/√(nδ)$"),
            Variable(WHOLE_SUM, nonnegative, "its value"),
            Variable(CHANGE_SUM, nonnegative, "likewise"),
            Variable(SPREAD, Interval(1, oo), "at least $λ_{max}(S)$"),
            Variable(EXCESS, nonnegative, "the least $η$ with $⟨u, (∇M_n(θ) − ∇M(θ))u⟩ ≤ η$ in it, $‖u‖ = 1$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        exist_under=dict.fromkeys((_NORM, _WHOLE, _REST, _CHANGE), ("weights", "orthogonal maps"))
        | dict.fromkeys((_PROBABILITY, EXCESS), ("weights", "orthogonal maps", "normal data")),
        conclusions=(
            related(_NORM, "<=", _factor(_ORDER) * _X ** (_ORDER + 2)),
            related(WHOLE_SUM, "==", _constant(0)),
            related(CHANGE_SUM, "==", _constant(1)),
            related(sympy.sqrt(COUNT) * _WHOLE, "<=", WHOLE_SUM),
            related(sympy.sqrt(COUNT) * _REST, "<=", CHANGE_SUM),
            related(_PROBABILITY, "<=", SHARE),
            related(EXCESS, "<=", SPREAD - 1 + _CHANGE),
        ),
        note="all in the subspace, norms of matrices are Frobenius norms. The ball lies in a cube, whose sets of "
        "coordinates the sums are over; nothing is asked of $A$ or $n$, and there is no logarithm of $n$",
        source="not in the paper, whose finite-sample bounds have no constants",
        scope="every $k$, any weights, degenerate ones too, any orthogonal maps, any $d$, $n$ points of $N(0, I_d)$",
        steps=(*_derivative_steps(), *_moment_steps(), *_ball_steps()),
    )


def _derivative_steps() -> tuple[Step, ...]:
    m, x, first = _ORDER, _X, _PRODUCT(0)
    return (
        prose(
            "$∇m_θ(x)$ is the covariance of $y = U_Jᵀx$ under the posterior: half the mean of $(y_1 − y_2)(y_1 − "
            "y_2)ᵀ$, $y_1, y_2, …$ independent draws. A mean over $p$ of them of any $f$ has the derivative in $θ_s$ "
            "that is the mean over $p + 1$ of them of $f$ times the sum of the $(y_j − y_{p+1})_s$, $j ≤ p$. Let "
            "$F(m)$ be half the mean of $‖y_1 − y_2‖²$ times the moduli of $m$ such factors:",
            related(first, "<=", x**2),
            label="covariance",
        ),
        prose(
            "As $‖y‖ = x$, a factor is at most $2px$, with $p = m + 2$ for the next.",
            related(_PRODUCT(m + 1), "<=", 2 * (m + 2) * x * _PRODUCT(m)),
            label="factor",
        ),
        induction(
            "by induction",
            related(_PRODUCT(m), "<=", _factor(m) * x**m * first),
            m,
            2 * (m + 2) * x,
            {"factor": 1},
            label="product",
        ),
        prose("The norm is at most this mean of norms.", related(_NORM, "<=", _PRODUCT(m)), label="norm"),
        combination(
            "of a derivative.",
            related(_NORM, "<=", _factor(m) * x ** (m + 2)),
            {"norm": 1, "product": 1, "covariance": _factor(m) * x**m},
            label="derivative",
        ),
    )


def _moment_steps() -> tuple[Step, ...]:
    m, bound = _ORDER, (_factor(_ORDER) * _X ** (_ORDER + 2)) ** 2
    return (
        monotone("Squared", related(_NORM**2, "<=", bound), PLACE**2, "derivative", label="squared"),
        monotone(
            "and in expectation over $X$",
            related(Mean(_NORM**2, _RANDOM), "<=", Mean(bound, _RANDOM)),
            Mean(PLACE, _RANDOM),
            "squared",
            label="mean",
        ),
        citation(
            "chi-square law",
            "of whose norm the moments are known,",
            related(Mean(_X ** (2 * m + 4), _RANDOM), "==", _MOMENT),
            label="moment",
            under=("normal data",),
        ),
        prose(
            "The derivative of $∇M_n − ∇M$, a mean of $n$ independent centred matrices, has at each $θ$ a mean square "
            "that is $1/n$ times that of each, at most this.",
            related(_SQUARE(m), "<=", Mean(_NORM**2, _RANDOM)),
            label="independent",
        ),
        combination(
            "at most",
            related(_SQUARE(m), "<=", _factor(m) ** 2 * _MOMENT),
            {"independent": 1, "mean": 1, "moment": -(_factor(m) ** 2)},
            label="square",
        ),
        monotone(
            "of which the root is",
            related(sympy.sqrt(_SQUARE(m)), "<=", _factor(m) * sympy.sqrt(_MOMENT)),
            sympy.sqrt(PLACE),
            "square",
            label="root",
        ),
    )


def _ball_steps() -> tuple[Step, ...]:
    slope, image = sympy.symbols("⟨u|∇M(0)u⟩ ‖Au‖²", real=True)
    root = sympy.sqrt(COUNT)

    def bounded(name: sympy.Symbol, value: sympy.Symbol, least: int, label: str, why: str) -> tuple[Step, ...]:
        roots = _summed(sympy.sqrt(_SQUARE(_ORDER)), least)
        return (
            meant("Let", related(value, "==", _constant(least)), {value: _constant(least)}, label=f"{label} number"),
            citation("Minkowski's inequality", why, related(root * name, "<=", roots), label=f"{label} integrals"),
            monotone("at most", roots, "<=", _constant(least), _summed(PLACE, least), "root", label=f"{label} sum"),
            combination(
                "or",
                related(root * name, "<=", value),
                {f"{label} integrals": 1, f"{label} sum": 1, f"{label} number": 1},
                label=label,
            ),
        )

    return (
        *bounded(
            _WHOLE,
            WHOLE_SUM,
            0,
            "whole",
            "A function on the cube $|θ_s| ≤ ρ$ is the sum over all sets of coordinates of the integrals from 0 to "
            "$θ_s$ of its mixed derivative by these, the other coordinates 0 (the fundamental theorem in one "
            "coordinate after the other): its norm is at most the sum over the sets of the integrals over all of "
            "$[−ρ, ρ]^m$ of the norms. So, with sums and integrals in place of one sum,",
        ),
        *bounded(_REST, CHANGE_SUM, 1, "rest", "Likewise"),
        monotone("Squared,", related(COUNT * _REST**2, "<=", CHANGE_SUM**2), PLACE**2, "rest", label="rest squared"),
        citation(
            "Markov's inequality",
            "and $w² > C_1²/(nδ)$ has a probability",
            related(CHANGE_SUM**2 * _PROBABILITY, "<=", COUNT * SHARE * _REST**2),
            label="Markov",
        ),
        combination(
            "times $C_1²$",
            related(CHANGE_SUM**2 * _PROBABILITY, "<=", CHANGE_SUM**2 * SHARE),
            {"Markov": 1, "rest squared": SHARE},
            label="times C",
        ),
        assumption("If", related(0, "<", CHANGE_SUM), label="some"),
        combination(
            "it is at most $δ$;",
            related(_PROBABILITY, "<=", SHARE),
            {"times C": 1 / CHANGE_SUM**2},
            within=("some",),
            label="where some",
        ),
        assumption("if", related(CHANGE_SUM, "<=", 0), label="none"),
        prose("$ρ$ and $w$ are 0, too:", _PROBABILITY, "<=", SHARE, label="where none", given=("none",)),
        either("So", _PROBABILITY, "<=", SHARE, {"where some": "some", "where none": "none"}, label="probability"),
        made(jacobian.derive_general).quoted(
            "$⟨u, ∇M(0)u⟩$ is (statement jacobian)",
            0,
            {"⟨e|J_M(0)h⟩": slope, "⟨e|h⟩": sympy.S.One, "⟨Ae|Ah⟩": image},
            label="population",
        ),
        prose(
            "At 0 the form of $∇M_n$ at $u$ is the mean of the variances of $⟨U_Ju, X_i⟩$ under the weights: the trace "
            "of $S$ times a matrix that is not negative and has the trace $1 − ‖Au‖²$, at most 1.",
            related(_AT_ORIGIN + slope, "<=", SPREAD - image),
            label="trace",
        ),
        combination(
            "it is larger by at most",
            related(_AT_ORIGIN, "<=", SPREAD - 1),
            {"trace": 1, "population": 1},
            label="origin",
        ),
        prose(
            "Away from 0 the form is larger by at most the change.", EXCESS, "<=", _AT_ORIGIN + _CHANGE, label="change"
        ),
        combination("at most", related(EXCESS, "<=", SPREAD - 1 + _CHANGE), {"change": 1, "origin": 1}),
    )
