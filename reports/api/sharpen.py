"""`emtheory.sharpen`: the best constants of claims."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emtheory.numerics.errors import NothingSelectedError
from emtheory.numerics.processes import spread_by
from emtheory.numerics.side_by_side import one_by_one
from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.certificates.certificate import write_certificate
from emtheory.reports.checking.claim_processes import await_worker, crew
from emtheory.reports.checking.model_files import load_models
from emtheory.reports.checking.record import Located
from emtheory.reports.checking.selection import choose, find_files, load_wanted
from emtheory.reports.notebook import Drawn, Judged, Listed
from emtheory.reports.sharpening.sharpen import Sharpened
from emtheory.reports.sharpening.sharpen import sharpen as best_constant
from emtheory.reports.text_file import make_folder
from emtheory.theory.claim import Claim

if TYPE_CHECKING:
    from emtheory.reports.render.chart import Chart

MAX_DIGITS = 15
"""Of a constant: each digit takes several times as long as the one before."""


@dataclass(frozen=True, repr=False)
class Constants(Drawn, Judged, Listed[Sharpened]):
    """The best constants of claims, by their ids and in order. It has no truth value: ask for `ok`.

    Attributes
    ----------
    results
        For each claim ``lower`` and ``upper``, exact, and as ``enclosure``: truth is decided for every constant outside
        of them.
    certificates
        For each claim the file of the side that holds, if files were written.
    """

    results: tuple[Sharpened, ...]
    certificates: tuple[Path | None, ...]

    @property
    def _members(self) -> Sequence[Sharpened]:
        return self.results

    @property
    def ok(self) -> bool:
        """Whether every constant is found."""
        return all(each.lower is not None for each in self)

    def as_json(self) -> dict[str, object]:
        """Return the constants as in ``sharpen --json``."""
        return {"schema": 1, "claims": list(self._records())}

    def chart(self) -> "Chart":
        """Return with which constant each claim holds where."""
        from emtheory.reports.charts.landscape import landscape_chart  # noqa: PLC0415 (what draws is an extra)

        return landscape_chart(self.results)

    def _records(self) -> Iterator[Mapping[str, Any]]:
        for each, path in zip(self.results, self.certificates, strict=True):
            yield each.as_json(None if path is None else str(path))

    def _header(self) -> Sequence[str]:
        return "claim", "constant", "level", "reason"

    def _rows(self) -> Iterator[Sequence[str]]:
        for each in self:
            yield each.claim.id, each.bounds_text(), str(each.as_json()["level"] or ""), each.reason


def sharpen(
    *sources: File | Claim,
    models: File | Sequence[File] = (),
    select: str | Sequence[str] = (),
    digits: int = 6,
    timeout: float | None = None,
    jobs: int = 1,
    certificates: File | None = None,
) -> Constants:
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
        Seconds after which a constant is given up.
    jobs
        Processes, 1 to 256; with 1 and no timeout, this one. A script that asks for more guards its main part with
        ``if __name__ == "__main__"``, as always with processes.
    certificates
        Folder that certificates of both sides are written to: of what holds, and of what fails just beyond.

    Returns
    -------
    Constants
        Bounds of each constant, by the id of its claim and in order.

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
    >>> found = emtheory.sharpen(claim, digits=3)
    >>> found["rate"], f"{found[0]:.2f}", found[0] < 1
    (rate: 0.6396 <= c <= 0.6404, '0.64', True)
    """
    files = [given.file(source, "source") for source in sources if not isinstance(source, Claim)]
    patterns = given.texts(select, "select")
    located: list[Located] = [(Path("<python>"), source) for source in sources if isinstance(source, Claim)]
    located += load_wanted(find_files(files), patterns, models=load_models(given.files(models, "models")))
    return best_constants(
        chosen(located, patterns),
        given.count(digits, "digits", 1, MAX_DIGITS),
        given.seconds(timeout, "timeout"),
        jobs=given.count(jobs, "jobs", 1, given.MAX_JOBS),
        scheduler=None,
        folder=given.optional_file(certificates, "certificates"),
        told=lambda result: None,
        failed=_raised,
    )


def chosen(located: Sequence[Located], patterns: Sequence[str]) -> list[Claim]:
    """Return the claims selected that have a free constant; NothingSelectedError if none has."""
    free = [claim for _, claim in choose(located, patterns) if claim.sharpen]
    if not free:
        raise NothingSelectedError("none of the claims has a free constant: give it sharpen = { constant = …, … }")
    return free


def best_constants(
    claims: Sequence[Claim],
    digits: int,
    timeout: float | None,
    *,
    jobs: int | None,
    scheduler: str | None,
    folder: Path | None,
    told: Callable[[Sharpened], None],
    failed: Callable[[Claim, Exception], Sharpened],
) -> Constants:
    """Sharpen claims one after the other, each told when it is done; pieces of boxes are decided side by side.

    They are decided in this process only if one is asked for and nothing is to be stopped. `failed` says what becomes
    of a claim that is in error.
    """
    make_folder(folder)
    found, paths = [], []
    with ExitStack() as stack:
        here = jobs == 1 and timeout is None and scheduler is None
        submit = None if here else stack.enter_context(crew(jobs, scheduler))
        calls = one_by_one if submit is None else spread_by(submit)
        for claim in claims:
            if submit is not None and timeout is not None:
                await_worker(submit)
            try:
                result = best_constant(claim, digits, timeout, calls)
            except Exception as error:
                result = failed(claim, error)
            found.append(result)
            paths.append(None if folder is None else _written(result, folder))
            told(result)
    return Constants(tuple(found), tuple(paths))


def _written(result: Sharpened, folder: Path) -> Path | None:
    """Write the certificates of both sides, and return the path of the one of the side that holds."""
    names = [write_certificate(folder, *side) for side in (result.holding, result.failing) if side]
    return next((folder / name for name in names if name), None)


def _raised(_: Claim, error: Exception) -> Sharpened:
    raise error
