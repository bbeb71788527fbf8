"""Exact expectations over independent standard normal variables."""

from collections.abc import Sequence

import sympy
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter
from sympy.utilities.iterables import multiset_partitions


class Expectation(sympy.Expr):  # type: ignore[misc]  # SymPy is untyped
    """E[polynomial] over independent standard normal variables, of which coefficients are free; `doit` evaluates it."""

    def __new__(cls, polynomial: sympy.Expr, variables: Sequence[sympy.Symbol]) -> "Expectation":
        """Make the unevaluated expectation."""
        expectation: Expectation = sympy.Expr.__new__(cls, polynomial, sympy.Tuple(*variables))
        return expectation

    @property
    def free_symbols(self) -> set[sympy.Symbol]:
        """Symbols the value depends on: not the variables, which are bound."""
        polynomial, variables = self.args
        symbols: set[sympy.Symbol] = polynomial.free_symbols - set(variables)
        return symbols

    def doit(self, **_hints: object) -> sympy.Expr:
        """E X^n = (n−1)!! for even n and 0 for odd n, term by term; sympy.PolynomialError for what is no polynomial."""
        polynomial, variables = self.args
        terms = sympy.Poly(polynomial, *variables).terms()
        return sympy.Add(*(c * sympy.Mul(*(_moment(n) for n in powers)) for powers, c in terms))

    def _latex(self, printer: LatexPrinter) -> str:
        return rf"\mathbb{{E}}\left[{printer.doprint(self.args[0])}\right]"

    def _sympystr(self, printer: StrPrinter) -> str:
        return f"E[{printer.doprint(self.args[0])}]"


class PowerMeanExpectation(sympy.Expr):  # type: ignore[misc]
    """E Π_i p_{n_i}, as in `power_mean_expectation`; `doit` evaluates it."""

    def __new__(cls, k: sympy.Expr, *exponents: int) -> "PowerMeanExpectation":
        """Make the unevaluated expectation."""
        expectation: PowerMeanExpectation = sympy.Expr.__new__(cls, k, *map(sympy.Integer, exponents))
        return expectation

    def doit(self, **_hints: object) -> sympy.Expr:
        """Sum over the set partitions of the factors."""
        k, *exponents = self.args
        return power_mean_expectation([int(n) for n in exponents], k)

    def _latex(self, _printer: LatexPrinter) -> str:
        return rf"\mathbb{{E}}\left[{' '.join(f'p_{{{n}}}' for n in self.args[1:])}\right]"

    def _sympystr(self, _printer: StrPrinter) -> str:
        return f"E[{'*'.join(f'p_{n}' for n in self.args[1:])}]"


def power_mean_expectation(exponents: Sequence[int], k: sympy.Expr) -> sympy.Expr:
    """E Π_i p_{n_i}, n_i > 0, for the power means p_n = (Z_1^n + … + Z_k^n)/k of k standard normal variables.

    They are independent, and k may be a symbol: it is k^{−q} Σ over the set partitions of the q factors, as factors in
    one block use the same variable and distinct blocks distinct ones, which k(k−1)…(k−b+1) choices allow.
    """
    if min(exponents) < 1:
        raise ValueError(f"exponents of power means must be positive, not {min(exponents)}")
    q = len(exponents)
    total = sympy.S.Zero
    for blocks in multiset_partitions(list(range(q))):
        moments = sympy.Mul(*(_moment(sum(exponents[i] for i in block)) for block in blocks))
        total += moments * sympy.ff(k, len(blocks))
    return total / k**q


def _moment(n: int) -> sympy.Integer:
    return sympy.S.Zero if n % 2 else sympy.factorial2(n - 1)
