"""Means of the squared hyperbolic secant, and of it times a square, over a coordinate of normal data."""

import sympy
from sympy import Derivative, Rational, Subs, exp, sqrt

from emtheory.theory.derivations.convexity import secant_bound
from emtheory.theory.proof.common import above_tangent
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, made, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, instance, monotone
from emtheory.theory.proof.words import citation

STATEMENT = Statement(__name__, "means of the squared hyperbolic secant over a coordinate of the data")

_X, _E = sympy.symbols("x e", real=True)
_KAPPA, _Y = sympy.Symbol("κ", positive=True), sympy.Symbol("y", nonnegative=True)
_C = sqrt(3 * _KAPPA) / 2
"""The scale, for which 4c²/3 is κ."""
_SPREAD = _KAPPA * _E**2 / (2 * (1 + _KAPPA))
"""Minus the exponent that a shift by e leaves."""
_REST = Rational(1, 75)
"""Of statement secant-bound."""


def secants(scale: sympy.Expr, power: int) -> sympy.Expr:
    """E x^{power} cosh^{−2}(scale·|x + e|) for a coordinate x of the data."""
    return Mean(_X**power * sympy.cosh(scale * sympy.Abs(_X + _E)) ** -2, (_X,))


def bound(scale: sympy.Expr, power: int) -> sympy.Expr:
    """Of `secants`, for the powers 0 and 2."""
    kappa = Rational(4, 3) * scale**2
    peak = 2 * kappa / (1 + kappa) * exp(1 / (2 * kappa) - 1) if power else 1
    return peak / sqrt(1 + kappa) + _REST


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(Variable(_KAPPA, POSITIVE), Variable(_E, REAL, "any number")),
        hypotheses=("normal data",),
        conclusions=tuple(related(secants(_C, power), relation, bound(_C, power)) for power, relation in _POWERS),
        note="$x$ is a coordinate of the data",
        source="not in the paper; for convexity with three and four components",
        scope="every $κ > 0$, every real $e$",
        steps=(
            made(secant_bound.derive_general).quoted(
                "Statement secant-bound at $z = √(3κ)|x + e|$:", 0, {"z": 2 * _C * sympy.Abs(_X + _E)}, label="secant"
            ),
            *(step for power, relation in _POWERS for step in _moment_steps(power, relation)),
        ),
    )


_POWERS = ((0, "<"), (2, "<="))


def _moment_steps(power: int, relation: str) -> tuple[Step, ...]:
    bell = exp(-_KAPPA * (_X + _E) ** 2 / 2) + _REST
    bells = Mean(_X**power * bell, (_X,))
    falling = exp(-_SPREAD) / sqrt(1 + _KAPPA)
    exponent, variance = -(_X**2) / 2 - _KAPPA * (_X + _E) ** 2 / 2, 1 / (1 + _KAPPA)
    spread = -1 / Derivative(exponent, (_X, 2))
    centre = spread * Subs(Derivative(exponent, _X), _X, 0)
    mass = sqrt(spread) * Subs(exp(exponent), _X, centre)
    moment, times = ((1 + 2 * _KAPPA * _SPREAD) * variance, 2 * _KAPPA * variance) if power else (1, 1)
    return (
        monotone(
            "On average, times $x²$," if power else "On average",
            related(secants(_C, power), relation, bells),
            Mean(_X**power * PLACE, (_X,)),
            "secant",
            label=f"bell {power}",
        ),
        citation(
            "independent coordinates",
            "The second moment of that law is the variance and the square of the mean:"
            if power
            else "Times the density of $N(0, 1)$ the first term is a multiple of that of a normal law, the value of "
            "$e^h$ at the mean, $h$ the exponents of both, and the variance $−1/h''$:",
            related(bells, "==", ((spread + centre**2) * falling if power else mass) + _REST),
            label=f"law {power}",
            under=("normal data",),
        ),
        equation("that is,", bells, moment * falling + _REST, given=(f"law {power}",), label=f"value {power}"),
        *_peak_steps(power),
        combination(
            "Hence",
            related(secants(_C, power), relation, bound(_C, power)),
            {f"bell {power}": 1, f"value {power}": -1, f"peak {power}": times * falling},
        ),
    )


def _peak_steps(power: int) -> tuple[Step, ...]:
    if power:
        return above_tangent(_SPREAD + 1 / (2 * _KAPPA) - 1, label=f"peak {power}")
    return (
        inequality("For $y ≥ 0$", related(1, "<=", exp(_Y)), label="exponential"),
        instance("so that", related(1, "<=", exp(_SPREAD)), "exponential", {_Y: _SPREAD}, label=f"peak {power}"),
    )
