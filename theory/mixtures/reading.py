"""From a table of text to a model, or to an error that says where it is none and what would be valid."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sympy

from emtheory.theory.errors import InputError, ModelError
from emtheory.theory.inexact import shown
from emtheory.theory.mixtures.components import read_components
from emtheory.theory.mixtures.laws import check_supports
from emtheory.theory.mixtures.model import Component, MixtureModel, Space, canonical_text
from emtheory.theory.mixtures.names import RESERVED, check_name
from emtheory.theory.mixtures.parameters import VECTORS, Names, read_estimate, read_parameters, with_definitions
from emtheory.theory.mixtures.table import plain
from emtheory.theory.table import check_keys

TAKES = ("title", "observed", "dimension", "data", "fit", "estimate", "parameters", "definitions")
OPTIONAL = ("title", "observed", "dimension", "definitions")
"""The keys of a model, and those that it may do without."""
_MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")
MAX_COORDINATES = 3
"""What is enclosed is integrated over one to three."""
MAX_DIMENSION = 10**6
"""A choice: nothing is computed for each dimension."""
MAX_AXES = 3
"""Coordinates of vectors that are written; one more stands for all others."""
MAX_TEXT = 200_000
"""Characters of a definition. A choice: a hundred times the longest that anyone has written."""
_MAX_TITLE = 300
"""Characters of a title. A choice: three lines of text."""


@lru_cache(maxsize=256)
def model_of(text: str, columns: int = 0) -> MixtureModel:
    """Return the model that a canonical text defines.

    `text`: as `canonical_text` makes it; `columns`: of data, which decide on the dimension of a model that is one in
    several, with all coordinates written; or 0. InputError if it is none: a `ModelError` where that has a place.
    """
    if len(text) > MAX_TEXT:
        raise InputError(f"the text of a model has {len(text)} characters; at most {MAX_TEXT} are accepted")
    try:
        table = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{text[:40]!r}… is no definition of a model: {error}") from None
    if not isinstance(table, dict) or not isinstance(table.get("name"), str):
        raise InputError(f"{text[:40]!r}… is no definition of a model: a table with a name is wanted")
    return read_model(table.pop("name"), table, columns)


def read_model(name: str, table: Mapping[str, Any], columns: int = 0) -> MixtureModel:
    """Return the model that a table defines.

    ModelError if it is no model: with the keys that lead to what is wrong, and the column in a formula.

    `name`: of the model; `table`: its keys ``data``, ``fit``, ``estimate``, ``parameters`` and perhaps ``observed`` or
    ``dimension``, ``definitions`` and ``title``: lists, tables, text and exact numbers; `columns`: of data, as for
    `model_of`.
    """
    if not isinstance(name, str) or not _MODEL_NAME.fullmatch(name):
        raise ModelError((), f"{shown(name)} is no name of a model: letters, digits, hyphens and underscores are")
    given = plain(table, (), 0)
    check_keys(given, (), TAKES, optional=OPTIONAL)
    title = given.get("title", "")
    if not isinstance(title, str) or len(title) > _MAX_TITLE or not title.isprintable():
        raise ModelError(("title",), f"a line of at most {_MAX_TITLE} characters is wanted")
    text = canonical_text(name, given)
    if len(text) > MAX_TEXT:
        raise ModelError((), f"the definition has {len(text)} characters; at most {MAX_TEXT} are accepted")
    space = _space(given, columns) if "dimension" in given else None
    size = 0 if space is None else space.axes + space.across
    observed = _observed(given.get("observed", ["x"])) if space is None else tuple(f"x{s + 1}" for s in range(size))
    names = read_parameters(given["parameters"], given["estimate"], observed, space)
    estimate = read_estimate(given["estimate"], names)
    names = with_definitions(names, given.get("definitions", {}), observed)
    coordinates = tuple(sympy.Symbol(each, real=True) for each in observed)
    data = read_components(given["data"], ("data",), coordinates, names, space)
    fit = read_components(given["fit"], ("fit",), coordinates, names, space)
    # In an order that does not depend on that of the table, which a canonical text does not have.
    order = sorted(
        names.parameters, key=lambda each: (estimate.index(each.name) if each.name in estimate else math.inf, each.name)
    )
    model = MixtureModel(
        name, title, observed, data, fit, estimate, tuple(order), names.dependent, text, names.vectors, space
    )
    _check_uses(model, names, given)
    check_supports(model)
    return model


def _space(given: Mapping[str, Any], columns: int) -> Space:
    """Where the vectors of a model are; with as many coordinates as columns, if there are any."""
    if "observed" in given:
        raise ModelError(("observed",), "coordinates are named in models without a dimension: leave it out")
    declared, dimension = given["parameters"], given["dimension"]
    vectors = sum(each in VECTORS for each in declared.values()) if isinstance(declared, dict) else 0
    least = max([1, *map(int, re.findall(r"\be([1-9])\b", json.dumps([given["data"], given["fit"]])))])
    # More vectors than three would have more parameters than are in reach, and are mostly asked for in a plane.
    axes = min(MAX_AXES, max(least, vectors if vectors <= MAX_AXES else 2))
    if dimension == "d" and columns >= least:
        return Space(f"d = {columns}", columns, across=False, is_one=True)
    if dimension == "d":
        return Space(f"every d from {axes + 1} on", axes, across=True, is_one=False)
    sizes = dimension if isinstance(dimension, list) else [dimension]
    if not sizes or not all(isinstance(n, str) and n.isdecimal() and 1 <= int(n[:9]) <= MAX_DIMENSION for n in sizes):
        problem = f"'d', an integer from 1 to {MAX_DIMENSION} or a list of such is wanted, not {shown(dimension)}"
        raise ModelError(("dimension",), problem)
    wanted = [int(n) for n in sizes]
    axes = min(axes, *wanted)
    if min(wanted) == MAX_AXES < max(wanted) and least < MAX_AXES:
        axes = min(axes, 2)
    if len({n > axes for n in wanted}) > 1:
        problem = f"{axes} coordinates are written, and d = {axes} has no other: make a model of its own for it"
        raise ModelError(("dimension",), problem)
    if columns in wanted:
        return Space(f"d = {columns}", columns, across=False, is_one=True)
    across = wanted[0] > axes
    return Space(f"d = {', '.join(sizes)}", axes, across=across, is_one=wanted == [axes + across])


def _observed(given: Any) -> tuple[str, ...]:
    if (
        not isinstance(given, list)
        or not 1 <= len(given) <= MAX_COORDINATES
        or not all(isinstance(n, str) for n in given)
    ):
        raise ModelError(("observed",), f"a list of 1 to {MAX_COORDINATES} names is wanted, such as ['x', 'y']")
    taken = {**RESERVED, "weight": "a key of components", "j": "an argument of posterior"}
    for index, name in enumerate(given):
        check_name(name, ("observed", index), taken)
        taken[name] = "a coordinate"
    return tuple(given)


def _check_uses(model: MixtureModel, names: Names, given: Mapping[str, Any]) -> None:
    """Check that each parameter stands where it may and somewhere."""
    estimated = set(model.estimated)
    for kind, components in (("data", model.data), ("fit", model.fit)):
        for index, component in enumerate(components):
            for key, parts in _parts(component, model):
                at = (kind, index, key) if isinstance(given[kind], list) else (kind,)
                if found := _symbols(parts) & estimated if kind == "data" else set():
                    name = names.declared(min(found, key=str))
                    problem = f"{name} is estimated, and the law of the data does not change with it"
                    raise ModelError(at, f"{problem}: give the truth a name of its own")
                for call in sorted({each for part in parts for each in part.atoms(sympy.Function)}, key=str):
                    if found := call.free_symbols & estimated:
                        name = names.declared(min(found, key=str))
                        problem = f"{name} is estimated and stands in {call}: the M-step has no solution in closed form"
                        raise ModelError(at, f"{problem}; make the value of {call} the parameter")
    used = {
        kind: {symbol for each in components for _, parts in _parts(each, model) for symbol in _symbols(parts)}
        for kind, components in (("data", model.data), ("fit", model.fit))
    }
    for name, members in names.groups.items():
        symbols = {each.symbol for each in model.parameters if each.name in members}
        if name in model.estimate or set(members) <= set(model.estimate):
            if not symbols & used["fit"]:
                raise ModelError(("estimate",), f"{name} is estimated, but does not stand in the fit")
        elif not symbols & (used["data"] | used["fit"]):
            raise ModelError(("parameters", name), f"{name} stands neither in the data nor in the fit: leave it out")


def _parts(component: Component, model: MixtureModel) -> list[tuple[str, tuple[sympy.Expr, ...]]]:
    """The expressions of a component by the keys under which they are written."""
    keys = model.observed if model.space is None else ("mean",) * len(model.observed)
    laws = zip(keys, component.laws, strict=True)
    return [("weight", (component.weight,)), *((key, law.arguments) for key, law in laws)]


def _symbols(parts: Sequence[sympy.Expr]) -> set[sympy.Symbol]:
    return set().union(*(each.free_symbols for each in parts))
