"""`emtheory.exact`: binary floats as exact numbers, where somebody says which are meant."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from emtheory.numerics.arithmetic.rational import exact_number
from emtheory.numerics.errors import InputError
from emtheory.reports.api import given
from emtheory.theory.inexact import is_binary_float, shown


def exact(value: Any, *, binary: bool = False) -> Any:
    """Return floats as the exact numbers that they are written as, for verbs that take exact numbers only.

    Parameters
    ----------
    value
        A float of Python or NumPy, an exact number, or a list or array of these.
    binary
        Whether the exact binary value of each float is meant: that of 0.1 is 1/10 + 1/180143985094819840.

    Returns
    -------
    Fraction or list
        Of a list or an array a list, as deep.

    Raises
    ------
    InputError
        If a float is infinite or no number, or something is no number at all.

    Examples
    --------
    >>> import emtheory
    >>> emtheory.exact(0.1), emtheory.exact([0.5, 0.25, 1])
    (Fraction(1, 10), [Fraction(1, 2), Fraction(1, 4), Fraction(1, 1)])
    >>> emtheory.evaluate("spectral_gap", 3, emtheory.exact([0.5, 0.3, 0.2]))
    spectral_gap = 0.07 (exact)
    """
    if is_binary_float(value):
        try:
            return Fraction(float(value)) if given.flag(binary, "binary") else Fraction(str(value))
        except (ValueError, OverflowError):
            raise InputError(f"{shown(value)} is no finite number") from None
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [exact(part, binary=binary) for part in value]
    return exact_number(value, "value")
