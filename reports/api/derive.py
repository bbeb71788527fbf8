"""`emtheory.derive`: a symbolic derivation."""

from typing import TYPE_CHECKING

from emtheory.numerics.arithmetic.rational import exact_integer
from emtheory.reports.api import given
from emtheory.theory import derivations

if TYPE_CHECKING:
    from emtheory.theory.proof.derivation import Derivation


def derive(statement: str, k: int | None = 3) -> "Derivation":
    """Derive a statement symbolically, checking every step, as ``emtheory derive`` does.

    Parameters
    ----------
    statement
        The name of a derivation, such as ``"dft"``.
    k
        Number of components; None for the derivation for every k at once, where there is one.

    Returns
    -------
    Derivation
        Its steps with how each was checked; it shows itself as text, and in a notebook with formulas.

    Raises
    ------
    InputError
        If there is no such derivation, or none for this k.
    DerivationError
        If a step fails its check.

    Examples
    --------
    >>> import emtheory
    >>> derivation = emtheory.derive("dft", 3)
    >>> derivation.title
    'the Fourier transform of the weights'
    """
    name = given.text(statement, "statement")
    return derivations.derive(name, None if k is None else exact_integer(k, "k"))
