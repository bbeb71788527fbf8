"""Where a statement about few components is decided: a domain halved until bounds on each piece suffice.

Nothing here is trusted. Bounds are guessed in double precision, and Rocq proves them, or rejects the proof.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.interval import from_enclosure, from_rational
from emtheory.numerics.intervals.operations import Value
from emtheory.numerics.level import Level
from emtheory.reports.decide.exact.findings import over
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.language.expression import Call, Comparison, Expression, Number, Symbol

MAX_CELLS = 512
"""Of one claim. A choice: each takes the kernel a few tenths of a second, so that these are minutes."""

MAX_CUTS = 40
"""Of a piece of the domain. A choice: after so many it is as narrow as a rounding error."""

Box = Mapping[str, tuple[Fraction, Fraction]]
Pair = tuple[float, float]
Bounds = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Problem:
    """A statement about quantities at a point, the values of those symbols that are fixed, and how bounds are guessed.

    `guess` gives, for a piece of the domain, the least and greatest value that Rocq will compute of each quantity,
    which is within `tail` of what is known of the quantity itself; `slacks` are how much weaker a bound may be made,
    the weakest, quickest to prove, first. Halving a piece is worth more than a bound sharper than this `share` of its
    width (None: a bound costs the same however sharp).
    """

    comparison: Comparison
    symbols: Mapping[str, Fraction]
    guess: Callable[[Box], Mapping[str, Pair]]
    slacks: Sequence[Fraction]
    share: int | None
    tail: Fraction


@dataclass(frozen=True)
class Cell:
    """A piece of the domain, and bounds on quantities, by `slack` weaker than guessed, that decide the statement."""

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


def plan(problem: Problem, box: Box, cuts: int = 0) -> Tree:
    """Cut a domain, cut so often before, into up to `MAX_CELLS` cells decided by guessed bounds."""
    cell = _cell(problem, box)
    if cell is not None:
        return cell
    choices = [(name, low + (high - low) / 2) for name, (low, high) in box.items() if low < high]
    if not choices or cuts >= MAX_CUTS:
        raise NotExportedError("the statement is not true everywhere with room to spare for bounds in double precision")
    name, at = min(choices, key=lambda cut: _width(problem.guess({**box, cut[0]: (cut[1], cut[1])})))
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


def _cell(problem: Problem, box: Box) -> Cell | None:
    """Return the cell with the weakest bounds that decide the statement on a piece, if any do."""
    guess = problem.guess(box)
    for slack in problem.slacks:
        if problem.share is not None and slack * problem.share < _width(guess):
            return None
        bounds = {name: (_down(low, slack), -_down(-high, slack)) for name, (low, high) in guess.items()}
        if holds(
            problem, box, {name: (low - problem.tail, high + problem.tail) for name, (low, high) in bounds.items()}
        ):
            return Cell(box, bounds, slack)
    return None


def _width(guess: Mapping[str, Pair]) -> float:
    return max(high - low for low, high in guess.values())


def _down(value: float, slack: Fraction) -> Fraction:
    """Round down to a multiple of the slack, and by one more."""
    return (Fraction(value) / slack).__floor__() * slack - slack


def holds(problem: Problem, box: Box, values: Mapping[str, Bounds]) -> bool:
    """Whether bounds on the quantities decide every link of a chain on a box."""

    def leaf(part: Symbol | Call) -> Value:
        if isinstance(part, Call):
            return from_enclosure(Enclosure(*values[part.quantity], Level.CERTIFIED, "guess"))
        return symbol_value(part, problem.symbols)

    for operator, left, right in problem.comparison.pairs:
        try:
            difference = over(left - right, box, leaf)
        except (CannotAnswerError, InputError):
            return False
        low, high = difference.lower, difference.upper
        decided = {"<": high < 0, "<=": high <= 0, ">": low > 0, ">=": low >= 0, "!=": low > 0 or high < 0, "==": False}
        if not decided[operator]:
            return False
    return True


def symbol_value(part: Symbol | Call, symbols: Mapping[str, Fraction]) -> Value:
    """Return the value of a symbol that is no variable, of those given; NotExportedError if it has none."""
    name = part.name if isinstance(part, Symbol) else part.quantity
    if name not in symbols:
        raise NotExportedError(f"{name} has no value here")
    return from_rational(symbols[name], Level.CERTIFIED)


def weight_ends(weight: Expression, box: Box, symbols: Mapping[str, Fraction]) -> Bounds:
    """Return ends between which a weight lies on a box; NotExportedError if that is not seen to be inside (0, 1)."""
    if isinstance(weight, Number):
        return weight.value, weight.value
    hull = over(weight, box, lambda part: symbol_value(part, symbols))
    if not (hull.lower > 0 and hull.upper < 1):
        raise NotExportedError("a weight is not seen to lie inside (0, 1) on the whole domain")
    return Fraction(hull.lower), Fraction(hull.upper)
