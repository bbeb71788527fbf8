"""Which code a number comes from: what was stored counts only as long as the code is the same."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("theory", "numerics")
_LIBRARIES = ("gmpy2", "mpmath", "numpy", "python-flint", "scipy", "sympy")


@cache
def code_fingerprint() -> str:
    """Return a SHA-256 digest of the sources of `theory` and `numerics` and of the versions of their libraries."""
    digest = sha256()
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    root = Path(__file__).parent.parent
    for package in _PACKAGES:
        for source in sorted((root / package).rglob("*.py")):
            digest.update(f"{source.relative_to(root).as_posix()}\n".encode() + source.read_bytes())
    return digest.hexdigest()
