"""Quantities of the weights alone beside those at a point: what they are of two or three weights, as expressions."""

from collections.abc import Sequence

from emtheory.reports.language.expression import ONE, Call, Comparison, Expression, Operation

QUANTITIES = frozenset({"dft_modulus", "spectral_gap", "contraction_factor"})
"""Of two and of three components: there is one frequency, up to reflection."""


def written_out(comparison: Comparison, weights: Sequence[Expression]) -> Comparison:
    """Return a statement with the quantities of two or three weights written out."""

    def value(expression: Expression) -> Expression | None:
        match expression:
            case Call("dft_modulus"):
                return Operation("sqrt", (_gap(weights),))
            case Call("spectral_gap"):
                return _gap(weights)
            case Call("contraction_factor"):
                return ONE - _gap(weights)
        return None

    return comparison.rewritten(value)


def _gap(weights: Sequence[Expression]) -> Expression:
    """Return |π̂_1|²: (w − v)² for two weights, (u − v)(u − w) + (v − w)² for three."""
    first, second, *others = weights
    if not others:
        return (first - second) ** 2
    return (first - second) * (first - others[0]) + (second - others[0]) ** 2
