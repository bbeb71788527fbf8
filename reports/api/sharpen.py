"""`emtheory.sharpen`: the best constants of claims."""

from collections.abc import Sequence
from pathlib import Path

from emtheory.numerics.errors import NothingSelectedError
from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.checking.model_files import load_models
from emtheory.reports.checking.record import Located
from emtheory.reports.checking.selection import choose, find_files, load_wanted
from emtheory.reports.sharpening.sharpen import Sharpened
from emtheory.reports.sharpening.sharpen import sharpen as best_constant
from emtheory.theory.claim import Claim

MAX_DIGITS = 15
"""Of a constant: each digit takes several times as long as the one before."""


def sharpen(
    *sources: File | Claim,
    models: File | Sequence[File] = (),
    select: str | Sequence[str] = (),
    digits: int = 6,
    timeout: float | None = None,
) -> tuple[Sharpened, ...]:
    """Find the best constants of claims that have a free one, as ``emtheory sharpen`` does.

    Parameters
    ----------
    sources
        Claims files, folders that are searched for ``*claims.toml``, or `emtheory.Claim` objects.
    models
        Files with models that claims may name, besides those of their own files.
    select
        Ids, or patterns of ids, of the claims to sharpen.
    digits
        Significant digits of the constant, 1 to 15.
    timeout
        Seconds after which a constant is given up, with the bounds found until then.

    Returns
    -------
    tuple
        For each claim ``lower`` and ``upper``, exact: truth is decided for every constant outside of them.

    Raises
    ------
    InputError
        If a file, claim or option is malformed.
    NothingSelectedError
        If no claim has a free constant.

    Examples
    --------
    >>> import emtheory
    >>> free = emtheory.FreeConstant("c", "smallest", ("0", "1"))
    >>> claim = emtheory.Claim("rate", "contraction_factor <= c", k=2, weights="one-heavy:4/5", sharpen=free)
    >>> emtheory.sharpen(claim, digits=3)
    (rate: 0.6396 <= c <= 0.6404,)
    """
    files = [given.file(source, "source") for source in sources if not isinstance(source, Claim)]
    patterns = given.texts(select, "select")
    located: list[Located] = [(Path("<python>"), source) for source in sources if isinstance(source, Claim)]
    located += load_wanted(find_files(files), patterns, models=load_models(given.files(models, "models")))
    free = [claim for _, claim in choose(located, patterns) if claim.sharpen]
    if not free:
        raise NothingSelectedError("none of the claims has a free constant: give one sharpen=FreeConstant(…)")
    wanted, limit = given.count(digits, "digits", 1, MAX_DIGITS), given.seconds(timeout, "timeout")
    return tuple(best_constant(claim, wanted, limit) for claim in free)
