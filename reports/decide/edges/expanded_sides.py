"""Sides of a statement on a box as powers of what tends to 0 at an edge of it, where they may touch.

Each side is E_0 + x E_1 + … + xⁿR with E_i exact in the other variables and R a form, x ≥ 0. So E_i ≥ 0, which algebra
decides whether they touch 0 or not, and R ≥ 0 show that a difference is not negative.
"""

import math
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial, reduce
from types import MappingProxyType

import flint

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.interval import (
    Interval,
    cos,
    exp,
    from_rational,
    log,
    maximum,
    minimum,
    power,
    sin,
    to_enclosure,
)
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant, hull, is_rational_zero
from emtheory.numerics.level import Level
from emtheory.reports.decide.edges.limit_signs import Forms, LimitSigns, cleared
from emtheory.reports.decide.exact.algebra import decide_exactly
from emtheory.reports.language.expression import ONE, ZERO, Call, Comparison, Expression, Number, Operation, Symbol
from emtheory.reports.language.span import Span

_LARGEST_POWER = 16
"""Exponents up to which powers are multiplied out."""
_NEARLY = 2.0**-40
"""Sides that are no farther apart at the edge nearly touch there."""
_PARTS = 1024
"""Of 1, in which the least value of a rest is told beside exact terms."""


@dataclass(frozen=True)
class Edge:
    """E_0 + x E_1 + … + xⁿR: the limits E_0, …, E_{n−1} are without the point, and R is the rest."""

    limits: tuple[Expression, ...]
    rest: TaylorForm

    @property
    def zeros(self) -> int:
        """The number of leading E_i that are the number 0."""
        return next((i for i, limit in enumerate(self.limits) if limit != ZERO), len(self.limits))


@dataclass(frozen=True)
class _Series:
    """A function near c: its Taylor coefficients there, and the n-th one anywhere between c and c + y."""

    at: Fraction
    coefficient: Callable[[int], Fraction]
    last: Callable[[Interval, int], Interval]


def _power_series(exponent: Fraction) -> _Series:
    def coefficient(i: int) -> Fraction:
        return math.prod((exponent - j for j in range(i)), start=Fraction(1)) / math.factorial(i)

    def last(y: Interval, n: int) -> Interval:
        whole = from_rational(1, Level.EXACT) + y
        return power(whole, from_rational(exponent - n, Level.EXACT)) * from_rational(coefficient(n), Level.EXACT)

    return _Series(Fraction(1), coefficient, last)


def _log_series() -> _Series:
    slope = _power_series(Fraction(-1))
    return _Series(
        Fraction(1),
        lambda i: slope.coefficient(i - 1) / i if i else Fraction(0),
        lambda y, n: slope.last(y, n - 1) * from_rational(Fraction(1, n), Level.EXACT),
    )


def _turning_series(first: int) -> _Series:
    """The sine, or from its first derivative on the cosine."""

    def sign(i: int) -> int:
        return -1 if (i + first) % 4 > 1 else 1

    return _Series(
        Fraction(0),
        lambda i: Fraction(sign(i) * ((i + first) % 2), math.factorial(i)),
        lambda y, n: (
            (cos if (n + first) % 2 else sin)(y) * from_rational(Fraction(sign(n), math.factorial(n)), Level.EXACT)
        ),
    )


_SERIES: Mapping[str, _Series] = MappingProxyType(
    {
        "exp": _Series(
            Fraction(0),
            lambda i: Fraction(1, math.factorial(i)),
            lambda y, n: exp(y) * from_rational(Fraction(1, math.factorial(n)), Level.EXACT),
        ),
        "log": _log_series(),
        "sqrt": _power_series(Fraction(1, 2)),
        "sin": _turning_series(0),
        "cos": _turning_series(1),
    }
)
"""Of functions that statements know."""


@dataclass(frozen=True)
class ExpandedSides(LimitSigns[Forms]):
    """Sides of a statement at an edge, at Arb's precision in force."""

    def _excess(self, left: Expression, right: Expression, *, strict: bool) -> Fraction | None:
        whole = left - right
        # Where the edge is in the domain, what is divided by the radius has no form, and this is not asked.
        whole, powers = cleared(whole) if self._is_cleared else (whole, None)
        difference = self._split(whole)
        if not difference.limits:
            return Fraction(0) if hull(difference.rest).lower > 0 else None
        if self._is_positive(difference.limits[0], ">", None):
            if powers:  # It grows at the edge like a power of 1/r.
                return Fraction(0) if hull(self._lowered(difference, 0).rest).lower > 0 else None
            apart = self._apart(difference)
            # Else they are told apart on smaller cells, with a better bound of their distance.
            if apart is not None or hull(self.forms.form(difference.limits[0])).upper > _NEARLY:
                return apart
        for terms in range(1, len(difference.limits) + 1):
            edge = self._lowered(difference, terms)
            if self._is_not_negative(edge, strict=strict):
                least = to_enclosure(hull(self.forms.form(edge.limits[0]))).lower
                return Fraction(0 if powers else max(least, 0))
        holds = self._is_joint and self._is_positive_together(difference, strict=strict)
        return Fraction(0) if holds else None

    @property
    @abstractmethod
    def _variable(self) -> str:
        """What tends to the edge."""

    @property
    def _small(self) -> Set[str]:
        return {self._variable}

    @property
    @abstractmethod
    def _terms(self) -> int:
        """The number of exact terms of what is exact."""

    @property
    def _is_joint(self) -> bool:
        """Whether exact terms that are not all positive are looked at together."""
        return False

    @property
    @abstractmethod
    def _square(self) -> TaylorForm:
        """x."""

    @abstractmethod
    def _varies(self, expression: Expression) -> bool: ...

    @abstractmethod
    def _symbol(self) -> Edge: ...

    @abstractmethod
    def _quantity(self, call: Call) -> Edge: ...

    def _apart(self, difference: Edge) -> Fraction | None:
        """A lower bound of a difference that does not vanish at the edge, if its forms have none."""
        return None

    def _is_not_negative(self, edge: Edge, *, strict: bool) -> bool:
        least = hull(edge.rest).lower
        if not least >= 0:
            return False
        without_origin = least > 0 and self.is_open
        operators = [">" if strict and not without_origin else ">=", *[">="] * (len(edge.limits) - 1)]
        return all(self._is_positive(*each, self._assumptions) for each in zip(edge.limits, operators, strict=True))

    def _is_positive_together(self, edge: Edge, *, strict: bool) -> bool:
        """Whether all of it is positive, or not negative, by the exact terms and the least value of the rest."""
        zeros, least = edge.zeros, to_enclosure(hull(edge.rest)).lower
        if math.isinf(least) or (strict and zeros and not self.is_open):
            return False
        # In x itself, under the name of what tends to the edge.
        x = Symbol(self._variable)
        total: Expression = Number(Fraction(math.floor(least * _PARTS), _PARTS))
        for limit in reversed(edge.limits[zeros:]):
            total = limit + total * x
        whole, sides = self.forms.problem.question.spans, self.forms.cell.sides
        spans = {name: whole[name].part(*ends) for name, ends in sides.items() if name != self._variable}
        most = Fraction(to_enclosure(hull(self._square)).upper)
        spans[self._variable] = Span(Fraction(0), most, open_lower=self.is_open)
        comparison = Comparison((total, ZERO), (">" if strict else ">=",), ("sum", "0"))
        question = self._asked(comparison, spans, self._assumptions)
        problem = self.forms.problem
        finding = decide_exactly(question, problem.question.place(problem.case, self.forms.cell.centre))
        return finding is not None and finding.holds is True

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
        if expression.name in _SERIES:
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
        signs = hull(self._shifted(apart))
        if signs.lower >= 0 or signs.upper <= 0:
            return first if (signs.lower >= 0) == (name != "min") else second
        raise CannotAnswerError("sides of which now one and now the other is larger")

    def _exact(self, expression: Expression, power: int = 0) -> Edge:
        """An expression without the point, times x^power."""
        limits: list[Expression] = [ZERO] * self._terms
        if power >= len(limits):
            return Edge(tuple(limits), self._times(self.forms.form(expression), power - len(limits)))
        limits[power] = expression
        return Edge(tuple(limits), self._constant(0))

    def _power(self, base: Expression, exponent: Expression) -> Edge:
        if isinstance(exponent, Number) and exponent.value.denominator == 1 and exponent.value >= 0:
            return self._power_of(self._split(base), exponent.value)
        if base == ZERO:
            self._largest(self._split(exponent))
            return self._exact(ZERO)
        end, count = self._largest(self._split(base)), hull(self.forms.form(exponent))
        most = power(end, count)
        if count.lower > 0:
            return self._between(flint.arb(0), most.upper)
        return self._between(most.lower if count.upper < 0 else flint.arb(0), flint.arb.pos_inf())

    def _largest(self, edge: Edge) -> Interval:
        """The upper end of what is positive but where x = 0."""
        if not (edge.zeros and hull(self._shifted(edge)).lower > 0):
            raise CannotAnswerError("what is not seen to be positive but at the edge")
        end = hull(self._lowered(edge, 0).rest).upper
        return Interval(end, end, Level.CERTIFIED)

    def _between(self, lower: flint.arb, upper: flint.arb) -> Edge:
        return Edge((), constant(Interval(lower, upper, Level.CERTIFIED), self.forms.domain))

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
        return Edge(limits, left.rest + right.rest if name == "+" else left.rest - right.rest)

    def _combined(self, name: str, left: Expression, right: Expression) -> Expression:
        """The sum or difference of two limits; the number 0 where one is taken from the same one, however written."""
        limit = left + right if name == "+" else left - right
        if name != "-" or not isinstance(limit, Operation) or ZERO in (left, right) or not self._is_cleared:
            return limit
        values = hull(self.forms.form(limit))
        return ZERO if values.lower <= 0 <= values.upper and self._is_positive(limit, "==", ()) else limit

    @property
    def _is_cleared(self) -> bool:
        """Whether powers of the radius below fractions may be multiplied away, as the radius 0 is left out."""
        return self._variable == "radius" and self.is_open

    def _lowered(self, edge: Edge, terms: int) -> Edge:
        """The same with fewer exact terms."""
        while len(edge.limits) > terms:
            edge = Edge(edge.limits[:-1], self.forms.form(edge.limits[-1]) + self._square * edge.rest)
        return edge

    def _product(self, left: Edge, right: Edge) -> Edge:
        terms = min(len(left.limits) + right.zeros, len(right.limits) + left.zeros, self._terms)
        limits: list[Expression] = [ZERO] * terms
        rest = self._times(self._scaled(left.rest, right), len(left.limits) + right.zeros - terms)
        start = Edge(left.limits, self._constant(0))
        rest = rest + self._times(self._scaled(right.rest, start), len(right.limits) + left.zeros - terms)
        for i, first in enumerate(left.limits):
            for j, second in enumerate(right.limits):
                if ZERO in (first, second):
                    continue
                if i + j < terms:
                    limits[i + j] = limits[i + j] + first * second
                else:
                    rest = rest + self._times(self.forms.form(first) * self.forms.form(second), i + j - terms)
        return Edge(tuple(limits), rest)

    def _scaled(self, rest: TaylorForm, other: Edge) -> TaylorForm:
        """A rest times all of the other factor without its power of x."""
        return rest if all(map(is_rational_zero, rest.coefficients)) else rest * self._shifted(other)

    def _shifted(self, edge: Edge) -> TaylorForm:
        """All of it, divided by the power of x that is in it."""
        return self._lowered(Edge(edge.limits[edge.zeros :], edge.rest), 0).rest

    def _times(self, form: TaylorForm, power: int) -> TaylorForm:
        """Multiply by x^power."""
        for _ in range(power):
            form = form * self._square
        return form

    def _quotient(self, left: Edge, right: Edge) -> Edge:
        common = min(left.zeros, right.zeros)
        left, right = (Edge(edge.limits[common:], edge.rest) for edge in (left, right))
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
        quotient = Edge(tuple(found), self._constant(0))
        # Of what is left over all exact terms vanish.
        left_over = self._difference(left, self._product(quotient, right))
        return replace(quotient, rest=left_over.rest / self._shifted(right))

    def _image(self, name: str, edge: Edge) -> Edge:
        """A function of x^n g, by its series or, of logarithms and roots, by those of g over what g is at the edge."""
        series = _SERIES[name]
        if not series.at:
            return self._series(series, edge)
        if name == "log" and edge.zeros:
            return self._between(flint.arb.neg_inf(), log(self._largest(edge)).upper)
        if edge.zeros % 2 or edge.zeros == len(edge.limits):
            raise CannotAnswerError("a root of an odd power of what tends to the edge")
        start: Expression = edge.limits[edge.zeros]
        others: list[Expression] = [limit / start for limit in edge.limits[edge.zeros + 1 :]]
        ratio = Edge((ONE, *others), edge.rest / self.forms.form(start))
        image, found = self._exact(Operation(name, (start,)), edge.zeros // 2), self._series(series, ratio)
        return self._total(image, found) if name == "log" else self._product(image, found)

    def _series(self, series: _Series, edge: Edge) -> Edge:
        """f(c + y) = Σ_{i<n} a_iy^i + a y^n, with a the n-th Taylor coefficient between c and c + y."""
        at = Number(series.at)
        if not edge.limits or edge.limits[0] != at:
            raise CannotAnswerError(f"a function with other than {at.value} where the edge is")
        moved = replace(edge, limits=(ZERO, *edge.limits[1:]))
        whole = hull(self._lowered(moved, 0).rest)
        zero = from_rational(0, whole.level)
        between = Interval(minimum(whole, zero).lower, maximum(whole, zero).upper, whole.level)
        total, powers = self._exact(Number(series.coefficient(0))), self._exact(ONE)
        for i in range(1, self._terms):
            powers = self._product(powers, moved)
            total = self._total(total, self._product(self._exact(Number(series.coefficient(i))), powers))
        rest = Edge((), constant(series.last(between, self._terms), self.forms.domain))
        return self._total(total, self._product(self._product(powers, moved), rest))

    def _constant(self, value: int) -> TaylorForm:
        return constant(rational(value), self.forms.domain)
