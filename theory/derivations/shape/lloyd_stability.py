"""The derivative of Lloyd's map at two fixed points: the regular triangle, and the square in more dimensions."""

from collections.abc import Sequence

import sympy
from sympy import Derivative, ImmutableMatrix, Integral, MatMul, MatrixSymbol, Rational, Subs, cos, oo, pi, sin, sqrt
from sympy.matrices.expressions.sets import MatrixSet

from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import REAL, Proposition, Variable, related
from emtheory.theory.proof.step import Step, citation, definition, equation, inequality

STATEMENT = Statement(
    "Lloyd's map to first order: contracting near the simplex but for turns, and not near the square", 4, smallest_k=3
)

_ALONG, _ACROSS, _X = sympy.symbols("s z x", real=True)
_SIZE, _TURN, _HEIGHT = sympy.symbols("D C h", real=True)
_RADIAL, _TANGENTIAL = sympy.symbols("a_1 a_2", real=True), sympy.symbols("b_1 b_2", real=True)
_THIRDS = tuple(2 * pi * j / 3 for j in range(3))
"""Angles of the three vertices."""

_BOUND = Rational(29, 50)
"""Above the largest eigenvalue but 1 at the triangle, 0.5786…"""

Vectors = Sequence[ImmutableMatrix]


def derive(k: int) -> Derivation:
    """Derive the derivative of Lloyd's map for N(0, I): at the triangle (k = 3, d = 2) or the square (k = 4, d ≥ 3)."""
    return Derivation(
        name="lloyd-stability",
        title=STATEMENT.title,
        statement=_triangle() if k == 3 else _square(),
        source="Mechanism 3 of the summary, read for starts nearby",
        scope="$k = 3$, $d = 2$, $N(0, I_2)$" if k == 3 else "$k = 4$, every $d ≥ 3$, $N(0, I_d)$",
        k=k,
        steps=(*_wall_steps(), _radius_step(k), *(_triangle_steps() if k == 3 else _square_steps())),
    )


def _velocities(k: int) -> MatrixSymbol:
    """The velocities of the centroids one below the other."""
    return MatrixSymbol("Δ", 6 if k == 3 else 12, 1)


def _triangle() -> Proposition:
    least, largest = _eigenvalues()
    return Proposition(
        variables=(
            Variable(_velocities(3), MatrixSet(6, 1, sympy.Reals), "each centroid's velocity outwards, then across"),
            *(Variable(mode, REAL) for mode in (_TURN, *_RADIAL, *_TANGENTIAL)),
            Variable(_X, REAL),
        ),
        hypotheses=("normal data",),
        conclusions=(
            related(_velocities(3), "==", _image()),
            related(_characteristic(), "==", (_X - least) * (_X - largest)),
            related(0, "<", least),
            related(largest, "<", _BOUND),
        ),
        note="the centres $R_0v_j$ have the velocities $D + a_1cos θ_j + a_2sin θ_j$ outwards and $C − b_1sin θ_j + "
        "b_2cos θ_j$ across, $θ_j = 2πj/3$, and these are all. So the derivative of Lloyd's map has the "
        "eigenvalue 1 for the turn $C$, 0 for the size $D$, and twice those of the matrix that takes $(a, b)$ "
        "to the new $(a, b)$",
    )


def _square() -> Proposition:
    return Proposition(
        variables=(
            Variable(_velocities(4), MatrixSet(12, 1, sympy.Reals), "the centroids' velocities in the first 3 axes"),
            Variable(_HEIGHT, REAL),
        ),
        hypotheses=("normal data",),
        conclusions=(related(_velocities(4), "==", _heights(2)),),
        note="the centres $ce_1$, $ce_2$, $−ce_1$, $−ce_2$ of the fixed square, $c = 2/√π$, have the velocities "
        "$he_3$, $−he_3$, $he_3$, $−he_3$, and the centroids twice these: the derivative of Lloyd's map has "
        "the eigenvalue 2",
    )


def _heights(factor: int) -> ImmutableMatrix:
    return ImmutableMatrix([entry for sign in (1, -1, 1, -1) for entry in (0, 0, factor * sign * _HEIGHT)])


def _wall_steps() -> tuple[Step, ...]:
    """How fast the wall between two cells moves when their centres do."""
    x, own, other, own_move, other_move = (sympy.symbols(f"{name}_1 {name}_2", real=True) for name in "xcegf")
    tau = sympy.Symbol("tau", real=True)

    def distance(centre: Sequence[sympy.Expr], move: Sequence[sympy.Expr]) -> sympy.Expr:
        return sympy.Add(*((p - c - tau * m) ** 2 for p, c, m in zip(x, centre, move, strict=True)))

    def inner(centre: Sequence[sympy.Expr], move: Sequence[sympy.Expr]) -> sympy.Expr:
        return sympy.Add(*((p - c) * m for p, c, m in zip(x, centre, move, strict=True)))

    excess = sympy.Function("E", real=True)(*x, tau)
    return (
        definition(
            "Let $E$ be $‖x − e − τf‖² − ‖x − c − τg‖²$, the excess over the distance from the own centre of that "
            "from another, whose velocities are $g$ and $f$.",
            excess,
            distance(other, other_move) - distance(own, own_move),
        ),
        equation(
            "The cell of the centre $c$ is where it is positive for all other centres $e$. At $x$ it grows by",
            Subs(Derivative(excess, tau), tau, 0),
            2 * (inner(own, own_move) - inner(other, other_move)),
            label="growth",
        ),
        equation(
            "and has the gradient $2(c − e)$: the wall between moves outwards by the growth over $2‖c − e‖$.",
            ImmutableMatrix([Subs(Derivative(excess, p), tau, 0) for p in x]),
            ImmutableMatrix([2 * (c - e) for c, e in zip(own, other, strict=True)]),
            label="gradient",
        ),
    )


def _radius(k: int) -> sympy.Expr:
    """Distance from 0 of the centroids of k equal sectors of the plane."""
    return {3: sqrt(Rational(27, 8) / pi), 4: 2 / sqrt(pi)}[k]


def _radius_step(k: int) -> Step:
    r, angle = sympy.Symbol("r", positive=True), sympy.Symbol("alpha", real=True)
    ray = Integral(r**2 * sympy.exp(-(r**2) / 2) / (2 * pi), (r, 0, oo))
    return equation(
        "The centres are fixed, whose cells are sectors of the plane with the angle $2π/k$ and the probability "
        "$1/k$, at the distance from 0",
        k * Integral(ray * cos(angle), (angle, -pi / k, pi / k)),
        _radius(k),
        label="radius",
    )


def _moment(n: int, variable: sympy.Symbol) -> Integral:
    """Of the standard normal law: over the half-line for s, along a wall from 0, over the line for z, across it."""
    start = 0 if variable == _ALONG else -oo
    return Integral(variable**n * sympy.exp(-(variable**2) / 2) / sqrt(2 * pi), (variable, start, oo))


def _moment_steps(values: dict[tuple[sympy.Symbol, int], sympy.Expr]) -> tuple[Step, ...]:
    return tuple(
        equation("Moments along and across a wall:", _moment(n, variable), value, label=f"moment {variable}{n}")
        for (variable, n), value in values.items()
    )


_ALONG_MOMENTS = {(_ALONG, 0): Rational(1, 2), (_ALONG, 1): 1 / sqrt(2 * pi), (_ALONG, 2): Rational(1, 2)}
"""Variable and power → moment over the half-line."""

_ACROSS_MOMENTS = {(_ACROSS, 1): sympy.S.Zero, (_ACROSS, 2): sympy.S.One}
"""Variable and power → moment over the line."""


def _over_wall(polynomial: sympy.Expr) -> sympy.Expr:
    """Integral over a wall of a polynomial in s and z, times the density."""
    across = polynomial.has(_ACROSS)
    terms = sympy.Poly(polynomial, _ALONG, _ACROSS).terms()
    return sympy.Add(
        *(coefficient * _moment(n, _ALONG) * (_moment(m, _ACROSS) if across else 1) for (n, m), coefficient in terms)
    ) / sqrt(2 * pi)


def _changed_centroid(j: int, centres: Vectors, moves: Vectors, walls: dict[int, ImmutableMatrix]) -> ImmutableMatrix:
    """Derivative of the centroid of cell j that is its centre: over its walls the integral of x − c times the speed."""
    parts = []
    for i, point in walls.items():
        growth = (point - centres[j]).dot(moves[j]) - (point - centres[i]).dot(moves[i])
        distance = sqrt((centres[j] - centres[i]).dot(centres[j] - centres[i]))
        parts.append([_over_wall(sympy.expand(entry * growth)) / distance for entry in point - centres[j]])
    return len(centres) * ImmutableMatrix([sympy.Add(*entries) for entries in zip(*parts, strict=True)])


def _derivative_step(k: int, value: ImmutableMatrix, given: tuple[str, ...] = ()) -> Step:
    return citation(
        "Reynolds' transport theorem",
        "The integral of $x − c$ over a cell changes by that over its walls, times their speed outwards; $c$ being "
        "the centroid, that over the probability $1/k$ is the centroid's velocity.",
        related(_velocities(k), "==", value),
        label="derivative",
        given=("growth", "gradient", "radius", *given),
        under=("normal data",),
    )


def _frames() -> tuple[Vectors, Vectors]:
    """Outwards and across at the three vertices."""
    outwards = tuple(ImmutableMatrix([cos(angle), sin(angle)]) for angle in _THIRDS)
    return outwards, tuple(ImmutableMatrix([-vector[1], vector[0]]) for vector in outwards)


def _modes(
    size: sympy.Expr, turn: sympy.Expr, radial: Sequence[sympy.Expr], tangential: Sequence[sympy.Expr]
) -> list[tuple[sympy.Expr, sympy.Expr]]:
    """Velocities outwards and across at the three vertices."""
    return [
        (
            size + radial[0] * cos(angle) + radial[1] * sin(angle),
            turn - tangential[0] * sin(angle) + tangential[1] * cos(angle),
        )
        for angle in _THIRDS
    ]


def _matrix() -> ImmutableMatrix:
    """The new (a, b) by the old."""
    mixed = 3 * sqrt(3) / (4 * pi) - Rational(1, 4)
    radial = Rational(1, 4) + 27 / (8 * pi) - 3 * sqrt(3) / (2 * pi)
    return ImmutableMatrix([[radial, mixed], [mixed, Rational(1, 4)]])


def _image() -> ImmutableMatrix:
    new = [_matrix() * ImmutableMatrix([a, b]) for a, b in zip(_RADIAL, _TANGENTIAL, strict=True)]
    modes = _modes(sympy.S.Zero, _TURN, [pair[0] for pair in new], [pair[1] for pair in new])
    return ImmutableMatrix([entry for pair in modes for entry in pair])


def _characteristic() -> sympy.Expr:
    (a, b), (c, d) = _matrix().tolist()
    return (_X - a) * (_X - d) - b * c


def _eigenvalues() -> tuple[sympy.Expr, sympy.Expr]:
    total, determinant = (27 - 12 * sqrt(3) + 4 * pi) / (8 * pi), 27 * (pi - 2) / (32 * pi**2)
    root = sqrt(total**2 - 4 * determinant)
    return (total - root) / 2, (total + root) / 2


def _triangle_steps() -> tuple[Step, ...]:
    outwards, across = _frames()
    centres = [_radius(3) * vector for vector in outwards]
    modes = _modes(_SIZE, _TURN, _RADIAL, _TANGENTIAL)
    moves = [a * vector + b * other for (a, b), vector, other in zip(modes, outwards, across, strict=True)]
    # The wall between two vertices is the ray opposite to the third.
    walls = [{i: -_ALONG * outwards[3 - i - j] for i in range(3) if i != j} for j in range(3)]
    changes = [_changed_centroid(j, centres, moves, walls[j]) for j in range(3)]
    value = [change.dot(axis[j]) for j, change in enumerate(changes) for axis in (outwards, across)]
    least, largest = _eigenvalues()
    waves = ImmutableMatrix([[1, cos(angle), sin(angle)] for angle in _THIRDS])
    numbers = ImmutableMatrix(sympy.symbols("y_0 y_1 y_2", real=True))
    return (
        *_moment_steps(_ALONG_MOMENTS),
        equation(
            "Any three numbers are of the form $D + a_1cos θ_j + a_2sin θ_j$.",
            MatMul(waves, sympy.diag(1, 2, 2).as_immutable() / 3, waves.T, numbers),
            numbers,
            label="modes",
        ),
        _derivative_step(3, ImmutableMatrix(value), ("modes",)),
        equation(
            "The turn $C$ is kept, $D$ lost, and a and $b$ are changed by one matrix.",
            _velocities(3),
            _image(),
            given=("derivative", *(f"moment {variable}{n}" for variable, n in _ALONG_MOMENTS)),
        ),
        equation(
            "The matrix has the trace $(27 − 12√3 + 4π)/(8π)$ and the determinant $27(π − 2)/(32π²)$, hence the "
            "eigenvalues 0.1687… and 0.5786….",
            _characteristic(),
            (_X - least) * (_X - largest),
        ),
        inequality("They are positive", 0, "<", least),
        inequality("and below 0.58.", largest, "<", _BOUND),
    )


def _square_steps() -> tuple[Step, ...]:
    axes = [ImmutableMatrix([int(n == m) for m in range(3)]) for n in range(3)]
    directions = [axes[0], axes[1], -axes[0], -axes[1]]
    centres = [_radius(4) * direction for direction in directions]
    moves = [sign * _HEIGHT * axes[2] for sign in (1, -1, 1, -1)]
    walls = [
        {i: _ALONG * (directions[i] + directions[j]) / sqrt(2) + _ACROSS * axes[2] for i in ((j + 1) % 4, (j + 3) % 4)}
        for j in range(4)
    ]
    changes = [_changed_centroid(j, centres, moves, walls[j]) for j in range(4)]
    moments = {(_ALONG, 0): _ALONG_MOMENTS[_ALONG, 0], **_ACROSS_MOMENTS}
    return (
        *_moment_steps(moments),
        _derivative_step(4, ImmutableMatrix([entry for change in changes for entry in change])),
        equation(
            "The walls are half-planes; the other coordinates are free. Each centroid moves by twice the velocity.",
            _velocities(4),
            _heights(2),
            given=("derivative", *(f"moment {variable}{n}" for variable, n in moments)),
        ),
    )
