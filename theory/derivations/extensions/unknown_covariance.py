"""Uniform weights on a simplex with the covariance fitted too: t^{−1/2} where dimensions are left, t^{−1/4} if none."""

import sympy
from sympy import Derivative, Integral, Interval, Limit, Range, Rational, oo

from emtheory.theory.derivations.extensions import covariance_descent, simplex_step
from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.step import Step, combination, equation, inequality, instance, limit
from emtheory.theory.proof.words import assumption, citation, definition

STATEMENT = Statement(__name__, "EM for $θ$ and a covariance, uniform weights on a simplex: its rates")

_K, _D, _R, _T = sympy.symbols("k D r t", positive=True)
_STEP, _ITERATE = sympy.Function("M", positive=True), sympy.Function("r", positive=True)
_KL = sympy.Function("KL", real=True)
_E, _F, _G, _H, _KNOWN = (sympy.Function(name, real=True) for name in ("e", "f", "g", "h", "n"))
_REST = sympy.Symbol("u", real=True)

_SPAN = _K - 1
"""The dimension of the span of the means."""

_CUBIC = 1 / _SPAN - 1 / _D
"""The coefficient of r³ in what a step takes away, for any D."""

_QUINTIC = (_K - 2) / (2 * _SPAN**2)
"""That of r⁵ for D = k − 1."""

_FAST, _SLOW = 1 / (16 * _CUBIC), _QUINTIC / 6 * (1 / (4 * _QUINTIC)) ** Rational(3, 2)
"""The limits of t²KL_t where D > k − 1 and of t^{3/2}KL_t where D = k − 1 and k ≥ 3."""

_MORE, _THREE = related(_SPAN, "<", _D), related(2, "<", _K)
_DECREASE, _SLOPE = 3, 4
"""Conclusions of covariance-descent."""


def derive_general() -> Derivation:
    fast, slow = _ITERATE(_D, _T), _ITERATE(_SPAN, _T)
    return STATEMENT.derivation(
        variables=(
            Variable(_K, Range(2, oo), "the number of components"),
            Variable(_D, Interval(1, oo), "$d$ if the covariance is $vI$, and $k − 1$ if it is full"),
            Variable(_R, Interval.open(0, 1), "$‖θ‖$ after at least one step"),
        ),
        hypotheses=("uniform weights", "simplex", "normal data", "unknown covariance"),
        exist_under=dict.fromkeys(
            (_STEP, _KL, _ITERATE), ("uniform weights", "simplex", "normal data", "unknown covariance")
        ),
        conclusions=(
            related(_STEP(_D, _R), "==", _R - _CUBIC * _R**3 + _E(_D, _R) * _R**5),
            related(_KL(_D, _R), "==", _CUBIC * _R**4 / 4 + _F(_D, _R) * _R**6),
            provided(related(Limit(_T * fast**2, _T, oo), "==", 1 / (2 * _CUBIC)), _MORE),
            provided(related(Limit(_T**2 * _KL(_D, fast), _T, oo), "==", _FAST), _MORE),
            related(_STEP(_SPAN, _R), "==", _R - _QUINTIC * _R**5 + _G(_R) * _R**7),
            related(_KL(_SPAN, _R), "==", _QUINTIC * _R**6 / 6 + _H(_R) * _R**8),
            provided(related(Limit(_T * slow**4, _T, oo), "==", 1 / (4 * _QUINTIC)), _THREE),
            provided(related(Limit(_T ** Rational(3, 2) * _KL(_SPAN, slow), _T, oo), "==", _SLOW), _THREE),
        ),
        note="$M(D, r)$ is $‖θ‖$ after a step from $‖θ‖ = r$ and the variance $1 − r²/D$, $KL(D, r)$ the divergence "
        "there, $r(D, t) = ‖θ_t‖$ from any start on the simplex but 0; $e$, $f$, $g$ and $h$ are bounded near $r = "
        "0$. Where the covariance is known, $D = ∞$: $t^{−1/2}$ and $t^{−2}$",
        source="not in the paper, whose covariance is known; open question 2, where $A$ is singular",
        scope="every $k ≥ 2$, weights $1/k$, any $d ≥ k − 1$, starts on the simplex; for $k = 2$ and $D = 1$ the step "
        "is $r + O(r⁷)$, and statement unknown-variance has the rate",
        steps=(*_shared_steps(), *_cubic_steps(), *_quintic_steps()),
    )


def _shared(dimension: sympy.Expr) -> sympy.Expr:
    """θ/v for ‖θ‖ = r and v = 1 − r²/D."""
    return _R / (1 - _R**2 / dimension)


def _slope(dimension: sympy.Expr, step: sympy.Expr) -> sympy.Expr:
    """The slope of KL along the curve."""
    return (_R - step) * (1 + _R**2 / dimension) / (1 - _R**2 / dimension) ** 2


def _step_at(s: sympy.Expr) -> sympy.Expr:
    """The step for a known covariance from the radius s."""
    return s - s**3 / _SPAN + (6 - _K) * s**5 / (2 * _SPAN**2) + _KNOWN(s) * s**7


def _rest(dimension: sympy.Expr, polynomial: sympy.Expr, power: int) -> sympy.Expr:
    """What a step has beyond a polynomial, over that power of r; an error if it has lower ones."""
    x, y, v = 1 / _SPAN, 1 / dimension, sympy.Symbol("v", positive=True)
    numerator = v**4 * _R - v**2 * x * _R**3 + (5 * x**2 - x) * _R**5 / 2 - v**5 * polynomial
    terms = sympy.Poly(numerator.xreplace({v: 1 - y * _R**2}), _R).all_terms()
    coefficients = {n: sympy.factor(value) for (n,), value in terms}
    if any(value != 0 for n, value in coefficients.items() if n < power):
        raise DerivationError("the remainder is of a lower order")
    known = _KNOWN(_shared(dimension)) * _R ** (7 - power) / (1 - y * _R**2) ** 7
    higher = sympy.Add(*(value * _R ** (n - power) for n, value in coefficients.items() if n >= power))
    return higher / (1 - y * _R**2) ** 5 + known


def _shared_steps() -> tuple[Step, ...]:
    descent, at, s = made(covariance_descent.derive_general), {"D": _D, "r": _R, "m": _STEP(_D, _R)}, _shared(_D)
    derivative = Derivative(_KL(_D, _R), _R)
    return (
        inequality("As $r < 1$", related(_R**2, "<", _D), label="inside"),
        descent.quoted("$‖θ‖$ decreases (statement covariance-descent),", _DECREASE, at, ("inside",), label="fall"),
        descent.quoted("and KL has the slope", _SLOPE, {**at, "KL'": derivative}, ("inside",), label="slope"),
        made(simplex_step.derive_general).quoted(
            "The posteriors are those for a known covariance and $s = r/v$: by statement simplex-step, $n$ bounded "
            "near 0,",
            0,
            {"k": _K, "s": s, "N(s)": _STEP(_D, _R), "e(s)": _KNOWN(s)},
            label="known",
        ),
    )


def _cubic_steps() -> tuple[Step, ...]:
    r, e = _R, _E(_D, _R)
    moved = r - _CUBIC * r**3 + e * r**5
    return (
        definition("With a function that is bounded near 0,", e, _rest(_D, r - _CUBIC * r**3, 5)),
        equation("this is", _STEP(_D, r), moved, label="step", given=("known",)),
        *_divergence_steps(_D, _CUBIC, 2, e, _F(_D, r), ""),
        assumption("If dimensions are left,", _MORE, label="more"),
        combination("the coefficient is positive.", 0, "<", _CUBIC, {"more": 1 / (_SPAN * _D)}, label="positive"),
        *_rate_steps(_D, _CUBIC, 2, _FAST, _F(_D, r), ""),
    )


def _quintic_steps() -> tuple[Step, ...]:
    r, s, derivative = _R, _shared(_SPAN), Derivative(_KL(_SPAN, _R), _R)
    step, g = _STEP(_SPAN, r), _G(r)
    at = {_D: _SPAN}
    return (
        instance("For $D = k − 1$", related(step, "==", _step_at(s)), "known", at, label="higher known"),
        instance("and", related(derivative, "==", _slope(_SPAN, step)), "slope", at, label="higher slope"),
        instance("also", related(step, "<", r), "fall", at, label="higher fall"),
        definition("With another such function", g, _rest(_SPAN, r - _QUINTIC * r**5, 7)),
        equation(
            "the cubic term vanishes:",
            step,
            r - _QUINTIC * r**5 + g * r**7,
            label="higher step",
            given=("higher known",),
        ),
        *_divergence_steps(_SPAN, _QUINTIC, 4, g, _H(r), "higher "),
        assumption("For three components or more", _THREE, label="three"),
        combination(
            "the coefficient is positive.", 0, "<", _QUINTIC, {"three": 1 / (2 * _SPAN**2)}, label="higher positive"
        ),
        *_rate_steps(_SPAN, _QUINTIC, 4, _SLOW, _H(r), "higher "),
    )


def _divergence_steps(
    dimension: sympy.Expr, coefficient: sympy.Expr, power: int, rest: sympy.Expr, other: sympy.Expr, prefix: str
) -> tuple[Step, ...]:
    r, u = _R, sympy.Symbol("x", real=True)
    step = r - coefficient * r ** (power + 1) + rest * r ** (power + 3)
    leading = coefficient * r ** (power + 2) / (power + 2)
    return (
        equation(
            "So the slope of KL is",
            Derivative(_KL(dimension, r), r),
            _slope(dimension, step),
            label=f"{prefix}KL slope",
            given=(f"{prefix}slope", f"{prefix}step"),
        ),
        citation(
            "Taylor's theorem",
            "KL is the integral from 0, where it is 0. The terms after the leading one are odd in $r$, and of higher "
            "order:",
            related(
                _KL(dimension, r),
                "==",
                Integral(coefficient * u ** (power + 1), (u, 0, r)) + other * r ** (power + 2) * r**2,
            ),
            label=f"{prefix}integral",
            given=(f"{prefix}KL slope",),
        ),
        equation(
            "that is,",
            _KL(dimension, r),
            leading + other * r ** (power + 2) * r**2,
            label=f"{prefix}KL",
            given=(f"{prefix}integral",),
        ),
    )


def _rate_steps(
    dimension: sympy.Expr, coefficient: sympy.Expr, power: int, value: sympy.Expr, other: sympy.Expr, prefix: str
) -> tuple[Step, ...]:
    r, t = _R, _T
    iterate, exponent = _ITERATE(dimension, t), Rational(power + 2, power)
    radius, divergence = Limit(t * iterate**power, t, oo), Limit(t**exponent * _KL(dimension, iterate), t, oo)
    inverse = Limit(1 / (t * iterate**power), t, oo)
    moved = r - coefficient * r ** (power + 1) + _REST * r ** (power + 3)
    first, second = sympy.symbols("y_1 y_2")
    return (
        citation(
            "global convergence theorem",
            "$r_t$ decreases; its limit is a fixed point, as $M$ is continuous, and there is none but 0:",
            related(Limit(iterate, t, oo), "==", 0),
            label=f"{prefix}to 0",
            given=(f"{prefix}fall",),
        ),
        citation(
            "Stolz–Cesàro theorem",
            f"So $1/r_t^{power}$ over $t$ tends to what a step adds to $1/r^{power}$ near 0, whatever the bounded $u$:",
            related(inverse, "==", Limit(1 / moved**power - 1 / r**power, r, 0)),
            label=f"{prefix}growth",
        ),
        equation("That is", inverse, power * coefficient, label=f"{prefix}gain", given=(f"{prefix}growth",)),
        limit(
            "which is positive:",
            radius,
            1 / (power * coefficient),
            1 / first,
            {f"{prefix}gain": first},
            label=f"{prefix}rate",
            along=(f"{prefix}positive",),
        ),
        citation(
            "Taylor's theorem",
            "What KL has beside its leading term is of higher order,",
            related(Limit(r**2 * other, r, 0), "==", 0),
            label=f"{prefix}rest",
        ),
        limit(
            "so that",
            Limit(_KL(dimension, r) / r ** (power + 2), r, 0),
            coefficient / (power + 2),
            coefficient / (power + 2) + first,
            {f"{prefix}rest": first},
            label=f"{prefix}leading",
            given=(f"{prefix}KL",),
        ),
        limit(
            "KL is its leading term in the limit.",
            divergence,
            value,
            first * second**exponent,
            {f"{prefix}leading": first, f"{prefix}rate": second},
            along=(f"{prefix}to 0", *((f"{prefix}positive",) if exponent.is_Integer is False else ())),
        ),
    )
