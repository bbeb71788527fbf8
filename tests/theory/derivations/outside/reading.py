"""What the letters of a statement are in a model, and whether a conclusion holds there."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import sympy
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from emtheory.theory.proof.formula import Variable
from emtheory.theory.proof.mean import Mean
from emtheory.theory.sums import COUNT
from tests.theory.derivations.outside.models import Model
from tests.theory.derivations.statement_values import Values, holds

Letters = Mapping[str, Any]
"""Name → number; array, for a family; function, for one of t; of a limit, mean or integral by `whole`.

`limits`: the number of a conclusion → the limit or mean in it, to a fiftieth.
"""

READINGS: dict[str, list[tuple[Model, Callable[[Model], Letters]]]] = {}
"""Derivation → models in which all its hypotheses hold, with what its letters are there and in models near."""


def reading(name: str, *models: Model) -> Callable[[Callable[[Model], Letters]], Callable[[Model], Letters]]:
    def kept(letters: Callable[[Model], Letters]) -> Callable[[Model], Letters]:
        READINGS.setdefault(name, []).extend((model, letters) for model in models)
        return letters

    return kept


OUTSIDE: dict[tuple[str, str], dict[str, tuple[Model, Callable[[Model], Letters]]]] = {}
"""Derivation and hypothesis → what is the case in place of it there → a model and its letters."""


def outside(name: str, hypothesis: str, case: str, model: Model) -> Callable[[Callable[[Model], Letters]], Any]:
    def kept(letters: Callable[[Model], Letters]) -> Callable[[Model], Letters]:
        OUTSIDE.setdefault((name, hypothesis), {})[case] = (model, letters)
        return letters

    return kept


def allowed(variables: Iterable[Variable], letters: Letters) -> bool:
    """Whether the letters that are numbers are in their domains."""
    numbers = ((each.domain, letters.get(str(each.symbol))) for each in variables)
    kinds = (sympy.Interval, sympy.Range)
    known = [(domain, n) for domain, n in numbers if isinstance(domain, kinds) and isinstance(n, int | float)]
    return all((sympy.Integer(int(n)) if n == int(n) else sympy.Float(n)) in domain for domain, n in known)


def said(formula: Boolean, letters: Letters, number: int) -> bool | None:
    """Whether a conclusion holds; None if the letters do not say what is in it.

    `sides`: the number of a conclusion, and what its two sides are, where its letters are no numbers.
    """
    if "sides" in letters:
        of, left, right = letters["sides"]
        if of != number:
            return None
        relation = formula.args[1] if isinstance(formula, sympy.Implies) else formula
        return bool({"==": np.allclose, "<": np.less, "<=": np.less_equal}[relation.rel_op](left, right))
    near = letters.get("limits", {}).get(number)
    letters, tolerance = (letters, 1e-6) if near is None else ({**letters, "whole": near}, 2e-2)
    try:
        return holds(formula, values_of(formula, letters), tolerance, letters.get("k"))
    except (KeyError, IndexError, TypeError, ValueError, AssertionError, np.linalg.LinAlgError):
        return None


def _number(argument: sympy.Expr, letters: Letters) -> float:
    return float(argument.xreplace({name: sympy.sympify(letters[str(name)]) for name in argument.free_symbols}))


def values_of(formula: Boolean, letters: Letters) -> Values:
    """Return the values of all that occurs in a formula."""
    found: dict[sympy.Basic, Any] = {}
    wholes = formula.atoms(sympy.Limit, Mean, sympy.Integral)
    found.update((part, letters["whole"]) for part in wholes)
    formula = formula.xreplace(dict.fromkeys(wholes, sympy.S.One))
    counters = {part: letters[str(part)] for part in formula.free_symbols if isinstance(letters.get(str(part)), int)}
    bound = {name for each in formula.atoms(sympy.Sum, sympy.Product) for name in each.variables}
    for part in formula.atoms(AppliedUndef):
        if bound & part.free_symbols:
            found.update((part.func(n), float(letters[part.func.__name__](n))) for n in range(letters["k"]))
            continue
        at = [argument.xreplace({name: sympy.Integer(n) for name, n in counters.items()}) for argument in part.args]
        found[part.func(*at)] = float(
            letters[part.func.__name__](*(_number(argument, letters) for argument in part.args))
        )
    for part in formula.atoms(sympy.Indexed):
        table = np.atleast_1d(np.asarray(letters[str(part.base)], dtype=float))
        found.update((part.base[index], float(table[index])) for index in np.ndindex(table.shape))
    families = {part.base.label for part in formula.atoms(sympy.Indexed)}
    if any(part.is_positive and not found[part] > 0 for part in found if isinstance(part, AppliedUndef)):
        raise ValueError("what is positive is not")
    for name in formula.free_symbols - bound - families - {COUNT}:
        if not isinstance(name, sympy.Indexed):
            found[name] = (
                letters["symbols"][str(name)] if str(name) in letters.get("symbols", ()) else letters[str(name)]
            )
    return found
