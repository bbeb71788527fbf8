"""Two components: the objective is strictly convex for all weights but at one point."""

import sympy
from sympy import Derivative, Interval, oo

from emtheory.theory.mixture import exponents, log_partition_integrand, posterior
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.meant.vectors import DATA, Inner, Mean, Unit
from emtheory.theory.proof.step import Step, combination, equation, instance, meant, positive
from emtheory.theory.proof.words import assumption, citation
from emtheory.theory.simplex import rotations

STATEMENT = Statement(__name__, "two components: strict convexity everywhere", 2, general=False)

_R, _A, _X = sympy.symbols("r a x", real=True)
_CURVATURE = sympy.Function("H", real=True)
_FIRST, _SECOND = sympy.exp(_A) / (sympy.exp(_A) + sympy.exp(-_A)), sympy.exp(-_A) / (sympy.exp(_A) + sympy.exp(-_A))
"""π_0 and π_1, which any a with tanh a = π_0 − π_1 gives."""

_NAMES = {_X: Inner(DATA, Unit("e"))}


def derive(k: int) -> Derivation:
    square = Mean(_X**2 * sympy.tanh(_R * _X + _A) ** 2, (_X,))
    return STATEMENT.derivation(
        variables=(
            Variable(_R, Interval(-oo, oo), "$θ$, a number, for $d = 1$"),
            Variable(_A, Interval(-oo, oo), "given by the weights, $tanh a = π_0 − π_1$"),
        ),
        hypotheses=("normal data",),
        conclusions=(
            related(_CURVATURE(_R), "==", square),
            related(_CURVATURE(0), "==", sympy.tanh(_A) ** 2),
            provided(related(0, "<", _CURVATURE(_R)), related(_R**2 + _A**2, "!=", 0)),
        ),
        note="$E$ is over $x ~ N(0, 1)$, $H = ∇²ℓ$ for $k = 2$; along the complement of the line $ℓ$ is $‖θ‖²/2$",
        source="not in the paper, which has strong convexity near the origin only",
        scope="$k = 2$, all weights, every radius, any $d$",
        k=k,
        steps=(*_posterior_steps(k), *_curvature_steps(k)),
    )


def _exponents(k: int) -> tuple[sympy.Expr, ...]:
    return exponents(rotations(k), sympy.ImmutableMatrix([_R]), sympy.ImmutableMatrix([_X]))


def _slope(k: int) -> sympy.Expr:
    """Return the second derivative in r of the integrand of Λ."""
    return Derivative(log_partition_integrand((_FIRST, _SECOND), _exponents(k)), (_R, 2))


def posterior_step(k: int, radius: sympy.Expr = _R, odds: sympy.Expr = _A) -> Step:
    """Make the step on the difference of the posteriors, at any values of r and a."""
    at = {_R: radius, _A: odds}
    first, second = posterior((_FIRST, _SECOND), _exponents(k))
    return equation(
        "The exponents are $±rx$, and $γ_0 − γ_1 = tanh(rx + a)$; at $r = 0$ these are the weights.",
        (first - second).xreplace(at),
        sympy.tanh(radius * _X + odds),
        label="posterior",
    )


def _posterior_steps(k: int) -> tuple[Step, ...]:
    """Posteriors by a, and the slope that these give Λ."""
    first, second = posterior((_FIRST, _SECOND), _exponents(k))
    return (
        posterior_step(k),
        equation(
            "The second derivative of the integrand of $Λ$ in $r$ is $x²(1 − (γ_0 − γ_1)²)$.",
            _slope(k),
            _X**2 * (1 - (first - second) ** 2),
            label="slope",
        ),
    )


def _curvature_steps(k: int) -> tuple[Step, ...]:
    tangent = sympy.tanh(_R * _X + _A)
    square = Mean(_X**2 * tangent**2, (_X,))
    return (
        citation(
            "dominated convergence",
            "$x²$ is integrable: $Λ$ may be differentiated under the expectation, and $ℓ = r²/2 − Λ$.",
            related(_CURVATURE(_R), "==", 1 - Mean(_slope(k), (_X,))),
            label="under the mean",
            under=("normal data",),
        ),
        equation(
            "that is,",
            _CURVATURE(_R),
            1 - Mean(_X**2 * (1 - tangent**2), (_X,)),
            label="curvature",
            given=("under the mean", "slope", "posterior"),
        ),
        meant("$E X² = 1$.", related(Mean(_X**2, (_X,)), "==", 1), _NAMES, label="variance", under=("normal data",)),
        combination(
            "So $∇²ℓ$ is the expectation of a square:",
            related(_CURVATURE(_R), "==", square),
            {"curvature": 1, "variance": -1},
            label="square",
        ),
        instance(
            "At $r = 0$",
            related(_CURVATURE(0), "==", Mean(_X**2 * sympy.tanh(_A) ** 2, (_X,))),
            "square",
            {_R: sympy.S.Zero},
            label="at zero",
        ),
        combination(
            "it is $(π_0 − π_1)²$.",
            related(_CURVATURE(0), "==", sympy.tanh(_A) ** 2),
            {"at zero": 1, "variance": sympy.tanh(_A) ** 2},
        ),
        assumption("Let", related(_R**2 + _A**2, "!=", 0), label="not both 0"),
        positive(
            "$tanh(rx + a)$ is 0 at $x = 1$ and at $x = −1$ for $r = a = 0$ only.",
            related(0, "<", square),
            "not both 0",
            points=(1, -1),
            meanings=_NAMES,
            label="not 0",
            under=("normal data",),
        ),
        combination("$∇²ℓ$ is positive.", related(0, "<", _CURVATURE(_R)), {"not 0": 1, "square": 1}),
    )
