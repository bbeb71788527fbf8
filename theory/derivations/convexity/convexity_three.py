"""Three components: the objective is strictly convex for all weights, also uniform ones."""

import sympy
from sympy import Rational, sqrt

from emtheory.theory.derivations.convexity import secant_mean
from emtheory.theory.derivations.convexity.secant_mean import bound, secants
from emtheory.theory.derivations.model import amplitude_derivatives, hessian
from emtheory.theory.derivations.rates import stationary_point
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import PLACE, Step, combination, either, equation, inequality, instance, meant, monotone
from emtheory.theory.proof.words import assumption, prose

STATEMENT = Statement(__name__, "three components: strict convexity everywhere", 3, general=False, smallest_k=3)

_R = sympy.Symbol("r", positive=True)
_RADIAL, _BETA, _LEAST, _AT_ZERO, _SPREAD, _PAIR = sympy.symbols("∂²ℓ/∂r² β λ_min λ_0 V P", real=True)
_POWER, _CURVED, _SLOPE, _IMAGE = sympy.symbols("b Λ_11 Λ_1 ‖Ah‖²", real=True)
_FIRST, _SECOND = sympy.symbols("γ_0 γ_1", positive=True)
_THIRD = 1 - _FIRST - _SECOND
"""γ_2."""
_WEIGHTS = sympy.symbols("π_0:3", real=True)
_PAIRS = _FIRST * _SECOND + _SECOND * _THIRD + _THIRD * _FIRST
_TRIPLE = _FIRST * _SECOND * _THIRD
_ROOT = sympy.exp(2 * sympy.pi * sympy.I / 3)
_X = sympy.Symbol("x", real=True)
_LARGEST = 3 * bound(sqrt(3) / 2, 2)
"""Four times a bound on E γ_iγ_j⟨X, v_i − v_j⟩² from r = 1 on."""


def _mean(value: sympy.Expr) -> sympy.Expr:
    """Mean over X, of which the posterior is a function."""
    return Mean(value, (_FIRST, _SECOND))


_LOWER = (1 - _R**2) * _BETA + _R**2 * _mean((1 - 6 * _PAIRS) ** 2)


def derive(k: int) -> Derivation:
    differences = [(_WEIGHTS[j] - _WEIGHTS[(j + 1) % 3]) ** 2 for j in range(3)]
    return STATEMENT.derivation(
        variables=(
            Variable(_R, POSITIVE, "the norm of the part of $θ$ in the plane of the simplex"),
            Variable(_RADIAL, REAL, "the second derivative of $ℓ$ along that part"),
            Variable(_BETA, REAL, "$β_1(θ)$"),
            Variable(_LEAST, REAL, "the smallest eigenvalue of $∇²ℓ(θ)$"),
            Variable(_AT_ZERO, REAL, "that where $r = 0$"),
            *(Variable(weight, REAL) for weight in _WEIGHTS),
        ),
        hypotheses=("weights", "cyclic maps", "normal data"),
        exist_under=dict.fromkeys((_R, _RADIAL, _LEAST, _AT_ZERO), ("weights", "cyclic maps", "normal data")),
        conclusions=(
            related(_LOWER, "<=", _RADIAL),
            provided(related(1 - 3 * _LARGEST / 4, "<=", _RADIAL), related(1, "<=", _R)),
            related(0, "<", _RADIAL),
            related(0, "<", _LEAST),
            related(_AT_ZERO, "==", sympy.Add(*differences) / 2),
        ),
        note="the means are over $X$, of which the posterior $γ$ is a function. So $ℓ$ is strictly convex for all "
        "weights; only where $r = 0$ and the weights are uniform its smallest eigenvalue is 0",
        source="not in the paper, which has strong convexity near the origin only",
        scope="$k = 3$, all weights, every $θ$, any $d$",
        k=k,
        steps=(*_posterior_steps(), *_near_steps(), *_pair_steps(), *_eigenvalue_steps()),
    )


def _posterior_steps() -> tuple[Step, ...]:
    transform = _FIRST + _SECOND * _ROOT + _THIRD * _ROOT**2
    conjugate = _FIRST + _SECOND * _ROOT**2 + _THIRD * _ROOT
    power = transform * conjugate
    cumulant = -1 - power + 2 * (conjugate**3 + transform**3) + 4 * power - 6 * power**2
    return (
        meant(
            "Three components have one frequency. With $γ̂$ for the transform $γ_0 + γ_1ω + γ_2ω²$, $ω = e^{2πi/3}$, "
            "of the posterior, $γ_2 = 1 − γ_0 − γ_1$, and $s = γ_0γ_1 + γ_1γ_2 + γ_2γ_0$, $|γ̂|² = 1 − 3s$, on average",
            related(_BETA, "==", _mean(1 - 3 * _PAIRS)),
            {_BETA: _mean(power)},
            label="power",
        ),
        made(amplitude_derivatives.derive_general).quoted(
            "As $r$ is the amplitude of the frequency, statement amplitude-derivatives says",
            4,
            {"∂²ℓ/∂ρ_m²": _RADIAL, "β_m": _POWER, "ρ_m": _R, "Λ_mm": _CURVED},
            label="amplitude",
        ),
        prose("Here $b$ is $β$,", related(_POWER, "==", _BETA), label="b"),
        prose(
            "and $4Λ_{mm}$ the mean of the fourth cumulant of $ω^{±j}$:",
            _CURVED,
            "==",
            _mean(cumulant) / 4,
            label="curved",
        ),
        equation(
            "that is,",
            _RADIAL,
            _BETA - _R**2 * _mean(9 * (_PAIRS - 6 * _PAIRS**2 + 6 * _TRIPLE)),
            label="radial",
            given=("amplitude", "b", "curved"),
        ),
    )


def _near_steps() -> tuple[Step, ...]:
    a, b, c = sympy.symbols("a b c", real=True)
    return (
        inequality(
            "As squares are not negative,", 3 * (a * b + b * c + c * a), "<=", (a + b + c) ** 2, label="squares"
        ),
        instance(
            "so for the three products $γ_iγ_j$, whose products two by two add up to $γ_0γ_1γ_2$,",
            related(3 * _TRIPLE, "<=", _PAIRS**2),
            "squares",
            {a: _FIRST * _SECOND, b: _SECOND * _THIRD, c: _THIRD * _FIRST},
            label="triple",
        ),
        monotone(
            "and on average.", _mean(3 * _TRIPLE), "<=", _mean(_PAIRS**2), _mean(PLACE), "triple", label="mean triple"
        ),
        combination(
            "Hence", _LOWER, "<=", _RADIAL, {"radial": 1, "power": _R**2, "mean triple": 18 * _R**2}, label="near"
        ),
        inequality("where a square is not negative", related(0, "<=", _mean((1 - 6 * _PAIRS) ** 2)), label="square"),
        made(stationary_point.derive_general).quoted(
            "and $β > 0$: $∇ℓ(θ) = βθ$ in the plane, and $⟨θ, ∇ℓ(θ)⟩$ is positive (statement stationary-point),",
            1,
            {"f(r)": _BETA * _R**2},
            label="slope",
        ),
        combination("that is,", related(0, "<", _BETA), {"slope": _R**-2}, label="positive power"),
        assumption("Let $r$ be below 1.", related(_R, "<", 1), label="inside"),
        combination(
            "Then",
            related(0, "<", _RADIAL),
            {"near": 1, "positive power": 1 - _R**2, "square": _R**2},
            within=("inside",),
            label="positive inside",
        ),
    )


def _pair_steps() -> tuple[Step, ...]:
    p, q, m = sympy.symbols("p q m", positive=True)
    y = sympy.symbols("y_0:3", real=True)
    posterior = (_FIRST, _SECOND, _THIRD)
    x, e = sympy.symbols("x e", real=True)
    scale, size, random = sqrt(3) / 2, sympy.Abs(x + e), (_FIRST, _SECOND, *y)
    square = sympy.Add(*(posterior[j] * y[j] ** 2 for j in range(3)))
    centre = sympy.Add(*(posterior[j] * y[j] for j in range(3)))
    pairs = sympy.Add(*(posterior[j] * posterior[j - 1] * (y[j] - y[j - 1]) ** 2 for j in range(3)))
    return (
        made(hessian.derive_general).quoted(
            "With $y_j = ⟨X, v_j⟩$ its mean $V$ is $Λ″$ along $θ$ (statement hessian):",
            0,
            {"⟨h|∇²ℓ(sθ)h⟩": _RADIAL, "‖h‖²": sympy.S.One, "V": _SPREAD},
            label="curvature",
        ),
        prose(
            "which is that of the $y_j$ under the posterior,",
            related(_SPREAD, "==", Mean(square - centre**2, random)),
            label="variance",
        ),
        prose(
            "At most three times the mean of the largest of three, $P = E γ_iγ_jD²$, $D = ⟨X, v_i − v_j⟩$, is",
            related(Mean(pairs, random), "<=", 3 * _PAIR),
            label="three pairs",
        ),
        inequality(
            "A posterior is of the form $p, q, m$ over their sum, and without the third",
            related(p * q / (p + q + m) ** 2, "<", p * q / (p + q) ** 2),
            label="without the third",
        ),
        equation(
            "the product is, if $p = qe^z$,",
            q * sympy.exp(_X) * q / (q * sympy.exp(_X) + q) ** 2,
            1 / (4 * sympy.cosh(_X / 2) ** 2),
            label="logistic",
        ),
        prose(
            "Here $z = r(D + a)$ with $ra = log(π_i/π_j)$, $cosh$ is even, and $D = √3x$ with a coordinate $x$ of the "
            "data, as $‖v_i − v_j‖² = 3$:",
            related(4 * _PAIR, "<=", 3 * secants(_R * scale, 2)),
            label="pair at r",
            given=("without the third", "logistic"),
        ),
        assumption("Let $r$ be 1 or more.", related(1, "<=", _R), label="outside"),
        combination("Then", related(scale * size, "<=", _R * scale * size), {"outside": scale * size}, label="more"),
        monotone(
            "and, as $cosh$ increases,",
            related(secants(_R * scale, 2), "<=", secants(scale, 2)),
            secants(scale, 2).xreplace({scale * size: PLACE}),
            "more",
            label="pair at 1",
        ),
        made(secant_mean.derive_general).quoted(
            "where by statement secant-mean", 1, {"κ": sympy.S.One, "e": e}, label="mean secant"
        ),
        combination(
            "For $r ≥ 1$, whatever $a$ is,",
            related(1 - 3 * _LARGEST / 4, "<=", _RADIAL),
            {
                "curvature": 1,
                "variance": -1,
                "three pairs": 1,
                "pair at r": Rational(3, 4),
                "pair at 1": Rational(9, 4),
                "mean secant": Rational(9, 4),
            },
            label="far",
        ),
        inequality("which is positive:", related(0, "<", 1 - 3 * _LARGEST / 4), label="number"),
        combination("so that", related(0, "<", _RADIAL), {"far": 1, "number": 1}, label="positive outside"),
        either(
            "This is for every $r$, as it is below 1 or not:",
            related(0, "<", _RADIAL),
            {"positive inside": "inside", "positive outside": "outside"},
            label="positive",
        ),
    )


def _eigenvalue_steps() -> tuple[Step, ...]:
    first, second, third = _WEIGHTS
    transform, conjugate = (first + second * root + third * root**2 for root in (_ROOT, _ROOT**2))
    differences = (first - second) ** 2 + (second - third) ** 2 + (third - first) ** 2
    return (
        made(amplitude_derivatives.derive_general).quoted(
            "By statement amplitude-derivatives the slope of $Λ$ is", 0, {"Λ_m": _SLOPE, "β_m": _POWER}, label="across"
        ),
        prose(
            "The eigenvalues of $∇²ℓ$ are that along $θ$, $1 − 2Λ_m$, that is $β$, across it in its plane, "
            "and 1 on its complement, where the posterior does not change. There is no rule for eigenvalues:",
            related(0, "<", _LEAST),
            given=("across",),
        ),
        made(hessian.derive_general).quoted(
            "At the origin the form of $∇²ℓ$ is (statement hessian)",
            2,
            {"⟨h|∇²ℓ(0)h⟩": _AT_ZERO, "‖Ah‖²": _IMAGE, "‖h‖²": sympy.S.One},
            label="Hessian",
        ),
        prose(
            "and $A$ turns the plane and multiplies it by $|π̂_1|$, which no rule says of a matrix of symbols:",
            related(_IMAGE, "==", transform * conjugate),
            label="image",
        ),
        combination("So", _AT_ZERO, "==", differences / 2, {"Hessian": 1, "image": 1}),
    )
