"""`emtheory.verify` and `emtheory.export`: what programs that share no code with ours are given to check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.api.listed import Table
from emtheory.reports.certificates.file import RejectedError, read_certificate
from emtheory.reports.certificates.verify.command import MEMORY, MOST, TIMEOUT, files_in, outcomes
from emtheory.reports.kernel.export import THEOREMS, export_claim, export_folder
from emtheory.reports.kernel.files import NotExportedError
from emtheory.theory.claim import REFUTED, Claim, Entry
from emtheory.theory.claims import catalogue

Wanted = Sequence[tuple[Claim, bool]]
"""Claims, and of each whether it is exported that it is false."""


def verify(
    *certificates: File, timeout: float | None = None, memory: int | None = None, data: File | None = None
) -> Table:
    """Verify certificates by the standalone verifier, as ``emtheory verify`` does.

    Parameters
    ----------
    certificates
        Files, or folders of which all ``*.json`` are verified.
    timeout, memory
        Seconds and megabytes for each, by default the verifier's own.
    data
        The file that certificates about data are about, by default one beside each.

    Returns
    -------
    Table
        ``file``, ``outcome`` (accepted, rejected, not covered, not decided, …), ``reason`` and ``seconds`` of each.

    Raises
    ------
    InputError
        If a path is none, or there is nothing to verify.

    Examples
    --------
    >>> import emtheory
    >>> emtheory.verify("report/certificates")[0]["outcome"]  # doctest: +SKIP
    'accepted'
    """
    files = files_in([given.file(path, "certificate") for path in certificates])
    if not files:
        raise InputError("there is no certificate to verify")
    seconds = given.seconds(timeout, "timeout") or TIMEOUT
    megabytes = MEMORY if memory is None else given.count(memory, "memory", 1, MOST)
    found = zip(files, outcomes(files, seconds, megabytes, given.optional_file(data, "data")), strict=True)
    return Table(
        tuple(
            {"file": str(file), "outcome": outcome, "reason": reason, "seconds": round(seconds, 3)}
            for file, (outcome, reason, seconds) in found
        )
    )


def export(name: str, out: File) -> tuple[Path, ...]:
    """Write statement and proof of claims for Rocq, as ``emtheory export --rocq`` does.

    Parameters
    ----------
    name
        A certificate's file, the id of a statement or claim of the catalogue, or a theorem.
    out
        The folder below which each claim gets one of its own.

    Returns
    -------
    tuple
        These folders, each with ``Statement.v`` and ``Proof.v``.

    Raises
    ------
    InputError
        If the name means nothing.
    CannotAnswerError
        If a claim cannot be exported.

    Examples
    --------
    >>> import emtheory
    >>> emtheory.export("gram-matrix", "rocq")  # doctest: +SKIP
    (PosixPath('rocq/gram-matrix'),)
    """
    made = []
    for each in exports(given.text(name, "name"), given.file(out, "out")):
        if each.problem:
            raise CannotAnswerError(f"{each.id}: {each.problem}")
        made.append(each.folder)
    return tuple(made)


@dataclass(frozen=True)
class Exported:
    """A claim that is written for Rocq to a folder, or why it is not: what is written says `says`."""

    id: str
    folder: Path
    says: str
    refuted: bool = False
    problem: str = ""

    def as_json(self) -> dict[str, object]:
        """Return it as in ``export --json``."""
        folder = None if self.problem else str(self.folder)
        return {"id": self.id, "refuted": self.refuted, "folder": folder, "problem": self.problem or None}


def exports(name: str, out: Path) -> Iterator[Exported]:
    """Write statement and proof for each claim that a name means, each to a folder of its own below `out`."""
    if name in THEOREMS:
        THEOREMS[name].files(name).write(out / name)
        yield Exported(name, out / name, THEOREMS[name].title)
        return
    for claim, refuted in wanted(name):
        folder, problem = export_folder(out, claim), ""
        try:
            export_claim(claim, refuted=refuted).write(folder)
        except NotExportedError as error:
            problem = str(error)
        says = f"Statement.v says that {claim.id} {'is false' if refuted else 'holds'}, Proof.v proves it"
        yield Exported(claim.id, folder, says, refuted, problem)


def wanted(name: str) -> Wanted:
    """Return what a name means (certificate, statement or claim of the catalogue, theorem), or raise InputError."""
    path = Path(name)
    if path.is_file():
        try:
            certificate, _ = read_certificate(path)
        except RejectedError as error:
            raise InputError(f"{path}: {error}") from None
        return [(certificate.claim, certificate.verdict == REFUTED)]
    if path.is_dir():
        raise InputError(f"{name}: is a folder: name one certificate of it")
    chosen = [pair for entry in catalogue() for pair in _claims_of(entry) if name in (entry.id, pair[0].id)]
    if not chosen:
        raise InputError(
            f"{name[:100]!r} is neither a file nor the id of a statement, which emtheory claims lists, nor one of "
            f"{', '.join(THEOREMS)}"
        )
    return chosen


def _claims_of(entry: Entry) -> Wanted:
    """Return every claim of an entry, and whether it is one that does not hold."""
    claims = (*entry.claims, *entry.disproofs, *entry.hypotheses, *entry.corrected, *entry.instances, *entry.controls)
    false = entry.claims if entry.expected == REFUTED and len(entry.claims) == 1 else ()
    return [(claim, claim.expect == REFUTED or claim in false) for claim in claims]
