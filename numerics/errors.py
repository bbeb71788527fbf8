"""The ways in which a request can fail without anything being wrong with the program."""

from emtheory.theory.errors import InputError

__all__ = ["CannotAnswerError", "InputError", "NothingSelectedError", "OutOfReachError"]


class CannotAnswerError(Exception):
    """The request is well formed, but the route asked (or every route) cannot meet it; the message says why."""


class OutOfReachError(CannotAnswerError):
    """No route can meet the request: none is worth trying after the one that found out."""


class NothingSelectedError(Exception):
    """Where no claim came from: that is an error of its own, since nothing checked must not look like a pass."""
