"""Uniform weights on a simplex with the covariance fitted too: t^{−1/2} where dimensions are left, t^{−1/4} if none."""

import sympy
from sympy import Derivative, Integral, Interval, Limit, Range, Rational, Subs, oo

from emtheory.theory.derivations.extensions import covariance_descent, simplex_step
from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.made import made
from emtheory.theory.proof.step import Step, assumption, citation, equation, inequality, prose

STATEMENT = Statement("EM for $θ$ and a covariance, uniform weights on a simplex: its rates", 0, general=True)

_K, _D, _R, _T, _Q = sympy.symbols("k D r t q", positive=True)
_STEP, _ITERATE = sympy.Function("M", positive=True), sympy.Function("r", positive=True)
_KL = sympy.Function("KL", real=True)
_E, _F, _G, _H, _KNOWN = (sympy.Function(name, real=True) for name in ("e", "f", "g", "h", "n"))

_SPAN = _K - 1
"""The dimension of the span of the means."""

_CUBIC = 1 / _SPAN - 1 / _D
"""The coefficient of r³ in what a step takes away, for any D."""

_QUINTIC = (_K - 2) / (2 * _SPAN**2)
"""That of r⁵ for D = k − 1."""

_MORE, _THREE = related(_SPAN, "<", _D), related(2, "<", _K)
_DECREASE, _SLOPE = 3, 4
"""Conclusions of covariance-descent."""


def _at_the_rate() -> tuple[sympy.Expr, sympy.Expr]:
    """Limits of t²KL_t where dimensions are left and of t^{3/2}KL_t where there are none."""
    return 1 / (16 * _CUBIC), 1 / (48 * sympy.sqrt(_QUINTIC))


def _statement() -> Proposition:
    square, root = _at_the_rate()
    fast, slow = _ITERATE(_D, _T), _ITERATE(_SPAN, _T)
    return Proposition(
        variables=(
            Variable(_K, Range(2, oo), "the number of components"),
            Variable(_D, Interval(1, oo), "$d$ if the covariance is $vI$, and $k − 1$ if it is full"),
            Variable(_R, Interval.open(0, 1), "$‖θ‖$ after at least one step"),
        ),
        hypotheses=("uniform weights", "simplex", "normal data", "unknown covariance"),
        conclusions=(
            related(_STEP(_D, _R), "==", _R - _CUBIC * _R**3 + _E(_D, _R) * _R**5),
            related(_KL(_D, _R), "==", _CUBIC * _R**4 / 4 + _F(_D, _R) * _R**6),
            sympy.Implies(_MORE, related(Limit(_T * fast**2, _T, oo), "==", 1 / (2 * _CUBIC)), evaluate=False),
            sympy.Implies(_MORE, related(Limit(_T**2 * _KL(_D, fast), _T, oo), "==", square), evaluate=False),
            related(_STEP(_SPAN, _R), "==", _R - _QUINTIC * _R**5 + _G(_R) * _R**7),
            related(_KL(_SPAN, _R), "==", _QUINTIC * _R**6 / 6 + _H(_R) * _R**8),
            sympy.Implies(_THREE, related(Limit(_T * slow**4, _T, oo), "==", 1 / (4 * _QUINTIC)), evaluate=False),
            sympy.Implies(
                _THREE,
                related(Limit(_T ** Rational(3, 2) * _KL(_SPAN, slow), _T, oo), "==", root),
                evaluate=False,
            ),
        ),
        note="$M(D, r)$ is $‖θ‖$ after a step from $‖θ‖ = r$ and the variance $1 − r²/D$, $KL(D, r)$ the divergence "
        "there, $r(D, t) = ‖θ_t‖$ from any start on the simplex but 0; $e$, $f$, $g$ and $h$ are bounded near $r = "
        "0$. Where the covariance is known, $D = ∞$: $t^{−1/2}$ and $t^{−2}$",
    )


def derive_general() -> Derivation:
    """Derive t^{−1/2} for vI and d ≥ k, and t^{−1/4} for k ≥ 3 and a full covariance or d = k − 1."""
    return Derivation(
        name="unknown-covariance",
        title=STATEMENT.title,
        statement=_statement(),
        source="not in the paper, whose covariance is known; open question 2, where $A$ is singular",
        scope="every $k ≥ 2$, weights $1/k$, any $d ≥ k − 1$, starts on the simplex; for $k = 2$ and $D = 1$ the step "
        "is $r + O(r⁷)$, and statement unknown-variance has the rate",
        k=None,
        steps=(*_shared_steps(), *_cubic_steps(), *_quintic_steps()),
    )


def _on_the_curve(dimension: sympy.Expr) -> sympy.Expr:
    """The step for a known covariance, without its remainder, at s = r/(1 − r²/D)."""
    s = _R / (1 - _R**2 / dimension)
    return s - s**3 / _SPAN + (6 - _K) * s**5 / (2 * _SPAN**2)


def _taylor(value: sympy.Expr, degree: int) -> sympy.Expr:
    return sympy.Add(
        *(Subs(Derivative(value, (_R, n)), _R, 0) * _R**n / sympy.factorial(n) for n in range(1, degree + 1))
    )


def _shared_steps() -> tuple[Step, ...]:
    descent = made(covariance_descent.derive_general)
    at = {"D": _D, "r": _R, "m": _STEP(_D, _R)}
    s = _R / (1 - _R**2 / _D)
    return (
        inequality("As $r < 1$", _R**2, "<", _D, label="inside"),
        descent.quoted("$‖θ‖$ decreases (statement covariance-descent),", _DECREASE, at, ("inside",), label="fall"),
        descent.quoted(
            "and KL has the slope",
            _SLOPE,
            {**at, "KL'": Derivative(_KL(_D, _R), _R)},
            ("inside",),
            label="slope",
        ),
        made(simplex_step.derive_general).quoted(
            "The posteriors are those for a known covariance and $s = r/v$: by statement simplex-step",
            0,
            {"k": _K, "s": s, "N(s)": _STEP(_D, _R), "e(s)": _KNOWN(s)},
            label="known",
        ),
    )


def _cubic_steps() -> tuple[Step, ...]:
    r, rest, x = _R, sympy.Symbol("e", real=True), sympy.Symbol("x", real=True)
    moved = r - _Q * r**3 + rest * r**5
    square, _ = _at_the_rate()
    leading = _CUBIC * r**4 / 4
    iterate = _ITERATE(_D, _T)
    return (
        equation(
            "The Taylor polynomial of degree 4.",
            _taylor(_on_the_curve(_D), 4),
            r - _CUBIC * r**3,
            label="polynomial",
        ),
        citation(
            "Taylor's theorem",
            "All of it is odd in $r$ and smooth near 0.",
            related(_STEP(_D, r), "==", r - _CUBIC * r**3 + _E(_D, r) * r**5),
            label="step",
            given=("known", "polynomial"),
        ),
        equation(
            "The leading term of $r − M$, integrated from 0, where $KL = 0$.",
            Integral(_CUBIC * x**3, (x, 0, r)),
            leading,
            label="integral",
        ),
        citation(
            "Taylor's theorem",
            "The others are of order $r⁵$ and more.",
            related(_KL(_D, r), "==", leading + _F(_D, r) * r**6),
            label="KL",
            given=("slope", "integral", "step"),
        ),
        assumption("If dimensions are left,", _MORE, label="more"),
        equation(
            "then $q = 1/(k−1) − 1/D$ is positive. In a step with bounded $e$ $1/r²$ grows in the limit $r → 0$ by",
            Limit(1 / moved**2 - 1 / r**2, r, 0),
            2 * _Q,
            label="growth",
        ),
        citation(
            "Stolz–Cesàro theorem",
            "$r_t$ decreases; its limit is a fixed point, as $M$ is continuous, and there is none but 0. So "
            "$1/r_t² ~ 2qt$.",
            related(Limit(_T * iterate**2, _T, oo), "==", 1 / (2 * _CUBIC)),
            label="rate",
            given=("fall", "step", "growth", "more"),
        ),
        equation(
            "Where $r² = 1/(2qt)$, $qr⁴/4$ is",
            Subs(_Q * r**4 / 4, r, sympy.sqrt(1 / (2 * _Q * _T))),
            1 / (16 * _Q * _T**2),
            label="at the rate",
        ),
        prose(
            "That is the leading term of $KL_t$.",
            related(Limit(_T**2 * _KL(_D, iterate), _T, oo), "==", square),
            given=("rate", "at the rate", "KL"),
        ),
    )


def _quintic_steps() -> tuple[Step, ...]:
    r, rest, x = _R, sympy.Symbol("g", real=True), sympy.Symbol("x", real=True)
    moved = r - _Q * r**5 + rest * r**7
    _, root = _at_the_rate()
    leading = _QUINTIC * r**6 / 6
    iterate = _ITERATE(_SPAN, _T)
    return (
        equation(
            "For $D = k − 1$ the cubic term vanishes; the Taylor polynomial of degree 6.",
            _taylor(_on_the_curve(_SPAN), 6),
            r - _QUINTIC * r**5,
            label="higher polynomial",
        ),
        citation(
            "Taylor's theorem",
            "As above,",
            related(_STEP(_SPAN, r), "==", r - _QUINTIC * r**5 + _G(r) * r**7),
            label="higher step",
            given=("known", "higher polynomial"),
        ),
        equation(
            "and, integrated,",
            Integral(_QUINTIC * x**5, (x, 0, r)),
            leading,
            label="higher integral",
        ),
        citation(
            "Taylor's theorem",
            "the slope gives",
            related(_KL(_SPAN, r), "==", leading + _H(r) * r**8),
            label="higher KL",
            given=("slope", "higher integral", "higher step"),
        ),
        assumption("For three components or more", _THREE, label="three"),
        equation(
            "$q = (k−2)/(2(k−1)²)$ is positive, and $1/r⁴$ grows by",
            Limit(1 / moved**4 - 1 / r**4, r, 0),
            4 * _Q,
            label="higher growth",
        ),
        citation(
            "Stolz–Cesàro theorem",
            "in the limit, so $1/r_t⁴ ~ 4qt$.",
            related(Limit(_T * iterate**4, _T, oo), "==", 1 / (4 * _QUINTIC)),
            label="higher rate",
            given=("fall", "higher step", "higher growth", "three"),
        ),
        equation(
            "Where $r⁴ = 1/(4qt)$, $qr⁶/6$ is",
            Subs(_Q * r**6 / 6, r, (1 / (4 * _Q * _T)) ** Rational(1, 4)),
            1 / (48 * sympy.sqrt(_Q) * _T ** Rational(3, 2)),
            label="higher at the rate",
        ),
        prose(
            "That is the leading term of $KL_t$.",
            related(Limit(_T ** Rational(3, 2) * _KL(_SPAN, iterate), _T, oo), "==", root),
            given=("higher rate", "higher at the rate", "higher KL"),
        ),
    )
