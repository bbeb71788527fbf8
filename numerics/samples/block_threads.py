"""Threads that share a list of blocks, in an order that does not depend on how many they are."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import chain, pairwise
from typing import Protocol, TypeVar

from threadpoolctl import ThreadpoolController

Item = TypeVar("Item")
Result = TypeVar("Result")

_WORTH_THREADS = 8
"""Items from which on they are shared: waking a thread takes about as long as one."""


class Workers(Protocol):
    """Applies work that gives a list, one result an item, to all items; the list is the same whoever does it."""

    def __call__(self, work: Callable[[Iterable[Item]], list[Result]], items: Iterable[Item]) -> list[Result]:
        """Return the results in the order of the items."""


def alone(work: Callable[[Iterable[Item]], list[Result]], items: Iterable[Item]) -> list[Result]:
    """Work without others."""
    return work(items)


@contextmanager
def workers(threads: int) -> Iterator[Workers]:
    """Provide so many threads, the caller's among them; sequences are cut into a run for each.

    Meanwhile matrix products use one thread each: theirs would compete with ours and change rounding.
    """

    def shared(work: Callable[[Iterable[Item]], list[Result]], items: Iterable[Item]) -> list[Result]:
        if threads == 1 or not isinstance(items, Sequence) or len(items) < _WORTH_THREADS:
            return work(items)
        runs = min(threads, len(items))
        cuts = [len(items) * i // runs for i in range(runs + 1)]
        first, *others = (items[begin:end] for begin, end in pairwise(cuts))
        elsewhere = pool.map(work, others)
        return list(chain(work(first), *elsewhere))

    with _libraries().limit(limits=1, user_api="blas"), ThreadPoolExecutor(max(1, threads - 1)) as pool:
        yield shared


@cache
def _libraries() -> ThreadpoolController:
    """The libraries with threads of their own, looked up once."""
    return ThreadpoolController()
