"""`emtheory.check`: claims of files, and claims made in Python."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from warnings import warn

from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import MAX_DIGITS
from emtheory.numerics.level import REQUIRABLE, REQUIRED
from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.checking import checking
from emtheory.reports.checking.check_text import PASSED, claim_line, details, id_width, summary, word
from emtheory.reports.checking.checking import Checked
from emtheory.reports.checking.effort import Effort
from emtheory.reports.checking.model_files import load_models
from emtheory.reports.checking.record import Located, Record
from emtheory.reports.checking.selection import choose, find_files, load_wanted
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.notebook import Drawn, Judged, Listed
from emtheory.reports.text_file import make_folder
from emtheory.theory.claim import Claim

if TYPE_CHECKING:
    from emtheory.reports.render.chart import Chart

_CALLER = 3
"""Levels of the stack up to the line that calls a verb: there people are warned."""
_PYTHON = Path("<python>")
"""The place of a claim that comes from no file."""


@dataclass(frozen=True, repr=False)
class Results(Drawn, Judged, Listed[Record]):
    """What was found out about claims, in their order. It has no truth value: ask for `ok`.

    Attributes
    ----------
    checked
        Each claim with its place and its record.
    require
        The weakest level that counts, or None.
    """

    checked: tuple[Checked, ...]
    require: str | None

    @property
    def _members(self) -> Sequence[Record]:
        return [checked.record for checked in self.checked]

    @property
    def ok(self) -> bool:
        """Whether every claim came out as expected, on evidence that is strong enough."""
        return all(record.ok for record in self)

    def as_json(self) -> dict[str, object]:
        """Return the results as in ``check --json``."""
        return {"schema": 1, "claims": [record.as_json() for record in self], "ok": self.ok}

    def chart(self) -> "Chart":
        """Return both sides of each statement."""
        from emtheory.reports.charts.claims import Decided, claims_chart  # noqa: PLC0415 (what draws is an extra)

        return claims_chart([Decided(each.claim, each.record.verdict, each.record.witness) for each in self.checked])

    def __repr__(self) -> str:
        lines, width = [], id_width(record.id for record in self)
        for checked in self.checked:
            outcome = word(checked.record)
            lines.append(f"{outcome:<4} {claim_line(checked, width)}")
            lines += [f"       {line}" for line in details(checked) if outcome != PASSED]
        return "\n".join([*lines, summary(list(self))])

    def _header(self) -> Sequence[str]:
        return "", "claim", "verdict", "margin", "reason"

    def _rows(self) -> Iterator[Sequence[str]]:
        for record in self:
            yield "✓" if record.ok else "✗", record.id, record.verdict, record.margin or "", record.reason

    def _records(self) -> Iterator[Mapping[str, Any]]:
        left_out = ("domain", "witness")
        return ({name: value for name, value in record.as_json().items() if name not in left_out} for record in self)

    def _remarks(self) -> Iterator[str]:
        yield summary(list(self))


def check(
    *sources: File | Claim | Sequence[File | Claim],
    models: File | Sequence[File] = (),
    select: str | Sequence[str] = (),
    deselect: str | Sequence[str] = (),
    require: str | None = REQUIRED,
    digits_max: int | None = None,
    jobs: int = 1,
    timeout: float | None = None,
    cache: File | None = None,
    certificates: File | None = None,
) -> Results:
    """Check the claims of files, of folders, and claims made in Python, as ``emtheory check`` does.

    Parameters
    ----------
    sources
        Claims files, folders that are searched for ``*claims.toml``, `emtheory.Claim` objects, or lists of these.
    models
        Files with models that claims may name, besides those of their own files.
    select, deselect
        Ids, or patterns of ids such as ``rate-*``, of the claims to check and to leave out.
    require
        The weakest level that counts: proved, certified, supported or observed; None for any.
    digits_max
        Significant digits up to which quantities are refined, 1 to 2000.
    jobs
        Processes, 1 to 256; with 1 and no timeout, this one. A script that asks for more guards its main part with
        ``if __name__ == "__main__"``, as always with processes.
    timeout
        Seconds after which a claim is given up as inconclusive.
    cache
        Folder for verdicts of earlier runs; by default every claim is decided anew.
    certificates
        Folder that a certificate of each decided claim is written to.

    Returns
    -------
    Results
        A record of each claim, by its id and in order.

    Raises
    ------
    InputError
        If a file, claim or option is malformed, or two claims share an id.
    NothingSelectedError
        If there is no claim to check.
    OSError
        If no certificate can be written.

    Examples
    --------
    >>> import emtheory
    >>> rate = emtheory.Claim("rate", "contraction_factor <= 17/20", k=(2,), weights="one-heavy:4/5")
    >>> results = emtheory.check(rate)
    >>> results.ok, results["rate"].verdict, results["rate"].margin
    (True, 'proved', '0.21')
    """
    each = [one for source in sources for one in (source if isinstance(source, list | tuple) else [source])]
    files = [given.file(source, "source") for source in each if not isinstance(source, Claim)]
    claims: list[Located] = [(_PYTHON, source) for source in each if isinstance(source, Claim)]
    patterns = given.texts(select, "select"), given.texts(deselect, "deselect")
    claims += load_wanted(find_files(files), *patterns, load_models(given.files(models, "models")))
    _require_distinct(claims)
    chosen = choose(claims, *patterns)
    return _checked(chosen, require, _effort(digits_max, jobs, timeout, cache, certificates))


def _checked(claims: Sequence[Located], require: str | None, effort: Effort) -> Results:
    if require is not None:
        given.choice(require, "require", REQUIRABLE)
    told: list[str] = []
    for _, claim in claims:
        _read(claim)
    effort = replace(effort, require=require)
    results = Results(tuple(checking.check_claims(claims, effort, told.append)), require)
    for text in told:
        warn(text, stacklevel=_CALLER)
    return results


def _read(claim: Claim) -> None:
    """Read a claim; InputError, which begins with its id, if it is malformed."""
    try:
        if not claim.derivation:
            read_claim(claim)
    except InputError as error:
        raise InputError(f"claim {claim.id!r}: {error}") from None


def _effort(
    digits_max: int | None, jobs: int, timeout: float | None, cache: File | None, certificates: File | None
) -> Effort:
    folder = given.optional_file(certificates, "certificates")
    effort = Effort(
        None if digits_max is None else given.count(digits_max, "digits_max", 1, MAX_DIGITS),
        given.count(jobs, "jobs", 1, given.MAX_JOBS),
        given.seconds(timeout, "timeout"),
        given.optional_file(cache, "cache"),
        folder,
    )
    make_folder(folder)
    return effort


def _require_distinct(claims: Sequence[Located]) -> None:
    repeated = [name for name, count in Counter(claim.id for _, claim in claims).items() if count > 1]
    if repeated:
        raise InputError(f"claim {repeated[0]!r}: the id is used twice")
