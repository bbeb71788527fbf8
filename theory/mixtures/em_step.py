"""The M-step in closed form: the estimated parameters that maximise Q, as functions of means E[γ_j x^a].

∂Q/∂η′ = 0 is solved by elimination: as often as some of the equations are linear in as many unknowns, and free of the
others once factors that cannot vanish are taken out, they are solved and put into the rest. That covers what maximum
likelihood of exponential families gives in closed form: weights, means and coefficients of regressions before
variances, rates; known, tied and free parameters differ only in what the unknowns are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import sympy

from emtheory.theory.errors import InputError
from emtheory.theory.mixtures.densities import log_components
from emtheory.theory.mixtures.means import expectation, total_one
from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.sums import factored

MAX_ESTIMATED = 12
"""A choice: subsets of the unknowns are searched."""
_MOST_OPERATIONS = 300
"""Of a value that is brought into a short form, which takes long for more. A choice: a second."""


@dataclass(frozen=True)
class EmStep:
    """One step of population EM.

    `surrogate`: Q(η′ | η) up to what does not depend on η′, in symbols of means and of the parameters, which stand for
    η′; `equations`: ∂Q/∂η′ for each estimated parameter; `solutions`: name of an estimated parameter → its value after
    the step, in means and those solved for before; `update`: the same in means and known parameters; `order`: the
    estimated parameters in the order in which they are solved for, those together that are.
    """

    surrogate: sympy.Expr
    equations: tuple[sympy.Expr, ...]
    solutions: Mapping[str, sympy.Expr]
    update: Mapping[str, sympy.Expr]
    order: tuple[tuple[str, ...], ...]

    def __hash__(self) -> int:
        return hash(self.surrogate)


@lru_cache(maxsize=32)
def em_step(model: MixtureModel) -> EmStep:
    """Solve the M-step. InputError if ∂Q/∂η′ = 0 has no unique solution that is found in closed form."""
    unknowns = model.estimated
    if len(unknowns) > MAX_ESTIMATED:
        raise InputError(f"{len(unknowns)} parameters are estimated; at most {MAX_ESTIMATED} are in reach")
    surrogate = sympy.Add(*(expectation(log, (j,), model) for j, log in enumerate(log_components(model))))
    equations = tuple(sympy.diff(surrogate, unknown) for unknown in unknowns)
    solved: dict[sympy.Symbol, sympy.Expr] = {}
    order: list[tuple[str, ...]] = []
    left = [_numerator(equation, unknowns, model) for equation in equations]
    free = list(unknowns)
    while free:
        found = _solvable(left, free)
        if found is None:
            names = ", ".join(symbol.name for symbol in free)
            raise InputError(
                f"the M-step has no solution in closed form for {names}: the equations ∂Q/∂η = 0 are linear in none of "
                "them once the others are known"
            )
        group, used, solution = found
        solved |= solution
        order.append(tuple(symbol.name for symbol in group))
        # What is solved for stays a symbol in the other equations: put in, it would make them long.
        free = [symbol for symbol in free if symbol not in group]
        left = [each for each in left if each not in used]
    values: dict[sympy.Symbol, sympy.Expr] = {}
    for symbol, value in solved.items():
        values[symbol] = _short(value.subs(values))
    update = {symbol.name: values[symbol] for symbol in unknowns}
    return EmStep(surrogate, equations, {s.name: value for s, value in solved.items()}, update, tuple(order))


def _short(value: sympy.Expr) -> sympy.Expr:
    return factored(sympy.cancel(value)) if value.count_ops() <= _MOST_OPERATIONS else value


def _numerator(equation: sympy.Expr, unknowns: Sequence[sympy.Symbol], model: MixtureModel) -> sympy.Expr:
    """An equation without its denominator and without factors of single positive parameters, which do not vanish."""
    numerator, _ = sympy.fraction(sympy.together(_short(total_one(sympy.expand(equation), model))))
    numerator = sympy.terms_gcd(sympy.expand(numerator))
    factors = [factor for factor in sympy.Mul.make_args(numerator) if not _cannot_vanish(factor)]
    return sympy.expand(sympy.Mul(*factors))


def _cannot_vanish(factor: sympy.Expr) -> bool:
    base = factor.base if isinstance(factor, sympy.Pow) else factor
    return bool(base.is_number and base.is_zero is False) or (base.is_Symbol and base.is_positive is True)


def _solvable(
    equations: Sequence[sympy.Expr], unknowns: Sequence[sympy.Symbol]
) -> tuple[tuple[sympy.Symbol, ...], tuple[sympy.Expr, ...], dict[sympy.Symbol, sympy.Expr]] | None:
    """The smallest group of unknowns that as many equations determine linearly, those equations, and the solution."""
    among = {equation: equation.free_symbols & set(unknowns) for equation in equations}
    for size in range(1, len(unknowns) + 1):
        for group in combinations(unknowns, size):
            own = tuple(equation for equation in equations if among[equation] and among[equation] <= set(group))
            if len(own) != size or not all(_is_linear(equation, group) for equation in own):
                continue
            solution = _solved(own, group)
            if solution is not None:
                return group, own, solution
    return None


def _solved(equations: Sequence[sympy.Expr], unknowns: Sequence[sympy.Symbol]) -> dict[sympy.Symbol, sympy.Expr] | None:
    """The one solution of linear equations, if there is one."""
    values = next(iter(sympy.linsolve(equations, *unknowns)), None)
    if values is None or any(value.free_symbols & set(unknowns) for value in values):
        return None
    return {unknown: sympy.cancel(value) for unknown, value in zip(unknowns, values, strict=True)}


def _is_linear(equation: sympy.Expr, unknowns: Sequence[sympy.Symbol]) -> bool:
    try:
        return bool(sympy.Poly(equation, *unknowns).total_degree() == 1)
    except sympy.PolynomialError:
        return False
