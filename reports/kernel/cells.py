"""Where a statement about two components is decided: a domain halved until bounds on each piece suffice.

Nothing here is trusted. Bounds are guessed in double precision, and Rocq proves them, or rejects the proof.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.interval import from_enclosure, from_rational
from emtheory.numerics.intervals.operations import Value
from emtheory.numerics.level import Level
from emtheory.reports.decide.hull import over
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.language.expression import Call, Comparison, Expression, Operation, Symbol

REACH = 8
"""Integrals are proved between −8 and 8; what lies beyond is below 1e-14, and bounded by a lemma."""
MAX_CELLS = 512
"""Of one claim. A choice: each takes the kernel a few tenths of a second, so that these are minutes."""

_SLACKS = tuple(Fraction(1, 10**n) for n in range(1, 9))
"""How much weaker than the guess a bound may be made: the weakest that suffices is the quickest to prove."""
_SHARE = 8
"""Halving a piece is worth more than a bound that is sharper than this share of its width."""
TAIL = Fraction(1, 10**11)
"""More than what lies beyond `REACH`, 2(A/T + B) φ(T) with A = r²/2 and B = r at most, up to `MAX_RADIUS`."""
MAX_RADIUS = 100
"""Of what is exported: see `TAIL`."""
MAX_CUTS = 40
"""Of a piece of the domain. A choice: after so many it is as narrow as a rounding error."""
_GRID: NDArray[np.float64] = np.linspace(-REACH, REACH, 1601)
"""Where integrands are looked at."""
_MASS = np.exp(-_GRID * _GRID / 2) * (_GRID[1] - _GRID[0]) / np.sqrt(2 * np.pi)

Box = Mapping[str, tuple[Fraction, Fraction]]
Pair = tuple[float, float]
Bounds = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class LineProblem:
    """A statement about two components, and what it depends on.

    Attributes
    ----------
    comparison
        The statement.
    quantities
        Those in it, all of `RANGES`.
    weight
        Of the first component, an expression in the variables.
    radius
        Where it is none of the variables.
    """

    comparison: Comparison
    quantities: Sequence[str]
    weight: Expression
    radius: Fraction | None


@dataclass(frozen=True)
class Cell:
    """A piece of the domain, and bounds on each quantity in it that decide the statement.

    Attributes
    ----------
    box
        Variable → ends.
    bounds
        Quantity → the least and the greatest value of its integral between −`REACH` and `REACH`.
    slack
        By how much they are weaker than what was guessed.
    """

    box: Box
    bounds: Mapping[str, Bounds]
    slack: Fraction


@dataclass(frozen=True)
class Split:
    """A piece of the domain that is cut in two: below and above a value of one variable."""

    name: str
    at: Fraction
    below: "Tree"
    above: "Tree"


Tree = Cell | Split


def power_range(odds: Pair, radius: Pair) -> Pair:
    """Guess the least and greatest ∫ (1 − 2/(1 + q e^{2rx}))² φ(x) dx over q and r, each taken apart at every x.

    Parameters
    ----------
    odds, radius
        Ends of q, positive, and of r, not negative.
    """
    exponents = 2 * np.outer(radius, _GRID)
    lowest, highest = odds[0] * np.exp(exponents.min(0)), odds[1] * np.exp(exponents.max(0))
    ends = np.abs([1 - 2 / (1 + lowest), 1 - 2 / (1 + highest)])
    least = np.where((lowest < 1) & (highest > 1), 0, ends.min(0))
    return float((least**2 * _MASS).sum()), float((ends.max(0) ** 2 * _MASS).sum())


def divergence_range(odds: Pair, radius: Pair) -> Pair:
    """Guess the least and greatest ∫ (r²/2 − log(w e^{rx} + v e^{−rx})) φ(x) dx, every occurrence of r and w apart.

    Parameters
    ----------
    odds, radius
        As for `power_range`.
    """
    products = np.outer(radius, _GRID)
    low, high = products.min(0), products.max(0)
    first, second = [odd / (1 + odd) for odd in odds], [1 / (1 + odd) for odd in odds]
    least = first[0] * np.exp(low) + second[1] * np.exp(-high)
    most = first[1] * np.exp(high) + second[0] * np.exp(-low)
    squares = [end * end / 2 for end in radius]
    return float(((squares[0] - np.log(most)) * _MASS).sum()), float(((squares[1] - np.log(least)) * _MASS).sum())


RANGES: Mapping[str, Callable[[Pair, Pair], Pair]] = {"posterior_power": power_range, "kl_divergence": divergence_range}
"""The quantities that are exported for two components."""


def plan(problem: LineProblem, box: Box, cuts: int = 0) -> Tree:
    """Cut a domain into cells on which guessed bounds decide a statement.

    Parameters
    ----------
    problem
        The statement.
    box
        The variables.
    cuts
        How often this piece of the domain has been cut out already.

    Raises
    ------
    NotExportedError
        If it would take more than `MAX_CELLS` cells, or the weight reaches 0 or 1.
    """
    cell = _cell(problem, box)
    if cell is not None:
        return cell
    choices = [(name, low + (high - low) / 2) for name, (low, high) in box.items() if low < high]
    if not choices or cuts >= MAX_CUTS:
        raise NotExportedError("the statement is not true everywhere with room to spare for bounds in double precision")
    name, at = min(choices, key=lambda cut: _width(_guess(problem, {**box, cut[0]: (cut[1], cut[1])})))
    low, high = box[name]
    below = plan(problem, {**box, name: (low, at)}, cuts + 1)
    above = plan(problem, {**box, name: (at, high)}, cuts + 1)
    tree = Split(name, at, below, above)
    if len(cells_of(tree)) > MAX_CELLS:
        raise NotExportedError(f"more than {MAX_CELLS} pieces of the domain would be needed")
    return tree


def cells_of(tree: Tree) -> tuple[Cell, ...]:
    """Return the cells of a domain from left to right."""
    return (tree,) if isinstance(tree, Cell) else (*cells_of(tree.below), *cells_of(tree.above))


def _cell(problem: LineProblem, box: Box) -> Cell | None:
    """Return the cell with the weakest bounds that decide the statement on a piece, if any do."""
    guess = _guess(problem, box)
    for slack in _SLACKS:
        if slack * _SHARE < _width(guess):
            return None
        bounds = {name: (_down(low, slack), -_down(-high, slack)) for name, (low, high) in guess.items()}
        if holds(problem, box, {name: (low - TAIL, high + TAIL) for name, (low, high) in bounds.items()}):
            return Cell(box, bounds, slack)
    return None


def _guess(problem: LineProblem, box: Box) -> dict[str, Pair]:
    """Guess the range of each quantity on a box."""
    hull = over(problem.weight, box, _no_quantity)
    if not (hull.lower > 0 and hull.upper < 1):
        raise NotExportedError("a weight is not seen to lie inside (0, 1) on the whole domain")
    odds = (float(hull.lower / (1 - hull.lower)), float(hull.upper / (1 - hull.upper)))
    low, high = (problem.radius, problem.radius) if problem.radius is not None else box["radius"]
    with np.errstate(over="ignore"):
        return {name: RANGES[name](odds, (float(low), float(high))) for name in problem.quantities}


def _width(guess: Mapping[str, Pair]) -> float:
    return max(high - low for low, high in guess.values())


def _down(value: float, slack: Fraction) -> Fraction:
    """Round down to a multiple of the slack, and by one more."""
    return (Fraction(value) / slack).__floor__() * slack - slack


def holds(problem: LineProblem, box: Box, values: Mapping[str, Bounds]) -> bool:
    """Whether bounds on the quantities decide every link of a chain on a box.

    Parameters
    ----------
    problem, box
        The statement, and where.
    values
        Quantity → bounds.
    """

    def leaf(part: Symbol | Call) -> Value:
        if isinstance(part, Call):
            return from_enclosure(Enclosure(*values[part.quantity], Level.CERTIFIED, "guess"))
        if part.name == "radius" and problem.radius is not None:
            return from_rational(problem.radius, Level.CERTIFIED)
        return _no_quantity(part)

    operands = problem.comparison.operands
    for left, operator, right in zip(operands, problem.comparison.operators, operands[1:], strict=False):
        try:
            difference = over(Operation("-", (left, right)), box, leaf)
        except (CannotAnswerError, InputError):
            return False
        low, high = difference.lower, difference.upper
        decided = {"<": high < 0, "<=": high <= 0, ">": low > 0, ">=": low >= 0, "!=": low > 0 or high < 0, "==": False}
        if not decided[operator]:
            return False
    return True


def _no_quantity(part: Symbol | Call) -> Value:
    """Return the value of the symbols that are numbers where there are two components."""
    values = {"k": 2, "d": 1}
    name = part.name if isinstance(part, Symbol) else part.quantity
    if name not in values:
        raise NotExportedError(f"{name} has no value here")
    return from_rational(values[name], Level.CERTIFIED)
