"""Which code a number comes from: what was stored counts only as long as the code is the same."""

import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

_LIBRARIES = ("gmpy2", "mpmath", "numpy", "python-flint", "scipy", "sympy")


@cache
def code_fingerprint(*packages: str, without: tuple[str, ...] = ()) -> str:
    """Return a SHA-256 digest of the sources of packages, and of the versions of Python and the libraries.

    Parameters
    ----------
    packages
        Top-level packages of this distribution; `theory` and `numerics`, which make the numbers, if none is named.
    without
        Folders in them whose sources do not count, such as ``theory/claims``.
    """
    digest = sha256(platform.python_version().encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    root = Path(__file__).parent.parent
    for package in packages or ("theory", "numerics"):
        for source in sorted((root / package).rglob("*.py")):
            name = source.relative_to(root).as_posix()
            if not name.startswith(tuple(f"{folder}/" for folder in without)):
                digest.update(f"{name}\n".encode() + source.read_bytes())
    return digest.hexdigest()
