"""`emtheory.verify` and `emtheory.export`: what programs that share no code with ours are given to check."""

from pathlib import Path

from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.api.listed import Table
from emtheory.reports.certificates.verify.command import MOST, files_in
from emtheory.reports.certificates.verify.limits import MEMORY, TIMEOUT, outcomes
from emtheory.reports.commands.export import wanted
from emtheory.reports.kernel.export import export_claim, export_folder
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.theorems import THEOREMS


def verify(*certificates: File, timeout: float | None = None, memory: int | None = None) -> Table:
    """Verify certificates by the standalone verifier, as ``emtheory verify`` does.

    Parameters
    ----------
    certificates
        Files, or folders of which all ``*.json`` are verified.
    timeout, memory
        Seconds and megabytes for each, by default the verifier's own.

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
    found = zip(files, outcomes(files, seconds, megabytes), strict=True)
    keys = "outcome", "reason", "seconds"
    return Table(tuple({"file": str(file), **dict(zip(keys, outcome, strict=True))} for file, outcome in found))


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
    >>> emtheory.export("lemma-3", "rocq")  # doctest: +SKIP
    (PosixPath('rocq/lemma-3.gap'),)
    """
    said, folder = given.text(name, "name"), given.file(out, "out")
    if said in THEOREMS:
        THEOREMS[said].files(said).write(folder / said)
        return (folder / said,)
    made = []
    for claim, refuted in wanted(said):
        try:
            exported = export_claim(claim, refuted=refuted)
        except NotExportedError as error:
            raise CannotAnswerError(f"{claim.id}: {error}") from None
        made.append(export_folder(folder, claim))
        exported.write(made[-1])
    return tuple(made)
