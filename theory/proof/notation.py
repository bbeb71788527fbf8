"""Formulas on one line, in the notation of `emtheory.theory.prose.formula`."""

import re
from collections.abc import Callable

import sympy
from sympy.core.function import AppliedUndef
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pretty.pretty_symbology import pretty_symbol, pretty_use_unicode
from sympy.printing.str import StrPrinter

from emtheory.theory.sums import WHOLE

_RELATIONS = {"==": "=", "<=": "≤", ">=": "≥", "!=": "≠"}
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def line(expression: sympy.Basic) -> str:
    """Return a formula, an expression or a set as readable text on one line."""
    text: str = _Line({"order": "none"}).doprint(expression)
    return text.replace("-", "−")


def _constant(text: str) -> Callable[..., str]:
    return lambda _printer, _number: text


def _called(name: str) -> Callable[..., str]:
    return lambda printer, function: f"{name}({', '.join(map(printer._print, function.args))})"


def _joined(sign: str, precedence: str) -> Callable[..., str]:
    return lambda printer, parts: sign.join(printer.parenthesize(part, PRECEDENCE[precedence]) for part in parts.args)


class _Line(StrPrinter):  # type: ignore[misc]  # SymPy is untyped
    # Not that of `str`, which some classes bring along.
    printmethod = "_one_line"

    _print_Identity = _constant("I")
    _print_Integers = _constant("ℤ")
    _print_Complexes = _constant("ℂ")
    _print_Naturals0 = _constant("ℕ₀")
    _print_ZeroMatrix = _constant("0")
    _print_ImaginaryUnit = _constant("i")
    _print_Exp1 = _constant("e")
    _print_Pi = _constant("π")
    _print_Infinity = _constant("∞")
    _print_NegativeInfinity = _constant("−∞")
    _print_asin = _called("arcsin")
    _print_gamma = _called("Γ")
    _print_binomial = _called("binom")
    _print_lowergamma = _called("γ")
    _print_Max = _called("max")
    _print_And = _joined(" ∧ ", "And")
    _print_Or = _joined(" ∨ ", "Or")
    _print_Implies = _joined(" ⇒ ", "Or")
    _print_Equivalent = _joined(" ⇔ ", "Or")
    _print_MatAdd = _joined(" + ", "Add")
    _print_MatMul = _joined(" ", "Mul")

    def _print_Symbol(self, symbol: sympy.Symbol) -> str:
        return _symbol(symbol.name)

    _print_MatrixSymbol = _print_Symbol

    def _print_Indexed(self, member: sympy.Indexed) -> str:
        indices = "".join(map(self._print, member.indices))
        return f"{_symbol(str(member.base))}_{_braced(indices)}"

    def _print_IndexedBase(self, family: sympy.IndexedBase) -> str:
        return _symbol(str(family))

    def _print_Relational(self, relation: sympy.Rel) -> str:
        sign = _RELATIONS.get(relation.rel_op, relation.rel_op)
        return f"{self._print(relation.lhs)} {sign} {self._print(relation.rhs)}"

    def _print_Add(self, terms: sympy.Add) -> str:
        factored = sympy.factor_terms(terms)
        if factored.is_Mul:
            return str(self._print(factored))
        signs = [term.could_extract_minus_sign() for term in terms.args]
        if signs[0] and not all(signs):  # k − 1, not −1 + k
            first = terms.args[signs.index(False)]
            terms = sympy.Add(first, *(term for term in terms.args if term is not first), evaluate=False)
        return str(super()._print_Add(terms))

    def _print_Mul(self, product: sympy.Mul) -> str:
        return str(super()._print_Mul(product)).replace("*", "·")

    def _print_Transpose(self, matrix: sympy.Transpose) -> str:
        return f"{self.parenthesize(matrix.arg, PRECEDENCE['Pow'])}ᵀ"

    def _print_Pow(self, power: sympy.Pow, rational: bool = False) -> str:
        base, exponent = power.args
        if exponent == sympy.Rational(1, 2):
            return f"√{self._atom(base)}"
        if exponent == -sympy.Rational(1, 2):
            return f"1/√{self._atom(base)}"
        if exponent.is_Rational and exponent.is_negative:
            return f"1/{self._atom(base) if exponent == -1 else self._print_Pow(sympy.Pow(base, -exponent))}"
        if exponent.is_Integer:
            return f"{self._atom(base)}{str(exponent).translate(_SUPERSCRIPTS)}"
        return f"{self._atom(base)}^{_braced(self._print(exponent))}"

    _print_MatPow = _print_Pow

    def _print_Function(self, function: sympy.Function) -> str:
        return f"{_symbol(function.func.__name__)}({', '.join(map(self._print, function.args))})"

    def _print_Mean(self, mean: sympy.Basic) -> str:
        return f"E[{self._print(mean.args[0])}]"

    def _print_factorial(self, function: sympy.factorial) -> str:
        return f"{self._atom(function.args[0])}!"

    def _print_Determinant(self, determinant: sympy.Determinant) -> str:
        return f"det {self._print(determinant.args[0])}"

    _print_Expectation = _print_Mean

    def _print_exp(self, function: sympy.exp) -> str:
        return f"e^{_braced(self._print(function.args[0]))}"

    def _print_PowerMeanExpectation(self, mean: sympy.Basic) -> str:
        return f"E[{'·'.join(f'p_{n}' for n in mean.args[1:])}]"

    def _print_Mod(self, rest: sympy.Mod) -> str:
        return f"{self._atom(rest.args[0])} mod {self._atom(rest.args[1])}"

    def _print_Abs(self, function: sympy.Abs) -> str:
        return f"|{self._print(function.args[0])}|"

    def _print_Sum(self, part: sympy.Sum) -> str:
        # More than three letters in a row would be a word.
        indices = (" " if len(part.limits) > 3 else "").join(
            self._print(index) if upper in WHOLE else f"{self._print(index)}={self._print(lower)}…{self._print(upper)}"
            for index, lower, upper in part.limits
        )
        return f"∑_{_braced(indices)} {self.parenthesize(part.function, PRECEDENCE['Mul'])}"

    def _print_Product(self, part: sympy.Product) -> str:
        ((index, lower, upper),) = part.limits
        return f"∏_{{{self._print(index)}={self._print(lower)}…{self._print(upper)}}} {self._atom(part.function)}"

    def _print_Integral(self, part: sympy.Integral) -> str:
        signs = "".join(
            f"∫_{_braced(self._print(lower))}^{_braced(self._print(upper))} " for _, lower, upper in part.limits
        )
        variables = " ".join(f"d{self._print(variable)}" for variable, *_ in part.limits)
        return f"{signs}{self.parenthesize(part.function, PRECEDENCE['Mul'])} {variables}"

    def _print_Derivative(self, part: sympy.Derivative) -> str:
        order = "".join(
            f"∂{'' if count == 1 else str(count).translate(_SUPERSCRIPTS)}_{_braced(self._print(variable))} "
            for variable, count in part.variable_count
        )
        return f"{order}{self.parenthesize(part.expr, PRECEDENCE['Mul'], strict=True)}"

    def _print_Subs(self, part: sympy.Subs) -> str:
        values = ", ".join(
            f"{self._print(a)} = {self._print(b)}" for a, b in zip(part.variables, part.point, strict=True)
        )
        return f"[{self._print(part.expr)}]_{{{values}}}"

    def _print_Limit(self, part: sympy.Limit) -> str:
        body, variable, point, _ = part.args
        return f"lim_{{{self._print(variable)}→{self._print(point)}}} {self.parenthesize(body, PRECEDENCE['Mul'])}"

    def _print_MatrixBase(self, matrix: sympy.MatrixBase) -> str:
        rows = (", ".join(map(self._print, matrix.row(i))) for i in range(matrix.rows))
        return f"[{'; '.join(rows)}]"

    def _atom(self, expression: sympy.Basic) -> str:
        if isinstance(expression, sympy.Indexed | AppliedUndef):
            return str(self._print(expression))
        if isinstance(expression, sympy.Sum | sympy.Integral | sympy.Derivative | sympy.Limit):
            return f"({self._print(expression)})"
        return str(self.parenthesize(expression, PRECEDENCE["Atom"], strict=True))


def _symbol(name: str) -> str:
    """Return the name of a symbol; SymPy writes ``__`` before what stands above, and indices without braces."""
    before = pretty_use_unicode(True)  # SymPy asks the terminal, or the file, that it finds when it is imported.
    try:
        drawn = name if name.endswith(")") else str(pretty_symbol(name))  # It would lower the bracket, too.
    finally:
        pretty_use_unicode(before)
    return re.sub(r"_([A-Za-z]{2,})(?=$|\()", r"_{\1}", drawn.replace("__", "^"))


def _braced(text: str) -> str:
    """Return what stands below or above a sign."""
    return text if len(text) == 1 else f"{{{text}}}"
