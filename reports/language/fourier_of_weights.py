"""The DFT of weights that are expressions, in closed form.

With c_s = Σ_j π_j π_{j+s}, indices modulo k, |π̂_m|² = Σ_s c_s cos(2πms/k), in which s and k − s give the same terms.
"""

from collections.abc import Sequence
from fractions import Fraction

from emtheory.reports.language.expression import ONE, TWO, Call, Comparison, Expression, Number, Operation, Symbol

MAX_COMPONENTS = 12
"""A choice: the sums have k² terms, and the degrees of what decides them grow with that of the cosines."""


def in_weights(comparison: Comparison, weights: Sequence[Expression], k: int) -> Comparison:
    """Return a statement with the quantities of `CLOSED_FORMS` written in the weights, unless these are too many."""

    def closed(expression: Expression) -> Expression | None:
        match expression:
            case Operation("**", (Call("dft_modulus") as call, power)) if power == TWO:
                return _squared_modulus(weights, dict(call.arguments)["m"])
            case Call("dft_modulus"):
                return Operation("sqrt", (_squared_modulus(weights, dict(expression.arguments)["m"]),))
            case Call("spectral_gap" | "contraction_factor" as name):
                moduli = [_squared_modulus(weights, Number(Fraction(m))) for m in range(1, k // 2 + 1)]
                if name == "spectral_gap":
                    return _extreme("min", moduli)
                return _extreme("max", [ONE - modulus for modulus in moduli])
        return None

    return comparison if k > MAX_COMPONENTS else comparison.rewritten(closed)


def _extreme(name: str, values: Sequence[Expression]) -> Expression:
    return Operation(name, tuple(values)) if len(values) > 1 else values[0]


def _squared_modulus(weights: Sequence[Expression], frequency: Expression) -> Expression:
    k = len(weights)
    terms: list[Expression] = []
    for shift in range(k // 2 + 1):
        correlation = _sum([weights[j] * weights[(j + shift) % k] for j in range(k)])
        turn = Fraction(2 * shift, k) * frequency * Symbol("pi")
        terms.append((1 if 2 * shift in (0, k) else 2) * Operation("cos", (turn,)) * correlation)
    return _sum(terms)


def _sum(terms: Sequence[Expression]) -> Expression:
    """Summed by halves, so that operations are not nested deeply."""
    half = len(terms) // 2
    return _sum(terms[:half]) + _sum(terms[half:]) if half else terms[0]
