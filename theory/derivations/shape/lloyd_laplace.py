"""A law for which no centred triangle is a fixed point of Lloyd's algorithm: independent Laplace coordinates."""

from collections.abc import Iterator

import sympy
from sympy import ImmutableMatrix, Integral, Interval, Rational, oo

from emtheory.theory.proof.derivation import POSITIVE, REAL, UNIT, Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Cell, Inner, Mean, Vertex
from emtheory.theory.proof.step import Step, combination, equation, inequality, instance, meant
from emtheory.theory.proof.words import citation, definition
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement(
    __name__,
    "independent Laplace coordinates: no triangle is fixed by Lloyd's algorithm",
    3,
    general=False,
    smallest_k=3,
)

_TANGENT = sympy.Symbol("w", nonnegative=True)
_SLOPE = _TANGENT / sympy.sqrt(3)
"""tan φ, from 0 to tan 30°."""

_SCALE, _RADIUS = sympy.symbols("lambda rho", positive=True)
_FIRST, _THIRD = sympy.symbols("p_0 p_2", nonnegative=True)
_PRODUCTS = sympy.symbols("p_0⟨c_0|v_1⟩ p_1⟨c_1|v_1⟩ p_2⟨c_2|v_1⟩", real=True)
_CELL, _ALONG, _J = family("u", nonnegative=True), sympy.Symbol("y", real=True), component("j")
_EDGE = sympy.Function("u", nonnegative=True)(_TANGENT)
_SECOND = sympy.Function("p_1", nonnegative=True)(_TANGENT, _SCALE)
_LEAST = (1 + sympy.sqrt(3)) / 8
"""The probability of the cell of v_1 with a vertex on an axis, 0.3415…"""

_MASSES = _FIRST, _SECOND, _THIRD
_VERTICES = tuple(
    ImmutableMatrix([sympy.cos(angle), sympy.sin(angle)]) for angle in [2 * sympy.pi * (j - 1) / 3 for j in range(3)]
)
"""The v_j, seen from v_1."""

_MISSES = sympy.Add(
    *(
        mass * _RADIUS * vertex.dot(_VERTICES[1]) - product
        for mass, vertex, product in zip(_MASSES, _VERTICES, _PRODUCTS, strict=True)
    )
)
"""Σ_j p_j⟨ρv_j − c_j, v_1⟩."""

_EDGE_LENGTH = sympy.sqrt(3) * (1 - _TANGENT) / (3 + _TANGENT)
"""The quotient of the coordinates of the edge."""


def derive(k: int) -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_TANGENT, UNIT, "$√3 tan φ$, $φ$ the angle from the first axis to the vertex $v_0$"),
            Variable(_SCALE, POSITIVE, "the scale of the law"),
            Variable(_RADIUS, POSITIVE, "the radius of a triangle"),
            Variable(_FIRST, Interval(0, oo), "the probability of the cell of $v_0$"),
            Variable(_THIRD, Interval(0, oo), "that of $v_2$"),
            *(
                Variable(product, REAL, f"$E⟨X, v_1⟩$ over the cell of $v_{j}$, whose centroid is $c_{j}$")
                for j, product in enumerate(_PRODUCTS)
            ),
        ),
        hypotheses=("Laplace data",),
        exist_under={_SCALE: ("Laplace data",)},
        conclusions=(related(_EDGE, "==", _EDGE_LENGTH), related(_LEAST, "<=", _SECOND), related(0, "<", _MISSES)),
        note="$v_1$ and $v_2$ are $v_0$ turned by $120°$ and $240°$, $p_1$ is the probability of the cell of "
        "$v_1$, and $u(w)$ the tangent to the second axis of that of its edges which is not $−v_0$; by the "
        "symmetries of law and triangle, $φ$ from 0 to $30°$ is every orientation. If $ρv_j$ were the "
        "centroid $c_j$ for each $j$, the last sum would be 0: no triangle about 0 is fixed, whatever its "
        "orientation and its radius $ρ$",
        source="failure signature 3 of the summary, read for some laws",
        scope="$k = 3$, $d = 2$, every orientation and radius of the triangle, every scale of the law",
        k=k,
        steps=(*_cell_steps(), *_centroid_steps()),
    )


def _wedge(slope: sympy.Expr) -> Integral:
    """Probability of 0 < x_2 < slope · x_1, with the tangent x_2/x_1 in place of x_2."""
    x, tangent = sympy.symbols("x_1 v", positive=True)
    density = x * _SCALE**2 * sympy.exp(-_SCALE * (x + tangent * x)) / 4
    return Integral(density, (x, 0, oo), (tangent, 0, slope))


def _cell_steps() -> tuple[Step, ...]:
    root = sympy.sqrt(3)
    turn = ImmutableMatrix([[Rational(1, 2), -root / 2], [root / 2, Rational(1, 2)]])
    edge = turn * ImmutableMatrix([1, _SLOPE])
    excess = (3 - root) * _SLOPE * _EDGE / (4 * (1 + _SLOPE) * (1 + _EDGE))
    return (
        definition(
            "The cell of a vertex of a triangle about 0, of any radius, is the sector of $120°$ around it. That of "
            "$v_1$ begins at $v_0$ turned by $60°$, in the first quadrant. There, $(1, w/√3)$ turned, "
            "$x_1/x_2$ is",
            _EDGE,
            edge[0] / edge[1],
        ),
        equation("that is", _EDGE, _EDGE_LENGTH),
        *(
            definition(f"$p_{j}$ is the mean of the indicator $u_{j}$ of the cell of $v_{j}$.", mass, _mean(_CELL[j]))
            for j, mass in enumerate(_MASSES)
        ),
        citation(
            "Fubini's theorem",
            "The cell of $v_1$ ends at $−v_0$, in the third quadrant: two wedges and a quarter plane, over which the "
            "density is integrated.",
            related(_SECOND, "==", Rational(1, 4) + _wedge(_SLOPE) + _wedge(_EDGE)),
            label="cell",
        ),
        equation(
            "The wedges are $w/√3$ and $u$ over $4 + 4$ times themselves, where $(w/√3 + u)√3 = 1 − uw/√3$.",
            _SECOND,
            _LEAST + excess,
            label="probability",
            given=("cell",),
        ),
        inequality("Both tangents are not negative, so that", related(0, "<=", excess), label="excess"),
        combination(
            "$p_1$ is least where an edge of the cell is an axis,",
            related(_LEAST, "<=", _SECOND),
            {"probability": 1, "excess": 1},
            label="least",
        ),
    )


def _mean(value: sympy.Expr) -> sympy.Expr:
    return Mean(value, (_CELL, _ALONG))


def _of_all(value: sympy.Expr, words: str, mean: int, label: str) -> Iterator[Step]:
    """Show the mean over all cells, of a triangle."""
    whole = _mean(total(_CELL[_J] * value, _J))
    names = {_CELL[_J]: Cell(_J), _ALONG: Inner(DATA, Vertex(1))}
    yield meant(words, related(whole, "==", mean), names, label=f"{label} for any k", under=("Laplace data",))
    three = {COUNT: sympy.Integer(3)}
    yield instance("here", related(whole.xreplace(three), "==", mean), f"{label} for any k", three, label=label)


def _centroid_steps() -> tuple[Step, ...]:
    third = Rational(1, 3)
    return (
        inequality("which is more than a third.", related(third, "<", _LEAST), label="third"),
        *(
            definition(f"For the cell of $v_{j}$", product, _mean(_CELL[j] * _ALONG))
            for j, product in enumerate(_PRODUCTS)
        ),
        *_of_all(sympy.S.One, "The cells cover the plane,", 1, "sum"),
        *_of_all(_ALONG, "and the mean of the law is 0,", 0, "mean"),
        combination(
            "So the centroids, weighted by the probabilities, have the sum 0, and the vertices $ρv_j$ have not, as "
            "that of $v_1$ has more than its third.",
            related(0, "<", _MISSES),
            {"least": 3 * _RADIUS / 2, "third": 3 * _RADIUS / 2, "sum": -_RADIUS / 2, "mean": -1},
        ),
    )
