"""Lloyd's radius grows like √(2 log k) at most, for every k."""

import sympy
from sympy import Integral, Interval, oo

from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import POSITIVE, REAL, Proposition, Variable, related
from emtheory.theory.proof.step import PLACE, Step, combination, equation, instance, monotone
from emtheory.theory.proof.words import citation, definition, prose
from emtheory.theory.sums import COUNT

STATEMENT = Statement("Lloyd's radius is at most $√(2 log(k))$", 0, general=True)

_RADIUS, _MEAN = sympy.symbols("R_0 m", positive=True)
_RATE = sympy.Symbol("t", real=True)
_LARGEST, _SHIFT = sympy.symbols("G a", positive=True)
_VARIANCE = sympy.Symbol("v", positive=True)
_Y = sympy.Symbol("y", real=True)


def _variance() -> sympy.Expr:
    return (1 - 1 / COUNT) ** 2 + (COUNT - 1) / COUNT**2


def _statement() -> Proposition:
    return Proposition(
        variables=(
            Variable(COUNT, sympy.Range(2, oo), "the number of components"),
            Variable(_RADIUS, POSITIVE, "Lloyd's radius for $N(0, I_d)$, as in statement lloyd-centroid"),
            Variable(_MEAN, POSITIVE, "$E max_jz_j$, the $z_j$ independent standard normal, $j = 1, …, k$"),
            Variable(_RATE, REAL),
            Variable(_VARIANCE, Interval.open(0, oo), "the variance of $z_j − z̄$"),
        ),
        hypotheses=("normal data",),
        conclusions=(
            related(_VARIANCE, "==", (COUNT - 1) / COUNT),
            related(_RATE * _MEAN, "<=", sympy.log(COUNT) + _RATE**2 * _VARIANCE / 2),
            related(_RADIUS, "<=", sympy.sqrt(2 * sympy.log(COUNT))),
        ),
        note="for every $k ≥ 2$ and every $d ≥ k − 1$",
    )


def derive_general() -> Derivation:
    """Derive R_0 ≤ √(2 log k) by the exponential moment of a maximum of k normal variables."""
    return STATEMENT.derivation(
        name="lloyd-growth",
        statement=_statement(),
        source="beside Proposition 1 of the paper, which does not say how the radius grows",
        scope="every $k$, any $d ≥ k − 1$",
        steps=(*_moment_steps(), *_rate_steps()),
    )


def _moment_steps() -> tuple[Step, ...]:
    t, v = _RATE, _VARIANCE
    density = sympy.exp(-(_Y**2) / 2) / sympy.sqrt(2 * sympy.pi)
    return (
        definition(
            "$z_j − z̄$ has the coefficients $1 − 1/k$ and, $k − 1$ times, $−1/k$: its variance is", v, _variance()
        ),
        equation("that is", v, (COUNT - 1) / COUNT, label="variance"),
        equation(
            "A standard normal variable has the exponential moment",
            Integral(sympy.exp(_SHIFT * _Y) * density, (_Y, -oo, oo)),
            sympy.exp(_SHIFT**2 / 2),
            label="one",
        ),
        prose(
            "here with $a = t√v$. The largest of the $z_j − z̄$ has the mean $m$, too; its exponential is at most the "
            "sum of all:",
            related(_LARGEST, "<=", COUNT * sympy.exp(t**2 * v / 2)),
            label="all",
            given=("one",),
            under=("normal data",),
        ),
        citation(
            "Jensen's inequality",
            "The mean $G$ of that exponential is at least",
            related(sympy.exp(t * _MEAN), "<=", _LARGEST),
            label="Jensen",
        ),
        combination(
            "so that",
            sympy.exp(t * _MEAN),
            "<=",
            COUNT * sympy.exp(t**2 * v / 2),
            {"Jensen": 1, "all": 1},
            label="moment",
        ),
        monotone(
            "and, with logarithms,",
            t * _MEAN,
            "<=",
            sympy.log(COUNT) + t**2 * v / 2,
            sympy.log(PLACE),
            "moment",
            label="logarithm",
        ),
    )


def _rate_steps() -> tuple[Step, ...]:
    scale, root = sympy.sqrt(COUNT) / sympy.sqrt(COUNT - 1), sympy.sqrt(2) * sympy.sqrt(sympy.log(COUNT))
    best = scale * root
    return (
        instance(
            "At the best $t$",
            related(best * _MEAN, "<=", 2 * sympy.log(COUNT)),
            "logarithm",
            {_RATE: best},
            label="best",
        ),
        prose("Statement lloyd-centroid:", related(_RADIUS, "==", scale * _MEAN), label="radius"),
        combination("Divided by the root of $2 log k$ this is", _RADIUS, "<=", root, {"radius": -1, "best": 1 / root}),
    )
