"""Scoped working precision.

Arb's precision is one global of the process, and mpmath caches constants globally whatever the context, so two
threads at different precisions would disturb each other. Every multiprecision computation runs inside one of the
two context managers here, which share a lock: threads take turns, processes run side by side.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

import flint
import mpmath

_TURN = RLock()

_GUARD_BITS = 56
"""Beyond the accuracy wanted: what sums over thousands of nodes lose, with room."""


def working_bits(accuracy: float) -> int:
    """Return the precision in bits that serves errors of e^{−accuracy}."""
    return math.ceil(accuracy / math.log(2)) + _GUARD_BITS


@contextmanager
def arb_precision(bits: int) -> Iterator[None]:
    """Run a block with Arb at `bits` bits and restore the previous precision afterwards."""
    with _TURN, flint.ctx.workprec(bits):
        yield


@contextmanager
def mp_context(bits: int) -> Iterator[Any]:
    """Yield a private mpmath context of `bits` bits; mpmath's own global context is never touched."""
    with _TURN:
        context = mpmath.MPContext()
        context.prec = bits
        yield context
