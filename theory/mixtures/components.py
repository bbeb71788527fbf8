"""The components of the data and of a fit: coordinate by coordinate, by vectors, or as an orbit of a mean."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import sympy

from emtheory.theory.errors import ModelError, Path
from emtheory.theory.inexact import shown
from emtheory.theory.mixtures.expression import MAX_TERMS, call_of
from emtheory.theory.mixtures.laws import check_laws, is_not_positive
from emtheory.theory.mixtures.model import ARGUMENTS, NORMAL, Component, Distribution, Space
from emtheory.theory.mixtures.orbit import orbit
from emtheory.theory.mixtures.parameters import Names
from emtheory.theory.mixtures.table import formula, text_in
from emtheory.theory.table import check_keys, placed

MAX_COMPONENTS = 24
"""A choice: more than anyone has asked for."""


def read_components(
    given: Any, path: Path, coordinates: Sequence[sympy.Symbol], names: Names, space: Space | None
) -> tuple[Component, ...]:
    """Return the components of a list, or of the table of an orbit; `path` leads to the data or to the fit."""
    if isinstance(given, dict) and space is None:
        weights, at = given.get("weights"), (*path, "weights")
        if not isinstance(weights, list) or not 1 <= len(weights) <= MAX_COMPONENTS:
            raise ModelError(at, f"a list of 1 to {MAX_COMPONENTS} weights is wanted, one for each map")
        laws = orbit(given, path, coordinates, names.values)
        read = [_weight(each, (*at, j), j, names) for j, each in enumerate(weights)]
        made = [Component(weight, each) for weight, each in zip(read, laws, strict=True)]
    elif not isinstance(given, list) or not 1 <= len(given) <= MAX_COMPONENTS:
        raise ModelError(path, f"a list of 1 to {MAX_COMPONENTS} components is wanted, each a table")
    else:
        keys = [each.name for each in coordinates] if space is None else ["mean"]
        made = []
        for index, table in enumerate(given):
            at = (*path, index)
            check_keys(table, at, ("weight", *keys))
            weight = _weight(table["weight"], (*at, "weight"), index, names)
            if space is None:
                made.append(Component(weight, _laws(table, at, coordinates, names)))
            else:
                made.append(Component(weight, _spherical(table["mean"], (*at, "mean"), names, space)))
    _check_sum([each.weight for each in made], path)
    return tuple(made)


def _weight(given: Any, path: Path, index: int, names: Names) -> sympy.Expr:
    weight = formula(given, path, names.values)
    if is_not_positive(weight):
        raise ModelError(path, f"the weight {given} of component {index} is not positive")
    return weight


def _laws(
    table: Mapping[str, Any], path: Path, coordinates: Sequence[sympy.Symbol], names: Names
) -> tuple[Distribution, ...]:
    laws: list[Distribution] = []
    # A coordinate that comes later is known as well, so that the message can say that it comes too late.
    known = {**names.values, **{each.name: each for each in coordinates}}
    for coordinate in coordinates:
        at, text = (*path, coordinate.name), table[coordinate.name]
        called = placed(at, lambda text=text: call_of(text_in(text), ARGUMENTS, known))  # type: ignore[misc]
        law = Distribution(called.name, called.arguments)
        problem = check_laws(law, laws, coordinates, fitted=path[0] == "fit")
        if problem is not None:
            argument, said = problem
            raise ModelError(at, said, None if argument is None else called.columns[argument])
        laws.append(law)
    return tuple(laws)


def _spherical(given: Any, path: Path, names: Names, space: Space) -> tuple[Distribution, ...]:
    """The laws of the coordinates of a normal law with the identity for covariance, by its mean."""
    units = [sympy.Symbol(f"e{s + 1}", real=True) for s in range(space.axes)]
    parts: dict[sympy.Symbol, list[sympy.Expr]] = {
        each: [sympy.Integer(int(s == t)) for t in range(space.axes)] for s, each in enumerate(units)
    }
    for name, _ in names.vectors:
        own = [each.symbol for each in names.parameters if each.name in names.groups[name]]
        parts[sympy.Symbol(name, real=True)] = own
    mean = formula(given, path, {**names.values, **{each.name: each for each in parts}})
    slopes = {each: sympy.expand(sympy.diff(mean, each)) for each in parts}
    rest = sympy.expand(mean - sympy.Add(*(slope * each for each, slope in slopes.items())))
    if rest != 0 or any(slope.free_symbols & set(parts) for slope in slopes.values()):
        vectors = ", ".join(each.name for each in parts)
        raise ModelError(path, f"{shown(given)} is no vector: it is to be linear in {vectors}, each term with one")
    size = space.axes + space.across
    means = (
        sympy.Add(*(slope * parts[each][s] for each, slope in slopes.items() if s < len(parts[each])))
        for s in range(size)
    )
    return tuple(Distribution(NORMAL, (mean, sympy.Integer(1))) for mean in means)


def _check_sum(weights: Sequence[sympy.Expr], path: Path) -> None:
    """Check that weights add up to 1 whatever the parameters are."""
    total = sympy.expand(sympy.Add(*weights))
    if total != 1 and total.free_symbols:
        denominators = {sympy.fraction(sympy.together(weight))[1] for weight in weights}
        if math.prod(len(sympy.Add.make_args(sympy.expand(each))) for each in denominators) > MAX_TERMS:
            raise ModelError(path, "the weights have too many different denominators to tell whether they sum to 1")
        total = sympy.cancel(sympy.together(total)).replace(_is_square_of_cosine, _by_sine)
        total = sympy.cancel(total)
    if total != 1:
        raise ModelError(path, f"the weights sum to {shown(str(total)) if len(str(total)) > 80 else total}, not to 1")


def _is_square_of_cosine(part: sympy.Basic) -> bool:
    return isinstance(part, sympy.Pow) and isinstance(part.base, sympy.cos) and part.exp.is_Integer and part.exp > 1


def _by_sine(power: sympy.Pow) -> sympy.Expr:
    """cos² = 1 − sin²."""
    half, odd = divmod(power.exp, 2)
    return (1 - sympy.sin(power.base.args[0]) ** 2) ** half * power.base**odd
