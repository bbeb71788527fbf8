"""The ways in which a request can fail without anything being wrong with the program."""

from importlib.util import find_spec

from emtheory.theory.errors import InputError

__all__ = ["CannotAnswerError", "InputError", "NothingSelectedError", "OutOfReachError", "require_package"]


class CannotAnswerError(Exception):
    """The request is well formed, but the route asked (or every route) cannot meet it; the message says why."""


class OutOfReachError(CannotAnswerError):
    """No route can meet the request: none is worth trying after the one that found out."""


class NothingSelectedError(Exception):
    """Where no claim came from: that is an error of its own, since nothing checked must not look like a pass."""


def require_package(module: str, package: str, what: str) -> None:
    """Raise InputError if a package is missing that only some requests need, and say how it is installed.

    Parameters
    ----------
    module, package
        Its names, when it is imported and when it is installed.
    what
        Needs it.
    """
    if find_spec(module) is None:
        raise InputError(f"{what} needs {package}: python -m pip install {package}")
