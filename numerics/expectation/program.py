"""Expressions of SymPy as straight-line programs, with values in any arithmetic: balls, slopes, mpmath, doubles.

Slopes are those of balls with derivatives in several variables: what follows from them by arithmetic has its
derivatives, too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import sympy

from emtheory.numerics.arithmetic.arb import power, sign_over, to_arb
from emtheory.numerics.arithmetic.constant import Constant, Real


@dataclass(frozen=True)
class Arithmetic:
    """What a program needs besides + − * /.

    `number`: Fraction ↦ the number; `pi`: ↦ π; `power`: (base, positive integer) ↦ the power; `functions`: name of a
    function of SymPy, such as ``exp``, or ``sqrt`` → function of one number; `positive`: a parameter that is positive ↦
    what is at least 0 of its ball, which reaches beyond where it ends at 0.
    """

    number: Callable[[Fraction], Any]
    pi: Callable[[], Any]
    power: Callable[[Any, int], Any]
    functions: Mapping[str, Callable[[Any], Any]]
    positive: Callable[[Any], Any] = lambda x: x


BALLS = Arithmetic(
    number=to_arb,
    pi=flint.arb.pi,
    power=power,
    functions={
        "exp": flint.arb.exp,
        "log": flint.arb.log,
        "sqrt": flint.arb.sqrt,
        "cos": flint.arb.cos,
        "sin": flint.arb.sin,
        "erf": flint.arb.erf,
        "Abs": abs,
        "sign": sign_over,
    },
    positive=flint.arb.nonnegative_part,
)

Instruction = tuple[str, tuple[Any, ...]]
"""An operation and its operands: numbers of earlier instructions, but for constants and names."""


@dataclass(frozen=True)
class Program:
    """Values of expressions, one operation after the other.

    `instructions`: in order; `outputs`: which of them are the values; `names`: the symbols that have to be given
    values.
    """

    instructions: tuple[Instruction, ...]
    outputs: tuple[int, ...]
    names: tuple[str, ...]

    def __call__(self, values: Mapping[str, Any], arithmetic: Arithmetic = BALLS) -> list[Any]:
        """Return the values of the expressions."""
        found: list[Any] = []
        for name, operands in self.instructions:
            match name:
                case "symbol":
                    value = values[operands[0]]
                case "number":
                    value = arithmetic.number(operands[0])
                case "pi":
                    value = arithmetic.pi()
                case "add":
                    value = found[operands[0]] + found[operands[1]]
                case "mul":
                    value = found[operands[0]] * found[operands[1]]
                case "power":
                    value = arithmetic.power(found[operands[0]], operands[1])
                case "inverse":
                    value = arithmetic.number(Fraction(1)) / found[operands[0]]
                case "positive":
                    value = arithmetic.positive(found[operands[0]])
                case _:
                    value = arithmetic.functions[name](found[operands[0]])
            found.append(value)
        return [found[index] for index in self.outputs]


def compiled(expressions: Sequence[sympy.Expr]) -> Program:
    """Return the program of some expressions, in which what they have in common is computed once.

    `expressions`: made of rational numbers, π, symbols, sums, products, powers with rational exponents and the
    functions of `BALLS`. ValueError if something else stands in one.
    """
    places: dict[Any, int] = {}
    instructions: list[Instruction] = []

    def emit(name: str, *operands: Any) -> int:
        key = (name, operands)
        if key not in places:
            places[key] = len(instructions)
            instructions.append(key)
        return places[key]

    def chain(name: str, parts: Sequence[sympy.Expr]) -> int:
        first, *others = map(visit, parts)
        for other in others:
            first = emit(name, first, other)
        return first

    def visit(expression: sympy.Expr) -> int:  # noqa: PLR0911  # A kind of expression a line.
        if expression.is_Rational:
            return emit("number", Fraction(int(expression.p), int(expression.q)))
        if expression.is_Symbol:
            return emit("symbol", expression.name)
        if expression is sympy.pi:
            return emit("pi")
        if expression is sympy.E:
            return emit("exp", emit("number", Fraction(1)))
        if expression.is_Add or expression.is_Mul:
            return chain("add" if expression.is_Add else "mul", expression.args)
        if isinstance(expression, sympy.Pow):
            return raised(*expression.as_base_exp())
        if expression.is_Function and type(expression).__name__ in BALLS.functions:
            return emit(type(expression).__name__, visit(expression.args[0]))
        raise ValueError(f"{type(expression).__name__} has no enclosure")

    def raised(base: sympy.Expr, exponent: sympy.Expr) -> int:
        if exponent.could_extract_minus_sign():
            return emit("inverse", raised(base, -exponent))
        if exponent.is_Integer:
            place = visit(base)
            return place if exponent == 1 else emit("power", place, int(exponent))
        if exponent.is_Rational and not exponent.q & (exponent.q - 1):
            inner, is_root = raised(base, sympy.Rational(2, exponent.q)), exponent.q > 2
            is_positive = is_root or (base.is_Symbol and base.is_positive)
            root = emit("sqrt", emit("positive", inner) if is_positive else inner)
            return root if exponent.p == 1 else emit("power", root, int(exponent.p))
        return emit("exp", emit("mul", visit(exponent), emit("log", visit(base))))

    outputs = tuple(visit(expression) for expression in expressions)
    names = tuple(operands[0] for name, operands in instructions if name == "symbol")
    return Program(tuple(instructions), outputs, names)


def numbers_of(values: Mapping[str, Real], arithmetic: Arithmetic = BALLS) -> dict[str, Any]:
    """Return the numbers of an arithmetic that parameters are: fractions, and formulas such as √2."""
    return {
        name: compiled((value.expression,))({}, arithmetic)[0]
        if isinstance(value, Constant)
        else arithmetic.number(value)
        for name, value in values.items()
    }


@dataclass(frozen=True)
class Dual:
    """A number and its derivatives, all over a box.

    `value`, `slopes`: enclosures of the values and of each derivative on the box.
    """

    value: flint.arb
    slopes: tuple[flint.arb, ...]

    def __add__(self, other: "Dual") -> "Dual":
        return Dual(self.value + other.value, tuple(a + b for a, b in zip(self.slopes, other.slopes, strict=True)))

    def __neg__(self) -> "Dual":
        return Dual(-self.value, tuple(-slope for slope in self.slopes))

    def __sub__(self, other: "Dual") -> "Dual":
        return Dual(self.value - other.value, tuple(a - b for a, b in zip(self.slopes, other.slopes, strict=True)))

    def __mul__(self, other: "Dual") -> "Dual":
        pairs = zip(self.slopes, other.slopes, strict=True)
        return Dual(self.value * other.value, tuple(a * other.value + self.value * b for a, b in pairs))

    def __truediv__(self, other: "Dual") -> "Dual":
        value = self.value / other.value
        pairs = zip(self.slopes, other.slopes, strict=True)
        return Dual(value, tuple((a - value * b) / other.value for a, b in pairs))

    def chained(self, value: flint.arb, slope: flint.arb) -> "Dual":
        """Return a function of the number, by its value and its derivative there, which a constant does not need."""
        return Dual(value, tuple(each if each.is_zero() else slope * each for each in self.slopes))


def constant(value: flint.arb, count: int) -> Dual:
    """Return a number that does not vary."""
    return Dual(value, (flint.arb(0),) * count)


def variables(values: Mapping[str, flint.arb], moving: Sequence[str]) -> Mapping[str, Dual]:
    """Return numbers of which some are the variables."""
    return {
        name: Dual(value, tuple(flint.arb(int(name == other)) for other in moving)) for name, value in values.items()
    }


def dual_arithmetic(count: int) -> Arithmetic:
    """Return the arithmetic of such numbers."""
    functions: Mapping[str, Callable[[Dual], Dual]] = {
        "exp": lambda x: x.chained(x.value.exp(), x.value.exp()),
        "log": lambda x: x.chained(x.value.log(), 1 / x.value),
        "sqrt": lambda x: x.chained(x.value.sqrt(), 1 / (2 * x.value.sqrt())),
        "cos": lambda x: x.chained(x.value.cos(), -x.value.sin()),
        "sin": lambda x: x.chained(x.value.sin(), x.value.cos()),
        "erf": lambda x: x.chained(x.value.erf(), 2 * (-x.value * x.value).exp() / flint.arb.pi().sqrt()),
        "Abs": lambda x: x.chained(abs(x.value), sign_over(x.value)),
        "sign": lambda x: x.chained(
            sign_over(x.value), flint.arb(0, flint.arb.pos_inf() if x.value.contains(0) else 0)
        ),
    }
    return Arithmetic(
        number=lambda value: constant(to_arb(value), count),
        pi=lambda: constant(flint.arb.pi(), count),
        power=lambda x, n: x.chained(power(x.value, n), n * power(x.value, n - 1)),
        functions=functions,
        positive=lambda x: Dual(x.value.nonnegative_part(), x.slopes),
    )
