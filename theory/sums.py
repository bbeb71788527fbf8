"""Sums over the components j = 0, …, k−1, or over d coordinates, where k and d stay symbols: one derivation serves all.

An identity between such sums holds for every k if both sides have the same canonical form: summands multiplied out,
sums taken term by term, factors without the index pulled out, indices renamed. Weights need no constraint: a posterior
is written g_j / Σ_l g_l with free positive g.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, groupby, permutations, product

import sympy
from sympy.core.random import rng

COUNT = sympy.Symbol("k", integer=True, positive=True)
"""The number of components, a symbol."""

DIMENSION = sympy.Symbol("d", integer=True, positive=True)
"""The number of coordinates."""

SIZES = (COUNT, DIMENSION)
WHOLE = (COUNT - 1, DIMENSION - 1)
"""Upper limits of sums over all components, and over all coordinates."""

Limits = tuple[tuple[sympy.Symbol, sympy.Expr, sympy.Expr], ...]


def factored(value: sympy.Expr) -> sympy.Expr:
    """Factor, the same way each time: SymPy draws numbers, and seldom some with which it takes minutes."""
    state = rng.getstate()
    rng.seed(0)
    try:
        return sympy.factor(value)
    finally:
        rng.setstate(state)


def component(name: str) -> sympy.Symbol:
    """Return an index of components."""
    return sympy.Symbol(name, integer=True, nonnegative=True)


def family(name: str, **assumptions: bool) -> sympy.IndexedBase:
    """Return one real symbol for each component, e.g. π_j."""
    return sympy.IndexedBase(name, **(assumptions or {"real": True}))


def total(summand: sympy.Expr, *indices: sympy.Symbol) -> sympy.Sum:
    """Return the unevaluated sum over all values 0, …, k−1 of each index."""
    return sympy.Sum(summand, *((index, 0, COUNT - 1) for index in indices))


def normalised(weights: sympy.IndexedBase, index: sympy.Symbol) -> sympy.Expr:
    """Return w_j/∑_n w_n: a weight, or posterior, of numbers that need not sum to 1."""
    return weights[index] / total(weights[component("n")], component("n"))


def over_coordinates(summand: sympy.Expr, index: sympy.Symbol) -> sympy.Sum:
    """Return the unevaluated sum over all d coordinates, or d eigenvalues."""
    return sympy.Sum(summand, (index, 0, DIMENSION - 1))


@lru_cache(maxsize=4096)
def canonical(expression: sympy.Expr) -> sympy.Expr:
    """Write every sum over components in the form that the module describes; an equal expression."""
    replaced = expression.replace(lambda part: isinstance(part, sympy.Sum), _canonical_sum)
    return sympy.expand(replaced)


@lru_cache(maxsize=4096)
def settled(expression: sympy.Basic) -> sympy.Basic:
    """Do what an expression leaves to be done, but leave sums over components, which SymPy would try to sum."""
    if isinstance(expression, sympy.Add | sympy.Mul | sympy.Pow):
        return expression.func(*map(settled, expression.args))
    if not expression.free_symbols.intersection(SIZES):
        return expression.doit()
    if expression.is_Atom or isinstance(expression, sympy.Indexed):
        return expression
    if isinstance(expression, sympy.Sum) and all(upper in WHOLE for _, _, upper in expression.limits):
        return sympy.Sum(settled(expression.function), *expression.limits)
    if isinstance(expression, sympy.Subs):
        return settled(expression.expr).subs(dict(zip(expression.variables, expression.point, strict=True)))
    done = expression.func(*(settled(part) for part in expression.args))
    return done.doit(deep=False) if isinstance(done, _WAITING) else done


_WAITING = (sympy.Derivative, sympy.Integral, sympy.Limit, sympy.MatrixExpr)


def cleared(expression: sympy.Expr) -> sympy.Expr:
    """Return the numerator of the canonical form over a common denominator, its sums taken for indeterminates.

    If it is 0 the expression vanishes for every k and all values of its families.
    """
    written = canonical(expression)
    names = {part: sympy.Dummy() for part in written.atoms(sympy.Sum)}
    # The largest first: a sum within another one is part of that one's name.
    ordered = sorted(names.items(), key=lambda pair: -_height(pair[0]))
    for part, name in ordered:
        written = written.xreplace({part: name})
    return sympy.expand(sympy.together(written).as_numer_denom()[0])


def renamed(total: sympy.Sum) -> tuple[sympy.Expr, Limits]:
    """Return summand and limits of a sum with new names of its indices."""
    names = {index: sympy.Dummy(str(index), integer=True, nonnegative=True) for index, *_ in total.limits}
    limits = tuple((names[index], low.xreplace(names), high.xreplace(names)) for index, low, high in total.limits)
    return total.function.xreplace(names), limits


def monomials(expression: sympy.Expr) -> Iterator[tuple[sympy.Expr, Limits]]:
    """Yield the terms of an expression, products and powers of sums multiplied out, each with limits of sums."""
    for term in sympy.Add.make_args(sympy.expand(canonical(settled(expression)), power_exp=False)):
        bases = [factor.as_base_exp() for factor in sympy.Mul.make_args(term)]
        rest = sympy.Mul(*(b**n for b, n in bases if not (isinstance(b, sympy.Sum) and n.is_Integer and n > 0)))
        sums = [b for b, n in bases if isinstance(b, sympy.Sum) and n.is_Integer and n > 0 for _ in range(int(n))]
        for parts in product(*(list(_inside(each)) for each in sums)):
            yield sympy.Mul(rest, *(part for part, _ in parts)), tuple(lim for _, limits in parts for lim in limits)


def _inside(total: sympy.Sum) -> Iterator[tuple[sympy.Expr, Limits]]:
    summand, limits = renamed(total)
    yield from ((term, (*limits, *inner)) for term, inner in monomials(summand))


@lru_cache(maxsize=4096)
def in_one_order(expression: sympy.Basic) -> sympy.Basic:
    """Write products of sums as sums over several indices, each in one of all orders of these; an equal expression."""
    if not expression.has(sympy.Sum):
        return expression
    if isinstance(expression, sympy.MatrixBase):
        return expression.applyfunc(in_one_order)
    result: dict[sympy.Expr, sympy.Expr] = {}
    for term, limits in monomials(expression):
        outside, inside = term.as_independent(*(index for index, *_ in limits), as_Add=False)
        orders = _orders(inside, limits) if all(high in WHOLE for *_, high in limits) else (limits,)
        named = min((_named(inside, order) for order in orders), key=sympy.default_sort_key)
        result[named] = result.get(named, sympy.S.Zero) + outside
    return sympy.Add(*(sympy.cancel(sympy.together(factor)) * named for named, factor in result.items()))


def _orders(summand: sympy.Expr, limits: Limits) -> Iterator[Limits]:
    """Yield the orders of indices that cannot be told apart by the factors in which each of them stands."""
    others = {index: sympy.Symbol("_other") for index, *_ in limits}

    def seen(limit: tuple[sympy.Symbol, sympy.Expr, sympy.Expr]) -> tuple[str, list[str]]:
        marks = others | {limit[0]: sympy.Symbol("_this")}
        factors = (factor for factor in sympy.Mul.make_args(summand) if factor.has(limit[0]))
        return str(limit[2]), sorted(str(factor.xreplace(marks)) for factor in factors)

    alike = [list(group) for _, group in groupby(sorted(limits, key=seen), key=seen)]
    return (tuple(chain(*order)) for order in product(*map(permutations, alike)))


def _named(summand: sympy.Expr, limits: Limits) -> sympy.Expr:
    names = {index: component(f"n_{place}") for place, (index, *_) in enumerate(limits)}
    ends = ((names[index], low.xreplace(names), high.xreplace(names)) for index, low, high in limits)
    return sympy.Sum(summand.xreplace(names), *ends) if limits else summand


@lru_cache(maxsize=4096)
def _canonical_sum(part: sympy.Sum) -> sympy.Expr:
    value, *limits = part.args
    if any(lower != 0 or upper not in WHOLE for _, lower, upper in limits):
        return part
    for index, _, last in limits:
        value = _single(value, index, last)
    return value


def _single(summand: sympy.Expr, index: sympy.Symbol, last: sympy.Expr) -> sympy.Expr:
    result = sympy.S.Zero
    # A name of its own, as sums within the summand may be over an index of the same name.
    own = sympy.Dummy(integer=True, nonnegative=True)
    for term in sympy.Add.make_args(sympy.expand(summand.subs(index, own))):
        outside, inside = term.as_independent(own, as_Add=False)
        name = component(f"n_{_height(inside)}")
        result += outside * (last + 1 if inside == 1 else sympy.Sum(inside.xreplace({own: name}), (name, 0, last)))
    return result


def _height(expression: sympy.Expr) -> int:
    """Count how deep sums are nested in an expression."""
    return max((1 + _height(part.args[0]) for part in expression.atoms(sympy.Sum)), default=0)
