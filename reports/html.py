"""The report as one HTML page without scripts or network."""

import re
from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from latex2mathml.converter import convert
from markupsafe import Markup

_IDENTIFIER = re.compile(r'(\bid="|href="#|url\(#)')


def render_html(document: Mapping[str, object], figures: Mapping[str, str]) -> str:
    """Return the page.

    Parameters
    ----------
    document
        Of `reports.document.report_document`; every text in it is escaped.
    figures
        Name → SVG of `reports.plots`, trusted.
    """
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["mathml"] = _mathml
    inline = {name: _inline(name, svg) for name, svg in figures.items()}
    return environment.get_template("report.html.j2").render(document, figures=inline)


def _mathml(latex: str) -> Markup:
    """SymPy's LaTeX as MathML; the text of the formula is escaped by the converter."""
    # The converter knows no \substack, which SymPy writes around the single line of an evaluation bar.
    plain = re.sub(r"\\substack\{([^{}]*)\}", r"{\1}", latex)
    return Markup(convert(plain, display="block"))  # noqa: S704


def _inline(name: str, svg: str) -> Markup:
    """A figure within the page: without its XML declaration, and with ids that no other figure has."""
    return Markup(_IDENTIFIER.sub(rf"\g<1>{name}-", svg[svg.index("<svg") :]))  # noqa: S704
