"""Formulas with one thing changed: a number, a sign, a factor, an index, a function, or the relation."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice

import sympy
from sympy.logic.boolalg import Boolean

from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.proof.formula import related
from emtheory.theory.proof.mean import Mean

_OPPOSITE = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_STRICT = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_FUNCTIONS = {sympy.exp: sympy.cosh, sympy.log: sympy.exp, sympy.tanh: sympy.sinh, sympy.erf: sympy.tanh}


def some_changes(formula: Boolean, number: int | None) -> Iterator[tuple[str, Boolean]]:
    """Make about so many changes of a formula, evenly spread; all of them if no number is given."""
    changes = list(_changes_of(formula))
    stride = 1 if number is None else max(1, -(-len(changes) // number))
    for first in range(0, len(changes), stride):
        yield from islice(_made(changes[first : first + stride]), 1)


def changed_formulas(formula: Boolean) -> Iterator[tuple[str, Boolean]]:
    """Yield what was changed and the changed formula, for every place that can be changed."""
    yield from _made(_changes_of(formula))


_Make = Callable[[], tuple[str, sympy.Basic]]
"""Makes a change: what is changed, and what comes of it. Of a sample most are not made: large formulas take long."""


def _made(changes: Iterable[_Make]) -> Iterator[tuple[str, sympy.Basic]]:
    """Make changes, but those that SymPy refuses."""
    for make in changes:
        try:
            made = make()
        except (ArithmeticError, AttributeError, TypeError, ValueError):
            continue
        yield made


def _then(make: _Make, where: str, build: Callable[[sympy.Basic], sympy.Basic]) -> _Make:
    """Return what puts a changed part into the whole."""

    def made() -> tuple[str, sympy.Basic]:
        what, new = make()
        return f"{where}{what}", build(new)

    return made


def _put(part: sympy.Basic, index: int, **options: bool) -> Callable[[sympy.Basic], sympy.Basic]:
    return lambda new: part.func(*part.args[:index], new, *part.args[index + 1 :], **options)


def _changes_of(formula: Boolean) -> Iterator[_Make]:
    if not isinstance(formula, sympy.Rel):
        for index, part in enumerate(formula.args):
            for make in _changes_of(part):
                yield _then(make, "", _put(formula, index, evaluate=False))
        return
    lhs, relation, rhs = formula.lhs, formula.rel_op, formula.rhs
    for table in (_OPPOSITE, _STRICT):
        if relation in table:
            yield partial(_turned, formula, table[relation])
    symbols = sorted((s for s in formula.free_symbols if isinstance(s, sympy.Symbol)), key=str)
    for make in _changed(lhs, symbols):
        yield _then(make, "left ", lambda side: related(side, relation, rhs))
    for make in _changed(rhs, symbols):
        yield _then(make, "right ", lambda side: related(lhs, relation, side))


def _changed(part: sympy.Basic, symbols: list[sympy.Symbol]) -> Iterator[_Make]:
    """Yield changes at one place of an expression, from the root to the leaves."""
    yield from _changed_here(part, symbols)
    if isinstance(part, sympy.MatrixBase):
        for index, entry in enumerate(part):
            for make in _changed(entry, symbols):
                yield _then(make, f"entry {index}: ", partial(_with_entry, part, index))
        return
    for index in _open_arguments(part):
        for make in _changed(part.args[index], symbols):
            yield _then(make, "", _put(part, index))


def _turned(formula: sympy.Rel, relation: str) -> tuple[str, sympy.Basic]:
    return f"{formula.rel_op} → {relation}", related(formula.lhs, relation, formula.rhs)


def _negated(part: sympy.Add, index: int) -> tuple[str, sympy.Basic]:
    term = part.args[index]
    return f"+ {term} → −", _put(part, index)(-term)


def _without(part: sympy.Mul, index: int) -> tuple[str, sympy.Basic]:
    return f"without the factor {part.args[index]}", part.func(*part.args[:index], *part.args[index + 1 :])


def _with_entry(matrix: sympy.MatrixBase, index: int, new: sympy.Expr) -> sympy.MatrixBase:
    entries = [*matrix]
    entries[index] = new
    return sympy.ImmutableMatrix(*matrix.shape, entries)


def _changed_here(part: sympy.Basic, symbols: list[sympy.Symbol]) -> Iterator[_Make]:
    if part.is_Rational:
        yield lambda: (f"{part} → {part + 1}", part + 1)
        if part:
            yield lambda: (f"{part} → {-part}", -part)
    elif isinstance(part, sympy.Symbol):
        yield lambda: (f"{part} → {2 * part}", 2 * part)
        other = next((symbol for symbol in symbols if symbol != part and symbol.is_integer == part.is_integer), None)
        if other is not None:
            yield lambda: (f"{part} → {other}", other)
    elif isinstance(part, sympy.Indexed):
        yield lambda: (f"{part} → {2 * part}", 2 * part)
    elif part.is_Add:
        for index in range(len(part.args)):
            yield partial(_negated, part, index)
    elif part.is_Mul:
        for index, factor in enumerate(part.args):
            if not factor.is_Rational:
                yield partial(_without, part, index)
    elif type(part) in _FUNCTIONS:
        name = _FUNCTIONS[type(part)]
        yield lambda: (f"{type(part).__name__} → {name.__name__}", name(*part.args))


def _open_arguments(part: sympy.Basic) -> Iterator[int]:
    """Which arguments may be changed: not the names that an operator binds."""
    if part.is_Atom or isinstance(part, sympy.MatrixSymbol):
        return
    if isinstance(part, sympy.Indexed):
        yield from range(1, len(part.args))
    elif isinstance(part, sympy.Tuple):
        # Limits of a sum or an integral; variables with their counts of a derivative.
        yield from range(1, len(part.args))
    elif isinstance(part, sympy.Subs):
        yield from (0, 2)
    elif isinstance(part, sympy.Limit | Mean | Expectation):
        yield 0
    else:
        yield from range(len(part.args))
