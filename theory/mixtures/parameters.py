"""The parameters of a model, what is estimated of them, and shorthands for formulas in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy

from emtheory.theory.errors import ModelError, Path
from emtheory.theory.inexact import shown
from emtheory.theory.mixtures.expression import Bounded, Named
from emtheory.theory.mixtures.laws import sign_of
from emtheory.theory.mixtures.model import DOMAINS, POSITIVE, REAL, UNIT, ZERO, Parameter, Space
from emtheory.theory.mixtures.names import RESERVED, check_name
from emtheory.theory.mixtures.table import bounded_formula, formula
from emtheory.theory.near_miss import near_misses
from emtheory.theory.table import check_keys

SIMPLEX, VECTOR = "simplex", "vector"
"""Domains of what stands for several parameters: weights that sum to 1, which stand for as many but for the last, and
vectors, which stand for their coordinates."""
VECTORS = (VECTOR, {"domain": VECTOR})
"""How a vector is declared."""

MAX_PARAMETERS, MAX_SIZE, MAX_DEFINITIONS = 40, 24, 40
"""Choices: more than anyone has asked for."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Names:
    """What may stand in the formulas of a model.

    `parameters`: those that there are, in order; `groups`: name as declared → names of the parameters that it stands
    for: several for a simplex; `values`: name → its expression, of parameters, of the last weight of a simplex and of
    shorthands; `dependent`: the last weights, and the shorthands; `vectors`: name → names of its coordinates e1, e2, of
    what is a vector.
    """

    parameters: tuple[Parameter, ...]
    groups: Mapping[str, tuple[str, ...]]
    values: Named
    dependent: tuple[tuple[str, sympy.Expr], ...]
    vectors: tuple[tuple[str, tuple[str, ...]], ...]

    def declared(self, symbol: sympy.Symbol) -> str:
        """Return the name by which a parameter was declared."""
        return next(group for group, names in self.groups.items() if symbol.name in names)


def read_parameters(given: Any, estimate: Any, observed: Sequence[str], space: Space | None) -> Names:
    """Return what is declared; `estimate`, the names of what is estimated, is looked at later."""
    path: Path = ("parameters",)
    if not isinstance(given, dict) or not given:
        raise ModelError(path, "a table of parameters is wanted, such as { theta = 'real', v = 'positive' }")
    taken = {**RESERVED, **dict.fromkeys(observed, "a coordinate")}
    parameters: list[Parameter] = []
    groups: dict[str, tuple[str, ...]] = {}
    dependent: list[tuple[str, sympy.Expr]] = []
    vectors: list[tuple[str, tuple[str, ...]]] = []
    if space is not None:
        taken |= dict.fromkeys((f"e{s + 1}" for s in range(3)), "a unit vector")
    for name, declared in sorted(given.items()):
        at = (*path, name)
        check_name(name, at, taken)
        taken[name] = "a parameter"
        if space is not None and declared in VECTORS:
            made = _vector(name, space, estimated=isinstance(estimate, list) and name in estimate)
            last: list[tuple[str, sympy.Expr]] = []
            vectors.append((name, tuple(each.name for each in made if each.domain != ZERO)))
        else:
            made, last = _declared(name, declared, at)
        for each in [*(each.name for each in made), *(each for each, _ in last)]:
            if each != name:
                check_name(each, at, taken)
                taken[each] = f"a part of {name}"
        parameters += made
        dependent += last
        groups[name] = tuple(each.name for each in made)
    if len(parameters) > MAX_PARAMETERS:
        raise ModelError(path, f"{len(parameters)} parameters; at most {MAX_PARAMETERS} are accepted")
    values = {each.name: each.symbol for each in parameters} | dict(dependent)
    return Names(tuple(parameters), groups, values, tuple(dependent), tuple(vectors))


def _vector(name: str, space: Space, *, estimated: bool) -> list[Parameter]:
    """The coordinates of a vector, and of one that is estimated also that which stands for all others."""
    made = [Parameter(f"{name}_{s + 1}", REAL) for s in range(space.axes)]
    across = space.across and estimated
    return [*made, Parameter(f"{name}_{space.axes + 1}", ZERO, "0")] if across else made


def _declared(name: str, given: Any, path: Path) -> tuple[list[Parameter], list[tuple[str, sympy.Expr]]]:
    """The parameters that a declaration makes, and the last weight of a simplex."""
    table = {"domain": given} if isinstance(given, str) else given
    is_simplex = isinstance(table, dict) and table.get("domain") == SIMPLEX
    check_keys(table, path, ("domain", "default", *(("size",) if is_simplex else ())), optional=("default",))
    domain = table["domain"]
    if not is_simplex:
        if domain == VECTOR:
            raise ModelError((*path, "domain"), 'vectors are for models with a dimension: write dimension = "d"')
        if domain not in DOMAINS:
            valid = (*DOMAINS, SIMPLEX, VECTOR)
            hint = near_misses(str(domain), valid, f"valid are {', '.join(valid[:-1])} and {VECTOR}")
            raise ModelError((*path, "domain"), f"unknown domain {shown(domain)}{hint}")
        default = table.get("default")
        if default is not None:
            _check_default(default, domain, (*path, "default"))
        return [Parameter(name, domain, default)], []
    size = table["size"]
    if not isinstance(size, str) or not size.isdecimal() or not 2 <= int(size[:9]) <= MAX_SIZE:
        raise ModelError((*path, "size"), f"an integer from 2 to {MAX_SIZE} is wanted, not {shown(size)}")
    defaults = table.get("default", [None] * int(size))
    if not isinstance(defaults, list) or len(defaults) != int(size):
        raise ModelError((*path, "default"), f"a list of {size} weights is wanted")
    total = sympy.S.Zero
    for index, default in enumerate(defaults if "default" in table else ()):
        total += _check_default(default, UNIT, (*path, "default", index))
    if "default" in table and sympy.expand(total) != 1:
        raise ModelError((*path, "default"), f"the weights sum to {sympy.expand(total)}, not to 1")
    made = [Parameter(f"{name}_{index}", UNIT, default) for index, default in enumerate(defaults[:-1])]
    return made, [(f"{name}_{len(made)}", 1 - sum((each.symbol for each in made), sympy.S.Zero))]


def _check_default(text: Any, domain: str, path: Path) -> sympy.Expr:
    value = formula(text, path, {})
    inside = domain not in (POSITIVE, UNIT) or sign_of(value) == 1
    if not inside or (domain == UNIT and sign_of(1 - value) != 1):
        where = "above 0" if domain == POSITIVE else "between 0 and 1"
        raise ModelError(path, f"{text} is not {where}")
    return value


def read_estimate(given: Any, names: Names) -> tuple[str, ...]:
    """Return the parameters that are estimated; ModelError if one is no parameter or named twice."""
    if not isinstance(given, list) or not given or not all(isinstance(each, str) for each in given):
        raise ModelError(("estimate",), "a list of names of parameters is wanted, such as ['theta']")
    for index, name in enumerate(given):
        if name not in names.groups:
            hint = near_misses(name, names.groups, f"valid are {', '.join(names.groups)}")
            raise ModelError(("estimate", index), f"{name[:40]!r} is no parameter{hint}")
        if name in given[:index]:
            raise ModelError(("estimate", index), f"{name} is named twice")
    return tuple(each for name in given for each in names.groups[name])


def with_definitions(names: Names, given: Any, observed: Sequence[str]) -> Names:
    """Return the names with the shorthands of a table, which may use parameters and each other in any order."""
    path: Path = ("definitions",)
    if not isinstance(given, dict) or len(given) > MAX_DEFINITIONS:
        example = "such as { s = 'sqrt(v)' }"
        raise ModelError(path, f"a table of at most {MAX_DEFINITIONS} formulas in the parameters is wanted, {example}")
    taken = {**RESERVED, **dict.fromkeys(observed, "a coordinate"), **dict.fromkeys(names.values, "a parameter")}
    taken |= dict.fromkeys(names.groups, "a parameter")
    for name in given:
        check_name(name, (*path, name), taken)
    values: dict[str, sympy.Expr | Bounded] = dict(names.values)
    left = {name: {*_WORD.findall(str(given[name]))} & {*given} for name in sorted(given)}
    while left:
        ready = [name for name, used in left.items() if not used & {*left}]
        if not ready:
            round_about = ", ".join(left)
            raise ModelError((*path, next(iter(left))), f"these shorthands are written in each other: {round_about}")
        for name in ready:
            values[name] = bounded_formula(given[name], (*path, name), values)
            del left[name]
    made = [(name, value.value) for name, value in values.items() if isinstance(value, Bounded)]
    return replace(names, values=values, dependent=(*names.dependent, *made))
