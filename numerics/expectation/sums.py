"""Means over Poisson and binomial data: sums over the integers in any arithmetic, cut where a proved bound is small.

|n^a γ^b| ≤ n^a, and |log Σ_j e^{l_j}| and log n! are at most a multiple of (1 + n)². The quotients of neighbours of
(1 + n)^a p(n) fall from the largest term on, so that beyond the cut the sum is at most the first term left out over 1
less the quotient there. A derivative in a parameter multiplies terms by at most a multiple of (1 + n) for each.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import product
from operator import add, mul
from typing import Any

import flint

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.program import BALLS, Arithmetic, Dual, Program, compiled, constant, dual_arithmetic
from emtheory.theory.mixtures.densities import log_components
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.model import BINOMIAL, POISSON, Distribution, MixtureModel

DISCRETE = (POISSON, BINOMIAL)
MAX_TERMS = 100_000
"""Of a component. A choice: some seconds."""
_POWERS = 4
"""Of (1 + n) beside n^a in what bounds are for: two of a logarithm, and two of derivatives of masses and posteriors."""


@dataclass(frozen=True)
class Sums:
    """A component of the data: its weight, its means, and E log Σ_j e^{l_j} with what depends on n alone."""

    weight: Any
    means: Mapping[Mean, Any]
    log: Any


@dataclass(frozen=True)
class Numbers:
    """An arithmetic in which sums are made.

    `arithmetic`: its functions; `value`: number ↦ a ball with its value, without derivatives; `lift`: ball ↦ the number
    that it is, which does not vary; `widened`: (number, bound) ↦ the number with an error of so much in its value and
    its derivatives.
    """

    arithmetic: Arithmetic
    value: Callable[[Any], flint.arb]
    lift: Callable[[flint.arb], Any]
    widened: Callable[[Any, flint.arb], Any]

    def number(self, value: int) -> Any:
        """An integer."""
        return self.arithmetic.number(Fraction(value))


BALLS_ALONE = Numbers(BALLS, lambda x: x, lambda x: x, lambda x, bound: x + flint.arb(0, 1) * bound)
"""Balls without derivatives."""


def with_derivatives(count: int) -> Numbers:
    """Return the arithmetic of balls with derivatives."""
    zero = flint.arb(0, 1)
    return Numbers(
        dual_arithmetic(count),
        lambda x: x.value,
        lambda ball: constant(ball, count),
        lambda x, bound: Dual(x.value + zero * bound, tuple(slope + zero * bound for slope in x.slopes)),
    )


def sums(
    model: MixtureModel, wanted: Sequence[Mean], values: Mapping[str, Any], numbers: Numbers, accuracy: float
) -> tuple[Sums, ...]:
    """Enclose means over each component of discrete data, at Arb's precision in force."""
    logs, laws = _programs(model)
    bases = tuple(each.laws for each in model.fit)
    found = iter(laws(values, numbers.arithmetic))
    result = []
    for component in model.data:
        weight = next(found)
        tables = []
        for s, law in enumerate(component.laws):
            arguments = [next(found) for _ in law.arguments]
            degree = max((mean.x[s] for mean in wanted), default=0) + _POWERS
            tables.append(_table(law.kind, arguments, numbers, accuracy, degree))
        result.append(_component(model, wanted, values, numbers, logs, bases, weight, tables))
    return tuple(result)


@lru_cache(maxsize=64)
def _programs(model: MixtureModel) -> tuple[Program, Program]:
    """The l_j in the parameters and the coordinates; and weights and arguments of the data."""
    parts = [part for each in model.data for part in (each.weight, *(a for law in each.laws for a in law.arguments))]
    return compiled(log_components(model)), compiled(parts)


@dataclass(frozen=True)
class _Table:
    """The masses p(0), p(1), … of a coordinate.

    `masses`: up to the cut; `beyond`, `whole`: bounds of Σ (1 + n)^a p(n) over what is beyond the cut, and over all n,
    for each a; `steep`: |∂ log p(n)| is at most this times 1 + n beyond the cut.
    """

    masses: list[Any]
    beyond: list[flint.arb]
    whole: list[flint.arb]
    steep: flint.arb


def _table(kind: str, arguments: Sequence[Any], numbers: Numbers, accuracy: float, degree: int) -> _Table:
    if kind == POISSON:
        return _poisson(arguments[0], numbers, accuracy, degree)
    count = int(float(numbers.value(arguments[0]).mid()))
    one, p = numbers.number(1), arguments[1]
    powers = [[one], [one]]
    for _ in range(count):
        powers[0].append(powers[0][-1] * p)
        powers[1].append(powers[1][-1] * (one - p))
    masses = [numbers.number(math.comb(count, n)) * powers[0][n] * powers[1][count - n] for n in range(count + 1)]
    return _Table(masses, [flint.arb(0)] * (degree + 1), _moments(masses, numbers, degree), flint.arb(0))


def _poisson(rate: Any, numbers: Numbers, accuracy: float, degree: int) -> _Table:
    largest = numbers.value(rate).upper()
    if not largest.is_finite():
        raise CannotAnswerError("the rate of the data is unbounded there")
    mass = numbers.arithmetic.functions["exp"](-rate)
    masses, bound, n = [mass], numbers.value(mass).upper(), 0
    while True:
        # The next term over this one, for the largest power, falls in n.
        quotient = largest / (n + 1) * (flint.arb(n + 2) / (n + 1)) ** degree
        if (
            n > 0
            and quotient < flint.arb(1) / 2
            and 2 * bound * quotient * flint.arb(n + 1) ** degree < (-flint.arb(accuracy)).exp()
        ):
            break
        n += 1
        if n > MAX_TERMS:
            raise CannotAnswerError(f"the sums would need more than {MAX_TERMS} terms")
        mass = mass * rate / numbers.number(n)
        bound = numbers.value(mass).upper()
        masses.append(mass)
    beyond = [(2 * bound * quotient * flint.arb(n + 1) ** a).upper() for a in range(degree + 1)]
    whole = [(a + b).upper() for a, b in zip(_moments(masses, numbers, degree), beyond, strict=True)]
    # ∂ log p(n) = (n/r − 1) ∂r.
    slopes = (abs(slope).upper() for slope in getattr(rate, "slopes", ()))
    steep = reduce(flint.arb.max, slopes, flint.arb(0)) * (1 + 1 / numbers.value(rate).lower())
    return _Table(masses, beyond, whole, steep.upper())


def _moments(masses: Sequence[Any], numbers: Numbers, degree: int) -> list[flint.arb]:
    sizes = [abs(numbers.value(mass)).upper() for mass in masses]
    return [sum((s * (n + 1) ** a for n, s in enumerate(sizes)), flint.arb(0)).upper() for a in range(degree + 1)]


def _component(
    model: MixtureModel,
    wanted: Sequence[Mean],
    values: Mapping[str, Any],
    numbers: Numbers,
    logs: Program,
    laws: Sequence[tuple[Distribution, ...]],
    weight: Any,
    tables: Sequence[_Table],
) -> Sums:
    """The sums over one component of the data, for posteriors of components with the given laws."""
    if math.prod(len(table.masses) for table in tables) > MAX_TERMS:
        raise CannotAnswerError(f"the sums would need more than {MAX_TERMS} terms")
    functions = numbers.arithmetic.functions
    zero = numbers.number(0)
    totals, log, steepest = dict.fromkeys(wanted, zero), zero, flint.arb(1)
    for place in product(*(range(len(table.masses)) for table in tables)):
        mass = reduce(mul, (table.masses[n] for table, n in zip(tables, place, strict=True)))
        at = {name: numbers.number(n) for name, n in zip(model.observed, place, strict=True)}
        plain = logs({**values, **at}, numbers.arithmetic)
        bases = [_base(own, place, flint.ctx.prec) for own in laws]
        terms = [None if b is None else log_j + numbers.lift(b) for log_j, b in zip(plain, bases, strict=True)]
        # The largest is taken out by value: exponentials of the others are at most about 1.
        top = max((term for term in terms if term is not None), key=lambda term: float(numbers.value(term).mid()))
        powers = [zero if term is None else functions["exp"](term - top) for term in terms]
        total = reduce(add, powers)
        for mean in wanted:
            power = math.prod(n**a for n, a in zip(place, mean.x, strict=True))
            if power:
                factors = (powers[j] / total for j in mean.posteriors)
                totals[mean] += reduce(mul, factors, mass * numbers.number(power))
        log += mass * (top + functions["log"](total))
        if max(place) <= 1:
            steepest = reduce(flint.arb.max, (_size(term, numbers) for term in plain), steepest)
    # l_j is affine in each n, so that it and its derivatives are at most 3 times the largest at 0 and 1, times 1 + n.
    # Logarithms of binomial coefficients are at most n log N, and N is at most 10,000.
    coefficients = 10 if any(law.kind == BINOMIAL for own in laws for law in own) else 1
    scale = 3 ** len(tables) * steepest * (len(logs.outputs) + 2) * coefficients
    scale *= reduce(mul, (1 + table.steep for table in tables))
    means = {mean: numbers.widened(t, scale**2 * _beyond(tables, mean.x)) for mean, t in totals.items()}
    return Sums(weight, means, numbers.widened(log, scale**2 * _beyond(tables, (0,) * len(tables))))


@lru_cache(maxsize=4096)
def _base(laws: tuple[Distribution, ...], place: tuple[int, ...], bits: int) -> flint.arb | None:
    """What log densities leave out, −log n! or the log of a binomial coefficient; None where the mass is 0."""
    total = flint.arb(0)
    for law, n in zip(laws, place, strict=True):
        if law.kind == POISSON:
            total -= flint.arb(n + 1).lgamma()
        elif n > (count := int(law.arguments[0])):
            return None
        else:
            total += flint.arb(math.comb(count, n)).log()
    return total


def _size(term: Any, numbers: Numbers) -> flint.arb:
    sizes = [abs(numbers.value(term)).upper(), *(abs(slope).upper() for slope in getattr(term, "slopes", ()))]
    largest: flint.arb = reduce(flint.arb.max, sizes)
    return largest


def _beyond(tables: Sequence[_Table], powers: Sequence[int]) -> flint.arb:
    """What is beyond the cut in some coordinate, of (1 + n)^a for powers with room for logarithms and derivatives."""
    total = flint.arb(0)
    for s in range(len(tables)):
        total += reduce(
            mul, ((table.beyond if t == s else table.whole)[powers[t] + _POWERS] for t, table in enumerate(tables))
        )
    return total.upper()
