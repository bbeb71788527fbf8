"""Quantities of the weights alone beside those at a point: what they are of two or three weights, as expressions."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from emtheory.reports.language.expression import Call, Comparison, Expression, Number, Operation

QUANTITIES = frozenset({"dft_modulus", "spectral_gap", "contraction_factor"})
"""Of two and of three components: there is one frequency, up to reflection."""

_ONE, _TWO = (Number(Fraction(value)) for value in (1, 2))


def written_out(comparison: Comparison, weights: Sequence[Expression]) -> Comparison:
    """Return a statement with the quantities of two or three weights written out."""
    operands = tuple(_written_out(operand, weights) for operand in comparison.operands)
    return Comparison(operands, comparison.operators, comparison.texts)


def _written_out(expression: Expression, weights: Sequence[Expression]) -> Expression:
    match expression:
        case Operation(_, operands):
            return replace(expression, operands=tuple(_written_out(operand, weights) for operand in operands))
        case Call("dft_modulus"):
            return Operation("sqrt", (_gap(weights),))
        case Call("spectral_gap"):
            return _gap(weights)
        case Call("contraction_factor"):
            return Operation("-", (_ONE, _gap(weights)))
    return expression


def _gap(weights: Sequence[Expression]) -> Expression:
    """Return |π̂_1|²: (w − v)² for two weights, (u − v)(u − w) + (v − w)² for three."""
    if len(weights) == 2:
        return Operation("**", (Operation("-", tuple(weights)), _TWO))
    first, second, third = weights
    apart = Operation("**", (Operation("-", (second, third)), _TWO))
    sides = [Operation("-", (first, other)) for other in (second, third)]
    return Operation("+", (Operation("*", tuple(sides)), apart))
