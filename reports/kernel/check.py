"""A claim before the kernel, from files that are made from the claim, and what the kernel says of it as plain data."""

from pathlib import Path

from emtheory.reports.kernel.export import export_claim, export_folder
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.general import check_theory
from emtheory.reports.kernel.proved_entries import entry_of, theorems_of
from emtheory.reports.kernel.rocq_program import SECONDS, KernelError, Receipt, check_files
from emtheory.reports.text_file import read_exactly
from emtheory.theory.claim import Claim

_MAX_BYTES = 20_000_000
"""Of an exported file that is compared. A choice: as for certificates."""


def check_claim(exported: Path | None, claim: Claim, *, refuted: bool) -> Receipt:
    """Have Rocq check a claim, or that it is false; files exported before must be, letter by letter, what it gives now.

    NotExportedError if it has no export, InputError if a file is not there, KernelError if one was edited or Rocq does
    not accept the proof.
    """
    entry = entry_of(claim) if claim.derivation else None
    theorems = theorems_of(entry) if entry else ()
    if entry and theorems:
        rocq = check_theory(SECONDS).rocq
        raise NotExportedError(
            f"the derivation {claim.derivation} has no export; but what statement {entry.id} says is "
            f"{'refuted' if entry.expected == 'refuted' else 'proved'} in Rocq {rocq}, which has just checked "
            f"{', '.join(theorems)}"
        )
    files = export_claim(claim, refuted=refuted)
    if exported is not None:
        folder = export_folder(exported, claim)
        for name, text in files.items():
            found = read_exactly(folder / name, "an exported file", _MAX_BYTES)
            if found != text:
                raise KernelError(f"{folder / name}: is not what the claim gives, from line {_first(found, text)} on")
    return check_files(files)


def _first(found: str, text: str) -> int:
    """Return the number of the first line that differs."""
    lines = zip(found.splitlines(), text.splitlines(), strict=False)
    same = next((index for index, (left, right) in enumerate(lines) if left != right), None)
    return (min(len(found.splitlines()), len(text.splitlines())) if same is None else same) + 1


ACCEPTED, NOT_ACCEPTED, NOT_EXPORTED = "accepted", "not accepted", "not exported"


def seen(claim: Claim, *, refuted: bool) -> dict[str, str]:
    """Have the kernel check a claim; ``outcome`` with its reason is `ACCEPTED`, `NOT_ACCEPTED` or `NOT_EXPORTED`.

    That it is not accepted says nothing against the claim. CannotAnswerError if Rocq is not installed.
    """
    try:
        receipt = check_claim(None, claim, refuted=refuted)
    except NotExportedError as error:
        return {"outcome": NOT_EXPORTED, "reason": str(error)}
    except KernelError as error:
        return {"outcome": NOT_ACCEPTED, "reason": str(error)}
    return {"outcome": ACCEPTED, "reason": f"Rocq {receipt.rocq}, {sum(receipt.axioms.values())} axioms"}
