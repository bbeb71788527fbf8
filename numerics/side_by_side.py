"""One function called with many arguments, here or in other processes; the results come in the order of the arguments.

What is computed does not depend on where: the same results in the same order, however many processes there are.
"""

import time
from collections.abc import Callable, Generator, Sequence
from typing import Any, Protocol, TypeVar

from emtheory.numerics.errors import CannotAnswerError

Result = TypeVar("Result")


class LostProcessError(CannotAnswerError):
    """The process of a call died, or ran out of memory; `exit_status` is None if it told so itself."""

    def __init__(self, exit_status: int | None = None) -> None:
        super().__init__("the process was lost: it needs too much memory, or it was killed")
        self.exit_status = exit_status


class Calls(Protocol):
    """A way to have a function called several times."""

    def __call__(
        self, function: Callable[..., Result], arguments: Sequence[tuple[Any, ...]], deadline: float | None
    ) -> Generator[Result | None, None, None]:
        """Yield the results in order; None for what was stopped because its time was over.

        The function, of a module, gets the seconds left, or None, after each call's arguments; the deadline is a
        reading of `time.monotonic`. LostProcessError if the process of a call was lost, or what the function raises,
        when it is the turn of that call.
        """
        ...


def one_by_one(
    function: Callable[..., Result], arguments: Sequence[tuple[Any, ...]], deadline: float | None
) -> Generator[Result | None, None, None]:
    """Call in this process, when the result is wanted.

    `function`, `arguments`, `deadline`: as for `Calls`; the function itself looks at how much time is left.
    """
    for each in arguments:
        yield function(*each, seconds_until(deadline))


def seconds_until(deadline: float | None) -> float | None:
    """Return the seconds that are left, not negative; None without a deadline."""
    return None if deadline is None else max(0.0, deadline - time.monotonic())
