r"""Formulas of derivations in LaTeX: SymPy's, but for names, which are written in the notation of prose.

SymPy takes a name for letters with subscripts from the first underscore on, and knows Greek letters by their English
names only; ours are often terms, such as ``|π̂_m|`` or ``⟨h|∇²ℓ(θ)h⟩``.
"""

import re
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter

from emtheory.theory.prose.formula import NotationError
from emtheory.theory.prose.latex import escaped, latex

_WORD = re.compile(r"[A-Za-z]{2,}")
_SUFFIX = re.compile(r"([^_]+)_((?:[^\W_]|[+−∞])+)")
"""A name whose subscript is all that follows its only underscore."""


def formula_latex(expression: sympy.Basic) -> str:
    """Return an expression or relation in LaTeX that needs amsmath and amssymb, in ASCII.

    The imaginary unit is upright, for i is an index as well.
    """
    return str(_Printer({"imaginary_unit": "ri"}).doprint(expression))


class TermsAsStored:
    """A printer with it leaves sums as they are that have an integral without symbols.

    To order their terms SymPy would compute every such integral in each of them anew, by quadrature.
    """

    def _as_ordered_terms(self, expression: sympy.Expr, order: str | None = None) -> Any:
        if any(part.is_number for part in expression.atoms(sympy.Integral)):
            return expression.args
        return super()._as_ordered_terms(expression, order)  # type: ignore[misc]  # of the printer


class _Printer(TermsAsStored, LatexPrinter):  # type: ignore[misc]
    def _deal_with_super_sub(self, string: str, style: str = "plain") -> str:
        if not string.isascii() or re.search(r"[^\w^]", string) or string.count("_") > 1:
            return _term(string)
        name, supers, subs = self._split_super_sub(string)
        # What SymPy knows, Greek letters above all, comes with a backslash; a word is no product of its letters.
        base = rf"\mathrm{{{name}}}" if _WORD.fullmatch(name) else name
        above = f"^{{{' '.join(supers)}}}" if supers else ""
        below = f"_{{{' '.join(subs)}}}" if subs else ""
        return f"{base}{above}{below}"

    def _hprint_Function(self, func: str) -> Any:
        if func.isascii():
            return super()._hprint_Function(func)
        return _term(func)


def _term(name: str) -> str:
    whole = _SUFFIX.fullmatch(name)
    notation = f"{whole[1]}_{{{whole[2]}}}" if whole else name.replace("_min", "_{min}")
    try:
        return latex(f"${notation}$").strip("$")
    except NotationError:
        return rf"\text{{{escaped(name)}}}"
