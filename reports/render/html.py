"""The report as one HTML page without scripts or network."""

import re
from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from emtheory.reports.render.formats import Format
from emtheory.reports.render.graph import dependency_figure
from emtheory.reports.render.prose import html_prose
from emtheory.theory.mathml import mathml

_IDENTIFIER = re.compile(r'(\bid="|href="#|url\(#)')


def render_html(document: Mapping[str, Any], figures: Mapping[str, str]) -> str:
    """Return the page.

    Parameters
    ----------
    document
        Of `emtheory.reports.catalogue.document.report_document`; every text in it is escaped.
    figures
        Name → SVG of `emtheory.reports.render.plots`, trusted.
    """
    environment = Environment(
        loader=PackageLoader("emtheory.reports.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["mathml"] = _mathml
    environment.filters["notation"] = html_prose
    inline = {name: _inline(name, svg) for name, svg in figures.items()}
    entries = document["entries"]
    chapters = [(group, list(members)) for group, members in groupby(entries, key=itemgetter("group"))]
    graph = Markup(dependency_figure(entries))  # noqa: S704
    shown = {f"{each['name']}-{each['k'] or 'general'}" for each in document["derivations"]}
    page = environment.get_template("report.html.j2")
    return page.render(document, figures=inline, chapters=chapters, graph=graph, shown=shown)


def _mathml(latex: str) -> Markup:
    """SymPy's LaTeX as MathML."""
    return Markup(mathml(latex))  # noqa: S704


def _inline(name: str, svg: str) -> Markup:
    """A figure within the page: without its XML declaration, and with ids that no other figure has."""
    return Markup(_IDENTIFIER.sub(rf"\g<1>{name}-", svg[svg.index("<svg") :]))  # noqa: S704


FORMAT = Format("index.html", render_html)
