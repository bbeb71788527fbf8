"""`emtheory.derive`: a symbolic derivation."""

from typing import TYPE_CHECKING

from emtheory.numerics.arithmetic.rational import exact_integer
from emtheory.numerics.errors import InputError
from emtheory.reports.api import given
from emtheory.reports.catalogue.entry import claims_of
from emtheory.theory import derivations
from emtheory.theory.claims import catalogue
from emtheory.theory.inexact import shown
from emtheory.theory.near_miss import near_misses

if TYPE_CHECKING:
    from emtheory.theory.proof.derivation import Derivation


def derive(statement: str, k: int | None = None, *, general: bool = False) -> "Derivation":
    """Derive a statement symbolically, checking every step, as ``emtheory derive`` does.

    Parameters
    ----------
    statement
        The name of a derivation, such as ``"dft"``, or the id of a statement of the catalogue that rests on one.
    k
        Number of components; if left out every k at once, or where there is no such derivation the smallest k from
        3 on that it is for.
    general
        Whether it must be the derivation for every k at once.

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
    name = _name(given.text(statement, "statement"))
    if given.flag(general, "general"):
        if k is not None:
            raise InputError(f"k = {k} is one k, and general asks for the derivation for every k: give one of them")
        return derivations.derive(name, None)
    return derivations.derive(name, derivations.statement_of(name).shown[0] if k is None else exact_integer(k, "k"))


def _name(text: str) -> str:
    """Return the name of a derivation that is given by it, or by an entry or a claim that rests on it alone."""
    if text in derivations.names():
        return text
    claims = {entry.id: claims_of(entry) for entry in catalogue()}
    claims |= {claim.id: (claim,) for own in claims.values() for claim in own}
    resting = list(dict.fromkeys(claim.derivation for claim in claims.get(text, ()) if claim.derivation))
    if len(resting) == 1:
        return resting[0]
    if resting:
        raise InputError(f"{text} rests on {len(resting)} derivations: name one of {', '.join(resting)}")
    if text in claims:
        raise InputError(
            f"{text} rests on no derivation: {'it is' if '/' in text else 'its claims are'} decided by computation"
        )
    hint = near_misses(text, [*derivations.names(), *claims], "'emtheory derive' lists all")
    raise InputError(f"no statement {shown(text)}{hint}")
