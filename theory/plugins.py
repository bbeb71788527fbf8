"""Installed packages that add to the catalogue and to the quantities, found by their entry points.

An entry point of the group `SOURCES` names a package with files like those of a folder of ``theory/claims``, or modules
in their place, and perhaps a package ``derivations``; one of the group `QUANTITIES` a module with ``QUANTITIES``.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages
from types import MappingProxyType, ModuleType

from emtheory.theory.errors import InputError

SOURCES, QUANTITIES = "emtheory.sources", "emtheory.quantities"

_DERIVATIONS = "derivations"
"""The package in a source that holds derivations, a module each."""
_CODE = (".py", ".so", ".pyd")
"""How the names of files of code end."""


@cache
def plugins(group: str) -> Mapping[str, ModuleType]:
    """Return what entry points of a `group` name, by name; InputError if one is not imported, or two share a name."""
    found: dict[str, ModuleType] = {}
    for point in _points(group):
        if point.name in found:
            raise InputError(f"{_described(point)}: another package has an entry point of this name in {group}")
        try:
            found[point.name] = import_module(point.value)
        except Exception as error:
            raise InputError(f"{_described(point)} cannot be imported: {type(error).__name__}: {error}") from error
    return MappingProxyType(found)


def source_folders() -> Iterator[tuple[str, Path]]:
    """Yield the name and the folder of each source that a package adds."""
    for source, package in plugins(SOURCES).items():
        yield from ((source, Path(folder)) for folder in _path_of(package))


def statement_modules() -> Iterator[tuple[str, str]]:
    """Yield the name of a source that a package adds, and the full name of a module of it, for each of its entries."""
    for source, package in plugins(SOURCES).items():
        for module in _modules_in(package):
            if not module.startswith(f"{package.__name__}.{_DERIVATIONS}."):
                yield source, module


def derivation_modules() -> Iterator[str]:
    """Yield the full names of the modules with derivations that packages add."""
    for package in plugins(SOURCES).values():
        beginning = f"{package.__name__}.{_DERIVATIONS}."
        yield from (module for module in _modules_in(package) if module.startswith(beginning))


def plugin_files() -> Iterator[tuple[str, Path]]:
    """Yield all files of code of the packages that entry points are in, each with what stands for its place."""
    tops = sorted({point.value.partition(".")[0] for group in (SOURCES, QUANTITIES) for point in _points(group)})
    for top in tops:
        spec = find_spec(top)
        if spec is None:
            continue  # That it cannot be imported is told where it is asked for.
        if spec.submodule_search_locations is None:
            yield top, Path(str(spec.origin))
            continue
        for folder in map(Path, spec.submodule_search_locations):
            for file in sorted(each for each in folder.rglob("*") if each.suffix in _CODE):
                yield f"{top}/{file.relative_to(folder).as_posix()}", file


def _points(group: str) -> list[EntryPoint]:
    return sorted(entry_points(group=group), key=lambda point: (point.name, point.value))


def _described(point: EntryPoint) -> str:
    package = f" of the package {point.dist.name}" if point.dist is not None else ""
    return f"the entry point {point.name} = {point.value}{package}"


def _modules_in(package: ModuleType) -> list[str]:
    found = walk_packages(_path_of(package), f"{package.__name__}.")
    return [module.name for module in found if not module.ispkg]


def _path_of(package: ModuleType) -> Sequence[str]:
    if not hasattr(package, "__path__"):
        what = "a source is a folder with source.toml and a file for each entry"
        raise InputError(f"{package.__name__} is no package: {what}")
    return package.__path__
