"""What was probably meant by a name that nothing has."""

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 60
"""Letters of a name that are compared. A choice: longer than any name, short enough to be compared at once."""
_SHOWN = 3
"""Names that are proposed. A choice."""


def near_misses(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the end of a message about an unknown name: names near it, and how to find the others.

    Parameters
    ----------
    name, known, otherwise
        What was given, the names that there are, and what is said after the near misses, or alone if there are none.

    Examples
    --------
    >>> near_misses("unifrom", ["uniform", "linear"])
    ': did you mean uniform?'
    >>> near_misses("gap", ["spectral_gap", "kl_divergence"], "'emtheory quantities' lists all")
    ": did you mean spectral_gap? 'emtheory quantities' lists all"
    """
    names, short = list(dict.fromkeys(known)), name.strip()[:_LONGEST]
    holding = [each for each in names if short in each and len(short) > 2]
    close = get_close_matches(short, names, n=_SHOWN) or holding[:_SHOWN]
    meant = f"did you mean {' or '.join(filter(None, (', '.join(close[:-1]), close[-1])))}?" if close else ""
    said = " ".join(filter(None, (meant, otherwise)))
    return f": {said}" if said else ""
