"""From a table of text to a model, or to an error that says where it is none and what would be valid."""

import json
import keyword
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from numbers import Rational
from types import MappingProxyType
from typing import Any

import sympy

from emtheory.theory.errors import InputError, ModelError, Path, TextError
from emtheory.theory.inexact import refusal, shown
from emtheory.theory.mixtures.expression import FUNCTIONS, MAX_TERMS, call_of, expression_of
from emtheory.theory.mixtures.laws import check_laws, check_supports, sign_of
from emtheory.theory.mixtures.model import (
    ARGUMENTS,
    DOMAINS,
    POSITIVE,
    UNIT,
    Component,
    Distribution,
    MixtureModel,
    Parameter,
    canonical_text,
)
from emtheory.theory.near_miss import near_misses

SIMPLEX = "simplex"
"""The domain of weights that sum to 1, which stand for as many parameters but for the last."""

QUANTITIES = (
    "em_map",
    "em_jacobian",
    "em_rate",
    "log_likelihood",
    "kl_divergence",
    "score",
    "observed_information",
    "complete_information",
    "hessian_min_eigenvalue",
    "hessian_max_eigenvalue",
    "em_iterate",
    "posterior",
    "stationary_point",
    "fixed_point_count",
)
"""Names of the quantities of every model."""

CLAIM_KEYS = (
    "id",
    "statement",
    "k",
    "weights",
    "family",
    "model",
    "values",
    "d",
    "radius",
    "amplitudes",
    "for_all",
    "assume",
    "expect",
    "sharpen",
    "title",
    "source",
    "quote",
    "reading",
    "chapter",
)
"""Keys of a claim, beside which its model's parameters stand."""

_RESERVED: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(CLAIM_KEYS, "a key of claims")
    | dict.fromkeys((*FUNCTIONS, "min", "max", *ARGUMENTS), "a function")
    | dict.fromkeys(("pi", "inf", "e"), "a number")
    | dict.fromkeys(QUANTITIES, "a quantity")
)
"""Name → what has it already."""

_TAKES = ("title", "observed", "data", "fit", "estimate", "parameters")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")
MAX_COORDINATES, MAX_COMPONENTS, MAX_PARAMETERS, MAX_SIZE = 3, 24, 40, 24
"""Of coordinates; of components and parameters a choice: more than anyone has asked for."""
MAX_TEXT = 200_000
"""Characters of a definition. A choice: a hundred times the longest that anyone has written."""
_MAX_TITLE = 300
"""Characters of a title. A choice: three lines of text."""


@dataclass(frozen=True)
class _Names:
    """What may stand in the formulas of a model.

    Attributes
    ----------
    parameters
        Those that there are, in order.
    groups
        Name as declared → names of the parameters that it stands for: several for a simplex.
    values
        Name → its expression, of parameters and of the last weight of a simplex.
    dependent
        The last weights.
    """

    parameters: tuple[Parameter, ...]
    groups: Mapping[str, tuple[str, ...]]
    values: Mapping[str, sympy.Expr]
    dependent: tuple[tuple[str, sympy.Expr], ...]

    def declared(self, symbol: sympy.Symbol) -> str:
        """Return the name by which a parameter was declared."""
        return next(group for group, names in self.groups.items() if symbol.name in names)


@lru_cache(maxsize=256)
def model_of(text: str) -> MixtureModel:
    """Return the model that a canonical text defines.

    Parameters
    ----------
    text
        As `canonical_text` makes it.

    Raises
    ------
    InputError
        If it is none: a `ModelError` where that has a place.
    """
    if len(text) > MAX_TEXT:
        raise InputError(f"the text of a model has {len(text)} characters; at most {MAX_TEXT} are accepted")
    try:
        table = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{text[:40]!r}… is no definition of a model: {error}") from None
    if not isinstance(table, dict) or not isinstance(table.get("name"), str):
        raise InputError(f"{text[:40]!r}… is no definition of a model: a table with a name is wanted")
    return read_model(table.pop("name"), table)


def read_model(name: str, table: Mapping[str, Any]) -> MixtureModel:
    """Return the model that a table defines.

    Parameters
    ----------
    name
        Of the model.
    table
        Its keys ``data``, ``fit``, ``estimate``, ``parameters`` and perhaps ``observed`` and ``title``: lists, tables,
        text and exact numbers.

    Raises
    ------
    ModelError
        If it is no model: with the keys that lead to what is wrong, and the column in a formula.
    """
    if not isinstance(name, str) or not _MODEL_NAME.fullmatch(name):
        raise ModelError((), f"{shown(name)} is no name of a model: letters, digits, hyphens and underscores are")
    plain = _plain(table, (), 0)
    _check_keys(plain, (), _TAKES, optional=("title", "observed"))
    title = plain.get("title", "")
    if not isinstance(title, str) or len(title) > _MAX_TITLE or not title.isprintable():
        raise ModelError(("title",), f"a line of at most {_MAX_TITLE} characters is wanted")
    text = canonical_text(name, plain)
    if len(text) > MAX_TEXT:
        raise ModelError((), f"the definition has {len(text)} characters; at most {MAX_TEXT} are accepted")
    observed = _observed(plain.get("observed", ["x"]))
    names = _parameters(plain["parameters"], observed)
    estimate = _estimate(plain["estimate"], names)
    coordinates = tuple(sympy.Symbol(each, real=True) for each in observed)
    data = _components(plain["data"], ("data",), coordinates, names)
    fit = _components(plain["fit"], ("fit",), coordinates, names)
    # In an order that does not depend on that of the table, which a canonical text does not have.
    order = sorted(
        names.parameters, key=lambda each: (estimate.index(each.name) if each.name in estimate else math.inf, each.name)
    )
    model = MixtureModel(name, title, observed, data, fit, estimate, tuple(order), names.dependent, text)
    _check_uses(model, names)
    check_supports(model)
    return model


def _plain(value: Any, path: Path, depth: int) -> Any:
    """A table with numbers as text, whatever types TOML, JSON and Python have for them."""
    if depth > 4:
        raise ModelError(path, "tables and lists are nested too deeply")
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise ModelError(path, f"the key {shown(key)} is no text")
        return {key: _plain(each, (*path, key), depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, (*path, index), depth + 1) for index, each in enumerate(value)]
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal | Rational) and not isinstance(value, bool):
        return str(value)
    raise ModelError(path, refusal(value, str(path[-1]) if path else "the model"))


def _check_keys(table: Any, path: Path, valid: Sequence[str], optional: Sequence[str] = ()) -> None:
    if not isinstance(table, dict):
        raise ModelError(path, f"a table with the keys {', '.join(valid)} is wanted, not {shown(table)}")
    known = f"valid are {', '.join(valid)}"
    for key in table:
        if key not in valid:
            raise ModelError((*path, key), f"unknown key{near_misses(key, valid, known)}")
    for key in valid:
        if key not in table and key not in optional:
            raise ModelError(path, f"{key} is missing: {known}")


def _check_name(name: str, path: Path, taken: Mapping[str, str]) -> None:
    """Check that something new may be called `name`; `taken` says what has a name already."""
    if not _NAME.fullmatch(name):
        problem = "a name has at most 31 letters, digits and underscores, a letter first"
    elif keyword.iskeyword(name):
        problem = (
            f"this word is reserved in formulas; write {name[:3]}" if name == "lambda" else "this word is reserved"
        )
    elif name.startswith("amplitude_"):
        problem = "names that begin so are those of amplitudes"
    elif name in taken:
        problem = f"this name is that of {taken[name]} already"
    else:
        return
    raise ModelError(path, f"{name[:40]!r}: {problem}")


def _observed(given: Any) -> tuple[str, ...]:
    if (
        not isinstance(given, list)
        or not 1 <= len(given) <= MAX_COORDINATES
        or not all(isinstance(n, str) for n in given)
    ):
        raise ModelError(("observed",), f"a list of 1 to {MAX_COORDINATES} names is wanted, such as ['x', 'y']")
    taken = {**_RESERVED, "weight": "a key of components", "j": "an argument of posterior"}
    for index, name in enumerate(given):
        _check_name(name, ("observed", index), taken)
        taken[name] = "a coordinate"
    return tuple(given)


def _parameters(given: Any, observed: Sequence[str]) -> _Names:
    path: Path = ("parameters",)
    if not isinstance(given, dict) or not given:
        raise ModelError(path, "a table of parameters is wanted, such as { theta = 'real', v = 'positive' }")
    taken = {**_RESERVED, **dict.fromkeys(observed, "a coordinate")}
    parameters: list[Parameter] = []
    groups: dict[str, tuple[str, ...]] = {}
    dependent: list[tuple[str, sympy.Expr]] = []
    for name, declared in sorted(given.items()):
        at = (*path, name)
        _check_name(name, at, taken)
        taken[name] = "a parameter"
        made, last = _declared(name, declared, at)
        for each in [*(each.name for each in made), *(each for each, _ in last)]:
            if each != name:
                _check_name(each, at, taken)
                taken[each] = f"a weight of the simplex {name}"
        parameters += made
        dependent += last
        groups[name] = tuple(each.name for each in made)
    if len(parameters) > MAX_PARAMETERS:
        raise ModelError(path, f"{len(parameters)} parameters; at most {MAX_PARAMETERS} are accepted")
    values = {each.name: each.symbol for each in parameters} | dict(dependent)
    return _Names(tuple(parameters), groups, values, tuple(dependent))


def _declared(name: str, given: Any, path: Path) -> tuple[list[Parameter], list[tuple[str, sympy.Expr]]]:
    """The parameters that a declaration makes, and the last weight of a simplex."""
    table = {"domain": given} if isinstance(given, str) else given
    is_simplex = isinstance(table, dict) and table.get("domain") == SIMPLEX
    _check_keys(table, path, ("domain", "default", *(("size",) if is_simplex else ())), optional=("default",))
    domain = table["domain"]
    if not is_simplex:
        if domain not in DOMAINS:
            hint = near_misses(str(domain), (*DOMAINS, SIMPLEX), f"valid are {', '.join(DOMAINS)} and {SIMPLEX}")
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
    value = _formula(text, path, {})
    inside = domain not in (POSITIVE, UNIT) or sign_of(value) == 1
    if not inside or (domain == UNIT and sign_of(1 - value) != 1):
        where = "above 0" if domain == POSITIVE else "between 0 and 1"
        raise ModelError(path, f"{text} is not {where}")
    return value


def _estimate(given: Any, names: _Names) -> tuple[str, ...]:
    if not isinstance(given, list) or not given or not all(isinstance(each, str) for each in given):
        raise ModelError(("estimate",), "a list of names of parameters is wanted, such as ['theta']")
    for index, name in enumerate(given):
        if name not in names.groups:
            hint = near_misses(name, names.groups, f"valid are {', '.join(names.groups)}")
            raise ModelError(("estimate", index), f"{name[:40]!r} is no parameter{hint}")
        if name in given[:index]:
            raise ModelError(("estimate", index), f"{name} is named twice")
    return tuple(each for name in given for each in names.groups[name])


def _components(given: Any, path: Path, coordinates: Sequence[sympy.Symbol], names: _Names) -> tuple[Component, ...]:
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_COMPONENTS:
        raise ModelError(path, f"a list of 1 to {MAX_COMPONENTS} components is wanted, each a table")
    made = []
    for index, table in enumerate(given):
        at = (*path, index)
        _check_keys(table, at, ("weight", *(each.name for each in coordinates)))
        weight = _formula(table["weight"], (*at, "weight"), names.values)
        if not weight.free_symbols and sign_of(weight) != 1:
            raise ModelError((*at, "weight"), f"the weight {table['weight']} of component {index} is not positive")
        made.append(Component(weight, _laws(table, at, coordinates, names)))
    _check_sum([each.weight for each in made], path)
    return tuple(made)


def _laws(
    table: Mapping[str, Any], path: Path, coordinates: Sequence[sympy.Symbol], names: _Names
) -> tuple[Distribution, ...]:
    laws: list[Distribution] = []
    # A coordinate that comes later is known as well, so that the message can say that it comes too late.
    known = {**names.values, **{each.name: each for each in coordinates}}
    for coordinate in coordinates:
        at, text = (*path, coordinate.name), table[coordinate.name]
        called = _placed(at, lambda text=text: call_of(_text(text), ARGUMENTS, known))  # type: ignore[misc]
        law = Distribution(called.name, called.arguments)
        problem = check_laws(law, laws, coordinates, fitted=path[0] == "fit")
        if problem is not None:
            argument, said = problem
            raise ModelError(at, said, None if argument is None else called.columns[argument])
        laws.append(law)
    return tuple(laws)


def _check_sum(weights: Sequence[sympy.Expr], path: Path) -> None:
    """Check that weights add up to 1 whatever the parameters are."""
    total = sympy.expand(sympy.Add(*weights))
    if total != 1 and total.free_symbols:
        denominators = {sympy.fraction(sympy.together(weight))[1] for weight in weights}
        if math.prod(len(sympy.Add.make_args(sympy.expand(each))) for each in denominators) > MAX_TERMS:
            raise ModelError(path, "the weights have too many different denominators to tell whether they sum to 1")
        total = sympy.cancel(sympy.together(total))
    if total != 1:
        raise ModelError(path, f"the weights sum to {shown(str(total)) if len(str(total)) > 80 else total}, not to 1")


def _check_uses(model: MixtureModel, names: _Names) -> None:
    """Check that each parameter stands where it may and somewhere."""
    estimated = set(model.estimated)
    for kind, components in (("data", model.data), ("fit", model.fit)):
        for index, component in enumerate(components):
            for key, used in _symbols(component, model.observed):
                found = used & estimated
                if found and kind == "data":
                    name = names.declared(min(found, key=str))
                    problem = f"{name} is estimated, and the law of the data does not change with it"
                    raise ModelError((kind, index, key), f"{problem}: give the truth a name of its own")
    parts = {kind: _used(components, model.observed) for kind, components in (("data", model.data), ("fit", model.fit))}
    for name, members in names.groups.items():
        symbols = {each.symbol for each in model.parameters if each.name in members}
        if name in model.estimate or set(members) <= set(model.estimate):
            if not symbols & parts["fit"]:
                raise ModelError(("estimate",), f"{name} is estimated, but does not stand in the fit")
        elif not symbols & (parts["data"] | parts["fit"]):
            raise ModelError(("parameters", name), f"{name} stands neither in the data nor in the fit: leave it out")


def _symbols(component: Component, observed: Sequence[str]) -> list[tuple[str, set[sympy.Symbol]]]:
    laws = zip(observed, component.laws, strict=True)
    return [("weight", component.weight.free_symbols)] + [
        (name, set().union(*(each.free_symbols for each in law.arguments))) for name, law in laws
    ]


def _used(components: Sequence[Component], observed: Sequence[str]) -> set[sympy.Symbol]:
    return {symbol for each in components for _, used in _symbols(each, observed) for symbol in used}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise InputError(f"text is wanted, not {shown(value)}")
    return value


def _formula(value: Any, path: Path, names: Mapping[str, sympy.Expr]) -> sympy.Expr:
    return _placed(path, lambda: expression_of(_text(value), names))


def _placed(path: Path, read: Callable[[], Any]) -> Any:
    """What `read` returns; its errors get the path."""
    try:
        return read()
    except TextError as error:
        raise ModelError(path, error.problem, error.column) from None
    except InputError as error:
        raise ModelError(path, str(error)) from None
