"""`emtheory.replay`: certificates, verified."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.api.replayed import Replayed, find_certificates, replay_files
from emtheory.reports.checking.claims_file import load_claims
from emtheory.reports.kernel.rocq_program import require_rocq
from emtheory.reports.notebook import Judged, Listed


@dataclass(frozen=True, repr=False)
class Replays(Judged, Listed[Replayed]):
    """What became of certificates, in their order. It has no truth value: ask for `ok`.

    Attributes
    ----------
    results
        For each file its verdict, or the reason why there is none.
    """

    results: tuple[Replayed, ...]

    @property
    def _members(self) -> Sequence[Replayed]:
        return self.results

    @property
    def ok(self) -> bool:
        """Whether every certificate is accepted."""
        return all(result.ok for result in self.results)

    def as_json(self) -> dict[str, object]:
        """Return the results as in ``replay --json``."""
        return {"schema": 1, "certificates": [result.as_json() for result in self.results], "ok": self.ok}

    def summary(self) -> str:
        """Return the numbers of certificates in a line."""
        accepted = sum(result.ok for result in self.results)
        noun = "certificate" if len(self) == 1 else "certificates"
        return f"{len(self)} {noun}: {accepted} accepted, {len(self) - accepted} not"

    def __repr__(self) -> str:
        return "\n".join([*(f"{_word(result):<8}  {result.describe()}" for result in self), self.summary()])

    def _header(self) -> Sequence[str]:
        return "", "file", "result"

    def _rows(self) -> Iterator[Sequence[str]]:
        return ((_word(result), str(result.path), result.describe()) for result in self)

    def _records(self) -> Iterator[Mapping[str, Any]]:
        return (result.as_json() for result in self)

    def _remarks(self) -> Iterator[str]:
        yield self.summary()


def replay(*certificates: File, claim: File | None = None, data: File | None = None, kernel: bool = False) -> Replays:
    """Verify certificates without searching for anything, as ``emtheory replay`` does.

    Parameters
    ----------
    certificates
        Files, or folders whose ``*.json`` are meant.
    claim
        A claims file: each certificate must be for a claim of it.
    data
        The data that certificates of `emtheory.certify_data` are about; without it they are looked for beside each.
    kernel
        Whether Rocq is to check each claim too, which raises its level to ``kernel``.

    Returns
    -------
    Replays
        For each file a verdict, or the reason why the certificate is not accepted.

    Raises
    ------
    InputError
        If the claims file is malformed.
    NothingSelectedError
        If there is no certificate.
    CannotAnswerError
        If Rocq is asked for and not installed.

    Examples
    --------
    >>> import emtheory, tempfile
    >>> pi = emtheory.Claim("pi", "3 < pi")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     checked = emtheory.check(pi, certificates=folder)
    ...     replayed = emtheory.replay(folder)
    >>> replayed.ok, replayed[0].verdict.outcome
    (True, 'proved')
    """
    return replayed(
        [given.file(path, "certificate") for path in certificates],
        given.optional_file(claim, "claim"),
        given.optional_file(data, "data"),
        kernel=given.flag(kernel, "kernel"),
    )


def replayed(
    paths: Sequence[Path],
    claims: Path | None,
    data: Path | None,
    *,
    kernel: bool,
    exported: Path | None = None,
    told: Callable[[Replayed], None] = lambda result: None,
) -> Replays:
    """Verify certificates as `replay` does, each told when it is; Rocq takes what was exported to a folder, if any."""
    files = find_certificates(paths)
    known = None if claims is None else {each.id: each for each in load_claims(claims)}
    in_kernel = None
    if kernel:
        # SymPy takes a third of a second to load, and only exports need it.
        from emtheory.reports.kernel.check import check_claim  # noqa: PLC0415

        require_rocq()
        in_kernel = partial(check_claim, exported)
    results = []
    for result in replay_files(files, known, data, in_kernel):
        results.append(result)
        told(result)
    return Replays(tuple(results))


def _word(result: Replayed) -> str:
    return "ok" if result.ok else "REJECTED"
