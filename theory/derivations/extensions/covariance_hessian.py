"""KL as a function of θ and a common covariance: its second derivative at the truth."""

import sympy
from sympy import Derivative, Interval, Range, Subs, log, oo

from emtheory.theory.mixture import generic_partition
from emtheory.theory.proof.derivation import REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Axis, Inner, Mean
from emtheory.theory.proof.step import Step, combination, equation, meant
from emtheory.theory.proof.words import citation, condition, definition
from emtheory.theory.sums import DIMENSION, component, family, over_coordinates, total

STATEMENT = Statement(__name__, "KL in $θ$ and a covariance at the truth: the Hessian $blockdiag(AᵀA, ½, 1)$")

_EPSILON = sympy.Symbol("epsilon", real=True)
_HESSIAN = sympy.Symbol("H", real=True)
_LENGTH, _SIZE, _SIGMA = sympy.symbols("‖h‖ ‖W‖ sigma", nonnegative=True)
_I, _J, _N = (component(name) for name in "ijn")
_PI, _U = family("pi", positive=True), family("u")
_OBSERVED, _ENDS, _WIDTHS = family("x"), family("a"), family("w")


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_HESSIAN, REAL, "the second derivative of KL at $ε = 0$ along $θ = εh$, $Σ = I + εW$"),
            Variable(DIMENSION, Range(1, oo), "the dimension of $X$"),
            Variable(_ENDS, REAL, "the coordinates of $Ah$ along eigenvectors of $W$"),
            Variable(_WIDTHS, REAL, "the eigenvalues of $W$, any symmetric matrix"),
            Variable(_SIGMA, Interval(0, oo), "$σ_{min}(A)$"),
            Variable(_LENGTH, Interval(0, oo)),
            Variable(_SIZE, Interval(0, oo), "the norm with $‖W‖² = ∑_{ij} W_{ij}²$"),
        ),
        hypotheses=("weights", "normal data"),
        exist_under={_HESSIAN: ("weights",)},
        conclusions=(
            related(_HESSIAN, "==", over_coordinates(_ENDS[_I] ** 2 + _WIDTHS[_I] ** 2 / 2, _I)),
            related(_SIGMA**2 * _LENGTH**2 + _SIZE**2 / 2, "<=", _HESSIAN),
        ),
        note="that is $‖Ah‖² + ½‖W‖²$: in the entries of $W$ on and above the diagonal the Hessian is ½ on the "
        "diagonal and 1 off it, and no entry mixes $θ$ with $Σ$",
        source="not in the paper, whose covariance is known; open question 2",
        scope="every $k$, all weights, any $d × p$ matrices $L_j$, among them orthogonal maps; $A = ∑_j π_jL_j$",
        steps=(*_score_steps(), *_square_steps()),
    )


def _score(x: sympy.Expr, end: sympy.Expr, width: sympy.Expr) -> sympy.Expr:
    return x * end + width * (x**2 - 1) / 2


def _score_steps() -> tuple[Step, ...]:
    x, w, mass = _OBSERVED[_I], _WIDTHS[_I], total(_PI[_N], _N)
    variance = 1 + _EPSILON * w

    def logarithm(n: sympy.Symbol) -> sympy.Expr:
        return -log(variance) / 2 - (x - _EPSILON * _U[n, _I]) ** 2 / (2 * variance) + x**2 / 2

    slope = Subs(Derivative(log(generic_partition(_PI, logarithm, _N)), _EPSILON), _EPSILON, 0)
    centre = total(_PI[_N] * _U[_N, _I], _N) / mass
    return (
        citation(
            "dominated convergence",
            "In a coordinate along an eigenvector of $W$ let $u_{ji}$ be that of $L_jh$, and the weights $π_j/∑π$. The "
            "mean of the second derivative of the density over itself is 0, so that of minus its logarithm has the "
            "mean of the square of the slope, over $N(0, I)$ the sum of those of mixtures of $N(εu_{ji}, 1 + εw_i)$:",
            related(_HESSIAN, "==", Mean(over_coordinates(slope, _I) ** 2, (_OBSERVED,))),
            label="information",
            under=("normal data",),
        ),
        equation("These are", slope, _score(x, centre, w), label="mixture"),
        meant(
            "with the average of the $u_{ji}$ for $a_i$.", _ENDS[_I], "==", centre, {_ENDS[_I]: centre}, label="ends"
        ),
        equation(
            "So",
            _HESSIAN,
            Mean(over_coordinates(_score(x, _ENDS[_I], w), _I) ** 2, (_OBSERVED,)),
            label="score",
            given=("information", "mixture", "ends"),
        ),
    )


def _square_steps() -> tuple[Step, ...]:
    ends, widths = (over_coordinates(part, _I) for part in (_ENDS[_I] ** 2, _WIDTHS[_I] ** 2))
    score = over_coordinates(_score(_OBSERVED[_I], _ENDS[_I], _WIDTHS[_I]), _I)
    return (
        meant(
            "The terms are independent with the mean 0, as $E x = 0$ and $E x² = 1$:",
            related(Mean(score**2, (_OBSERVED,)), "==", over_coordinates(_ENDS[_I] ** 2 + _WIDTHS[_I] ** 2 / 2, _I)),
            {_OBSERVED[_I]: Inner(DATA, Axis(_I))},
            label="sum",
            under=("normal data",),
        ),
        combination(
            "The Hessian as a form.",
            related(_HESSIAN, "==", over_coordinates(_ENDS[_I] ** 2 + _WIDTHS[_I] ** 2 / 2, _I)),
            {"score": 1, "sum": 1},
            label="form",
        ),
        condition("The first sum is $‖Ah‖²$,", related(_SIGMA**2 * _LENGTH**2, "<=", ends), label="image"),
        definition("the other $‖W‖²$.", _SIZE, sympy.sqrt(widths)),
        combination(
            "It is definite if and only if $A$ is injective.",
            related(_SIGMA**2 * _LENGTH**2 + _SIZE**2 / 2, "<=", _HESSIAN),
            {"form": 1, "image": 1},
        ),
    )
