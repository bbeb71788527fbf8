"""The DFT of weights that are expressions, in closed form.

With c_s = Σ_j π_j π_{j+s}, indices modulo k, |π̂_m|² = Σ_s c_s cos(2πms/k), in which s and k − s give the same terms.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from emtheory.reports.language.expression import Call, Comparison, Expression, Number, Operation, Symbol
from emtheory.reports.language.family import CLOSED_FORMS

MAX_COMPONENTS = 12
"""A choice: the sums have k² terms, and the degrees of what decides them grow with that of the cosines."""


def in_weights(comparison: Comparison, weights: Sequence[Expression], k: int) -> Comparison:
    """Return a statement with the quantities of `CLOSED_FORMS` written in the weights, unless these are too many."""

    def closed(expression: Expression) -> Expression:
        match expression:
            case Operation("**", (Call("dft_modulus") as call, Number(Fraction(numerator=2, denominator=1)))):
                return _squared_modulus(weights, _frequency(call))
            case Operation():
                return replace(expression, operands=tuple(map(closed, expression.operands)))
            case Call("dft_modulus"):
                return Operation("sqrt", (_squared_modulus(weights, _frequency(expression)),))
            case Call() if expression.quantity in CLOSED_FORMS:
                moduli = [_squared_modulus(weights, _number(m)) for m in range(1, k // 2 + 1)]
                if expression.quantity == "spectral_gap":
                    return _extreme("min", moduli)
                return _extreme("max", [Operation("-", (_number(1), modulus)) for modulus in moduli])
        return expression

    if k > MAX_COMPONENTS:
        return comparison
    return replace(comparison, operands=tuple(map(closed, comparison.operands)))


def _extreme(name: str, values: Sequence[Expression]) -> Expression:
    return Operation(name, tuple(values)) if len(values) > 1 else values[0]


def _frequency(call: Call) -> Expression:
    return dict(call.arguments)["m"]


def _squared_modulus(weights: Sequence[Expression], frequency: Expression) -> Expression:
    k = len(weights)
    terms: list[Expression] = []
    for shift in range(k // 2 + 1):
        products = [Operation("*", (weights[j], weights[(j + shift) % k])) for j in range(k)]
        correlation = _sum(products)
        turn = Operation("*", (_number(Fraction(2 * shift, k)), Operation("*", (frequency, Symbol("pi")))))
        count = 1 if 2 * shift in (0, k) else 2
        terms.append(Operation("*", (Operation("*", (_number(count), Operation("cos", (turn,)))), correlation)))
    return _sum(terms)


def _sum(terms: Sequence[Expression]) -> Expression:
    """Summed by halves, so that operations are not nested deeply."""
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return Operation("+", (_sum(terms[:half]), _sum(terms[half:])))


def _number(value: int | Fraction) -> Number:
    return Number(Fraction(value))
