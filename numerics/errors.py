"""The ways in which a request can fail without anything being wrong with the program."""

from importlib.util import find_spec

from emtheory.theory.errors import InputError

__all__ = ["CannotAnswerError", "InputError", "NothingSelectedError", "OutOfReachError", "require_packages"]


class CannotAnswerError(Exception):
    """The request is well formed, but the route asked (or every route) cannot meet it; the message says why."""


class OutOfReachError(CannotAnswerError):
    """No route can meet the request: none is worth trying after the one that found out."""


class NothingSelectedError(Exception):
    """Where no claim came from: that is an error of its own, since nothing checked must not look like a pass."""


PACKAGES = {"sklearn": "scikit-learn"} | {
    name: name for name in ("distributed", "matplotlib", "pandas", "pyarrow", "scipy", "tylax", "typst")
}
"""Module → package, of those that only some requests need."""


def require_packages(what: str, *modules: str) -> None:
    """Raise InputError if a module of `PACKAGES` that `what` needs is missing, and say how it is installed."""
    missing = [PACKAGES[name] for name in modules if find_spec(name) is None]
    if missing:
        raise InputError(f"{what} needs {' and '.join(missing)}: python -m pip install {' '.join(missing)}")
