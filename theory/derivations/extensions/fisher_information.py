"""Samples: the Fisher information at θ = 0, and the likelihood along a line where it vanishes."""

import sympy
from sympy import Derivative, ImmutableMatrix, Interval, Limit, Subs, oo

from emtheory.theory.derivations.rates import degenerate_directions
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Proposition, Statement, Variable, made, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Vector
from emtheory.theory.proof.step import Step, combination, equation, inequality, meant
from emtheory.theory.proof.words import citation, definition, prose
from emtheory.theory.sums import component, family, over_coordinates, total

STATEMENT = Statement(__name__, "the Fisher information, and the likelihood along a line where it vanishes")

_T = sympy.Symbol("t", real=True)
_I, _J, _N = (component(name) for name in "ijn")
_PI, _B, _C, _LAMBDA = family("pi", positive=True), family("b"), family("c"), family("lambda", nonnegative=True)
_INFORMATION, _VARIANCE = sympy.symbols("I_hh V", nonnegative=True)
_SIGMA, _QUARTIC, _SIZE, _DIMENSION = sympy.symbols("sigma q n d", positive=True)
_X, _Y = sympy.Symbol("x", real=True), sympy.Symbol("y", nonnegative=True)
_LOG_RATIO, _NORM = sympy.Function("L", real=True)(_T), sympy.Symbol("s", positive=True)
_ESTIMATE, _RATIO, _SQUARED = (sympy.Function(name, nonnegative=True) for name in "FGH")


def _normal(x: sympy.Expr) -> sympy.Expr:
    """Φ(x), the standard normal distribution function."""
    return (1 + sympy.erf(x / sympy.sqrt(2))) / 2


def _chi_square(x: sympy.Expr) -> sympy.Expr:
    return sympy.lowergamma(_DIMENSION / 2, x / 2) / sympy.gamma(_DIMENSION / 2)


def _names() -> dict[sympy.Basic, sympy.Basic]:
    h = Vector("h")
    return {
        _INFORMATION: Mean(Subs(Derivative(_LOG_RATIO, _T), _T, 0) ** 2, (_B,)),
        _B[_J]: Inner(DATA, Image(_J, h)),
        _C[_I, _J]: Inner(Image(_I, h), Image(_J, h)),
    }


def derive_general() -> Derivation:
    """Derive I(0) = AᵀA, and the quadratic model in r² along u with Au = 0."""
    y = _Y
    return STATEMENT.derivation(
        statement=Proposition(
            variables=(
                Variable(_INFORMATION, Interval(0, oo), "the Fisher information at $θ = 0$ along any vector $h$"),
                Variable(_PI, POSITIVE, "the weights, up to a factor"),
                Variable(_C, REAL, "the inner products $⟨U_ih, U_jh⟩$, so that the sum is $‖Ah‖²$"),
                Variable(_SIGMA, POSITIVE, "any singular value of $A$, $v$ its unit vector"),
                Variable(_X, REAL),
                Variable(_DIMENSION, POSITIVE, "the dimension"),
                Variable(y, Interval(0, oo)),
                Variable(_VARIANCE, Interval(0, oo), "the variance of the score in $η = r²$ along $u$"),
                Variable(_QUARTIC, POSITIVE, "the constant of statement degenerate-directions"),
            ),
            hypotheses=("weights", "orthogonal maps", "normal data", "invertible A", "annihilated direction"),
            conclusions=(
                related(_INFORMATION, "==", _mean_product()),
                related(Limit(_ESTIMATE(_SIZE, _X), _SIZE, oo), "==", _normal(_SIGMA * _X)),
                related(Limit(_RATIO(_SIZE, y), _SIZE, oo), "==", _chi_square(y)),
                related(_VARIANCE, "==", _QUARTIC / 2),
                related(Limit(_SQUARED(_SIZE, y), _SIZE, oo), "==", _normal(y * sympy.sqrt(_QUARTIC / 2))),
            ),
            note="$n$ is the size of the sample and $θ̂$ the maximum of its likelihood; if $A$ is invertible, $F(n, x)$ "
            "is the probability of $√n⟨v, θ̂⟩ ≤ x$ and $G(n, y)$ that of $2n KL(θ̂) ≤ y$: $√n θ̂ → N(0, "
            "(AᵀA)^{−1})$ and $2n KL → χ²_d$; along the line of $u$ with $Au = 0$, $η̂$ is the maximum of the "
            "likelihood in $η = r²$ and $H(n, y)$ the probability of $√n η̂ ≤ y$: $√n η̂ → max(0, N(0, 2/q))$. Of "
            "$θ̂$ itself nothing is said where $A$ is singular",
        ),
        source="not in the paper, whose finite-sample theorem bounds the error of EM's iterates",
        scope="every $k$, all weights, any orthogonal maps, any $d$. The score, the information and the model in "
        "$η$ are derived; the limit theorems are cited, not proved here",
        steps=(*_score_steps(), *_limit_steps(), *_second_order_steps(), *_maximum_steps()),
    )


def _share(index: sympy.Symbol) -> sympy.Expr:
    return _PI[index] / total(_PI[_N], _N)


def _average(values: sympy.IndexedBase, power: int = 1) -> sympy.Expr:
    """Σ_j π_jb_j^power, weights written π_j/Σπ."""
    return total(_share(_J) * values[_J] ** power, _J)


def _double(product: sympy.Expr) -> sympy.Expr:
    """Σ_ij of a product of something of i and something of j, weights written π_i/Σπ."""
    return total(_share(_I) * _share(_J) * product, _I, _J)


def _mean_product() -> sympy.Expr:
    return _double(_C[_I, _J])


def _score_steps() -> tuple[Step, ...]:
    square = _average(_B) ** 2
    mean = Mean(square, (_B,))
    return (
        definition(
            "Let $L(t) = log p_{th}(x)/φ(x)$, with $b_j = ⟨x, U_jh⟩$ and $s = ‖h‖²$; weights are written $π_j/∑π$.",
            _LOG_RATIO,
            sympy.log(total(_share(_J) * sympy.exp(_T * _B[_J]), _J)) - _T**2 * _NORM / 2,
        ),
        equation(
            "The score at $θ = 0$ along $h$ is $∑_jπ_jb_j = ⟨x, Ah⟩$.",
            Subs(Derivative(_LOG_RATIO, _T), _T, 0),
            _average(_B),
            label="score",
            under=("weights", "orthogonal maps"),
        ),
        meant(
            "The Fisher information is the mean of its square.",
            related(_INFORMATION, "==", mean),
            _names(),
            label="information",
            given=("score",),
        ),
        meant(
            "and with $E b_ib_j = c_{ij} = ⟨U_ih, U_jh⟩$ its mean is",
            related(mean, "==", _mean_product()),
            _names(),
            label="products",
            under=("normal data",),
        ),
        combination(
            "$‖Ah‖²$: the Fisher information is $AᵀA$, which is $∇²ℓ(0)$ (statement hessian).",
            related(_INFORMATION, "==", _mean_product()),
            {"information": 1, "products": 1},
            label="Fisher",
        ),
    )


def _limit_steps() -> tuple[Step, ...]:
    z, radius = sympy.Symbol("z", real=True), sympy.Symbol("r", positive=True)
    half = _DIMENSION / 2
    return (
        equation(
            "$Φ(x) = (1 + erf(x/√2))/2$ is 1/2 at 0 and has the standard normal density.",
            ImmutableMatrix([_normal(sympy.S.Zero), Derivative(_normal(_X), _X)]),
            ImmutableMatrix([sympy.Rational(1, 2), sympy.exp(-(_X**2) / 2) / sympy.sqrt(2 * sympy.pi)]),
            label="Φ",
        ),
        equation(
            "The distribution function of $χ²_d$ is 0 at 0 and has the density of $χ²_d$.",
            ImmutableMatrix([_chi_square(sympy.S.Zero), Derivative(_chi_square(radius), radius)]),
            ImmutableMatrix([0, radius ** (half - 1) * sympy.exp(-radius / 2) / (2**half * sympy.gamma(half))]),
            label="χ²",
        ),
        citation(
            "maximum likelihood",
            "$θ = 0$ is interior and, when $A$ is invertible, the only $θ$ with $p_θ = p_0$ ($KL > 0$ elsewhere, "
            "statement contraction-bound), and $θ̂$, a fixed point of $M_n$, is at most the mean of the $‖X_i‖$, so "
            "that it tends to 0: $√n θ̂$ tends in law to $N(0, (AᵀA)^{−1})$, whose variance along $v$ is "
            "$1/σ²$.",
            related(Limit(_ESTIMATE(_SIZE, _X), _SIZE, oo), "==", _normal(_SIGMA * _X)),
            label="estimate",
            given=("Fisher", "Φ"),
            under=("weights", "orthogonal maps", "normal data", "invertible A"),
        ),
        equation(
            "In the direction of a singular value $σ$ of $A$, $θ̂ ≈ z/(σ√n)$ with $z$ standard normal and $KL ≈ "
            "σ²θ̂²/2$, so $2n KL ≈ z²$;",
            2 * _SIZE * Subs(_SIGMA**2 * _T**2 / 2, _T, z / (_SIGMA * sympy.sqrt(_SIZE))),
            z**2,
            label="square",
        ),
        citation(
            "Wilks' theorem",
            "the sum over $d$ directions is $χ²_d$, for all weights, as is the limit of the likelihood ratio.",
            related(Limit(_RATIO(_SIZE, _Y), _SIZE, oo), "==", _chi_square(_Y)),
            given=("estimate", "square", "χ²"),
        ),
    )


def _second_order_steps() -> tuple[Step, ...]:
    z, score = sympy.symbols("z score", real=True)
    eigenvalue = sympy.Symbol("lambda", nonnegative=True)
    return (
        equation(
            "At $t = 0$ it is 0, and its second derivative is $∑πb² − (∑πb)² − s$. Along $u$ with $Au = 0$, $‖u‖ = "
            "1$, it is $xᵀTx − 1$, $T = ∑_jπ_j(U_ju)(U_ju)ᵀ$: $log p_{ru}/φ = r²(xᵀTx − 1)/2 + O(r³)$.",
            ImmutableMatrix([Subs(_LOG_RATIO, _T, 0), Subs(Derivative(_LOG_RATIO, (_T, 2)), _T, 0)]),
            ImmutableMatrix([0, _average(_B, 2) - _average(_B) ** 2 - _NORM]),
            label="second order",
        ),
        definition(
            "The part of an eigenvalue $λ$ of $T$, $z$ the coordinate of $x$ along its eigenvector,",
            score,
            eigenvalue * (z**2 - 1) / 2,
        ),
        equation(
            "has mean 0, variance $λ²/2$ and covariance $λ$ with $z²$.",
            ImmutableMatrix([Expectation(score, (z,)), Expectation(score**2, (z,)), Expectation(score * z**2, (z,))]),
            ImmutableMatrix([0, eigenvalue**2 / 2, eigenvalue]),
            label="eigenvalue",
        ),
        prose(
            "The eigenvalues $λ_i$ add up to the trace 1, so the score in $η = r²$ is the sum of the $λ_i(z_i² − "
            "1)/2$ with independent $z_i$. Its variance is",
            related(_VARIANCE, "==", over_coordinates(_LAMBDA[_I] ** 2 / 2, _I)),
            label="variance",
            given=("second order", "eigenvalue"),
            under=("weights", "orthogonal maps", "normal data", "annihilated direction"),
        ),
        made(degenerate_directions.derive_general).quoted(
            "and $q = ‖T‖_F²$ is $∑λ²$ (statement degenerate-directions):",
            2,
            {"q": _QUARTIC, "‖T‖_F": sympy.sqrt(over_coordinates(_LAMBDA[_I] ** 2, _I))},
            label="q",
        ),
        combination(
            "the score in $η$ has the variance $q/2$.",
            related(_VARIANCE, "==", _QUARTIC / 2),
            {"variance": 1, "q": -sympy.Rational(1, 2)},
            label="half",
        ),
    )


def _maximum_steps() -> tuple[Step, ...]:
    eta, delta = sympy.Symbol("w", nonnegative=True), sympy.Symbol("Delta", real=True)
    z, model = sympy.Symbol("z", real=True), sympy.Function("m", real=True)(eta, delta)
    return (
        definition("Let $m(w, Δ)$ be", model, eta * delta - eta**2 * _QUARTIC / 4),
        citation(
            "local asymptotic normality",
            "In $η = w/√n ≥ 0$ the log-likelihood ratio of $n$ points is $m(w, Δ)$ up to $o(1)$, $Δ$ normal with "
            "variance $q/2$; the term of order $r³ = η^{3/2}$ has mean 0, so that its sum is of order $n^{1/2 − "
            "3/4}$.",
            label="model",
            given=("half",),
        ),
        inequality("It is at most $Δ²/q$,", related(model, "<=", delta**2 / _QUARTIC), label="maximum"),
        equation(
            "which it is at $w = 2Δ/q$;", Subs(model, eta, 2 * delta / _QUARTIC), delta**2 / _QUARTIC, label="maximiser"
        ),
        inequality(
            "if $Δ ≤ 0$, then on $w ≥ 0$ it is largest at $w = 0$.",
            related(model, "<=", 0),
            domain={delta: Interval(-oo, 0)},
            label="border",
        ),
        equation(
            "So $√n η̂ → max(0, 2Δ/q)$, where $Δ = √(q/2) z$ with $z$ standard normal: the variance of $2Δ/q$ is $2/q$,",
            Expectation((2 * sympy.sqrt(_QUARTIC / 2) * z / _QUARTIC) ** 2, (z,)),
            2 / _QUARTIC,
            label="standard",
        ),
        citation(
            "Slutsky's theorem",
            "$√n η̂$ tends in law to this function of $Δ$. The probability of $2Δ/q ≤ y$ is $Φ(y√(q/2))$, for "
            "$y ≥ 0$ also that of $max(0, 2Δ/q) ≤ y$: $r̂ = √η̂$ is of order $n^{−1/4}$, in place of $n^{−1/2}$. For "
            "uniform weights on the simplex $q = 1/(k − 1)$.",
            related(Limit(_SQUARED(_SIZE, _Y), _SIZE, oo), "==", _normal(_Y * sympy.sqrt(_QUARTIC / 2))),
            given=("model", "maximum", "maximiser", "border", "standard", "Φ"),
        ),
    )
