"""Weights that vary, as expressions in variables, and the log-ratios that the posterior depends on."""

from dataclasses import dataclass

from emtheory.reports.language.expression import Expression, Operation, Symbol
from emtheory.reports.language.varying_weights import FamilyWeights, VaryingWeights


@dataclass(frozen=True)
class WeightChart:
    """Weights as expressions of variables, and log π_j = Σ_i exponents[j][i]·ratios[i] + the same for all j."""

    weights: tuple[Expression, ...]
    ratios: tuple[Expression, ...]
    exponents: tuple[tuple[int, ...], ...]


def chart_of(weights: VaryingWeights, k: int) -> WeightChart:
    """Return the chart of weights that vary: the ratio of geometric ones, else of the different ones to the first."""
    written = weights.written(k)
    if isinstance(weights, FamilyWeights) and weights.family == "geometric":
        ratio = Operation("log", (Symbol(weights.parameter),))
        return WeightChart(written, (ratio,), tuple((j,) for j in range(k)))
    first, *others = dict.fromkeys(written)
    ratios = tuple(Operation("log", (other / first,)) for other in others)
    return WeightChart(written, ratios, tuple(tuple(int(weight == other) for other in others) for weight in written))
