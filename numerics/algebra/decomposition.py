"""Boxes cut into cells on which polynomials have constant signs, one sample point for each cell.

A cylindrical algebraic decomposition: variables are eliminated one after the other, the last first, and the real roots
of what is left cut the interval of each. In one and in two variables every cell has its sample. With three or more,
cells over an irrational value of a variable that is not among the last two are left out, and of the others only open
ones are sure to have a sample each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.algebra.point import AlgebraicPoint
from emtheory.numerics.algebra.polynomial import (
    Polynomial,
    at,
    constant,
    constant_value,
    degree,
    primitive_factors,
    projection,
    univariate,
)
from emtheory.numerics.algebra.real_root import Coordinate, RealRoot, compared, ends, real_roots, simplest_between
from emtheory.numerics.errors import CannotAnswerError

MAX_DEGREES = {2: 12, 3: 6}
"""Number of variables → total degree of a polynomial that is projected. A choice: dense ones of degree 10 in two
variables, or of degree 5 in three, take some seconds, and each degree more several times as long."""
MAX_DEGREE_BEYOND = 4
"""The same for more variables."""


@dataclass(frozen=True)
class Range:
    """An interval of real numbers; None stands for an infinite end, which never belongs to it."""

    lower: Fraction | None
    upper: Fraction | None
    open_lower: bool = False
    open_upper: bool = False

    @property
    def ends(self) -> tuple[Fraction, ...]:
        """Its finite ends."""
        return tuple(end for end in (self.lower, self.upper) if end is not None)


@dataclass(frozen=True)
class Sample:
    """A point of a cell.

    `point`: its coordinates; None for cells that are left out; `full`: whether the cell is open, of the dimension of
    the box.
    """

    point: AlgebraicPoint | None
    full: bool


def samples(
    polynomials: Sequence[Polynomial], ranges: Sequence[Range], base: RealRoot | None = None
) -> Iterator[Sample]:
    """Yield a sample of each cell of a box on which all polynomials have constant signs.

    CannotAnswerError in two or more variables, if a polynomial has a total degree beyond `MAX_DEGREES`, or there is a
    base.

    `polynomials`: none of them 0, in a ring with as many variables as there are ranges, and one before them for the
    base. `ranges`: of each variable, none of them empty or a single number. `base`: the value of the first variable of
    the ring, where it stands for a number. It is part of all samples.
    """
    if base is not None:
        if len(ranges) > 1:
            raise CannotAnswerError("polynomials in several variables with irrational coefficients")
        for place, inside in _fibre(list(primitive_factors(polynomials).values()), base, ranges[0], 0):
            yield Sample((base, place), inside)
        return
    if not polynomials:
        yield from _cells([], ranges, (), full=True)
        return
    _require_in_reach(polynomials)
    ring = polynomials[0].context()
    # Where a root of a variable reaches an end of its interval, the cells over it change.
    sides = [
        generator - constant(ring, end)
        for generator, each in zip(ring.gens(), ranges, strict=True)
        for end in each.ends
    ]
    yield from _cells(list(primitive_factors([*polynomials, *sides]).values()), ranges, (), full=True)


def _require_in_reach(polynomials: Sequence[Polynomial]) -> None:
    variables = int(polynomials[0].context().nvars())
    most = MAX_DEGREES.get(variables, MAX_DEGREE_BEYOND)
    total = max(int(polynomial.total_degree()) for polynomial in polynomials)
    if variables > 1 and total > most:
        raise CannotAnswerError(f"a polynomial of degree {total} in {variables} variables; at most {most} is in reach")


def _cells(
    polynomials: list[Polynomial], ranges: Sequence[Range], prefix: tuple[Fraction, ...], *, full: bool
) -> Iterator[Sample]:
    """Cells over a rational point of the first variables, at which the polynomials are given."""
    variable = len(prefix)
    if variable == len(ranges):
        yield Sample(prefix, full)
        return
    level = polynomials
    for later in range(len(ranges) - 1, variable, -1):
        level = projection(level, later)
    roots = real_roots(univariate(polynomial, variable) for polynomial in level)
    whole = ranges[variable]
    for place, inside in _stack(roots, whole):
        if isinstance(place, Fraction):
            substituted = [at(polynomial, {variable: place}) for polynomial in polynomials]
            rest = list(primitive_factors(p for p in substituted if constant_value(p) is None).values())
            yield from _cells(rest, ranges, (*prefix, place), full=full and inside)
        elif variable == len(ranges) - 1:
            yield Sample((*prefix, place), full=False)
        elif variable == len(ranges) - 2:
            for last, _ in _fibre(polynomials, place, ranges[-1], variable):
                yield Sample((*prefix, place, last), full=False)
        else:
            yield Sample(None, full=False)


def _fibre(
    polynomials: Sequence[Polynomial], root: RealRoot, whole: Range, variable: int
) -> Iterator[tuple[Coordinate, bool]]:
    """Samples of the last variable over an irrational value of the one before, as from `_stack`.

    The resultants with the polynomial of that value vanish wherever one of the polynomials does, and not everywhere:
    none of them, irreducible, is a multiple of it.
    """
    moving = [polynomial for polynomial in polynomials if degree(polynomial, variable + 1) > 0]
    if not moving:
        yield from _stack([], whole)
        return
    ring = moving[0].context()
    minimal = ring.from_dict(
        {
            tuple(power if index == variable else 0 for index in range(ring.nvars())): int(coefficient)
            for power, coefficient in enumerate(root.polynomial)
        }
    )
    eliminated = [univariate(polynomial.resultant(minimal, variable), variable + 1) for polynomial in moving]
    yield from _stack(real_roots(eliminated), whole)


def _stack(roots: Sequence[Coordinate], whole: Range) -> Iterator[tuple[Coordinate, bool]]:
    """Roots and ends in an interval, and a number between each two neighbours; and whether it is of the latter."""
    lower, upper = whole.lower, whole.upper
    inside = [
        root
        for root in roots
        if (lower is None or compared(root, lower) > 0) and (upper is None or compared(root, upper) < 0)
    ]
    if lower is not None and not whole.open_lower:
        yield lower, False
    last: Fraction | None = lower
    for root in _clear(inside, lower, upper):
        low, high = ends(root)
        yield simplest_between(last, low), True
        yield root, False
        last = high
    yield simplest_between(last, upper), True
    if upper is not None and not whole.open_upper:
        yield upper, False


def _clear(roots: Sequence[Coordinate], lower: Fraction | None, upper: Fraction | None) -> Iterator[Coordinate]:
    """The roots with ends between those of the interval."""
    for root in roots:
        narrow = root
        while isinstance(narrow, RealRoot) and (
            (lower is not None and narrow.lower <= lower) or (upper is not None and narrow.upper >= upper)
        ):
            narrow = narrow.within((narrow.upper - narrow.lower) / 4)
        yield narrow
