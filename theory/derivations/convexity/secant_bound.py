"""The square of the hyperbolic secant below a Gaussian and a small constant."""

import sympy
from sympy import Interval, Rational, oo

from emtheory.theory.proof.derivation import Derivation, Statement, Variable, related
from emtheory.theory.proof.step import PLACE, Step, combination, inequality, instance, monotone

STATEMENT = Statement(__name__, "the squared hyperbolic secant below a Gaussian and 1/75")

_Z = sympy.Symbol("z", nonnegative=True)
_Y = sympy.Symbol("y", nonnegative=True)
_REST = Rational(1, 75)
"""A choice: the left side is above the Gaussian by 1/90 at most, near z = 5, and polynomials need some room."""
_GAUSSIAN = sympy.exp(-(_Z**2) / 6)
_ROOT = sympy.exp(-(_Z**2) / 30)
_COSINE = sympy.cosh(_Z / 2) ** 2


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(Variable(_Z, Interval(0, oo)),),
        conclusions=(related(1 / _COSINE, "<", _GAUSSIAN + _REST),),
        note="both sides are even, so that this says what holds for $z < 0$ too",
        source="not in the paper; for convexity with three components",
        scope="every real $z ≥ 0$",
        steps=(*_gaussian_steps(), *_cosine_steps()),
    )


def _fraction(y: sympy.Expr) -> sympy.Expr:
    """Below e^{−y}: the Padé approximant of degrees 1 and 2."""
    return (1 - y / 3) / _denominator(y)


def _denominator(y: sympy.Expr) -> sympy.Expr:
    return 1 + 2 * y / 3 + y**2 / 6


def _gaussian_steps() -> tuple[Step, ...]:
    y, at = _Y, _Z**2 / 30
    fraction = _fraction(at)
    return (
        inequality(
            "For $y ≥ 0$: both sides and their slopes agree at 0, and the second slopes differ by $y²e^{−y}/6$.",
            related(1 - y / 3, "<=", sympy.exp(-y) * _denominator(y)),
            label="slopes",
        ),
        instance(
            "With $y = z²/30$", 1 - at / 3, "<=", _ROOT * _denominator(at), "slopes", {y: at}, label="slopes in z"
        ),
        combination(
            "and divided by the polynomial on the right,",
            related(fraction, "<=", _ROOT),
            {"slopes in z": 1 / _denominator(at)},
            label="fraction",
        ),
        monotone(
            "whose fifth powers are in the same order, also where the left side is negative:",
            related(fraction**5, "<=", _GAUSSIAN),
            PLACE**5,
            "fraction",
            label="Gaussian",
        ),
    )


def _doubled(cosine: sympy.Expr) -> sympy.Expr:
    """Return cosh 2y from cosh y."""
    return 2 * cosine**2 - 1


def _power(cosine: sympy.Expr) -> sympy.Expr:
    """Return cosh²(z/2) from cosh(z/16)."""
    return _doubled(_doubled(_doubled(cosine))) ** 2


def _cosine_steps() -> tuple[Step, ...]:
    parabola = 1 + (_Z / 16) ** 2 / 2
    return (
        inequality("For $y ≥ 0$, by the second slopes,", 1 + _Y**2 / 2, "<=", sympy.cosh(_Y), label="parabola"),
        instance("so", related(parabola, "<=", sympy.cosh(_Z / 16)), "parabola", {_Y: _Z / 16}, label="sixteenth"),
        monotone(
            "and, as $cosh 2y = 2 cosh² y − 1$, three times doubled and squared,",
            related(_power(parabola), "<=", _COSINE),
            _power(PLACE),
            "sixteenth",
            label="cosine",
        ),
        inequality(
            "By Sturm's theorem, over all $z ≥ 0$,",
            related(1, "<", (_fraction(_Z**2 / 30) ** 5 + _REST) * _power(parabola)),
            label="polynomial",
        ),
        combination(
            "so that",
            related(1 / _COSINE, "<", _GAUSSIAN + _REST),
            {
                "polynomial": 1 / _COSINE,
                "Gaussian": _power(parabola) / _COSINE,
                "cosine": (_GAUSSIAN + _REST) / _COSINE,
            },
        ),
    )
