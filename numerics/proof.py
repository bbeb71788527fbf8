"""Proofs of what searches propose: whether an enclosure of a quantity with a search in it is certainly right.

Nothing here searches, so that a verifier need not trust a search: it calls `prove` with the enclosure that was found.
"""

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import Arguments, resolve


def has_proof(name: str) -> bool:
    """Whether what the ball route finds for a quantity can be proved without its search."""
    return bool(find_quantity(name).proof)


def prove(name: str, case: Case, arguments: Arguments, found: Enclosure) -> bool:
    """Whether an enclosure found by the ball route is certainly right; False means not proved.

    CannotAnswerError if a value needed in between has no rigorous route.

    Parameters
    ----------
    name
        A quantity for which `has_proof` holds.
    case, arguments
        What the quantity was asked for, defaults filled in.
    found
        The enclosure. Wider ends are as right; `at` must be kept where the route gave it.
    """
    proved: bool = resolve(find_quantity(name).proof)(case, found, **arguments)
    return proved
