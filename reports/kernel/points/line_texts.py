"""Two components on a line in Rocq: integrals whose bounds are guessed here, and proved by CoqInterval."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from emtheory.reports.kernel.points.cells import Box, Cell, Pair, Problem, weight_ends
from emtheory.reports.kernel.points.texts import Texts
from emtheory.reports.kernel.terms import number
from emtheory.reports.language.expression import Comparison, Expression, Number

REACH = 8
"""Integrals are proved between −8 and 8; what lies beyond is below 1e-14, and bounded by a lemma."""
TAIL = Fraction(1, 10**11)
"""More than what lies beyond `REACH`, 2(A/T + B) φ(T) with A = r²/2 and B = r at most, up to `MAX_RADIUS`."""
MAX_RADIUS = 100
"""Of what is exported: see `TAIL`."""

_SLACKS = Fraction(1, 2), Fraction(1, 4), *(Fraction(1, 10**n) for n in range(1, 9))
"""How much weaker than the guess a bound may be made: the weakest that suffices is the quickest to prove."""
_GRID: NDArray[np.float64] = np.linspace(-REACH, REACH, 1601)
"""Where integrands are looked at."""
_MASS = np.exp(-_GRID * _GRID / 2) * (_GRID[1] - _GRID[0]) / np.sqrt(2 * np.pi)


def power_range(odds: Pair, radius: Pair) -> Pair:
    """Guess the range of ∫ (1 − 2/(1 + q e^{2rx}))² φ(x) dx over q > 0 and r ≥ 0, each taken apart at every x."""
    least, most = _squares(odds, radius)
    return float((least * _MASS).sum()), float((most * _MASS).sum())


def curvature_range(odds: Pair, radius: Pair) -> Pair:
    """Guess the range of ∫ (1 − (1 − D²) x²) φ(x) dx with D² as in `power_range`, taken apart at every x."""
    low, high = (((1 - (1 - square) * _GRID**2) * _MASS).sum() for square in _squares(odds, radius))
    return float(low), float(high)


def _squares(odds: Pair, radius: Pair) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    exponents = 2 * np.outer(radius, _GRID)
    lowest, highest = odds[0] * np.exp(exponents.min(0)), odds[1] * np.exp(exponents.max(0))
    squares = np.square([1 - 2 / (1 + lowest), 1 - 2 / (1 + highest)])
    return np.where((lowest < 1) & (highest > 1), 0, squares.min(0)), squares.max(0)


def divergence_range(odds: Pair, radius: Pair) -> Pair:
    """Guess the range of ∫ (r²/2 − log(w e^{rx} + v e^{−rx})) φ(x) dx, q = w/v, every occurrence of r and w apart."""
    products = np.outer(radius, _GRID)
    low, high = products.min(0), products.max(0)
    first, second = [odd / (1 + odd) for odd in odds], [1 / (1 + odd) for odd in odds]
    least = first[0] * np.exp(low) + second[1] * np.exp(-high)
    most = first[1] * np.exp(high) + second[0] * np.exp(-low)
    squares = [end * end / 2 for end in radius]
    return float(((squares[0] - np.log(most)) * _MASS).sum()), float(((squares[1] - np.log(least)) * _MASS).sum())


@dataclass(frozen=True)
class _Quantity:
    """How a quantity is guessed; its lemma and its integrand in Rocq; whether that is about the odds, and its tail.

    `share`: halving a piece is worth more than a bound that is sharper than this share of its width.
    """

    range: Callable[[Pair, Pair], Pair]
    lemma: str
    of_odds: bool
    tail: str
    share: int = 8


RANGES: Mapping[str, _Quantity] = {
    "posterior_power": _Quantity(power_range, "power", True, "beyond {reach} 1 0"),
    "kl_divergence": _Quantity(divergence_range, "divergence", False, "beyond {reach} ({radius} ^ 2 / 2) {radius}"),
    "hessian_min_eigenvalue": _Quantity(curvature_range, "curvature", True, "beyond_square {reach}", share=1),
}
"""The quantities that are exported for two components."""


def line_problem(
    comparison: Comparison, quantities: Sequence[str], weight: Expression, symbols: Mapping[str, Fraction]
) -> Problem:
    """Return the problem of a statement about two components: quantities of `RANGES`, the weight of the first."""

    def guess(box: Box) -> dict[str, Pair]:
        low, high = weight_ends(weight, box, symbols)
        odds = (float(low / (1 - low)), float(high / (1 - high)))
        first, last = (symbols["radius"],) * 2 if "radius" in symbols else box["radius"]
        with np.errstate(over="ignore"):
            return {name: RANGES[name].range(odds, (float(first), float(last))) for name in quantities}

    share = min((RANGES[name].share for name in quantities), default=1)
    return Problem(comparison, symbols, guess, _SLACKS, share, TAIL)


class LineTexts(Texts):
    """What is written of a statement about two components."""

    symbols: Mapping[str, Fraction] = MappingProxyType({"k": Fraction(2), "d": Fraction(1)})
    definitions = "line_definitions"
    lemmas = ("line_lemmas",)

    def integrals(self, quantity: str) -> tuple[str, ...]:
        """Return the proposition that the integral that defines a quantity converges."""
        return (f"converges ({RANGES[quantity].lemma}_integrand {self.case_terms})",)

    def bound(self, quantity: str, cell: Cell) -> list[str]:
        """Return the steps that lead to bounds on one quantity."""
        what = RANGES[quantity]
        kind, (first, second), heavy = what.lemma, self.weights, self.expressions[0]
        odds = number(heavy.value / (1 - heavy.value)) if isinstance(heavy, Number) else f"(1 / (1 / {first} - 1))"
        low, high = cell.bounds[quantity]
        bits = max(30, cell.slack.denominator.bit_length() + 20)
        degree = 5 if cell.slack >= Fraction(1, 10**4) else 10  # of polynomials in an integral: more for sharper bounds
        terms = f"{odds} {self.radius}" if what.of_odds else self.case_terms
        extra = terms if what.of_odds else self.radius
        condition = f"{odds} * {second} = {first}" if what.of_odds else f"{first} + {second} = 1"
        radius = "" if what.of_odds else " ltac:(first [lra | interval])"
        tail = what.tail.format(reach=REACH, radius=self.radius)
        return [
            f"assert (I_{kind} : {number(low)} <= RInt ({kind}_form {terms}) (- {REACH}) {REACH} <= {number(high)})",
            f"  by (unfold {kind}_form; integral with (i_prec {bits}, i_fuel 2000, i_degree {degree})).",
            f"assert (T_{kind} : {tail} <= {number(TAIL)}) by (unfold beyond, beyond_square; interval).",
            f"assert (O_{kind} : {condition}) by first [field; lra | lra].",
            f"destruct ({kind}_bounds {first} {second} {extra} {REACH} _ _",
            f"  ltac:(lra) ltac:(lra) O_{kind}{radius} ltac:(lra) I_{kind}) as [C_{kind} B_{kind}].",
            f"assert (V_{kind} : {number(low - TAIL)} <= {quantity} {self.case_terms}",
            f"  <= {number(high + TAIL)}) by lra.",
            f"clear I_{kind} T_{kind} O_{kind} B_{kind}.",
        ]
