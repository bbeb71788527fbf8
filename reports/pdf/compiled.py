"""Typst's compiler: the report and its figures as PDF, the same bytes for the same input."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import typst

from emtheory.reports.pdf.document import typst_source

_FONTS = str(Path(mpl.get_data_path()) / "fonts" / "ttf")
"""Those that figures are drawn with; whatever else a system has is left aside."""

_FIGURE = b'#set page(width: auto, height: auto, margin: 0pt)\n#set document(date: none)\n#image("figure.svg")\n'


def report_pdf(document: Mapping[str, Any], figures: Mapping[str, str], *, whole: bool = True) -> bytes:
    """Return the report as PDF."""
    files = {f"{name}.svg": svg.encode() for name, svg in figures.items()}
    return _compiled({"main": typst_source(document, list(figures), whole=whole).encode(), **files})


def figure_pdf(svg: str) -> bytes:
    """Return a figure as PDF, a page of its size."""
    return _compiled({"main": _FIGURE, "figure.svg": svg.encode()})


def _compiled(files: Mapping[str, bytes]) -> bytes:
    compiler: Any = typst.compile  # takes files by name, which its types do not tell
    made: bytes = compiler(dict(files), font_paths=[_FONTS], ignore_system_fonts=True, format="pdf")
    return made
