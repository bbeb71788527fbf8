"""EM's map of any model on a sample against the population's, uniformly on an interval of one parameter."""

import sympy
from sympy import Interval, oo

from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.meant.vectors import Chance, Most, Some
from emtheory.theory.proof.step import PLACE, Step, combination, equation, meant, monotone
from emtheory.theory.proof.words import assumption, citation, prose
from emtheory.theory.sums import component, family

STATEMENT = Statement(__name__, "EM's map on a sample of any model, on an interval")

_COUNT, _ORDER, _LARGE, _POINTS = sympy.symbols("n q B N", positive=True)
_CUT_SHARE, _SHARE, _ERROR, _APART = sympy.symbols("delta_0 delta epsilon b", positive=True)
_MOMENT, _SECOND, _CUT, _BIAS, _OUTSIDE = sympy.symbols("S S_2 P_0 e o", nonnegative=True)
_NEAR, _STEEP, _MESH, _DEVIATION, _VARIANCE = sympy.symbols("sigma_0 G h sigma v", nonnegative=True)
_SINGLE, _UNION, _LEVEL = sympy.symbols("P_1 P L", nonnegative=True)
_GRID, _SAMPLE, _UNIFORM = sympy.symbols("w_0 G_n W", nonnegative=True)
_FLOOR, _DIFFERENCE = sympy.Symbol("d", positive=True), sympy.Symbol("Δ", nonnegative=True)
_SPREAD = (_NEAR + _MESH * _STEEP) ** 2 + _SECOND * _CUT_SHARE / _COUNT
"""What the variance of f, cut off where P > B, is at most at all points of a cell's grid."""

_ENOUGH = related(_COUNT * _MOMENT, "<=", _CUT_SHARE * _LARGE**_ORDER)
_HIGH = related(sympy.log(2 * _POINTS / _SHARE), "<=", _LEVEL)
_THIRD = _APART * _LEVEL / 3
"""A third of what Bernstein's exponent is multiplied by."""

_ROOT = (_THIRD + sympy.sqrt(_THIRD**2 + 2 * _COUNT * _VARIANCE * _LEVEL)) / _COUNT
"""The least ε for which the grid is fine enough."""


def _quadratic(error: sympy.Expr) -> sympy.Expr:
    return 2 * _LEVEL * (_VARIANCE + _APART * error / 3)


_WIDE = related(_quadratic(_ERROR), "<=", _COUNT * _ERROR**2)


def derive_general() -> Derivation:
    nonnegative = Interval(0, oo)
    return STATEMENT.derivation(
        variables=(
            Variable(_COUNT, sympy.Range(1, oo), "the number of points"),
            Variable(_ORDER, Interval(1, oo), "the order of a moment"),
            Variable(_LARGE, POSITIVE, "where $P$ is cut off"),
            Variable(_CUT_SHARE, POSITIVE),
            Variable(_SHARE, POSITIVE),
            Variable(_POINTS, POSITIVE, "the number of points of the grid"),
            Variable(_MOMENT, nonnegative, "at least $E P^q$, where $|f_θ(X)| ≤ P$ for all $θ$ of the interval"),
            Variable(_SECOND, nonnegative, "at least $E P²$"),
            Variable(_CUT, nonnegative, "the probability that $P > B$ at some of the points"),
            Variable(_BIAS, nonnegative, "$|E f_θ − E[f_θ; P ≤ B]|$"),
            Variable(_NEAR, nonnegative, "the standard deviation of $f$ at the centre of a cell"),
            Variable(_MESH, nonnegative, "half the width of a cell; of a cell of the grid, where it is of $W$"),
            Variable(_STEEP, nonnegative, "at least the root of $E G²$, where $|∂_θ f_θ(X)| ≤ G$"),
            Variable(_VARIANCE, nonnegative, "the largest variance of an $f_θ$ of the grid, cut off where $P > B$"),
            Variable(_APART, POSITIVE, "at least how far $f_θ$, cut off, is from its mean: $B$ and the root of $S_2$"),
            Variable(_ERROR, POSITIVE, "a deviation"),
            Variable(_LEVEL, nonnegative, "at least $log(2N/δ)$"),
            Variable(
                _UNION,
                nonnegative,
                "the probability that for some $θ$ of the grid the mean over the sample, cut off, is off by more "
                "than $ε$",
            ),
            Variable(_SAMPLE, nonnegative, "the mean of $G$ over the sample"),
            Variable(_UNIFORM, nonnegative, "the largest $|n^{−1}∑_i f_θ(X_i) − E f_θ|$ on the interval, if neither"),
            Variable(_FLOOR, POSITIVE, "at most the mean of the denominator over the sample"),
            Variable(_DIFFERENCE, nonnegative, "the largest $|M_n(θ) − M(θ)|$, where $W$ is that of $n − M(θ)d$"),
        ),
        hypotheses=(),
        conclusions=(
            provided(related(_CUT, "<=", _CUT_SHARE), _ENOUGH),
            provided(related(_BIAS, "<=", _CUT_SHARE * _LARGE / _COUNT), _ENOUGH),
            provided(related(_VARIANCE, "<=", _SPREAD), _ENOUGH),
            related(_quadratic(_ROOT), "==", _COUNT * _ROOT**2),
            provided(related(_UNION, "<=", _SHARE), _HIGH, _WIDE),
            related(_UNIFORM, "<=", _ERROR + _BIAS + _MESH * (_SAMPLE + _STEEP)),
            related(_DIFFERENCE, "<=", _UNIFORM / _FLOOR),
        ),
        note="$M = E[n]/E[d]$ with two sums $∑_jγ_jp_j(x)$, polynomials $p_j$. $|∂_θ∑_jγ_jp_j|$ is at most a "
        "quarter of a bound on the $|p_i − p_j|$ times one on the $|∂_θ(l_i − l_j)|$; to $G$ of $n − M(θ)d$ add "
        "$|M′(θ)d|$",
        source="not in the paper, whose finite-sample bounds are for its own model and have no constants",
        scope="any mixture that a model may be, with one estimated parameter whose step is a quotient of two means of "
        "sums of posteriors times polynomials; any law of the data with the moments",
        steps=(*_cut_steps(), *_variance_steps(), *_grid_steps()),
    )


def _of_several(why: str, some: sympy.Symbol, number: sympy.Symbol, single: sympy.Symbol, label: str) -> Step:
    """The probability of one of a number of events, of which each has no more than a single one."""
    event, index = family(f"A_{some}")[component("i")], component("i")
    names = {some: Chance(Some(event, index, number)), single: Most(Chance(event), index)}
    return meant(why, related(some, "<=", number * single), names, label=label)


def _cut_steps() -> tuple[Step, ...]:
    n, q = _COUNT, _ORDER
    return (
        citation(
            "Markov's inequality",
            "One point has $P > B$ with a probability $o$",
            related(_OUTSIDE, "<=", _MOMENT / _LARGE**q),
            label="one point",
        ),
        _of_several("and one of $n$ points with", _CUT, n, _OUTSIDE, "some point"),
        prose("Where $P > B$, $|f| ≤ P ≤ P^q/B^{q − 1}$:", _BIAS, "<=", _MOMENT / _LARGE ** (q - 1), label="left out"),
        assumption("Let $B$ be large.", _ENOUGH, label="large"),
        combination(
            "Then", _CUT, "<=", _CUT_SHARE, {"some point": 1, "one point": n, "large": 1 / _LARGE**q}, label="cut"
        ),
        combination(
            "and what is left out has a mean",
            related(_BIAS, "<=", _CUT_SHARE * _LARGE / n),
            {"left out": 1, "large": 1 / (n * _LARGE ** (q - 1))},
            label="bias",
        ),
        combination(
            "One point is beyond with",
            related(_OUTSIDE, "<=", _CUT_SHARE / n),
            {"one point": 1, "large": 1 / (n * _LARGE**q)},
            label="outside",
        ),
    )


def _variance_steps() -> tuple[Step, ...]:
    near = _NEAR + _MESH * _STEEP
    return (
        prose(
            "With $A$ the event that $P ≤ B$ and $σ$ the standard deviation of $f$, the variance of $f$ cut off is at "
            "most $E[(f − E f)²; A] + (E f)²P(A^c)$, and $(E f)² ≤ E P²$:",
            related(_VARIANCE, "<=", _DEVIATION**2 + _SECOND * _OUTSIDE),
            label="cut variance",
        ),
        citation(
            "Minkowski's inequality",
            "$f_θ$ is $f_c$ at the centre of the cell and at most $hG$, of which nothing is added by taking its "
            "mean away:",
            related(_DEVIATION, "<=", near),
            label="Minkowski",
        ),
        monotone("squared", related(_DEVIATION**2, "<=", near**2), PLACE**2, "Minkowski", label="square"),
        combination(
            "So", _VARIANCE, "<=", _SPREAD, {"cut variance": 1, "square": 1, "outside": _SECOND}, label="variance"
        ),
    )


def _grid_steps() -> tuple[Step, ...]:
    n, twice = _COUNT, 2 * _VARIANCE + 2 * _APART * _ERROR / 3
    exponent, logarithm = _COUNT * _ERROR**2 / twice, sympy.log(2 * _POINTS / _SHARE)
    return (
        citation(
            "Bernstein's inequality",
            "Cut off, $|f| ≤ B$, and its mean is at most $E P$: at one point of the grid the mean over the sample is "
            "off by more than $ε$ with a probability",
            related(_SINGLE, "<=", 2 * sympy.exp(-exponent)),
            label="Bernstein",
        ),
        _of_several("and at one of $N$ points with", _UNION, _POINTS, _SINGLE, "union"),
        assumption("Let", _WIDE, label="wide"),
        combination("so that", related(_LEVEL, "<=", exponent), {"wide": 1 / twice}, label="exponent"),
        assumption("and", _HIGH, label="level"),
        combination("and", related(-exponent, "<=", -logarithm), {"exponent": 1, "level": 1}, label="enough"),
        monotone(
            "The bound for all points is",
            related(2 * _POINTS * sympy.exp(-exponent), "<=", 2 * _POINTS * sympy.exp(-logarithm)),
            2 * _POINTS * sympy.exp(PLACE),
            "enough",
            label="small",
        ),
        combination("at most $δ$.", _UNION, "<=", _SHARE, {"union": 1, "Bernstein": _POINTS, "small": 1}, label="grid"),
        equation("The least such $ε$ is a root:", _quadratic(_ROOT), n * _ROOT**2, label="root"),
        prose(
            "If no point has $P > B$ nothing is cut off on the sample. At the points of the grid",
            related(_GRID, "<=", _ERROR + _BIAS),
            label="on the grid",
        ),
        prose(
            "$∂_θ f_θ$ is the covariance of the $p_j$ and the $∂_θl_j$ under the posteriors, at most half of the one "
            "range times half of the other, which is at most $G$: from the nearest point of the grid",
            related(_UNIFORM, "<=", _GRID + _MESH * (_SAMPLE + _STEEP)),
            label="between",
        ),
        combination(
            "Together",
            related(_UNIFORM, "<=", _ERROR + _BIAS + _MESH * (_SAMPLE + _STEEP)),
            {"between": 1, "on the grid": 1},
            label="uniform",
        ),
        prose(
            "$E[n − M(θ)d] = 0$, and $M_n − M$ is the mean of $n − M(θ)d$ over the sample by that of $d$:",
            related(_FLOOR * _DIFFERENCE, "<=", _UNIFORM),
            label="quotient",
        ),
        combination("So", related(_DIFFERENCE, "<=", _UNIFORM / _FLOOR), {"quotient": 1 / _FLOOR}, label="difference"),
    )
