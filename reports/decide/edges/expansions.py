"""Expressions on a box as powers of what tends to 0 at an edge of it.

Each is E_0 + x E_1 + … + xⁿR with E_i exact in the other variables and R a form, x ≥ 0. Where several x_l are small
together, it is E_0 + Σ_l x_lR_l.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial, reduce
from operator import add, sub
from typing import Generic, TypeVar

import flint

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.interval import Interval, from_rational, log, maximum, minimum, power
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant, is_rational_zero
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.family_forms import FamilyForms
from emtheory.reports.decide.boxes.forms import BoxForms
from emtheory.reports.decide.claim_parts import is_of_point
from emtheory.reports.decide.edges.series import SERIES, Series
from emtheory.reports.language.expression import ONE, ZERO, Call, Expression, Number, Operation

Forms = TypeVar("Forms", BoxForms, FamilyForms)
_LARGEST_POWER = 16
"""Exponents up to which powers are multiplied out."""


@dataclass(frozen=True)
class Edge:
    """E_0 + x E_1 + … + xⁿR: the limits E_0, …, E_{n−1} are without the point, and R is the rest.

    With several x_l there is one limit, and a rest for each; or no limit, and one rest, which is all of it.
    """

    limits: tuple[Expression, ...]
    rests: tuple[TaylorForm, ...]

    @property
    def rest(self) -> TaylorForm:
        """The only rest."""
        (rest,) = self.rests
        return rest

    @property
    def zeros(self) -> int:
        """The number of leading E_i that are the number 0."""
        return next((i for i, limit in enumerate(self.limits) if limit != ZERO), len(self.limits))


@dataclass(frozen=True)
class Expansions(ABC, Generic[Forms]):
    """Expressions at an edge, at Arb's precision in force."""

    forms: Forms

    @property
    @abstractmethod
    def is_open(self) -> bool:
        """Whether the edge does not belong to the domain."""

    @property
    @abstractmethod
    def _variable(self) -> str:
        """What tends to the edge."""

    @property
    def _small(self) -> Set[str]:
        """The variables that tend to the edge."""
        return {self._variable}

    @property
    @abstractmethod
    def _terms(self) -> int:
        """The number of exact terms of what is exact."""

    @property
    @abstractmethod
    def _square(self) -> TaylorForm:
        """x."""

    @property
    def _squares(self) -> Sequence[TaylorForm]:
        """Every x_l."""
        return [self._square]

    @abstractmethod
    def _varies(self, expression: Expression) -> bool: ...

    @abstractmethod
    def _symbol(self) -> Edge: ...

    @abstractmethod
    def _quantity(self, call: Call) -> Edge: ...

    @abstractmethod
    def _is_zero(self, limit: Expression) -> bool:
        """Whether a limit is seen to be 0 on all of the box."""

    def _split(self, expression: Expression) -> Edge:
        if not self._varies(expression):
            return self._exact(expression)
        if isinstance(expression, Call):
            return self._quantity(expression)
        return self._operation(expression) if isinstance(expression, Operation) else self._symbol()

    def _operation(self, expression: Operation) -> Edge:
        if expression.name == "**":
            return self._power(*expression.operands)
        if expression.name == "neg":
            return self._difference(self._exact(ZERO), self._split(expression.operands[0]))
        if expression.name in ("abs", "max", "min"):
            return reduce(partial(self._chosen, expression.name), self._sides_of(expression))
        if expression.name in SERIES:
            return self._image(expression.name, self._split(expression.operands[0]))
        combine = {"+": self._total, "-": self._difference, "*": self._product, "/": self._quotient}
        if expression.name not in combine:
            raise CannotAnswerError(f"{expression.name} of what varies with the radius")
        return combine[expression.name](*map(self._split, expression.operands))

    def _sides_of(self, expression: Operation) -> Iterator[Edge]:
        """What is compared: of |e| both e and −e."""
        yield from map(self._split, expression.operands)
        if expression.name == "abs":
            yield self._difference(self._exact(ZERO), self._split(expression.operands[0]))

    def _chosen(self, name: str, first: Edge, second: Edge) -> Edge:
        """The larger or the smaller of two, where one of them is that all over the cell."""
        apart = self._difference(first, second)
        several = len(apart.rests) > 1 and apart.zeros
        signs = [each.range for each in (apart.rests if several else [self._shifted(apart)])]
        is_larger = all(each.lower >= 0 for each in signs)
        if is_larger or all(each.upper <= 0 for each in signs):
            return first if is_larger == (name != "min") else second
        raise CannotAnswerError("sides of which now one and now the other is larger")

    def _exact(self, expression: Expression, power: int = 0) -> Edge:
        """An expression without the point, times x^power."""
        limits: list[Expression] = [ZERO] * self._terms
        if power >= len(limits):
            return Edge(tuple(limits), (self._times(self.forms.form(expression), power - len(limits)),))
        limits[power] = expression
        return Edge(tuple(limits), self._nothing)

    def _power(self, base: Expression, exponent: Expression) -> Edge:
        if isinstance(exponent, Number) and exponent.value.denominator == 1 and exponent.value >= 0:
            return self._power_of(self._split(base), exponent.value)
        if base == ZERO:
            self._largest(self._split(exponent))
            return self._exact(ZERO)
        end, count = self._largest(self._split(base)), self.forms.form(exponent).range
        most = power(end, count)
        if count.lower > 0:
            return self._between(flint.arb(0), most.upper)
        return self._between(most.lower if count.upper < 0 else flint.arb(0), flint.arb.pos_inf())

    def _largest(self, edge: Edge) -> Interval:
        """The upper end of what is positive but where x = 0."""
        if not (edge.zeros and self._shifted(edge).range.lower > 0):
            raise CannotAnswerError("what is not seen to be positive but at the edge")
        end = self._lowered(edge, 0).rest.range.upper
        return Interval(end, end, Level.CERTIFIED)

    def _between(self, lower: flint.arb, upper: flint.arb) -> Edge:
        return Edge((), (constant(Interval(lower, upper, Level.CERTIFIED), self.forms.domain),))

    def _power_of(self, base: Edge, count: Fraction) -> Edge:
        if count.denominator > 1 or not 0 <= count <= _LARGEST_POWER:
            raise CannotAnswerError("a power of what varies")
        result = self._exact(ONE)
        for _ in range(int(count)):
            result = self._product(result, base)
        return result

    def _total(self, left: Edge, right: Edge) -> Edge:
        return self._sum("+", left, right)

    def _difference(self, left: Edge, right: Edge) -> Edge:
        return self._sum("-", left, right)

    def _sum(self, name: str, left: Edge, right: Edge) -> Edge:
        terms = min(len(left.limits), len(right.limits))
        left, right = self._lowered(left, terms), self._lowered(right, terms)
        limits = tuple(self._combined(name, a, b) for a, b in zip(left.limits, right.limits, strict=True))
        return Edge(limits, tuple(map(add if name == "+" else sub, left.rests, right.rests)))

    def _combined(self, name: str, left: Expression, right: Expression) -> Expression:
        """The sum or difference of two limits; the number 0 where one is taken from the same one, however written."""
        limit = left + right if name == "+" else left - right
        if name != "-" or not isinstance(limit, Operation) or ZERO in (left, right) or not self._is_cleared:
            return limit
        values = self.forms.form(limit).range
        return ZERO if values.lower <= 0 <= values.upper and self._is_zero(limit) else limit

    @property
    def _is_cleared(self) -> bool:
        """Whether powers of the radius below fractions may be multiplied away, as the radius 0 is left out."""
        return self.is_open and all(map(is_of_point, self._small))

    def _lowered(self, edge: Edge, terms: int) -> Edge:
        """The same with fewer exact terms."""
        while len(edge.limits) > terms:
            products = (square * rest for square, rest in zip(self._squares, edge.rests, strict=True))
            edge = Edge(edge.limits[:-1], (reduce(add, products, self.forms.form(edge.limits[-1])),))
        return edge

    def _product(self, left: Edge, right: Edge) -> Edge:
        lefts, rights = len(left.limits) + self._order(right), len(right.limits) + self._order(left)
        terms = min(lefts, rights, self._terms)
        if not terms:
            factor, other = (left, right) if left.limits else (right, left)
            whole = self._lowered(other, 0).rest
            # Σ_l x_lR_l keeps its form.
            factor = factor if factor.zeros else self._lowered(factor, 0)
            return replace(factor, rests=tuple(rest * whole for rest in factor.rests))
        limits: list[Expression] = [ZERO] * terms
        start = Edge(left.limits, self._nothing)
        rests = [
            self._times(self._scaled(one, right), lefts - terms)
            + self._times(self._scaled(other, start), rights - terms)
            for one, other in zip(left.rests, right.rests, strict=True)
        ]
        beyond = [self._nothing[0]] * (len(left.limits) + len(right.limits) - 1 - terms)
        for i, first in enumerate(left.limits):
            for j, second in enumerate(right.limits):
                if ZERO in (first, second):
                    continue
                if i + j < terms:
                    limits[i + j] = limits[i + j] + first * second
                else:
                    beyond[i + j - terms] += self.forms.form(first) * self.forms.form(second)
        if beyond:  # By Horner's scheme.
            rests[0] += reduce(lambda total, each: total * self._square + each, reversed(beyond))
        return Edge(tuple(limits), tuple(rests))

    def _scaled(self, rest: TaylorForm, other: Edge) -> TaylorForm:
        """A rest times all of the other factor without its power of x."""
        return rest if all(map(is_rational_zero, rest.coefficients)) else rest * self._shifted(other)

    def _shifted(self, edge: Edge) -> TaylorForm:
        """All of it, divided by the power of x that is in it."""
        return self._lowered(replace(edge, limits=edge.limits[self._order(edge) :]), 0).rest

    def _order(self, edge: Edge) -> int:
        """The power of x that is in it; with several x_l none is."""
        return edge.zeros if len(self._small) == 1 else 0

    def _times(self, form: TaylorForm, power: int) -> TaylorForm:
        """Multiply by x^power."""
        for _ in range(power):
            form = form * self._square
        return form

    def _quotient(self, left: Edge, right: Edge) -> Edge:
        common = min(self._order(left), self._order(right))
        left, right = (replace(edge, limits=edge.limits[common:]) for edge in (left, right))
        if not left.limits or not right.limits:
            raise CannotAnswerError("a quotient of what is not expanded far enough")
        if right.limits[0] == ZERO:
            raise CannotAnswerError("a quotient that is not bounded")
        found: list[Expression] = []
        for first in left.limits[: len(right.limits)]:
            limit = first
            for factor, other in zip(found, right.limits[len(found) : 0 : -1], strict=True):
                limit = limit - factor * other
            found.append(limit / right.limits[0])
        quotient = Edge(tuple(found), self._nothing)
        # Of what is left over all exact terms vanish.
        left_over = self._difference(left, self._product(quotient, right))
        divisor = self._shifted(right)
        return replace(quotient, rests=tuple(rest / divisor for rest in left_over.rests))

    def _image(self, name: str, edge: Edge) -> Edge:
        """A function of x^n g, by its series or, of logarithms and roots, by those of g over what g is at the edge."""
        series = SERIES[name]
        if not series.at:
            return self._series(series, edge)
        if name == "log" and edge.zeros:
            return self._between(flint.arb.neg_inf(), log(self._largest(edge)).upper)
        if edge.zeros % 2 or edge.zeros == len(edge.limits):
            raise CannotAnswerError("a root of an odd power of what tends to the edge")
        start: Expression = edge.limits[edge.zeros]
        others: list[Expression] = [limit / start for limit in edge.limits[edge.zeros + 1 :]]
        ratio = Edge((ONE, *others), tuple(rest / self.forms.form(start) for rest in edge.rests))
        at_start = Number(series.coefficient(0)) if start == ONE else Operation(name, (start,))
        image, found = self._exact(at_start, edge.zeros // 2), self._series(series, ratio)
        return self._total(image, found) if name == "log" else self._product(image, found)

    def _series(self, series: Series, edge: Edge) -> Edge:
        """f(c + y) = Σ_{i<n} a_iy^i + a y^n, with a the n-th Taylor coefficient between c and c + y."""
        at = Number(series.at)
        if not edge.limits or edge.limits[0] != at:
            raise CannotAnswerError(f"a function with other than {at.value} where the edge is")
        moved = replace(edge, limits=(ZERO, *edge.limits[1:]))
        whole = self._lowered(moved, 0).rest.range
        zero = from_rational(0, whole.level)
        between = Interval(minimum(whole, zero).lower, maximum(whole, zero).upper, whole.level)
        total, powers = self._exact(Number(series.coefficient(0))), self._exact(ONE)
        for i in range(1, self._terms):
            powers = self._product(powers, moved)
            total = self._total(total, self._product(self._exact(Number(series.coefficient(i))), powers))
        rest = Edge((), (constant(series.last(between, self._terms), self.forms.domain),))
        return self._total(total, self._product(self._product(powers, moved), rest))

    @property
    def _nothing(self) -> tuple[TaylorForm, ...]:
        """No rest."""
        return (constant(rational(0), self.forms.domain),) * len(self._squares)
