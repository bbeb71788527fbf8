"""The quantities: a file for each kind, with `QUANTITIES`; a new file here, or a new line in one, is everywhere.

A quantity says what it means, which routes compute it and where, how a proof of what a search found is checked, and
how it is followed over intervals of radii. Nothing of that is imported before it is needed. Installed packages may add
quantities (`emtheory.theory.plugins`), whose routes are functions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType

from emtheory.numerics.errors import InputError
from emtheory.numerics.families import FAMILIES, find_family
from emtheory.numerics.names import SEPARATOR, is_model
from emtheory.numerics.quantity import Quantity
from emtheory.theory.near_miss import near_misses
from emtheory.theory.plugins import QUANTITIES as PLUGGED
from emtheory.theory.plugins import plugins


def _found() -> Mapping[str, Quantity]:
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    quantities: list[Quantity] = [quantity for module in modules for quantity in module.QUANTITIES]
    quantities += [quantity for module in plugins(PLUGGED).values() for quantity in _added_by(module)]
    for family in FAMILIES.values():
        quantities += [replace(each, name=family.full_name(each.name)) for each in family.quantities]
    repeated = {quantity.name for quantity in quantities if sum(quantity.name == q.name for q in quantities) > 1}
    if repeated:
        raise InputError(f"quantities that are defined twice: {', '.join(sorted(repeated))}")
    return MappingProxyType({quantity.name: quantity for quantity in quantities})


def _added_by(module: ModuleType) -> Sequence[Quantity]:
    """The quantities of an installed package's module; InputError if it does not say which they are."""
    added = getattr(module, "QUANTITIES", None)
    if not isinstance(added, list | tuple) or not all(isinstance(each, Quantity) for each in added):
        raise InputError(f"{module.__name__} adds no quantities: it needs QUANTITIES, a tuple of Quantity")
    return added


QUANTITIES: Mapping[str, Quantity] = _found()
"""Name → quantity, kind by kind; those of a family, such as ``two-means``, by their full names. Those of models are
found by `find_quantity` only."""


@lru_cache(maxsize=1024)
def _of_model(name: str) -> Quantity:
    text, _, short = name.rpartition(SEPARATOR)
    family = find_family(text)
    for quantity in family.quantities:
        if quantity.name == short:
            return replace(quantity, name=name)
    names = [each.name for each in family.quantities]
    hint = near_misses(short, names, f"valid are {', '.join(names)}")
    raise InputError(f"unknown quantity {short[:60]!r} of the model {family.label}{hint}")


def find_quantity(name: str) -> Quantity:
    """Return the quantity called `name`; InputError with a suggestion if there is none."""
    if name in QUANTITIES:
        return QUANTITIES[name]
    if is_model(name):
        return _of_model(name)
    family = next((each.name for each in FAMILIES.values() if each.full_name(name) in QUANTITIES), "")
    if family:
        raise InputError(f"{name} is a quantity of the family {family}: name that too (--family {family})")
    hint = near_misses(name, QUANTITIES, "'emtheory quantities' lists all")
    raise InputError(f"unknown quantity {name[:60]!r}{hint}")
