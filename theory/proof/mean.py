"""The expectation of what depends on random quantities, as a positive linear functional and nothing else."""

from collections.abc import Sequence
from functools import cached_property

import sympy
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

from emtheory.theory.sums import canonical, settled


class Mean(sympy.Expr):  # type: ignore[misc]  # SymPy is untyped
    """E[expression] over some symbols and families, all others being constants; `doit` uses linearity and E 1 = 1."""

    is_commutative = True
    is_extended_real = True

    def __new__(cls, expression: sympy.Expr, random: Sequence[sympy.Basic]) -> "Mean":
        """Make the unevaluated expectation."""
        mean: Mean = sympy.Expr.__new__(cls, sympy.sympify(expression, strict=True), sympy.Tuple(*random))
        return mean

    @property
    def free_symbols(self) -> set[sympy.Basic]:
        """Symbols the value depends on: not the random ones, which are bound."""
        expression, random = self.args
        bound: set[sympy.Basic] = {symbol for name in random for symbol in name.free_symbols}
        return {
            symbol
            for symbol in expression.free_symbols
            if symbol not in bound and not (isinstance(symbol, sympy.Indexed) and symbol.base.label in bound)
        }

    def doit(self, **_hints: object) -> sympy.Expr:
        """Take sums and constant factors out."""
        return self._written_out

    @cached_property
    def _written_out(self) -> sympy.Expr:
        expression, random = self.args
        names = {symbol for name in random for symbol in name.free_symbols | {name}}
        terms = sympy.Add.make_args(canonical(settled(expression)))
        parts = (term.as_independent(*names, as_Add=False) for term in terms)
        return sympy.Add(*(outside * self._of_term(inside) for outside, inside in parts))

    def _of_term(self, term: sympy.Expr) -> sympy.Expr:
        if term == 1:
            return term
        sums = [factor for factor in sympy.Mul.make_args(term) if isinstance(factor, sympy.Sum)]
        if len(sums) == 1:
            # The summand's index has a name that the form of the sum gives it, and may be that of another one's.
            (total,) = sums
            names = {index: sympy.Dummy(str(index), **index.assumptions0) for index in total.variables}
            summand = total.function.xreplace(names) * term / total
            limits = [(names[index], low, high) for index, low, high in total.limits]
            return sympy.Sum(Mean(summand, self.args[1]).doit(), *limits)
        return Mean(term, self.args[1])

    def _latex(self, printer: LatexPrinter) -> str:
        return rf"\mathbb{{E}}\left[{printer.doprint(self.args[0])}\right]"

    def _sympystr(self, printer: StrPrinter) -> str:
        return f"E[{printer.doprint(self.args[0])}]"
