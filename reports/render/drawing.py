"""What figures show, what they are drawn as, and the formats of their files, without the library that draws."""

from dataclasses import dataclass
from pathlib import Path

from emtheory.numerics.errors import InputError

ENDINGS = (".svg", ".pdf", ".png")


@dataclass(frozen=True)
class Drawing:
    """A figure as SVG, its data as CSV, and what it shows, in the notation of prose."""

    svg: str
    csv: str
    caption: str


def check_ending(path: Path) -> None:
    """Find out whether a figure can be written to a file of this name; InputError if not."""
    if path.suffix not in ENDINGS:
        ending = f"the ending {path.suffix!r}" if path.suffix else "a name without an ending"
        raise InputError(f"--plot {path}: {ending} is of no format of a figure: write FILE.svg, FILE.pdf or FILE.png")


def data_file(path: Path) -> Path:
    """Return the file of the data beside that of a figure."""
    return path.with_suffix(".csv")
