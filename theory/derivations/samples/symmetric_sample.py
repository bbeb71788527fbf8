"""Samples of N(0, I) fitted by equal weights on ±θ: when the estimate is exactly 0, and its size when it is not."""

import sympy
from sympy import Integral, Interval, Limit, Rational, oo

from emtheory.theory.derivations.samples import hyperbolic_bounds
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.proof.derivation import Derivation, Statement, made, provided
from emtheory.theory.proof.formula import POSITIVE, REAL, Variable, related, sides
from emtheory.theory.proof.meant.vectors import DATA, Inner, Mean, Unit
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, instance, meant, monotone
from emtheory.theory.proof.words import assumption, citation, definition, prose
from emtheory.theory.sums import DIMENSION

STATEMENT = Statement(__name__, "the estimate for $±θ$ of equal weights, on any sample and in the limit")

_R = sympy.Symbol("r", nonnegative=True)
_EXCESS = sympy.Symbol("L", real=True)
_FOURTH, _SIXTH, _ALONG, _ENTRY = sympy.symbols("m_4 m_6 e_4 s", positive=True)
_GAIN = sympy.Symbol("V", real=True)
_U, _Y = sympy.symbols("u y", nonnegative=True)
_S = sympy.Symbol("s_0", nonnegative=True)
_MORE = sympy.Symbol("v", positive=True)
_SIZE = sympy.Symbol("n", positive=True)
_SQUARED, _TOP = (sympy.Function(name, nonnegative=True) for name in "HF")
_UPPER = related(_R**2 * _FOURTH / 3 - 2 * _R**4 * _SIXTH / 15, "<=", _EXCESS)
_LOWER = related(3 * _EXCESS / (2 * _ALONG), "<=", _R**2)
_NARROW = related(
    (_R**4 * _FOURTH / 12 - _R**6 * _SIXTH / 45) + 3 * _EXCESS**2 / (4 * _ALONG), "<=", _EXCESS * _R**2 / 2
)


def _normal(x: sympy.Expr) -> sympy.Expr:
    return (1 + sympy.erf(x / sympy.sqrt(2))) / 2


def derive_general() -> Derivation:
    nonzero = related(0, "<", _R)
    return STATEMENT.derivation(
        variables=(
            Variable(_R, Interval(0, oo), "$‖θ̂‖$, $θ̂$ a maximum of the likelihood of any sample"),
            Variable(_EXCESS, REAL, "$λ_{max}(S) − 1$, $S$ the mean of the $X_iX_iᵀ$"),
            Variable(_FOURTH, POSITIVE, "the mean of $⟨u, X_i⟩⁴$, $u$ the direction of $θ̂$"),
            Variable(_SIXTH, POSITIVE, "that of $⟨u, X_i⟩⁶$"),
            Variable(_ALONG, POSITIVE, "the mean of $⟨e, X_i⟩⁴$, $Se = λ_{max}(S)e$"),
            Variable(DIMENSION, sympy.Range(1, oo)),
            Variable(_Y, Interval(0, oo)),
        ),
        hypotheses=("normal data", "symmetric pair"),
        exist_under={_R: ("symmetric pair",), _SQUARED: ("symmetric pair", "normal data")},
        conclusions=(
            provided(related(0, "<", _EXCESS), nonzero),
            provided(_UPPER, nonzero),
            provided(_LOWER, related(0, "<", _EXCESS)),
            provided(_NARROW, related(0, "<", _EXCESS)),
            related(Limit(_SQUARED(_SIZE, DIMENSION, _Y), _SIZE, oo), "==", _TOP(DIMENSION, _Y)),
            related(_TOP(1, _Y), "==", _normal(_Y / sympy.sqrt(2))),
            related(
                _TOP(2, _Y), "==", _normal(_Y) - sympy.exp(-(_Y**2) / 4) / sympy.sqrt(2) * _normal(_Y / sympy.sqrt(2))
            ),
        ),
        note="the first four hold on any data and for every $d$: $θ̂ = 0$ if and only if $λ_{max}(S) ≤ 1$, and "
        "else $‖θ̂‖²$ is of the order of $λ_{max}(S) − 1$. $H(n, d, y)$ is the probability of $√n‖θ̂‖² ≤ y$ for $n$ "
        "normal points, $y ≥ 0$, and $F(d, y)$ that of $λ_{max}(G) ≤ y$, $G$ symmetric with independent normal "
        "entries of variance 2 on the diagonal and 1 above: $√n‖θ̂‖² → max(0, λ_{max}(G))$, so $θ̂$ is of order "
        "$n^{−1/4}$, and it is 0 with the probability $F(d, 0)$ in the limit, ½ and $½ − √2/4$ for $d = 1$ and 2",
        source="not in the paper, whose weights are not degenerate",
        scope="$k = 2$, $U_j = ±I$, weights 1/2: $A = 0$, its kernel all of $R^d$. Any sample for the bounds",
        steps=(*_bounds_steps(), *_estimate_steps(), *_upper_steps(), *_lower_steps(), *_law_steps()),
    )


def _bounds_steps() -> tuple[Step, ...]:
    bounds = made(hyperbolic_bounds.derive_general)
    names = (
        ("Statement hyperbolic-bounds:", 2, _U, "quintic"),
        ("by the same", 3, _U, "cosh above"),
        ("from below, at another number,", 4, _S, "quartic"),
        ("and", 5, _U, "sextic"),
    )
    return tuple(bounds.quoted(why, number, {"u": at}, label=label) for why, number, at, label in names)


def _sample(value: sympy.Expr) -> sympy.Expr:
    """Mean over the sample, u standing for |⟨X_i, θ⟩|."""
    return Mean(value, (_U,))


def _moment(why: str, power: int, label: str) -> Step:
    along, moments = Inner(DATA, Unit("e")), {2: _ENTRY, 4: _FOURTH, 6: _SIXTH}
    names = {_U: _R * sympy.Abs(along), **{name: Mean(along**n, (DATA,)) for n, name in moments.items()}}
    return meant(why, related(_sample(_U**power), "==", _R**power * moments[power]), names, label=label)


def _estimate_steps() -> tuple[Step, ...]:
    image = _sample(_U * sympy.tanh(_U))
    return (
        prose(
            "$θ̂$ is a fixed point of EM, $θ̂ = n^{−1}Σ tanh(⟨X_i, θ̂⟩)X_i$. Along $θ̂$, $u = |⟨X_i, θ̂⟩|$:",
            related(image, "==", _R**2),
            label="fixed",
        ),
        _moment("The mean of $u²$ is $r²s$, $s$ the quadratic form of $S$ at the direction of $θ̂$,", 2, "second"),
        prose(
            "A form of $S$ at a unit vector is at most its largest eigenvalue.",
            related(_ENTRY, "<=", 1 + _EXCESS),
            label="eigenvalue",
        ),
        assumption("Let $θ̂ ≠ 0$.", related(0, "<", _R), label="nonzero"),
        prose(
            "If $θ̂ ≠ 0$ some $u$ is positive, and $tanh u < u$ there: with a positive number $v$",
            related(image + _R**2 * _MORE, "<=", _sample(_U**2)),
            label="strict",
        ),
        inequality("As that is positive,", related(0, "<", _MORE), label="more"),
        combination(
            "So $λ_{max}(S) > 1$.",
            related(0, "<", _EXCESS),
            {"strict": 1 / _R**2, "fixed": 1 / _R**2, "second": -1 / _R**2, "eigenvalue": 1, "more": 1},
            within=("nonzero",),
            label="exceeds",
        ),
    )


def _upper_steps() -> tuple[Step, ...]:
    above = _U * (_U - _U**3 / 3 + 2 * _U**5 / 15)
    return (
        monotone(
            "In expectation,",
            related(_sample(_U * sympy.tanh(_U)), "<=", _sample(above)),
            _sample(_U * PLACE),
            "quintic",
            label="mean above",
        ),
        _moment("with the fourth moment along that direction", 4, "fourth"),
        _moment("and the sixth", 6, "sixth"),
        combination(
            "the size of $θ̂$ is bounded.",
            *sides(_UPPER),
            {
                "mean above": 1 / _R**2,
                "fixed": 1 / _R**2,
                "second": -1 / _R**2,
                "fourth": 1 / (3 * _R**2),
                "sixth": -2 / (15 * _R**2),
                "eigenvalue": 1,
            },
            within=("nonzero",),
            label="upper",
        ),
    )


def _lower_steps() -> tuple[Step, ...]:
    w = sympy.Symbol("w", nonnegative=True)
    best, gain = 3 * _EXCESS / _ALONG, -_EXCESS * w / 2 + _ALONG * w**2 / 12
    below, along = _S**2 / 2 - _S**4 / 12, Inner(DATA, Unit("e"))
    moments = (
        ("where $⟨e, Se⟩ = 1 + L$", "second at e", _S**2, w * (1 + _EXCESS)),
        ("and", "fourth at e", _S**4, w**2 * _ALONG),
    )
    names = {
        _S: sympy.sqrt(w) * sympy.Abs(along),
        _EXCESS: Mean(along**2, (DATA,)) - 1,
        _ALONG: Mean(along**4, (DATA,)),
    }
    mean = _sample(sympy.log(sympy.cosh(_U)))
    return (
        definition(
            "Let $V$ be the value of $ℓ_n$ at $θ̂$ less that at 0, $ℓ_n(θ) − ℓ_n(0) = ‖θ‖²/2 − n^{−1}Σ log "
            "cosh⟨X_i, θ⟩$:",
            _GAIN,
            _R**2 / 2 - mean,
        ),
        monotone(
            "In expectation", mean, "<=", _sample(_U**2 / 2), _sample(PLACE), "cosh above", label="mean of log cosh"
        ),
        combination(
            "it is not below $−Lr²/2$.",
            related(-_EXCESS * _R**2 / 2, "<=", _GAIN),
            {"mean of log cosh": 1, "second": -Rational(1, 2), "eigenvalue": _R**2 / 2},
            label="not below",
        ),
        prose(
            "No value of $ℓ_n$ is lower, not that at $√w e$, $s_0$ being $|⟨X_i, √w e⟩|$. That a value is the least no "
            "rule says:",
            related(_GAIN, "<=", w / 2 - Mean(sympy.log(sympy.cosh(_S)), (_S,))),
            label="value",
        ),
        monotone(
            "In expectation",
            related(Mean(below, (_S,)), "<=", Mean(sympy.log(sympy.cosh(_S)), (_S,))),
            Mean(PLACE, (_S,)),
            "quartic",
            label="mean of quartic",
        ),
        *(
            meant(why, related(Mean(power, (_S,)), "==", value), names, label=label)
            for why, label, power, value in moments
        ),
        combination(
            "so that",
            related(_GAIN, "<=", gain),
            {"value": 1, "mean of quartic": 1, "second at e": Rational(1, 2), "fourth at e": -Rational(1, 12)},
            label="minimum",
        ),
        assumption("Let $λ_{max}(S) > 1$.", related(0, "<", _EXCESS), label="excess"),
        combination("Then $w = 3L/e_4$ is positive,", related(0, "<", best), {"excess": 3 / _ALONG}, label="best"),
        instance(
            "and there",
            related(_GAIN, "<=", -3 * _EXCESS**2 / (4 * _ALONG)),
            "minimum",
            {w: best},
            within=("best",),
            label="least",
        ),
        combination(
            "so that $θ̂$ is not small.",
            *sides(_LOWER),
            {"least": 2 / _EXCESS, "not below": 2 / _EXCESS},
            within=("excess",),
            label="lower",
        ),
    )


def _law_steps() -> tuple[Step, ...]:
    x, y, z = sympy.symbols("x y z", real=True)
    mean, above = _sample(sympy.log(sympy.cosh(_U))), _U**2 / 2 - _U**4 / 12 + _U**6 / 45
    half_sum = ((x**2 - 1) + (y**2 - 1)) / 2
    variance, other = Expectation(half_sum**2, (x, y)), Expectation((x * y) ** 2, (x, y))
    density = sympy.exp(-(z**2) / (2 * variance)) / sympy.sqrt(2 * sympy.pi * variance)
    tail = sympy.exp(-(_Y**2) / 4) / sympy.sqrt(2)
    return (
        monotone("From below", related(mean, "<=", _sample(above)), _sample(PLACE), "sextic", label="mean of sextic"),
        combination(
            "$V$ is bounded by more moments,",
            *sides(_NARROW),
            {
                "least": 1,
                "mean of sextic": 1,
                "second": -Rational(1, 2),
                "eigenvalue": _R**2 / 2,
                "fourth": Rational(1, 12),
                "sixth": -Rational(1, 45),
            },
            label="narrow",
        ),
        citation(
            "Slutsky's theorem",
            "The entries of $XXᵀ − I$ are uncorrelated: $√n(S − I)$ tends in law to $G$, and $√nL$ to $λ_{max}(G)$, "
            "which is continuous. $θ̂ → 0$ in probability: for each $u$ the slope $r ↦ n^{−1}Σ ⟨X_i, u⟩ tanh(r⟨X_i, "
            "u⟩)$ is concave on $r ≥ 0$ and at any $r > 0$ in the limit below $r$, uniformly over the unit sphere, on "
            "which $m_4$, $m_6$ and $e_4$ tend to their values, too. So where $L > 0$, $(r² − L)²/4$ is at most a "
            "part of $r⁴ + L²$ that tends to 0, and $r²/L → 1$, while $θ̂ = 0$ where $L ≤ 0$: $√n‖θ̂‖²$ tends to "
            "$max(0, λ_{max}(G))$.",
            related(Limit(_SQUARED(_SIZE, DIMENSION, _Y), _SIZE, oo), "==", _TOP(DIMENSION, _Y)),
        ),
        citation(
            "Gaussian laws",
            "On the line $G$ is normal, of the variance of $X² − 1$:",
            related(_TOP(1, _Y), "==", _normal(_Y / sympy.sqrt(Expectation((x**2 - 1) ** 2, (x,))))),
            label="line",
        ),
        equation("that is,", _TOP(1, _Y), _normal(_Y / sympy.sqrt(2)), given=("line",)),
        citation(
            "Gaussian laws",
            "In the plane the halved sum and difference of the diagonal, and the other entry, are uncorrelated, too. "
            "The eigenvalues are the first, $z$, plus or minus the length of the other two, which is at most $y − z$ "
            "with the probability $1 − e^{−(y − z)²/(2w)}$, $w$ the variance of both:",
            related(
                _TOP(2, _Y), "==", Integral(density * (1 - sympy.exp(-((_Y - z) ** 2) / (2 * other))), (z, -oo, _Y))
            ),
            label="plane",
        ),
        equation("that is,", _TOP(2, _Y), _normal(_Y) - tail * _normal(_Y / sympy.sqrt(2)), given=("plane",)),
    )
