"""The families of mixtures beyond the tied one: a file for each, with a `FAMILY`; a new file here is everywhere.

A family names its variables and its quantities, and says where each is computed (docs/families.md). Nothing of that is
imported before it is needed.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.family import Family
from emtheory.numerics.names import SEPARATOR, is_model, label_of, short_name
from emtheory.numerics.quantity import Quantity, resolve
from emtheory.theory.near_miss import near_misses


def _found() -> Mapping[str, Family]:
    families: list[Family] = [import_module(f"{__name__}.{module.name}").FAMILY for module in iter_modules(__path__)]
    names = [family.name for family in families]
    if len(set(names)) < len(names):
        raise ValueError(f"a family is defined twice: {', '.join(names)}")
    return MappingProxyType({family.name: family for family in families})


FAMILIES: Mapping[str, Family] = _found()
"""Name → family."""


def check_family(quantity: Quantity, case: Case) -> None:
    """Raise InputError if a quantity is not one of a case's family, or needs a variable that has no value."""
    family = quantity.name.rpartition(SEPARATOR)[0]
    if family != case.family:
        kinds = [f"the family {label_of(name)}" if name else "tied mixtures" for name in (family, case.family)]
        raise InputError(f"{short_name(quantity.name)} is a quantity of {kinds[0]}, and the case is one of {kinds[1]}")
    if family:
        find_family(family).check(quantity, case)


def find_family(name: str) -> Family:
    """Return the family called `name`, or of the model that it is the text of; InputError if there is none."""
    if name in FAMILIES:
        return FAMILIES[name]
    if is_model(name):
        # What follows models over points and boxes is loaded for them only.
        found: Family = resolve("models.family:family_of")(name)
        return found
    hint = near_misses(name, FAMILIES, f"valid are {', '.join(FAMILIES)}")
    raise InputError(f"unknown family {name[:60]!r}{hint}")
