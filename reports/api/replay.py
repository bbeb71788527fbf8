"""`emtheory.replay`: certificates, verified."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.api.replayed import Replayed, find_certificates, replay_files
from emtheory.reports.checking.claims_file import load_claims
from emtheory.reports.kernel.rocq_program import require_rocq
from emtheory.reports.notebook import Tabular


@dataclass(frozen=True, repr=False)
class Replays(Tabular):
    """What became of certificates, in their order. It has no truth value: ask for `ok`.

    Attributes
    ----------
    results
        For each file its verdict, or the reason why there is none.
    """

    results: tuple[Replayed, ...]

    def __bool__(self) -> bool:
        raise TypeError("replays have no truth value: ask whether they are ok")

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[Replayed]:
        return iter(self.results)

    def __getitem__(self, index: int) -> Replayed:
        """Return what became of a file."""
        return self.results[index]

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
    files = find_certificates([given.file(path, "certificate") for path in certificates])
    source = given.optional_file(claim, "claim")
    known = None if source is None else {each.id: each for each in load_claims(source)}
    about = given.optional_file(data, "data")
    if not kernel:
        return Replays(tuple(replay_files(files, known, about)))
    # SymPy takes a third of a second to load, and only exports need it.
    from emtheory.reports.kernel.check import check_claim  # noqa: PLC0415

    require_rocq()
    return Replays(tuple(replay_files(files, known, about, partial(check_claim, None))))


def _word(result: Replayed) -> str:
    return "ok" if result.ok else "REJECTED"
