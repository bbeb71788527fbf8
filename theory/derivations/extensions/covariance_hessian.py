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
    """Derive that KL(εh, I + εW) is ε²(‖Ah‖² + ½‖W‖²)/2 to second order."""
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
    x, w = sympy.symbols("x w", real=True)
    variance, mass = 1 + _EPSILON * w, total(_PI[_N], _N)

    def logarithm(n: sympy.Symbol) -> sympy.Expr:
        return -log(variance) / 2 - (x - _EPSILON * _U[n]) ** 2 / (2 * variance) + x**2 / 2

    partition = generic_partition(_PI, logarithm, _N)
    random = (_OBSERVED,)
    score = over_coordinates(_score(_OBSERVED[_I], _ENDS[_I], _WIDTHS[_I]), _I)
    return (
        equation(
            "In a coordinate along an eigenvector of $W$ the mixture of the $N(εu_j, 1 + εw)$, $u_j$ a coordinate of "
            "$L_jh$, the weights written $π_j/∑π$, has over $N(0, 1)$ a logarithm with the slope at $ε = 0$",
            Subs(Derivative(log(partition), _EPSILON), _EPSILON, 0),
            _score(x, total(_PI[_N] * _U[_N], _N) / mass, w),
            label="mixture",
        ),
        citation(
            "dominated convergence",
            "in which the average of the $u_j$ is a coordinate $a_i$ of $Ah$. The mean of the second derivative of a "
            "density over it is 0, so that of $−log p$ has the mean of the square of the score, the sum of these:",
            related(_HESSIAN, "==", Mean(score**2, random)),
            label="information",
            given=("mixture",),
            under=("normal data",),
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
            {"information": 1, "sum": 1},
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
