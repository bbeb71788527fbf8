"""One k of a statement on the Fourier transform of the weights, in Rocq and in SymPy, and what it depends on."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise

import sympy

from emtheory.numerics.case import Case
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.point import arguments_of
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.terms import conjunction, number, relations, term, variable, weight_expressions_of
from emtheory.reports.language.expression import Call, Expression, Number, Operation, Symbol, calls_of

Leaf = Callable[[Symbol | Call], sympy.Expr]

_OPERATIONS: dict[str, Callable[..., sympy.Expr]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "**": lambda left, right: left**right,
    "neg": lambda operand: -operand,
    "abs": sympy.Abs,
    "sqrt": sympy.sqrt,
    "log": sympy.log,
    "exp": sympy.exp,
    "cos": sympy.cos,
    "sin": sympy.sin,
    "min": sympy.Min,
    "max": sympy.Max,
}


def symbolic(expression: Expression, leaf: Leaf) -> sympy.Expr:
    """Return an expression in SymPy, where `leaf` gives the values of symbols other than pi, and of quantities."""
    match expression:
        case Number(value):
            return sympy.Rational(value.numerator, value.denominator)
        case Symbol("pi"):
            return sympy.pi
        case Symbol() | Call():
            return leaf(expression)
        case Operation(name, operands):
            return _OPERATIONS[name](*(symbolic(operand, leaf) for operand in operands))
    raise NotExportedError(f"{expression} has no form in Rocq")


def polynomial_term(polynomial: sympy.Expr, names: dict[sympy.Symbol, str]) -> str:
    """Return a polynomial with rational coefficients as a term, powers written out, symbols by their names."""
    if not names:
        return number(Fraction(int(polynomial.p), int(polynomial.q)))
    terms = []
    for exponents, coefficient in sympy.Poly(polynomial, *names).terms():
        value = number(Fraction(int(coefficient.p), int(coefficient.q)))
        powers = [f"{name} ^ {power}" for name, power in zip(names.values(), exponents, strict=True) if power]
        terms.append(" * ".join([value, *powers]))
    return f"({' + '.join(terms)})"


class FourierCase:
    """One k of a statement, with names of variables in Rocq and the frequencies, up to k/2, that it depends on.

    The moduli are the frequencies of |π̂_m| as they are written.
    """

    def __init__(self, question: Question, case: Case) -> None:
        self.question, self.case, self.k = question, case, case.k
        self.names = {sympy.Symbol(name): variable(name) for name in question.spans}
        self.weights = weight_expressions_of(question, case)
        calls = calls_of(question.comparison)
        self.has_gap = any(call.quantity != "dft_modulus" for call in calls)
        named = {self.frequency(call) for call in calls if call.quantity == "dft_modulus"}
        self.frequencies = tuple(range(1, self.k // 2 + 1)) if self.has_gap else tuple(sorted(named))
        self.moduli = tuple(sorted({self._written(call) for call in calls if call.quantity == "dft_modulus"}))

    @property
    def name(self) -> str:
        """The weights in Rocq, applied to the variables."""
        applied = " ".join([f"weights_{self.k}", *self.names.values()])
        return f"({applied})" if self.names else applied

    def frequency(self, call: Call) -> int:
        """Return the frequency up to k/2 that a call is about, m or k − m."""
        m = self._written(call)
        return min(m, self.k - m)

    def _written(self, call: Call) -> int:
        return int(arguments_of(call, self.case)["m"]) % self.k

    def leaf(self, part: Symbol | Call) -> str:
        """Return the term of a symbol or quantity."""
        if isinstance(part, Call):
            frequency = f" {self._written(part)}" if part.quantity == "dft_modulus" else ""
            return f"({part.quantity} {self.name}{frequency})"
        fixed = self._fixed(part.name)
        return variable(part.name) if fixed is None else number(fixed)

    def relations(self) -> tuple[str, ...]:
        """Return the links of the statement."""
        return relations(self.question.comparison, self.leaf)

    def definitions(self) -> str:
        """Return the definitions of the weights and of what the statement says of them."""
        binder = f" ({' '.join(self.names.values())} : R)" if self.names else ""
        weights = "; ".join(term(weight, self.leaf) for weight in self.weights)
        return (
            f"Definition weights_{self.k}{binder} : list R := [{weights}].\n"
            f"Definition holds_{self.k}{binder} : Prop :=\n  {conjunction(self.relations())}.\n"
        )

    @property
    def applied(self) -> str:
        """What the statement says, applied to the variables."""
        return " ".join([f"holds_{self.k}", *self.names.values()])

    def weight_values(self) -> list[sympy.Expr]:
        """Return the weights in SymPy; NotExportedError if one is no polynomial in the variables."""
        values = [symbolic(weight, self._symbol) for weight in self.weights]
        if not all(value.is_polynomial(*self.names) for value in values):
            raise NotExportedError("weights that are no polynomials in the variables have no export")
        return values

    def _symbol(self, part: Symbol | Call) -> sympy.Expr:
        if isinstance(part, Call):
            return sympy.Symbol(self.leaf(part), nonnegative=True)
        fixed = self._fixed(part.name)
        return sympy.Symbol(part.name) if fixed is None else sympy.Rational(fixed.numerator, fixed.denominator)

    def _fixed(self, name: str) -> Fraction | None:
        """Return the value of a symbol that is no variable."""
        radius = None if "radius" in self.question.spans else self.case.radius
        values = {"k": Fraction(self.k), "d": Fraction(self.case.d), "radius": radius}
        return values.get(name)

    def is_identity(self) -> bool:
        """Whether the statement follows from 1 − spectral_gap alone, whatever the quantities are."""

        def opaque(part: Symbol | Call) -> sympy.Expr:
            if isinstance(part, Call) and part.quantity == "contraction_factor":
                return 1 - sympy.Symbol(f"(spectral_gap {self.name})", nonnegative=True)
            return self._symbol(part)

        comparison = self.question.comparison
        sides = [symbolic(operand, opaque) for operand in comparison.operands]
        differences = [sympy.simplify(left - right) for left, right in pairwise(sides)]
        return set(comparison.operators) == {"=="} and all(difference == 0 for difference in differences)

    def sides(self, values: Mapping[str, sympy.Expr]) -> list[sympy.Expr]:
        """Return the operands of the chain from the values of quantities, by their terms."""

        def valued(part: Symbol | Call) -> sympy.Expr:
            return values[self.leaf(part)] if isinstance(part, Call) else self._symbol(part)

        return [symbolic(operand, valued) for operand in self.question.comparison.operands]
