"""What several quantities of one case are made of, computed once: it belongs to the case, and goes with it.

The result does not depend on what was asked before: the key names all that it depends on beside the case.
"""

from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar

import flint

from emtheory.numerics.case import Case

MOST = 4
"""Results kept with a case: KL, and moments of two degrees, at one accuracy, and one more."""

LARGEST = 1 << 16
"""Numbers of a result that is kept, some hundred bytes each."""


class Sized(Protocol):
    """What says how many numbers it holds."""

    @property
    def size(self) -> int:
        """Numbers held."""


Result = TypeVar("Result", bound=Sized | flint.arb)


def shared(case: Case, key: Hashable, make: Callable[[], Result]) -> Result:
    """Return what was made for a case before, by its key, or make it now, at Arb's precision in force.

    The key says what it is, and to which accuracy; what is large is not kept.
    """
    place = key, flint.ctx.prec
    found: Result | None = case.kept.get(place)
    if found is None:
        found = make()
        if isinstance(found, flint.arb) or found.size <= LARGEST:
            while len(case.kept) >= MOST:
                del case.kept[next(iter(case.kept))]
            case.kept[place] = found
    return found
