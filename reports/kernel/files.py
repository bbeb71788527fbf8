"""What an export is: a statement that a person reads, and a proof that only a kernel needs to."""

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from emtheory.numerics.errors import CannotAnswerError
from emtheory.reports.text_file import make_folder, write_atomically

STATEMENT, PROOF = "Statement", "Proof"
"""The modules of an export: the second loads the first."""

_UNSAFE = re.compile(r"\(\*|\*\)|[^A-Za-z0-9 _.,:;=<>+*/^|()\[\]\-]")
_LONGEST_COMMENT = 300
"""Characters of a text of a user's in a comment. A choice: two or three lines, so that the rest stays in sight."""


class NotExportedError(CannotAnswerError):
    """A claim, or part of one, that no export knows how to state or to prove; the message names it."""


@dataclass(frozen=True)
class RocqFiles:
    """The files of an export: the statement ``claim``, all that a reader has to check, and its proof ``checked``."""

    statement: str
    proof: str

    def items(self) -> tuple[tuple[str, str], ...]:
        """Return file name → text, in the order in which they are compiled."""
        return ((f"{STATEMENT}.v", self.statement), (f"{PROOF}.v", self.proof))

    def write(self, folder: Path) -> None:
        """Write both files to a folder, which is made if need be; InputError if it cannot be."""
        make_folder(folder)
        for name, text in self.items():
            write_atomically(folder / name, text)


def library(name: str) -> str:
    """Return a text of the folder ``rocq``: definitions, or lemmas with their proofs."""
    return files(f"{__package__}.rocq").joinpath(f"{name}.v").read_text(encoding="utf-8")


def comment(text: str) -> str:
    """Return a text of a user's as a comment, which it cannot leave: quotes and the like become question marks."""
    return f"(* {_UNSAFE.sub('?', ' '.join(text.split()))[:_LONGEST_COMMENT]} *)"
