"""Samples of N(0, I) fitted by equal weights on ±θ: when the estimate is exactly 0, and its size when it is not."""

import sympy
from sympy import Derivative, ImmutableMatrix, Integral, Interval, Limit, Rational, oo

from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import POSITIVE, REAL, Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import (
    PLACE,
    Step,
    assumption,
    citation,
    combination,
    equation,
    instance,
    monotone,
    prose,
)

STATEMENT = Statement("the estimate for $±θ$ of equal weights, on any sample and in the limit", 0, general=True)

_R = sympy.Symbol("r", nonnegative=True)
_EXCESS = sympy.Symbol("L", real=True)
_FOURTH, _SIXTH, _ALONG, _ENTRY = sympy.symbols("m_4 m_6 e_4 s", positive=True)
_GAIN = sympy.Symbol("V", real=True)
_U, _Y = sympy.symbols("u y", nonnegative=True)
_S = sympy.Symbol("s_0", nonnegative=True)
_SIZE = sympy.Symbol("n", positive=True)
_TANH, _COSH = sympy.Function("τ", nonnegative=True), sympy.Function("c", nonnegative=True)
_ATOM, _PLANAR, _SQUARED = (sympy.Function(name, nonnegative=True) for name in "PQH")


def _normal(x: sympy.Expr) -> sympy.Expr:
    return (1 + sympy.erf(x / sympy.sqrt(2))) / 2


def _upper() -> sympy.Rel:
    return related(_R**2 * _FOURTH / 3 - 2 * _R**4 * _SIXTH / 15, "<=", _EXCESS)


def _lower() -> sympy.Rel:
    return related(3 * _EXCESS / (2 * _ALONG), "<=", _R**2)


def _statement() -> Proposition:
    nonzero = related(0, "<", _R)
    return Proposition(
        variables=(
            Variable(_R, Interval(0, oo), "$‖θ̂‖$, $θ̂$ a maximum of the likelihood of any sample"),
            Variable(_EXCESS, REAL, "$λ_{max}(S) − 1$, $S$ the mean of the $X_iX_iᵀ$"),
            Variable(_FOURTH, POSITIVE, "the mean of $⟨u, X_i⟩⁴$, $u$ the direction of $θ̂$"),
            Variable(_SIXTH, POSITIVE, "that of $⟨u, X_i⟩⁶$"),
            Variable(_ALONG, POSITIVE, "the mean of $⟨e, X_i⟩⁴$, Se $= λ_{max}(S)e$"),
            Variable(_Y, Interval(0, oo)),
        ),
        hypotheses=("normal data", "symmetric pair"),
        conclusions=(
            sympy.Implies(nonzero, related(0, "<", _EXCESS), evaluate=False),
            sympy.Implies(nonzero, _upper(), evaluate=False),
            sympy.Implies(related(0, "<", _EXCESS), _lower(), evaluate=False),
            related(Limit(_ATOM(_SIZE), _SIZE, oo), "==", Rational(1, 2)),
            related(Limit(_SQUARED(_SIZE, _Y), _SIZE, oo), "==", _normal(_Y / sympy.sqrt(2))),
            related(Limit(_PLANAR(_SIZE), _SIZE, oo), "==", Rational(1, 2) - sympy.sqrt(2) / 4),
        ),
        note="the first three hold on any data and for every $d$: $θ̂ = 0$ if and only if $λ_{max}(S) ≤ 1$, and "
        "else $‖θ̂‖²$ is of the order of $λ_{max}(S) − 1$. For $n$ normal points, $P(n)$ is the probability of "
        "$θ̂ = 0$ for $d = 1$ and $Q(n)$ that for $d = 2$; $H(n, y)$ is the probability of $√n θ̂² ≤ y$ for $d "
        "= 1$: $√n θ̂² → max(0, N(0, 2))$, so $θ̂$ is of order $n^{−1/4}$",
    )


def derive_general() -> Derivation:
    """Derive θ̂ = 0 ⇔ λ_max(S) ≤ 1, bounds on ‖θ̂‖ by λ_max(S) − 1, and the limits for d = 1 and 2."""
    return Derivation(
        name="symmetric-sample",
        title=STATEMENT.title,
        statement=_statement(),
        source="not in the paper, whose weights are not degenerate",
        scope="$k = 2$, $U_j = ±I$, weights 1/2: $A = 0$, its kernel all of $R^d$. Any sample for the bounds; the "
        "limits are for $d = 1$ and 2",
        k=None,
        steps=(
            *_bounds_steps(),
            *_estimate_steps(),
            *_upper_steps(),
            *_below_steps(),
            *_lower_steps(),
            *_line_steps(),
            *_plane_steps(),
        ),
    )


def _bounds_steps() -> tuple[Step, ...]:
    u = _U
    return (
        prose(
            "Statement hyperbolic-bounds, for $τ = tanh$: $τ(u) ≤ u − u³/3 + 2u⁵/15$,",
            related(_TANH(u), "<=", u - u**3 / 3 + 2 * u**5 / 15),
            label="quintic",
        ),
        prose("$u − u³/3 ≤ τ(u)$,", related(u - u**3 / 3, "<=", _TANH(u)), label="cubic"),
        prose("and for $c = log cosh c(u) ≤ u²/2$.", related(_COSH(u), "<=", u**2 / 2), label="cosh above"),
    )


def _sample(value: sympy.Expr) -> sympy.Expr:
    """Mean over the sample, u standing for |⟨X_i, θ⟩|."""
    return Mean(value, (_U,))


def _estimate_steps() -> tuple[Step, ...]:
    image = _sample(_U * _TANH(_U))
    return (
        prose(
            "$θ̂$ is a fixed point of EM, $θ̂ = n^{−1}Σ tanh(⟨X_i, θ̂⟩)X_i$. Along $θ̂$, $u = |⟨X_i, θ̂⟩|$:",
            related(image, "==", _R**2),
            label="fixed",
            under=("symmetric pair",),
        ),
        prose(
            "The mean of $u²$ is $r²s$, $s$ the quadratic form of $S$ at the direction of $θ̂$,",
            related(_sample(_U**2), "==", _R**2 * _ENTRY),
            label="second",
        ),
        prose("which is at most its largest eigenvalue.", related(_ENTRY, "<=", 1 + _EXCESS), label="eigenvalue"),
        assumption("Let $θ̂ ≠ 0$.", related(0, "<", _R), label="nonzero"),
        prose(
            "Then some $u$ is positive, and $tanh u < u$ there:",
            related(image, "<", _sample(_U**2)),
            label="strict",
            given=("nonzero",),
        ),
        combination(
            "So $λ_{max}(S) > 1$.",
            0,
            "<",
            _EXCESS,
            {"strict": 1 / _R**2, "fixed": 1 / _R**2, "second": -1 / _R**2, "eigenvalue": 1},
            label="exceeds",
        ),
    )


def _upper_steps() -> tuple[Step, ...]:
    above = _U * (_U - _U**3 / 3 + 2 * _U**5 / 15)
    return (
        monotone(
            "In the mean,",
            _sample(_U * _TANH(_U)),
            "<=",
            _sample(above),
            _sample(_U * PLACE),
            "quintic",
            label="mean above",
        ),
        prose("with the fourth", related(_sample(_U**4), "==", _R**4 * _FOURTH), label="fourth", given=("nonzero",)),
        prose("and sixth moments", related(_sample(_U**6), "==", _R**6 * _SIXTH), label="sixth"),
        combination(
            "the size of $θ̂$ is bounded.",
            *_sides(_upper()),
            {
                "mean above": 1 / _R**2,
                "fixed": 1 / _R**2,
                "second": -1 / _R**2,
                "fourth": 1 / (3 * _R**2),
                "sixth": -2 / (15 * _R**2),
                "eigenvalue": 1,
            },
            label="upper",
        ),
    )


def _below_steps() -> tuple[Step, ...]:
    return (
        monotone(
            "Likewise",
            _sample(_U * (_U - _U**3 / 3)),
            "<=",
            _sample(_U * _TANH(_U)),
            _sample(_U * PLACE),
            "cubic",
            label="mean below",
        ),
        combination(
            "bounds $s − 1$ by $r²$.",
            _ENTRY - 1,
            "<=",
            _R**2 * _FOURTH / 3,
            {"mean below": 1 / _R**2, "fixed": -1 / _R**2, "second": 1 / _R**2, "fourth": -1 / (3 * _R**2)},
            label="sandwich",
        ),
    )


def _sides(relation: sympy.Rel) -> tuple[sympy.Expr, str, sympy.Expr]:
    return relation.lhs, relation.rel_op, relation.rhs


def _lower_steps() -> tuple[Step, ...]:
    w = sympy.Symbol("w", nonnegative=True)
    best, gain = 3 * _EXCESS / _ALONG, -_EXCESS * w / 2 + _ALONG * w**2 / 12
    mean = _sample(_COSH(_U))
    return (
        prose(
            "Let $V$ be the value of $ℓ_n$ at $θ̂$ less that at 0, $ℓ_n(θ) − ℓ_n(0) = ‖θ‖²/2 − n^{−1}Σ log "
            "cosh⟨X_i, θ⟩$:",
            related(_GAIN, "==", _R**2 / 2 - mean),
            label="value",
            under=("symmetric pair",),
        ),
        monotone("In the mean", mean, "<=", _sample(_U**2 / 2), _sample(PLACE), "cosh above", label="mean of log cosh"),
        combination(
            "it is not below $−Lr²/2$.",
            -_EXCESS * _R**2 / 2,
            "<=",
            _GAIN,
            {"value": 1, "mean of log cosh": 1, "second": -Rational(1, 2), "eigenvalue": _R**2 / 2},
            label="not below",
        ),
        prose(
            "No value of $ℓ_n$ is lower, not that at $√w e$, where $⟨e, Se⟩ = 1 + L$ and the sum of the log cosh is "
            "bounded from below by the mean of $u²/2 − u⁴/12$ (statement hyperbolic-bounds):",
            related(_GAIN, "<=", gain),
            label="minimum",
        ),
        assumption("Let $λ_{max}(S) > 1$.", related(0, "<", _EXCESS), label="excess"),
        combination("Then $w = 3L/e_4$ is positive,", 0, "<", best, {"excess": 3 / _ALONG}, label="best"),
        instance(
            "and there",
            related(_GAIN, "<=", -3 * _EXCESS**2 / (4 * _ALONG)),
            "minimum",
            {w: best},
            within=("best",),
            label="least",
        ),
        combination("with", 0, "<", 2 / _EXCESS, {"excess": 2 / _EXCESS**2}, label="inverse"),
        combination(
            "so that $θ̂$ is not small.",
            *_sides(_lower()),
            {"least": 2 / _EXCESS, "not below": 2 / _EXCESS},
            within=("inverse",),
            label="lower",
        ),
        prose(
            "So $θ̂ = 0$ if and only if $λ_{max}(S) ≤ 1$.",
            label="threshold",
            given=("exceeds", "lower"),
            discharging=("nonzero", "excess"),
        ),
    )


def _line_steps() -> tuple[Step, ...]:
    x, z = sympy.symbols("x z", real=True)
    return (
        equation(
            "On the line $λ_{max}(S)$ is $S$, the mean of the $X_i²$. $X²$ has the mean 1 and the variance 2, and "
            "$X⁴$ the mean 3.",
            ImmutableMatrix([Expectation(x**2, (x,)), Expectation((x**2 - 1) ** 2, (x,)), Expectation(x**4, (x,))]),
            ImmutableMatrix([1, 2, 3]),
            label="moments",
        ),
        citation(
            "central limit theorem",
            "So $√n(S − 1)$ tends in law to $√2 z$, and $S ≤ 1$ has the probability $½$ in the limit: an atom at "
            "$θ̂ = 0$.",
            related(Limit(_ATOM(_SIZE), _SIZE, oo), "==", Rational(1, 2)),
            label="atom",
            given=("moments", "threshold"),
            under=("normal data",),
        ),
        prose(
            "$θ̂ → 0$ in probability: $r ↦ n^{−1}Σ X_i tanh(rX_i)$ is concave on $r ≥ 0$ and at any $r > 0$ in the "
            "limit below $r$. On the line $s − 1 = L$, so that $L$ lies between $r²m_4/3 − 2r⁴m_6/15$ and $r²m_4/3$ "
            "if $θ̂ ≠ 0$.",
            label="consistent",
            given=("upper", "sandwich"),
            discharging=("nonzero",),
        ),
        equation(
            "So $r² = 3L/m_4$ up to a factor $1 + O(r²)$, where $m_4 → 3$ and $√n L → √2 z$: the variance of $√n "
            "r²$ is, where it is positive, that of $√2 z$.",
            Expectation((3 * sympy.sqrt(2) * z / 3) ** 2, (z,)),
            sympy.Integer(2),
            label="variance",
        ),
        equation(
            "The density of $√2 z$ is the slope of $Φ(z/√2)$, which tends to 0 on the left:",
            ImmutableMatrix([Derivative(_normal(z / sympy.sqrt(2)), z), Limit(_normal(z / sympy.sqrt(2)), z, -oo)]),
            ImmutableMatrix([sympy.exp(-(z**2) / 4) / sympy.sqrt(4 * sympy.pi), 0]),
            label="law",
        ),
        citation(
            "Slutsky's theorem",
            "$√n θ̂² → max(0, √2 z)$, which is at most $y ≥ 0$ with the probability $Φ(y/√2)$.",
            related(Limit(_SQUARED(_SIZE, _Y), _SIZE, oo), "==", _normal(_Y / sympy.sqrt(2))),
            given=("atom", "consistent", "variance", "law"),
        ),
    )


def _plane_steps() -> tuple[Step, ...]:
    x, y, a, b, c = sympy.symbols("x y a b c", real=True)
    rho = sympy.Symbol("ρ", positive=True)
    half_sum, half_difference = ((x**2 - 1) + (y**2 - 1)) / 2, ((x**2 - 1) - (y**2 - 1)) / 2
    return (
        equation(
            "In the plane the halved sum and difference of the diagonal of $S − I$, and its other entry, are means "
            "of uncorrelated variables of variance 1: for all $a$, $b$ and $c$",
            Expectation((a * half_sum + b * half_difference + c * x * y) ** 2, (x, y)),
            a**2 + b**2 + c**2,
            label="covariance",
        ),
        equation(
            "The eigenvalues are the first plus or minus the length $ρ$ of the other two, which has the density "
            "$ρe^{−ρ²/2}$ in the limit: the first is below $−ρ$ with the probability",
            Integral(rho * sympy.exp(-(rho**2) / 2) * sympy.erfc(rho / sympy.sqrt(2)) / 2, (rho, 0, oo)),
            Rational(1, 2) - sympy.sqrt(2) / 4,
            label="probability",
        ),
        citation(
            "central limit theorem",
            "0.146…: in the plane the atom at 0 is smaller than on the line.",
            related(Limit(_PLANAR(_SIZE), _SIZE, oo), "==", Rational(1, 2) - sympy.sqrt(2) / 4),
            given=("covariance", "probability", "threshold"),
            under=("normal data",),
        ),
    )
