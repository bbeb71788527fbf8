"""How far EM's map on a sample may be from the population's on an interval, uniformly, with a probability 1 − δ.

M = E[n]/E[d] with n = Σ_j γ_j n_j(X), so that M_n − M is the mean of g = n − M(θ)d over the mean of d. g is bounded by
a polynomial P in |x|, its slope in θ by another one, G: deviations at the points of a grid are bounded by Bernstein's
inequality for what P does not make too large, those between by G times the distance (derivation `model-deviation`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import combinations, pairwise
from typing import Any

import flint
import sympy

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.errors import CannotAnswerError, InputError, OutOfReachError
from emtheory.numerics.expectation.polynomials import multiplied
from emtheory.numerics.expectation.program import BALLS, Arithmetic, compiled
from emtheory.numerics.models.targets import Target, target_of
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.mixtures.quotient_step import Polynomial, coefficients, mean_product, quotient_step

Exponents = tuple[int, ...]
Majorant = Mapping[Exponents, Any]
"""Exponents → coefficient of a polynomial in the moduli of the coordinates."""
Norms = Mapping[int, Any]
"""q → the q-th root of E P^q, at most."""

_CELLS = {1: 64, 2: 16, 3: 16, 4: 16}
"""Coordinates → cells of the interval, at whose centres means are computed; a choice."""
_ORDERS = (4, 8, 16)
"""q of the moments by which what is large is cut off."""
_FINEST = 30
"""Grids with 2^0, 2^1, …, 2^29 points in each cell are tried."""
_BITS = 64
"""Precision with which it is seen that slopes of log-ratios do not turn."""
_MEAN, _CUT, _SLOPES_CUT, _SLOPES = Fraction(3, 4), Fraction(1, 8), Fraction(1, 16), Fraction(1, 16)
"""Parts of the probability: the deviations on the grid, what is cut off, and of G the same two."""
_QUOTIENT = Fraction(3, 4)
"""The part of δ of g, where d is random, too."""


@dataclass(frozen=True)
class Evaluator:
    """A route's numbers.

    `arithmetic`: its operations; `at`: (a target, values of the parameters) ↦ the target's values; `largest`, `least`:
    of two numbers.
    """

    arithmetic: Arithmetic
    at: Callable[[Target, Mapping[str, Any]], Sequence[Any]]
    largest: Callable[[Any, Any], Any] = max
    least: Callable[[Any, Any], Any] = min

    def number(self, value: Fraction | int) -> Any:
        """Return a rational number."""
        return self.arithmetic.number(Fraction(value))

    def root(self, value: Any) -> Any:
        """Return a square root."""
        return self.arithmetic.functions["sqrt"](value)

    def sum(self, values: Iterable[Any]) -> Any:
        """Return a sum."""
        return sum(values, start=self.number(0))


def sample_deviation(
    model: MixtureModel,
    route: Evaluator,
    values: Mapping[str, Any],
    balls: Mapping[str, flint.arb],
    own: Mapping[str, Any],
) -> Any:
    """Return ε with |M_n(θ) − M(θ)| ≤ ε for all θ from low to high but with probability δ.

    OutOfReachError if the mean of d is not known to be positive on so few points.
    """
    low, high, n, delta = (own[name] for name in ("low", "high", "n", "delta"))
    if not all(isinstance(each, Fraction) for each in (low, high, n, delta)):
        raise CannotAnswerError("an argument of sample_deviation varies")
    if low >= high:
        raise InputError(f"low = {low} must be below high = {high}")
    step = quotient_step(model)
    (name,) = model.estimate
    cells = _CELLS[len(model.observed)]
    half = (high - low) / (2 * cells)
    centres = [low + (2 * i + 1) * half for i in range(cells)]
    moments = _Moments(model, route, values)
    slopes = _slopes(model, route, values, balls, [low + 2 * i * half for i in range(cells + 1)])
    sizes = [_majorant(route, values, parts) for parts in (step.numerator, step.denominator)]
    steep = [multiplied(_spread(route, values, parts), slopes) for parts in (step.numerator, step.denominator)]
    found = [route.at(_target(model), {**values, name: route.number(centre)}) for centre in centres]
    sign = route.number(1 if found[0][1] > 0 else -1)
    reach = [route.number(half) * moments.norm(each, 2) for each in steep]
    tops = [route.arithmetic.functions["Abs"](row[0]) + reach[0] for row in found]
    floors = [sign * row[1] - reach[1] for row in found]
    floor = reduce(route.least, floors)
    if not floor > 0:
        raise CannotAnswerError("the denominator of EM's map may vanish on the interval: take a shorter one")
    image = reduce(route.largest, (top / floor for top, floor in zip(tops, floors, strict=True)))
    turning = (moments.norm(steep[0], 2) + image * moments.norm(steep[1], 2)) / floor
    g = _plus(sizes[0], _scaled(image, sizes[1]), route)
    steep_g = _plus(_plus(steep[0], _scaled(image, steep[1]), route), _scaled(turning, sizes[1]), route)
    deviations = [route.root(route.largest(_square(row), route.number(0))) for row in found]
    random = any(any(e) for part in step.denominator for e in part) or bool(steep[1])
    bound = _Bound(route, moments, int(n), cells, half)
    share = delta * (_QUOTIENT if random else 1)
    error = bound.uniform(share, reduce(route.largest, deviations), g, steep_g)
    if random:
        spreads = [route.root(route.largest(row[4] - row[1] * row[1], route.number(0))) for row in found]
        floor = floor - bound.uniform(delta - share, reduce(route.largest, spreads), sizes[1], steep[1])
        if not floor > 0:
            raise OutOfReachError(f"n = {n} points are too few: the denominator of EM's map on them may vanish")
    return error / floor


def _square(row: Sequence[Any]) -> Any:
    """E g² at the centre of a cell: of the means of n, d, n², nd and d²."""
    n, d, nn, nd, dd = row
    image = n / d
    return nn - 2 * image * nd + image * image * dd


@lru_cache(maxsize=64)
def _target(model: MixtureModel) -> Target:
    step = quotient_step(model)
    n, d = step.numerator, step.denominator
    return target_of(model, *(mean_product(*each) for each in ((n,), (d,), (n, n), (n, d), (d, d))))


@dataclass(frozen=True)
class _Bound:
    """Deviations of means over a sample of n from those of the population, on all cells of one half width."""

    route: Evaluator
    moments: "_Moments"
    n: int
    cells: int
    half: Fraction

    def uniform(self, share: Fraction, deviation: Any, size: Majorant, steep: Majorant) -> Any:
        """Bound |mean of f − E f| for all θ but with a probability `share`.

        |f| ≤ `size`, |∂f| ≤ `steep`, and at the centres of cells the standard deviation is at most `deviation`.
        """
        route, n = self.route, self.route.number(self.n)
        cut = self._cut(size, _CUT * share)
        outside = route.number(_CUT * share) / n
        if not steep:
            points = [(self._logarithm(Fraction(2), share), route.number(0))]
        else:
            slope, own = self.moments.norm(steep, 2), self._cut(steep, _SLOPES_CUT * share)
            above = self._bernstein(
                slope * slope, own, route.arithmetic.functions["log"](route.number(1 / (_SLOPES * share)))
            )
            deviation = deviation + route.number(self.half) * slope
            points = [
                (
                    self._logarithm(Fraction(2 * self.cells * 2**j), share),
                    route.number(self.half / 2**j) * (2 * slope + above),
                )
                for j in range(_FINEST)
            ]
        second = self.moments.norm(size, 2)
        variance = deviation * deviation + second * second * outside
        errors = (self._bernstein(variance, cut + second, logarithm) + between for logarithm, between in points)
        return reduce(route.least, errors) + outside * cut

    def _logarithm(self, count: Fraction, share: Fraction) -> Any:
        return self.route.arithmetic.functions["log"](self.route.number(count / (_MEAN * share)))

    def _cut(self, size: Majorant, share: Fraction) -> Any:
        """B with P(P(X_i) > B for some i) ≤ share, by Markov's inequality for P^q."""
        found = []
        for q in _ORDERS:
            many = self.route.number(self.n / share)
            for _ in range(q.bit_length() - 1):
                many = self.route.root(many)
            found.append(many * self.moments.norm(size, q))
        return reduce(self.route.least, found)

    def _bernstein(self, variance: Any, largest: Any, logarithm: Any) -> Any:
        """ε with nε² = 2 log(1/P) (variance + largest ε/3)."""
        n, third = self.route.number(self.n), largest * logarithm / 3
        return (third + self.route.root(third * third + 2 * n * variance * logarithm)) / n


class _Moments:
    """Norms of polynomials in the moduli of the coordinates, by Minkowski's inequality from even moments."""

    def __init__(self, model: MixtureModel, route: Evaluator, values: Mapping[str, Any]) -> None:
        (name,) = model.estimate
        self._model, self._route = model, route
        self._known: dict[tuple[Exponents, int], Any] = {}
        # Posteriors have no part in them, so that any value of the estimated parameter will do.
        self._values = {**values, name: values.get(name, route.number(1) / 2)}

    def norm(self, polynomial: Majorant, q: int) -> Any:
        """Return a bound on the q-th root of E P^q, q a power of 2."""
        return self._route.sum(c * self._root(e, q) for e, c in polynomial.items())

    def _root(self, e: Exponents, q: int) -> Any:
        if not any(e):
            return self._route.number(1)
        if (e, q) not in self._known:
            mean = Mean(tuple(q * power for power in e), ())
            (value,) = self._route.at(target_of(self._model, mean.symbol), self._values)
            for _ in range(q.bit_length() - 1):
                value = self._route.root(value)
            self._known[e, q] = value
        return self._known[e, q]


def _majorant(route: Evaluator, values: Mapping[str, Any], parts: tuple[Polynomial, ...]) -> Majorant:
    """Σ_e max_j |c_{j, e}| |x|^e."""
    return {e: reduce(route.largest, _sizes(route, values, own)) for e, own in coefficients(parts).items()}


def _spread(route: Evaluator, values: Mapping[str, Any], parts: tuple[Polynomial, ...]) -> Majorant:
    """Σ_e max_{i, j} |c_{i, e} − c_{j, e}| |x|^e/4; nothing where all are alike."""
    found = {}
    for e, own in coefficients(parts).items():
        apart = [a - b for a, b in combinations(own, 2) if a != b]
        if apart:
            found[e] = reduce(route.largest, _sizes(route, values, apart)) / 4
    return found


def _sizes(route: Evaluator, values: Mapping[str, Any], expressions: Sequence[sympy.Expr]) -> list[Any]:
    return [route.arithmetic.functions["Abs"](each) for each in compiled(expressions)(values, route.arithmetic)]


def _slopes(
    model: MixtureModel,
    route: Evaluator,
    values: Mapping[str, Any],
    balls: Mapping[str, flint.arb],
    walls: list[Fraction],
) -> Majorant:
    """Bounds on the coefficients of all ∂(l_i − l_j): the largest at the walls of cells, if they rise or fall between.

    Of a cell where one may turn the ball counts as well.
    """
    (name,), found = model.estimate, {}
    for e, own in coefficients(quotient_step(model).slopes).items():
        program = compiled([*own, *(sympy.diff(each, name) for each in own)])
        with arb_precision(_BITS):
            turning = flint.arb(0)
            for low, high in pairwise(walls):
                cell = flint.arb(to_fmpq(low)).union(flint.arb(to_fmpq(high)))
                rows = program({**balls, name: cell}, BALLS)
                for value, slope in zip(rows[: len(own)], rows[len(own) :], strict=True):
                    if not value.is_finite():
                        raise CannotAnswerError(f"the interval of {name} is not inside its domain")
                    turning = turning if slope >= 0 or slope <= 0 else turning.max(abs(value))
            top = turning.upper().fmpq()
        if any(each != 0 for each in own):
            sizes = [size for wall in walls for size in _sizes(route, {**values, name: route.number(wall)}, own)]
            found[e] = reduce(route.largest, sizes, route.number(Fraction(int(top.p), int(top.q))))
    return found


def _plus(left: Majorant, right: Majorant, route: Evaluator) -> Majorant:
    return {e: left.get(e, route.number(0)) + right.get(e, route.number(0)) for e in {**left, **right}}


def _scaled(factor: Any, polynomial: Majorant) -> Majorant:
    return {e: factor * c for e, c in polynomial.items()}
