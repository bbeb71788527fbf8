"""The DFT of a weight family with a free parameter, in closed form: an expression in the parameter.

Of the families, `one-heavy:W` and `difference-set:W` put the weight W evenly on n components D and the rest evenly on
the others. With a = W/n and b = (1 − W)/(k − n) the weights are b + (a − b)·1_D, so for m ≠ 0

    π̂_m = (a − b) D̂_m,   a − b = (kW − n)/(n(k − n)),   |D̂_m|² = n − n(n − 1)/(k − 1) = n(k − n)/(k − 1),

the last because every non-zero residue is n(n − 1)/(k − 1) times a difference of elements of D (for n = 1 never). So
|π̂_m|² = (kW − n)²/(n(k − n)(k − 1)) for every m ≠ 0. For `geometric:Q` the sum is a geometric one: with
ω = e^{2πi/k}, π̂_m = (1 − Q)/(1 − Qω^m) and |π̂_m|² = (1 − Q)²/(1 − 2Q cos(2πm/k) + Q²), smallest at m = ⌊k/2⌋ since
the cosine is smallest there.
"""

from dataclasses import replace
from fractions import Fraction

from emtheory.numerics.weights import difference_set
from emtheory.reports.language.expression import Call, Comparison, Expression, Number, Operation, Symbol

CLOSED_FORMS = ("dft_modulus", "spectral_gap", "contraction_factor")
"""The quantities that follow from the DFT of the weights."""

FAMILIES = ("one-heavy", "difference-set", "geometric")
"""The families with a parameter."""


def special_value(family: str, k: int) -> Fraction:
    """Return the value of the parameter at which the weights are uniform, and the DFT vanishes."""
    return Fraction(1) if family == "geometric" else Fraction(_special_components(family, k), k)


def in_parameter(comparison: Comparison, family: str, parameter: str, k: int) -> Comparison:
    """Return a statement with the quantities of `CLOSED_FORMS` written in the family's parameter."""

    def closed(expression: Expression) -> Expression:
        match expression:
            case Operation("**", (Call("dft_modulus") as call, Number(Fraction(numerator=2, denominator=1)))):
                # Rational in the parameter, though the modulus itself may not be.
                return _squared_modulus(call, family, parameter, k)
            case Operation():
                return replace(expression, operands=tuple(map(closed, expression.operands)))
            case Call() if expression.quantity in CLOSED_FORMS:
                return _closed_form(expression, family, parameter, k)
        return expression

    return replace(comparison, operands=tuple(map(closed, comparison.operands)))


def _closed_form(call: Call, family: str, parameter: str, k: int) -> Expression:
    if call.quantity == "dft_modulus":
        numerator, square = _modulus(call, family, parameter, k)
        return Operation("/", (Operation("abs", (numerator,)), Operation("sqrt", (square,))))
    gap = _squared_modulus(call, family, parameter, k)
    return gap if call.quantity == "spectral_gap" else Operation("-", (_number(1), gap))


def _squared_modulus(call: Call, family: str, parameter: str, k: int) -> Expression:
    numerator, square = _modulus(call, family, parameter, k)
    return Operation("/", (_power(numerator, 2), square))


def _modulus(call: Call, family: str, name: str, k: int) -> tuple[Expression, Expression]:
    """Return expressions N and S with |π̂_m|² = N²/S, where m is ⌊k/2⌋ if the quantity has no such argument."""
    parameter, frequency = Symbol(name), dict(call.arguments).get("m", _number(k // 2))
    if family != "geometric":
        n = _special_components(family, k)
        difference = Operation("-", (Operation("*", (_number(k), parameter)), _number(n)))
        return difference, _number(n * (k - n) * (k - 1))
    turn = Operation("/", (Operation("*", (Operation("*", (_number(2), frequency)), Symbol("pi"))), _number(k)))
    cosine = Operation("*", (Operation("*", (_number(2), parameter)), Operation("cos", (turn,))))
    square = Operation("+", (Operation("-", (_number(1), cosine)), _power(parameter, 2)))
    return Operation("-", (_number(1), parameter)), square


def _special_components(family: str, k: int) -> int:
    return len(difference_set(k)) if family == "difference-set" else 1


def _power(base: Expression, exponent: int) -> Operation:
    return Operation("**", (base, _number(exponent)))


def _number(value: int) -> Number:
    return Number(Fraction(value))
