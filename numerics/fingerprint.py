"""Which code a number comes from: what was stored counts only as long as the code is the same."""

import os
import platform
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from emtheory.theory.plugins import plugin_files

_LIBRARIES = ("gmpy2", "mpmath", "numpy", "python-flint", "scipy", "sympy")

_SOURCES = (".py", ".toml", ".v", ".so", ".pyd")
"""How the names of files end that a result may depend on: Python, models, Rocq, and what is compiled."""

_ROOT = Path(__file__).parent.parent
_PACKAGE = __name__.partition(".")[0]


def code_fingerprint(*packages: str, without: tuple[str, ...] = ()) -> str:
    """Return a SHA-256 digest of the sources of packages, and of the versions of Python and the libraries.

    Packages are top-level ones of this distribution, `theory` and `numerics`, which make the numbers, if none is named;
    sources in the folders `without`, such as ``theory/claims``, do not count.

    A family or a quantity may come from a folder beside the package, by a link or by a longer ``__path__``. Then the
    sources there count, and those of all modules loaded that are neither part of the package nor installed. Those of
    installed packages with entry points of ours (`emtheory.theory.plugins`) count always.
    """
    return sha256(f"{package_fingerprint(*packages, without=without)}{_beside()}".encode()).hexdigest()


def package_fingerprint(*packages: str, without: tuple[str, ...] = ()) -> str:
    """Return the same of the package alone, by which one process tells whether another one runs its code.

    What is put beside the package is known by what a process has loaded, in which processes differ.
    """
    return _of_package(packages or ("theory", "numerics"), without)


@cache
def _of_package(packages: tuple[str, ...], without: tuple[str, ...]) -> str:
    digest = sha256(platform.python_version().encode())
    for name, number in versions(*_LIBRARIES).items():
        digest.update(f"{name} {number}\n".encode())
    for package in packages:
        for source in _sources(_ROOT / package):
            name = source.relative_to(_ROOT).as_posix()
            if not name.startswith(tuple(f"{folder}/" for folder in without)):
                digest.update(f"{name}\n".encode() + source.read_bytes())
    for name, source in plugin_files():
        digest.update(f"{name}\n".encode() + source.read_bytes())
    return digest.hexdigest()


def versions(*names: str) -> dict[str, str]:
    """Return package → version, of those that are installed: some are extras."""
    return {name: found for name in names if (found := _version(name)) is not None}


@cache
def _version(name: str) -> str | None:
    """Return the version of a package, None if it is not installed; what tells takes a millisecond to read."""
    with suppress(PackageNotFoundError):
        return version(name)
    return None


def _beside() -> str:
    """Return a digest of what is put beside the package; empty if there is nothing."""
    ours = [module for name, module in list(sys.modules.items()) if name.partition(".")[0] == _PACKAGE]
    folders = {folder for module in ours for folder in getattr(module, "__path__", ())}
    outside = sorted(folder for folder in folders if not _lies_in(folder, str(_ROOT)))
    files = [module.__file__ for module in ours if getattr(module, "__file__", None)]
    if not outside and all(_lies_in(file, str(_ROOT)) for file in files if file is not None):
        return ""
    installed = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
    loaded = {getattr(module, "__file__", None) for name, module in list(sys.modules.items()) if name != "__main__"}
    others = {file for file in loaded if file and not _lies_in(file, str(_ROOT), *installed)}
    digest = sha256()
    for source in sorted({*map(Path, others), *(each for folder in outside for each in _sources(Path(folder)))}):
        digest.update(f"{source}\n".encode() + source.read_bytes())
    return digest.hexdigest()


def _lies_in(path: str, *folders: str) -> bool:
    return path.startswith(tuple(f"{folder}{os.sep}" for folder in folders)) or path in folders


def _sources(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder that a result may depend on, in order; links to folders are followed, each once."""
    seen: set[str] = set()
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if os.path.realpath(Path(parent, name)) not in seen]
        seen |= {os.path.realpath(Path(parent, name)) for name in folders}
        found += [Path(parent, name) for name in names if name.endswith(_SOURCES)]
    return iter(sorted(found))
