"""What a report consists of: a file for each format, and folders with certificates, figures and their data."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from emtheory.reports.catalogue.examined import Examined
from emtheory.reports.certificates.certificate import certificate_name, certificate_text
from emtheory.reports.certificates.certify import write_verifier
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.render.formats import formats
from emtheory.reports.render.html import statement_pages
from emtheory.reports.report.document import printable

CERTIFICATES, FIGURES, DATA, STATEMENTS = FOLDERS = "certificates", "figures", "data", "statements"

PDF = "report.pdf"

_CERTIFICATES_NOTE = """\
# Certificates

One for each claim that is decided: its cases, the cover of its domain, and in each cell the enclosures of both sides,
as decimals rounded outwards, with the parameters that produced them.

`emtheory replay FOLDER` verifies them all, without any of the searches that found them; a file by itself is verified by
`emtheory replay FILE`. `python verify FILE` does so by a program that shares no code with the one that wrote them,
and needs python-flint only; it also comes with emtheory, as `emtheory verify FILE`.
"""


def part_names() -> tuple[str, ...]:
    """Return the names of all files and folders of a report; a folder with anything else is not replaced."""
    return (*(each.file for each in formats()), PDF, *FOLDERS)


def write_parts(
    folder: Path,
    document: Mapping[str, Any],
    claims: Sequence[Examined],
    drawings: Mapping[str, Drawing],
    *,
    pdf: bool = False,
) -> None:
    """Write a report to an empty folder."""
    for name in FOLDERS:
        (folder / name).mkdir()
    figures = {name: drawing.svg for name, drawing in drawings.items()}
    texts = {each.file: printable(each.render(document, figures)) for each in formats()}
    texts |= {
        f"{CERTIFICATES}/{certificate_name(claim.id)}": certificate_text(claim.certificate)
        for claim in claims
        if claim.certificate is not None
    }
    texts |= {f"{CERTIFICATES}/README.md": _CERTIFICATES_NOTE}
    texts |= {f"{STATEMENTS}/{name}": printable(page) for name, page in statement_pages(document).items()}
    texts |= {f"{FIGURES}/{name}.svg": svg for name, svg in figures.items()}
    texts |= {f"{DATA}/{name}.csv": drawing.csv for name, drawing in drawings.items()}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    write_verifier(folder / CERTIFICATES)
    if pdf:
        from emtheory.reports.pdf.compiled import figure_pdf, report_pdf  # noqa: PLC0415 (an extra, seldom wanted)

        (folder / PDF).write_bytes(report_pdf(document, figures, whole=False))
        for name, svg in figures.items():
            (folder / FIGURES / f"{name}.pdf").write_bytes(figure_pdf(svg))
