"""The DFT of a weight family with a free parameter, in closed form: an expression in the parameter.

Of the families, `one-heavy:W` and `difference-set:W` put the weight W evenly on n components D and the rest evenly on
the others. With a = W/n and b = (1 − W)/(k − n) the weights are b + (a − b)·1_D, so for m ≠ 0

    π̂_m = (a − b) D̂_m,   a − b = (kW − n)/(n(k − n)),   |D̂_m|² = n − n(n − 1)/(k − 1) = n(k − n)/(k − 1),

the last because every non-zero residue is n(n − 1)/(k − 1) times a difference of elements of D (for n = 1 never). So
|π̂_m|² = (kW − n)²/(n(k − n)(k − 1)) for every m ≠ 0. For `geometric:Q` the sum is a geometric one: with
ω = e^{2πi/k}, π̂_m = (1 − Q)/(1 − Qω^m) and |π̂_m|² = (1 − Q)²/(1 − 2Q cos(2πm/k) + Q²), smallest at m = ⌊k/2⌋ since
the cosine is smallest there.
"""

from collections.abc import Collection
from fractions import Fraction
from functools import reduce
from operator import add

from emtheory.numerics.weights import difference_set
from emtheory.reports.language.expression import ONE, TWO, Call, Comparison, Expression, Number, Operation, Symbol

CLOSED_FORMS = ("dft_modulus", "spectral_gap", "contraction_factor")
"""The quantities that follow from the DFT of the weights."""

FAMILIES = ("one-heavy", "difference-set", "geometric")
"""The families with a parameter."""


def family_weights(family: str, parameter: str, k: int) -> tuple[Expression, ...]:
    """Return the weights of a family as expressions in its parameter."""
    variable = Symbol(parameter)
    if family == "geometric":
        powers = [variable**j if j else ONE for j in range(k)]
        total = reduce(add, powers)
        return tuple(power / total for power in powers)
    members = _special_components(family, k)
    return tuple(variable / len(members) if j in members else (ONE - variable) / (k - len(members)) for j in range(k))


def in_parameter(comparison: Comparison, family: str, parameter: str, k: int) -> Comparison:
    """Return a statement with the quantities of `CLOSED_FORMS` written in the family's parameter."""

    def closed(expression: Expression) -> Expression | None:
        match expression:
            case Operation("**", (Call("dft_modulus") as call, power)) if power == TWO:
                # Rational in the parameter, though the modulus itself may not be.
                return squared(call)
            case Call("dft_modulus"):
                numerator, square = _modulus(expression, family, Symbol(parameter), k)
                return Operation("abs", (numerator,)) / Operation("sqrt", (square,))
            case Call("spectral_gap"):
                return squared(expression)
            case Call("contraction_factor"):
                return ONE - squared(expression)
        return None

    def squared(call: Call) -> Expression:
        numerator, square = _modulus(call, family, Symbol(parameter), k)
        return numerator**2 / square

    return comparison.rewritten(closed)


def _modulus(call: Call, family: str, parameter: Symbol, k: int) -> tuple[Expression, Expression]:
    """Return expressions N and S with |π̂_m|² = N²/S, where m is ⌊k/2⌋ if the quantity has no such argument."""
    if family != "geometric":
        n = len(_special_components(family, k))
        return k * parameter - n, Number(Fraction(n * (k - n) * (k - 1)))
    frequency = dict(call.arguments).get("m", Number(Fraction(k // 2)))
    cosine = Operation("cos", (2 * frequency * Symbol("pi") / k,))
    return ONE - parameter, ONE - 2 * parameter * cosine + parameter**2


def _special_components(family: str, k: int) -> Collection[int]:
    return difference_set(k) if family == "difference-set" else frozenset({0})
