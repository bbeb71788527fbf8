"""A mixture whose means are images of one: under the powers of a matrix, or under matrices that are given."""

from collections.abc import Sequence
from typing import Any

import sympy

from emtheory.theory.errors import ModelError, Path
from emtheory.theory.inexact import shown
from emtheory.theory.mixtures.expression import Named
from emtheory.theory.mixtures.laws import check_laws
from emtheory.theory.mixtures.model import NORMAL, Distribution
from emtheory.theory.mixtures.table import formula
from emtheory.theory.table import check_keys

SHIFT = "shift"
"""The generator that takes each coordinate to the next one, and the last one to the first."""

_DIGITS, _SMALLEST = 30, sympy.Rational(1, 10**20)
"""To which it is looked at whether a power is the identity. That it is spares a slip; nothing rests on it."""


def orbit(
    given: dict[str, Any], path: Path, coordinates: Sequence[sympy.Symbol], names: Named
) -> tuple[tuple[Distribution, ...], ...]:
    """Return the laws of the components, normal with means U_j m and one variance for all coordinates.

    The table has ``weights``, as many as there are components, the coordinates of m as ``mean``, a matrix U as
    ``generator``, of which U_j is the j-th power, or the list of U_j as ``maps``, and perhaps ``variance``.
    """
    both = ("generator", "maps")
    check_keys(given, path, ("weights", "mean", *both, "variance"), optional=(*both, "variance"))
    if sum(key in given for key in both) != 1:
        raise ModelError(path, "generator, a matrix, or maps, a list of matrices: one of them is wanted")
    size, count = len(coordinates), len(given["weights"])
    mean = given["mean"]
    if not isinstance(mean, list) or len(mean) != size:
        raise ModelError((*path, "mean"), f"a list of {size} formulas is wanted, one for each coordinate")
    start = sympy.Matrix([formula(each, (*path, "mean", s), names) for s, each in enumerate(mean)])
    variance = formula(given.get("variance", "1"), (*path, "variance"), names)
    if "maps" in given:
        maps = given["maps"]
        if not isinstance(maps, list) or len(maps) != count:
            raise ModelError((*path, "maps"), f"a list of {count} matrices is wanted, one for each weight")
        matrices = [_matrix(each, (*path, "maps", j), size) for j, each in enumerate(maps)]
    else:
        matrices = _powers(given["generator"], (*path, "generator"), size, count)
    return tuple(_laws(matrix * start, variance, path, coordinates) for matrix in matrices)


def _laws(
    means: sympy.Matrix, variance: sympy.Expr, path: Path, coordinates: Sequence[sympy.Symbol]
) -> tuple[Distribution, ...]:
    laws: list[Distribution] = []
    for mean in means:
        law = Distribution(NORMAL, (sympy.expand(mean), variance))
        problem = check_laws(law, laws, coordinates, fitted=path == ("fit",))
        if problem is not None:
            raise ModelError(path, problem[1])
        laws.append(law)
    return tuple(laws)


def _powers(given: Any, path: Path, size: int, count: int) -> list[sympy.Matrix]:
    """The powers 0, …, count − 1 of a generator."""
    if given == SHIFT:
        generator = sympy.Matrix(size, size, lambda i, j: int(i == (j + 1) % size))
    else:
        generator = _matrix(given, path, size)
    powers = [sympy.eye(size)]
    for _ in range(count):
        powers.append((generator * powers[-1]).applyfunc(sympy.expand))
    if any(abs(each.evalf(_DIGITS)) > _SMALLEST for each in powers.pop() - sympy.eye(size)):
        raise ModelError(path, f"its power {count} is not the identity: there are {count} weights for {count} powers")
    return powers


def _matrix(given: Any, path: Path, size: int) -> sympy.Matrix:
    rows = given if isinstance(given, list) else []
    if len(rows) != size or any(not isinstance(row, list) or len(row) != size for row in rows):
        raise ModelError(path, f"a matrix with {size} rows of {size} numbers is wanted, not {shown(given)}")
    return sympy.Matrix(
        [[formula(each, (*path, i, j), {}) for j, each in enumerate(row)] for i, row in enumerate(rows)]
    )
