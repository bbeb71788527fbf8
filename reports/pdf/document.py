"""The report as PDF, in the language of Typst, where every text is data: a string, never markup."""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import matplotlib as mpl
import typst

from emtheory.reports.pdf.mathematics import prose, words
from emtheory.reports.render.html import overview_of
from emtheory.reports.render.number_tables import tables_of
from emtheory.reports.render.prose import derived_prose, margin_text, plain_prose, trusted_text
from emtheory.reports.render.templating import templates, text_template


def typst_source(document: Mapping[str, Any], figures: Sequence[str]) -> str:
    """Return the report that is read: without steps, instances, assumptions and controls, three quarters of it."""
    filters = {
        "code": lambda text: f"#raw({_literal(' '.join(str(text).split()))})",
        "literal": _literal,
        "margin": margin_text,
        "plain": plain_prose,
        "prose": prose,
        "trusted": trusted_text,
        "words": words,
    }
    return text_template("report.typ.j2", filters).render(
        document,
        images=figures,
        overview=overview_of(document),
        derived=derived_prose(document["derivations"]),
        held={entry["id"] for entry in document["entries"] if entry["ok"]},
        chapters=[(group, list(members)) for group, members in groupby(document["entries"], key=itemgetter("group"))],
        **tables_of(document),
    )


def _literal(text: str) -> str:
    """A text as a string of Typst."""
    return json.dumps(text, ensure_ascii=False)


_FONTS = str(Path(mpl.get_data_path()) / "fonts" / "ttf")
"""Those that figures are drawn with; whatever else a system has is left aside."""

_FIGURE = b'#set page(width: auto, height: auto, margin: 0pt)\n#set document(date: none)\n#image("figure.svg")\n'


_MODEL_STYLE = """
.cloud { fill: #00605c; opacity: .12 } .simplex { fill: none; stroke: #555; stroke-dasharray: 4 3 }
.step { fill: none; stroke: #00518a; stroke-width: 1.5 } .mean { fill: #00518a } .words { font: 12px "DejaVu Sans" }
"""


def report_pdf(document: Mapping[str, Any], figures: Mapping[str, str]) -> bytes:
    """Return the report as PDF."""
    files = {f"{name}.svg": svg.encode() for name, svg in figures.items()} | {"model.svg": _model().encode()}
    return _compiled({"main": typst_source(document, list(figures)).encode(), **files})


def _model() -> str:
    """Return the picture of the model, with the colours that the page's style gives it."""
    picture = templates().get_template("model.svg").render()
    head, rest = picture.split(">", 1)
    return f'{head} xmlns="http://www.w3.org/2000/svg"><style>{_MODEL_STYLE}</style>{rest}'


def figure_pdf(svg: str) -> bytes:
    """Return a figure as PDF, a page of its size."""
    return _compiled({"main": _FIGURE, "figure.svg": svg.encode()})


def _compiled(files: Mapping[str, bytes]) -> bytes:
    compiler: Any = typst.compile  # takes files by name, which its types do not tell
    made: bytes = compiler(dict(files), font_paths=[_FONTS], ignore_system_fonts=True, format="pdf")
    return made
