"""Weights that vary, as expressions in variables, and the log-ratios that the posterior depends on."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.weights import difference_set
from emtheory.reports.language.expression import Expression, Number, Operation, Symbol
from emtheory.reports.language.varying_weights import FamilyWeights, VaryingWeights


@dataclass(frozen=True)
class WeightChart:
    """Weights as expressions of variables, and log π_j = Σ_i exponents[j][i]·ratios[i] + the same for all j."""

    weights: tuple[Expression, ...]
    ratios: tuple[Expression, ...]
    exponents: tuple[tuple[int, ...], ...]


def chart_of(weights: VaryingWeights, k: int) -> WeightChart:
    """Return the chart of weights that vary, of k components."""
    if isinstance(weights, FamilyWeights):
        return _chart_of_family(weights.family, weights.parameter, k)
    return _chart_of_expressions(weights.expressions)


def _chart_of_expressions(weights: Sequence[Expression]) -> WeightChart:
    """Return the ratios of the different weights to the first: components with the same expression go together."""
    first, *others = dict.fromkeys(weights)
    ratios = tuple(_log_ratio(other, first) for other in others)
    exponents = tuple(tuple(int(weight == other) for other in others) for weight in weights)
    return WeightChart(tuple(weights), ratios, exponents)


def _chart_of_family(family: str, parameter: str, k: int) -> WeightChart:
    """Return the chart of ``one-heavy``, ``difference-set`` or ``geometric`` weights with a parameter."""
    variable = Symbol(parameter)
    if family == "geometric":
        powers = [_operation("**", variable, _number(j)) for j in range(k)]
        total = powers[0]
        for power in powers[1:]:
            total = _operation("+", total, power)
        weights = tuple(_operation("/", power, total) for power in powers)
        return WeightChart(weights, (_operation("log", variable),), tuple((j,) for j in range(k)))
    members = difference_set(k) if family == "difference-set" else frozenset({0})
    inside = _operation("/", variable, _number(len(members)))
    outside = _operation("/", _operation("-", _number(1), variable), _number(k - len(members)))
    return _chart_of_expressions([inside if j in members else outside for j in range(k)])


def _log_ratio(numerator: Expression, denominator: Expression) -> Expression:
    return _operation("log", _operation("/", numerator, denominator))


def _operation(name: str, *operands: Expression) -> Operation:
    return Operation(name, operands)


def _number(value: int) -> Number:
    return Number(Fraction(value))
